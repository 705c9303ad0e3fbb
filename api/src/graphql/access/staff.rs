//! Staff on the wire.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::access::{self, EmailError, NewStaff, Password, Principal};

use super::{
    super::{
        context::{ContextExt as _, may_manage_staff},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::to_id,
    },
    device::Device,
    sign_in::Tokens,
};

/// One right of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Permission")]
enum Permission {
    /// Work on any cart.
    ManageCarts,
    /// Put customers in groups.
    ManageCustomers,
    /// Enrol and revoke devices.
    ManageDevices,
    /// Fulfil, cancel and settle orders.
    ManageOrders,
    /// Set prices.
    ManagePrices,
    /// Create, change and import products, and see those that are not published.
    ManageProducts,
    /// Create, change and end promotions.
    ManagePromotions,
    /// Set rules and synonyms of search, and see what is searched for.
    ManageSearch,
    /// Set locations and delivery methods.
    ManageSettings,
    /// Create staff.
    ManageStaff,
    /// Count and adjust stock.
    ManageStock,
    /// See any customer.
    ViewCustomers,
    /// See any order.
    ViewOrders,
}

/// A member of staff.
#[derive(SimpleObject)]
pub(super) struct Staff {
    /// Its id.
    id: ID,
    /// What they sign in with.
    email: String,
    /// What they may do.
    permissions: Vec<Permission>,
}

impl From<access::Staff> for Staff {
    fn from(staff: access::Staff) -> Self {
        Self {
            id: to_id(staff.id),
            email: staff.email.to_string(),
            permissions: staff.permissions.into_iter().map(Into::into).collect(),
        }
    }
}

/// An address and a password.
#[derive(InputObject)]
struct StaffSignInInput {
    /// The address.
    email: String,
    /// The password.
    #[graphql(secret)]
    password: String,
}

/// The answer to `staffSignIn`.
#[derive(SimpleObject)]
struct StaffSignInPayload {
    /// Who signed in; null where the command was refused.
    staff: Option<Staff>,
    #[graphql(flatten)]
    tokens: Tokens,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// A new member of staff.
#[derive(InputObject)]
struct StaffCreateInput {
    /// What they sign in with.
    email: String,
    /// 8 to 256 characters.
    #[graphql(secret)]
    password: String,
    /// What they may do.
    permissions: Vec<Permission>,
}

/// The answer to `staffCreate`.
#[derive(SimpleObject)]
struct StaffCreatePayload {
    /// The new member; null where the command was refused.
    staff: Option<Staff>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Who calls.
#[derive(SimpleObject)]
struct Viewer {
    /// The member of staff who signed in; null: nobody of staff did.
    staff_id: Option<ID>,
    /// What they may do.
    permissions: Vec<Permission>,
    /// The device that calls, or on which somebody does; null: none.
    device: Option<Device>,
}

/// Reads of who calls.
#[derive(Default)]
pub(in crate::graphql) struct StaffQuery;

#[Object]
impl StaffQuery {
    /// Who calls, as the server sees it; a customer is `me`.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        let request = ctx.request()?;
        let device = request.app.devices.own(&request.actor).await;
        let device = device.map_err(|it| it.refuse(Path::default()).into_error())?.map(Device);
        let (staff_id, permissions) = match &request.actor.principal {
            Principal::Staff { id, permissions, .. } => {
                (Some(to_id(*id)), permissions.iter().map(|&it| it.into()).collect())
            }
            Principal::Anonymous | Principal::Customer { .. } | Principal::Device(_) | Principal::System => {
                (None, vec![])
            }
        };
        Ok(Viewer { staff_id, permissions, device })
    }
}

/// Commands on staff.
#[derive(Default)]
pub(in crate::graphql) struct StaffMutation;

#[Object]
impl StaffMutation {
    /// Signs a member of staff in.
    async fn staff_sign_in(&self, ctx: &Context<'_>, input: StaffSignInInput) -> Result<StaffSignInPayload> {
        let request = ctx.request()?;
        let signed_in = request.app.staff.sign_in(&request.actor, &input.email, &input.password).await;
        match signed_in.map_err(|it| it.refuse(Path::argument("input"))) {
            Ok(it) => {
                Ok(StaffSignInPayload { staff: Some(it.who.into()), tokens: it.tokens.into(), user_errors: vec![] })
            }
            Err(refusal) => Ok(StaffSignInPayload {
                staff: None,
                tokens: Tokens::default(),
                user_errors: refusal.into_user_errors()?,
            }),
        }
    }

    /// Creates a member of staff. Needs `MANAGE_STAFF`, and each permission that is given.
    #[graphql(visible = "may_manage_staff")]
    async fn staff_create(&self, ctx: &Context<'_>, input: StaffCreateInput) -> Result<StaffCreatePayload> {
        match create(ctx, input).await {
            Ok(staff) => Ok(StaffCreatePayload { staff: Some(staff), user_errors: vec![] }),
            Err(refusal) => Ok(StaffCreatePayload { staff: None, user_errors: refusal.into_user_errors()? }),
        }
    }
}

async fn create(ctx: &Context<'_>, input: StaffCreateInput) -> Result<Staff, Refusal> {
    let request = ctx.request()?;
    let email = input
        .email
        .parse()
        .map_err(|it: EmailError| UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("email")))?;
    let password = Password::parse(input.password).map_err(|it| it.refuse(Path::input("password")))?;
    let permissions = input.permissions.into_iter().map(Into::into).collect();
    let staff = request.app.staff.create(&request.actor, NewStaff { email, password, permissions }).await;
    staff.map(Staff::from).map_err(|it| it.refuse(Path::argument("input")))
}
