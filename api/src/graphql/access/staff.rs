//! Staff on the wire.

use std::fmt::Display;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{
    access::{self, EmailError, NewStaff, Password, Principal},
    money::{Amounts, Percentage},
    promotion::ManualLimit,
};

use super::{
    super::{
        context::{ContextExt as _, may_limit_discounts, may_manage_staff},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::{parse_id, to_id},
        money::{Money, MoneyInput},
        scalar::Decimal,
    },
    device::Device,
    sign_in::Tokens,
};

/// One right of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Permission")]
enum Permission {
    /// Give discounts by hand, within their limit.
    GiveDiscounts,
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

/// How far a member of staff may go with discounts by hand, alone and on a cart together; null: as far as they like.
#[derive(SimpleObject)]
struct StaffDiscountLimit {
    /// The most, as a share of what goods cost before any discount; null: all of it.
    percent: Option<Decimal>,
    /// The most in money, in each currency, and nothing in others; null: any amount.
    amounts: Option<Vec<Money>>,
}

/// How far a member of staff may go with discounts by hand: `percent`, `amounts` or both.
#[derive(InputObject)]
struct StaffDiscountLimitInput {
    /// The most, as a share of what goods cost before any discount, such as `"10"`; left out: all of it.
    percent: Option<Decimal>,
    /// The most in money, in each currency, and nothing in others; left out: any amount.
    amounts: Option<Vec<MoneyInput>>,
}

impl StaffDiscountLimitInput {
    fn parse(self) -> Result<ManualLimit, Refusal> {
        let at = |field: &str| Path::input("discountLimit").field(field);
        let invalid = |it: &dyn Display, field| -> Refusal {
            UserError::input(ErrorCode::InvalidInput, it.to_string(), at(field)).into()
        };
        let percent = self.percent.map(|it| it.0.parse::<Percentage>().map_err(|it| invalid(&it, "percent")));
        let amount = |(index, it): (usize, MoneyInput)| it.parse(at("amounts").index(index));
        let amounts = self.amounts.map(|it| it.into_iter().enumerate().map(amount).collect::<Result<Vec<_>, _>>());
        let amounts = amounts.transpose()?.map(|it| Amounts::parse(it).map_err(|it| invalid(&it, "amounts")));
        Ok(ManualLimit { percent: percent.transpose()?, amounts: amounts.transpose()? })
    }
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
    /// How far they may go with discounts by hand; null: as far as they like.
    discount_limit: Option<StaffDiscountLimit>,
}

impl From<access::Staff> for Staff {
    fn from(staff: access::Staff) -> Self {
        Self {
            id: to_id(staff.id),
            email: staff.email.to_string(),
            permissions: staff.permissions.into_iter().map(Into::into).collect(),
            discount_limit: staff.discount_limit.map(|it| StaffDiscountLimit {
                percent: it.percent.map(|it| Decimal(it.to_decimal().normalize().to_string())),
                amounts: it.amounts.map(|it| it.iter().map(Money::from).collect()),
            }),
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
    /// How far they may go with discounts by hand; left out: as far as they like. It cannot be beyond one's own.
    discount_limit: Option<StaffDiscountLimitInput>,
}

/// How far a member of staff shall go with discounts by hand.
#[derive(InputObject)]
struct StaffDiscountLimitSetInput {
    /// Who.
    staff_id: ID,
    /// How far; left out: as far as they like. It cannot be beyond one's own.
    discount_limit: Option<StaffDiscountLimitInput>,
}

/// The answer to `staffDiscountLimitSet`.
#[derive(SimpleObject)]
struct StaffDiscountLimitSetPayload {
    /// The member; null where the command was refused.
    staff: Option<Staff>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
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

/// Commands on how far staff may go with discounts by hand.
#[derive(Default)]
pub(in crate::graphql) struct DiscountLimitMutation;

#[Object]
impl DiscountLimitMutation {
    /// Sets how far a member of staff may go with discounts by hand. Needs `MANAGE_STAFF` and `GIVE_DISCOUNTS`.
    #[graphql(visible = "may_limit_discounts")]
    async fn staff_discount_limit_set(
        &self,
        ctx: &Context<'_>,
        input: StaffDiscountLimitSetInput,
    ) -> Result<StaffDiscountLimitSetPayload> {
        match set_limit(ctx, input).await {
            Ok(staff) => Ok(StaffDiscountLimitSetPayload { staff: Some(staff), user_errors: vec![] }),
            Err(refusal) => Ok(StaffDiscountLimitSetPayload { staff: None, user_errors: refusal.into_user_errors()? }),
        }
    }
}

async fn set_limit(ctx: &Context<'_>, input: StaffDiscountLimitSetInput) -> Result<Staff, Refusal> {
    let request = ctx.request()?;
    let id = parse_id(&input.staff_id, Path::input("staffId"))?;
    let limit = input.discount_limit.map(StaffDiscountLimitInput::parse).transpose()?;
    let staff = request.app.staff.set_discount_limit(&request.actor, id, limit).await;
    staff.map(Staff::from).map_err(|it| it.refuse(Path::argument("input")))
}

async fn create(ctx: &Context<'_>, input: StaffCreateInput) -> Result<Staff, Refusal> {
    let request = ctx.request()?;
    let email = input
        .email
        .parse()
        .map_err(|it: EmailError| UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("email")))?;
    let password = Password::parse(input.password).map_err(|it| it.refuse(Path::input("password")))?;
    let permissions = input.permissions.into_iter().map(Into::into).collect();
    let discount_limit = input.discount_limit.map(StaffDiscountLimitInput::parse).transpose()?;
    let staff =
        request.app.staff.create(&request.actor, NewStaff { email, password, permissions, discount_limit }).await;
    staff.map(Staff::from).map_err(|it| it.refuse(Path::argument("input")))
}
