//! Merging carts on the wire.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{
    access::{Actor, CartSecret},
    cart::{self, CartError, CartMerge, MergedCart},
};

use super::{
    super::{
        context::ContextExt as _,
        error::{Path, Refusal, Refuse as _, UserError},
        id::{parse_id, to_id},
        news::seen_version,
        quote::ManualDiscount,
    },
    line_object::LineAttribute,
    object::Cart,
    payload::current,
};

/// How two carts become one. Lines are the same where variant and attributes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "cart::MergeStrategy")]
pub(in crate::graphql) enum CartMergeStrategy {
    /// Of the same line the larger quantity. Repeating it changes nothing.
    Max,
    /// Of the same line both quantities together.
    Sum,
    /// What the guest has, and no other lines; contact, addresses, delivery, payment, notes and the first of the codes are the guest's too,
    /// where they have any, and the customer's in the others. A guest who has nothing leaves the customer's cart as it is.
    GuestWins,
    /// Both carts stay, and the customer has both. The guest's is the one that changed last, so it is `activeCart`.
    KeepSeparate,
}

/// When carts meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "cart::MergeMoment")]
pub(in crate::graphql) enum CartMergeMoment {
    /// While looking around.
    Browsing,
    /// On the way to pay: by default the guest's cart wins, so that nobody pays for more than they saw.
    Checkout,
}

/// What became of the carts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "cart::MergeOutcome")]
enum CartMergeOutcome {
    /// The guest's cart went into the customer's, and points to it.
    Merged,
    /// There was no other cart, or it was theirs already: the guest's is the customer's.
    Adopted,
    /// Both stay; the guest's is the customer's now.
    KeptSeparate,
    /// It went there before; nothing has changed.
    AlreadyMerged,
}

/// Why something is in neither cart any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "cart::DropReason")]
pub(super) enum CartDropReason {
    /// The guest's cart took the place of the customer's.
    Replaced,
    /// More than one line can hold.
    LineLimit,
    /// More than one cart can hold.
    CartLimit,
    /// It is not for sale any more, or has no price.
    NotForSale,
    /// There are not so many.
    InsufficientStock,
}

/// A line that is in the cart now.
#[derive(SimpleObject)]
pub(super) struct MergedCartLine {
    /// The line.
    line_id: ID,
    /// What.
    variant_id: ID,
    /// What is wanted of it, by key; at most 20.
    attributes: Vec<LineAttribute>,
    /// How many.
    quantity: u32,
}

/// A line that both carts had.
#[derive(SimpleObject)]
struct CombinedCartLine {
    /// The line.
    line_id: ID,
    /// What.
    variant_id: ID,
    /// What is wanted of it, by key; at most 20.
    attributes: Vec<LineAttribute>,
    /// How many there are now.
    quantity: u32,
    /// How many the guest's cart had.
    source_quantity: u32,
    /// How many the customer's cart had.
    target_quantity: u32,
}

/// What is in neither cart any more.
#[derive(SimpleObject)]
pub(super) struct DroppedCartLine {
    /// What.
    variant_id: ID,
    /// What was wanted of it, by key; at most 20.
    attributes: Vec<LineAttribute>,
    /// How many.
    quantity: u32,
    /// Why.
    reason: CartDropReason,
}

/// What merging did, line by line; at most 250 of each.
#[derive(SimpleObject)]
struct CartMergeReport {
    /// What became of the carts.
    outcome: CartMergeOutcome,
    /// How they were merged.
    strategy: CartMergeStrategy,
    /// Lines of the guest's cart that the customer's did not have.
    moved_lines: Vec<MergedCartLine>,
    /// Lines that both had.
    combined_lines: Vec<CombinedCartLine>,
    /// Lines that the guest had saved for later and the customer had not.
    moved_saved_lines: Vec<MergedCartLine>,
    /// Lines that both had saved for later.
    combined_saved_lines: Vec<CombinedCartLine>,
    /// What is in neither cart any more.
    dropped_lines: Vec<DroppedCartLine>,
    /// Codes of the guest's cart that are in the customer's now.
    moved_codes: Vec<String>,
    /// Codes of the guest's cart that the customer's has no room for.
    dropped_codes: Vec<String>,
    /// What staff had given by hand on the guest's cart, at most 50; it was for what that held.
    dropped_discounts: Vec<ManualDiscount>,
}

impl From<&cart::MergedLine> for MergedCartLine {
    fn from(it: &cart::MergedLine) -> Self {
        let attributes = LineAttribute::all(&it.attributes);
        Self { line_id: to_id(it.line_id), variant_id: to_id(it.variant_id), attributes, quantity: it.quantity }
    }
}

impl From<&cart::DroppedLine> for DroppedCartLine {
    fn from(it: &cart::DroppedLine) -> Self {
        let attributes = LineAttribute::all(&it.attributes);
        Self { variant_id: to_id(it.variant_id), attributes, quantity: it.quantity, reason: it.reason.into() }
    }
}

impl From<cart::MergeReport> for CartMergeReport {
    fn from(report: cart::MergeReport) -> Self {
        let combined = |it: &cart::CombinedLine| CombinedCartLine {
            line_id: to_id(it.line.line_id),
            variant_id: to_id(it.line.variant_id),
            attributes: LineAttribute::all(&it.line.attributes),
            quantity: it.line.quantity,
            source_quantity: it.source_quantity,
            target_quantity: it.target_quantity,
        };
        Self {
            outcome: report.outcome.into(),
            strategy: report.strategy.into(),
            moved_lines: report.moved.iter().map(MergedCartLine::from).collect(),
            combined_lines: report.combined.iter().map(combined).collect(),
            moved_saved_lines: report.moved_saved.iter().map(MergedCartLine::from).collect(),
            combined_saved_lines: report.combined_saved.iter().map(combined).collect(),
            dropped_lines: report.dropped.iter().map(DroppedCartLine::from).collect(),
            moved_codes: report.moved_codes.iter().map(ToString::to_string).collect(),
            dropped_codes: report.dropped_codes.iter().map(ToString::to_string).collect(),
            dropped_discounts: report.dropped_discounts.iter().map(ManualDiscount::from).collect(),
        }
    }
}

/// Carts to merge.
#[derive(InputObject)]
struct CartMergeInput {
    /// The guest's cart, which goes into the other.
    source_id: ID,
    /// What opens it; left out: what the request came with.
    #[graphql(secret)]
    source_secret: Option<String>,
    /// The cart that it goes into; left out: the customer's active cart in the channel of the guest's. Where there is none, the
    /// guest's becomes the customer's.
    target_id: Option<ID>,
    /// How; left out: as the shop has set up for the moment.
    strategy: Option<CartMergeStrategy>,
    /// When they meet.
    #[graphql(default_with = "CartMergeMoment::Browsing")]
    moment: CartMergeMoment,
    /// The version of the target that the client last saw; the command is refused where it is at another. Left out: at any.
    expected_version: Option<i64>,
}

/// The guest's cart of who signs in.
#[derive(InputObject)]
pub(in crate::graphql) struct SignInCartInput {
    /// The cart.
    cart_id: ID,
    /// What opens it.
    #[graphql(secret)]
    cart_secret: String,
    /// How it is merged; left out: as the shop has set up for the moment.
    strategy: Option<CartMergeStrategy>,
    /// When the carts meet.
    #[graphql(default_with = "CartMergeMoment::Browsing")]
    moment: CartMergeMoment,
}

/// The answer to `cartMerge`, and what became of the guest's cart at sign-in.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CartMergePayload {
    /// The cart to go on with. Null where the carts were not merged, which both are as they were, then; with a `VERSION_CONFLICT` the
    /// target as it is.
    cart: Option<Cart>,
    /// What merging did.
    report: Option<CartMergeReport>,
    /// Why the carts were not merged; empty: they were.
    user_errors: Vec<UserError>,
}

/// Merging carts.
#[derive(Default)]
pub(in crate::graphql) struct CartMergeMutation;

#[Object]
impl CartMergeMutation {
    /// Merges a guest's cart into another: mostly that of the customer who just signed in. Sent again, it changes nothing. The
    /// guest's cart is `MERGED` then, and tells where it went; carts of two currencies are refused, and so is a cart of another
    /// customer.
    async fn cart_merge(&self, ctx: &Context<'_>, input: CartMergeInput) -> Result<CartMergePayload> {
        let request = ctx.request()?;
        let merge = match parse(input) {
            Ok(merge) => merge,
            Err(refusal) => return payload(Err(refusal)),
        };
        let merged = request.app.carts.merge(&request.actor, merge).await;
        let outdated = match &merged {
            Err(CartError::Target { id, error }) if matches!(**error, CartError::VersionConflict { .. }) => Some(*id),
            _ => None,
        };
        let payload = payload(merged.map_err(|it| it.refuse(Path::input("sourceId"))))?;
        match outdated {
            Some(id) => Ok(CartMergePayload { cart: current(ctx, id).await?, ..payload }),
            None => Ok(payload),
        }
    }
}

fn parse(input: CartMergeInput) -> Result<CartMerge, Refusal> {
    Ok(CartMerge {
        source_id: parse_id(&input.source_id, Path::input("sourceId"))?,
        source_secret: input.source_secret.map(CartSecret::new),
        target_id: input.target_id.map(|it| parse_id(&it, Path::input("targetId"))).transpose()?,
        strategy: input.strategy.map(Into::into),
        moment: input.moment.into(),
        expected_version: seen_version(input.expected_version),
    })
}

/// Merges the cart that a customer had as a guest. They have signed in whatever becomes of it.
pub(in crate::graphql) async fn merge_at_sign_in(
    ctx: &Context<'_>,
    customer: &Actor,
    input: SignInCartInput,
) -> Result<CartMergePayload> {
    let merge = parse_id(&input.cart_id, Path::input("cart").field("cartId")).map(|source_id| CartMerge {
        source_id,
        source_secret: Some(CartSecret::new(input.cart_secret)),
        target_id: None,
        strategy: input.strategy.map(Into::into),
        moment: input.moment.into(),
        expected_version: None,
    });
    let merge = match merge {
        Ok(merge) => merge,
        Err(refusal) => return payload(Err(refusal)),
    };
    let merged = ctx.request()?.app.carts.merge(customer, merge).await.map_err(|it| match it {
        // Nobody has named it.
        CartError::Target { error, .. } => *error,
        error => error,
    });
    payload(merged.map_err(|it| it.refuse(Path::input("cart").field("cartId"))))
}

fn payload(merged: Result<MergedCart, Refusal>) -> Result<CartMergePayload> {
    Ok(match merged {
        Ok(MergedCart { view, report }) => {
            CartMergePayload { cart: Some(Cart(Arc::new(view))), report: Some(report.into()), user_errors: vec![] }
        }
        Err(refusal) => CartMergePayload { cart: None, report: None, user_errors: refusal.into_user_errors()? },
    })
}
