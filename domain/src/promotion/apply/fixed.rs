//! An amount off units, lines, an order or deliveries. Nothing becomes cheaper than free: what one cannot take, the others
//! share where the amount is taken once, and is not taken where it is taken off each.

use super::pick;
use crate::{
    money::split_within,
    promotion::{
        Cap, Spread, Target,
        basket::{Leg, Line},
        cut::{Cut, Picked, Place, Proposal, cut_by_value, cut_line},
        view::View,
    },
};

/// An amount off what is meant.
pub(super) fn fixed(view: &View, target: &Target, amount: i64, spread: Spread, cap: &Cap) -> Proposal {
    Proposal::of(match target {
        Target::Lines(items) => off_picked(&pick::units(view, items, cap), amount, spread),
        Target::Order(items) => off_order(&pick::lines(view, items), amount, spread),
        Target::Delivery(methods) => off_deliveries(&pick::legs(view, methods), amount, spread),
    })
}

/// An amount off each of some units.
pub(super) fn off_units(picked: &[Picked], amount: i64) -> Vec<Cut> {
    picked.iter().map(|it| it.cut(amount.min(it.amount) * i64::from(it.count))).collect()
}

fn off_picked(picked: &[Picked], amount: i64, spread: Spread) -> Vec<Cut> {
    let lines = || picked.chunk_by(|a, b| a.line == b.line);
    match spread {
        Spread::PerUnit => off_units(picked, amount),
        Spread::PerLine => lines().flat_map(|line| cut_line(line, amount)).collect(),
        Spread::AcrossByValue => cut_by_value(picked, amount),
        Spread::AcrossByUnits => {
            let units: Vec<i64> = lines().map(|line| line.iter().map(|it| i64::from(it.count)).sum()).collect();
            let worths: Vec<i64> = lines().map(|line| line.iter().map(Picked::worth).sum()).collect();
            let shares = split_within(amount, &units, &worths);
            lines().zip(shares).flat_map(|(line, share)| cut_line(line, share)).collect()
        }
    }
}

fn off_order(lines: &[(usize, &Line)], amount: i64, spread: Spread) -> Vec<Cut> {
    let units = |it: &Line| i64::from(it.item.quantity);
    let worths: Vec<i64> = lines.iter().map(|(_, it)| it.now()).collect();
    let shares = match spread {
        Spread::PerUnit => lines.iter().map(|(_, it)| amount.saturating_mul(units(it)).min(it.now())).collect(),
        Spread::PerLine => worths.iter().map(|it| amount.min(*it)).collect(),
        Spread::AcrossByValue => split_within(amount, &worths, &worths),
        Spread::AcrossByUnits => {
            let units: Vec<i64> = lines.iter().map(|(_, it)| units(it)).collect();
            split_within(amount, &units, &worths)
        }
    };
    lines.iter().zip(shares).map(|((line, _), off)| Cut { place: Place::Line(*line), off }).collect()
}

fn off_deliveries(legs: &[(usize, &Leg)], amount: i64, spread: Spread) -> Vec<Cut> {
    let worths: Vec<i64> = legs.iter().map(|(_, it)| it.now).collect();
    let shares = match spread {
        Spread::PerUnit | Spread::PerLine => worths.iter().map(|it| amount.min(*it)).collect(),
        Spread::AcrossByValue => split_within(amount, &worths, &worths),
        Spread::AcrossByUnits => split_within(amount, &vec![1; worths.len()], &worths),
    };
    legs.iter().zip(shares).map(|((leg, _), off)| Cut { place: Place::Leg(*leg), off }).collect()
}
