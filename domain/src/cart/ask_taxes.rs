//! Asking a tax provider about a cart that has changed.

use super::{CartError, CartService, CartView};
use crate::{
    checkout::chosen_delivery,
    clock::Timestamp,
    pricing::{
        CartToPrice,
        tax::{CartTaxes, ProvidedTaxes},
        tax_question,
    },
    settings::Settings,
    storage::StorageError,
};

impl CartService {
    /// The view of a cart that was just stored, with what a tax provider says of it. Nothing is locked meanwhile. A provider
    /// that does not answer leaves the view as it is: its taxes are stale.
    pub(super) async fn ask_for_taxes(
        &self,
        view: CartView,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<CartView, CartError> {
        let Some(provider) = &self.tax_provider else { return Ok(view) };
        let CartView { cart, shelf, buyer, .. } = &view;
        let delivery = chosen_delivery(cart, shelf, settings);
        let question = tax_question(&CartToPrice { cart, shelf, settings, delivery: delivery.as_ref(), buyer, now });
        let rates = match &question {
            Some(question) => match provider.rates(question).await {
                Ok(rates) => rates,
                Err(_) => return Ok(view),
            },
            None => Vec::new(),
        };
        let variants = question.iter().flat_map(|it| &it.lines).map(|it| it.variant_id);
        let rates = variants.zip(rates).collect();
        let answer = CartTaxes { cart_id: cart.id, cart_version: cart.version, rates };
        if self.keep(&answer).await.is_err() {
            // The change itself is stored: it must not look as if it were not.
            return Ok(view);
        }
        let CartView { cart, shelf, mut buyer, .. } = view;
        buyer.provided_taxes = Some(ProvidedTaxes { answer: Some(answer) });
        Ok(CartView::of(cart, shelf, settings, buyer, now)?)
    }

    async fn keep(&self, answer: &CartTaxes) -> Result<(), StorageError> {
        let uow = self.storage.begin().await?;
        uow.carts().save_taxes(answer).await?;
        uow.commit().await
    }
}
