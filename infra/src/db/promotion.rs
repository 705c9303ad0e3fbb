//! Promotions and their groups.

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    ids::{Id as _, PromotionGroupId, PromotionId},
    page::{Page, PageRequest},
    promotion::{
        Promotion, PromotionCursor, PromotionGroup, PromotionQueries, PromotionRepository, PromotionState,
        StoredPromotion,
    },
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    Select,
    sea_query::OnConflict,
};

use super::{
    Session,
    codec::{from_json, to_i32, to_json, to_u32},
    document::Document,
    entity::{promotion, promotion_group},
    keyset::newest_first,
    session::{CHUNK, distinct},
};

#[async_trait]
impl PromotionRepository for Session<DatabaseTransaction> {
    async fn insert(&self, it: &StoredPromotion) -> Result<(), StorageError> {
        let inserted = promotion::Entity::insert(to_row(it)?).exec_without_returning(&self.conn).await;
        inserted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn update(&self, it: &StoredPromotion) -> Result<(), StorageError> {
        let row = to_row(it)?;
        let before = to_i32(it.version)? - 1;
        let update =
            promotion::Entity::update_many().set(promotion::ActiveModel { id: NotSet, created_at: NotSet, ..row });
        let of_it = promotion::Column::Id.eq(it.promotion.id.uuid());
        let updated = update.filter(of_it).filter(promotion::Column::Version.eq(before)).exec(&self.conn).await;
        match updated.map_err(|it| self.failed(it))?.rows_affected {
            1 => Ok(()),
            _ => Err(self.refuse(StorageError::Conflict)),
        }
    }

    async fn delete(&self, id: PromotionId) -> Result<bool, StorageError> {
        let deleted = promotion::Entity::delete_by_id(id.uuid()).exec(&self.conn).await;
        deleted.map(|it| 0 < it.rows_affected).map_err(|it| self.failed(it))
    }

    async fn save_group(&self, group: &PromotionGroup) -> Result<(), StorageError> {
        let row = promotion_group::ActiveModel { id: Set(group.id.uuid()), value: Set(to_json(group)?) };
        let replace =
            OnConflict::column(promotion_group::Column::Id).update_column(promotion_group::Column::Value).to_owned();
        let stored = promotion_group::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn delete_group(&self, id: PromotionGroupId) -> Result<(), StorageError> {
        let deleted = promotion_group::Entity::delete_by_id(id.uuid()).exec(&self.conn).await;
        deleted.map(|_| ()).map_err(|it| self.failed(it))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> PromotionQueries for Session<C> {
    async fn promotion(&self, id: PromotionId) -> Result<Option<StoredPromotion>, StorageError> {
        self.one(promotion::Entity::find_by_id(id.uuid()).one(&self.conn).await, from_row)
    }

    async fn promotions(
        &self,
        state: Option<(PromotionState, Timestamp)>,
        page: &PageRequest<PromotionCursor>,
    ) -> Result<Page<StoredPromotion>, StorageError> {
        let mut find = promotion::Entity::find();
        if let Some((state, moment)) = state {
            find = find.filter(is_in(state, moment));
        }
        let columns = [promotion::Column::CreatedAt, promotion::Column::Id];
        let find = newest_first(find, columns, page, |it| (it.created_at, it.id.uuid()));
        let promotions = self.all(find.all(&self.conn).await, from_row)?;
        Ok(Page::from_rows(promotions, page))
    }

    async fn open_promotion_count(&self, moment: Timestamp) -> Result<u64, StorageError> {
        open_promotions(moment).count(&self.conn).await.map_err(|it| self.failed(it))
    }

    async fn promotions_in(&self, groups: &[PromotionGroupId]) -> Result<Vec<Promotion>, StorageError> {
        let mut promotions = Vec::new();
        for ids in distinct(groups).chunks(CHUNK) {
            let in_these = promotion::Column::GroupId.is_in(ids.iter().copied());
            let rows = promotion::Entity::find().filter(in_these).all(&self.conn).await;
            promotions.extend(self.all(rows, promotion_from_row)?);
        }
        Ok(promotions)
    }

    async fn promotion_groups(&self) -> Result<Vec<PromotionGroup>, StorageError> {
        let find = promotion_group::Entity::find().order_by_asc(promotion_group::Column::Id);
        self.all(find.all(&self.conn).await, group_from_row)
    }
}

/// Those that have not ended.
pub(super) fn open_promotions(moment: Timestamp) -> Select<promotion::Entity> {
    promotion::Entity::find().filter(is_open(moment))
}

fn is_open(moment: Timestamp) -> Condition {
    Condition::any().add(promotion::Column::EndsAt.is_null()).add(promotion::Column::EndsAt.gt(moment))
}

/// As [`Promotion::state`] has it.
fn is_in(state: PromotionState, moment: Timestamp) -> Condition {
    let open = |is_paused: bool| Condition::all().add(is_open(moment)).add(promotion::Column::IsPaused.eq(is_paused));
    let has_begun =
        Condition::any().add(promotion::Column::StartsAt.is_null()).add(promotion::Column::StartsAt.lte(moment));
    match state {
        PromotionState::Ended => Condition::all().add(promotion::Column::EndsAt.lte(moment)),
        PromotionState::Paused => open(true),
        PromotionState::Scheduled => open(false).add(promotion::Column::StartsAt.gt(moment)),
        PromotionState::Active => open(false).add(has_begun),
    }
}

fn to_row(it: &StoredPromotion) -> Result<promotion::ActiveModel, StorageError> {
    Ok(promotion::ActiveModel {
        id: Set(it.promotion.id.uuid()),
        version: Set(to_i32(it.version)?),
        is_paused: Set(it.promotion.is_paused),
        starts_at: Set(it.promotion.window.from),
        ends_at: Set(it.promotion.window.until),
        group_id: Set(it.promotion.group_id.map(|it| it.uuid())),
        value: Set(Document(it.promotion.clone())),
        created_at: Set(it.created_at),
        updated_at: Set(it.updated_at),
    })
}

fn from_row(row: promotion::Model) -> Result<StoredPromotion, StorageError> {
    Ok(StoredPromotion {
        version: to_u32("promotion.version", row.version)?,
        promotion: row.value.0,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// A promotion as it was stored.
pub(super) fn promotion_from_row(row: promotion::Model) -> Result<Promotion, StorageError> {
    Ok(row.value.0)
}

/// A group as it was stored.
pub(super) fn group_from_row(row: promotion_group::Model) -> Result<PromotionGroup, StorageError> {
    from_json("promotion_group.value", row.value)
}
