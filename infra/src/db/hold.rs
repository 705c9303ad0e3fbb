//! Stock set aside for carts.

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    ids::{CartId, Id as _, LocationId, VariantId},
    inventory::{Allocation, HoldQueries, HoldRepository, StockHold},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait as _},
};

use super::{
    Session,
    codec::{to_i32, to_u32},
    entity::stock_hold,
};

#[async_trait]
impl HoldRepository for Session<DatabaseTransaction> {
    async fn release(&self, cart: CartId) -> Result<(), StorageError> {
        let of_cart = stock_hold::Entity::delete_many().filter(stock_hold::Column::CartId.eq(cart.uuid()));
        of_cart.exec(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn put(
        &self,
        cart: CartId,
        holder: Option<&str>,
        holds: &[Allocation],
        until: Timestamp,
    ) -> Result<(), StorageError> {
        if holds.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(holds.len());
        for it in holds {
            rows.push(stock_hold::ActiveModel {
                cart_id: Set(cart.uuid()),
                variant_id: Set(it.variant_id.uuid()),
                location_id: Set(it.location_id.uuid()),
                holder: Set(holder.map(str::to_owned)),
                quantity: Set(to_i32(it.quantity)?),
                until: Set(until),
            });
        }
        let stored = stock_hold::Entity::insert_many(rows).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn carts_held(&self, holder: &str, now: Timestamp) -> Result<u64, StorageError> {
        let carts = stock_hold::Entity::find()
            .select_only()
            .column(stock_hold::Column::CartId)
            .distinct()
            .filter(stock_hold::Column::Holder.eq(holder))
            .filter(stock_hold::Column::Until.gt(now));
        carts.count(&self.conn).await.map_err(|it| self.failed(it))
    }

    async fn units_held(&self, holder: &str, now: Timestamp) -> Result<u64, StorageError> {
        let units = stock_hold::Entity::find()
            .select_only()
            .expr(Expr::col(stock_hold::Column::Quantity).sum().cast_as("bigint"))
            .filter(stock_hold::Column::Holder.eq(holder))
            .filter(stock_hold::Column::Until.gt(now))
            .into_tuple::<Option<i64>>()
            .one(&self.conn)
            .await;
        let units = self.one(units, Ok)?.flatten().unwrap_or_default();
        u64::try_from(units)
            .map_err(|_| self.refuse(StorageError::Corrupt("stock_hold.quantity is negative".to_owned())))
    }

    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError> {
        let deleted = stock_hold::Entity::delete_many().filter(stock_hold::Column::Until.lte(moment)).exec(&self.conn);
        Ok(deleted.await.map_err(|it| self.failed(it))?.rows_affected)
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> HoldQueries for Session<C> {
    async fn holds_of(&self, carts: &[CartId], now: Timestamp) -> Result<Vec<StockHold>, StorageError> {
        let rows = stock_hold::Entity::find()
            .filter(stock_hold::Column::CartId.is_in(carts.iter().map(|it| it.uuid())))
            .filter(stock_hold::Column::Until.gt(now))
            .all(&self.conn)
            .await;
        self.all(rows, |it| {
            Ok(StockHold {
                cart_id: CartId::from_uuid(it.cart_id),
                variant_id: VariantId::from_uuid(it.variant_id),
                location_id: LocationId::from_uuid(it.location_id),
                quantity: to_u32("stock_hold.quantity", it.quantity)?,
            })
        })
    }
}
