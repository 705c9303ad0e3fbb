//! Reads of carts.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use comptoir_domain::cart::CartError;

use super::{
    super::{
        context::ContextExt as _,
        error::{Path, Refuse as _},
        id::parse_id,
    },
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
            let request = ctx.request()?;
            let id = parse_id(&id, Path::argument("id")).map_err(|it| it.into_error())?;
            match request.app.carts.view(&request.actor, id).await {
                Ok(view) => Ok(Some(Cart(Arc::new(view)))),
                Err(CartError::NotFound) => Ok(None),
                Err(error) => Err(error.refuse(Path::argument("id")).into_error()),
            }
        };
        found.await.transpose()
    }

    /// The payment providers the shop offers, for `orderPlace`.
    async fn payment_providers(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        Ok(ctx.request()?.app.checkout.providers().codes().map(ToString::to_string).collect())
    }
}
