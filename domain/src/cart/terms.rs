//! What the prices and taxes of those who buy depend on.

use std::collections::HashMap;

use super::{Cart, CartQueries};
use crate::{
    customer::{CustomerQueries, CustomerTerms},
    ids::{CartId, CustomerId},
    pricing::{
        Buyer,
        tax::{CartTaxes, ProvidedTaxes},
    },
    settings::Settings,
    storage::StorageError,
};

/// What the prices and taxes of some carts depend on.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    customers: HashMap<CustomerId, CustomerTerms>,
    /// What a tax provider answered; none: there is none.
    taxes: Option<HashMap<CartId, CartTaxes>>,
}

/// What terms are read from.
#[derive(Clone, Copy)]
pub(crate) struct TermsQueries<'a> {
    /// Those who buy.
    pub(crate) customers: &'a dyn CustomerQueries,
    /// What a tax provider answered, where there is one.
    pub(crate) carts: Option<&'a dyn CartQueries>,
}

impl Terms {
    /// Reads them: a statement where any cart is a customer's, and one where there is a tax provider.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn load(
        queries: TermsQueries<'_>,
        carts: &[Cart],
        settings: &Settings,
    ) -> Result<Self, StorageError> {
        let customers: Vec<CustomerId> = carts.iter().filter_map(|it| it.customer_id).collect();
        let mut found = Vec::new();
        if !customers.is_empty() {
            found = queries.customers.customer_terms(&customers).await?;
        }
        Self::of_customers(found, settings).with_taxes(queries.carts, carts).await
    }

    /// The terms of customers.
    pub(crate) fn of_customers(
        customers: impl IntoIterator<Item = (CustomerId, CustomerTerms)>,
        settings: &Settings,
    ) -> Self {
        let mut customers: HashMap<_, _> = customers.into_iter().collect();
        let has_gone = |id| !settings.has_customer_group(id);
        customers.values_mut().for_each(|it| it.group_ids.retain(|id| !has_gone(*id)));
        Self { customers, taxes: None }
    }

    /// The terms with what a tax provider answered, where there is one: a statement.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn with_taxes(
        self,
        queries: Option<&dyn CartQueries>,
        carts: &[Cart],
    ) -> Result<Self, StorageError> {
        let Some(queries) = queries else { return Ok(self) };
        let ids: Vec<CartId> = carts.iter().map(|it| it.id).collect();
        let answers = queries.cart_taxes(&ids).await?.into_iter().map(|it| (it.cart_id, it));
        Ok(Self { taxes: Some(answers.collect()), ..self })
    }

    /// What the prices of a cart depend on.
    pub(crate) fn of(&self, cart: &Cart) -> CustomerTerms {
        cart.customer_id.and_then(|it| self.customers.get(&it)).cloned().unwrap_or_default()
    }

    /// The buyer of a cart, with what its taxes depend on.
    pub(crate) fn complete(&self, buyer: Buyer, cart: &Cart) -> Buyer {
        let answer = |taxes: &HashMap<CartId, CartTaxes>| ProvidedTaxes { answer: taxes.get(&cart.id).cloned() };
        let provided_taxes = self.taxes.as_ref().map(answer);
        Buyer { tax_exemptions: self.of(cart).tax_exemptions, provided_taxes, ..buyer }
    }
}
