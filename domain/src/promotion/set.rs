//! The promotions of a shop, put in order once, to be asked for every cart.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::{ActionClass, Condition, Facts, GroupMode, Item, Promotion, PromotionGroup, PromotionState, index::Index};
use crate::{
    clock::Timestamp,
    ids::{Id, PromotionGroupId, PromotionId, VariantId},
    money::{Currency, Money},
};

/// The active promotions and their groups, in the order of calculation, with an index of what each needs.
///
/// Make it when promotions change, not for each cart. Within a class, promotions are reckoned in the order of the tree:
/// siblings by priority, the higher first, then by id.
#[derive(Debug, Clone, Default)]
pub struct PromotionSet {
    pub(super) members: Vec<Member>,
    pub(super) groups: Vec<PromotionGroup>,
    by_id: HashMap<PromotionId, usize>,
    index: Index,
    /// The places of those that give something away.
    giving: Vec<usize>,
    /// The places of those that have a budget.
    budgeted: Vec<usize>,
    asks_for_first_order: bool,
}

/// A promotion in its place.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) promotion: Promotion,
    /// The branches it is on, of groups that do not stack; the outermost first.
    pub(super) branches: Vec<Branch>,
    /// Whether it cannot apply without a code.
    pub(super) needs_code: bool,
    /// Whether it has actions in each class.
    classes: [bool; 3],
    /// The currencies that all of its amounts are in; none: it has no amounts.
    currencies: Option<Vec<Currency>>,
}

/// A branch of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Branch {
    /// The group, by its place in the set.
    pub(super) group: usize,
    /// Which of its members, by its place among them.
    pub(super) child: usize,
}

/// A promotion or a group.
#[derive(Clone, Copy)]
enum Node {
    Promotion(usize),
    Group(usize),
}

impl PromotionSet {
    /// Takes promotions and groups that were checked, in any order. A group or parent that is not among them counts as none.
    #[must_use]
    pub fn new(promotions: Vec<Promotion>, groups: Vec<PromotionGroup>) -> Self {
        let mut order = Vec::with_capacity(promotions.len());
        let tree = Tree::new(&promotions, &groups);
        tree.walk(None, &[], &mut order);
        let mut slots: Vec<Option<Promotion>> = promotions.into_iter().map(Some).collect();
        let members: Vec<Member> = order
            .into_iter()
            .filter_map(|(index, branches)| Some(Member::new(slots.get_mut(index)?.take()?, branches)))
            .collect();
        let by_id = members.iter().enumerate().map(|(index, it)| (it.promotion.id, index)).collect();
        let index = Index::new(members.iter().map(|it| &it.promotion));
        let giving = members.iter().enumerate().filter(|(_, it)| it.promotion.gifts().next().is_some());
        let giving = giving.map(|it| it.0).collect();
        let budgeted = members.iter().enumerate().filter(|(_, it)| it.promotion.budget.is_some());
        let budgeted = budgeted.map(|it| it.0).collect();
        let first_order = |it: &Condition| it.has(&|it| matches!(it, Condition::FirstOrder(_)));
        let asks_for_first_order = members.iter().any(|it| it.promotion.condition.as_ref().is_some_and(first_order));
        Self { by_id, index, giving, budgeted, asks_for_first_order, members, groups }
    }

    /// How many promotions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The promotion of this id.
    #[must_use]
    pub fn find(&self, id: PromotionId) -> Option<&Promotion> {
        self.place_of(id).and_then(|it| self.members.get(it)).map(|it| &it.promotion)
    }

    /// The group of this id.
    #[must_use]
    pub fn group(&self, id: PromotionGroupId) -> Option<&PromotionGroup> {
        self.groups.iter().find(|it| it.id == id)
    }

    /// What promotions that run at a moment may give away, each once.
    #[must_use]
    pub fn gifts(&self, moment: Timestamp) -> Vec<VariantId> {
        let giving = self.giving.iter().filter_map(|it| self.members.get(*it)).map(|it| &it.promotion);
        let running = giving.filter(|it| it.state(moment) == PromotionState::Active);
        let variants: BTreeSet<VariantId> = running.flat_map(Promotion::gifts).collect();
        variants.into_iter().collect()
    }

    /// The promotions that have a budget and run at a moment.
    pub fn budgeted(&self, moment: Timestamp) -> impl Iterator<Item = &Promotion> {
        let budgeted = self.budgeted.iter().filter_map(|it| self.members.get(*it)).map(|it| &it.promotion);
        budgeted.filter(move |it| it.state(moment) == PromotionState::Active)
    }

    /// How many different things promotions may give away, with `promotion` as it is given.
    pub(super) fn gift_count_with(&self, promotion: &Promotion) -> usize {
        let giving = self.giving.iter().filter_map(|it| self.members.get(*it)).map(|it| &it.promotion);
        let others = giving.filter(|it| it.id != promotion.id);
        others.chain([promotion]).flat_map(Promotion::gifts).collect::<BTreeSet<VariantId>>().len()
    }

    /// Whether any promotion asks for a customer's first order.
    #[must_use]
    pub fn asks_for_first_order(&self) -> bool {
        self.asks_for_first_order
    }

    pub(super) fn place_of(&self, id: PromotionId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The places of the promotions that could apply, in the order of calculation, and of those whose code was entered.
    pub(super) fn candidates(&self, facts: &Facts, items: &[&Item], subtotal: i64) -> Vec<usize> {
        let mut found = self.index.candidates(facts, items, subtotal);
        found.extend(facts.codes.iter().filter_map(|it| self.place_of(it.promotion_id?)));
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Member {
    fn new(promotion: Promotion, branches: Vec<Branch>) -> Self {
        let has = |class| promotion.actions.iter().any(|it| it.class() == class);
        let classes = [ActionClass::Product, ActionClass::Order, ActionClass::Delivery].map(has);
        let amounts = promotion.amounts().into_iter().map(|(_, it)| it.iter().map(Money::currency).collect());
        let currencies = amounts.reduce(|mut common: Vec<Currency>, it| {
            common.retain(|currency| it.contains(currency));
            common
        });
        let needs_code = promotion.condition.as_ref().is_some_and(Condition::needs_code);
        Self { promotion, branches, needs_code, classes, currencies }
    }

    pub(super) fn has_currency(&self, currency: Currency) -> bool {
        self.currencies.as_ref().is_none_or(|it| it.contains(&currency))
    }

    pub(super) fn is_in(&self, class: ActionClass) -> bool {
        self.classes.get(class as usize).copied().unwrap_or_default()
    }
}

/// The tree of groups while promotions are put in order.
struct Tree<'a> {
    groups: &'a [PromotionGroup],
    children: HashMap<Option<PromotionGroupId>, Vec<(i32, Uuid, Node)>>,
}

impl<'a> Tree<'a> {
    fn new(promotions: &[Promotion], groups: &'a [PromotionGroup]) -> Self {
        let parents: HashMap<PromotionGroupId, Option<PromotionGroupId>> =
            groups.iter().map(|it| (it.id, it.parent_id)).collect();
        // A parent that leads nowhere, or round in a circle, is none.
        let known = |id: Option<PromotionGroupId>| {
            let mut seen = HashSet::new();
            let mut at = id;
            while let Some(it) = at {
                if !seen.insert(it) {
                    return None;
                }
                at = *parents.get(&it)?;
            }
            id
        };
        let mut children: HashMap<_, Vec<(i32, Uuid, Node)>> = HashMap::new();
        for (index, it) in promotions.iter().enumerate() {
            let sibling = (it.priority, it.id.uuid(), Node::Promotion(index));
            children.entry(known(it.group_id)).or_default().push(sibling);
        }
        for (index, it) in groups.iter().enumerate() {
            let sibling = (it.priority, it.id.uuid(), Node::Group(index));
            children.entry(known(it.parent_id)).or_default().push(sibling);
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|(priority, id, _)| (std::cmp::Reverse(*priority), *id));
        }
        Self { groups, children }
    }

    /// Writes down the promotions below a group, in their order, each with its branches.
    fn walk(&self, group: Option<usize>, branches: &[Branch], order: &mut Vec<(usize, Vec<Branch>)>) {
        let it = group.and_then(|it| self.groups.get(it));
        let is_choice = it.is_some_and(|it| it.mode != GroupMode::Stack);
        for (child, (_, _, node)) in self.children.get(&it.map(|it| it.id)).into_iter().flatten().enumerate() {
            let own = group.filter(|_| is_choice).map(|group| Branch { group, child });
            let below: Vec<Branch> = branches.iter().copied().chain(own).collect();
            match node {
                Node::Promotion(index) => order.push((*index, below)),
                Node::Group(index) => self.walk(Some(*index), &below, order),
            }
        }
    }
}
