//! Carts that wait to be taken elsewhere.

use async_trait::async_trait;
use comptoir_domain::{
    access::SecretHash,
    cart::{CartHandoff, HandoffRepository},
    clock::Timestamp,
    ids::{CartId, DeviceId, Id as _},
    storage::StorageError,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::{
    Session,
    codec::{from_name, to_name},
    entity::cart_handoff,
};

#[async_trait]
impl HandoffRepository for Session<DatabaseTransaction> {
    async fn put(&self, handoff: &CartHandoff, code: &SecretHash) -> Result<(), StorageError> {
        self.void(&[handoff.cart_id]).await?;
        let row = cart_handoff::ActiveModel {
            code_hash: Set(code.0.clone()),
            cart_id: Set(handoff.cart_id.uuid()),
            mode: Set(to_name(&handoff.mode)?),
            expires_at: Set(handoff.expires_at),
            device_id: Set(handoff.device_id.map(|it| it.uuid())),
        };
        let inserted = cart_handoff::Entity::insert(row).exec_without_returning(&self.conn).await;
        inserted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn cart_of(&self, code: &SecretHash) -> Result<Option<CartId>, StorageError> {
        let row = cart_handoff::Entity::find_by_id(code.0.as_str()).one(&self.conn).await;
        self.one(row, |it| Ok(CartId::from_uuid(it.cart_id)))
    }

    async fn take(&self, code: &SecretHash, now: Timestamp) -> Result<Option<CartHandoff>, StorageError> {
        let taken = cart_handoff::Entity::delete_many()
            .filter(cart_handoff::Column::CodeHash.eq(code.0.as_str()))
            .filter(cart_handoff::Column::ExpiresAt.gt(now))
            .exec_with_returning(&self.conn)
            .await;
        Ok(self.all(taken, from_row)?.pop())
    }

    async fn void(&self, carts: &[CartId]) -> Result<(), StorageError> {
        let of_carts = cart_handoff::Column::CartId.is_in(carts.iter().map(|it| it.uuid()));
        let voided = cart_handoff::Entity::delete_many().filter(of_carts).exec(&self.conn).await;
        voided.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn void_on(&self, device: DeviceId) -> Result<(), StorageError> {
        let on_device = cart_handoff::Column::DeviceId.eq(device.uuid());
        let voided = cart_handoff::Entity::delete_many().filter(on_device).exec(&self.conn).await;
        voided.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError> {
        let deleted =
            cart_handoff::Entity::delete_many().filter(cart_handoff::Column::ExpiresAt.lte(moment)).exec(&self.conn);
        Ok(deleted.await.map_err(|it| self.failed(it))?.rows_affected)
    }
}

fn from_row(row: cart_handoff::Model) -> Result<CartHandoff, StorageError> {
    Ok(CartHandoff {
        cart_id: CartId::from_uuid(row.cart_id),
        mode: from_name("cart_handoff.mode", row.mode)?,
        expires_at: row.expires_at,
        device_id: row.device_id.map(DeviceId::from_uuid),
    })
}
