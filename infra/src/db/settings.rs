//! Settings: all of them at once, and their version.

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    customer::CustomerQueries as _,
    promotion::PromotionQueries as _,
    settings::{SettingsQueries, SettingsRepository, StoredSettings},
    storage::StorageError,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait as _},
};

use super::{
    Session,
    channel::{channel_from_row, location_from_row, market_from_row, method_from_row},
    entity::{channel, delivery_method, location, market, price_list, promotion, search_rule, settings},
    merchandising::rule_from_row,
    price_list::list_from_row,
    promotion::{open_promotions, promotion_from_row},
};

/// The only row.
const ID: i32 = 1;

#[async_trait]
impl SettingsRepository for Session<DatabaseTransaction> {
    async fn changed(&self) -> Result<i64, StorageError> {
        let next = Expr::col(settings::Column::Version).add(1);
        let update = settings::Entity::update_many().col_expr(settings::Column::Version, next);
        let updated = update.filter(settings::Column::Id.eq(ID)).exec(&self.conn).await;
        match updated.map_err(|it| self.failed(it))?.rows_affected {
            1 => self.settings_version().await,
            _ => Err(self.refuse(StorageError::Corrupt("the version of the settings is missing".to_owned()))),
        }
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> SettingsQueries for Session<C> {
    async fn settings_version(&self) -> Result<i64, StorageError> {
        let row = settings::Entity::find_by_id(ID).one(&self.conn).await.map_err(|it| self.failed(it))?;
        row.map(|it| it.version)
            .ok_or_else(|| StorageError::Corrupt("the version of the settings is missing".to_owned()))
    }

    async fn stored_settings(&self, moment: Timestamp) -> Result<StoredSettings, StorageError> {
        let version = self.settings_version().await?;
        let channels = channel::Entity::find().order_by_asc(channel::Column::Code).all(&self.conn).await;
        let markets = market::Entity::find().order_by_asc(market::Column::Code).all(&self.conn).await;
        let locations = location::Entity::find().order_by_asc(location::Column::Code).all(&self.conn).await;
        let methods = delivery_method::Entity::find().order_by_asc(delivery_method::Column::Code).all(&self.conn).await;
        let rules = search_rule::Entity::find().order_by_asc(search_rule::Column::Code).all(&self.conn).await;
        let promotions = open_promotions(moment).order_by_asc(promotion::Column::Id).all(&self.conn).await;
        let lists = price_list::Entity::find().order_by_asc(price_list::Column::Id).all(&self.conn).await;
        Ok(StoredSettings {
            version,
            channels: self.all(channels, channel_from_row)?,
            markets: self.all(markets, market_from_row)?,
            locations: self.all(locations, location_from_row)?,
            delivery_methods: self.all(methods, method_from_row)?,
            search_rules: self.all(rules, rule_from_row)?,
            promotions: self.all(promotions, promotion_from_row)?,
            price_lists: self.all(lists, list_from_row)?.into_iter().map(|it| it.list).collect(),
            tax_rates: self.tax_rates().await?,
            customer_groups: self.customer_groups().await?,
            promotion_groups: self.promotion_groups().await?,
        })
    }
}
