//! Refusals of cart commands.

use serde::{Deserialize, Serialize};

use crate::{
    access::AccessError,
    catalog::NameReason,
    ids::{CartId, OrderId},
    inventory::HoldError,
    money::{Currency, Money, MoneyError},
    promotion::{CodeState, DiscountCode, ManualDiscountError},
    storage::StorageError,
};

/// What is wrong with one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LineError {
    /// The cart has no such line.
    #[error("the cart has no such line")]
    NotFound,
    /// No such variant, or its product is not published.
    #[error("this is not for sale")]
    NotForSale,
    /// Not sold in the cart's currency.
    #[error("this has no price in {code}", code = .currency.code())]
    NoPrice {
        /// The cart's currency.
        currency: Currency,
    },
    /// Too few, or too many.
    #[error("a quantity is between {min} and {max}")]
    QuantityOutOfRange {
        /// The fewest.
        min: u32,
        /// The most.
        max: u32,
    },
    /// What a line comes to by a delta is too little, or too much.
    #[error("with the delta a quantity is between {min} and {max}")]
    SumOutOfRange {
        /// The fewest; at 0 the line goes.
        min: u32,
        /// The most.
        max: u32,
    },
    /// More than one customer may buy.
    #[error("a customer may buy {maximum}, has bought {bought} and wants {requested}")]
    CustomerLimit {
        /// The most, over all orders.
        maximum: u32,
        /// How many they have bought.
        bought: u32,
        /// How many the cart would have.
        requested: u32,
    },
    /// The price list is over that its price was of, and it costs more without.
    #[error("its price list is over: one costs {now}, not {was}; say again how many")]
    PriceListEnded {
        /// What one cost.
        was: Money,
        /// What one costs.
        now: Money,
    },
    /// There are not so many.
    #[error("there are {available}, not {requested}")]
    InsufficientStock {
        /// How many there are.
        available: u32,
        /// How many were wanted.
        requested: u32,
    },
}

impl LineError {
    /// How many there are, where that is what is wrong.
    #[must_use]
    pub fn available(self) -> Option<u32> {
        match self {
            Self::InsufficientStock { available, .. } => Some(available),
            _ => None,
        }
    }
}

/// Why a change of a cart cannot be: a fact of the cart and its shelf, which a client can be told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CartRefusal {
    /// A line cannot be as asked for.
    #[error("{error}")]
    Line {
        /// The line's place in the input, from 0.
        index: usize,
        /// What is wrong.
        error: LineError,
    },
    /// A line cannot be as a delta makes it.
    #[error("{error}")]
    Delta {
        /// The line's place in the input, from 0.
        index: usize,
        /// What is wrong.
        error: LineError,
    },
    /// A line names a variant by a SKU or a code that names none.
    #[error("{reason}")]
    Name {
        /// The line's place in the input, from 0.
        index: usize,
        /// Whether by a SKU, and not by a code.
        by_sku: bool,
        /// Why not.
        reason: NameReason,
    },
    /// A line cannot be saved for later, or cannot go back into the cart.
    #[error("{error}")]
    SavedLine {
        /// The line's place in the input, from 0.
        index: usize,
        /// What is wrong.
        error: LineError,
    },
    /// A line to remove or to move is not there.
    #[error("the cart has no such line")]
    UnknownLine {
        /// Its place in the input, from 0.
        index: usize,
    },
    /// A code cannot be used.
    #[error("the code `{code}` cannot be used: {reason}", reason = .state.reason())]
    Code {
        /// The code.
        code: DiscountCode,
        /// Why.
        state: CodeState,
    },
    /// Too many codes.
    #[error("a cart has at most {max} codes")]
    TooManyCodes {
        /// The most codes.
        max: usize,
    },
    /// Too many lines.
    #[error("a cart holds at most {max} lines")]
    TooManyLines {
        /// The most lines.
        max: usize,
    },
    /// Too many lines to remove or to move at once.
    #[error("at most {max} lines at once")]
    TooManyLineIds {
        /// The most lines.
        max: usize,
    },
    /// Too many pieces.
    #[error("a cart holds at most {max} pieces")]
    TooManyPieces {
        /// The most pieces, over all lines.
        max: u32,
    },
    /// Too many lines saved for later.
    #[error("a cart keeps at most {max} lines for later")]
    TooManySaved {
        /// The most lines.
        max: usize,
    },
    /// No promotion offers this gift to the cart.
    #[error("no promotion offers this gift to the cart")]
    GiftNotOffered,
    /// No such payment provider.
    #[error("there is no payment provider of this name; there are {}", offered.join(", "))]
    UnknownProvider {
        /// The providers there are.
        offered: Vec<String>,
    },
    /// A discount by hand cannot be.
    #[error(transparent)]
    Discount(ManualDiscountError),
    /// A discount by hand off a line that the cart does not have, or that has no price.
    #[error("the cart has no such line with a price")]
    DiscountLine,
    /// The cart has no such discount by hand.
    #[error("the cart has no such discount by hand")]
    UnknownDiscount,
    /// Too many discounts by hand.
    #[error("a cart has at most {max} discounts by hand")]
    TooManyDiscounts {
        /// The most discounts.
        max: usize,
    },
    /// No such delivery option for this cart.
    #[error("this delivery option is not available for the cart")]
    DeliveryUnavailable,
    /// An offline command came before with other input.
    #[error("the command's id was used before with other input")]
    CommandIdReused,
}

/// Why a command on a cart was refused.
#[derive(Debug, thiserror::Error)]
pub enum CartError {
    /// No such cart, or somebody else's.
    #[error("there is no such cart")]
    NotFound,
    /// It became an order and cannot change.
    #[error("the cart was ordered")]
    AlreadyOrdered {
        /// The order.
        order_id: OrderId,
    },
    /// What is wrong with the cart that another is to be merged into.
    #[error("{error}")]
    Target {
        /// That cart.
        id: CartId,
        /// What is wrong.
        error: Box<Self>,
    },
    /// What it held went into another cart.
    #[error("the cart was merged into {into}")]
    Merged {
        /// The cart to go on with.
        into: CartId,
    },
    /// The carts are in two currencies, and stay as they are.
    #[error("the cart is in {source}, the other in {target}", source = .from.code(), target = .to.code())]
    CurrencyMismatch {
        /// That of the cart to merge.
        from: Currency,
        /// That of the cart that it would go into.
        to: Currency,
    },
    /// A cart cannot be merged into itself.
    #[error("this is the same cart")]
    SameCart,
    /// Nobody signed in, and no cart is named to go into.
    #[error("sign in, or name the cart that it goes into")]
    NoTarget,
    /// Both carts were to stay a customer's, and no customer acts.
    #[error("no customer signed in who could have both carts")]
    NobodyToHaveBoth,
    /// It belongs to another customer.
    #[error("the cart belongs to another customer")]
    OfAnotherCustomer,
    /// It was shared with who asks, who cannot take it from the others.
    #[error("the cart is only shared with you: who held it first can do this")]
    OnlyShared,
    /// The id that the client made has been used, with another secret.
    #[error("this id cannot be used")]
    IdTaken,
    /// There is no such order, or it is somebody else's.
    #[error("there is no such order")]
    OrderNotFound,
    /// Too many commands at once.
    #[error("at most {max} commands at once")]
    TooManyCommands {
        /// The most commands.
        max: usize,
    },
    /// It is not as the client last saw it.
    #[error("the cart is at version {current_version}")]
    VersionConflict {
        /// The version it is at.
        current_version: u32,
    },
    /// The cart cannot be changed so.
    #[error(transparent)]
    Refused(#[from] CartRefusal),
    /// No other time begins for its stock.
    #[error(transparent)]
    Hold(#[from] HoldError),
    /// The cart's channel sets no stock aside.
    #[error("no stock is set aside for the carts of this channel")]
    NoHolds,
    /// Another time was asked for where nothing is held.
    #[error("the cart holds nothing")]
    NothingToHold,
    /// Too many hold it.
    #[error("a cart is shared with at most {max}")]
    TooManyShares {
        /// The most it is shared with.
        max: usize,
    },
    /// No cart waits under the code, or no longer; which, is not said.
    #[error("the code is wrong, was used, or has expired")]
    InvalidCode,
    /// No such customer.
    #[error("there is no such customer")]
    UnknownCustomer,
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Not money, or too much of it.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl CartError {
    /// The same, of the cart that another is to be merged into.
    pub(super) fn of_target(self, id: CartId) -> Self {
        Self::Target { id, error: Box::new(self) }
    }
}
