//! Commands on the lines of carts.

use async_graphql::{Context, Object, Result};
use comptoir_domain::cart::CartEdit;

use super::{
    super::{error::Path, id::parse_ids},
    input::{
        CartLinesAddInput, CartLinesMoveToCartInput, CartLinesRemoveInput, CartLinesSaveForLaterInput,
        CartLinesSetInput, CartLinesUpdateInput, line_changes, new_lines,
    },
    payload::{CartPayload, run},
};

/// Commands on the lines of carts. All need the cart's secret, its owner or `MANAGE_CARTS`.
#[derive(Default)]
pub(in crate::graphql) struct CartLineMutation;

#[Object]
impl CartLineMutation {
    /// Adds lines; one that is there already gets more. All or nothing.
    async fn cart_lines_add(&self, ctx: &Context<'_>, input: CartLinesAddInput) -> Result<CartPayload> {
        let on_shortage = input.on_insufficient_stock.into();
        let edit = new_lines(ctx, input.lines).await.map(|lines| CartEdit::AddLines { lines, on_shortage });
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Changes lines: quantities, to a value or by a delta, attributes and notes. All or nothing.
    async fn cart_lines_update(&self, ctx: &Context<'_>, input: CartLinesUpdateInput) -> Result<CartPayload> {
        let on_shortage = input.on_insufficient_stock.into();
        let edit = line_changes(input.lines).map(|changes| CartEdit::UpdateLines { changes, on_shortage });
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Makes these the lines of the cart, and removes all others. All or nothing.
    async fn cart_lines_set(&self, ctx: &Context<'_>, input: CartLinesSetInput) -> Result<CartPayload> {
        let on_shortage = input.on_insufficient_stock.into();
        let edit = new_lines(ctx, input.lines).await.map(|lines| CartEdit::SetLines { lines, on_shortage });
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Removes lines, also those that are saved for later. All or nothing.
    async fn cart_lines_remove(&self, ctx: &Context<'_>, input: CartLinesRemoveInput) -> Result<CartPayload> {
        let edit = parse_ids(&input.line_ids, &Path::input("lineIds")).map(CartEdit::RemoveLines);
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Saves lines for later: they stay with the cart in `savedLines`, with what they cost now, and are neither counted, priced nor
    /// delivered. At most 100.
    async fn cart_lines_save_for_later(
        &self,
        ctx: &Context<'_>,
        input: CartLinesSaveForLaterInput,
    ) -> Result<CartPayload> {
        let edit = parse_ids(&input.line_ids, &Path::input("lineIds")).map(CartEdit::SaveForLater);
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Moves lines that were saved for later back, as if they were added now. All or nothing.
    async fn cart_lines_move_to_cart(&self, ctx: &Context<'_>, input: CartLinesMoveToCartInput) -> Result<CartPayload> {
        let on_shortage = input.on_insufficient_stock.into();
        let lines = parse_ids(&input.line_ids, &Path::input("lineIds"));
        let edit = lines.map(|lines| CartEdit::MoveToCart { lines, on_shortage });
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }
}
