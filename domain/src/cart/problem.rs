//! Problems, which keep a cart from being ordered, and notices, which tell what happened to it meanwhile.

use super::{CartLine, CartView, Clamped, LineError};
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
    /// Its stock is not set aside any more: who orders first, has it.
    HoldExpired {
        /// Since when.
        at: Timestamp,
    },
}

impl CartView {
    /// All that keeps the cart from being ordered: lines in their order, then codes.
    #[must_use]
    pub fn problems(&self) -> Vec<CartProblem> {
        let line = |it: &PricedLine| Some(CartProblem::Line { line_id: it.line_id, error: it.problem? });
        let lines = self.priced.lines.iter().filter_map(line);
        lines.chain(self.priced.quote.trace.codes.iter().filter_map(code_problem)).collect()
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
        let expired = self.cart.hold.until.filter(|it| *it <= self.at).map(|at| CartNotice::HoldExpired { at });
        let dropped = self.cart.saved.iter().filter_map(dropped);
        self.cart.lines.iter().flat_map(of_line).chain(dropped).chain(expired).collect()
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
