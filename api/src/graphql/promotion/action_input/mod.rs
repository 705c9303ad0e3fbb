//! Actions, as they are written.

mod parse;

use async_graphql::{Enum, ID, InputObject, OneofObject, SimpleObject};
use comptoir_domain::{
    channel::{ChannelError, DeliveryMethodCode},
    promotion::{self, Benefit, Cap, Deal, Slot, Target, TierBenefit},
};

use super::{
    super::{
        error::{ErrorCode, Path, Refusal, UserError},
        money::MoneyInput,
        scalar::Decimal,
    },
    amount::{parse_amounts, parse_percent},
    condition_input::parse_each,
    items::PromotionItems,
};

/// How an amount meets several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::Spread")]
pub(super) enum PromotionSpread {
    /// Off each unit; of deliveries, off each one.
    PerUnit,
    /// Off each line.
    PerLine,
    /// Once, shared by what lines cost.
    AcrossByValue,
    /// Once, shared by how many units lines have.
    AcrossByUnits,
}

/// Which units come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::UnitChoice")]
pub(super) enum UnitChoice {
    /// Those that cost least.
    Cheapest,
    /// Those that cost most.
    Dearest,
}

/// How a gift reaches the cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::GiftOffer")]
pub(super) enum GiftOffer {
    /// It is added, and can be refused.
    Added,
    /// It is offered, and added once it is accepted.
    Offered,
}

/// How the units of a deal are chosen.
#[derive(SimpleObject, InputObject)]
#[graphql(input_name = "PromotionDealInput")]
pub(super) struct PromotionDeal {
    /// Which units are made cheaper, where there is a choice. What is bought is chosen the other way round.
    #[graphql(default_with = "UnitChoice::Cheapest")]
    choice: UnitChoice,
    /// How many times at most; null: as often as there are units.
    max_occurrences: Option<u32>,
    /// Whether it may take units that took part in another deal already.
    #[graphql(default)]
    may_share_units: bool,
}

impl Default for PromotionDeal {
    fn default() -> Self {
        Deal::CHEAPEST.into()
    }
}

impl From<Deal> for PromotionDeal {
    fn from(deal: Deal) -> Self {
        let Deal { choice, max_occurrences, may_share_units } = deal;
        Self { choice: choice.into(), max_occurrences, may_share_units }
    }
}

impl From<PromotionDeal> for Deal {
    fn from(deal: PromotionDeal) -> Self {
        let PromotionDeal { choice, max_occurrences, may_share_units } = deal;
        Self { choice: choice.into(), max_occurrences, may_share_units }
    }
}

/// So many units of some items.
#[derive(SimpleObject, InputObject)]
#[graphql(input_name = "PromotionSlotInput")]
pub(super) struct PromotionSlot {
    /// Which items; left out: all.
    #[graphql(default)]
    items: PromotionItems,
    /// How many units.
    #[graphql(default = 1)]
    quantity: u32,
}

impl PromotionSlot {
    fn parse(self, at: &Path) -> Result<Slot, Refusal> {
        Ok(Slot { items: self.items.parse(&at.clone().field("items"))?, quantity: self.quantity })
    }
}

impl From<&Slot> for PromotionSlot {
    fn from(slot: &Slot) -> Self {
        Self { items: (&slot.items).into(), quantity: slot.quantity }
    }
}

/// What an amount is taken off.
#[derive(OneofObject)]
pub(super) enum PromotionTargetInput {
    /// Off the lines of these items, each by itself, unit by unit; `{}`: of all.
    Lines(PromotionItems),
    /// Off the sum of these items, each line bearing its share; `{}`: of all.
    Order(PromotionItems),
    /// Off deliveries by these methods, by code; empty: by any.
    Delivery(Vec<String>),
}

impl PromotionTargetInput {
    fn parse(self, at: &Path) -> Result<Target, Refusal> {
        let at = |field| at.clone().field(field);
        Ok(match self {
            Self::Lines(items) => Target::Lines(items.parse(&at("lines"))?),
            Self::Order(items) => Target::Order(items.parse(&at("order"))?),
            Self::Delivery(methods) => Target::Delivery(parse_each(methods, &at("delivery"), parse_method)?),
        })
    }
}

/// How far an action goes at most. What is left out has no limit.
#[derive(InputObject)]
pub(super) struct PromotionCapInput {
    /// It takes off no more than this altogether: one amount for each currency.
    amounts: Option<Vec<MoneyInput>>,
    /// It makes no more units cheaper than this, the dearest first.
    units: Option<u32>,
    /// It makes no more units of a line cheaper than this, the dearest first.
    units_per_line: Option<u32>,
}

fn parse_cap(cap: Option<PromotionCapInput>, at: &Path) -> Result<Cap, Refusal> {
    let Some(PromotionCapInput { amounts, units, units_per_line }) = cap else { return Ok(Cap::default()) };
    let at = at.clone().field("cap").field("amounts");
    let amount = amounts.map(|it| parse_amounts(&it, &at)).transpose()?;
    Ok(Cap { amount, units, units_per_line })
}

/// How much cheaper a unit becomes.
#[derive(OneofObject)]
pub(super) enum PromotionBenefitInput {
    /// By a percentage; `"100"`: it is free.
    Percent(Decimal),
    /// By an amount, never more than it costs; one for each currency.
    Amounts(Vec<MoneyInput>),
    /// It costs this, where it costs more; one price for each currency.
    Prices(Vec<MoneyInput>),
}

impl PromotionBenefitInput {
    fn parse(self, at: &Path) -> Result<Benefit, Refusal> {
        let at = |field| at.clone().field(field);
        Ok(match self {
            Self::Percent(it) => Benefit::Percentage(parse_percent(&it, at("percent"))?),
            Self::Amounts(it) => Benefit::AmountOff(parse_amounts(&it, &at("amounts"))?),
            Self::Prices(it) => Benefit::Price(parse_amounts(&it, &at("prices"))?),
        })
    }
}

/// What a tier takes off.
#[derive(OneofObject)]
pub(super) enum PromotionTierBenefitInput {
    /// A percentage.
    Percent(Decimal),
    /// An amount, once, shared by what lines cost; one for each currency.
    Amounts(Vec<MoneyInput>),
}

impl PromotionTierBenefitInput {
    fn parse(self, at: Path) -> Result<TierBenefit, Refusal> {
        Ok(match self {
            Self::Percent(it) => TierBenefit::Percentage(parse_percent(&it, at.field("percent"))?),
            Self::Amounts(it) => TierBenefit::Amount(parse_amounts(&it, &at.field("amounts"))?),
        })
    }
}

/// What is taken off from an amount on.
#[derive(InputObject)]
pub(super) struct PromotionSpendTierInput {
    /// From what amount on; that amount belongs to it. One for each currency.
    from: Vec<MoneyInput>,
    /// What is taken off.
    benefit: PromotionTierBenefitInput,
}

/// What is taken off from a number of units on.
#[derive(InputObject)]
pub(super) struct PromotionQuantityTierInput {
    /// From how many on; that number belongs to it.
    from: u32,
    /// What is taken off.
    benefit: PromotionTierBenefitInput,
}

/// Takes a percentage off.
#[derive(InputObject)]
pub(super) struct PromotionPercentageInput {
    /// Off what.
    target: PromotionTargetInput,
    /// How much, such as `"20"`: more than 0, at most 100.
    percent: Decimal,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Takes an amount off, never more than there is.
#[derive(InputObject)]
pub(super) struct PromotionFixedAmountInput {
    /// Off what.
    target: PromotionTargetInput,
    /// How much: one amount for each currency.
    amounts: Vec<MoneyInput>,
    /// Off each one, or off all together.
    #[graphql(default_with = "PromotionSpread::AcrossByValue")]
    spread: PromotionSpread,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Sets what one unit costs, where it costs more.
#[derive(InputObject)]
pub(super) struct PromotionUnitPriceInput {
    /// Of which items; left out: all.
    #[graphql(default)]
    items: PromotionItems,
    /// To what: one price for each currency.
    prices: Vec<MoneyInput>,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Sets what some units cost together.
#[derive(InputObject)]
pub(super) struct PromotionBundlePriceInput {
    /// What a set is made of: 1 to 6 slots.
    slots: Vec<PromotionSlot>,
    /// What a set costs: one price for each currency.
    prices: Vec<MoneyInput>,
    /// How units are chosen.
    #[graphql(default)]
    deal: PromotionDeal,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Makes each nth unit cheaper.
#[derive(InputObject)]
pub(super) struct PromotionNthItemInput {
    /// Of which items; left out: all.
    #[graphql(default)]
    items: PromotionItems,
    /// Which, at least 2: with 2, every second one.
    nth: u32,
    /// How much cheaper.
    benefit: PromotionBenefitInput,
    /// How units are chosen.
    #[graphql(default)]
    deal: PromotionDeal,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Makes some units cheaper for having others. A unit that is bought is never one that is made cheaper.
#[derive(InputObject)]
pub(super) struct PromotionBuyGetInput {
    /// What one must have.
    buy: PromotionSlot,
    /// What is made cheaper.
    get: PromotionSlot,
    /// How much cheaper.
    benefit: PromotionBenefitInput,
    /// How units are chosen.
    #[graphql(default)]
    deal: PromotionDeal,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Takes off more, the more is spent. The tier that is reached holds for the whole amount.
#[derive(InputObject)]
pub(super) struct PromotionTieredSpendInput {
    /// Off what, and what counts.
    target: PromotionTargetInput,
    /// 1 to 50 tiers, the lowest first.
    tiers: Vec<PromotionSpendTierInput>,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Takes off more, the more units there are. The tier that is reached holds for all of them.
#[derive(InputObject)]
pub(super) struct PromotionTieredQuantityInput {
    /// Off what, and what counts.
    target: PromotionTargetInput,
    /// 1 to 50 tiers, the lowest first.
    tiers: Vec<PromotionQuantityTierInput>,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Adds something for nothing.
#[derive(InputObject)]
pub(super) struct PromotionGiftInput {
    /// What.
    variant_id: ID,
    /// How many: 1 to 100.
    #[graphql(default = 1)]
    quantity: u32,
    /// Whether it is added, or has to be asked for.
    #[graphql(default_with = "GiftOffer::Added")]
    offer: GiftOffer,
}

/// Sets what a delivery costs, where it costs more.
#[derive(InputObject)]
pub(super) struct PromotionDeliveryPriceInput {
    /// By which methods, by code; empty: by any.
    #[graphql(default)]
    methods: Vec<String>,
    /// To what: one price for each currency. Nothing: it is free.
    prices: Vec<MoneyInput>,
    /// How far it goes.
    cap: Option<PromotionCapInput>,
}

/// Multiplies the points that items earn.
#[derive(InputObject)]
pub(super) struct PromotionPointsMultiplierInput {
    /// Of which items; left out: all.
    #[graphql(default)]
    items: PromotionItems,
    /// By what, such as `"2.5"`: more than 0, at most 1,000.
    factor: Decimal,
}

/// What a promotion does: exactly one of these.
#[derive(OneofObject)]
#[expect(clippy::large_enum_variant, reason = "there are few, for the time of one command")]
pub(super) enum PromotionActionInput {
    /// Takes a percentage off.
    Percentage(PromotionPercentageInput),
    /// Takes an amount off.
    FixedAmount(PromotionFixedAmountInput),
    /// Sets what one unit costs.
    UnitPrice(PromotionUnitPriceInput),
    /// Sets what some units cost together.
    BundlePrice(PromotionBundlePriceInput),
    /// Makes each nth unit cheaper.
    NthItem(PromotionNthItemInput),
    /// Makes some units cheaper for having others.
    BuyGet(PromotionBuyGetInput),
    /// Takes off more, the more is spent.
    TieredSpend(PromotionTieredSpendInput),
    /// Takes off more, the more units there are.
    TieredQuantity(PromotionTieredQuantityInput),
    /// Adds something for nothing.
    Gift(PromotionGiftInput),
    /// Sets what a delivery costs.
    DeliveryPrice(PromotionDeliveryPriceInput),
    /// Multiplies points.
    PointsMultiplier(PromotionPointsMultiplierInput),
}

fn parse_method(code: String, at: Path) -> Result<DeliveryMethodCode, Refusal> {
    code.parse().map_err(|it: ChannelError| UserError::input(ErrorCode::NotFound, it.to_string(), at).into())
}
