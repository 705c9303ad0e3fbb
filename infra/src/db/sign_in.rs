//! Who signed in, and where.

use async_trait::async_trait;
use comptoir_domain::{
    access::{SignIn, SignInEnd, SignInQueries, SignInRepository, Subject},
    clock::Timestamp,
    ids::{CustomerId, DeviceId, Id as _, SignInId, StaffId},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, SimpleExpr},
};
use uuid::Uuid;

use super::{
    Session,
    codec::{from_name, to_i32, to_name, to_u32},
    entity::sign_in,
};

const CUSTOMER: &str = "customer";
const STAFF: &str = "staff";

#[async_trait]
impl SignInRepository for Session<DatabaseTransaction> {
    async fn find(&self, id: SignInId) -> Result<Option<SignIn>, StorageError> {
        let row = sign_in::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(&self.conn).await;
        self.one(row, from_row)
    }

    async fn insert(&self, it: &SignIn) -> Result<(), StorageError> {
        let (kind, id) = columns_of(it.subject);
        let row = sign_in::ActiveModel {
            id: Set(it.id.uuid()),
            subject_kind: Set(kind.to_owned()),
            subject_id: Set(id),
            device_id: Set(it.device_id.map(|it| it.uuid())),
            generation: Set(to_i32(it.generation)?),
            end: Set(it.end.as_ref().map(to_name).transpose()?),
            created_at: Set(it.created_at),
            expires_at: Set(it.expires_at),
        };
        let inserted = sign_in::Entity::insert(row).exec_without_returning(&self.conn).await;
        inserted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn save(&self, it: &SignIn) -> Result<(), StorageError> {
        let updated = sign_in::Entity::update_many()
            .col_expr(sign_in::Column::Generation, Expr::value(to_i32(it.generation)?))
            .col_expr(sign_in::Column::End, Expr::value(it.end.as_ref().map(to_name).transpose()?))
            .col_expr(sign_in::Column::ExpiresAt, Expr::value(it.expires_at))
            .filter(sign_in::Column::Id.eq(it.id.uuid()))
            .exec(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        if updated.rows_affected == 1 { Ok(()) } else { Err(self.refuse(StorageError::Conflict)) }
    }

    async fn end_all(
        &self,
        subject: Subject,
        except: Option<SignInId>,
        end: SignInEnd,
    ) -> Result<Vec<SignInId>, StorageError> {
        let (kind, id) = columns_of(subject);
        let of_subject = sign_in::Column::SubjectId.eq(id).and(sign_in::Column::SubjectKind.eq(kind));
        let but = except.map(|it| sign_in::Column::Id.ne(it.uuid()));
        self.end_those(but.into_iter().fold(of_subject, ExprTrait::and), end).await
    }

    async fn end_all_on(&self, device: DeviceId, end: SignInEnd) -> Result<Vec<SignInId>, StorageError> {
        self.end_those(sign_in::Column::DeviceId.eq(device.uuid()), end).await
    }

    async fn end_customers_on(&self, device: DeviceId, end: SignInEnd) -> Result<Vec<SignInId>, StorageError> {
        let of_customers = sign_in::Column::SubjectKind.eq(CUSTOMER);
        self.end_those(sign_in::Column::DeviceId.eq(device.uuid()).and(of_customers), end).await
    }

    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError> {
        let deleted = sign_in::Entity::delete_many()
            .filter(sign_in::Column::ExpiresAt.lt(moment))
            .exec(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        Ok(deleted.rows_affected)
    }
}

impl Session<DatabaseTransaction> {
    /// Ends `those` that have not ended; which they were.
    async fn end_those(&self, those: SimpleExpr, end: SignInEnd) -> Result<Vec<SignInId>, StorageError> {
        let update = sign_in::Entity::update_many()
            .col_expr(sign_in::Column::End, Expr::value(to_name(&end)?))
            .filter(those)
            .filter(sign_in::Column::End.is_null());
        let ended = update.exec_with_returning(&self.conn).await.map_err(|it| self.failed(it))?;
        Ok(ended.into_iter().map(|it| SignInId::from_uuid(it.id)).collect())
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> SignInQueries for Session<C> {
    async fn sign_in(&self, id: SignInId) -> Result<Option<SignIn>, StorageError> {
        let row = sign_in::Entity::find_by_id(id.uuid()).one(&self.conn).await;
        self.one(row, from_row)
    }
}

fn columns_of(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Customer(id) => (CUSTOMER, id.uuid()),
        Subject::Staff(id) => (STAFF, id.uuid()),
    }
}

fn from_row(row: sign_in::Model) -> Result<SignIn, StorageError> {
    let subject = match row.subject_kind.as_str() {
        CUSTOMER => Subject::Customer(CustomerId::from_uuid(row.subject_id)),
        STAFF => Subject::Staff(StaffId::from_uuid(row.subject_id)),
        other => return Err(StorageError::Corrupt(format!("sign_in.subject_kind is {other}"))),
    };
    Ok(SignIn {
        id: SignInId::from_uuid(row.id),
        subject,
        device_id: row.device_id.map(DeviceId::from_uuid),
        generation: to_u32("sign_in.generation", row.generation)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        end: row.end.map(|it| from_name("sign_in.end", it)).transpose()?,
    })
}
