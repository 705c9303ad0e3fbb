//! From what is written to actions.

use comptoir_domain::promotion::{Action, ActionKind, QuantityTier, SpendTier};

use super::{
    super::{
        super::{
            error::{Path, Refusal},
            id::parse_id,
        },
        amount::{parse_amounts, parse_factor, parse_percent},
        condition_input::parse_each,
    },
    PromotionActionInput, PromotionBundlePriceInput, PromotionBuyGetInput, PromotionDeliveryPriceInput,
    PromotionFixedAmountInput, PromotionGiftInput, PromotionNthItemInput, PromotionPercentageInput,
    PromotionPointsMultiplierInput, PromotionQuantityTierInput, PromotionSlot, PromotionSpendTierInput,
    PromotionTieredQuantityInput, PromotionTieredSpendInput, PromotionUnitPriceInput, parse_cap, parse_method,
};

impl PromotionActionInput {
    /// The action, or what is wrong with it. `at` is the action's place.
    pub(in super::super) fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let below = |name: &str| at.clone().field(name);
        match self {
            Self::Percentage(it) => it.parse(&below("percentage")),
            Self::FixedAmount(it) => it.parse(&below("fixedAmount")),
            Self::UnitPrice(it) => it.parse(&below("unitPrice")),
            Self::BundlePrice(it) => it.parse(&below("bundlePrice")),
            Self::NthItem(it) => it.parse(&below("nthItem")),
            Self::BuyGet(it) => it.parse(&below("buyGet")),
            Self::TieredSpend(it) => it.parse(&below("tieredSpend")),
            Self::TieredQuantity(it) => it.parse(&below("tieredQuantity")),
            Self::Gift(it) => it.parse(&below("gift")),
            Self::DeliveryPrice(it) => it.parse(&below("deliveryPrice")),
            Self::PointsMultiplier(it) => it.parse(&below("pointsMultiplier")),
        }
    }
}

impl PromotionPercentageInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let target = self.target.parse(&at.clone().field("target"))?;
        let percent = parse_percent(&self.percent, at.clone().field("percent"))?;
        Ok(Action { kind: ActionKind::Percentage { target, percent }, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionFixedAmountInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let target = self.target.parse(&at.clone().field("target"))?;
        let amount = parse_amounts(&self.amounts, &at.clone().field("amounts"))?;
        let kind = ActionKind::FixedAmount { target, amount, spread: self.spread.into() };
        Ok(Action { kind, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionUnitPriceInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let items = self.items.parse(&at.clone().field("items"))?;
        let price = parse_amounts(&self.prices, &at.clone().field("prices"))?;
        Ok(Action { kind: ActionKind::UnitPrice { items, price }, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionBundlePriceInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let slot = |(index, it): (usize, PromotionSlot)| it.parse(&at.clone().field("slots").index(index));
        let slots = self.slots.into_iter().enumerate().map(slot).collect::<Result<_, _>>()?;
        let price = parse_amounts(&self.prices, &at.clone().field("prices"))?;
        let kind = ActionKind::BundlePrice { slots, price, deal: self.deal.into() };
        Ok(Action { kind, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionNthItemInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let items = self.items.parse(&at.clone().field("items"))?;
        let benefit = self.benefit.parse(&at.clone().field("benefit"))?;
        let kind = ActionKind::NthItem { items, nth: self.nth, benefit, deal: self.deal.into() };
        Ok(Action { kind, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionBuyGetInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let buy = self.buy.parse(&at.clone().field("buy"))?;
        let get = self.get.parse(&at.clone().field("get"))?;
        let benefit = self.benefit.parse(&at.clone().field("benefit"))?;
        let kind = ActionKind::BuyGet { buy, get, benefit, deal: self.deal.into() };
        Ok(Action { kind, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionTieredSpendInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let target = self.target.parse(&at.clone().field("target"))?;
        let tier = |(index, it): (usize, PromotionSpendTierInput)| {
            let at = |field| at.clone().field("tiers").index(index).field(field);
            let from = parse_amounts(&it.from, &at("from"))?;
            Ok(SpendTier { from, benefit: it.benefit.parse(at("benefit"))? })
        };
        let tiers = self.tiers.into_iter().enumerate().map(tier).collect::<Result<_, Refusal>>()?;
        Ok(Action { kind: ActionKind::TieredSpend { target, tiers }, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionTieredQuantityInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let target = self.target.parse(&at.clone().field("target"))?;
        let tier = |(index, it): (usize, PromotionQuantityTierInput)| {
            let at = at.clone().field("tiers").index(index).field("benefit");
            Ok(QuantityTier { from: it.from, benefit: it.benefit.parse(at)? })
        };
        let tiers = self.tiers.into_iter().enumerate().map(tier).collect::<Result<_, Refusal>>()?;
        Ok(Action { kind: ActionKind::TieredQuantity { target, tiers }, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionGiftInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let variant_id = parse_id(&self.variant_id, at.clone().field("variantId"))?;
        let kind = ActionKind::Gift { variant_id, quantity: self.quantity, offer: self.offer.into() };
        Ok(Action::of(kind))
    }
}

impl PromotionDeliveryPriceInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let methods = parse_each(self.methods, &at.clone().field("methods"), parse_method)?;
        let price = parse_amounts(&self.prices, &at.clone().field("prices"))?;
        Ok(Action { kind: ActionKind::DeliveryPrice { methods, price }, cap: parse_cap(self.cap, at)? })
    }
}

impl PromotionPointsMultiplierInput {
    fn parse(self, at: &Path) -> Result<Action, Refusal> {
        let items = self.items.parse(&at.clone().field("items"))?;
        let factor = parse_factor(&self.factor, at.clone().field("factor"))?;
        Ok(Action::of(ActionKind::PointsMultiplier { items, factor }))
    }
}
