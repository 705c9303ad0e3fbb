//! Problems and notices of carts: interfaces that always tell where, with types that carry the figures.

use async_graphql::{Enum, ID, Interface, SimpleObject};
use comptoir_domain::{
    cart::{self, Clamped, LineError},
    ids::CartLineId,
    promotion::Rejection,
};

use super::super::{
    error::{ErrorCode, Path, code_error, line_error},
    id::to_id,
    money::Money,
    quote::{PromotionReason, rejected},
    scalar::DateTime,
};

/// What keeps a cart from being ordered as it is. The concrete types carry figures.
#[derive(Debug, Clone, Interface)]
#[graphql(
    field(name = "code", ty = "&ErrorCode", desc = "Why, to be read by programs."),
    field(name = "message", ty = "&String", desc = "Why, to be read by developers."),
    field(name = "line_id", ty = "&Option<ID>", desc = "Which line; null where it is about a code, or all lines."),
    field(name = "discount_code", ty = "&Option<String>", desc = "Which code; null where it is about a line."),
    field(
        name = "available",
        ty = "&Option<u32>",
        desc = "How many of the line's variant there are for it, where there are not enough."
    )
)]
pub(in crate::graphql) enum CartProblem {
    Line(CartLineProblem),
    Stock(CartStockProblem),
    Limit(CartLimitProblem),
    Code(CartCodeProblem),
    Price(CartPriceProblem),
    Hold(CartHoldProblem),
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, SimpleObject)]
        pub(in crate::graphql) struct $name {
            /// Why, to be read by programs.
            code: ErrorCode,
            /// Why, to be read by developers.
            message: String,
            /// Which line; null where it is about a code, or all lines.
            line_id: Option<ID>,
            /// Which code; null where it is about a line.
            discount_code: Option<String>,
            /// How many of the line's variant there are for it, where there are not enough.
            available: Option<u32>,
            $($(#[$field_doc])* $field: $type,)*
        }
    )+};
}

problems! {
    /// A line cannot be ordered at all: it is not for sale any more (`NOT_FOR_SALE`), or has no price (`NO_PRICE`).
    CartLineProblem {}

    /// There are fewer than the line wants.
    CartStockProblem {
        /// How many the line wants.
        requested: u32,
    }

    /// More than one customer may buy, over all their orders (`LIMIT_EXCEEDED`).
    CartLimitProblem {
        /// The most.
        maximum: u32,
        /// How many the customer has bought.
        bought: u32,
        /// How many the cart has.
        requested: u32,
    }

    /// A code does not count any more: take it away, or enter it again.
    CartCodeProblem {
        /// Why.
        reason: PromotionReason,
    }

    /// The price list is over that the line's price was of, and it costs more now (`PRICE_LIST_ENDED`). Who says again how many of
    /// it they want, even if just as many, takes the price of now.
    CartPriceProblem {
        /// What one cost when the shopper last said how many.
        was: Money,
        /// What one costs.
        now: Money,
    }

    /// Its stock is not set aside any more (`HOLD_EXPIRED`): others may have it. `cartHoldRenew` sets it aside again, as far as it is
    /// there, and so does who wants more, or another delivery.
    CartHoldProblem {
        /// Since when.
        expired_at: DateTime,
    }
}

impl CartProblem {
    /// The problem of a line.
    pub(in crate::graphql) fn of_line(line: CartLineId, problem: LineError) -> Self {
        let error = line_error(problem, Path::default());
        let (code, message, _) = error.parts();
        let (message, line_id, discount_code) = (message.to_owned(), Some(to_id(line)), None);
        match problem {
            LineError::InsufficientStock { available, requested } => {
                let available = Some(available);
                Self::Stock(CartStockProblem { code, message, line_id, discount_code, available, requested })
            }
            LineError::CustomerLimit { maximum, bought, requested } => {
                let limit = CartLimitProblem {
                    code,
                    message,
                    line_id,
                    discount_code,
                    available: None,
                    maximum,
                    bought,
                    requested,
                };
                Self::Limit(limit)
            }
            LineError::PriceListEnded { was, now } => {
                let (available, was, now) = (None, was.into(), now.into());
                Self::Price(CartPriceProblem { code, message, line_id, discount_code, available, was, now })
            }
            _ => Self::Line(CartLineProblem { code, message, line_id, discount_code, available: None }),
        }
    }
}

impl From<cart::CartProblem> for CartProblem {
    fn from(problem: cart::CartProblem) -> Self {
        match problem {
            cart::CartProblem::Line { line_id, error } => Self::of_line(line_id, error),
            cart::CartProblem::HoldExpired { at } => Self::Hold(CartHoldProblem {
                code: ErrorCode::HoldExpired,
                message: format!("stock was set aside until {at}"),
                line_id: None,
                discount_code: None,
                available: None,
                expired_at: DateTime(at),
            }),
            cart::CartProblem::Code { code, reason } => Self::Code(CartCodeProblem {
                code: code_error(&reason),
                message: code_message(&code.to_string(), &reason),
                line_id: None,
                discount_code: Some(code.to_string()),
                available: None,
                reason: rejected(&reason),
            }),
        }
    }
}

fn code_message(code: &str, reason: &Rejection) -> String {
    match reason {
        Rejection::Code(state) => format!("the code `{code}` does not count any more: {}", state.reason()),
        _ => format!("the code `{code}` does not count any more: its promotion does not run"),
    }
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum CartNoticeCode {
    /// One costs something else than when the shopper last said how many.
    PriceChanged,
    /// A line that is saved for later costs less than when it was put aside.
    PriceDropped,
    /// A line has less than was wanted.
    QuantityClamped,
    /// Its stock is not set aside any more, and cannot be again: who orders first, has it.
    HoldExpired,
    /// Not all that it wants is set aside.
    HoldIncomplete,
}

/// What a shopper may want to know of a cart, which can be ordered all the same. The concrete types carry figures.
#[derive(Interface)]
#[graphql(
    field(name = "code", ty = "&CartNoticeCode", desc = "What it is about, to be read by programs."),
    field(name = "message", ty = "&String", desc = "What it is about, to be read by developers."),
    field(name = "line_id", ty = "&Option<ID>", desc = "Which line; null where there is none.")
)]
pub(in crate::graphql) enum CartNotice {
    PriceChanged(PriceChangedNotice),
    QuantityClamped(QuantityClampedNotice),
    HoldExpired(HoldExpiredNotice),
    HoldIncomplete(HoldIncompleteNotice),
}

/// One of a line costs something else (`PRICE_CHANGED`), or one that is saved for later less (`PRICE_DROPPED`).
#[derive(SimpleObject)]
pub(in crate::graphql) struct PriceChangedNotice {
    /// What it is about, to be read by programs.
    code: CartNoticeCode,
    /// What it is about, to be read by developers.
    message: String,
    /// Which line; null where there is none.
    line_id: Option<ID>,
    /// What one cost when the shopper last said how many, or put it aside.
    was: Money,
    /// What one costs.
    now: Money,
}

/// A line has less than was wanted, because there was no more.
#[derive(SimpleObject)]
pub(in crate::graphql) struct QuantityClampedNotice {
    /// What it is about, to be read by programs.
    code: CartNoticeCode,
    /// What it is about, to be read by developers.
    message: String,
    /// Which line; null where there was nothing, so that there is no line.
    line_id: Option<ID>,
    /// What.
    variant_id: ID,
    /// How many were wanted.
    requested: u32,
    /// How many the line has.
    available: u32,
}

/// Its stock is not set aside any more, and has been as often as it may be: who orders first, has it.
#[derive(SimpleObject)]
pub(in crate::graphql) struct HoldExpiredNotice {
    /// What it is about, to be read by programs.
    code: CartNoticeCode,
    /// What it is about, to be read by developers.
    message: String,
    /// Null: it is about all lines.
    line_id: Option<ID>,
    /// Since when.
    expired_at: DateTime,
}

/// Not all that the cart wants is set aside for it: there is less, or one cart, or who holds it, has as much as they may.
#[derive(SimpleObject)]
pub(in crate::graphql) struct HoldIncompleteNotice {
    /// What it is about, to be read by programs.
    code: CartNoticeCode,
    /// What it is about, to be read by developers.
    message: String,
    /// Null: it is about all lines.
    line_id: Option<ID>,
    /// How many pieces are not set aside, of a bundle those of its components: who orders first, has them.
    unheld_quantity: u32,
}

impl From<&Clamped> for CartNotice {
    fn from(it: &Clamped) -> Self {
        Self::QuantityClamped(QuantityClampedNotice {
            code: CartNoticeCode::QuantityClamped,
            message: format!("there were {}, not {}", it.available, it.requested),
            line_id: it.line_id.map(to_id),
            variant_id: to_id(it.variant_id),
            requested: it.requested,
            available: it.available,
        })
    }
}

impl From<cart::CartNotice> for CartNotice {
    fn from(notice: cart::CartNotice) -> Self {
        let (code, line_id, was, now) = match notice {
            cart::CartNotice::PriceChanged { line_id, was, now } => (CartNoticeCode::PriceChanged, line_id, was, now),
            cart::CartNotice::PriceDropped { line_id, was, now } => (CartNoticeCode::PriceDropped, line_id, was, now),
            cart::CartNotice::QuantityClamped(clamped) => return Self::from(&clamped),
            cart::CartNotice::HoldIncomplete { unheld } => {
                return Self::HoldIncomplete(HoldIncompleteNotice {
                    code: CartNoticeCode::HoldIncomplete,
                    message: format!("{unheld} pieces are not set aside"),
                    line_id: None,
                    unheld_quantity: unheld,
                });
            }
            cart::CartNotice::HoldExpired { at } => {
                let (code, message) = (CartNoticeCode::HoldExpired, format!("stock was set aside until {at}"));
                let expired_at = DateTime(at);
                return Self::HoldExpired(HoldExpiredNotice { code, message, line_id: None, expired_at });
            }
        };
        let message = format!("one costs {now}, not {was}");
        let (line_id, was, now) = (Some(to_id(line_id)), was.into(), now.into());
        Self::PriceChanged(PriceChangedNotice { code, message, line_id, was, now })
    }
}
