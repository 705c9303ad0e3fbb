//! A price for a set of units, such as a meal of a drink, a sandwich and crisps.
//!
//! Units may fit several slots. So many sets can be made that for every choice of slots there are enough units that fit one
//! of them (Hall's theorem); units are then chosen one after the other in the order the deal names, each as long as all
//! chosen ones still find a place (a transversal matroid, in which this is the best choice there is). Of the numbers of
//! sets that can be made, the one with which the cart costs least is taken: what the units cost falls with each further
//! set, and its price does not.

use super::{
    Refusal, Shortage, most_occurrences,
    pool::{Stack, by_line, count, pool},
};
use crate::promotion::{
    Deal, Fact, Slot, UnitChoice,
    cut::{Picked, Proposal, cut_by_value},
    view::View,
};

/// The most slots of a set: all choices of them are looked at.
pub(in crate::promotion) const SLOTS_MAX: usize = 6;

/// What sets at a price of their own take off.
pub(super) fn bundle(view: &View, slots: &[Slot], price: i64, deal: Deal) -> Result<Proposal, Refusal> {
    let by_ref: Vec<&Slot> = slots.iter().take(SLOTS_MAX).collect();
    let stacks = pool(view, &by_ref, deal);
    let most = sets_of(&stacks, &by_ref)?.min(u64::from(most_occurrences(deal)));
    // Units of a cart are far fewer than what an i64 holds.
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let saving = |sets: i64| {
        let worth: i64 = choose(&stacks, &by_ref, sets).iter().map(Picked::worth).sum();
        worth - sets.saturating_mul(price)
    };
    let sets = match deal.choice {
        UnitChoice::Dearest => peak(most, saving),
        // The cheapest units come first, so that each further set saves more than the one before.
        UnitChoice::Cheapest if 0 < saving(most) => most,
        UnitChoice::Cheapest => 0,
    };
    if sets == 0 {
        return Err(Refusal::Nothing);
    }
    let chosen = by_line(choose(&stacks, &by_ref, sets));
    Ok(Proposal { cuts: cut_by_value(&chosen, saving(sets)), bought: Vec::new(), is_deal: true })
}

/// Where a function from 0 to `most` that rises and then falls is highest; of equal places, the first.
fn peak(most: i64, height: impl Fn(i64) -> i64) -> i64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if height(middle - 1) < height(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// How many sets can be made, at least one.
fn sets_of(stacks: &[Stack], slots: &[&Slot]) -> Result<u64, Refusal> {
    let mut most = u64::MAX;
    for mask in choices(slots) {
        let (there, wanted) = (count(stacks, mask), wanted(slots, mask));
        if there < wanted {
            let slot = usize::try_from(mask.trailing_zeros()).unwrap_or_default();
            let slot = slots.get(slot).map(|_| slot);
            let number = |it| i64::try_from(it).unwrap_or(i64::MAX);
            let (required, actual) = (number(wanted), number(there));
            return Err(Refusal::Short(Shortage { part: "slots", slot, fact: Fact::Quantity, required, actual }));
        }
        most = most.min(there / wanted.max(1));
    }
    Ok(most)
}

/// The units for so many sets.
fn choose(stacks: &[Stack], slots: &[&Slot], sets: i64) -> Vec<Picked> {
    let sets = u64::try_from(sets).unwrap_or_default();
    // For every choice of slots, how many more units fit that fit no other slot.
    let mut room: Vec<(u32, u64)> = choices(slots).map(|mask| (mask, sets * wanted(slots, mask))).collect();
    let mut chosen = Vec::new();
    for stack in stacks {
        let fits = |mask: u32| stack.slots & !mask == 0;
        let left = room.iter().filter(|(mask, _)| fits(*mask)).map(|it| it.1).min().unwrap_or_default();
        let taken = stack.picked.count.min(u32::try_from(left).unwrap_or(u32::MAX));
        if 0 < taken {
            for (_, room) in room.iter_mut().filter(|(mask, _)| fits(*mask)) {
                *room -= u64::from(taken);
            }
            chosen.push(Picked { count: taken, ..stack.picked });
        }
    }
    chosen
}

/// All choices of slots, single ones first.
fn choices(slots: &[&Slot]) -> impl Iterator<Item = u32> {
    let all = 1..1_u32 << slots.len();
    let single = all.clone().filter(|it| it.is_power_of_two());
    single.chain(all.filter(|it| !it.is_power_of_two()))
}

fn wanted(slots: &[&Slot], mask: u32) -> u64 {
    let meant = slots.iter().enumerate().filter(|(slot, _)| mask & 1 << slot != 0);
    meant.map(|(_, it)| u64::from(it.quantity)).sum()
}
