//! What a customer looked at: kept where they allow it, and forgotten where they want that.

use super::{CustomerError, CustomerService};
use crate::{access::Actor, catalog::Viewpoint, codes::ChannelCode, ids::ProductId};

impl CustomerService {
    /// Remembers that the customer who acts looked at a product.
    ///
    /// # Errors
    /// [`CustomerError::ConsentMissing`], [`CustomerError::UnknownProduct`].
    pub async fn view_product(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        product: ProductId,
    ) -> Result<(), CustomerError> {
        let id = actor.require_customer()?;
        let found = self.catalog.products_by_id(&[product]).await?;
        let from = Viewpoint { channel: channel.clone(), now: self.clock.now() };
        if !found.iter().any(|it| it.is_visible_to(actor, &from)) {
            return Err(CustomerError::UnknownProduct);
        }
        let uow = self.storage.begin().await?;
        // Locked, so that nothing is kept of somebody who says no meanwhile.
        let customer = super::service::find(&*uow, id).await?;
        if !customer.allows_personalization {
            return Err(CustomerError::ConsentMissing);
        }
        uow.customers().add_view(id, product, self.clock.now()).await?;
        uow.commit().await?;
        Ok(())
    }

    /// Forgets that the customer who acts looked at `products`, or at anything where there are none.
    ///
    /// # Errors
    /// [`CustomerError::Access`].
    pub async fn forget_views(&self, actor: &Actor, products: Option<&[ProductId]>) -> Result<(), CustomerError> {
        let id = actor.require_customer()?;
        let uow = self.storage.begin().await?;
        uow.customers().clear_views(id, products).await?;
        uow.commit().await?;
        Ok(())
    }

    /// What the customer who acts looked at, the last first; nothing for anybody else.
    ///
    /// # Errors
    /// [`CustomerError::Storage`].
    pub async fn viewed(&self, actor: &Actor) -> Result<Vec<ProductId>, CustomerError> {
        match actor.customer() {
            Some(id) => Ok(self.queries.viewed_products(id).await?),
            None => Ok(Vec::new()),
        }
    }
}
