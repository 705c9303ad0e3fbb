//! What the prices and taxes of those who buy depend on.

use std::collections::HashMap;

use super::Cart;
use crate::{
    customer::{CustomerQueries, CustomerTerms},
    ids::CustomerId,
    pricing::Buyer,
    settings::Settings,
    storage::StorageError,
};

/// What the prices and taxes of some customers depend on.
#[derive(Debug, Default)]
pub(crate) struct Terms(HashMap<CustomerId, CustomerTerms>);

impl Terms {
    /// Reads it for the customers whose carts they are: one statement, or none where they are nobody's.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn load(
        queries: &dyn CustomerQueries,
        carts: &[Cart],
        settings: &Settings,
    ) -> Result<Self, StorageError> {
        let customers: Vec<CustomerId> = carts.iter().filter_map(|it| it.customer_id).collect();
        if customers.is_empty() {
            return Ok(Self::default());
        }
        let mut terms: HashMap<_, _> = queries.customer_terms(&customers).await?.into_iter().collect();
        terms.values_mut().for_each(|it: &mut CustomerTerms| it.group_ids.retain(|id| settings.has_customer_group(*id)));
        Ok(Self(terms))
    }

    /// Those of who buys a cart.
    pub(crate) fn of(&self, cart: &Cart) -> CustomerTerms {
        cart.customer_id.and_then(|it| self.0.get(&it)).cloned().unwrap_or_default()
    }
}

impl Buyer {
    /// The buyer with what their taxes depend on.
    pub(crate) fn with_terms(self, terms: CustomerTerms) -> Self {
        Self { tax_exemptions: terms.tax_exemptions, ..self }
    }
}
