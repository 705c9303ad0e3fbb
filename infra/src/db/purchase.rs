//! Which products are in which orders, to be counted.

use std::collections::{BTreeMap, BTreeSet};

use comptoir_domain::{
    clock::Timestamp,
    ids::{Id as _, ProductId},
    order::{Order, OrderStatus},
    search::{Companion, PurchaseCounts},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    Session,
    codec::to_name,
    entity::{order, order_product},
};

/// How many of a product's orders, the newest, are looked through for what else is in them.
const SAMPLE: u64 = 5_000;
/// How many companions are counted, the most frequent.
const COMPANIONS: u64 = 100;

impl Session<DatabaseTransaction> {
    /// Has the products of a new order counted.
    pub(super) async fn count_products(&self, order: &Order) -> Result<(), StorageError> {
        let products: BTreeSet<Uuid> = order.lines.iter().map(|it| it.product_id.uuid()).collect();
        if products.is_empty() || order.status == OrderStatus::Cancelled {
            return Ok(());
        }
        let row = |product_id| order_product::ActiveModel {
            order_id: Set(order.id.uuid()),
            product_id: Set(product_id),
            placed_at: Set(order.placed_at),
        };
        let rows = order_product::Entity::insert_many(products.into_iter().map(row));
        rows.exec_without_returning(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    /// Has them counted no longer.
    pub(super) async fn uncount_products(&self, order: &Order) -> Result<(), StorageError> {
        let rows = order_product::Entity::delete_many().filter(order_product::Column::OrderId.eq(order.id.uuid()));
        rows.exec(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }
}

/// A product, and in how many orders it is.
#[derive(FromQueryResult)]
struct Count {
    product_id: Uuid,
    orders: i64,
}

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    pub(super) async fn count_purchases(
        &self,
        product: ProductId,
        since: Timestamp,
    ) -> Result<PurchaseCounts, StorageError> {
        let companions = order_product::Entity::find()
            .select_only()
            .column(order_product::Column::ProductId)
            .expr_as(orders(), "orders")
            .filter(order_product::Column::OrderId.in_subquery(newest_with(product, since)))
            .group_by(order_product::Column::ProductId)
            .having(orders().gte(Expr::value(number(PurchaseCounts::SUPPORT_MIN))))
            .order_by_desc(orders())
            .order_by_asc(order_product::Column::ProductId)
            // The product itself is in all of its orders, so it comes first.
            .limit(COMPANIONS + 1)
            .into_model::<Count>()
            .all(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        let ids: Vec<Uuid> = companions.iter().map(|it| it.product_id).collect();
        if ids.len() < 2 {
            return Ok(PurchaseCounts::default());
        }
        let everywhere = order_product::Entity::find()
            .select_only()
            .column(order_product::Column::ProductId)
            .expr_as(orders(), "orders")
            .filter(order_product::Column::ProductId.is_in(ids))
            .filter(order_product::Column::PlacedAt.gte(since))
            .group_by(order_product::Column::ProductId)
            .into_model::<Count>()
            .all(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        let everywhere: BTreeMap<Uuid, u64> = everywhere.iter().map(|it| (it.product_id, count(it.orders))).collect();
        let all = order::Entity::find()
            .filter(order::Column::PlacedAt.gte(since))
            .filter(order::Column::Status.ne(to_name(&OrderStatus::Cancelled)?));
        let of = |id: Uuid| everywhere.get(&id).copied().unwrap_or_default();
        let (own, others): (Vec<&Count>, Vec<&Count>) =
            companions.iter().partition(|it| it.product_id == product.uuid());
        Ok(PurchaseCounts {
            orders: all.count(&self.conn).await.map_err(|it| self.failed(it))?,
            with_product: of(product.uuid()),
            sampled: own.first().map_or(0, |it| count(it.orders)),
            companions: others
                .into_iter()
                .map(|it| Companion {
                    product: ProductId::from_uuid(it.product_id),
                    together: count(it.orders),
                    orders: of(it.product_id),
                })
                .collect(),
        })
    }
}

/// The newest orders with `product`.
fn newest_with(product: ProductId, since: Timestamp) -> SelectStatement {
    let newest = Query::select()
        .column(order_product::Column::OrderId)
        .from(order_product::Entity)
        .and_where(order_product::Column::ProductId.eq(product.uuid()))
        .and_where(order_product::Column::PlacedAt.gte(since))
        .order_by(order_product::Column::PlacedAt, sea_orm::Order::Desc)
        .limit(SAMPLE)
        .to_owned();
    // A subquery of its own, for the sake of databases that take no limit inside of IN.
    Query::select().column(order_product::Column::OrderId).from_subquery(newest, Alias::new("newest")).to_owned()
}

fn orders() -> Expr {
    Func::count(order_product::Column::OrderId.into_expr()).into()
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
