//! Kiosks and points of sale.

use async_trait::async_trait;
use comptoir_domain::{
    access::{Device, DeviceCursor, DeviceQueries, DeviceRepository, SecretHash},
    clock::Timestamp,
    ids::{DeviceId, Id as _},
    page::{Page, PageRequest},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};

use super::{Session, codec::from_name, entity::device, keyset::newest_first};

#[async_trait]
impl DeviceRepository for Session<DatabaseTransaction> {
    async fn insert(&self, it: &Device, code: &SecretHash) -> Result<(), StorageError> {
        let row = device::ActiveModel {
            id: Set(it.id.uuid()),
            name: Set(it.name.clone()),
            channel: Set(it.channel.to_string()),
            code_hash: Set(Some(code.0.clone())),
            code_expires_at: Set(it.code_expires_at),
            token_hash: Set(None),
            created_at: Set(it.created_at),
            enrolled_at: Set(it.enrolled_at),
            last_seen_at: Set(it.last_seen_at),
            revoked_at: Set(it.revoked_at),
            session_ended_at: Set(it.session_ended_at),
        };
        let inserted = device::Entity::insert(row).exec_without_returning(&self.conn).await;
        inserted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn enrol(
        &self,
        code: &SecretHash,
        token: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Device>, StorageError> {
        let update = device::Entity::update_many()
            .col_expr(device::Column::CodeHash, Expr::value(None::<String>))
            .col_expr(device::Column::TokenHash, Expr::value(token.0.as_str()))
            .col_expr(device::Column::EnrolledAt, Expr::value(now))
            .col_expr(device::Column::LastSeenAt, Expr::value(now))
            .filter(device::Column::CodeHash.eq(code.0.as_str()))
            .filter(device::Column::CodeExpiresAt.gt(now));
        Ok(self.all(update.exec_with_returning(&self.conn).await, from_row)?.pop())
    }

    async fn revoke(&self, id: DeviceId, now: Timestamp) -> Result<Option<(Device, bool)>, StorageError> {
        let update = device::Entity::update_many()
            .col_expr(device::Column::CodeHash, Expr::value(None::<String>))
            .col_expr(device::Column::TokenHash, Expr::value(None::<String>))
            .col_expr(device::Column::RevokedAt, Expr::value(now))
            .filter(device::Column::Id.eq(id.uuid()))
            .filter(device::Column::RevokedAt.is_null());
        if let Some(revoked) = self.all(update.exec_with_returning(&self.conn).await, from_row)?.pop() {
            return Ok(Some((revoked, true)));
        }
        Ok(self.device(id).await?.map(|it| (it, false)))
    }

    async fn lock(&self, id: DeviceId) -> Result<Option<Device>, StorageError> {
        let find = device::Entity::find_by_id(id.uuid()).lock(LockType::Update);
        self.one(find.one(&self.conn).await, from_row)
    }

    async fn end_session(&self, id: DeviceId, now: Timestamp) -> Result<(), StorageError> {
        let update = device::Entity::update_many()
            .col_expr(device::Column::SessionEndedAt, Expr::value(now))
            .filter(device::Column::Id.eq(id.uuid()));
        update.exec(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn seen(&self, id: DeviceId, now: Timestamp) -> Result<(), StorageError> {
        let update = device::Entity::update_many()
            .col_expr(device::Column::LastSeenAt, Expr::value(now))
            .filter(device::Column::Id.eq(id.uuid()));
        update.exec(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError> {
        let deleted = device::Entity::delete_many()
            .filter(device::Column::CodeExpiresAt.lt(moment))
            .filter(device::Column::EnrolledAt.is_null())
            .exec(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        Ok(deleted.rows_affected)
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> DeviceQueries for Session<C> {
    async fn device(&self, id: DeviceId) -> Result<Option<Device>, StorageError> {
        self.one(device::Entity::find_by_id(id.uuid()).one(&self.conn).await, from_row)
    }

    async fn device_by_token(&self, token: &SecretHash) -> Result<Option<Device>, StorageError> {
        let find = device::Entity::find().filter(device::Column::TokenHash.eq(token.0.as_str()));
        self.one(find.one(&self.conn).await, from_row)
    }

    async fn devices(&self, page: &PageRequest<DeviceCursor>) -> Result<Page<Device>, StorageError> {
        let columns = [device::Column::CreatedAt, device::Column::Id];
        let find = newest_first(device::Entity::find(), columns, page, |it| (it.created_at, it.id.uuid()));
        let rows = find.all(&self.conn).await;
        Ok(Page::from_rows(self.all(rows, from_row)?, page))
    }
}

fn from_row(row: device::Model) -> Result<Device, StorageError> {
    Ok(Device {
        id: DeviceId::from_uuid(row.id),
        name: row.name,
        channel: from_name("device.channel", row.channel)?,
        created_at: row.created_at,
        code_expires_at: row.code_expires_at,
        enrolled_at: row.enrolled_at,
        last_seen_at: row.last_seen_at,
        revoked_at: row.revoked_at,
        session_ended_at: row.session_ended_at,
    })
}
