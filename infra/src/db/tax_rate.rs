//! Tax rates.

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    pricing::{TaxRateRepository, tax::TaxRate},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryOrder,
    sea_query::OnConflict,
};

use super::{Session, document::Document, entity::tax_rate, session::CHUNK};

#[async_trait]
impl TaxRateRepository for Session<DatabaseTransaction> {
    async fn save_tax_rates(&self, rates: &[TaxRate], now: Timestamp) -> Result<(), StorageError> {
        for rates in rates.chunks(CHUNK) {
            let rows = rates.iter().map(|it| tax_rate::ActiveModel {
                key: Set(key_of(it)),
                value: Set(Document(it.clone())),
                imported_at: Set(now),
            });
            let replace = OnConflict::column(tax_rate::Column::Key)
                .update_columns([tax_rate::Column::Value, tax_rate::Column::ImportedAt])
                .to_owned();
            let stored =
                tax_rate::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(&self.conn).await;
            stored.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }

    async fn tax_rate_count(&self) -> Result<u64, StorageError> {
        tax_rate::Entity::find().count(&self.conn).await.map_err(|it| self.failed(it))
    }
}

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    /// All of them, by zone, category and first day.
    pub(super) async fn tax_rates(&self) -> Result<Vec<TaxRate>, StorageError> {
        let find = tax_rate::Entity::find().order_by_asc(tax_rate::Column::Key);
        self.all(find.all(&self.conn).await, |it| Ok(it.value.0))
    }
}

fn key_of(it: &TaxRate) -> String {
    let region = it.zone.region.as_deref().unwrap_or_default();
    let from = it.from.map(|it| it.to_string()).unwrap_or_default();
    format!("{}|{}|{from}|{region}", it.zone.country, it.category)
}
