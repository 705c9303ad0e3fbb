//! Price lists: prices that apply together, and come before the base prices.

use serde::{Deserialize, Serialize};

use crate::{
    clock::{Timestamp, Window},
    ids::PriceListId,
};

/// Prices that apply together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList {
    /// Its id.
    pub id: PriceListId,
    /// What staff calls it.
    pub name: String,
    /// What its prices do to those they replace.
    pub list_type: PriceListType,
    /// Which list comes first: the one with the higher priority. Base prices come after all lists.
    pub priority: i32,
    /// Which of its own rows it gives.
    pub selection: PriceSelection,
    /// When it is in force.
    pub window: Window,
    /// Whether staff has paused it.
    pub is_paused: bool,
}

impl PriceList {
    /// Whether its prices hold.
    #[must_use]
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        !self.is_paused && self.window.contains(at)
    }

    /// Whether its prices hold whenever and wherever those of `other` do.
    #[must_use]
    pub fn prices_as(&self, other: &Self) -> bool {
        *self == Self { name: self.name.clone(), ..other.clone() }
    }
}

/// What the prices of a list do to those they replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceListType {
    /// They are reductions: the price replaced is shown beside them, and a row that is not below it is left out.
    Sale,
    /// They are the prices; what they replace is not shown.
    Override,
}

/// Which of the rows that match a list gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceSelection {
    /// The most specific one.
    #[default]
    Specificity,
    /// The lowest one.
    Lowest,
}
