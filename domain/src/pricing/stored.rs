//! Price lists and prices as staff keeps them.

use super::{PriceList, PriceListType, PriceRow, PriceSelection};
use crate::{
    clock::{Timestamp, Window, to_micros},
    ids::{PriceId, PriceListId, VariantId},
};

/// A price list with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPriceList {
    /// What it does.
    pub list: PriceList,
    /// Grows with each change, from 1.
    pub version: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The place of a list among others: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PriceListCursor {
    /// When it was created.
    pub created_at: Timestamp,
    /// Which of those created then.
    pub id: PriceListId,
}

impl PriceListCursor {
    /// The place of `stored`.
    #[must_use]
    pub fn of(stored: &StoredPriceList) -> Self {
        Self { created_at: stored.created_at, id: stored.list.id }
    }
}

/// Which prices a list has; what is not set does not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PriceFilter {
    /// Only of this variant.
    pub variant_id: Option<VariantId>,
    /// Only of this list.
    pub list_id: Option<PriceListId>,
}

/// The place of a price among others: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PriceCursor(pub PriceId);

impl PriceCursor {
    /// The place of `row`.
    #[must_use]
    pub fn of(row: &PriceRow) -> Self {
        Self(row.id)
    }
}

/// What staff says of a price list. What is none stays as it is; in a new one it is the usual.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceListDraft {
    /// What it is called.
    pub name: Option<String>,
    /// What its prices do to those they replace; usually they are the prices.
    pub list_type: Option<PriceListType>,
    /// Which list comes first; usually 0.
    pub priority: Option<i32>,
    /// Which of its own prices it gives.
    pub selection: Option<PriceSelection>,
    /// When it begins; usually it has begun.
    pub starts_at: Option<Option<Timestamp>>,
    /// When it is over; usually never.
    pub ends_at: Option<Option<Timestamp>>,
    /// Whether it is paused; it usually is not.
    pub is_paused: Option<bool>,
}

impl PriceListDraft {
    /// A new list.
    #[must_use]
    pub fn into_list(self, id: PriceListId) -> PriceList {
        let mut list = PriceList {
            id,
            name: String::new(),
            list_type: PriceListType::Override,
            priority: 0,
            selection: PriceSelection::Specificity,
            window: Window::ALWAYS,
            is_paused: false,
        };
        self.apply(&mut list);
        list
    }

    /// Changes a list.
    pub fn apply(self, list: &mut PriceList) {
        set(&mut list.name, self.name);
        set(&mut list.list_type, self.list_type);
        set(&mut list.priority, self.priority);
        set(&mut list.selection, self.selection);
        set(&mut list.window.from, self.starts_at.map(|it| it.map(to_micros)));
        set(&mut list.window.until, self.ends_at.map(|it| it.map(to_micros)));
        set(&mut list.is_paused, self.is_paused);
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
