//! Price lists.

use comptoir_domain::{
    clock::{Timestamp, Window},
    ids::{Id as _, PriceListId},
    page::{Page, PageRequest},
    pricing::{PriceList, PriceListCursor, StoredPriceList, Version},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, Query, SelectStatement},
};

use super::{
    Session,
    codec::{to_i32, to_u32},
    document::Document,
    entity::{price_list, price_list_history},
    keyset::newest_first,
};

impl Session<DatabaseTransaction> {
    pub(super) async fn insert_price_list(&self, it: &StoredPriceList) -> Result<(), StorageError> {
        let inserted = price_list::Entity::insert(to_row(it)?).exec_without_returning(&self.conn).await;
        inserted.map(|_| ()).map_err(|it| self.failed(it))
    }

    pub(super) async fn update_price_list(&self, it: &StoredPriceList) -> Result<(), StorageError> {
        self.keep_price_list(it.list.id, it.updated_at).await?;
        let row = to_row(it)?;
        let before = to_i32(it.version)? - 1;
        let update =
            price_list::Entity::update_many().set(price_list::ActiveModel { id: NotSet, created_at: NotSet, ..row });
        let of_it = price_list::Column::Id.eq(it.list.id.uuid());
        let updated = update.filter(of_it).filter(price_list::Column::Version.eq(before)).exec(&self.conn).await;
        match updated.map_err(|it| self.failed(it))?.rows_affected {
            1 => Ok(()),
            _ => Err(self.refuse(StorageError::Conflict)),
        }
    }

    pub(super) async fn delete_price_list(&self, id: PriceListId, now: Timestamp) -> Result<(), StorageError> {
        self.keep_price_list(id, now).await?;
        let deleted = price_list::Entity::delete_by_id(id.uuid()).exec(&self.conn).await;
        deleted.map(|_| ()).map_err(|it| self.failed(it))
    }

    /// Keeps a list as it is, before it changes.
    async fn keep_price_list(&self, id: PriceListId, now: Timestamp) -> Result<(), StorageError> {
        use price_list::Column as From;
        use price_list_history::Column as To;
        let mut select: SelectStatement = Query::select();
        select
            .from(price_list::Entity)
            .columns([From::Id, From::Version, From::Value, From::UpdatedAt])
            .expr(Expr::value(now))
            .and_where(From::Id.eq(id.uuid()));
        let mut insert = Query::insert();
        insert.into_table(price_list_history::Entity).columns([
            To::ListId,
            To::Version,
            To::Value,
            To::RecordedAt,
            To::ReplacedAt,
        ]);
        let insert = insert.select_from(select).map_err(|it| StorageError::Corrupt(it.to_string()))?;
        self.conn.execute(&*insert).await.map(|_| ()).map_err(|it| self.failed(it))
    }
}

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    pub(super) async fn find_price_list(&self, id: PriceListId) -> Result<Option<StoredPriceList>, StorageError> {
        self.one(price_list::Entity::find_by_id(id.uuid()).one(&self.conn).await, list_from_row)
    }

    pub(super) async fn page_of_price_lists(
        &self,
        page: &PageRequest<PriceListCursor>,
    ) -> Result<Page<StoredPriceList>, StorageError> {
        let columns = [price_list::Column::CreatedAt, price_list::Column::Id];
        let find = newest_first(price_list::Entity::find(), columns, page, |it| (it.created_at, it.id.uuid()));
        let lists = self.all(find.all(&self.conn).await, list_from_row)?;
        Ok(Page::from_rows(lists, page))
    }

    pub(super) async fn list_versions(&self, since: Timestamp) -> Result<Vec<Version<PriceList>>, StorageError> {
        let now = |it: price_list::Model| {
            Ok(Version { value: it.value.0, recorded: Window { from: Some(it.updated_at), until: None } })
        };
        let then = |it: price_list_history::Model| {
            let recorded = Window { from: Some(it.recorded_at), until: Some(it.replaced_at) };
            Ok(Version { value: it.value.0, recorded })
        };
        let mut versions = self.all(price_list::Entity::find().all(&self.conn).await, now)?;
        let find = price_list_history::Entity::find().filter(price_list_history::Column::ReplacedAt.gt(since));
        versions.extend(self.all(find.all(&self.conn).await, then)?);
        Ok(versions)
    }

    pub(super) async fn count_price_lists(&self) -> Result<u64, StorageError> {
        price_list::Entity::find().count(&self.conn).await.map_err(|it| self.failed(it))
    }
}

fn to_row(it: &StoredPriceList) -> Result<price_list::ActiveModel, StorageError> {
    Ok(price_list::ActiveModel {
        id: Set(it.list.id.uuid()),
        version: Set(to_i32(it.version)?),
        value: Set(Document(it.list.clone())),
        created_at: Set(it.created_at),
        updated_at: Set(it.updated_at),
    })
}

/// A list as it was stored.
pub(super) fn list_from_row(row: price_list::Model) -> Result<StoredPriceList, StorageError> {
    Ok(StoredPriceList {
        version: to_u32("price_list.version", row.version)?,
        list: row.value.0,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
