//! Cuts: what an action proposes to take off where, before its cap, and how it is made true.

use super::{
    Item,
    basket::{Basket, Line, Run, Taken},
};
use crate::money::split_within;

/// An amount to take off at one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) place: Place,
    pub(super) off: i64,
}

/// Where an amount is taken off.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// So many units of a run of a line.
    Units { line: usize, run: usize, count: u32 },
    /// A line, for a discount on the whole order.
    Line(usize),
    /// A delivery.
    Leg(usize),
}

/// Units that an action means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked {
    pub(super) line: usize,
    pub(super) run: usize,
    pub(super) count: u32,
    /// What one costs by now.
    pub(super) amount: i64,
    /// What the discount of one is reckoned from.
    pub(super) base: i64,
}

impl Picked {
    pub(super) fn new(line: usize, run: usize, it: &Run, base: i64) -> Self {
        Self { line, run, count: it.count, amount: it.amount, base }
    }

    /// What they cost together.
    pub(super) fn worth(&self) -> i64 {
        self.amount * i64::from(self.count)
    }

    /// A cut of these units.
    pub(super) fn cut(&self, off: i64) -> Cut {
        Cut { place: Place::Units { line: self.line, run: self.run, count: self.count }, off }
    }
}

/// What an action wants to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Proposal {
    pub(super) cuts: Vec<Cut>,
    /// Units that others may not take again, though nothing is taken off them: line, run, count.
    pub(super) bought: Vec<(usize, usize, u32)>,
    /// Whether the units of `cuts` take part in a deal.
    pub(super) is_deal: bool,
}

impl Proposal {
    pub(super) fn of(cuts: Vec<Cut>) -> Self {
        Self { cuts, ..Self::default() }
    }

    /// What it takes off altogether.
    pub(super) fn total(&self) -> i64 {
        self.cuts.iter().map(|it| it.off).sum()
    }

    /// Takes off no more than `most`: every cut shrinks in proportion.
    pub(super) fn limit(&mut self, most: i64) {
        if most < self.total() {
            let offs: Vec<i64> = self.cuts.iter().map(|it| it.off).collect();
            for (cut, off) in self.cuts.iter_mut().zip(split_within(most, &offs, &offs)) {
                cut.off = off;
            }
        }
    }

    /// Makes it true.
    pub(super) fn commit(&self, basket: &mut Basket) {
        let mut taken: Vec<(usize, Taken)> = Vec::with_capacity(self.cuts.len() + self.bought.len());
        for cut in &self.cuts {
            match cut.place {
                Place::Units { line, run, count } => {
                    taken.push((line, Taken { run, count, off: cut.off, is_dealt: self.is_deal }));
                }
                Place::Line(line) => {
                    if let Some(line) = basket.lines.get_mut(line) {
                        line.take_off(cut.off);
                    }
                }
                Place::Leg(leg) => {
                    if let Some(leg) = basket.legs.get_mut(leg) {
                        leg.now -= cut.off;
                    }
                }
            }
        }
        let bought = self.bought.iter();
        taken.extend(bought.map(|&(line, run, count)| (line, Taken { run, count, off: 0, is_dealt: true })));
        taken.sort_by_key(|(line, _)| *line);
        for chunk in taken.chunk_by(|a, b| a.0 == b.0) {
            let of_line: Vec<Taken> = chunk.iter().map(|it| it.1).collect();
            if let Some(line) = chunk.first().and_then(|it| basket.lines.get_mut(it.0)) {
                line.take(&of_line);
            }
        }
    }
}

/// Takes `off` from some units by what they cost: lines share it first, then the units of each line.
pub(super) fn cut_by_value(picked: &[Picked], off: i64) -> Vec<Cut> {
    let by_line: Vec<&[Picked]> = picked.chunk_by(|a, b| a.line == b.line).collect();
    let worths: Vec<i64> = by_line.iter().map(|it| it.iter().map(Picked::worth).sum()).collect();
    let shares = split_within(off, &worths, &worths);
    by_line.into_iter().zip(shares).flat_map(|(line, share)| cut_line(line, share)).collect()
}

/// Takes `off` from units of one line by what they cost.
pub(super) fn cut_line(picked: &[Picked], off: i64) -> Vec<Cut> {
    if let [only] = picked {
        return vec![only.cut(off.min(only.worth()))];
    }
    let worths: Vec<i64> = picked.iter().map(Picked::worth).collect();
    let shares = split_within(off, &worths, &worths);
    picked.iter().zip(shares).map(|(it, share)| it.cut(share)).collect()
}

impl Place {
    /// The line it is on, and how many of its units it concerns.
    pub(super) fn line<'b, 'a>(&self, basket: &'b Basket<'a>) -> Option<(&'b Line<'a>, u32)> {
        let units = |item: &Item| item.quantity;
        match *self {
            Self::Units { line, count, .. } => basket.lines.get(line).map(|it| (it, count)),
            Self::Line(line) => basket.lines.get(line).map(|it| (it, units(it.item))),
            Self::Leg(_) => None,
        }
    }
}
