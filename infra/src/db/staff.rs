//! Staff.

use async_trait::async_trait;
use comptoir_domain::{
    access::{Email, PasswordHash, Staff, StaffQueries, StaffRepository},
    ids::{Id as _, StaffId},
    promotion::ManualLimit,
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JsonValue, QueryFilter,
    TryInsertResult,
};

use super::{
    Session,
    codec::{from_json, to_json},
    entity::staff,
};

#[async_trait]
impl StaffRepository for Session<DatabaseTransaction> {
    async fn insert(&self, staff: &Staff) -> Result<bool, StorageError> {
        let row = staff::ActiveModel {
            id: Set(staff.id.uuid()),
            email: Set(key_of(&staff.email)),
            password_hash: Set(staff.password_hash.expose().to_owned()),
            permissions: Set(to_json(&staff.permissions)?),
            discount_limit: Set(staff.discount_limit.as_ref().map(to_json).transpose()?),
            created_at: Set(staff.created_at),
        };
        let inserted = staff::Entity::insert(row)
            .on_conflict_do_nothing_on([staff::Column::Email])
            .exec_without_returning(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        Ok(matches!(inserted, TryInsertResult::Inserted(rows) if 0 < rows))
    }

    async fn set_discount_limit(&self, id: StaffId, limit: Option<&ManualLimit>) -> Result<bool, StorageError> {
        let row = staff::ActiveModel {
            discount_limit: Set(limit.map(to_json).transpose()?),
            ..staff::ActiveModel::default()
        };
        let update = staff::Entity::update_many().set(row).filter(staff::Column::Id.eq(id.uuid()));
        let updated = update.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        Ok(0 < updated.rows_affected)
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> StaffQueries for Session<C> {
    async fn staff(&self, id: StaffId) -> Result<Option<Staff>, StorageError> {
        let row = staff::Entity::find_by_id(id.uuid()).one(&self.conn).await;
        self.one(row, from_row)
    }

    async fn staff_by_email(&self, email: &Email) -> Result<Option<Staff>, StorageError> {
        let row = staff::Entity::find().filter(staff::Column::Email.eq(key_of(email))).one(&self.conn).await;
        self.one(row, from_row)
    }
}

/// Addresses that differ in case alone are one person's.
pub(super) fn key_of(email: &Email) -> String {
    email.as_str().to_lowercase()
}

fn from_row(row: staff::Model) -> Result<Staff, StorageError> {
    Ok(Staff {
        id: StaffId::from_uuid(row.id),
        email: from_json("staff.email", JsonValue::String(row.email))?,
        password_hash: PasswordHash::new(row.password_hash),
        permissions: from_json("staff.permissions", row.permissions)?,
        discount_limit: row.discount_limit.map(|it| from_json("staff.discount_limit", it)).transpose()?,
        created_at: row.created_at,
    })
}
