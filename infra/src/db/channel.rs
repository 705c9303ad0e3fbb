//! Locations and delivery methods.

use async_trait::async_trait;
use comptoir_domain::{
    channel::{ChannelQueries, ChannelRepository, Coordinates, DeliveryMethod, Location, LocationDraft},
    ids::{Id as _, LocationId},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JsonValue, QueryFilter,
    QueryOrder, sea_query::OnConflict,
};

use super::{
    Session,
    codec::{from_json, from_name, to_json, to_name},
    entity::{delivery_method, location},
};

#[async_trait]
impl ChannelRepository for Session<DatabaseTransaction> {
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

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> ChannelQueries for Session<C> {
    async fn locations(&self) -> Result<Vec<Location>, StorageError> {
        let rows = location::Entity::find().order_by_asc(location::Column::Code).all(&self.conn).await;
        self.all(rows, location_from_row)
    }

    async fn locations_by_id(&self, ids: &[LocationId]) -> Result<Vec<Location>, StorageError> {
        let ids = ids.iter().map(|it| it.uuid());
        let rows = location::Entity::find().filter(location::Column::Id.is_in(ids)).all(&self.conn).await;
        self.all(rows, location_from_row)
    }

    async fn delivery_methods(&self) -> Result<Vec<DeliveryMethod>, StorageError> {
        let rows = delivery_method::Entity::find().order_by_asc(delivery_method::Column::Code).all(&self.conn).await;
        self.all(rows, method_from_row)
    }
}

fn location_from_row(row: location::Model) -> Result<Location, StorageError> {
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

fn method_from_row(row: delivery_method::Model) -> Result<DeliveryMethod, StorageError> {
    Ok(DeliveryMethod {
        code: from_json("delivery_method.code", JsonValue::String(row.code))?,
        kind: from_name("delivery_method.kind", row.kind)?,
        name: from_json("delivery_method.name", row.name)?,
        countries: from_json("delivery_method.countries", row.countries)?,
        prices: from_json("delivery_method.prices", row.prices)?,
    })
}
