//! Rates of tax: for which category, where and when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{channel::Country, codes::TaxCategory, money::Percentage};

/// Where a rate applies: a country, or a region of it that has rates of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaxZone {
    /// The country.
    pub country: Country,
    /// The region, by the name that addresses have; none: all of the country that has no rates of its own.
    pub region: Option<String>,
}

impl TaxZone {
    /// All of a country.
    #[must_use]
    pub fn country(country: Country) -> Self {
        Self { country, region: None }
    }
}

/// A rate of tax, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRate {
    /// Where.
    pub zone: TaxZone,
    /// For what.
    pub category: TaxCategory,
    /// How much.
    pub rate: Percentage,
    /// The first day it holds.
    pub from: Option<NaiveDate>,
    /// The first day it no longer holds. A later rate of the same zone and category ends it too.
    pub until: Option<NaiveDate>,
    /// Who says so.
    pub source: String,
}

impl TaxRate {
    /// Whether it holds on that day.
    pub(super) fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|it| it <= day) && self.until.is_none_or(|it| day < it)
    }
}
