//! Discounts that staff gives by hand, as cuts.

use super::{fixed, percentage, pick, price};
use crate::promotion::{
    Cap, ItemFilter, ManualDiscount, ManualTarget, ManualValue, Spread, Target,
    cut::{Picked, Proposal, cut_line},
    view::View,
};

/// What a discount by hand takes off, never more than there is or than it may.
pub(in crate::promotion) fn manual(view: &View, discount: &ManualDiscount) -> Proposal {
    let mut proposal = uncapped(view, discount);
    if let Some(most) = discount.most {
        proposal.limit(most.minor().max(0));
    }
    proposal
}

fn uncapped(view: &View, discount: &ManualDiscount) -> Proposal {
    let (target, left) = match discount.target {
        ManualTarget::Line(line_id) => {
            let all = pick::units(view, &ItemFilter::all(), &Cap::default());
            let is_meant = |it: &Picked| view.basket.lines.get(it.line).is_some_and(|it| it.item.line_id == line_id);
            let picked: Vec<Picked> = all.into_iter().filter(is_meant).collect();
            return Proposal::of(match discount.value {
                ManualValue::Percentage(percent) => percentage::off_lines(view, &picked, percent),
                ManualValue::Amount(amount) => cut_line(&picked, amount.minor().max(0)),
                ManualValue::Price(amount) => price::down_to(&picked, amount.minor().max(0)),
            });
        }
        ManualTarget::Order => {
            (Target::Order(ItemFilter::all()), view.basket.lines.iter().map(|it| it.now()).sum::<i64>())
        }
        ManualTarget::Delivery => (Target::Delivery(Vec::new()), view.basket.legs.iter().map(|it| it.now).sum()),
    };
    let fixed = |amount| fixed::fixed(view, &target, amount, Spread::AcrossByValue, &Cap::default());
    match discount.value {
        ManualValue::Percentage(percent) => percentage::percentage(view, &target, percent, &Cap::default()),
        ManualValue::Amount(amount) => fixed(amount.minor().max(0)),
        ManualValue::Price(amount) => fixed((left - amount.minor().max(0)).max(0)),
    }
}
