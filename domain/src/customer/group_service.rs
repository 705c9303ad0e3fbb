//! What staff decides of customers: the groups they are in, and what frees them from tax.

use super::{Customer, CustomerError, CustomerGroup, CustomerService};
use crate::{
    access::{Actor, Permission},
    event::EventKind,
    ids::{CustomerGroupId, CustomerId},
    pricing::tax::TaxExemption,
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
            Some(id) if !groups.iter().any(|it| it.id == id) => {
                return Err(CustomerError::UnknownGroup { index: None });
            }
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
        if let Some(index) = groups.iter().position(|it| !settings.has_customer_group(*it)) {
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

    /// Keeps what frees a customer from tax, in place of what was kept before.
    ///
    /// # Errors
    /// [`CustomerError`].
    pub async fn set_tax_exemptions(
        &self,
        actor: &Actor,
        id: CustomerId,
        exemptions: Vec<TaxExemption>,
    ) -> Result<Customer, CustomerError> {
        actor.require(Permission::ManageCustomers)?;
        check_exemptions(&exemptions)?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let mut customer = uow.customers().find(id).await?.ok_or(CustomerError::NotFound)?;
        if customer.tax_exemptions == exemptions {
            return Ok(customer);
        }
        customer.tax_exemptions = exemptions;
        let event = customer.changed(EventKind::CustomerUpdated, now);
        uow.customers().save(&customer).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(customer)
    }
}

/// The most characters of what a certificate is known by.
const CERTIFICATE_LENGTH_MAX: usize = 255;

/// The most certificates of a customer, and the most categories of one.
const EXEMPTIONS_MAX: usize = 50;

fn check_exemptions(exemptions: &[TaxExemption]) -> Result<(), CustomerError> {
    if EXEMPTIONS_MAX < exemptions.len() {
        return Err(CustomerError::TooManyTaxExemptions { max: EXEMPTIONS_MAX });
    }
    for (index, it) in exemptions.iter().enumerate() {
        let invalid = |field, reason| Err(CustomerError::InvalidTaxExemption { index, field, reason });
        let name = it.certificate.trim();
        if name.is_empty() || CERTIFICATE_LENGTH_MAX < name.chars().count() || name.chars().any(char::is_control) {
            return invalid("certificate", "a certificate is known by 1 to 255 characters, on one line");
        }
        if EXEMPTIONS_MAX < it.categories.len() {
            return invalid("categories", "a certificate is for at most 50 categories");
        }
        if matches!((it.from, it.until), (Some(from), Some(until)) if until <= from) {
            return invalid("validUntil", "the certificate would end before it begins");
        }
    }
    Ok(())
}
