//! What every resolver has at hand: the use cases, who acts, and what they see prices and texts in.

use std::sync::Arc;

use async_graphql::{Context, Request, Result};
use comptoir_domain::{
    App, Ports,
    access::{Actor, Permission},
    channel::SalesContext,
    clock::Timestamp,
};

use super::{error::fault, loader::loaders};

/// What a shop is configured with, as far as its answers show it.
#[derive(Debug, Clone)]
pub struct ShopSettings {
    /// Where the server is reached; media of its own begin with it.
    pub public_url: String,
    /// What links that hand a cart over begin with; none: there are no such links.
    pub handoff_url: Option<String>,
}

/// One request: on a socket, one operation.
pub struct RequestContext {
    /// The use cases.
    pub app: Arc<App>,
    /// The read ports, for loaders and subscriptions.
    pub ports: Arc<Ports>,
    /// The shop.
    pub shop: Arc<ShopSettings>,
    /// Who acts.
    pub actor: Actor,
    /// When their token ends, if they came with one.
    pub expires_at: Option<Timestamp>,
    /// What prices and texts they see where they ask for nothing else.
    pub sales: Arc<SalesContext>,
}

impl RequestContext {
    /// Puts on an operation what its resolvers need: this context, and loaders of its own.
    #[must_use]
    pub fn prepare(self: &Arc<Self>, request: Request) -> Request {
        loaders(self.app.clone(), self.ports.clone(), self.actor.clone(), request).data(self.clone())
    }
}

/// Shortcuts to the request.
pub(super) trait ContextExt {
    /// The request.
    fn request(&self) -> Result<&Arc<RequestContext>>;

    /// Whether the actor has a permission; used to hide what they may not call.
    fn may(&self, permission: Permission) -> bool;
}

impl ContextExt for Context<'_> {
    fn request(&self) -> Result<&Arc<RequestContext>> {
        self.data_opt::<Arc<RequestContext>>().ok_or_else(|| fault(&"a request without its context"))
    }

    fn may(&self, permission: Permission) -> bool {
        self.data_opt::<Arc<RequestContext>>().is_some_and(|it| it.actor.has(permission))
    }
}

macro_rules! visibility {
    ($($name:ident => $permission:ident,)+) => {$(
        /// Whether the caller sees what needs this permission.
        pub(super) fn $name(ctx: &Context<'_>) -> bool {
            ctx.may(Permission::$permission)
        }
    )+};
}

visibility! {
    may_give_discounts => GiveDiscounts,
    may_manage_customers => ManageCustomers,
    may_manage_devices => ManageDevices,
    may_manage_orders => ManageOrders,
    may_manage_prices => ManagePrices,
    may_manage_products => ManageProducts,
    may_manage_promotions => ManagePromotions,
    may_manage_search => ManageSearch,
    may_manage_settings => ManageSettings,
    may_manage_staff => ManageStaff,
    may_manage_stock => ManageStock,
    may_view_customers => ViewCustomers,
    may_view_orders => ViewOrders,
}

/// Whether the caller sees what sets limits of discounts by hand.
pub(super) fn may_limit_discounts(ctx: &Context<'_>) -> bool {
    ctx.may(Permission::ManageStaff) && ctx.may(Permission::GiveDiscounts)
}

/// Whether the caller sees what is for customers.
pub(super) fn is_customer(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Arc<RequestContext>>().is_some_and(|it| it.actor.customer().is_some())
}

/// Whether the caller sees what is for devices.
pub(super) fn is_device(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Arc<RequestContext>>().is_some_and(|it| it.actor.require_device().is_ok())
}

/// Whether the caller sees what is for staff who signed in with their password.
pub(super) fn is_staff(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Arc<RequestContext>>().is_some_and(|it| it.actor.require_password_staff().is_ok())
}

/// Whether the caller sees what is for those who signed in.
pub(super) fn has_signed_in(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Arc<RequestContext>>().is_some_and(|it| it.actor.signed_in().is_some())
}
