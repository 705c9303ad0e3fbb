//! The groups that those who buy are in.

use std::collections::HashMap;

use super::Cart;
use crate::{
    customer::CustomerQueries,
    ids::{CustomerGroupId, CustomerId},
    settings::Settings,
    storage::StorageError,
};

/// The groups of some customers.
#[derive(Debug, Default)]
pub(crate) struct Groups(HashMap<CustomerId, Vec<CustomerGroupId>>);

impl Groups {
    /// Reads those of the customers whose carts they are: one statement where there are groups and customers, otherwise none.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn load(
        queries: &dyn CustomerQueries,
        carts: &[Cart],
        settings: &Settings,
    ) -> Result<Self, StorageError> {
        let customers: Vec<CustomerId> = carts.iter().filter_map(|it| it.customer_id).collect();
        if customers.is_empty() || settings.customer_groups.is_empty() {
            return Ok(Self::default());
        }
        let groups = queries.groups_of(&customers).await?.into_iter();
        Ok(Self(groups.map(|(id, groups)| (id, settings.known_groups(groups))).collect()))
    }

    /// Those of who buys a cart.
    pub(crate) fn of(&self, cart: &Cart) -> Vec<CustomerGroupId> {
        cart.customer_id.and_then(|it| self.0.get(&it)).cloned().unwrap_or_default()
    }
}
