//! What a cart would cost at another time, or if another customer bought it: the same calculation, changing nothing.

use std::slice;

use super::{Buyers, CartError, CartService, CartView, Contact, Shelf, ShelfQueries, Terms, hold::live_holds};
use crate::{
    access::{Actor, Permission},
    clock::Timestamp,
    ids::{CartId, CustomerId, VariantId},
    promotion::CodeState,
};

/// What to suppose.
#[derive(Debug, Clone, Copy, Default)]
pub struct PreviewRequest {
    /// When it is; none: now.
    pub at: Option<Timestamp>,
    /// Who buys; none: whose cart it is.
    pub customer_id: Option<CustomerId>,
}

impl CartService {
    /// The cart as it would be priced, by the promotions that are set up now. Its codes count as if they were entered again.
    ///
    /// # Errors
    /// [`CartError`]: no permission, no such cart, no such customer.
    pub async fn preview(&self, actor: &Actor, id: CartId, suppose: PreviewRequest) -> Result<CartView, CartError> {
        actor.require(Permission::ManagePromotions)?;
        let now = self.clock.now();
        let at = suppose.at.unwrap_or(now);
        let mut cart = self.queries.carts_by_id(&[id]).await?.pop().ok_or(CartError::NotFound)?;
        if let Some(id) = suppose.customer_id {
            let customer = self.customers.customers_by_id(&[id]).await?.pop().ok_or(CartError::UnknownCustomer)?;
            cart.customer_id = Some(id);
            cart.contact = Some(Contact { email: customer.email });
        }
        let settings = self.settings.at(at).await?;
        let terms = Terms::load(self.terms_queries(), slice::from_ref(&cart), &settings).await?;
        let pricing = cart.pricing(&settings, &terms.of(&cart), at);
        let buyers = Buyers::load(self.buyer_sources(), terms, &settings, slice::from_ref(&cart), now).await?;
        let mut buyer = buyers.of(&cart, &settings, at);
        for issued in buyers.issued() {
            let usage = self.codes.code_usage(&issued.code, cart.id, cart.customer_id, now).await?;
            let state = issued.check(usage, cart.customer_id).err().unwrap_or(CodeState::Usable);
            buyer.codes.iter_mut().filter(|it| it.code == issued.code).for_each(|it| it.state = state.clone());
        }
        let gifts = settings.promotions.gifts(at);
        let variants: Vec<VariantId> = cart.shown_variant_ids().into_iter().chain(gifts).collect();
        let queries = ShelfQueries {
            catalog: &*self.catalog,
            prices: &*self.prices,
            inventory: &*self.inventory,
            locked: None,
            collections: settings.collections_for_promotions(&*self.collections),
        };
        let shelf = Shelf::load(queries, &variants, cart.currency, &cart.viewpoint(at)).await?;
        let own = live_holds(&*self.holds, slice::from_ref(&cart), now).await?;
        Ok(CartView::of(cart, shelf.with_own(&own).priced(pricing), &settings, buyer, at)?)
    }
}
