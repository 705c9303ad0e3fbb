//! The best branch of each group with the mode `BEST`, found by trying.
//!
//! All combinations are tried while they are few ([`COMBINATIONS_MAX`]): the one that takes off most is taken, of equal
//! ones the first. Where they are many, each group is decided by itself, one after the other, and the trace says so.
//! A branch that never does anything is not preferred to one that does.

use super::{GroupMode, Search, reckon::Job};

/// The most combinations of branches that are all tried.
const COMBINATIONS_MAX: u32 = 128;

/// A group that lets in its best branch, with the branches that have candidates.
struct Choice {
    group: usize,
    children: Vec<usize>,
}

/// Which candidates are let in, and how that was found.
pub(super) struct Found {
    pub(super) let_in: Vec<bool>,
    /// Which candidates applied in one of the combinations.
    pub(super) applied: Vec<bool>,
    pub(super) search: Search,
}

/// Finds the best branch of each group among those that are allowed.
pub(super) fn search(job: Job, allowed: &[bool]) -> Found {
    let choices = choices(job, allowed);
    let count = choices.iter().try_fold(1_u32, |count, it| count.checked_mul(u32::try_from(it.children.len()).ok()?));
    let is_exhaustive = count.is_some_and(|it| it <= COMBINATIONS_MAX);
    let mut trials = Trials { job, allowed, choices: &choices, applied: vec![false; job.candidates.len()], tried: 0 };
    let best = if choices.is_empty() {
        Vec::new()
    } else if is_exhaustive {
        trials.all()
    } else {
        trials.one_by_one()
    };
    let search = Search { is_exhaustive, combinations: trials.tried.max(1) };
    Found { let_in: trials.let_in(&best), search, applied: trials.applied }
}

/// Combinations of branches that are tried: for each choice, which of its branches.
struct Trials<'a> {
    job: Job<'a>,
    allowed: &'a [bool],
    choices: &'a [Choice],
    /// Which candidates applied in one of them.
    applied: Vec<bool>,
    tried: u32,
}

impl Trials<'_> {
    /// Tries every combination: the one that takes off most.
    fn all(&mut self) -> Vec<usize> {
        let mut picks = vec![0; self.choices.len()];
        let mut results = vec![(self.try_out(&picks), picks.clone())];
        while advance(&mut picks, self.choices) {
            results.push((self.try_out(&picks), picks.clone()));
        }
        let is_live = |picks: &[usize]| picks.iter().enumerate().all(|(place, pick)| self.is_live(place, *pick));
        let mut best: Option<(i64, Vec<usize>)> = None;
        for (saved, picks) in results {
            if best.as_ref().is_none_or(|it| it.0 < saved) && is_live(&picks) {
                best = Some((saved, picks));
            }
        }
        best.map_or_else(|| vec![0; self.choices.len()], |it| it.1)
    }

    /// Decides each choice by itself, with the others as they were decided before, or as they come first.
    fn one_by_one(&mut self) -> Vec<usize> {
        let mut picks = vec![0; self.choices.len()];
        for (place, choice) in self.choices.iter().enumerate() {
            let mut results = Vec::with_capacity(choice.children.len());
            for pick in 0..choice.children.len() {
                set(&mut picks, place, pick);
                results.push(self.try_out(&picks));
            }
            let mut best = (0, i64::MIN);
            for (pick, saved) in results.into_iter().enumerate() {
                if best.1 < saved && self.is_live(place, pick) {
                    best = (pick, saved);
                }
            }
            set(&mut picks, place, best.0);
        }
        picks
    }

    /// What a combination takes off.
    fn try_out(&mut self, picks: &[usize]) -> i64 {
        let let_in = self.let_in(picks);
        let reckoning = self.job.reckon(|it| is_set(&let_in, it), false);
        for (it, verdict) in self.applied.iter_mut().zip(&reckoning.verdicts) {
            *it |= verdict.is_applied();
        }
        self.tried += 1;
        reckoning.saved
    }

    fn let_in(&self, picks: &[usize]) -> Vec<bool> {
        let is_in = |it: usize| is_set(self.allowed, it) && is_picked(self.job, it, self.choices, picks);
        (0..self.job.candidates.len()).map(is_in).collect()
    }

    /// Whether a branch ever applied, or none of its group did: a branch that does nothing is not preferred to one
    /// that does, even if the cart cost less without either.
    fn is_live(&self, place: usize, pick: usize) -> bool {
        let Some(choice) = self.choices.get(place) else { return false };
        let has_applied = |child: Option<&usize>| {
            let mut applied = (0..self.job.candidates.len()).filter(|it| is_set(&self.applied, *it));
            applied.any(|it| {
                let branches = self.job.member(it).map(|it| it.branches.as_slice()).unwrap_or_default();
                branches.iter().any(|it| it.group == choice.group && child.is_none_or(|child| it.child == *child))
            })
        };
        has_applied(choice.children.get(pick)) || !has_applied(None)
    }
}

fn set(picks: &mut [usize], place: usize, pick: usize) {
    if let Some(it) = picks.get_mut(place) {
        *it = pick;
    }
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

pub(super) fn is_set(flags: &[bool], place: usize) -> bool {
    flags.get(place).copied().unwrap_or_default()
}
