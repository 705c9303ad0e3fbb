//! What cart commands are given.

use async_graphql::{ID, InputObject};
use comptoir_domain::{
    cart::{LineChange, NewLine},
    promotion::GiftChoice,
};

use super::super::{
    channel::AddressInput,
    error::{Path, Refusal},
    id::parse_id,
    scalar::{CurrencyCode, LanguageTag},
};

/// A line to add.
#[derive(InputObject)]
pub(super) struct CartLineAddInput {
    /// What.
    variant_id: ID,
    /// How many, or how many more: 1 to 999 in all.
    #[graphql(default = 1)]
    quantity: i64,
}

/// A line's new quantity.
#[derive(InputObject)]
pub(super) struct CartLineUpdateInput {
    /// Which line.
    line_id: ID,
    /// How many: 1 to 999; 0 removes the line.
    quantity: i64,
}

/// What a new cart starts with.
#[derive(InputObject)]
pub(super) struct CartCreateInput {
    /// The currency of its prices; that of the request's market if left out. It never changes.
    pub(super) currency: Option<CurrencyCode>,
    /// The language to write to the buyer in; the request's if left out.
    pub(super) language: Option<LanguageTag>,
    /// Its first lines.
    pub(super) lines: Option<Vec<CartLineAddInput>>,
    /// Where the confirmation goes.
    pub(super) email: Option<String>,
}

/// Lines to add to a cart.
#[derive(InputObject)]
pub(super) struct CartLinesAddInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines; a variant that is there already gets more.
    pub(super) lines: Vec<CartLineAddInput>,
}

/// A discount code to enter.
#[derive(InputObject)]
pub(super) struct CartCodeApplyInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The code, in capitals or not: at most 64 letters, digits, hyphens, underscores and dots.
    pub(super) code: String,
}

/// A discount code to take away.
#[derive(InputObject)]
pub(super) struct CartCodeRemoveInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The code, in capitals or not: at most 64 letters, digits, hyphens, underscores and dots.
    pub(super) code: String,
}

/// A gift to take, or to do without.
#[derive(InputObject)]
pub(super) struct CartGiftChooseInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The promotion that offers it.
    promotion_id: ID,
    /// The gift.
    variant_id: ID,
    /// Whether the shopper wants it.
    is_accepted: bool,
}

impl CartGiftChooseInput {
    /// The choice, in the domain's terms.
    pub(super) fn choice(&self) -> Result<GiftChoice, Refusal> {
        Ok(GiftChoice {
            promotion_id: parse_id(&self.promotion_id, Path::input("promotionId"))?,
            variant_id: parse_id(&self.variant_id, Path::input("variantId"))?,
            is_accepted: self.is_accepted,
        })
    }
}

/// How a cart will be paid.
#[derive(InputObject)]
pub(super) struct CartPaymentSelectInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// Who will take the money: one of `paymentProviders`.
    pub(super) provider: String,
}

/// Lines of a cart to change.
#[derive(InputObject)]
pub(super) struct CartLinesUpdateInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines.
    pub(super) lines: Vec<CartLineUpdateInput>,
}

/// Lines of a cart to remove.
#[derive(InputObject)]
pub(super) struct CartLinesRemoveInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines.
    pub(super) line_ids: Vec<ID>,
}

/// How to reach the buyer.
#[derive(InputObject)]
pub(super) struct CartContactSetInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// Where the confirmation goes.
    pub(super) email: String,
}

/// Where a cart goes, and whom to bill.
#[derive(InputObject)]
pub(super) struct CartAddressesSetInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// Where it goes; left out: nowhere, it is picked up.
    pub(super) shipping: Option<AddressInput>,
    /// Whom to bill; left out: the receiver.
    pub(super) billing: Option<AddressInput>,
}

/// How a cart reaches its buyer.
#[derive(InputObject)]
pub(super) struct CartDeliverySelectInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The `handle` of one of the cart's `deliveryOptions`.
    pub(super) handle: String,
}

/// Lines to add, in the domain's terms.
pub(super) fn new_lines(lines: Vec<CartLineAddInput>) -> Result<Vec<NewLine>, Refusal> {
    let parse = |(index, it): (usize, CartLineAddInput)| {
        let variant_id = parse_id(&it.variant_id, Path::input("lines").index(index).field("variantId"))?;
        Ok(NewLine { variant_id, quantity: it.quantity })
    };
    lines.into_iter().enumerate().map(parse).collect()
}

/// Lines to change, in the domain's terms.
pub(super) fn line_changes(lines: Vec<CartLineUpdateInput>) -> Result<Vec<LineChange>, Refusal> {
    let parse = |(index, it): (usize, CartLineUpdateInput)| {
        let line_id = parse_id(&it.line_id, Path::input("lines").index(index).field("lineId"))?;
        Ok(LineChange { line_id, quantity: it.quantity })
    };
    lines.into_iter().enumerate().map(parse).collect()
}
