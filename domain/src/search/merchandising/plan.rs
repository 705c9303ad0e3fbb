//! How rules order what is found: pinned products at their places, and between them what is boosted, the rest, and what is buried. Pure.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use super::{RuleAction, RuleCode, SearchRule, Target, rule::Occasion};
use crate::{ids::ProductId, search::Selection};

/// The most rules that boost or bury in one search; each is a question more to the engine.
const RULES_MAX: usize = 5;

/// What a rule did to a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It stands at its place whatever the text.
    Pinned,
    /// It comes before others.
    Boosted,
    /// It comes behind others.
    Buried,
}

/// Why a hit is where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The rule.
    pub rule: RuleCode,
    /// What it did.
    pub effect: Effect,
}

/// What all rules of one search want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Where the shopper is sent.
    pub(crate) redirect: Option<String>,
    /// Products with the place they shall have, from 1, by place; each product once.
    pub(crate) pins: Vec<(u32, ProductId, RuleCode)>,
    /// What comes first, rule by rule.
    pub(crate) boosts: Vec<(Selection, RuleCode)>,
    /// What comes last, rule by rule; the last of these comes last of all.
    pub(crate) buries: Vec<(Selection, RuleCode)>,
    /// What is not shown.
    pub(crate) hides: Selection,
    /// Whether any of it is for a group of customers.
    pub(crate) is_for_group: bool,
}

/// A part of what is found, which stands together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partition {
    /// What belongs to it; none: all.
    pub(crate) only: Option<Selection>,
    /// What belongs to others.
    pub(crate) except: Selection,
    /// Why it stands there.
    pub(crate) placement: Option<Placement>,
}

impl Plan {
    /// What those of `rules` that are for `occasion` want together.
    pub(crate) fn of(rules: &[SearchRule], occasion: &Occasion) -> Self {
        let mut rules: Vec<&SearchRule> = rules.iter().filter(|it| it.applies_to(occasion)).collect();
        rules.sort_by_key(|it| (Reverse(it.priority), &it.code));
        let mut plan = Self::default();
        for rule in rules {
            plan.add(rule);
        }
        let hidden = plan.hides.products.clone();
        plan.pins.retain(|it| !hidden.contains(&it.1));
        plan.pins.sort_by_key(|it| it.0);
        plan.boosts.truncate(RULES_MAX);
        plan.buries.truncate(RULES_MAX);
        plan.buries.reverse();
        plan
    }

    fn add(&mut self, rule: &SearchRule) {
        self.is_for_group |= rule.condition.customer_group.is_some();
        let (mut boosted, mut buried) = (Vec::new(), Vec::new());
        for action in &rule.actions {
            match action {
                RuleAction::Pin { product, position } => {
                    if !self.pins.iter().any(|it| it.1 == *product) {
                        self.pins.push((*position, *product, rule.code.clone()));
                    }
                }
                RuleAction::Boost(target) => boosted.push(target),
                RuleAction::Bury(target) => buried.push(target),
                RuleAction::Hide(target) => {
                    self.hides = std::mem::take(&mut self.hides).or(&Target::selection([target]));
                }
                RuleAction::Redirect { url } => {
                    self.redirect.get_or_insert_with(|| url.clone());
                }
            }
        }
        for (targets, list) in [(boosted, &mut self.boosts), (buried, &mut self.buries)] {
            if !targets.is_empty() {
                list.push((Target::selection(targets), rule.code.clone()));
            }
        }
    }

    /// Whether it leaves the order as it is.
    pub(crate) fn is_in_order(&self) -> bool {
        self.pins.is_empty() && self.boosts.is_empty() && self.buries.is_empty()
    }

    /// The parts of what is found, pinned products left out, in their order. No product is in two.
    pub(crate) fn partitions(&self) -> Vec<Partition> {
        let mut except = Selection::of(self.pins.iter().map(|it| it.1).collect());
        let mut partitions = Vec::new();
        for (selection, rule) in &self.boosts {
            let placement = Some(Placement { rule: rule.clone(), effect: Effect::Boosted });
            partitions.push(Partition { only: Some(selection.clone()), except: except.clone(), placement });
            except = except.or(selection);
        }
        let buried = self.buries.iter().fold(Selection::default(), |all, it| all.or(&it.0));
        partitions.push(Partition { only: None, except: except.clone().or(&buried), placement: None });
        let mut last = Vec::new();
        for (selection, rule) in self.buries.iter().rev() {
            let placement = Some(Placement { rule: rule.clone(), effect: Effect::Buried });
            last.push(Partition { only: Some(selection.clone()), except: except.clone(), placement });
            except = except.or(selection);
        }
        partitions.extend(last.into_iter().rev());
        partitions
    }
}

/// Which place each product of a page has: the pins, and for all other places what of which partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slots {
    /// The places of the page, from 0: a pin, or a product of the partitions.
    pub(crate) places: Vec<Slot>,
    /// What of each partition is on the page.
    pub(crate) parts: Vec<Range<u64>>,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The pin of this number.
    Pin(usize),
    /// The next product of the partitions.
    Next,
}

impl Slots {
    /// The page from `offset` on with `limit` places, where pins want the places `pins` (from 1, ascending) and partitions have so many products.
    ///
    /// A pin that wants a place behind the last product comes at the end.
    pub(crate) fn of(pins: &[u32], counts: &[u64], offset: u64, limit: u64) -> Self {
        let others: u64 = counts.iter().sum();
        let mut pinned: BTreeMap<u64, usize> = BTreeMap::new();
        let mut next = 0_u64;
        for (idx, wanted) in (0_u64..).zip(pins) {
            let place = u64::from(wanted.saturating_sub(1)).max(next).min(others + idx);
            pinned.insert(place, usize::try_from(idx).unwrap_or(usize::MAX));
            next = place + 1;
        }
        let total = others + pinned.len() as u64;
        let (start, end) = (offset.min(total), offset.saturating_add(limit).min(total));
        let unpinned_before = |place: u64| place - pinned.range(..place).count() as u64;
        let wanted = unpinned_before(start)..unpinned_before(end);
        let mut first = 0;
        let part = |count: &u64| {
            let part = wanted.start.clamp(first, first + count) - first..wanted.end.clamp(first, first + count) - first;
            first += count;
            part
        };
        Self {
            places: (start..end).map(|it| pinned.get(&it).map_or(Slot::Next, |it| Slot::Pin(*it))).collect(),
            parts: counts.iter().map(part).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::Id as _,
        search::merchandising::{QueryCondition, QueryMatching, RuleCondition},
    };

    fn product(number: u128) -> ProductId {
        ProductId::from_uuid(Uuid::from_u128(number))
    }

    fn rule(code: &str, priority: i32, actions: Vec<RuleAction>) -> SearchRule {
        let query = Some(QueryCondition { text: "mug".to_owned(), matching: QueryMatching::Exact });
        SearchRule {
            code: code.parse().unwrap(),
            name: code.to_owned(),
            condition: RuleCondition { query, ..RuleCondition::default() },
            channel: None,
            starts_at: None,
            ends_at: None,
            priority,
            actions,
        }
    }

    fn plan(rules: &[SearchRule]) -> Plan {
        let now = chrono::DateTime::<Utc>::UNIX_EPOCH;
        let (text, channel) = ("mug".to_owned(), "web".parse().unwrap());
        Plan::of(rules, &Occasion { text, collection: None, customer_groups: Vec::new(), channel, now })
    }

    fn pin(number: u128, position: u32) -> RuleAction {
        RuleAction::Pin { product: product(number), position }
    }

    #[test]
    fn the_highest_priority_decides_and_what_is_hidden_is_gone() {
        let found = plan(&[
            rule("a", 0, vec![pin(1, 5), pin(2, 1), RuleAction::Redirect { url: "/a".to_owned() }]),
            rule("b", 1, vec![pin(1, 2), RuleAction::Redirect { url: "/b".to_owned() }]),
            rule("c", 0, vec![RuleAction::Hide(Target::Product(product(2)))]),
        ]);
        assert_eq!(found.redirect.as_deref(), Some("/b"));
        assert_eq!(found.pins, [(2, product(1), "b".parse().unwrap())]);
        assert_eq!(found.hides.products, [product(2)]);
    }

    #[test]
    fn parts_never_share_a_product() {
        let boost = |number| RuleAction::Boost(Target::Product(product(number)));
        let bury = |number| RuleAction::Bury(Target::Product(product(number)));
        let found = plan(&[
            rule("a", 2, vec![boost(1), bury(4)]),
            rule("b", 1, vec![boost(2), bury(1), bury(5)]),
            rule("c", 0, vec![pin(9, 1)]),
        ]);
        let members = |it: &Partition| {
            let numbers = [1, 2, 3, 4, 5, 9].into_iter().map(product);
            let is_in = |id: &ProductId| {
                it.only.as_ref().is_none_or(|it| it.products.contains(id)) && !it.except.products.contains(id)
            };
            numbers.filter(is_in).collect::<Vec<_>>()
        };
        let parts: Vec<_> = found.partitions().iter().map(members).collect();
        // The rule that counts most buries deepest.
        assert_eq!(parts, [vec![product(1)], vec![product(2)], vec![product(3)], vec![product(5)], vec![product(4)]]);
    }

    #[test]
    fn pins_stand_at_their_places_as_far_as_there_are_any() {
        use Slot::{Next, Pin};
        assert_eq!(Slots::of(&[1, 3], &[1, 2], 0, 10).places, [Pin(0), Next, Pin(1), Next, Next]);
        assert_eq!(Slots::of(&[2, 2], &[3], 0, 10).places, [Next, Pin(0), Pin(1), Next, Next]);
        assert_eq!(Slots::of(&[50, 60], &[1], 0, 10).places, [Next, Pin(0), Pin(1)]);
        assert_eq!(Slots::of(&[1], &[], 0, 10).places, [Pin(0)]);
        assert_eq!(Slots::of(&[], &[2, 3], 1, 3), Slots { places: vec![Next; 3], parts: vec![1..2, 0..2] });
    }

    proptest! {
        #[test]
        fn pages_are_the_whole_list_cut(
            mut pins in proptest::collection::vec(1_u32..30, 0..5),
            counts in proptest::collection::vec(0_u64..12, 1..4),
            size in 1_u64..8,
        ) {
            pins.sort_unstable();
            let total = counts.iter().sum::<u64>() + pins.len() as u64;
            let whole = Slots::of(&pins, &counts, 0, total);
            prop_assert_eq!(whole.places.len() as u64, total);
            prop_assert_eq!(whole.places.iter().filter(|it| matches!(it, Slot::Pin(_))).count(), pins.len());
            let mut places = Vec::new();
            let mut taken = vec![0; counts.len()];
            for page in 0..=total / size {
                let slots = Slots::of(&pins, &counts, page * size, size);
                let on_page: u64 = slots.parts.iter().map(|it| it.end - it.start).sum();
                prop_assert_eq!(on_page, slots.places.iter().filter(|it| **it == Slot::Next).count() as u64);
                for (taken, part) in taken.iter_mut().zip(&slots.parts).filter(|(_, part)| !part.is_empty()) {
                    prop_assert_eq!(*taken, part.start);
                    *taken = part.end;
                }
                places.extend(slots.places);
            }
            prop_assert_eq!(places, whole.places);
            prop_assert_eq!(taken, counts);
        }
    }
}
