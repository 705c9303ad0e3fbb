//! Commands that ran already.

use async_trait::async_trait;
use comptoir_domain::{
    idempotency::{IdempotencyKey, IdempotencyRepository, IdempotentCommand},
    storage::StorageError,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, TryInsertResult};

use super::{Session, entity::idempotent_command};

#[async_trait]
impl IdempotencyRepository for Session<DatabaseTransaction> {
    async fn claim(&self, command: &IdempotentCommand) -> Result<Option<IdempotentCommand>, StorageError> {
        let row = idempotent_command::ActiveModel {
            key: Set(command.key.0),
            fingerprint: Set(command.fingerprint.clone()),
            result: Set(command.result.clone()),
            created_at: Set(command.created_at),
        };
        let inserted = idempotent_command::Entity::insert(row)
            .on_conflict_do_nothing_on([idempotent_command::Column::Key])
            .exec_without_returning(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        if matches!(inserted, TryInsertResult::Inserted(rows) if 0 < rows) {
            return Ok(None);
        }
        let earlier = idempotent_command::Entity::find_by_id(command.key.0).one(&self.conn).await;
        Ok(earlier.map_err(|it| self.failed(it))?.map(|row| IdempotentCommand {
            key: IdempotencyKey(row.key),
            fingerprint: row.fingerprint,
            result: row.result,
            created_at: row.created_at,
        }))
    }
}
