//! Actions: what a promotion does.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ItemFilter;
use crate::{
    channel::DeliveryMethodCode,
    ids::VariantId,
    money::{Amounts, Percentage},
};

/// Something a promotion does, with its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// How far it goes.
    pub cap: Cap,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActionKind {
    /// Takes a percentage off.
    Percentage {
        /// Off what.
        target: Target,
        /// How much.
        percent: Percentage,
    },
    /// Takes an amount off, never more than there is.
    FixedAmount {
        /// Off what.
        target: Target,
        /// How much, in each currency.
        amount: Amounts,
        /// Off each one, or off all together.
        spread: Spread,
    },
    /// Sets what one unit costs, where it costs more.
    UnitPrice {
        /// Of which items.
        items: ItemFilter,
        /// To what, in each currency.
        price: Amounts,
    },
    /// Sets what some units cost together: one set of all slots.
    BundlePrice {
        /// What a set is made of.
        slots: Vec<Slot>,
        /// What a set costs, in each currency.
        price: Amounts,
        /// How units are chosen.
        deal: Deal,
    },
    /// Makes each `nth` unit cheaper: with 2, every second one.
    NthItem {
        /// Of which items.
        items: ItemFilter,
        /// Which, at least 2.
        nth: u32,
        /// How much cheaper.
        benefit: Benefit,
        /// How units are chosen.
        deal: Deal,
    },
    /// Makes some units cheaper for having others. A unit that is bought is never one that is made cheaper.
    BuyGet {
        /// What one must have.
        buy: Slot,
        /// What is made cheaper.
        get: Slot,
        /// How much cheaper.
        benefit: Benefit,
        /// How units are chosen.
        deal: Deal,
    },
    /// Takes off more, the more is spent. The tier that is reached holds for the whole amount.
    TieredSpend {
        /// Off what, and what counts.
        target: Target,
        /// The tiers, the lowest first.
        tiers: Vec<SpendTier>,
    },
    /// Takes off more, the more units there are. The tier that is reached holds for all of them.
    TieredQuantity {
        /// Off what, and what counts.
        target: Target,
        /// The tiers, the lowest first.
        tiers: Vec<QuantityTier>,
    },
    /// Adds something for nothing.
    Gift {
        /// What.
        variant_id: VariantId,
        /// How many.
        quantity: u32,
        /// Whether it is added, or has to be asked for.
        offer: GiftOffer,
    },
    /// Sets what a delivery costs, where it costs more.
    DeliveryPrice {
        /// By which methods; empty: by any.
        methods: Vec<DeliveryMethodCode>,
        /// To what, in each currency.
        price: Amounts,
    },
    /// Multiplies the points that items earn.
    PointsMultiplier {
        /// Of which items.
        items: ItemFilter,
        /// By what.
        factor: Decimal,
    },
}

impl ActionKind {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Percentage { .. } => "percentage",
            Self::FixedAmount { .. } => "fixedAmount",
            Self::UnitPrice { .. } => "unitPrice",
            Self::BundlePrice { .. } => "bundlePrice",
            Self::NthItem { .. } => "nthItem",
            Self::BuyGet { .. } => "buyGet",
            Self::TieredSpend { .. } => "tieredSpend",
            Self::TieredQuantity { .. } => "tieredQuantity",
            Self::Gift { .. } => "gift",
            Self::DeliveryPrice { .. } => "deliveryPrice",
            Self::PointsMultiplier { .. } => "pointsMultiplier",
        }
    }
}

/// What an amount is taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// Off lines, each by itself, unit by unit.
    Lines(ItemFilter),
    /// Off the sum of lines; each line bears its share.
    Order(ItemFilter),
    /// Off deliveries by these methods; empty: by any.
    Delivery(Vec<DeliveryMethodCode>),
}

/// The steps of calculation, in their order. An action belongs to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActionClass {
    /// On lines and units.
    Product,
    /// On the sum of lines.
    Order,
    /// On deliveries.
    Delivery,
}

/// How an amount meets several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Spread {
    /// Off each unit; of deliveries, off each one.
    PerUnit,
    /// Off each line.
    PerLine,
    /// Once, shared by what lines cost.
    AcrossByValue,
    /// Once, shared by how many units lines have.
    AcrossByUnits,
}

/// So many units of some items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Which items.
    pub items: ItemFilter,
    /// How many units.
    pub quantity: u32,
}

/// How much cheaper a unit becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Benefit {
    /// By a percentage; 100: it is free.
    Percentage(Percentage),
    /// By an amount, never more than it costs.
    AmountOff(Amounts),
    /// It costs this, where it costs more.
    Price(Amounts),
}

impl Benefit {
    /// It costs nothing.
    pub const FREE: Self = Self::Percentage(Percentage::HUNDRED);
}

/// How the units of a deal are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Deal {
    /// Which units are made cheaper, where there is a choice. What is bought is chosen the other way round.
    pub choice: UnitChoice,
    /// How many times at most; none: as often as there are units.
    pub max_occurrences: Option<u32>,
    /// Whether it may take units that took part in another deal already.
    pub may_share_units: bool,
}

impl Deal {
    /// As often as there are units, the cheapest ones, each unit once.
    pub const CHEAPEST: Self = Self { choice: UnitChoice::Cheapest, max_occurrences: None, may_share_units: false };
    /// As often as there are units, the dearest ones, each unit once.
    pub const DEAREST: Self = Self { choice: UnitChoice::Dearest, max_occurrences: None, may_share_units: false };
}

/// Which units come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitChoice {
    /// Those that cost least.
    Cheapest,
    /// Those that cost most.
    Dearest,
}

/// What is taken off from an amount on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendTier {
    /// From what amount on, in each currency; that amount belongs to it.
    pub from: Amounts,
    /// What is taken off.
    pub benefit: TierBenefit,
}

/// What is taken off from a number of units on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuantityTier {
    /// From how many on; that number belongs to it.
    pub from: u32,
    /// What is taken off.
    pub benefit: TierBenefit,
}

/// What a tier takes off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TierBenefit {
    /// A percentage.
    Percentage(Percentage),
    /// An amount, once, shared by what lines cost.
    Amount(Amounts),
}

impl TierBenefit {
    fn amount(&self, tier: usize) -> Option<(String, &Amounts)> {
        match self {
            Self::Amount(amount) => Some((format!("tiers[{tier}].benefit.amounts"), amount)),
            Self::Percentage(_) => None,
        }
    }
}

/// How a gift reaches the cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GiftOffer {
    /// It is added, and can be refused.
    Added,
    /// It is offered, and added once it is accepted.
    Offered,
}

/// How far an action goes at most.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cap {
    /// It takes off no more than this altogether, in each currency.
    pub amount: Option<Amounts>,
    /// It makes no more units cheaper than this, the dearest first. A deal chooses its units by its own terms.
    pub units: Option<u32>,
    /// It makes no more units of a line cheaper than this, the dearest first.
    pub units_per_line: Option<u32>,
}

impl Action {
    /// An action without a limit.
    #[must_use]
    pub fn of(kind: ActionKind) -> Self {
        Self { kind, cap: Cap::default() }
    }

    /// The step of calculation it belongs to.
    #[must_use]
    pub fn class(&self) -> ActionClass {
        match &self.kind {
            ActionKind::Percentage { target, .. }
            | ActionKind::FixedAmount { target, .. }
            | ActionKind::TieredSpend { target, .. }
            | ActionKind::TieredQuantity { target, .. } => target.class(),
            ActionKind::UnitPrice { .. }
            | ActionKind::BundlePrice { .. }
            | ActionKind::NthItem { .. }
            | ActionKind::BuyGet { .. } => ActionClass::Product,
            ActionKind::Gift { .. } | ActionKind::PointsMultiplier { .. } => ActionClass::Order,
            ActionKind::DeliveryPrice { .. } => ActionClass::Delivery,
        }
    }

    /// All its amounts, with where they are.
    pub(super) fn amounts(&self) -> Vec<(String, &Amounts)> {
        let mut amounts: Vec<(String, &Amounts)> = match &self.kind {
            ActionKind::FixedAmount { amount, .. } => vec![("amounts".to_owned(), amount)],
            ActionKind::UnitPrice { price, .. }
            | ActionKind::BundlePrice { price, .. }
            | ActionKind::DeliveryPrice { price, .. } => vec![("prices".to_owned(), price)],
            ActionKind::NthItem { benefit, .. } | ActionKind::BuyGet { benefit, .. } => match benefit {
                Benefit::AmountOff(amount) => vec![("benefit.amounts".to_owned(), amount)],
                Benefit::Price(price) => vec![("benefit.prices".to_owned(), price)],
                Benefit::Percentage(_) => Vec::new(),
            },
            ActionKind::TieredSpend { tiers, .. } => tiers
                .iter()
                .enumerate()
                .flat_map(|(index, tier)| {
                    let from = (format!("tiers[{index}].from"), &tier.from);
                    std::iter::once(from).chain(tier.benefit.amount(index))
                })
                .collect(),
            ActionKind::TieredQuantity { tiers, .. } => {
                tiers.iter().enumerate().filter_map(|(index, tier)| tier.benefit.amount(index)).collect()
            }
            ActionKind::Percentage { .. } | ActionKind::Gift { .. } | ActionKind::PointsMultiplier { .. } => Vec::new(),
        };
        amounts.extend(self.cap.amount.iter().map(|it| ("cap.amounts".to_owned(), it)));
        amounts
    }

    /// Whether it matches unit with unit.
    #[must_use]
    pub fn is_deal(&self) -> bool {
        matches!(self.kind, ActionKind::BundlePrice { .. } | ActionKind::NthItem { .. } | ActionKind::BuyGet { .. })
    }
}

impl Target {
    /// The step of calculation that discounts of it belong to.
    #[must_use]
    pub fn class(&self) -> ActionClass {
        match self {
            Self::Lines(_) => ActionClass::Product,
            Self::Order(_) => ActionClass::Order,
            Self::Delivery(_) => ActionClass::Delivery,
        }
    }
}
