//! Orders: one row each, with the order as a snapshot and what it is looked up by beside it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use comptoir_domain::{
    access::Email,
    clock::Timestamp,
    ids::{CustomerId, Id as _, OrderId, PaymentId, ProductId, VariantId},
    order::{Bought, FirstOrder, Order, OrderCursor, OrderNumber, OrderQueries, OrderRepository, OrderStatus},
    page::{Page, PageRequest},
    search::PurchaseCounts,
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JsonValue, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, LockType, Query},
};
use uuid::Uuid;

use super::{
    Session,
    codec::{from_json, to_i32, to_json, to_name},
    document::Document,
    entity::{order, order_number, order_product},
    keyset::newest_first,
    session::distinct,
    staff::key_of,
};

#[async_trait]
impl OrderRepository for Session<DatabaseTransaction> {
    async fn next_number(&self) -> Result<OrderNumber, StorageError> {
        let row = order_number::ActiveModel { serial: NotSet, taken: Set(true) };
        let inserted = order_number::Entity::insert(row).exec_with_returning(&self.conn).await;
        inserted.map(|it| OrderNumber::from_serial(it.serial)).map_err(|it| self.failed(it))
    }

    async fn find(&self, id: OrderId) -> Result<Option<Order>, StorageError> {
        let row = order::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(&self.conn).await;
        self.one(row, from_row)
    }

    async fn insert(&self, order: &Order) -> Result<(), StorageError> {
        let row = order::ActiveModel {
            id: Set(order.id.uuid()),
            number: Set(order.number.to_string()),
            version: Set(to_i32(order.version)?),
            status: Set(to_name(&order.status)?),
            payment_id: Set(order.payment.id.uuid()),
            customer_id: Set(order.customer_id.map(|it| it.uuid())),
            email_key: Set(Some(key_of(&order.email))),
            snapshot: Set(Document(order.clone())),
            placed_at: Set(order.placed_at),
        };
        let inserted = order::Entity::insert(row).exec_without_returning(&self.conn).await;
        inserted.map_err(|it| self.failed(it))?;
        self.count_products(order).await
    }

    async fn save(&self, order: &Order) -> Result<(), StorageError> {
        let version = to_i32(order.version)?;
        let updated = order::Entity::update_many()
            .col_expr(order::Column::Version, Expr::value(version))
            .col_expr(order::Column::Status, Expr::value(to_name(&order.status)?))
            .col_expr(order::Column::Snapshot, Expr::value(to_json(order)?))
            .filter(order::Column::Id.eq(order.id.uuid()))
            .filter(order::Column::Version.eq(version - 1))
            .exec(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        if updated.rows_affected != 1 {
            return Err(self.refuse(StorageError::Conflict));
        }
        if order.status == OrderStatus::Cancelled { self.uncount_products(order).await } else { Ok(()) }
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> OrderQueries for Session<C> {
    async fn orders_by_id(&self, ids: &[OrderId]) -> Result<Vec<Order>, StorageError> {
        let ids = ids.iter().map(|it| it.uuid());
        let rows = order::Entity::find().filter(order::Column::Id.is_in(ids)).all(&self.conn).await;
        self.all(rows, from_row)
    }

    async fn order_by_number(&self, number: &OrderNumber) -> Result<Option<Order>, StorageError> {
        let row = order::Entity::find().filter(order::Column::Number.eq(number.as_str())).one(&self.conn).await;
        self.one(row, from_row)
    }

    async fn order_of_payment(&self, payment: PaymentId) -> Result<Option<OrderId>, StorageError> {
        let row = order::Entity::find().filter(order::Column::PaymentId.eq(payment.uuid())).one(&self.conn).await;
        Ok(row.map_err(|it| self.failed(it))?.map(|it| OrderId::from_uuid(it.id)))
    }

    async fn orders(
        &self,
        of: Option<CustomerId>,
        page: &PageRequest<OrderCursor>,
    ) -> Result<Page<Order>, StorageError> {
        let columns = [order::Column::PlacedAt, order::Column::Id];
        let list = order::Entity::find();
        let list = match of {
            Some(customer) => list.filter(order::Column::CustomerId.eq(customer.uuid())),
            None => list,
        };
        let find = newest_first(list, columns, page, |it| (it.placed_at, it.id.uuid()));
        let orders = self.all(find.all(&self.conn).await, from_row)?;
        Ok(Page::from_rows(orders, page))
    }

    async fn bought_by(&self, customers: &[CustomerId], products: &[ProductId]) -> Result<Vec<Bought>, StorageError> {
        let with_products = Query::select()
            .column(order_product::Column::OrderId)
            .from(order_product::Entity)
            .and_where(order_product::Column::ProductId.is_in(distinct(products)))
            .to_owned();
        let rows = order::Entity::find()
            .filter(order::Column::CustomerId.is_in(distinct(customers)))
            .filter(order::Column::Status.ne(to_name(&OrderStatus::Cancelled)?))
            .filter(order::Column::Id.in_subquery(with_products))
            .all(&self.conn)
            .await;
        let mut bought: BTreeMap<(CustomerId, VariantId), u32> = BTreeMap::new();
        for it in self.all(rows, from_row)? {
            let Some(customer) = it.customer_id else { continue };
            for line in it.lines {
                let quantity = bought.entry((customer, line.variant_id)).or_default();
                *quantity = quantity.saturating_add(line.quantity);
            }
        }
        let each = |((customer_id, variant_id), quantity)| Bought { customer_id, variant_id, quantity };
        Ok(bought.into_iter().map(each).collect())
    }

    async fn first_orders(&self, customers: &[CustomerId], emails: &[Email]) -> Result<Vec<FirstOrder>, StorageError> {
        if customers.is_empty() && emails.is_empty() {
            return Ok(Vec::new());
        }
        let theirs = Condition::any()
            .add(order::Column::CustomerId.is_in(distinct(customers)))
            .add(order::Column::EmailKey.is_in(emails.iter().map(key_of)));
        let rows = order::Entity::find()
            .select_only()
            .columns([order::Column::CustomerId, order::Column::EmailKey])
            .expr_as(order::Column::PlacedAt.min(), "placed_at")
            .filter(theirs)
            .filter(order::Column::Status.ne(to_name(&OrderStatus::Cancelled)?))
            .group_by(order::Column::CustomerId)
            .group_by(order::Column::EmailKey)
            .into_model::<FirstPlaced>()
            .all(&self.conn)
            .await;
        self.all(rows, |it| {
            Ok(FirstOrder {
                customer_id: it.customer_id.map(CustomerId::from_uuid),
                email: from_json("order.email_key", JsonValue::String(it.email_key))?,
                placed_at: it.placed_at,
            })
        })
    }

    async fn purchase_counts(&self, product: ProductId, since: Timestamp) -> Result<PurchaseCounts, StorageError> {
        self.count_purchases(product, since).await
    }

    async fn pending_since(&self, moment: Timestamp, limit: u32) -> Result<Vec<Order>, StorageError> {
        let find = order::Entity::find()
            .filter(order::Column::Status.eq(to_name(&OrderStatus::Pending)?))
            .filter(order::Column::PlacedAt.lt(moment))
            .order_by_asc(order::Column::PlacedAt)
            .limit(u64::from(limit));
        self.all(find.all(&self.conn).await, from_row)
    }
}

/// When a customer, or an e-mail address, ordered first.
#[derive(FromQueryResult)]
struct FirstPlaced {
    customer_id: Option<Uuid>,
    email_key: String,
    placed_at: Timestamp,
}

fn from_row(row: order::Model) -> Result<Order, StorageError> {
    Ok(row.snapshot.0)
}
