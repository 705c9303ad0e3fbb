//! Actions, as they are read.

use async_graphql::{ID, SimpleObject};
use comptoir_domain::promotion::{Action, ActionKind, Benefit, Cap, QuantityTier, SpendTier, Target, TierBenefit};

use super::{
    super::{id::to_id, money::Money, scalar::Decimal},
    action_input::{GiftOffer, PromotionDeal, PromotionSlot, PromotionSpread},
    amount::{to_amounts, to_percent},
    condition::texts,
    items::PromotionItems,
};

/// What an amount is taken off: one of these.
#[derive(Default, SimpleObject)]
struct PromotionTarget {
    /// Off the lines of these items, each by itself, unit by unit.
    lines: Option<PromotionItems>,
    /// Off the sum of these items, each line bearing its share.
    order: Option<PromotionItems>,
    /// Off deliveries by these methods, by code; empty: by any.
    delivery: Option<Vec<String>>,
}

/// How far an action goes at most; null: no limit.
#[derive(SimpleObject)]
struct PromotionCap {
    /// It takes off no more than this altogether: one amount for each currency.
    amounts: Option<Vec<Money>>,
    /// It makes no more units cheaper than this.
    units: Option<u32>,
    /// It makes no more units of a line cheaper than this.
    units_per_line: Option<u32>,
}

/// How much cheaper a unit becomes: one of these.
#[derive(Default, SimpleObject)]
struct PromotionBenefit {
    /// By a percentage; `"100"`: it is free.
    percent: Option<Decimal>,
    /// By an amount, never more than it costs; one for each currency.
    amounts: Option<Vec<Money>>,
    /// It costs this, where it costs more; one price for each currency.
    prices: Option<Vec<Money>>,
}

/// What a tier takes off: one of these.
#[derive(Default, SimpleObject)]
struct PromotionTierBenefit {
    /// A percentage.
    percent: Option<Decimal>,
    /// An amount, once, shared by what lines cost; one for each currency.
    amounts: Option<Vec<Money>>,
}

/// What is taken off from an amount on.
#[derive(SimpleObject)]
struct PromotionSpendTier {
    /// From what amount on; that amount belongs to it. One for each currency.
    from: Vec<Money>,
    /// What is taken off.
    benefit: PromotionTierBenefit,
}

/// What is taken off from a number of units on.
#[derive(SimpleObject)]
struct PromotionQuantityTier {
    /// From how many on; that number belongs to it.
    from: u32,
    /// What is taken off.
    benefit: PromotionTierBenefit,
}

/// Takes a percentage off.
#[derive(SimpleObject)]
struct PromotionPercentage {
    /// Off what.
    target: PromotionTarget,
    /// How much.
    percent: Decimal,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Takes an amount off, never more than there is.
#[derive(SimpleObject)]
struct PromotionFixedAmount {
    /// Off what.
    target: PromotionTarget,
    /// How much: one amount for each currency.
    amounts: Vec<Money>,
    /// Off each one, or off all together.
    spread: PromotionSpread,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Sets what one unit costs, where it costs more.
#[derive(SimpleObject)]
struct PromotionUnitPrice {
    /// Of which items.
    items: PromotionItems,
    /// To what: one price for each currency.
    prices: Vec<Money>,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Sets what some units cost together.
#[derive(SimpleObject)]
struct PromotionBundlePrice {
    /// What a set is made of; at most 6.
    slots: Vec<PromotionSlot>,
    /// What a set costs: one price for each currency.
    prices: Vec<Money>,
    /// How units are chosen.
    deal: PromotionDeal,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Makes each nth unit cheaper.
#[derive(SimpleObject)]
struct PromotionNthItem {
    /// Of which items.
    items: PromotionItems,
    /// Which: with 2, every second one.
    nth: u32,
    /// How much cheaper.
    benefit: PromotionBenefit,
    /// How units are chosen.
    deal: PromotionDeal,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Makes some units cheaper for having others.
#[derive(SimpleObject)]
struct PromotionBuyGet {
    /// What one must have.
    buy: PromotionSlot,
    /// What is made cheaper.
    get: PromotionSlot,
    /// How much cheaper.
    benefit: PromotionBenefit,
    /// How units are chosen.
    deal: PromotionDeal,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Takes off more, the more is spent.
#[derive(SimpleObject)]
struct PromotionTieredSpend {
    /// Off what, and what counts.
    target: PromotionTarget,
    /// The tiers, the lowest first; at most 50.
    tiers: Vec<PromotionSpendTier>,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Takes off more, the more units there are.
#[derive(SimpleObject)]
struct PromotionTieredQuantity {
    /// Off what, and what counts.
    target: PromotionTarget,
    /// The tiers, the lowest first; at most 50.
    tiers: Vec<PromotionQuantityTier>,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Adds something for nothing.
#[derive(SimpleObject)]
struct PromotionGift {
    /// What.
    variant_id: ID,
    /// How many.
    quantity: u32,
    /// Whether it is added, or has to be asked for.
    offer: GiftOffer,
}

/// Sets what a delivery costs, where it costs more.
#[derive(SimpleObject)]
struct PromotionDeliveryPrice {
    /// By which methods, by code; empty: by any.
    methods: Vec<String>,
    /// To what: one price for each currency.
    prices: Vec<Money>,
    /// How far it goes.
    cap: Option<PromotionCap>,
}

/// Multiplies the points that items earn.
#[derive(SimpleObject)]
struct PromotionPointsMultiplier {
    /// Of which items.
    items: PromotionItems,
    /// By what.
    factor: Decimal,
}

/// What a promotion does: one of these; the others are null.
#[derive(Default, SimpleObject)]
pub(super) struct PromotionAction {
    /// Takes a percentage off.
    percentage: Option<PromotionPercentage>,
    /// Takes an amount off.
    fixed_amount: Option<PromotionFixedAmount>,
    /// Sets what one unit costs.
    unit_price: Option<PromotionUnitPrice>,
    /// Sets what some units cost together.
    bundle_price: Option<PromotionBundlePrice>,
    /// Makes each nth unit cheaper.
    nth_item: Option<PromotionNthItem>,
    /// Makes some units cheaper for having others.
    buy_get: Option<PromotionBuyGet>,
    /// Takes off more, the more is spent.
    tiered_spend: Option<PromotionTieredSpend>,
    /// Takes off more, the more units there are.
    tiered_quantity: Option<PromotionTieredQuantity>,
    /// Adds something for nothing.
    gift: Option<PromotionGift>,
    /// Sets what a delivery costs.
    delivery_price: Option<PromotionDeliveryPrice>,
    /// Multiplies points.
    points_multiplier: Option<PromotionPointsMultiplier>,
}

impl From<&Action> for PromotionAction {
    fn from(action: &Action) -> Self {
        let mut it = Self::default();
        let cap = (action.cap != Cap::default()).then(|| PromotionCap::from(&action.cap));
        match &action.kind {
            ActionKind::Percentage { target, percent } => {
                let (target, percent) = (target.into(), to_percent(*percent));
                it.percentage = Some(PromotionPercentage { target, percent, cap });
            }
            ActionKind::FixedAmount { target, amount, spread } => {
                let (target, amounts, spread) = (target.into(), to_amounts(amount), (*spread).into());
                it.fixed_amount = Some(PromotionFixedAmount { target, amounts, spread, cap });
            }
            ActionKind::UnitPrice { items, price } => {
                it.unit_price = Some(PromotionUnitPrice { items: items.into(), prices: to_amounts(price), cap });
            }
            ActionKind::BundlePrice { slots, price, deal } => {
                let slots = slots.iter().map(Into::into).collect();
                let (prices, deal) = (to_amounts(price), (*deal).into());
                it.bundle_price = Some(PromotionBundlePrice { slots, prices, deal, cap });
            }
            ActionKind::NthItem { items, nth, benefit, deal } => {
                let (items, benefit, deal) = (items.into(), benefit.into(), (*deal).into());
                it.nth_item = Some(PromotionNthItem { items, nth: *nth, benefit, deal, cap });
            }
            ActionKind::BuyGet { buy, get, benefit, deal } => {
                let (buy, get, benefit, deal) = (buy.into(), get.into(), benefit.into(), (*deal).into());
                it.buy_get = Some(PromotionBuyGet { buy, get, benefit, deal, cap });
            }
            ActionKind::TieredSpend { target, tiers } => {
                let tiers = tiers.iter().map(Into::into).collect();
                it.tiered_spend = Some(PromotionTieredSpend { target: target.into(), tiers, cap });
            }
            ActionKind::TieredQuantity { target, tiers } => {
                let tiers = tiers.iter().map(Into::into).collect();
                it.tiered_quantity = Some(PromotionTieredQuantity { target: target.into(), tiers, cap });
            }
            ActionKind::Gift { variant_id, quantity, offer } => {
                let (variant_id, quantity, offer) = (to_id(*variant_id), *quantity, (*offer).into());
                it.gift = Some(PromotionGift { variant_id, quantity, offer });
            }
            ActionKind::DeliveryPrice { methods, price } => {
                let (methods, prices) = (texts(methods), to_amounts(price));
                it.delivery_price = Some(PromotionDeliveryPrice { methods, prices, cap });
            }
            ActionKind::PointsMultiplier { items, factor } => {
                let factor = Decimal(factor.normalize().to_string());
                it.points_multiplier = Some(PromotionPointsMultiplier { items: items.into(), factor });
            }
        }
        it
    }
}

impl From<&Target> for PromotionTarget {
    fn from(target: &Target) -> Self {
        match target {
            Target::Lines(items) => Self { lines: Some(items.into()), ..Self::default() },
            Target::Order(items) => Self { order: Some(items.into()), ..Self::default() },
            Target::Delivery(methods) => Self { delivery: Some(texts(methods)), ..Self::default() },
        }
    }
}

impl From<&Cap> for PromotionCap {
    fn from(cap: &Cap) -> Self {
        let Cap { amount, units, units_per_line } = cap;
        Self { amounts: amount.as_ref().map(to_amounts), units: *units, units_per_line: *units_per_line }
    }
}

impl From<&Benefit> for PromotionBenefit {
    fn from(benefit: &Benefit) -> Self {
        match benefit {
            Benefit::Percentage(it) => Self { percent: Some(to_percent(*it)), ..Self::default() },
            Benefit::AmountOff(it) => Self { amounts: Some(to_amounts(it)), ..Self::default() },
            Benefit::Price(it) => Self { prices: Some(to_amounts(it)), ..Self::default() },
        }
    }
}

impl From<&TierBenefit> for PromotionTierBenefit {
    fn from(benefit: &TierBenefit) -> Self {
        match benefit {
            TierBenefit::Percentage(it) => Self { percent: Some(to_percent(*it)), ..Self::default() },
            TierBenefit::Amount(it) => Self { amounts: Some(to_amounts(it)), ..Self::default() },
        }
    }
}

impl From<&SpendTier> for PromotionSpendTier {
    fn from(tier: &SpendTier) -> Self {
        Self { from: to_amounts(&tier.from), benefit: (&tier.benefit).into() }
    }
}

impl From<&QuantityTier> for PromotionQuantityTier {
    fn from(tier: &QuantityTier) -> Self {
        Self { from: tier.from, benefit: (&tier.benefit).into() }
    }
}
