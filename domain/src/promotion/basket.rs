//! A cart while promotions are reckoned: what each unit costs by now.
//!
//! Lines are kept in an order of their own (variant, then price, quantity and line), so that neither ties nor
//! rounding depend on the order in which somebody put things into the cart.

use super::{Delivery, Item, ItemFilter};

/// Units of a line that cost the same by now. A line is a few of them, however many units it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// How many units.
    pub(super) count: u32,
    /// What one costs.
    pub(super) amount: i64,
    /// Whether they took part in a deal.
    pub(super) is_dealt: bool,
}

/// A line by now.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) item: &'a Item,
    /// Its place in the cart.
    pub(super) place: usize,
    /// What one cost in the beginning.
    pub(super) unit: i64,
    pub(super) runs: Vec<Run>,
    /// What its units cost together.
    goods: i64,
    /// What discounts on the whole order took off.
    order_off: i64,
}

/// A delivery by now.
#[derive(Debug, Clone)]
pub(super) struct Leg<'a> {
    pub(super) delivery: &'a Delivery,
    pub(super) original: i64,
    pub(super) now: i64,
}

/// A cart by now.
#[derive(Debug, Clone)]
pub(super) struct Basket<'a> {
    pub(super) lines: Vec<Line<'a>>,
    pub(super) legs: Vec<Leg<'a>>,
}

/// Some units of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) run: usize,
    pub(super) count: u32,
    /// What is taken off all of them together; at most what they cost.
    pub(super) off: i64,
    pub(super) is_dealt: bool,
}

impl<'a> Basket<'a> {
    pub(super) fn new(items: &[&'a Item], deliveries: &[&'a Delivery]) -> Self {
        let mut lines: Vec<Line> = items.iter().enumerate().map(|(place, it)| Line::new(it, place)).collect();
        lines.sort_by_cached_key(|it| {
            (it.item.variant_id, std::cmp::Reverse((it.unit, it.item.quantity)), it.item.line_id)
        });
        let leg = |it: &&'a Delivery| Leg { delivery: it, original: it.price.minor(), now: it.price.minor() };
        Self { lines, legs: deliveries.iter().map(leg).collect() }
    }

    /// The lines that a filter means, with their places in `lines`.
    pub(super) fn matching<'b>(&'b self, filter: &'b ItemFilter) -> impl Iterator<Item = (usize, &'b Line<'a>)> {
        let is_all = filter.is_all();
        self.lines.iter().enumerate().filter(move |(_, it)| is_all || filter.matches(it.item))
    }
}

impl<'a> Line<'a> {
    fn new(item: &'a Item, place: usize) -> Self {
        let unit = item.unit_price.minor();
        let run = Run { count: item.quantity, amount: unit, is_dealt: false };
        let goods = unit * i64::from(item.quantity);
        Self { item, place, unit, runs: vec![run], goods, order_off: 0 }
    }

    /// What it cost in the beginning.
    pub(super) fn original(&self) -> i64 {
        self.unit * i64::from(self.item.quantity)
    }

    /// What it costs by now.
    pub(super) fn now(&self) -> i64 {
        self.goods - self.order_off
    }

    /// Takes a share of a discount on the whole order off; at most what the line costs.
    pub(super) fn take_off(&mut self, off: i64) {
        self.order_off += off;
    }

    /// Takes discounts off single units. Each takes other units, though several may take of one run.
    pub(super) fn take(&mut self, taken: &[Taken]) {
        self.goods -= taken.iter().map(|it| it.off).sum::<i64>();
        if let ([run], [all]) = (self.runs.as_slice(), taken)
            && run.count == all.count
        {
            let is_dealt = run.is_dealt || all.is_dealt;
            let [(more, larger), (rest, smaller)] = in_equal_parts(all.off, all.count);
            let run = |count, off| Run { count, amount: run.amount - off, is_dealt };
            self.runs = match (more, rest) {
                (0, _) => vec![run(rest, smaller)],
                (_, 0) => vec![run(more, larger)],
                _ => vec![run(rest, smaller), run(more, larger)],
            };
            return;
        }
        let mut left: Vec<u32> = self.runs.iter().map(|it| it.count).collect();
        let mut runs = Vec::with_capacity(self.runs.len() + 2 * taken.len());
        for it in taken {
            if let (Some(run), Some(left)) = (self.runs.get(it.run), left.get_mut(it.run)) {
                *left -= it.count;
                let is_dealt = run.is_dealt || it.is_dealt;
                for (count, off) in in_equal_parts(it.off, it.count) {
                    runs.push(Run { count, amount: run.amount - off, is_dealt });
                }
            }
        }
        runs.extend(self.runs.iter().zip(left).map(|(run, count)| Run { count, ..*run }));
        runs.retain(|it| 0 < it.count);
        runs.sort_unstable_by_key(|it| (std::cmp::Reverse(it.amount), it.is_dealt));
        runs.dedup_by(|next, it| {
            let is_same = next.amount == it.amount && next.is_dealt == it.is_dealt;
            if is_same {
                it.count += next.count;
            }
            is_same
        });
        self.runs = runs;
    }

    /// What its units cost once discounts on the whole order are shared among them, the dearest first.
    pub(super) fn final_units(&self) -> Vec<(u32, i64)> {
        let mut units: Vec<(u32, i64)> = Vec::with_capacity(2 * self.runs.len());
        if self.order_off == 0 {
            units.extend(self.runs.iter().map(|it| (it.count, it.amount)));
        } else {
            let worths: Vec<i64> = self.runs.iter().map(|it| it.amount * i64::from(it.count)).collect();
            let shares = crate::money::split_within(self.order_off, &worths, &worths);
            for (run, off) in self.runs.iter().zip(shares) {
                let parts = in_equal_parts(off, run.count).into_iter().filter(|it| 0 < it.0);
                units.extend(parts.map(|(count, off)| (count, run.amount - off)));
            }
            units.sort_unstable_by_key(|it| std::cmp::Reverse(it.1));
        }
        units.dedup_by(|next, it| {
            let is_same = next.1 == it.1;
            if is_same {
                it.0 += next.0;
            }
            is_same
        });
        units
    }
}

/// Shares an amount among so many units: some get one minor unit more than the others.
fn in_equal_parts(amount: i64, count: u32) -> [(u32, i64); 2] {
    if count == 0 {
        return [(0, 0); 2];
    }
    let each = amount / i64::from(count);
    // The remainder of a division by `count` is below it.
    let more = u32::try_from(amount % i64::from(count)).unwrap_or_default();
    [(more, each + 1), (count - more, each)]
}
