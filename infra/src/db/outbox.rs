//! The outbox: events wait here until the relay has numbered and published them.

use async_trait::async_trait;
use comptoir_domain::{
    event::{DomainEvent, Outbox, OutboxQueries, RecordedEvent},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::Expr,
};

use super::{
    DbStorage, Session,
    document::Document,
    entity::outbox,
    session::{CHUNK, storage_error},
};

/// Numbers the events that have none, in the order they were stored.
const NUMBER: &str = r#"
UPDATE "outbox" SET "position" = "next"."position"
FROM (
    SELECT "id", (SELECT COALESCE(MAX("position"), 0) FROM "outbox") + ROW_NUMBER() OVER (ORDER BY "id") AS "position"
    FROM "outbox" WHERE "position" IS NULL
) AS "next"
WHERE "outbox"."id" = "next"."id""#;

/// Only one replica numbers at a time; the key is arbitrary, and this statement's alone.
const NUMBERING_LOCK: &str = "SELECT pg_advisory_xact_lock(6327854010)";

#[async_trait]
impl Outbox for Session<DatabaseTransaction> {
    async fn append(&self, events: &[DomainEvent]) -> Result<(), StorageError> {
        for events in events.chunks(CHUNK) {
            let mut rows = Vec::with_capacity(events.len());
            for it in events {
                rows.push(outbox::ActiveModel {
                    id: NotSet,
                    position: Set(None),
                    event: Set(Document(it.clone())),
                    is_published: Set(false),
                });
            }
            let stored = outbox::Entity::insert_many(rows).exec_without_returning(&self.conn).await;
            stored.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> OutboxQueries for Session<C> {
    async fn events_after(&self, position: i64, limit: u32) -> Result<Vec<RecordedEvent>, StorageError> {
        let find = outbox::Entity::find()
            .filter(outbox::Column::Position.gt(position))
            .order_by_asc(outbox::Column::Position)
            .limit(u64::from(limit));
        self.all(find.all(&self.conn).await, from_row)
    }

    async fn last_position(&self) -> Result<i64, StorageError> {
        let find = outbox::Entity::find()
            .filter(outbox::Column::Position.is_not_null())
            .order_by_desc(outbox::Column::Position);
        let last = find.one(&self.conn).await.map_err(|it| self.failed(it))?;
        Ok(last.and_then(|it| it.position).unwrap_or(0))
    }
}

impl DbStorage {
    /// Numbers new events, and returns up to `limit` that were not published yet, in order.
    pub(crate) async fn unpublished(&self, limit: u64) -> Result<Vec<RecordedEvent>, StorageError> {
        let unpublished = || outbox::Entity::find().filter(outbox::Column::IsPublished.eq(false));
        let queries = self.queries();
        if unpublished().one(&queries.conn).await.map_err(storage_error)?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.transaction().await.map_err(storage_error)?;
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared(NUMBERING_LOCK).await.map_err(storage_error)?;
        }
        tx.execute_unprepared(NUMBER).await.map_err(storage_error)?;
        // What was committed since then waits for its number.
        let numbered = unpublished().filter(outbox::Column::Position.is_not_null());
        let rows =
            numbered.order_by_asc(outbox::Column::Position).limit(limit).all(&tx).await.map_err(storage_error)?;
        tx.commit().await.map_err(storage_error)?;
        rows.into_iter().map(from_row).collect()
    }

    /// How many events wait to be published.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn waiting_events(&self) -> Result<u64, StorageError> {
        let waiting = outbox::Entity::find().filter(outbox::Column::IsPublished.eq(false));
        waiting.count(&self.queries().conn).await.map_err(storage_error)
    }

    /// Marks the events up to `position` as published.
    pub(crate) async fn mark_published(&self, position: i64) -> Result<(), StorageError> {
        let tx = self.transaction().await.map_err(storage_error)?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::IsPublished, Expr::value(true))
            .filter(outbox::Column::IsPublished.eq(false))
            .filter(outbox::Column::Position.lte(position))
            .exec(&tx)
            .await
            .map_err(storage_error)?;
        tx.commit().await.map_err(storage_error)
    }
}

fn from_row(row: outbox::Model) -> Result<RecordedEvent, StorageError> {
    let position = row.position.ok_or_else(|| StorageError::Corrupt("an event without a position".to_owned()))?;
    Ok(RecordedEvent { position, event: row.event.0 })
}
