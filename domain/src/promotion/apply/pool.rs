//! The units a deal can choose from.

use super::pick;
use crate::promotion::{Deal, Slot, UnitChoice, cut::Picked, view::View};

/// Units that are alike: of one run, and meant by the same slots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    pub(super) picked: Picked,
    /// The slots that mean them, a bit for each.
    pub(super) slots: u32,
}

/// The units that some slots mean, in the order in which they are chosen. Units that cost nothing take no part, and those
/// that took part in another deal only where they may be shared.
pub(super) fn pool(view: &View, slots: &[&Slot], deal: Deal) -> Vec<Stack> {
    let mut stacks = Vec::new();
    for (index, line) in view.basket.lines.iter().enumerate() {
        let meant = slots.iter().enumerate().filter(|(_, it)| it.items.matches(line.item));
        let mask = meant.fold(0, |mask, (slot, _)| mask | 1 << slot);
        if mask == 0 {
            continue;
        }
        let is_free = |it: &crate::promotion::basket::Run| 0 < it.amount && (deal.may_share_units || !it.is_dealt);
        for (run, it) in line.runs.iter().enumerate().filter(|(_, it)| is_free(it)) {
            stacks.push(Stack { picked: Picked::new(index, run, it, pick::base_of(view, line, it)), slots: mask });
        }
    }
    stacks.sort_by_key(|it| match deal.choice {
        UnitChoice::Cheapest => it.picked.amount,
        UnitChoice::Dearest => -it.picked.amount,
    });
    stacks
}

/// How many units the slots in `mask` mean, each unit counted once.
pub(super) fn count(stacks: &[Stack], mask: u32) -> u64 {
    stacks.iter().filter(|it| it.slots & mask != 0).map(|it| u64::from(it.picked.count)).sum()
}

/// Puts units that were picked in any order back into the order of lines.
pub(super) fn by_line(mut picked: Vec<Picked>) -> Vec<Picked> {
    picked.sort_by_key(|it| (it.line, it.run));
    picked
}
