//! Stock: levels that only conditional statements change, and a movement for every change.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    ids::{Id as _, LocationId, OrderId, VariantId},
    inventory::{Allocation, Count, InventoryQueries, MovementCause, StockLevel, StockRepository},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Func, LockType, OnConflict, SimpleExpr},
};
use uuid::Uuid;

use super::{
    Session,
    entity::{stock_hold, stock_level, stock_movement},
    session::{CHUNK, distinct},
};

#[async_trait]
impl StockRepository for Session<DatabaseTransaction> {
    async fn lock_levels(&self, variants: &[VariantId], now: Timestamp) -> Result<Vec<StockLevel>, StorageError> {
        let mut levels = Vec::new();
        for ids in distinct(variants).chunks(CHUNK) {
            let rows = stock_level::Entity::find()
                .filter(stock_level::Column::VariantId.is_in(ids.iter().copied()))
                .order_by_asc(stock_level::Column::VariantId)
                .order_by_asc(stock_level::Column::LocationId)
                .lock(LockType::Update)
                .all(&self.conn)
                .await;
            // Read by a statement of its own, which sees what was committed while this one waited for its locks.
            let reserved = self.reserved(ids, now).await?;
            let with_holds = |row: stock_level::Model| {
                let reserved = reserved.get(&(row.variant_id, row.location_id)).copied().unwrap_or_default();
                StockLevel { reserved, ..from_row(row) }
            };
            levels.extend(rows.map_err(|it| self.failed(it))?.into_iter().map(with_holds));
        }
        Ok(levels)
    }

    async fn lock_places(
        &self,
        places: &[(VariantId, LocationId)],
        now: Timestamp,
    ) -> Result<Vec<StockLevel>, StorageError> {
        let variants: Vec<VariantId> = places.iter().map(|it| it.0).collect();
        let levels = self.lock_levels(&variants, now).await?;
        let known: BTreeSet<_> = levels.iter().map(|it| (it.variant_id, it.location_id)).collect();
        let missing: BTreeSet<_> = places.iter().copied().filter(|it| !known.contains(it)).collect();
        if missing.is_empty() {
            return Ok(levels);
        }
        let missing: Vec<Place> =
            missing.into_iter().map(|(variant, location)| Place::new(variant, location)).collect();
        self.create_levels(&missing).await?;
        self.lock_levels(&variants, now).await
    }

    async fn count(&self, counts: &[Count], cause: MovementCause, now: Timestamp) -> Result<bool, StorageError> {
        let places: Vec<_> = counts.iter().map(|it| (it.variant_id, it.location_id)).collect();
        let levels = self.lock_places(&places, now).await?;
        let on_hand: BTreeMap<_, i64> = levels.iter().map(|it| ((it.variant_id, it.location_id), it.on_hand)).collect();
        let mut rows = Vec::new();
        let mut movements = Vec::new();
        let mut counts = counts.to_vec();
        counts.sort_by_key(|it| (it.variant_id, it.location_id));
        for it in &counts {
            let before = on_hand.get(&(it.variant_id, it.location_id)).copied().unwrap_or_default();
            if before == it.on_hand {
                continue;
            }
            let place = Place::new(it.variant_id, it.location_id);
            movements.push(place.movement(it.on_hand - before, 0, cause, now));
            rows.push(place.new_row(it.on_hand));
        }
        for rows in rows.chunks(CHUNK) {
            let replace = OnConflict::columns([stock_level::Column::VariantId, stock_level::Column::LocationId])
                .update_column(stock_level::Column::OnHand)
                .to_owned();
            let stored = stock_level::Entity::insert_many(rows.to_vec())
                .on_conflict(replace)
                .exec_without_returning(&self.conn)
                .await;
            stored.map_err(|it| self.failed(it))?;
        }
        self.record(&movements).await?;
        Ok(!movements.is_empty())
    }

    async fn allocate(&self, allocations: &[Allocation], order: OrderId, now: Timestamp) -> Result<(), StorageError> {
        let cause = MovementCause::Ordered(order);
        for it in in_order(allocations) {
            let quantity = i64::from(it.quantity);
            let place = Place::of(it);
            if it.may_exceed {
                self.create_levels(&[place]).await?;
            }
            let mut update = place
                .update()
                .col_expr(stock_level::Column::Allocated, Expr::col(stock_level::Column::Allocated).add(quantity));
            if !it.may_exceed {
                update = update.filter(available(now).gte(quantity));
            }
            let updated = update.exec(&self.conn).await.map_err(|it| self.failed(it))?;
            if updated.rows_affected != 1 {
                return Err(self.refuse(StorageError::Conflict));
            }
        }
        self.record(&movements(allocations, 0, 1, cause, now)).await
    }

    async fn release(&self, allocations: &[Allocation], order: OrderId, now: Timestamp) -> Result<(), StorageError> {
        for it in in_order(allocations) {
            let less = Expr::col(stock_level::Column::Allocated).sub(i64::from(it.quantity));
            let update = Place::of(it).update().col_expr(stock_level::Column::Allocated, less);
            update.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        self.record(&movements(allocations, 0, -1, MovementCause::Cancelled(order), now)).await
    }

    async fn ship(&self, allocations: &[Allocation], order: OrderId, now: Timestamp) -> Result<(), StorageError> {
        for it in in_order(allocations) {
            let quantity = i64::from(it.quantity);
            let update = Place::of(it)
                .update()
                .col_expr(stock_level::Column::OnHand, Expr::col(stock_level::Column::OnHand).sub(quantity))
                .col_expr(stock_level::Column::Allocated, Expr::col(stock_level::Column::Allocated).sub(quantity));
            update.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        self.record(&movements(allocations, -1, -1, MovementCause::Fulfilled(order), now)).await
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> InventoryQueries for Session<C> {
    async fn levels_of(&self, variants: &[VariantId], now: Option<Timestamp>) -> Result<Vec<StockLevel>, StorageError> {
        let mut levels = Vec::new();
        for ids in distinct(variants).chunks(CHUNK) {
            let find = stock_level::Entity::find().filter(stock_level::Column::VariantId.is_in(ids.iter().copied()));
            let reserved = now.map_or_else(|| Expr::value(0_i64), reserved_here);
            let rows = find.expr_as(reserved, RESERVED).into_model::<LevelWithHolds>().all(&self.conn).await;
            levels.extend(rows.map_err(|it| self.failed(it))?.into_iter().map(StockLevel::from));
        }
        Ok(levels)
    }
}

/// What a level's column of holds is called.
const RESERVED: &str = "reserved";

/// A level, with what carts hold of it.
#[derive(FromQueryResult)]
struct LevelWithHolds {
    variant_id: Uuid,
    location_id: Uuid,
    on_hand: i64,
    allocated: i64,
    reserved: i64,
    safety_stock: i64,
}

impl From<LevelWithHolds> for StockLevel {
    fn from(row: LevelWithHolds) -> Self {
        Self {
            variant_id: VariantId::from_uuid(row.variant_id),
            location_id: LocationId::from_uuid(row.location_id),
            on_hand: row.on_hand,
            allocated: row.allocated,
            reserved: row.reserved,
            safety_stock: row.safety_stock,
        }
    }
}

/// What carts hold at a moment of the level in question.
fn reserved_here(now: Timestamp) -> SimpleExpr {
    let held = |column: stock_hold::Column| Expr::col((stock_hold::Entity, column));
    let units = Expr::expr(Func::sum(held(stock_hold::Column::Quantity))).cast_as("bigint");
    let sum = stock_hold::Entity::find()
        .select_only()
        .expr(Func::coalesce([units, Expr::value(0_i64)]))
        .filter(held(stock_hold::Column::VariantId).equals((stock_level::Entity, stock_level::Column::VariantId)))
        .filter(held(stock_hold::Column::LocationId).equals((stock_level::Entity, stock_level::Column::LocationId)))
        .filter(stock_hold::Column::Until.gt(now))
        .into_query();
    SimpleExpr::SubQuery(None, Box::new(sum.into()))
}

impl Session<DatabaseTransaction> {
    /// What carts hold now of these variants, by place.
    async fn reserved(&self, variants: &[Uuid], now: Timestamp) -> Result<BTreeMap<(Uuid, Uuid), i64>, StorageError> {
        let sums = stock_hold::Entity::find()
            .select_only()
            .column(stock_hold::Column::VariantId)
            .column(stock_hold::Column::LocationId)
            .column_as(stock_hold::Column::Quantity.sum(), RESERVED)
            .filter(stock_hold::Column::VariantId.is_in(variants.iter().copied()))
            .filter(stock_hold::Column::Until.gt(now))
            .group_by(stock_hold::Column::VariantId)
            .group_by(stock_hold::Column::LocationId)
            .into_tuple::<(Uuid, Uuid, i64)>()
            .all(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        Ok(sums.into_iter().map(|(variant, location, sum)| ((variant, location), sum)).collect())
    }

    /// Creates levels where they are missing: what is sold without stock may never have been counted.
    async fn create_levels(&self, places: &[Place]) -> Result<(), StorageError> {
        for places in places.chunks(CHUNK) {
            let insert = stock_level::Entity::insert_many(places.iter().map(|it| it.new_row(0)))
                .on_conflict_do_nothing_on([stock_level::Column::VariantId, stock_level::Column::LocationId]);
            insert.exec_without_returning(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }

    async fn record(&self, movements: &[stock_movement::ActiveModel]) -> Result<(), StorageError> {
        for movements in movements.chunks(CHUNK) {
            let stored =
                stock_movement::Entity::insert_many(movements.to_vec()).exec_without_returning(&self.conn).await;
            stored.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }
}

/// One row of stock.
#[derive(Clone, Copy)]
struct Place {
    variant_id: Uuid,
    location_id: Uuid,
}

impl Place {
    fn new(variant: VariantId, location: LocationId) -> Self {
        Self { variant_id: variant.uuid(), location_id: location.uuid() }
    }

    fn of(allocation: &Allocation) -> Self {
        Self::new(allocation.variant_id, allocation.location_id)
    }

    fn update(self) -> sea_orm::UpdateMany<stock_level::Entity> {
        stock_level::Entity::update_many()
            .filter(stock_level::Column::VariantId.eq(self.variant_id))
            .filter(stock_level::Column::LocationId.eq(self.location_id))
    }

    fn new_row(self, on_hand: i64) -> stock_level::ActiveModel {
        stock_level::ActiveModel {
            variant_id: Set(self.variant_id),
            location_id: Set(self.location_id),
            on_hand: Set(on_hand),
            allocated: Set(0),
            safety_stock: Set(0),
        }
    }

    fn movement(
        self,
        on_hand_delta: i64,
        allocated_delta: i64,
        cause: MovementCause,
        now: Timestamp,
    ) -> stock_movement::ActiveModel {
        let (cause, order) = match cause {
            MovementCause::Import => ("import", None),
            MovementCause::Counted => ("counted", None),
            MovementCause::Adjusted => ("adjusted", None),
            MovementCause::Ordered(order) => ("ordered", Some(order)),
            MovementCause::Cancelled(order) => ("cancelled", Some(order)),
            MovementCause::Fulfilled(order) => ("fulfilled", Some(order)),
        };
        stock_movement::ActiveModel {
            id: NotSet,
            variant_id: Set(self.variant_id),
            location_id: Set(self.location_id),
            on_hand_delta: Set(on_hand_delta),
            allocated_delta: Set(allocated_delta),
            cause: Set(cause.to_owned()),
            order_id: Set(order.map(|it| it.uuid())),
            occurred_at: Set(now),
        }
    }
}

/// `on_hand − allocated − reserved − safety_stock`, as [`StockLevel::available`] has it.
fn available(now: Timestamp) -> SimpleExpr {
    Expr::col(stock_level::Column::OnHand)
        .sub(Expr::col(stock_level::Column::Allocated))
        .sub(Expr::col(stock_level::Column::SafetyStock))
        .sub(reserved_here(now))
}

fn movements(
    allocations: &[Allocation],
    on_hand: i64,
    allocated: i64,
    cause: MovementCause,
    now: Timestamp,
) -> Vec<stock_movement::ActiveModel> {
    let movement = |it: &Allocation| {
        let quantity = i64::from(it.quantity);
        Place::of(it).movement(on_hand * quantity, allocated * quantity, cause, now)
    };
    allocations.iter().map(movement).collect()
}

/// All take rows in this order, so that no two wait for each other in a circle.
fn in_order(allocations: &[Allocation]) -> Vec<&Allocation> {
    let mut allocations: Vec<&Allocation> = allocations.iter().collect();
    allocations.sort_by_key(|it| (it.variant_id, it.location_id));
    allocations
}

/// A level, as if carts held nothing of it.
fn from_row(row: stock_level::Model) -> StockLevel {
    StockLevel {
        variant_id: VariantId::from_uuid(row.variant_id),
        location_id: LocationId::from_uuid(row.location_id),
        on_hand: row.on_hand,
        allocated: row.allocated,
        reserved: 0,
        safety_stock: row.safety_stock,
    }
}
