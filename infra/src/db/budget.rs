//! What carts and orders have of the budgets of promotions.

use std::collections::BTreeMap;

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    ids::{CartId, Id as _, PromotionId},
    money::{Money, parse_currency},
    promotion::{BudgetQueries, BudgetRepository, BudgetTaken, BudgetUse},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait as _, LockType, OnConflict},
};
use uuid::Uuid;

use super::{
    Session,
    entity::{promotion, promotion_spent, promotion_use},
    session::{CHUNK, distinct},
};

#[async_trait]
impl BudgetRepository for Session<DatabaseTransaction> {
    async fn lock_budgets(&self, promotions: &[PromotionId]) -> Result<(), StorageError> {
        // In one order for all, so that two never wait for each other.
        let lock = promotion::Entity::find()
            .select_only()
            .column(promotion::Column::Id)
            .filter(promotion::Column::Id.is_in(distinct(promotions)))
            .order_by_asc(promotion::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .into_tuple::<Uuid>();
        lock.all(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn set_budgets_aside(&self, uses: &[BudgetUse]) -> Result<(), StorageError> {
        let row = |it: &BudgetUse| promotion_use::ActiveModel {
            promotion_id: Set(it.promotion_id.uuid()),
            cart_id: Set(it.cart_id.uuid()),
            currency: Set(it.amount.currency().code().to_owned()),
            amount: Set(it.amount.minor()),
            until: Set(it.until),
        };
        let replace = OnConflict::columns([promotion_use::Column::PromotionId, promotion_use::Column::CartId])
            .update_columns([
                promotion_use::Column::Currency,
                promotion_use::Column::Amount,
                promotion_use::Column::Until,
            ])
            .to_owned();
        let insert = promotion_use::Entity::insert_many(uses.iter().map(row)).on_conflict(replace);
        insert.exec_without_returning(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn free_budgets(&self, cart: CartId, promotions: &[PromotionId]) -> Result<(), StorageError> {
        let freed = promotion_use::Entity::delete_many()
            .filter(promotion_use::Column::CartId.eq(cart.uuid()))
            .filter(promotion_use::Column::PromotionId.is_in(distinct(promotions)))
            .filter(promotion_use::Column::Until.is_not_null())
            .exec(&self.conn)
            .await;
        freed.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn spend_budgets(&self, cart: CartId, promotions: &[PromotionId]) -> Result<(), StorageError> {
        if promotions.is_empty() {
            return Ok(());
        }
        let set_aside = promotion_use::Entity::find()
            .filter(promotion_use::Column::CartId.eq(cart.uuid()))
            .filter(promotion_use::Column::PromotionId.is_in(distinct(promotions)))
            .filter(promotion_use::Column::Until.is_not_null())
            .order_by_asc(promotion_use::Column::PromotionId)
            .all(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        for row in &set_aside {
            self.add_spent(row).await?;
        }
        let spent = promotion_use::Entity::update_many()
            .col_expr(promotion_use::Column::Until, Expr::value(None::<Timestamp>))
            .filter(promotion_use::Column::CartId.eq(cart.uuid()))
            .filter(promotion_use::Column::PromotionId.is_in(set_aside.iter().map(|it| it.promotion_id)))
            .exec(&self.conn)
            .await;
        spent.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn take_budgets_back(&self, cart: CartId, until: Option<Timestamp>) -> Result<(), StorageError> {
        let spent = promotion_use::Entity::find()
            .filter(promotion_use::Column::CartId.eq(cart.uuid()))
            .filter(promotion_use::Column::Until.is_null())
            .order_by_asc(promotion_use::Column::PromotionId)
            .all(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        if spent.is_empty() {
            return Ok(());
        }
        for row in &spent {
            let less = promotion_spent::Entity::update_many()
                .col_expr(promotion_spent::Column::Uses, Expr::col(promotion_spent::Column::Uses).sub(1))
                .col_expr(promotion_spent::Column::Amount, Expr::col(promotion_spent::Column::Amount).sub(row.amount))
                .filter(promotion_spent::Column::PromotionId.eq(row.promotion_id))
                .filter(promotion_spent::Column::Currency.eq(row.currency.as_str()));
            less.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        let of_cart = promotion_use::Column::CartId.eq(cart.uuid()).and(promotion_use::Column::Until.is_null());
        let done = match until {
            Some(until) => {
                let update = promotion_use::Entity::update_many();
                let update = update.col_expr(promotion_use::Column::Until, Expr::value(until)).filter(of_cart);
                update.exec(&self.conn).await.map(|_| ())
            }
            None => promotion_use::Entity::delete_many().filter(of_cart).exec(&self.conn).await.map(|_| ()),
        };
        done.map_err(|it| self.failed(it))
    }
}

impl Session<DatabaseTransaction> {
    /// Adds a use to what is spent of its budget.
    async fn add_spent(&self, of: &promotion_use::Model) -> Result<(), StorageError> {
        let row = promotion_spent::ActiveModel {
            promotion_id: Set(of.promotion_id),
            currency: Set(of.currency.clone()),
            uses: Set(1),
            amount: Set(of.amount),
        };
        let column = |it: promotion_spent::Column| Expr::col((promotion_spent::Entity, it));
        let add = OnConflict::columns([promotion_spent::Column::PromotionId, promotion_spent::Column::Currency])
            .value(promotion_spent::Column::Uses, column(promotion_spent::Column::Uses).add(1))
            .value(promotion_spent::Column::Amount, column(promotion_spent::Column::Amount).add(of.amount))
            .to_owned();
        let added = promotion_spent::Entity::insert(row).on_conflict(add).exec_without_returning(&self.conn).await;
        added.map(|_| ()).map_err(|it| self.failed(it))
    }
}

/// What carts have set aside of a budget.
#[derive(FromQueryResult)]
struct SetAside {
    promotion_id: Uuid,
    currency: String,
    uses: i64,
    amount: i64,
}

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    /// What carts have set aside of budgets at a moment, added up.
    async fn set_aside(&self, promotions: &[Uuid], moment: Timestamp) -> Result<Vec<SetAside>, StorageError> {
        let set_aside = promotion_use::Entity::find()
            .select_only()
            .columns([promotion_use::Column::PromotionId, promotion_use::Column::Currency])
            .expr_as(promotion_use::Column::CartId.count(), "uses")
            .expr_as(promotion_use::Column::Amount.sum().cast_as("bigint"), "amount")
            .filter(promotion_use::Column::PromotionId.is_in(promotions.iter().copied()))
            .filter(promotion_use::Column::Until.gt(moment))
            .group_by(promotion_use::Column::PromotionId)
            .group_by(promotion_use::Column::Currency)
            .into_model::<SetAside>();
        set_aside.all(&self.conn).await.map_err(|it| self.failed(it))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> BudgetQueries for Session<C> {
    async fn budgets_taken(
        &self,
        promotions: &[PromotionId],
        moment: Timestamp,
    ) -> Result<Vec<BudgetTaken>, StorageError> {
        let mut taken: BTreeMap<Uuid, BudgetTaken> = BTreeMap::new();
        let mut add = |promotion_id: Uuid, uses: i64, amount: Money| {
            let taken =
                taken.entry(promotion_id).or_insert_with(|| BudgetTaken::nothing(PromotionId::from_uuid(promotion_id)));
            taken.add(u64::try_from(uses).unwrap_or_default(), amount);
        };
        for ids in distinct(promotions).chunks(CHUNK) {
            let spent = promotion_spent::Entity::find()
                .filter(promotion_spent::Column::PromotionId.is_in(ids.iter().copied()))
                .all(&self.conn)
                .await
                .map_err(|it| self.failed(it))?;
            for it in spent {
                add(it.promotion_id, it.uses, money(&it.currency, it.amount)?);
            }
            let set_aside = self.set_aside(ids, moment).await?;
            for it in set_aside {
                add(it.promotion_id, it.uses, money(&it.currency, it.amount)?);
            }
        }
        Ok(taken.into_values().collect())
    }

    async fn budget_uses_of(&self, carts: &[CartId]) -> Result<Vec<BudgetUse>, StorageError> {
        let find = promotion_use::Entity::find().filter(promotion_use::Column::CartId.is_in(distinct(carts)));
        self.all(find.all(&self.conn).await, |it| {
            Ok(BudgetUse {
                promotion_id: PromotionId::from_uuid(it.promotion_id),
                cart_id: CartId::from_uuid(it.cart_id),
                amount: money(&it.currency, it.amount)?,
                until: it.until,
            })
        })
    }
}

fn money(currency: &str, minor: i64) -> Result<Money, StorageError> {
    let currency = parse_currency(currency).map_err(|it| StorageError::Corrupt(it.to_string()))?;
    Ok(Money::new(minor, currency))
}
