//! Carts: one row each, with the cart as a snapshot.

use async_trait::async_trait;
use comptoir_domain::{
    cart::{Cart, CartQueries, CartRepository},
    ids::{CartId, DeviceId, Id as _},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType},
};

use super::{
    Session,
    codec::{to_i32, to_json},
    document::Document,
    entity::cart,
};

#[async_trait]
impl CartRepository for Session<DatabaseTransaction> {
    async fn find(&self, id: CartId) -> Result<Option<Cart>, StorageError> {
        let row = cart::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(&self.conn).await;
        self.one(row, |it| Ok(it.snapshot.0))
    }

    async fn insert(&self, cart: &Cart) -> Result<(), StorageError> {
        let row = cart::ActiveModel {
            id: Set(cart.id.uuid()),
            version: Set(to_i32(cart.version)?),
            device_id: Set(cart.device_id.map(|it| it.uuid())),
            snapshot: Set(Document(cart.clone())),
            updated_at: Set(cart.updated_at),
        };
        let inserted = cart::Entity::insert(row).exec_without_returning(&self.conn).await;
        inserted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn save(&self, cart: &Cart) -> Result<(), StorageError> {
        let version = to_i32(cart.version)?;
        let updated = cart::Entity::update_many()
            .col_expr(cart::Column::Version, Expr::value(version))
            .col_expr(cart::Column::DeviceId, Expr::value(cart.device_id.map(|it| it.uuid())))
            .col_expr(cart::Column::Snapshot, Expr::value(to_json(cart)?))
            .col_expr(cart::Column::UpdatedAt, Expr::value(cart.updated_at))
            .filter(cart::Column::Id.eq(cart.id.uuid()))
            .filter(cart::Column::Version.eq(version - 1))
            .exec(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        if updated.rows_affected == 1 { Ok(()) } else { Err(self.refuse(StorageError::Conflict)) }
    }

    async fn carts_of_device(&self, id: DeviceId, limit: u32) -> Result<Vec<Cart>, StorageError> {
        let rows = cart::Entity::find()
            .filter(cart::Column::DeviceId.eq(id.uuid()))
            .order_by_asc(cart::Column::Id)
            .limit(u64::from(limit))
            .lock(LockType::Update)
            .all(&self.conn)
            .await;
        self.all(rows, |it| Ok(it.snapshot.0))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CartQueries for Session<C> {
    async fn carts_by_id(&self, ids: &[CartId]) -> Result<Vec<Cart>, StorageError> {
        let ids = ids.iter().map(|it| it.uuid());
        let rows = cart::Entity::find().filter(cart::Column::Id.is_in(ids)).all(&self.conn).await;
        self.all(rows, |it| Ok(it.snapshot.0))
    }
}
