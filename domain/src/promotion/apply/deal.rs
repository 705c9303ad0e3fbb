//! Buy some, get some cheaper; the nth item.
//!
//! With `b` units to buy and `g` to get, a deal can happen `n` times where there are `n·b` units of the one, `n·g` of the
//! other, and `n·(b + g)` of both together, because no unit is both (Hall's theorem for two sets). The units to get are
//! chosen first, in the order the deal names, as long as enough are left to buy; those to buy are the last in that order.

use super::{
    Refusal, Shortage, benefit_cuts, most_occurrences,
    pool::{Stack, by_line, count, pool},
};
use crate::promotion::{
    Benefit, Deal, Fact, Slot,
    cut::{Picked, Proposal},
    view::View,
};

const BUY: u32 = 1;
const GET: u32 = 2;

/// What a deal takes off, as often as it can happen.
pub(super) fn buy_get(
    view: &View,
    buy: &Slot,
    get: &Slot,
    benefit: &Benefit,
    deal: Deal,
    most_units: Option<u32>,
) -> Result<Proposal, Refusal> {
    let mut stacks = pool(view, &[buy, get], deal);
    let times = occurrences(&stacks, buy.quantity, get.quantity)?;
    let within_cap = most_units.map_or(u32::MAX, |it| it.checked_div(get.quantity).unwrap_or_default());
    let times = times.min(u64::from(most_occurrences(deal).min(within_cap)));
    let (to_buy, to_get) = (times * u64::from(buy.quantity), times * u64::from(get.quantity));
    // Units that could be bought or got: so many of them may be got that enough are left to buy.
    let spare = count(&stacks, BUY).saturating_sub(to_buy);
    let got = take_got(&mut stacks, to_get, spare);
    let bought = take_bought(&stacks, to_buy);
    let cuts = benefit_cuts(view, &by_line(got), benefit)?;
    Ok(Proposal { cuts, bought, is_deal: true })
}

/// How many times a deal can happen, at least once.
fn occurrences(stacks: &[Stack], buy: u32, get: u32) -> Result<u64, Refusal> {
    let short = |part, required: u64, actual: u64| {
        let number = |it| i64::try_from(it).unwrap_or(i64::MAX);
        let (required, actual) = (number(required), number(actual));
        Refusal::Short(Shortage { part, slot: None, fact: Fact::Quantity, required, actual })
    };
    let (buy, get) = (u64::from(buy), u64::from(get));
    let (to_buy, to_get, both) = (count(stacks, BUY), count(stacks, GET), count(stacks, BUY | GET));
    if to_buy < buy {
        return Err(short("buy", buy, to_buy));
    }
    // Beside those that have to be bought.
    let free = both.saturating_sub(buy).min(to_get);
    if free < get {
        return Err(short("get", get, free));
    }
    let times = |units: u64, of: u64| units.checked_div(of).unwrap_or(u64::MAX);
    Ok(times(to_buy, buy).min(times(to_get, get)).min(times(both, buy + get)))
}

fn take_got(stacks: &mut [Stack], mut to_get: u64, mut spare: u64) -> Vec<Picked> {
    let mut got = Vec::new();
    for stack in stacks.iter_mut().filter(|it| it.slots & GET != 0) {
        let is_shared = stack.slots & BUY != 0;
        let most = if is_shared { to_get.min(spare) } else { to_get };
        let taken = stack.picked.count.min(u32::try_from(most).unwrap_or(u32::MAX));
        if 0 < taken {
            got.push(Picked { count: taken, ..stack.picked });
            stack.picked.count -= taken;
            to_get -= u64::from(taken);
            spare -= if is_shared { u64::from(taken) } else { 0 };
        }
    }
    got
}

fn take_bought(stacks: &[Stack], mut to_buy: u64) -> Vec<(usize, usize, u32)> {
    let mut bought = Vec::new();
    for stack in stacks.iter().rev().filter(|it| it.slots & BUY != 0) {
        let taken = stack.picked.count.min(u32::try_from(to_buy).unwrap_or(u32::MAX));
        if 0 < taken {
            bought.push((stack.picked.line, stack.picked.run, taken));
            to_buy -= u64::from(taken);
        }
    }
    bought
}
