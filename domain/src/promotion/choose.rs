//! Which promotions are let in: exclusive ones first, then the best of each group that asks for it.
//!
//! 1. Exclusive promotions are tried in their order, each with those that always combine. The first that applies holds,
//!    and shuts out the others.
//! 2. Otherwise all that are not exclusive are let in.
//! 3. Of what is let in, each group with the mode `BEST` lets in one branch (`best.rs`).

use super::{
    Combination, GroupMode, Precedence, Search,
    best::{Found, is_set, search},
    reckon::{Job, Reckoning, Verdict},
};

/// Decides which promotions are let in, and reckons the cart with them; every verdict is explained.
pub(super) fn decide<'a>(job: Job<'a>) -> (Reckoning<'a>, Search) {
    let combination = |it: usize| job.member(it).map(|it| it.promotion.combination).unwrap_or_default();
    let all = 0..job.candidates.len();
    let mut exclusive = all.clone().filter(|it| combination(*it) == Combination::Exclusive);
    let winner = exclusive.find_map(|it| {
        let allowed: Vec<bool> =
            all.clone().map(|other| other == it || combination(other) == Combination::Always).collect();
        let found = search(job, &allowed);
        let reckoning = job.reckon(|it| is_set(&found.let_in, it), true);
        reckoning.verdicts.get(it).is_some_and(Verdict::is_applied).then_some((it, found, reckoning))
    });
    let (winner, found, mut reckoning) = match winner {
        Some((winner, found, reckoning)) => (Some(winner), found, reckoning),
        None => {
            let allowed: Vec<bool> = all.clone().map(|it| combination(it) != Combination::Exclusive).collect();
            let found = search(job, &allowed);
            let reckoning = job.reckon(|it| is_set(&found.let_in, it), true);
            (None, found, reckoning)
        }
    };
    for candidate in all.filter(|it| !is_set(&found.let_in, *it)) {
        let verdict = shut_out(job, candidate, winner, &found, &reckoning);
        if let Some(it) = reckoning.verdicts.get_mut(candidate) {
            *it = verdict;
        }
    }
    (reckoning, found.search)
}

/// Why a candidate was not let in: another takes precedence, or it would not have applied anyway.
fn shut_out(job: Job, candidate: usize, winner: Option<usize>, found: &Found, reckoning: &Reckoning) -> Verdict {
    let Some(member) = job.member(candidate) else { return Verdict::Shut };
    let preferred = || preferred(job, candidate, &found.let_in, reckoning);
    if is_set(&found.applied, candidate)
        && let Some(it) = preferred()
    {
        return it;
    }
    let is_exclusive = member.promotion.combination == Combination::Exclusive;
    let without = if is_exclusive && winner.is_none() {
        // It was tried beside those that always combine.
        let is_always = |it: usize| job.member(it).is_some_and(|it| it.promotion.combination == Combination::Always);
        let tried = job.reckon(|it| it == candidate || is_always(it), true);
        tried.verdicts.into_iter().nth(candidate).unwrap_or(Verdict::Shut)
    } else {
        job.alone(member)
    };
    match (without, winner) {
        (Verdict::Applied { .. }, Some(by)) => Verdict::Superseded { by, reason: Precedence::Exclusive },
        // It would apply by itself, and not beside those that are let in.
        (Verdict::Applied { .. }, None) => preferred().unwrap_or(Verdict::Shut),
        (verdict, _) => verdict,
    }
}

/// Which branch of its groups was preferred to that of a candidate: by the first of its promotions that applies.
fn preferred(job: Job, candidate: usize, let_in: &[bool], reckoning: &Reckoning) -> Option<Verdict> {
    job.member(candidate)?.branches.iter().find_map(|branch| {
        let group = job.set.groups.get(branch.group).filter(|it| it.mode == GroupMode::Best)?;
        let rivals = (0..job.candidates.len()).filter(|it| is_set(let_in, *it)).filter(|it| {
            let branches = job.member(*it).map(|it| it.branches.as_slice()).unwrap_or_default();
            branches.iter().any(|it| it.group == branch.group && it.child != branch.child)
        });
        let by = rivals.clone().find(|it| reckoning.verdicts.get(*it).is_some_and(Verdict::is_applied));
        let by = by.or_else(|| rivals.clone().next())?;
        Some(Verdict::Superseded { by, reason: Precedence::BestOfGroup(group.id) })
    })
}
