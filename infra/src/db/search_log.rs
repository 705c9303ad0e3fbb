//! What is searched for.

use std::collections::BTreeMap;

use async_trait::async_trait;
use comptoir_domain::{
    clock::Timestamp,
    ids::{Id as _, SearchId},
    search::{FeedbackKind, LogEntry, LoggedSearch, ReportKind, ReportLine, ReportRequest, SearchLog},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};

use super::{
    DbStorage,
    entity::search_log,
    session::{CHUNK, storage_error},
};

#[async_trait]
impl SearchLog for DbStorage {
    async fn store(&self, entries: &[LogEntry]) -> Result<(), StorageError> {
        let mut searches = Vec::new();
        let mut feedback: BTreeMap<SearchId, (i32, i32)> = BTreeMap::new();
        for entry in entries {
            match entry {
                LogEntry::Search(search) => searches.push(to_row(search)),
                LogEntry::Feedback(id, FeedbackKind::Click) => feedback.entry(*id).or_default().0 += 1,
                LogEntry::Feedback(id, FeedbackKind::AddToCart) => feedback.entry(*id).or_default().1 += 1,
            }
        }
        let tx = self.transaction().await.map_err(storage_error)?;
        store(&tx, searches, feedback).await.map_err(storage_error)?;
        tx.commit().await.map_err(storage_error)
    }

    async fn prune(&self, before: Timestamp, keep: u64) -> Result<(), StorageError> {
        let reader = self.queries();
        let find = search_log::Entity::find().select_only().column(search_log::Column::SearchedAt);
        let newest_first = find.order_by_desc(search_log::Column::SearchedAt).offset(keep).limit(1);
        let beyond = newest_first.into_tuple::<Timestamp>().one(&reader.conn).await.map_err(storage_error)?;
        let before = beyond.map_or(before, |it| if it < before { before } else { it });
        let tx = self.transaction().await.map_err(storage_error)?;
        let old = search_log::Entity::delete_many().filter(search_log::Column::SearchedAt.lte(before));
        old.exec(&tx).await.map_err(storage_error)?;
        tx.commit().await.map_err(storage_error)
    }

    async fn report(&self, request: &ReportRequest) -> Result<Vec<ReportLine>, StorageError> {
        let found = || search_log::Column::Found.into_expr();
        let is_untouched =
            search_log::Column::Clicks.into_expr().eq(0).and(search_log::Column::AddsToCart.into_expr().eq(0));
        let searches = Expr::expr(Func::count(search_log::Column::Id.into_expr()));
        let zero_results = sum(Expr::case(found().eq(0), 1).finally(0).into());
        let abandoned = sum(Expr::case(found().gt(0).and(is_untouched), 1).finally(0).into());
        let order = match request.kind {
            ReportKind::Popular => searches.clone(),
            ReportKind::ZeroResults => zero_results.clone(),
            ReportKind::Abandoned => abandoned.clone(),
        };
        let mut find = search_log::Entity::find()
            .select_only()
            .column(search_log::Column::Text)
            .expr_as(searches, "searches")
            .expr_as(zero_results, "zero_results")
            .expr_as(abandoned, "abandoned")
            .expr_as(sum(search_log::Column::Clicks.into_expr()), "clicks")
            .expr_as(sum(search_log::Column::AddsToCart.into_expr()), "adds_to_cart")
            .filter(search_log::Column::SearchedAt.gte(request.since))
            .group_by(search_log::Column::Text)
            .having(order.clone().gt(0))
            .order_by_desc(order)
            .order_by_asc(search_log::Column::Text)
            .limit(u64::from(request.limit));
        if let Some(channel) = &request.channel {
            find = find.filter(search_log::Column::Channel.eq(channel.as_str()));
        }
        let rows = find.into_model::<ReportRow>().all(&self.queries().conn).await.map_err(storage_error)?;
        Ok(rows.into_iter().map(ReportRow::line).collect())
    }
}

/// A sum as a number of 64 bits: PostgreSQL's is a decimal otherwise.
fn sum(value: SimpleExpr) -> SimpleExpr {
    Expr::expr(Func::sum(value)).cast_as("bigint")
}

#[derive(FromQueryResult)]
struct ReportRow {
    text: String,
    searches: i64,
    zero_results: i64,
    abandoned: i64,
    clicks: i64,
    adds_to_cart: i64,
}

impl ReportRow {
    fn line(self) -> ReportLine {
        let count = |it: i64| u64::try_from(it).unwrap_or_default();
        ReportLine {
            text: self.text,
            searches: count(self.searches),
            zero_results: count(self.zero_results),
            abandoned: count(self.abandoned),
            clicks: count(self.clicks),
            adds_to_cart: count(self.adds_to_cart),
        }
    }
}

async fn store(
    tx: &DatabaseTransaction,
    searches: Vec<search_log::ActiveModel>,
    feedback: BTreeMap<SearchId, (i32, i32)>,
) -> Result<(), DbErr> {
    let mut searches = searches.into_iter().peekable();
    while searches.peek().is_some() {
        let rows: Vec<_> = searches.by_ref().take(CHUNK).collect();
        search_log::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    for (id, (clicks, adds)) in feedback {
        let add = |column: search_log::Column, more: i32| column.into_expr().add(more);
        search_log::Entity::update_many()
            .col_expr(search_log::Column::Clicks, add(search_log::Column::Clicks, clicks))
            .col_expr(search_log::Column::AddsToCart, add(search_log::Column::AddsToCart, adds))
            .filter(search_log::Column::Id.eq(id.uuid()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

fn to_row(search: &LoggedSearch) -> search_log::ActiveModel {
    search_log::ActiveModel {
        id: Set(search.id.uuid()),
        text: Set(search.text.clone()),
        language: Set(search.language.to_string()),
        channel: Set(search.channel.to_string()),
        found: Set(i64::try_from(search.found).unwrap_or(i64::MAX)),
        searched_at: Set(search.at),
        clicks: Set(0),
        adds_to_cart: Set(0),
    }
}
