//! A percentage off lines, an order or deliveries.
//!
//! Off lines it is rounded once a line, or with [`RoundingLevel::Unit`] for each unit; off an order once for the sum, which
//! the lines then share by what they cost. On the original basis it is never more than what is left.

use super::pick;
use crate::{
    money::{Percentage, RoundingLevel, split_within},
    promotion::{
        Cap, Target,
        cut::{Cut, Picked, Place, Proposal, cut_line},
        view::View,
    },
};

/// A percentage off what is meant.
pub(super) fn percentage(view: &View, target: &Target, percent: Percentage, cap: &Cap) -> Proposal {
    Proposal::of(match target {
        Target::Lines(items) => off_lines(view, &pick::units(view, items, cap), percent),
        Target::Order(items) => {
            let lines = pick::lines(view, items);
            let bases: Vec<i64> = lines.iter().map(|(_, it)| view.amount_of(it)).collect();
            let limits: Vec<i64> = lines.iter().map(|(_, it)| it.now()).collect();
            let off = share(view, percent, bases.iter().sum());
            let shares = split_within(off, &bases, &limits);
            lines.iter().zip(shares).map(|((line, _), off)| Cut { place: Place::Line(*line), off }).collect()
        }
        Target::Delivery(methods) => pick::legs(view, methods)
            .into_iter()
            .map(|(index, it)| {
                let off = share(view, percent, pick::leg_amount(view, it)).min(it.now);
                Cut { place: Place::Leg(index), off }
            })
            .collect(),
    })
}

/// A percentage off some units, line by line.
pub(super) fn off_lines(view: &View, picked: &[Picked], percent: Percentage) -> Vec<Cut> {
    match view.level {
        RoundingLevel::Unit => {
            picked.iter().map(|it| it.cut(share(view, percent, it.base).min(it.amount) * i64::from(it.count))).collect()
        }
        RoundingLevel::Line => picked
            .chunk_by(|a, b| a.line == b.line)
            .flat_map(|line| {
                let base = line.iter().map(|it| it.base * i64::from(it.count)).sum();
                cut_line(line, share(view, percent, base))
            })
            .collect(),
    }
}

/// A percentage of an amount. Discounts are at most 100 %, so that it never overflows.
fn share(view: &View, percent: Percentage, amount: i64) -> i64 {
    percent.of(amount, view.rounding).unwrap_or(amount)
}
