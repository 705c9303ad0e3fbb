//! Channels, markets, locations and delivery methods.

use async_trait::async_trait;
use comptoir_domain::{
    channel::{Channel, ChannelRepository, Coordinates, DeliveryMethod, Location, LocationDraft, Market},
    ids::{Id as _, LocationId},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, JsonValue, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{
    Session,
    codec::{from_json, from_name, to_json, to_name},
    entity::{channel, delivery_method, location, market},
};

#[async_trait]
impl ChannelRepository for Session<DatabaseTransaction> {
    async fn save_channel(&self, it: &Channel) -> Result<(), StorageError> {
        if it.is_default {
            let others = channel::Entity::update_many()
                .col_expr(channel::Column::IsDefault, Expr::value(false))
                .filter(channel::Column::Code.ne(it.code.as_str()));
            others.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        let row = channel::ActiveModel {
            code: Set(it.code.to_string()),
            is_default: Set(it.is_default),
            snapshot: Set(to_json(it)?),
        };
        let replace = OnConflict::column(channel::Column::Code)
            .update_columns([channel::Column::IsDefault, channel::Column::Snapshot])
            .to_owned();
        let stored = channel::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn save_market(&self, it: &Market) -> Result<(), StorageError> {
        if it.is_default {
            let others = market::Entity::update_many()
                .col_expr(market::Column::IsDefault, Expr::value(false))
                .filter(market::Column::Code.ne(it.code.as_str()));
            others.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        let row = market::ActiveModel {
            code: Set(it.code.to_string()),
            is_default: Set(it.is_default),
            snapshot: Set(to_json(it)?),
        };
        let replace = OnConflict::column(market::Column::Code)
            .update_columns([market::Column::IsDefault, market::Column::Snapshot])
            .to_owned();
        let stored = market::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn save_location(&self, location: &Location) -> Result<Location, StorageError> {
        let LocationDraft { code, kind, name, address, coordinates } = &location.draft;
        let (latitude, longitude) = coordinates.map(Coordinates::units).unzip();
        let row = location::ActiveModel {
            id: Set(location.id.uuid()),
            code: Set(code.to_string()),
            kind: Set(to_name(kind)?),
            name: Set(name.clone()),
            address: Set(address.as_ref().map(to_json).transpose()?),
            latitude: Set(latitude),
            longitude: Set(longitude),
        };
        let replace = OnConflict::column(location::Column::Code)
            .update_columns([
                location::Column::Kind,
                location::Column::Name,
                location::Column::Address,
                location::Column::Latitude,
                location::Column::Longitude,
            ])
            .to_owned();
        let stored = location::Entity::insert(row).on_conflict(replace).exec_with_returning(&self.conn).await;
        location_from_row(stored.map_err(|it| self.failed(it))?).map_err(|it| self.refuse(it))
    }

    async fn save_delivery_method(&self, method: &DeliveryMethod) -> Result<(), StorageError> {
        let row = delivery_method::ActiveModel {
            code: Set(method.code.to_string()),
            kind: Set(to_name(&method.kind)?),
            name: Set(to_json(&method.name)?),
            countries: Set(to_json(&method.countries)?),
            prices: Set(to_json(&method.prices)?),
        };
        let replace = OnConflict::column(delivery_method::Column::Code)
            .update_columns([
                delivery_method::Column::Kind,
                delivery_method::Column::Name,
                delivery_method::Column::Countries,
                delivery_method::Column::Prices,
            ])
            .to_owned();
        let stored = delivery_method::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }
}

/// The row tells whether it is the default one: another may have become that since.
pub(super) fn channel_from_row(row: channel::Model) -> Result<Channel, StorageError> {
    Ok(Channel { is_default: row.is_default, ..from_json("channel", row.snapshot)? })
}

/// The row tells whether it is the default one: another may have become that since.
pub(super) fn market_from_row(row: market::Model) -> Result<Market, StorageError> {
    Ok(Market { is_default: row.is_default, ..from_json("market", row.snapshot)? })
}

pub(super) fn location_from_row(row: location::Model) -> Result<Location, StorageError> {
    Ok(Location {
        id: LocationId::from_uuid(row.id),
        draft: LocationDraft {
            code: from_json("location.code", JsonValue::String(row.code))?,
            kind: from_name("location.kind", row.kind)?,
            name: row.name,
            address: row.address.map(|it| from_json("location.address", it)).transpose()?,
            coordinates: row.latitude.zip(row.longitude).and_then(|it| Coordinates::from_units(it.0, it.1)),
        },
    })
}

pub(super) fn method_from_row(row: delivery_method::Model) -> Result<DeliveryMethod, StorageError> {
    Ok(DeliveryMethod {
        code: from_json("delivery_method.code", JsonValue::String(row.code))?,
        kind: from_name("delivery_method.kind", row.kind)?,
        name: from_json("delivery_method.name", row.name)?,
        countries: from_json("delivery_method.countries", row.countries)?,
        prices: from_json("delivery_method.prices", row.prices)?,
    })
}
