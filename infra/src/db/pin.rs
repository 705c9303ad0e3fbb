//! PINs of staff.

use async_trait::async_trait;
use comptoir_domain::{
    access::{PasswordHash, PinRepository, StaffPin},
    ids::{Id as _, StaffId},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    DatabaseTransaction, EntityTrait, QuerySelect,
    sea_query::{LockType, OnConflict},
};

use super::{
    Session,
    codec::{to_i32, to_u32},
    entity::staff_pin,
};

#[async_trait]
impl PinRepository for Session<DatabaseTransaction> {
    async fn find(&self, id: StaffId) -> Result<Option<StaffPin>, StorageError> {
        let row = staff_pin::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(&self.conn).await;
        self.one(row, |it| {
            Ok(StaffPin {
                staff_id: StaffId::from_uuid(it.staff_id),
                hash: PasswordHash::new(it.hash),
                failures: to_u32("staff_pin.failures", it.failures)?,
                locked_until: it.locked_until,
                set_at: it.set_at,
            })
        })
    }

    async fn save(&self, pin: &StaffPin) -> Result<(), StorageError> {
        let row = staff_pin::ActiveModel {
            staff_id: Set(pin.staff_id.uuid()),
            hash: Set(pin.hash.expose().to_owned()),
            failures: Set(to_i32(pin.failures)?),
            locked_until: Set(pin.locked_until),
            set_at: Set(pin.set_at),
        };
        let replace = OnConflict::column(staff_pin::Column::StaffId)
            .update_columns([
                staff_pin::Column::Hash,
                staff_pin::Column::Failures,
                staff_pin::Column::LockedUntil,
                staff_pin::Column::SetAt,
            ])
            .to_owned();
        let stored = staff_pin::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }
}
