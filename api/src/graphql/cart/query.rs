//! Reads of carts.

use async_graphql::{Context, ID, Object, Result};
use comptoir_domain::ids::CartId;

use super::{
    super::{context::ContextExt as _, error::Path, id::parse_id, loader::load},
    Cart,
};

/// Reads of carts.
#[derive(Default)]
pub(in crate::graphql) struct CartQuery;

#[Object]
impl CartQuery {
    /// A cart, for who holds its secret; null for anybody else, and where there is none.
    async fn cart(&self, ctx: &Context<'_>, #[graphql(desc = "The cart.")] id: ID) -> Option<Result<Cart>> {
        let found = async {
            let id: CartId = parse_id(&id, Path::argument("id")).map_err(|it| it.into_error())?;
            Ok(load(ctx, id).await?.map(Cart))
        };
        found.await.transpose()
    }

    /// The payment providers the shop offers, for `orderPlace`.
    async fn payment_providers(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        Ok(ctx.request()?.app.checkout.providers().codes().map(ToString::to_string).collect())
    }
}
