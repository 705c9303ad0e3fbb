//! What an action of a promotion would do now: whether it may, and its effect; nothing is done yet.

use super::{
    Action, ActionKind, Facts, Gift, GiftOffer, GiftState, PointsBoost, Rejection,
    apply::{self, Refusal},
    cut::Proposal,
    discount::AMOUNT_MAX,
    gap::gaps,
    set::Member,
    view::View,
};
use crate::{
    ids::{PromotionId, VariantId},
    money::Money,
};

/// What an action does.
pub(super) enum Effect {
    /// Takes something off.
    Off(Proposal),
    /// Gives something away, or would.
    Gift(Gift),
    /// Multiplies points.
    Points(PointsBoost),
}

impl Effect {
    /// What it takes off.
    pub(super) fn worth(&self) -> i64 {
        match self {
            Self::Off(proposal) => proposal.total(),
            Self::Gift(gift) if gift.state == GiftState::Added => gift.value.minor(),
            Self::Gift(_) | Self::Points(_) => 0,
        }
    }
}

/// Why a promotion may not act. What its condition lacks is written down only where it is asked for.
pub(super) fn refusal(view: &View, member: &Member, is_explained: bool) -> Option<Rejection> {
    let (promotion, facts) = (&member.promotion, view.facts);
    if promotion.is_paused {
        return Some(Rejection::Paused);
    }
    if let Some(from) = promotion.window.from.filter(|it| facts.now < *it) {
        return Some(Rejection::NotStarted { from });
    }
    if let Some(until) = promotion.window.until.filter(|it| *it <= facts.now) {
        return Some(Rejection::Ended { until });
    }
    if !member.has_currency(facts.currency) {
        return Some(Rejection::NoAmountInCurrency);
    }
    let budget = facts.budgets.iter().find(|it| it.promotion_id == promotion.id);
    if budget.is_some_and(|it| it.uses_left == Some(0)) {
        return Some(Rejection::UsesExhausted);
    }
    let condition = promotion.condition.as_ref().filter(|it| !view.holds(it))?;
    Some(Rejection::NotMet { gaps: if is_explained { gaps(view, condition) } else { Vec::new() } })
}

/// What the action at `index` does, where the promotion took `so_far` off already.
pub(super) fn effect(
    view: &View,
    member: &Member,
    index: usize,
    action: &Action,
    so_far: i64,
) -> Result<Effect, Rejection> {
    let promotion_id = member.promotion.id;
    let effect = match &action.kind {
        ActionKind::Gift { variant_id, quantity, offer } => {
            Effect::Gift(gift(view, promotion_id, *variant_id, *quantity, *offer)?)
        }
        ActionKind::PointsMultiplier { items, factor } => {
            let mut lines: Vec<_> = view.basket.matching(items).map(|(_, it)| (it.place, it.item.line_id)).collect();
            if lines.is_empty() {
                return Err(Rejection::NothingToDiscount);
            }
            lines.sort_unstable();
            let line_ids = lines.into_iter().map(|it| it.1).collect();
            Effect::Points(PointsBoost { promotion_id, factor: *factor, line_ids })
        }
        _ => Effect::Off(apply::propose(view, action).map_err(|refusal| match refusal {
            Refusal::Nothing => Rejection::NothingToDiscount,
            Refusal::NoAmount => Rejection::NoAmountInCurrency,
            Refusal::Short(it) => Rejection::NotMet { gaps: vec![it.gap(index, view)] },
        })?),
    };
    check_budget(view.facts, promotion_id, so_far + effect.worth())?;
    Ok(effect)
}

fn check_budget(facts: &Facts, promotion_id: PromotionId, needed: i64) -> Result<(), Rejection> {
    let budget = facts.budgets.iter().find(|it| it.promotion_id == promotion_id);
    let left = budget.and_then(|it| it.amount_left).filter(|it| it.minor() < needed);
    let needed = Money::new(needed, facts.currency);
    left.map_or(Ok(()), |left| Err(Rejection::BudgetExhausted { needed, left }))
}

/// A gift, if there is enough of it; whether the shopper gets it is in its state.
fn gift(
    view: &View,
    promotion_id: PromotionId,
    variant_id: VariantId,
    quantity: u32,
    offer: GiftOffer,
) -> Result<Gift, Rejection> {
    let facts = view.facts;
    let others = view.gifts.iter().filter(|it| it.variant_id == variant_id && it.state == GiftState::Added);
    let wanted = others.map(|it| it.quantity).fold(quantity, u32::saturating_add);
    let mut gifts = facts.gifts.iter();
    let item = gifts.find(|it| it.variant_id == variant_id && wanted <= it.available);
    let value = item.and_then(|it| it.unit_price.checked_mul(quantity).ok()).filter(|it| it.minor() <= AMOUNT_MAX);
    let value = value.ok_or(Rejection::GiftUnavailable { variant_id })?;
    let mut choices = facts.gift_choices.iter();
    let choice = choices.find(|it| it.promotion_id == promotion_id && it.variant_id == variant_id);
    let state = match (choice.map(|it| it.is_accepted), offer) {
        (Some(false), _) => GiftState::Refused,
        (None, GiftOffer::Offered) => GiftState::Offered,
        (Some(true), _) | (None, GiftOffer::Added) => GiftState::Added,
    };
    Ok(Gift { promotion_id, variant_id, quantity, value, state })
}
