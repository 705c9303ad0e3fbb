//! Reckons the promotions of a cart.

use std::collections::HashMap;

use super::{
    Allocation, CodeState, CodeTrace, Delivery, Discount, DiscountSource, DiscountedDelivery, DiscountedLine,
    Discounts, EnteredCode, Facts, Item, ManualDiscount, Outcome, Precedence, PricedUnits, PromotionSet,
    PromotionTrace, Rejection, Trace,
    basket::Basket,
    choose::decide,
    reckon::{Job, Reckoning, Share, Verdict},
};
use crate::{
    ids::PromotionId,
    money::{Money, MoneyError, Rounding, RoundingLevel},
};

/// How many promotions that could not apply the trace explains all the same, in the order of calculation.
const EXPLAINED_MAX: usize = 100;

/// The most that a line, a delivery or a gift may cost, in minor units, so that no sum of them is too large.
const AMOUNT_MAX: i64 = 1_000_000_000_000_000;

/// A cart, as promotions see it.
#[derive(Debug, Clone, Copy)]
pub struct DiscountRequest<'a> {
    /// What is known of it.
    pub facts: &'a Facts,
    /// Its lines.
    pub items: &'a [Item],
    /// Its deliveries.
    pub deliveries: &'a [Delivery],
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
    let candidates = set.candidates(request.facts, request.items, subtotal);
    let start = Basket::new(request.items, request.deliveries);
    let job = Job { request, set, candidates: &candidates, start: &start };
    let (reckoning, search) = decide(job);
    let promotions = traces(job, &reckoning);
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

/// Every amount is in the cart's currency, from nothing to the most there may be.
fn check(request: &DiscountRequest) -> Result<(), MoneyError> {
    let currency = request.facts.currency;
    let lines = request.items.iter().map(|it| (it.unit_price, it.quantity));
    let gifts = request.facts.gifts.iter().map(|it| (it.unit_price, it.available.min(1)));
    let deliveries = request.deliveries.iter().map(|it| (it.price, 1));
    let budgets = request.facts.budgets.iter().filter_map(|it| Some((it.amount_left?, 0)));
    for (amount, quantity) in lines.chain(gifts).chain(deliveries).chain(budgets) {
        let total = amount.checked_mul(quantity)?;
        Money::zero(currency).checked_add(total)?;
        if amount.minor() < 0 || AMOUNT_MAX < total.minor() {
            return Err(MoneyError::Overflow);
        }
    }
    Ok(())
}

/// Puts together what each source took off each thing, in the order in which they first did.
fn discounts(shares: &[Share], money: impl Fn(i64) -> Money) -> Vec<Discount> {
    let mut sums: Vec<(DiscountSource, Vec<(super::AllocationTarget, i64, u32)>)> = Vec::new();
    let mut places: HashMap<DiscountSource, usize> = HashMap::new();
    for share in shares {
        let place = *places.entry(share.source).or_insert(sums.len());
        if place == sums.len() {
            sums.push((share.source, Vec::new()));
        }
        let Some((_, targets)) = sums.get_mut(place) else { continue };
        match targets.iter_mut().find(|it| it.0 == share.target) {
            Some(it) => {
                it.1 += share.off;
                it.2 = it.2.max(share.units);
            }
            None => targets.push((share.target, share.off, share.units)),
        }
    }
    let allocation = |(target, off, units)| Allocation { target, amount: money(off), units };
    sums.into_iter()
        .map(|(source, targets)| Discount {
            source,
            amount: money(targets.iter().map(|it| it.1).sum()),
            allocations: targets.into_iter().map(allocation).collect(),
        })
        .collect()
}

/// What became of the candidates, and of some that could not apply.
fn traces(job: Job, reckoning: &Reckoning) -> Vec<PromotionTrace> {
    let id = |candidate: usize| job.member(candidate).map(|it| it.promotion.id);
    let candidates = reckoning.verdicts.iter().enumerate().filter_map(|(candidate, verdict)| {
        let promotion_id = id(candidate)?;
        Some(PromotionTrace { promotion_id, outcome: outcome(job, verdict) })
    });
    let needs_code = |it: &usize| job.set.members.get(*it).is_none_or(|it| it.needs_code);
    let others = (0..job.set.members.len()).filter(|it| job.candidates.binary_search(it).is_err());
    let others = others.filter(|it| !needs_code(it)).take(EXPLAINED_MAX).filter_map(|it| job.set.members.get(it));
    let explained =
        others.map(|it| PromotionTrace { promotion_id: it.promotion.id, outcome: outcome(job, &job.alone(it)) });
    candidates.chain(explained).collect()
}

fn outcome(job: Job, verdict: &Verdict) -> Outcome {
    let money = |minor| Money::new(minor, job.request.facts.currency);
    match verdict {
        Verdict::Applied { off, next } => Outcome::Applied { amount: money(*off), next: next.clone() },
        Verdict::Rejected(reason) | Verdict::Holding(Some(reason)) => Outcome::Rejected { reason: reason.clone() },
        Verdict::Superseded { by, reason } => match job.member(*by) {
            Some(it) => Outcome::Superseded { by: it.promotion.id, reason: *reason },
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
