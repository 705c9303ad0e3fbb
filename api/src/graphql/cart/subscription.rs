//! Carts as they change.

use std::sync::Arc;

use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use comptoir_domain::{cart::CartError, event::Topic, ids::CartId};
use futures_util::{Stream, StreamExt as _};

use super::{
    super::{
        context::{ContextExt as _, RequestContext},
        error::{ErrorCode, Path, Refuse as _, UserError, fault, has_code},
        id::parse_id,
        news::{only_news, seen_version},
    },
    Cart,
};

/// A cart that changed.
#[derive(SimpleObject)]
struct CartUpdated {
    /// The cart's version; pass the last one seen as `afterVersion` to go on after a break.
    version: u32,
    /// The cart as it is now.
    cart: Cart,
}

/// Carts as they change.
#[derive(Default)]
pub(in crate::graphql) struct CartSubscription;

#[Subscription]
impl CartSubscription {
    /// A cart whenever it changes, for who holds it. Versions only grow; one may stand for several changes. Who holds it no
    /// longer is told by an error with the code `NOT_FOUND`, and the subscription ends.
    async fn cart_updated(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart.")] cart_id: ID,
        #[graphql(desc = "The last version the client saw: a newer one is sent at once.")] after_version: Option<i64>,
    ) -> Result<impl Stream<Item = Result<CartUpdated>> + use<>> {
        let request = ctx.request()?.clone();
        let id = parse_id::<CartId>(&cart_id, Path::argument("cartId")).map_err(|it| it.into_error())?;
        let events = request.ports.bus.subscribe(Topic::Cart(id)).await.map_err(|it| fault(&it))?;
        let first = current(&request, id).await?;
        let seen = seen_version(after_version).unwrap_or(first.version);
        let first = futures_util::stream::iter([Ok(first)]);
        let later = events.then(move |_| {
            let request = request.clone();
            async move { current(&request, id).await }
        });
        Ok(until_gone(only_news(first.chain(later), seen, |it| it.version)))
    }
}

/// Ends `states` after the error that tells that the cart is not there any more for who listens.
fn until_gone<T>(states: impl Stream<Item = Result<T>>) -> impl Stream<Item = Result<T>> {
    futures_util::stream::unfold(Some(Box::pin(states)), |states| async move {
        let mut states = states?;
        let state = states.next().await?;
        let is_gone = state.as_ref().is_err_and(|it| has_code(it, ErrorCode::NotFound));
        Some((state, (!is_gone).then_some(states)))
    })
}

/// The cart as it is now; who may see it is checked each time.
async fn current(request: &RequestContext, id: CartId) -> Result<CartUpdated> {
    let view = request.app.carts.view(&request.actor, id).await.map_err(|error| match error {
        CartError::NotFound => {
            UserError::input(ErrorCode::NotFound, error.to_string(), Path::argument("cartId")).into_error()
        }
        other => other.refuse(Path::argument("cartId")).into_error(),
    })?;
    Ok(CartUpdated { version: view.cart.version, cart: Cart(Arc::new(view)) })
}
