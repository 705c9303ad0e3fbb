//! The administration of groups of customers.

use super::{Customer, CustomerError, CustomerGroup, CustomerService};
use crate::{
    access::{Actor, Permission},
    event::EventKind,
    ids::{CustomerGroupId, CustomerId},
};

impl CustomerService {
    /// All groups, the oldest first.
    ///
    /// # Errors
    /// [`CustomerError`]: no permission.
    pub async fn groups(&self, actor: &Actor) -> Result<Vec<CustomerGroup>, CustomerError> {
        actor.require(Permission::ManageCustomers)?;
        Ok(self.settings.latest().await?.customer_groups.clone())
    }

    /// Creates a group, or renames the one of this id.
    ///
    /// # Errors
    /// [`CustomerError`].
    pub async fn save_group(
        &self,
        actor: &Actor,
        id: Option<CustomerGroupId>,
        name: String,
    ) -> Result<CustomerGroup, CustomerError> {
        actor.require(Permission::ManageCustomers)?;
        if !CustomerGroup::is_name(&name) {
            return Err(CustomerError::InvalidGroupName { max: CustomerGroup::NAME_LENGTH_MAX });
        }
        let uow = self.storage.begin().await?;
        // Of two at once, the later waits for the earlier and sees what it did.
        uow.settings().changed().await?;
        let groups = uow.customer_queries().customer_groups().await?;
        match id {
            Some(id) if !groups.iter().any(|it| it.id == id) => return Err(CustomerError::UnknownGroup { index: None }),
            None if CustomerGroup::COUNT_MAX <= groups.len() => {
                return Err(CustomerError::TooManyGroups { max: CustomerGroup::COUNT_MAX });
            }
            _ => {}
        }
        let group = CustomerGroup { id: id.unwrap_or_else(|| CustomerGroupId::new(&*self.ids)), name };
        uow.customers().save_group(&group).await?;
        self.settings.commit(uow).await?;
        Ok(group)
    }

    /// Removes a group. Its customers, prices and promotions stay, and are nobody's of it any more.
    ///
    /// # Errors
    /// [`CustomerError`].
    pub async fn delete_group(&self, actor: &Actor, id: CustomerGroupId) -> Result<(), CustomerError> {
        actor.require(Permission::ManageCustomers)?;
        let uow = self.storage.begin().await?;
        if !uow.customers().delete_group(id).await? {
            return Err(CustomerError::UnknownGroup { index: None });
        }
        self.settings.commit(uow).await?;
        Ok(())
    }

    /// Puts a customer in these groups, and in no other.
    ///
    /// # Errors
    /// [`CustomerError`].
    pub async fn set_groups(
        &self,
        actor: &Actor,
        id: CustomerId,
        groups: &[CustomerGroupId],
    ) -> Result<Customer, CustomerError> {
        actor.require(Permission::ManageCustomers)?;
        let max = CustomerGroup::OF_CUSTOMER_MAX;
        if max < groups.len() {
            return Err(CustomerError::TooManyGroupsOfCustomer { max });
        }
        let settings = self.settings.latest().await?;
        let is_known = |id: &CustomerGroupId| settings.customer_groups.iter().any(|it| it.id == *id);
        if let Some(index) = groups.iter().position(|it| !is_known(it)) {
            return Err(CustomerError::UnknownGroup { index: Some(index) });
        }
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let mut customer = uow.customers().find(id).await?.ok_or(CustomerError::NotFound)?;
        let mut group_ids = groups.to_vec();
        group_ids.sort_unstable();
        group_ids.dedup();
        if customer.group_ids == group_ids {
            return Ok(customer);
        }
        customer.group_ids = group_ids;
        let event = customer.changed(EventKind::CustomerUpdated, now);
        uow.customers().save(&customer).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(customer)
    }
}
