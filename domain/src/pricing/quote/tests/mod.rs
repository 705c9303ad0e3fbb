//! What a quote promises: taxes on what promotions leave, and sums of what is shown.

mod properties;
mod taxes;

use super::*;
use crate::{
    ids::Id,
    money::{Currency, Money, Rounding, RoundingLevel},
    pricing::tax::{TaxReason, TaxTreatment, TaxedMoney},
    promotion::{tests::*, *},
};

/// Entered without tax, taxed at a rate.
fn net(rate: &str) -> TaxTreatment {
    TaxTreatment { category: "standard".parse().unwrap(), rate: percent(rate), included: None, reason: TaxReason::Rate }
}

/// Entered with tax of `included`, taxed at a rate.
fn gross(rate: &str, included: &str) -> TaxTreatment {
    TaxTreatment { included: Some(percent(included)), ..net(rate) }
}

fn line(item: Item, tax: TaxTreatment) -> LineToQuote {
    LineToQuote { item, compare_at: None, source: None, tax, components: Vec::new() }
}

fn by(price: i64, tax: DeliveryTax) -> DeliveryToQuote {
    DeliveryToQuote { delivery: delivery(price), tax }
}

/// A cart to be quoted, and what is promised to it.
#[derive(Debug, Clone)]
struct Cart {
    facts: Facts,
    lines: Vec<LineToQuote>,
    deliveries: Vec<DeliveryToQuote>,
    manual: Vec<ManualDiscount>,
    promotions: Vec<Promotion>,
    groups: Vec<PromotionGroup>,
    rounding: RoundingRules,
}

impl Cart {
    fn new(lines: Vec<LineToQuote>, promotions: Vec<Promotion>) -> Self {
        Self {
            facts: Facts::new(noon(), Currency::EUR),
            lines,
            deliveries: Vec::new(),
            manual: Vec::new(),
            promotions,
            groups: Vec::new(),
            rounding: RoundingRules::default(),
        }
    }

    fn quote(&self) -> Quote {
        let set = PromotionSet::new(self.promotions.clone(), self.groups.clone());
        let request = QuoteRequest {
            facts: &self.facts,
            lines: &self.lines,
            deliveries: &self.deliveries,
            manual: &self.manual,
            rounding: self.rounding,
        };
        quote(&request, &set).unwrap()
    }
}

/// Net, tax and gross in minor units.
fn parts(amount: TaxedMoney) -> (i64, i64, i64) {
    (amount.net().minor(), amount.tax().minor(), amount.gross().minor())
}
