//! One reckoning of a cart: the promotions that are let in take their turns, class by class, in the order of the tree.

use super::{
    ActionClass, AllocationTarget, Basis, DiscountRequest, DiscountSource, Gap, Gift, GiftState, GroupMode,
    ManualTarget, PointsBoost, Precedence, PromotionSet, Rejection, apply,
    basket::Basket,
    cut::{Place, Proposal},
    effect::{Effect, effect, refusal},
    set::Member,
    view::View,
};

/// What is reckoned: a cart, and the promotions that could apply to it.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) request: &'a DiscountRequest<'a>,
    pub(super) set: &'a PromotionSet,
    /// Places in the set, in their order.
    pub(super) candidates: &'a [usize],
    /// The cart before any promotion.
    pub(super) start: &'a Basket<'a>,
}

/// What a reckoning comes to.
pub(super) struct Reckoning<'a> {
    pub(super) basket: Basket<'a>,
    /// What became of each candidate.
    pub(super) verdicts: Vec<Verdict>,
    pub(super) shares: Vec<Share>,
    pub(super) gifts: Vec<Gift>,
    pub(super) points: Vec<PointsBoost>,
    /// What was taken off altogether, gifts included.
    pub(super) saved: i64,
    job: Job<'a>,
    is_explained: bool,
    /// For each group that gives way to its first member: the branch that came first, and by which candidate.
    firsts: Vec<Option<(usize, usize)>>,
}

/// What became of a candidate.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    /// It was not let in.
    Shut,
    /// Its first turn has not come.
    Waiting,
    /// Its condition holds, and nothing came of its actions yet, for this reason.
    Holding(Option<Rejection>),
    /// It took something off.
    Applied {
        off: i64,
        /// What would make it take off more.
        next: Option<Box<Gap>>,
    },
    /// It may not act.
    Rejected(Rejection),
    /// Another came first.
    Superseded {
        /// Which candidate.
        by: usize,
        reason: Precedence,
    },
}

/// What one discount takes off at one place.
pub(super) struct Share {
    pub(super) source: DiscountSource,
    pub(super) target: AllocationTarget,
    pub(super) off: i64,
    pub(super) units: u32,
}

impl Verdict {
    pub(super) fn is_applied(&self) -> bool {
        matches!(self, Self::Applied { .. })
    }
}

impl<'a> Job<'a> {
    /// Reckons the cart with the candidates that are let in; what is lacking is written down only where it is asked for.
    pub(super) fn reckon(self, is_let_in: impl Fn(usize) -> bool, is_explained: bool) -> Reckoning<'a> {
        let start = |it: usize| if is_let_in(it) { Verdict::Waiting } else { Verdict::Shut };
        let mut reckoning = Reckoning {
            basket: self.start.clone(),
            verdicts: (0..self.candidates.len()).map(start).collect(),
            shares: Vec::new(),
            gifts: Vec::new(),
            points: Vec::new(),
            saved: 0,
            job: self,
            is_explained,
            firsts: vec![None; self.set.groups.len()],
        };
        for class in [ActionClass::Product, ActionClass::Order, ActionClass::Delivery] {
            for candidate in 0..self.candidates.len() {
                reckoning.turn(class, candidate);
            }
            reckoning.by_hand(class);
        }
        reckoning
    }

    /// What would become of a promotion if there were no other.
    pub(super) fn alone(self, member: &Member) -> Verdict {
        let view = self.view(Some(member), self.start, &[]);
        if let Some(it) = refusal(&view, member, true) {
            return Verdict::Rejected(it);
        }
        let mut reason = None;
        for (index, action) in member.promotion.actions.iter().enumerate() {
            match effect(&view, member, index, action, 0) {
                Ok(Effect::Gift(gift)) if gift.state != GiftState::Added => reason = reason.or(refused_gift(&gift)),
                Ok(it) => return Verdict::Applied { off: it.worth(), next: None },
                Err(it) => reason = reason.or(Some(it)),
            }
        }
        Verdict::Holding(reason)
    }

    pub(super) fn member(&self, candidate: usize) -> Option<&'a Member> {
        self.candidates.get(candidate).and_then(|it| self.set.members.get(*it))
    }

    /// What a promotion, or without one a member of staff, sees of a cart.
    fn view<'v>(&self, member: Option<&Member>, basket: &'v Basket<'a>, gifts: &'v [Gift]) -> View<'v, 'a> {
        View {
            facts: self.request.facts,
            basket,
            basis: member.map_or(Basis::Running, |it| it.promotion.basis),
            promotion_id: member.map(|it| it.promotion.id),
            level: self.request.level,
            rounding: self.request.rounding,
            gifts,
        }
    }
}

impl Reckoning<'_> {
    /// Lets a candidate do what it has to do in a class.
    fn turn(&mut self, class: ActionClass, candidate: usize) {
        let Some(member) = self.job.member(candidate).filter(|it| it.is_in(class)) else { return };
        if matches!(self.verdicts.get(candidate), Some(Verdict::Waiting)) {
            let verdict = self.admit(member);
            self.set_verdict(candidate, verdict);
        }
        for (index, action) in member.promotion.actions.iter().enumerate().filter(|(_, it)| it.class() == class) {
            let so_far = match self.verdicts.get(candidate) {
                Some(Verdict::Holding(_)) => 0,
                Some(Verdict::Applied { off, .. }) => *off,
                _ => return,
            };
            let view = self.job.view(Some(member), &self.basket, &self.gifts);
            let next = || apply::next_tier(&view, action).map(|it| Box::new(it.gap(index, &view)));
            let more = if self.is_explained { next() } else { None };
            let res = effect(&view, member, index, action, so_far).and_then(|it| self.carry_out(member, it));
            match (self.verdicts.get_mut(candidate), res) {
                (Some(Verdict::Applied { off: sum, next }), Ok(off)) => {
                    *sum += off;
                    *next = next.take().or(more);
                }
                (_, Ok(off)) => {
                    self.set_verdict(candidate, Verdict::Applied { off, next: more });
                    self.come_first(member, candidate);
                }
                (Some(Verdict::Holding(reason @ None)), Err(it)) => *reason = Some(it),
                (_, Err(_)) => {}
            }
        }
    }

    /// Whether a promotion may act, decided once, at its first turn.
    fn admit(&self, member: &Member) -> Verdict {
        match refusal(&self.job.view(Some(member), &self.basket, &self.gifts), member, self.is_explained) {
            Some(it) => Verdict::Rejected(it),
            None => self.superseded(member).unwrap_or(Verdict::Holding(None)),
        }
    }

    /// Whether another branch of one of its groups came first.
    fn superseded(&self, member: &Member) -> Option<Verdict> {
        member.branches.iter().find_map(|branch| {
            let (child, by) = self.firsts.get(branch.group).copied().flatten()?;
            let group = self.job.set.groups.get(branch.group)?;
            (child != branch.child).then_some(Verdict::Superseded { by, reason: Precedence::FirstOfGroup(group.id) })
        })
    }

    /// Notes that a promotion came first in its groups.
    fn come_first(&mut self, member: &Member, candidate: usize) {
        for branch in &member.branches {
            let is_first = self.job.set.groups.get(branch.group).is_some_and(|it| it.mode == GroupMode::First);
            if let Some(slot) = self.firsts.get_mut(branch.group).filter(|it| is_first && it.is_none()) {
                *slot = Some((branch.child, candidate));
            }
        }
    }

    /// Does what an action wants to do: what it took off.
    fn carry_out(&mut self, member: &Member, effect: Effect) -> Result<i64, Rejection> {
        let (source, off) = (DiscountSource::Promotion(member.promotion.id), effect.worth());
        match effect {
            Effect::Off(proposal) => self.commit(source, &proposal),
            Effect::Points(boost) => self.points.push(boost),
            Effect::Gift(gift) => {
                let refusal = refused_gift(&gift);
                let (target, units) = (AllocationTarget::Gift(gift.variant_id), gift.quantity);
                self.gifts.push(gift);
                if let Some(it) = refusal {
                    return Err(it);
                }
                self.shares.push(Share { source, target, off, units });
                self.saved += off;
            }
        }
        Ok(off)
    }

    /// Takes off what staff gives by hand in a class.
    fn by_hand(&mut self, class: ActionClass) {
        for discount in self.job.request.manual {
            let own = match discount.target {
                ManualTarget::Line(_) => ActionClass::Product,
                ManualTarget::Order => ActionClass::Order,
                ManualTarget::Delivery => ActionClass::Delivery,
            };
            if own == class {
                let proposal = apply::manual(&self.job.view(None, &self.basket, &[]), discount);
                self.commit(DiscountSource::Manual(discount.id), &proposal);
            }
        }
    }

    fn commit(&mut self, source: DiscountSource, proposal: &Proposal) {
        for cut in proposal.cuts.iter().filter(|it| 0 < it.off) {
            let line = cut.place.line(&self.basket).map(|(it, units)| (AllocationTarget::Line(it.item.line_id), units));
            let (target, units) = match (cut.place, line) {
                (Place::Leg(leg), _) => (AllocationTarget::Delivery(leg), 1),
                (_, Some(it)) => it,
                (_, None) => continue,
            };
            match self.shares.last_mut().filter(|it| it.source == source && it.target == target) {
                Some(last) => {
                    last.off += cut.off;
                    last.units += units;
                }
                None => self.shares.push(Share { source, target, off: cut.off, units }),
            }
        }
        self.saved += proposal.total();
        proposal.commit(&mut self.basket);
    }

    fn set_verdict(&mut self, candidate: usize, verdict: Verdict) {
        if let Some(it) = self.verdicts.get_mut(candidate) {
            *it = verdict;
        }
    }
}

/// Why a gift does not come with the order.
fn refused_gift(gift: &Gift) -> Option<Rejection> {
    let variant_id = gift.variant_id;
    match gift.state {
        GiftState::Added => None,
        GiftState::Offered => Some(Rejection::GiftOffered { variant_id }),
        GiftState::Refused => Some(Rejection::GiftRefused { variant_id }),
    }
}
