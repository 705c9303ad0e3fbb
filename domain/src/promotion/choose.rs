//! Which promotions are let in: exclusive ones first, then the best of each group that asks for it.
//!
//! 1. Exclusive promotions are tried in their order, each with those that always combine. The first that applies holds,
//!    and shuts out the others.
//! 2. Otherwise all that are not exclusive are let in.
//! 3. Of what is let in, each group with the mode `BEST` lets in one branch. All combinations are tried while they are few
//!    ([`COMBINATIONS_MAX`]): the one that takes off most is taken, of equal ones the first. Where they are many, each
//!    group is decided by itself, one after the other, and the trace says so.

use super::{
    Combination, GroupMode, Precedence, Search,
    reckon::{Job, Reckoning, Verdict},
};

/// The most combinations of branches that are all tried.
pub(super) const COMBINATIONS_MAX: u32 = 128;

/// A group that lets in its best branch, with the branches that have candidates.
struct Choice {
    group: usize,
    children: Vec<usize>,
}

/// Which candidates are let in, and how that was found.
struct Found {
    let_in: Vec<bool>,
    /// Which candidates applied in one of the combinations.
    applied: Vec<bool>,
    search: Search,
}

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
    if member.promotion.combination == Combination::Exclusive && winner.is_none() {
        // It was tried beside those that always combine, and did not apply.
        let is_always = |it: usize| job.member(it).is_some_and(|it| it.promotion.combination == Combination::Always);
        let tried = job.reckon(|it| it == candidate || is_always(it), true);
        return tried.verdicts.into_iter().nth(candidate).unwrap_or(Verdict::Shut);
    }
    let preferred = preferred(job, candidate, &found.let_in, reckoning);
    match (preferred, job.alone(member), winner) {
        (Some(preferred), ..) if is_set(&found.applied, candidate) => preferred,
        (_, Verdict::Applied { .. }, Some(by)) => Verdict::Superseded { by, reason: Precedence::Exclusive },
        // It would apply by itself, and not beside those that are let in.
        (Some(preferred), Verdict::Applied { .. }, None) => preferred,
        (_, alone, _) => alone,
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

/// Finds the best branch of each group among those that are allowed.
fn search(job: Job, allowed: &[bool]) -> Found {
    let choices = choices(job, allowed);
    let let_in = |picks: &[usize]| -> Vec<bool> {
        let is_in = |it: usize| is_set(allowed, it) && is_picked(job, it, &choices, picks);
        (0..job.candidates.len()).map(is_in).collect()
    };
    let mut best = vec![0; choices.len()];
    let count = choices.iter().try_fold(1_u32, |count, it| count.checked_mul(u32::try_from(it.children.len()).ok()?));
    let is_exhaustive = count.is_some_and(|it| it <= COMBINATIONS_MAX);
    let mut applied = vec![false; job.candidates.len()];
    let mut combinations = 0;
    let mut try_out = |picks: &[usize]| {
        let let_in = let_in(picks);
        let reckoning = job.reckon(|it| is_set(&let_in, it), false);
        for (it, verdict) in applied.iter_mut().zip(&reckoning.verdicts) {
            *it |= verdict.is_applied();
        }
        combinations += 1;
        reckoning.saved
    };
    if is_exhaustive && !choices.is_empty() {
        let mut picks = best.clone();
        let mut most = try_out(&picks);
        while advance(&mut picks, &choices) {
            let saved = try_out(&picks);
            if most < saved {
                (most, best) = (saved, picks.clone());
            }
        }
    } else {
        for (place, choice) in choices.iter().enumerate() {
            let mut most = i64::MIN;
            let mut picks = best.clone();
            for pick in 0..choice.children.len() {
                if let Some(it) = picks.get_mut(place) {
                    *it = pick;
                }
                let saved = try_out(&picks);
                if most < saved {
                    (most, best) = (saved, picks.clone());
                }
            }
        }
    }
    let combinations = combinations.max(1);
    Found { let_in: let_in(&best), applied, search: Search { is_exhaustive, combinations } }
}

/// The groups among whose branches there is a choice.
fn choices(job: Job, allowed: &[bool]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let members = (0..job.candidates.len()).filter(|it| is_set(allowed, *it)).filter_map(|it| job.member(it));
    for branch in members.flat_map(|it| &it.branches) {
        if job.set.groups.get(branch.group).is_some_and(|it| it.mode == GroupMode::Best) {
            match choices.iter_mut().find(|it| it.group == branch.group) {
                Some(it) if it.children.contains(&branch.child) => {}
                Some(it) => it.children.push(branch.child),
                None => choices.push(Choice { group: branch.group, children: vec![branch.child] }),
            }
        }
    }
    choices.retain(|it| 1 < it.children.len());
    choices
}

/// Whether a candidate is on the branches that are picked.
fn is_picked(job: Job, candidate: usize, choices: &[Choice], picks: &[usize]) -> bool {
    let branches = job.member(candidate).map(|it| it.branches.as_slice()).unwrap_or_default();
    branches.iter().all(|branch| {
        let choice = choices.iter().zip(picks).find(|(it, _)| it.group == branch.group);
        choice.is_none_or(|(it, pick)| it.children.get(*pick) == Some(&branch.child))
    })
}

/// Goes on to the next combination; false after the last.
fn advance(picks: &mut [usize], choices: &[Choice]) -> bool {
    for (pick, choice) in picks.iter_mut().zip(choices).rev() {
        *pick += 1;
        if *pick < choice.children.len() {
            return true;
        }
        *pick = 0;
    }
    false
}

fn is_set(flags: &[bool], place: usize) -> bool {
    flags.get(place).copied().unwrap_or_default()
}
