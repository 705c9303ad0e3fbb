//! What the selection of prices promises.

mod history;
mod properties;
mod selection;

use chrono::{DateTime, Duration};
use uuid::Uuid;

use super::*;
use crate::{
    clock::{Timestamp, Window},
    ids::{CustomerGroupId, Id, LoyaltyTierId, PriceId, PriceListId, VariantId},
    money::{Currency, Money},
};

pub(super) fn variant() -> VariantId {
    VariantId::from_uuid(Uuid::from_u128(1))
}

fn group(n: u128) -> CustomerGroupId {
    CustomerGroupId::from_uuid(Uuid::from_u128(n))
}

fn list_id(n: u128) -> PriceListId {
    PriceListId::from_uuid(Uuid::from_u128(n))
}

/// So many days after the beginning of 2026.
fn day(n: i64) -> Timestamp {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap() + Duration::days(n)
}

fn between(from: i64, until: i64) -> Window {
    Window { from: Some(day(from)), until: Some(day(until)) }
}

/// A base price for everybody, in zloty, the currency of Medusa's cases.
fn row(n: u128, amount: i64) -> PriceRow {
    PriceRow {
        id: PriceId::from_uuid(Uuid::from_u128(n)),
        variant_id: variant(),
        list_id: None,
        amount: Money::new(amount, Currency::PLN),
        compare_at: None,
        scope: PriceScope::default(),
        window: Window::ALWAYS,
    }
}

fn in_market(row: PriceRow, market: &str) -> PriceRow {
    PriceRow { scope: PriceScope { market: Some(market.parse().unwrap()), ..row.scope }, ..row }
}

fn for_group(row: PriceRow, n: u128) -> PriceRow {
    PriceRow { scope: PriceScope { customer_group_id: Some(group(n)), ..row.scope }, ..row }
}

fn from_quantity(row: PriceRow, minimum_quantity: u32) -> PriceRow {
    PriceRow { scope: PriceScope { minimum_quantity, ..row.scope }, ..row }
}

fn in_list(row: PriceRow, n: u128) -> PriceRow {
    PriceRow { list_id: Some(list_id(n)), ..row }
}

fn list(n: u128, list_type: PriceListType, priority: i32) -> PriceList {
    PriceList {
        id: list_id(n),
        name: format!("list {n}"),
        list_type,
        priority,
        selection: PriceSelection::Specificity,
        window: Window::ALWAYS,
        is_paused: false,
    }
}

fn context() -> PriceContext {
    PriceContext {
        currency: Currency::PLN,
        market: None,
        channel: None,
        customer_group_ids: Vec::new(),
        loyalty_tier_id: None,
        at: day(0),
    }
}

fn pricing(lists: &[PriceList], context: PriceContext) -> Pricing {
    Pricing { lists: PriceLists::new(lists.to_vec()).into(), context }
}

/// What was so all the time.
fn always<T: Clone>(values: &[T]) -> Vec<Version<T>> {
    values.iter().map(|it| Version { value: it.clone(), recorded: Window::ALWAYS }).collect()
}

fn select(rows: &[PriceRow], lists: &[PriceList], context: &PriceContext, quantity: u32) -> Option<SelectedPrice> {
    pricing(lists, context.clone()).select(rows, quantity)
}
