//! Reckons the promotions of a cart.

use std::collections::HashMap;

use super::{
    Allocation, CodeState, CodeTrace, Delivery, Discount, DiscountSource, DiscountedDelivery, DiscountedLine,
    Discounts, EnteredCode, Facts, Item, ManualDiscount, ManualValue, Outcome, Precedence, PricedUnits, PromotionSet,
    PromotionTrace, Rejection, Trace,
    basket::Basket,
    choose::decide,
    reckon::{Job, Share, Verdict},
};
use crate::{
    ids::PromotionId,
    money::{Money, MoneyError, Rounding, RoundingLevel},
};

/// How many promotions that could not apply the trace explains all the same, in the order of calculation.
const EXPLAINED_MAX: usize = 100;

/// The most that a cart, or a gift, may cost, in minor units, so that nothing reckoned from it is too large.
pub(super) const AMOUNT_MAX: i64 = 1_000_000_000_000_000;

/// A cart, as promotions see it.
#[derive(Debug, Clone)]
pub struct DiscountRequest<'a> {
    /// What is known of it.
    pub facts: &'a Facts,
    /// Its lines.
    pub items: Vec<&'a Item>,
    /// Its deliveries.
    pub deliveries: Vec<&'a Delivery>,
    /// What staff gives by hand.
    pub manual: &'a [ManualDiscount],
    /// Where percentages are rounded.
    pub level: RoundingLevel,
    /// How.
    pub rounding: Rounding,
}

/// Reckons the promotions of a cart: the order of calculation is described in the [module](super).
///
/// # Errors
/// [`MoneyError`] where an amount is not in the cart's currency, or too large to be reckoned with.
pub fn discount(request: &DiscountRequest, set: &PromotionSet) -> Result<Discounts, MoneyError> {
    check(request)?;
    let subtotal = request.items.iter().map(|it| it.unit_price.minor() * i64::from(it.quantity)).sum();
    let candidates = set.candidates(request.facts, &request.items, subtotal);
    let start = Basket::new(&request.items, &request.deliveries);
    let job = Job { request, set, candidates: &candidates, start: &start };
    let (mut reckoning, search) = decide(job);
    let promotions = traces(job, std::mem::take(&mut reckoning.verdicts));
    let codes = code_traces(job, &promotions);
    let money = |minor| Money::new(minor, request.facts.currency);
    let mut lines: Vec<_> = reckoning.basket.lines.iter().collect();
    lines.sort_unstable_by_key(|it| it.place);
    let lines = lines.into_iter().map(|it| DiscountedLine {
        line_id: it.item.line_id,
        original: money(it.original()),
        total: money(it.now()),
        units: it.final_units().into_iter().map(|(count, it)| PricedUnits { count, amount: money(it) }).collect(),
    });
    let legs = reckoning.basket.legs.iter();
    let deliveries = legs.map(|it| DiscountedDelivery { original: money(it.original), total: money(it.now) });
    Ok(Discounts {
        lines: lines.collect(),
        deliveries: deliveries.collect(),
        discounts: discounts(&reckoning.shares, money),
        gifts: reckoning.gifts,
        points: reckoning.points,
        trace: Trace { promotions, codes, search },
    })
}

/// Every amount is in the cart's currency and not below zero, and they are no more together than there may be.
fn check(request: &DiscountRequest) -> Result<(), MoneyError> {
    let currency = request.facts.currency;
    let lines = request.items.iter().map(|it| (it.unit_price, it.quantity));
    let deliveries = request.deliveries.iter().map(|it| (it.price, 1));
    let gifts = request.facts.gifts.iter().map(|it| (it.unit_price, 0));
    let budgets = request.facts.budgets.iter().filter_map(|it| Some((it.amount_left?, 0)));
    let by_hand = request.manual.iter().filter_map(|it| match it.value {
        ManualValue::Amount(amount) | ManualValue::Price(amount) => Some((amount, 0)),
        ManualValue::Percentage(_) => None,
    });
    let most = request.manual.iter().filter_map(|it| Some((it.most?, 0)));
    let mut sum = Money::zero(currency);
    for (amount, quantity) in lines.chain(deliveries).chain(gifts).chain(budgets).chain(by_hand).chain(most) {
        sum = sum.checked_add(amount.checked_mul(quantity)?)?;
        if amount.minor() < 0 || AMOUNT_MAX < sum.minor() {
            return Err(MoneyError::Overflow);
        }
    }
    Ok(())
}

/// Puts together what each source took off each thing, in the order in which they first did.
fn discounts(shares: &[Share], money: impl Fn(i64) -> Money) -> Vec<Discount> {
    let mut discounts: Vec<Discount> = Vec::new();
    let mut places: HashMap<DiscountSource, usize> = HashMap::new();
    for Share { source, target, off, units } in shares {
        let place = *places.entry(*source).or_insert(discounts.len());
        if place == discounts.len() {
            discounts.push(Discount { source: *source, amount: money(0), allocations: Vec::new() });
        }
        let Some(discount) = discounts.get_mut(place) else { continue };
        let add = |amount: Money| money(amount.minor() + off);
        discount.amount = add(discount.amount);
        match discount.allocations.iter_mut().find(|it| it.target == *target) {
            Some(it) => {
                it.amount = add(it.amount);
                it.units = it.units.max(*units);
            }
            None => discount.allocations.push(Allocation { target: *target, amount: money(*off), units: *units }),
        }
    }
    discounts
}

/// What became of the candidates, and of some that could not apply.
fn traces(job: Job, verdicts: Vec<Verdict>) -> Vec<PromotionTrace> {
    let id = |candidate: usize| job.member(candidate).map(|it| it.promotion.id);
    let candidates = verdicts.into_iter().enumerate().filter_map(|(candidate, verdict)| {
        let promotion_id = id(candidate)?;
        Some(PromotionTrace { promotion_id, outcome: outcome(job, verdict) })
    });
    let needs_code = |it: &usize| job.set.members.get(*it).is_none_or(|it| it.needs_code);
    let others = (0..job.set.members.len()).filter(|it| job.candidates.binary_search(it).is_err());
    let others = others.filter(|it| !needs_code(it)).take(EXPLAINED_MAX).filter_map(|it| job.set.members.get(it));
    let explained =
        others.map(|it| PromotionTrace { promotion_id: it.promotion.id, outcome: outcome(job, job.alone(it)) });
    candidates.chain(explained).collect()
}

fn outcome(job: Job, verdict: Verdict) -> Outcome {
    let money = |minor| Money::new(minor, job.request.facts.currency);
    match verdict {
        Verdict::Applied { off, next } => Outcome::Applied { amount: money(off), next },
        Verdict::Rejected(reason) | Verdict::Holding(Some(reason)) => Outcome::Rejected { reason },
        Verdict::Superseded { by, reason } => match job.member(by) {
            Some(it) => Outcome::Superseded { by: it.promotion.id, reason },
            None => Outcome::Rejected { reason: Rejection::NothingToDiscount },
        },
        Verdict::Shut | Verdict::Waiting | Verdict::Holding(None) => {
            Outcome::Rejected { reason: Rejection::NothingToDiscount }
        }
    }
}

/// What became of each code that was entered.
fn code_traces(job: Job, promotions: &[PromotionTrace]) -> Vec<CodeTrace> {
    let codes = &job.request.facts.codes;
    let trace = |(place, it): (usize, &EnteredCode)| {
        let same = |other: &&EnteredCode| other.promotion_id == it.promotion_id && other.state == CodeState::Usable;
        let is_first = codes.iter().take(place).find(same).is_none();
        let outcome = match (&it.state, it.promotion_id) {
            (CodeState::Usable, Some(by)) if !is_first => Outcome::Superseded { by, reason: Precedence::SamePromotion },
            (CodeState::Usable, Some(id)) => outcome_of(id, promotions),
            (CodeState::Usable, None) => Outcome::Rejected { reason: Rejection::Code(CodeState::Unknown) },
            (state, _) => Outcome::Rejected { reason: Rejection::Code(state.clone()) },
        };
        CodeTrace { code: it.code.clone(), promotion_id: it.promotion_id, outcome }
    };
    codes.iter().enumerate().map(trace).collect()
}

fn outcome_of(id: PromotionId, promotions: &[PromotionTrace]) -> Outcome {
    let trace = promotions.iter().find(|it| it.promotion_id == id);
    trace.map_or(Outcome::Rejected { reason: Rejection::PromotionInactive }, |it| it.outcome.clone())
}
