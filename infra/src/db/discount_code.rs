//! Discount codes and their uses.

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    ids::{CartId, CustomerId, Id as _, PromotionId},
    page::{Direction, Page, PageRequest},
    promotion::{
        CodeCounts, CodeCursor, CodeFilter, CodeQueries, CodeRepository, CodeUsage, CodeUse, DiscountCode, IssuedCode,
    },
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LikeExpr, LockType, OnConflict},
};

use super::{
    Session,
    codec::{to_i32, to_u32},
    entity::{discount_code, discount_code_use},
    session::CHUNK,
};

#[async_trait]
impl CodeRepository for Session<DatabaseTransaction> {
    async fn add_codes(&self, codes: &[IssuedCode]) -> Result<u64, StorageError> {
        let mut added = 0;
        for codes in codes.chunks(CHUNK) {
            let rows = codes.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
            let keep = OnConflict::column(discount_code::Column::Code).do_nothing().to_owned();
            let stored =
                discount_code::Entity::insert_many(rows).on_conflict(keep).exec_without_returning(&self.conn).await;
            added += stored.map_err(|it| self.failed(it))?;
        }
        Ok(added)
    }

    async fn lock_code(&self, code: &DiscountCode) -> Result<Option<IssuedCode>, StorageError> {
        let find = discount_code::Entity::find_by_id(code.as_str().to_owned()).lock(LockType::Update);
        self.one(find.one(&self.conn).await, from_row)
    }

    async fn save_code(&self, code: &IssuedCode) -> Result<(), StorageError> {
        let row = to_row(code)?;
        let row = discount_code::ActiveModel { code: NotSet, created_at: NotSet, ..row };
        let update = discount_code::Entity::update_many().set(row);
        let saved = update.filter(discount_code::Column::Code.eq(code.code.as_str())).exec(&self.conn).await;
        match saved.map_err(|it| self.failed(it))?.rows_affected {
            1 => Ok(()),
            _ => Err(self.refuse(StorageError::Conflict)),
        }
    }

    async fn delete_code(&self, code: &DiscountCode) -> Result<(), StorageError> {
        let deleted = discount_code::Entity::delete_by_id(code.as_str().to_owned()).exec(&self.conn).await;
        deleted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn set_code_aside(&self, code_use: &CodeUse) -> Result<(), StorageError> {
        let row = discount_code_use::ActiveModel {
            code: Set(code_use.code.to_string()),
            cart_id: Set(code_use.cart_id.uuid()),
            customer_id: Set(code_use.customer_id.map(|it| it.uuid())),
            until: Set(code_use.until),
        };
        let replace = OnConflict::columns([discount_code_use::Column::Code, discount_code_use::Column::CartId])
            .update_columns([discount_code_use::Column::CustomerId, discount_code_use::Column::Until])
            .to_owned();
        let stored =
            discount_code_use::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn free_code(&self, cart: CartId, code: &DiscountCode) -> Result<(), StorageError> {
        let freed = discount_code_use::Entity::delete_many()
            .filter(discount_code_use::Column::CartId.eq(cart.uuid()))
            .filter(discount_code_use::Column::Code.eq(code.as_str()))
            .filter(discount_code_use::Column::Until.is_not_null())
            .exec(&self.conn)
            .await;
        freed.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn move_code_uses(
        &self,
        from: CartId,
        to: CartId,
        codes: &[DiscountCode],
        customer: Option<CustomerId>,
    ) -> Result<(), StorageError> {
        let moved = discount_code_use::Entity::update_many()
            .col_expr(discount_code_use::Column::CartId, Expr::value(to.uuid()))
            .col_expr(discount_code_use::Column::CustomerId, Expr::value(customer.map(|it| it.uuid())))
            .filter(discount_code_use::Column::CartId.eq(from.uuid()))
            .filter(discount_code_use::Column::Code.is_in(codes.iter().map(DiscountCode::as_str)))
            .filter(discount_code_use::Column::Until.is_not_null())
            .exec(&self.conn)
            .await;
        moved.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn use_codes(
        &self,
        cart: CartId,
        codes: &[DiscountCode],
        customer: Option<CustomerId>,
    ) -> Result<(), StorageError> {
        let used = discount_code_use::Entity::update_many()
            .col_expr(discount_code_use::Column::Until, Expr::value(None::<Timestamp>))
            .col_expr(discount_code_use::Column::CustomerId, Expr::value(customer.map(|it| it.uuid())))
            .filter(discount_code_use::Column::CartId.eq(cart.uuid()))
            .filter(discount_code_use::Column::Code.is_in(codes.iter().map(DiscountCode::as_str)))
            .exec(&self.conn)
            .await;
        used.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn take_code_uses_back(&self, cart: CartId, until: Option<Timestamp>) -> Result<(), StorageError> {
        let of_cart = discount_code_use::Column::CartId.eq(cart.uuid());
        let made = Condition::all().add(of_cart).add(discount_code_use::Column::Until.is_null());
        let done = match until {
            Some(until) => {
                let update = discount_code_use::Entity::update_many();
                let update = update.col_expr(discount_code_use::Column::Until, Expr::value(until)).filter(made);
                update.exec(&self.conn).await.map(|_| ())
            }
            None => discount_code_use::Entity::delete_many().filter(made).exec(&self.conn).await.map(|_| ()),
        };
        done.map_err(|it| self.failed(it))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CodeQueries for Session<C> {
    async fn codes_by_name(&self, codes: &[DiscountCode]) -> Result<Vec<IssuedCode>, StorageError> {
        let names = codes.iter().map(DiscountCode::as_str);
        let rows = discount_code::Entity::find().filter(discount_code::Column::Code.is_in(names)).all(&self.conn).await;
        self.all(rows, from_row)
    }

    async fn codes(
        &self,
        filter: &CodeFilter,
        page: &PageRequest<CodeCursor>,
    ) -> Result<Page<IssuedCode>, StorageError> {
        let mut find = discount_code::Entity::find().limit(u64::from(page.size.get()) + 1);
        if let Some(id) = filter.promotion_id {
            find = find.filter(discount_code::Column::PromotionId.eq(id.uuid()));
        }
        if let Some(text) = filter.text.as_deref().map(str::trim).filter(|it| !it.is_empty()) {
            // As codes are written: capitals of one letter may be two of another.
            let text = text.to_lowercase().to_uppercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            find = find.filter(discount_code::Column::Code.like(LikeExpr::new(format!("%{text}%")).escape('\\')));
        }
        let is_forward = page.direction == Direction::Forward;
        if let Some(CodeCursor(code)) = &page.cursor {
            let (column, code) = (discount_code::Column::Code, code.as_str());
            find = find.filter(if is_forward { column.gt(code) } else { column.lt(code) });
        }
        let find = find.order_by(discount_code::Column::Code, if is_forward { Order::Asc } else { Order::Desc });
        let codes = self.all(find.all(&self.conn).await, from_row)?;
        Ok(Page::from_rows(codes, page))
    }

    async fn code_counts(
        &self,
        codes: &[DiscountCode],
        now: Timestamp,
    ) -> Result<Vec<(DiscountCode, CodeCounts)>, StorageError> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let counted = Condition::any()
            .add(discount_code_use::Column::Until.is_null())
            .add(discount_code_use::Column::Until.gt(now));
        let rows = discount_code_use::Entity::find()
            .select_only()
            .column(discount_code_use::Column::Code)
            .expr_as(discount_code_use::Column::CartId.count(), "uses")
            .expr_as(discount_code_use::Column::Until.count(), "reserved")
            .filter(discount_code_use::Column::Code.is_in(codes.iter().map(DiscountCode::as_str)))
            .filter(counted)
            .group_by(discount_code_use::Column::Code)
            .into_model::<Counts>()
            .all(&self.conn)
            .await;
        self.all(rows, |it| {
            // Those that were made have no time to which they are set aside, which no count counts.
            let count = |it: i64| u64::try_from(it).unwrap_or_default();
            let counts = CodeCounts { used: count(it.uses - it.reserved), reserved: count(it.reserved) };
            Ok((parse(it.code)?, counts))
        })
    }

    async fn code_uses_of(&self, carts: &[CartId]) -> Result<Vec<CodeUse>, StorageError> {
        let ids = carts.iter().map(|it| it.uuid());
        let rows = discount_code_use::Entity::find()
            .filter(discount_code_use::Column::CartId.is_in(ids))
            .all(&self.conn)
            .await;
        self.all(rows, |it| {
            Ok(CodeUse {
                code: parse(it.code)?,
                cart_id: CartId::from_uuid(it.cart_id),
                customer_id: it.customer_id.map(CustomerId::from_uuid),
                until: it.until,
            })
        })
    }

    async fn code_usage(
        &self,
        code: &DiscountCode,
        cart: CartId,
        customer: Option<CustomerId>,
        now: Timestamp,
    ) -> Result<CodeUsage, StorageError> {
        let counts = Condition::any()
            .add(discount_code_use::Column::Until.is_null())
            .add(discount_code_use::Column::Until.gt(now));
        let find = discount_code_use::Entity::find()
            .filter(discount_code_use::Column::Code.eq(code.as_str()))
            .filter(discount_code_use::Column::CartId.ne(cart.uuid()))
            .filter(counts);
        let uses = find.clone().count(&self.conn).await.map_err(|it| self.failed(it))?;
        let customer_uses = match customer {
            Some(id) => {
                let theirs = find.filter(discount_code_use::Column::CustomerId.eq(id.uuid()));
                theirs.count(&self.conn).await.map_err(|it| self.failed(it))?
            }
            None => 0,
        };
        Ok(CodeUsage { uses, customer_uses })
    }
}

/// How often a code is used, and how many of these uses are set aside.
#[derive(FromQueryResult)]
struct Counts {
    code: String,
    uses: i64,
    reserved: i64,
}

fn to_row(code: &IssuedCode) -> Result<discount_code::ActiveModel, StorageError> {
    Ok(discount_code::ActiveModel {
        code: Set(code.code.to_string()),
        promotion_id: Set(code.promotion_id.uuid()),
        uses_max: Set(code.uses_max.map(to_i32).transpose()?),
        customer_uses_max: Set(code.customer_uses_max.map(to_i32).transpose()?),
        is_paused: Set(code.is_paused),
        created_at: Set(code.created_at),
    })
}

fn from_row(row: discount_code::Model) -> Result<IssuedCode, StorageError> {
    let limit = |it: Option<i32>| it.map(|it| to_u32("discount_code.uses_max", it)).transpose();
    Ok(IssuedCode {
        code: parse(row.code)?,
        promotion_id: PromotionId::from_uuid(row.promotion_id),
        uses_max: limit(row.uses_max)?,
        customer_uses_max: limit(row.customer_uses_max)?,
        is_paused: row.is_paused,
        created_at: row.created_at,
    })
}

fn parse(code: String) -> Result<DiscountCode, StorageError> {
    code.try_into().map_err(|_| StorageError::Corrupt("discount_code.code".to_owned()))
}
