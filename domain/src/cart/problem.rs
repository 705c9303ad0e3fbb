//! Problems, which keep a cart from being ordered, and notices, which tell what happened to it meanwhile.

use super::{CartLine, CartState, CartView, Clamped, LineError};
use crate::{
    clock::Timestamp,
    ids::CartLineId,
    money::Money,
    pricing::PricedLine,
    promotion::{CodeState, CodeTrace, DiscountCode, Outcome, Rejection},
};

/// What keeps a cart from being ordered as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CartProblem {
    /// A line cannot be ordered as it is.
    Line {
        /// Which.
        line_id: CartLineId,
        /// Why.
        error: LineError,
    },
    /// A code does not count any more: take it away, or enter it again.
    Code {
        /// Which.
        code: DiscountCode,
        /// Why.
        reason: Rejection,
    },
    /// Its stock is not set aside any more. It can be for another time, so that nobody is told at the till that it is gone.
    HoldExpired {
        /// Since when.
        at: Timestamp,
    },
}

/// What a shopper may want to know of a cart that can be ordered all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CartNotice {
    /// One of a line costs something else than when the shopper last said how many.
    PriceChanged {
        /// Which line.
        line_id: CartLineId,
        /// What one cost then.
        was: Money,
        /// What one costs.
        now: Money,
    },
    /// One of a line that is saved for later costs less than when it was put aside.
    PriceDropped {
        /// Which line.
        line_id: CartLineId,
        /// What one cost then.
        was: Money,
        /// What one costs.
        now: Money,
    },
    /// A line has less than was wanted.
    QuantityClamped(Clamped),
    /// Its stock is not set aside any more, and cannot be again: who orders first, has it.
    HoldExpired {
        /// Since when.
        at: Timestamp,
    },
    /// Not all that it wants is set aside, as a cart and a holder can have so much set aside and no more.
    HoldIncomplete {
        /// How many pieces are not; of a bundle, those of its components.
        unheld: u32,
    },
}

impl CartView {
    /// All that keeps the cart from being ordered: lines in their order, then codes, then its hold.
    #[must_use]
    pub fn problems(&self) -> Vec<CartProblem> {
        let line = |it: &PricedLine| Some(CartProblem::Line { line_id: it.line_id, error: it.problem? });
        let lines = self.priced.lines.iter().filter_map(line);
        let hold = self.expired_hold().filter(|_| self.cart.hold.can_begin());
        let hold = hold.map(|at| CartProblem::HoldExpired { at });
        lines.chain(self.priced.quote.trace.codes.iter().filter_map(code_problem)).chain(hold).collect()
    }

    /// What happened to the cart since the shopper last changed its lines.
    #[must_use]
    pub fn notices(&self) -> Vec<CartNotice> {
        let of_line = |line: &CartLine| {
            let priced = self.priced.lines.iter().find(|it| it.line_id == line.id);
            let now = priced.and_then(|it| it.quoted.as_ref()).map(|it| it.unit_price);
            let changed = line.seen_price.zip(now).filter(|(was, now)| was != now);
            let (line_id, variant_id, available) = (line.id, line.variant_id, line.quantity.get());
            let clamped = line.wanted.map(|requested| {
                CartNotice::QuantityClamped(Clamped { line_id: Some(line_id), variant_id, requested, available })
            });
            changed.map(|(was, now)| CartNotice::PriceChanged { line_id, was, now }).into_iter().chain(clamped)
        };
        let dropped = |line: &CartLine| {
            let (was, now) = self.price_drop(line)?;
            Some(CartNotice::PriceDropped { line_id: line.id, was, now })
        };
        let expired = self.expired_hold().filter(|_| !self.cart.hold.can_begin());
        let hold = match (expired, self.cart.hold.unheld) {
            (Some(at), _) => Some(CartNotice::HoldExpired { at }),
            (None, unheld @ 1..) if self.waits() && self.expired_hold().is_none() => {
                Some(CartNotice::HoldIncomplete { unheld })
            }
            _ => None,
        };
        let dropped = self.cart.saved.iter().filter_map(dropped);
        self.cart.lines.iter().flat_map(of_line).chain(dropped).chain(hold).collect()
    }

    /// Since when its stock is not set aside any more, where it was and the cart still waits to be ordered.
    fn expired_hold(&self) -> Option<Timestamp> {
        self.cart.hold.until.filter(|it| self.waits() && *it <= self.at)
    }

    /// Whether there is something to order in it.
    fn waits(&self) -> bool {
        self.cart.state == CartState::Active && !self.cart.lines.is_empty()
    }

    /// What one of a saved line cost when it was put aside and what it costs now, where that is less.
    #[must_use]
    pub fn price_drop(&self, saved: &CartLine) -> Option<(Money, Money)> {
        let prices = saved.seen_price.zip(self.shelf.unit_price(saved.variant_id, saved.quantity));
        prices.filter(|(was, now)| now.currency() == was.currency() && now.minor() < was.minor())
    }
}

/// What is wrong with a code. One whose promotion asks for something that the cart lacks is in order.
fn code_problem(trace: &CodeTrace) -> Option<CartProblem> {
    let Outcome::Rejected { reason } = &trace.outcome else { return None };
    let is_void = match reason {
        Rejection::Code(state) => *state != CodeState::Usable,
        Rejection::Paused | Rejection::Ended { .. } | Rejection::PromotionInactive => true,
        _ => false,
    };
    is_void.then(|| CartProblem::Code { code: trace.code.clone(), reason: reason.clone() })
}
