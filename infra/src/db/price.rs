//! Prices.

use std::collections::BTreeSet;

use async_trait::async_trait;
use comptoir_domain::{
    clock::{Timestamp, Window},
    ids::{Id as _, PriceId, PriceListId, ProductId, VariantId},
    money::{Currency, Money, parse_currency},
    page::{Direction, Page, PageRequest},
    pricing::{
        PriceCursor, PriceFilter, PriceList, PriceListCursor, PriceQueries, PriceRepository, PriceRow, PriceScope,
        PriceView, StoredPriceList, Version,
    },
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DerivePartialModel, EntityTrait, Order, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait as _, Select,
    sea_query::{Expr, ExprTrait as _, LockType, OnConflict, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    Session,
    document::Document,
    entity::{price, price_history, price_moment, variant},
    session::{CHUNK, distinct},
};

#[async_trait]
impl PriceRepository for Session<DatabaseTransaction> {
    async fn lock_prices_of(&self, variants: &[VariantId]) -> Result<Vec<PriceRow>, StorageError> {
        let mut prices = Vec::new();
        for ids in distinct(variants).chunks(CHUNK) {
            // The variants are what is locked: prices that are not there yet cannot be.
            let locked = variant::Entity::find()
                .select_only()
                .column(variant::Column::Id)
                .filter(variant::Column::Id.is_in(ids.iter().copied()))
                .order_by_asc(variant::Column::Id)
                .lock(LockType::Update)
                .into_tuple::<Uuid>()
                .all(&self.conn)
                .await;
            locked.map_err(|it| self.failed(it))?;
            prices.extend(self.rows(of_variants(ids)).await?);
        }
        Ok(prices)
    }

    async fn save_prices(&self, rows: &[PriceRow], now: Timestamp) -> Result<(), StorageError> {
        let mut rows: Vec<&PriceRow> = rows.iter().collect();
        rows.sort_by_key(|it| it.id);
        for rows in rows.chunks(CHUNK) {
            self.keep_prices(price::Column::Id.is_in(rows.iter().map(|it| it.id.uuid())), now).await?;
            let replace = OnConflict::column(price::Column::Id)
                .update_columns([
                    price::Column::Amount,
                    price::Column::CompareAt,
                    price::Column::EndsAt,
                    price::Column::RecordedAt,
                ])
                .value(price::Column::Version, Expr::col((price::Entity, price::Column::Version)).add(1))
                .to_owned();
            let rows = rows.iter().map(|it| to_row(it, now));
            let stored = price::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(&self.conn).await;
            stored.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }

    async fn remove_prices(&self, ids: &[PriceId], now: Timestamp) -> Result<(), StorageError> {
        for ids in distinct(ids).chunks(CHUNK) {
            let these = price::Column::Id.is_in(ids.iter().copied());
            self.keep_prices(these.clone(), now).await?;
            let removed = price::Entity::delete_many().filter(these).exec(&self.conn).await;
            removed.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }

    async fn insert_list(&self, list: &StoredPriceList) -> Result<(), StorageError> {
        self.insert_price_list(list).await
    }

    async fn update_list(&self, list: &StoredPriceList) -> Result<(), StorageError> {
        self.update_price_list(list).await
    }

    async fn delete_list(&self, id: PriceListId, now: Timestamp) -> Result<(), StorageError> {
        let of_list = price::Column::ListId.eq(id.uuid());
        self.keep_prices(of_list.clone(), now).await?;
        let removed = price::Entity::delete_many().filter(of_list).exec(&self.conn).await;
        removed.map_err(|it| self.failed(it))?;
        self.delete_price_list(id, now).await
    }

    async fn lock_told_until(&self) -> Result<Timestamp, StorageError> {
        self.moment(price_moment::Entity::find_by_id(MOMENT).lock(LockType::Update)).await
    }

    async fn save_told_until(&self, moment: Timestamp) -> Result<(), StorageError> {
        let update = price_moment::Entity::update_many()
            .col_expr(price_moment::Column::ToldUntil, Expr::value(moment))
            .filter(price_moment::Column::Id.eq(MOMENT));
        update.exec(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }
}

impl Session<DatabaseTransaction> {
    /// Keeps prices as they are, before they change.
    async fn keep_prices(&self, these: sea_orm::sea_query::SimpleExpr, now: Timestamp) -> Result<(), StorageError> {
        use price::Column as From;
        use price_history::Column as To;
        let columns = [
            (To::PriceId, From::Id),
            (To::Version, From::Version),
            (To::VariantId, From::VariantId),
            (To::Currency, From::Currency),
            (To::ListId, From::ListId),
            (To::Scope, From::Scope),
            (To::Amount, From::Amount),
            (To::CompareAt, From::CompareAt),
            (To::StartsAt, From::StartsAt),
            (To::EndsAt, From::EndsAt),
            (To::RecordedAt, From::RecordedAt),
        ];
        let mut select: SelectStatement = Query::select();
        select.from(price::Entity).columns(columns.map(|it| it.1)).expr(Expr::value(now)).and_where(these);
        let mut insert = Query::insert();
        insert.into_table(price_history::Entity).columns(columns.map(|it| it.0).into_iter().chain([To::ReplacedAt]));
        let insert = insert.select_from(select).map_err(|it| StorageError::Corrupt(it.to_string()))?;
        self.conn.execute(&*insert).await.map(|_| ()).map_err(|it| self.failed(it))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> PriceQueries for Session<C> {
    async fn prices_of(
        &self,
        variants: &[VariantId],
        currencies: &[Currency],
        moment: Timestamp,
    ) -> Result<Vec<PriceRow>, StorageError> {
        let in_currency = price::Column::Currency.is_in(currencies.iter().map(|it| it.code()));
        let mut prices = Vec::with_capacity(variants.len());
        for ids in distinct(variants).chunks(CHUNK) {
            let find = of_variants(ids).filter(in_currency.clone()).filter(has_not_ended(moment));
            prices.extend(self.rows(find).await?);
        }
        Ok(prices)
    }

    async fn all_prices_of(&self, variants: &[VariantId], moment: Timestamp) -> Result<Vec<PriceRow>, StorageError> {
        let mut prices = Vec::with_capacity(variants.len());
        for ids in distinct(variants).chunks(CHUNK) {
            prices.extend(self.rows(of_variants(ids).filter(has_not_ended(moment))).await?);
        }
        Ok(prices)
    }

    async fn price_views(&self) -> Result<BTreeSet<PriceView>, StorageError> {
        let found = price::Entity::find()
            .select_only()
            .columns([price::Column::Currency, price::Column::Scope])
            .distinct()
            .into_tuple::<(String, Option<Document<PriceScope>>)>()
            .all(&self.conn)
            .await;
        let views = self.all(found, |(currency, scope)| {
            let scope = scope.map(|it| it.0).unwrap_or_default();
            Ok(PriceView::of(currency_of(&currency)?, &scope))
        })?;
        Ok(views.into_iter().flatten().collect())
    }

    async fn price_versions(
        &self,
        variants: &[VariantId],
        currencies: &[Currency],
        since: Timestamp,
    ) -> Result<Vec<Version<PriceRow>>, StorageError> {
        let codes = || currencies.iter().map(|it| it.code());
        let mut versions = Vec::new();
        for ids in distinct(variants).chunks(CHUNK) {
            let now = of_variants(ids).filter(price::Column::Currency.is_in(codes())).filter(has_not_ended(since));
            versions.extend(self.all(now.all(&self.conn).await, version_from_row)?);
            let then = price_history::Entity::find()
                .filter(price_history::Column::VariantId.is_in(ids.iter().copied()))
                .filter(price_history::Column::Currency.is_in(codes()))
                .filter(price_history::Column::ReplacedAt.gt(since));
            versions.extend(self.all(then.all(&self.conn).await, version_from_history)?);
        }
        Ok(versions)
    }

    async fn price_list_versions(&self, since: Timestamp) -> Result<Vec<Version<PriceList>>, StorageError> {
        self.list_versions(since).await
    }

    async fn prices_by_id(&self, ids: &[PriceId]) -> Result<Vec<PriceRow>, StorageError> {
        let mut prices = Vec::with_capacity(ids.len());
        for ids in distinct(ids).chunks(CHUNK) {
            prices.extend(self.rows(price::Entity::find().filter(price::Column::Id.is_in(ids.iter().copied()))).await?);
        }
        Ok(prices)
    }

    async fn prices(
        &self,
        filter: &PriceFilter,
        page: &PageRequest<PriceCursor>,
    ) -> Result<Page<PriceRow>, StorageError> {
        let is_forward = page.direction == Direction::Forward;
        let mut find = price::Entity::find().limit(u64::from(page.size.get()) + 1);
        if let Some(id) = filter.variant_id {
            find = find.filter(price::Column::VariantId.eq(id.uuid()));
        }
        if let Some(id) = filter.list_id {
            find = find.filter(price::Column::ListId.eq(id.uuid()));
        }
        if let Some(PriceCursor(id)) = page.cursor {
            let id = id.uuid();
            find = find.filter(if is_forward { price::Column::Id.lt(id) } else { price::Column::Id.gt(id) });
        }
        let find = find.order_by(price::Column::Id, if is_forward { Order::Desc } else { Order::Asc });
        Ok(Page::from_rows(self.rows(find).await?, page))
    }

    async fn price_list(&self, id: PriceListId) -> Result<Option<StoredPriceList>, StorageError> {
        self.find_price_list(id).await
    }

    async fn price_lists(&self, page: &PageRequest<PriceListCursor>) -> Result<Page<StoredPriceList>, StorageError> {
        self.page_of_price_lists(page).await
    }

    async fn price_list_count(&self) -> Result<u64, StorageError> {
        self.count_price_lists().await
    }

    async fn told_until(&self) -> Result<Timestamp, StorageError> {
        self.moment(price_moment::Entity::find_by_id(MOMENT)).await
    }

    async fn products_repriced_in(&self, period: Window) -> Result<BTreeSet<ProductId>, StorageError> {
        let is_within = |column: price::Column| {
            Condition::all()
                .add(column.is_not_null())
                .add_option(period.from.map(|it| column.gte(it)))
                .add_option(period.until.map(|it| column.lt(it)))
        };
        let begins_or_ends =
            Condition::any().add(is_within(price::Column::StartsAt)).add(is_within(price::Column::EndsAt));
        self.products_with(begins_or_ends).await
    }

    async fn products_of_lists(&self, lists: &[PriceListId]) -> Result<BTreeSet<ProductId>, StorageError> {
        self.products_with(Condition::all().add(price::Column::ListId.is_in(distinct(lists)))).await
    }
}

/// The only row of `price_moment`.
const MOMENT: i32 = 1;

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    async fn moment(&self, find: Select<price_moment::Entity>) -> Result<Timestamp, StorageError> {
        let found = self.one(find.one(&self.conn).await, |it| Ok(it.told_until))?;
        found.ok_or_else(|| self.refuse(StorageError::Corrupt("the moment of prices is missing".to_owned())))
    }

    /// The products with such a price.
    async fn products_with(&self, is_such: Condition) -> Result<BTreeSet<ProductId>, StorageError> {
        let of_prices =
            price::Entity::find().select_only().column(price::Column::VariantId).filter(is_such).into_query();
        let products = variant::Entity::find()
            .select_only()
            .column(variant::Column::ProductId)
            .distinct()
            .filter(variant::Column::Id.in_subquery(of_prices))
            .into_tuple::<Uuid>()
            .all(&self.conn)
            .await;
        Ok(products.map_err(|it| self.failed(it))?.into_iter().map(ProductId::from_uuid).collect())
    }

    async fn rows(&self, find: Select<price::Entity>) -> Result<Vec<PriceRow>, StorageError> {
        self.all(find.into_partial_model::<PriceColumns>().all(&self.conn).await, PriceColumns::into_row)
    }
}

/// The columns that make a price.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "price::Entity")]
struct PriceColumns {
    id: Uuid,
    variant_id: Uuid,
    currency: String,
    list_id: Option<Uuid>,
    scope: Option<Document<PriceScope>>,
    amount: i64,
    compare_at: Option<i64>,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

impl PriceColumns {
    fn into_row(self) -> Result<PriceRow, StorageError> {
        let currency = currency_of(&self.currency)?;
        Ok(PriceRow {
            id: PriceId::from_uuid(self.id),
            variant_id: VariantId::from_uuid(self.variant_id),
            list_id: self.list_id.map(PriceListId::from_uuid),
            amount: Money::new(self.amount, currency),
            compare_at: self.compare_at.map(|it| Money::new(it, currency)),
            scope: self.scope.map(|it| it.0).unwrap_or_default(),
            window: Window { from: self.starts_at, until: self.ends_at },
        })
    }
}

fn currency_of(code: &str) -> Result<Currency, StorageError> {
    parse_currency(code).map_err(|it| StorageError::Corrupt(it.to_string()))
}

fn version_from_row(it: price::Model) -> Result<Version<PriceRow>, StorageError> {
    let price::Model { id, variant_id, currency, list_id, scope, amount, compare_at, starts_at, ends_at, .. } = it;
    let columns = PriceColumns { id, variant_id, currency, list_id, scope, amount, compare_at, starts_at, ends_at };
    Ok(Version { value: columns.into_row()?, recorded: Window { from: Some(it.recorded_at), until: None } })
}

fn version_from_history(it: price_history::Model) -> Result<Version<PriceRow>, StorageError> {
    let price_history::Model { price_id, variant_id, currency, list_id, scope, amount, compare_at, .. } = it;
    let columns = PriceColumns {
        id: price_id,
        variant_id,
        currency,
        list_id,
        scope,
        amount,
        compare_at,
        starts_at: it.starts_at,
        ends_at: it.ends_at,
    };
    let recorded = Window { from: Some(it.recorded_at), until: Some(it.replaced_at) };
    Ok(Version { value: columns.into_row()?, recorded })
}

fn of_variants(ids: &[Uuid]) -> Select<price::Entity> {
    price::Entity::find().filter(price::Column::VariantId.is_in(ids.iter().copied()))
}

fn has_not_ended(moment: Timestamp) -> Condition {
    Condition::any().add(price::Column::EndsAt.is_null()).add(price::Column::EndsAt.gt(moment))
}

fn to_row(it: &PriceRow, now: Timestamp) -> price::ActiveModel {
    price::ActiveModel {
        id: Set(it.id.uuid()),
        variant_id: Set(it.variant_id.uuid()),
        currency: Set(it.amount.currency().code().to_owned()),
        key: Set(key_of(it)),
        list_id: Set(it.list_id.map(|it| it.uuid())),
        scope: Set((it.scope != PriceScope::default()).then(|| Document(it.scope.clone()))),
        amount: Set(it.amount.minor()),
        compare_at: Set(it.compare_at.map(Money::minor)),
        starts_at: Set(it.window.from),
        ends_at: Set(it.window.until),
        recorded_at: Set(now),
        version: Set(1),
    }
}

/// List, market, channel, group and tier, minimum quantity, and the beginning in microseconds: `||||1|` is the base price.
fn key_of(it: &PriceRow) -> String {
    let PriceScope { market, channel, customer_group_id, loyalty_tier_id, minimum_quantity } = &it.scope;
    format!(
        "{}|{}|{}|{}{}|{minimum_quantity}|{}",
        text(it.list_id.as_ref()),
        text(market.as_ref()),
        text(channel.as_ref()),
        text(customer_group_id.as_ref()),
        text(loyalty_tier_id.as_ref()),
        text(it.window.from.map(|it| it.timestamp_micros()).as_ref()),
    )
}

fn text<T: ToString>(it: Option<&T>) -> String {
    it.map(ToString::to_string).unwrap_or_default()
}
