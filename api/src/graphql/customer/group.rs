//! Groups of customers on the wire.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::customer;

use super::{
    super::{
        context::{ContextExt as _, may_manage_customers},
        error::{Path, Refusal, Refuse as _, UserError},
        id::{parse_id, parse_ids, to_id},
    },
    Customer,
    mutation::{CustomerPayload, changed},
};

/// Customers who are treated alike: prices and promotions can be theirs alone.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CustomerGroup {
    /// Its id.
    id: ID,
    /// What staff calls it.
    name: String,
}

impl From<&customer::CustomerGroup> for CustomerGroup {
    fn from(group: &customer::CustomerGroup) -> Self {
        Self { id: to_id(group.id), name: group.name.clone() }
    }
}

/// A group of customers as it shall be.
#[derive(InputObject)]
struct CustomerGroupSaveInput {
    /// Which; left out: a new one.
    group_id: Option<ID>,
    /// What staff calls it: at most 255 characters.
    name: String,
}

/// A group of customers to remove.
#[derive(InputObject)]
struct CustomerGroupDeleteInput {
    /// Which.
    group_id: ID,
}

/// The groups that a customer shall be in.
#[derive(InputObject)]
struct CustomerGroupsSetInput {
    /// Who.
    customer_id: ID,
    /// All of their groups; at most 50.
    group_ids: Vec<ID>,
}

/// The answer to `customerGroupSave`.
#[derive(SimpleObject)]
struct CustomerGroupSavePayload {
    /// The group as it is now; null where the command was refused.
    customer_group: Option<CustomerGroup>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `customerGroupDelete`.
#[derive(SimpleObject)]
struct CustomerGroupDeletePayload {
    /// The id of what was removed; null where the command was refused.
    deleted_id: Option<ID>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on groups of customers.
#[derive(Default)]
pub(in crate::graphql) struct CustomerGroupMutation;

#[Object]
impl CustomerGroupMutation {
    /// Creates a group of customers, or renames one. Needs `MANAGE_CUSTOMERS`.
    #[graphql(visible = "may_manage_customers")]
    async fn customer_group_save(
        &self,
        ctx: &Context<'_>,
        input: CustomerGroupSaveInput,
    ) -> Result<CustomerGroupSavePayload> {
        Ok(match save(ctx, input).await {
            Ok(group) => CustomerGroupSavePayload { customer_group: Some(group), user_errors: vec![] },
            Err(refusal) => CustomerGroupSavePayload { customer_group: None, user_errors: refusal.into_user_errors()? },
        })
    }

    /// Removes a group of customers; prices and promotions for it are nobody's then. Needs `MANAGE_CUSTOMERS`.
    #[graphql(visible = "may_manage_customers")]
    async fn customer_group_delete(
        &self,
        ctx: &Context<'_>,
        input: CustomerGroupDeleteInput,
    ) -> Result<CustomerGroupDeletePayload> {
        Ok(match delete(ctx, &input.group_id).await {
            Ok(id) => CustomerGroupDeletePayload { deleted_id: Some(id), user_errors: vec![] },
            Err(refusal) => CustomerGroupDeletePayload { deleted_id: None, user_errors: refusal.into_user_errors()? },
        })
    }

    /// Puts a customer in groups, and in no others. Needs `MANAGE_CUSTOMERS`.
    #[graphql(visible = "may_manage_customers")]
    async fn customer_groups_set(&self, ctx: &Context<'_>, input: CustomerGroupsSetInput) -> Result<CustomerPayload> {
        changed(set(ctx, &input).await)
    }
}

async fn save(ctx: &Context<'_>, input: CustomerGroupSaveInput) -> Result<CustomerGroup, Refusal> {
    let request = ctx.request()?;
    let id = input.group_id.map(|it| parse_id(&it, Path::input("groupId"))).transpose()?;
    let saved = request.app.customers.save_group(&request.actor, id, input.name).await;
    saved.map(|it| CustomerGroup::from(&it)).map_err(|it| it.refuse(Path::argument("input")))
}

async fn delete(ctx: &Context<'_>, id: &ID) -> Result<ID, Refusal> {
    let request = ctx.request()?;
    let id = parse_id(id, Path::input("groupId"))?;
    let deleted = request.app.customers.delete_group(&request.actor, id).await;
    deleted.map(|()| to_id(id)).map_err(|it| it.refuse(Path::argument("input")))
}

async fn set(ctx: &Context<'_>, input: &CustomerGroupsSetInput) -> Result<customer::Customer, Refusal> {
    let request = ctx.request()?;
    let id = parse_id(&input.customer_id, Path::input("customerId"))?;
    let groups = parse_ids(&input.group_ids, &Path::input("groupIds"))?;
    let set = request.app.customers.set_groups(&request.actor, id, &groups).await;
    set.map_err(|it| it.refuse(Path::argument("input")))
}

impl Customer {
    /// The groups they are in.
    pub(super) async fn load_groups(&self, ctx: &Context<'_>) -> Result<Vec<CustomerGroup>> {
        let settings = super::super::channel::settings(ctx).await?;
        let customer: &Arc<customer::Customer> = &self.0;
        let groups = settings.customer_groups.iter().filter(|it| customer.group_ids.contains(&it.id));
        Ok(groups.map(CustomerGroup::from).collect())
    }
}
