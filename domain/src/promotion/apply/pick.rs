//! Which units, lines and deliveries an action means.

use crate::{
    channel::DeliveryMethodCode,
    promotion::{
        Basis, Cap, ItemFilter,
        basket::{Leg, Line, Run},
        cut::Picked,
        view::View,
    },
};

/// The units of some items that still cost something, line by line; with a cap on units, the dearest of them.
pub(super) fn units(view: &View, items: &ItemFilter, cap: &Cap) -> Vec<Picked> {
    let mut picked = Vec::with_capacity(view.basket.lines.len());
    for (index, line) in view.basket.matching(items) {
        let mut left = cap.units_per_line.unwrap_or(u32::MAX);
        // Runs are in the order of their amounts, the dearest first.
        for (run, it) in line.runs.iter().enumerate().filter(|(_, it)| 0 < it.amount) {
            let count = it.count.min(left);
            left -= count;
            if 0 < count {
                picked.push(Picked { count, ..Picked::new(index, run, it, base_of(view, line, it)) });
            }
        }
    }
    if let Some(most) = cap.units {
        keep_dearest(&mut picked, most);
    }
    picked
}

/// What the discount of a unit is reckoned from.
pub(super) fn base_of(view: &View, line: &Line, run: &Run) -> i64 {
    match view.basis {
        Basis::Running => run.amount,
        Basis::Original => line.unit,
    }
}

fn keep_dearest(picked: &mut Vec<Picked>, most: u32) {
    picked.sort_by_key(|it| std::cmp::Reverse(it.amount));
    let mut left = most;
    for it in picked.iter_mut() {
        it.count = it.count.min(left);
        left -= it.count;
    }
    picked.retain(|it| 0 < it.count);
    picked.sort_by_key(|it| (it.line, it.run));
}

/// The lines of some items that still cost something.
pub(super) fn lines<'b, 'a>(view: &'b View<'_, 'a>, items: &'b ItemFilter) -> Vec<(usize, &'b Line<'a>)> {
    view.basket.matching(items).filter(|(_, it)| 0 < it.now()).collect()
}

/// The deliveries by some methods that still cost something; by any, where none is named.
pub(super) fn legs<'b, 'a>(view: &'b View<'_, 'a>, methods: &[DeliveryMethodCode]) -> Vec<(usize, &'b Leg<'a>)> {
    let is_meant = |it: &&Leg| methods.is_empty() || methods.contains(&it.delivery.method);
    let legs = view.basket.legs.iter().enumerate();
    legs.filter(|(_, it)| is_meant(it) && 0 < it.now).collect()
}

/// What a delivery costs, on the promotion's basis.
pub(super) fn leg_amount(view: &View, leg: &Leg) -> i64 {
    match view.basis {
        Basis::Running => leg.now,
        Basis::Original => leg.original,
    }
}
