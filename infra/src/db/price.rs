//! Prices.

use async_trait::async_trait;
use comptoir_domain::{
    ids::{Id as _, VariantId},
    money::{Money, parse_currency},
    pricing::{Price, PriceRepository},
    storage::StorageError,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, sea_query::OnConflict};

use super::{Session, entity::price, session::CHUNK};

#[async_trait]
impl PriceRepository for Session<DatabaseTransaction> {
    async fn set(&self, prices: &[Price]) -> Result<(), StorageError> {
        let mut prices = prices.to_vec();
        prices.sort_by_key(|it| (it.variant_id, it.amount.currency().code()));
        for prices in prices.chunks(CHUNK) {
            let rows = prices.iter().map(|it| price::ActiveModel {
                variant_id: Set(it.variant_id.uuid()),
                currency: Set(it.amount.currency().code().to_owned()),
                amount: Set(it.amount.minor()),
                compare_at: Set(it.compare_at.map(Money::minor)),
            });
            let replace = OnConflict::columns([price::Column::VariantId, price::Column::Currency])
                .update_columns([price::Column::Amount, price::Column::CompareAt])
                .to_owned();
            let stored = price::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(&self.conn).await;
            stored.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }
}

pub(super) fn from_row(row: price::Model) -> Result<Price, StorageError> {
    let currency = parse_currency(&row.currency).map_err(|it| StorageError::Corrupt(it.to_string()))?;
    Ok(Price {
        variant_id: VariantId::from_uuid(row.variant_id),
        amount: Money::new(row.amount, currency),
        compare_at: row.compare_at.map(|it| Money::new(it, currency)),
    })
}
