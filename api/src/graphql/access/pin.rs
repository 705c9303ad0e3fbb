//! PINs on the wire.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use comptoir_domain::access::{Pin, SteppedUp};

use super::{
    super::{
        context::{ContextExt as _, is_device, is_staff},
        error::{Path, Refusal, Refuse as _, UserError},
        scalar::DateTime,
    },
    staff::Staff,
};

/// A new PIN.
#[derive(InputObject)]
struct StaffPinSetInput {
    /// The password, once more.
    #[graphql(secret)]
    password: String,
    /// 6 to 12 digits, neither one again and again nor in a row.
    #[graphql(secret)]
    pin: String,
}

/// The answer to `staffPinSet`.
#[derive(SimpleObject)]
struct StaffPinSetPayload {
    /// Whose PIN it is; null where the command was refused.
    staff: Option<Staff>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// An address and a PIN.
#[derive(InputObject)]
struct StaffStepUpInput {
    /// The address.
    email: String,
    /// The PIN.
    #[graphql(secret)]
    pin: String,
}

/// The answer to `staffStepUp`.
#[derive(SimpleObject)]
struct StaffStepUpPayload {
    /// Who stepped up, with what they may do on this device; null where the command was refused.
    staff: Option<Staff>,
    /// Goes into the header `Authorization`, after `Bearer `, on this device. There is no refresh token: enter the PIN again.
    access_token: Option<String>,
    /// When the access token ends.
    expires_at: Option<DateTime>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on PINs.
#[derive(Default)]
pub(in crate::graphql) struct PinMutation;

#[Object]
impl PinMutation {
    /// Sets the PIN of the member of staff who signed in, for points of sale. One that is locked is free again.
    #[graphql(visible = "is_staff")]
    async fn staff_pin_set(&self, ctx: &Context<'_>, input: StaffPinSetInput) -> Result<StaffPinSetPayload> {
        match set_pin(ctx, input).await {
            Ok(staff) => Ok(StaffPinSetPayload { staff: Some(staff), user_errors: vec![] }),
            Err(refusal) => Ok(StaffPinSetPayload { staff: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Lets a member of staff act on this point of sale for ten minutes, with what a counter needs of their permissions:
    /// `MANAGE_CARTS`, `VIEW_CUSTOMERS`, `GIVE_DISCOUNTS`, and `MANAGE_STOCK` of the device's own store. After five wrong PINs, none is tried for
    /// a quarter of an hour. For points of sale.
    #[graphql(visible = "is_device")]
    async fn staff_step_up(&self, ctx: &Context<'_>, input: StaffStepUpInput) -> Result<StaffStepUpPayload> {
        let request = ctx.request()?;
        let stepped_up = request.app.staff.step_up(&request.actor, &input.email, &input.pin).await;
        match stepped_up.map_err(|it| it.refuse(Path::argument("input"))) {
            Ok(SteppedUp { staff, token, expires_at }) => Ok(StaffStepUpPayload {
                staff: Some(staff.into()),
                access_token: Some(token.expose().to_owned()),
                expires_at: Some(DateTime(expires_at)),
                user_errors: vec![],
            }),
            Err(refusal) => {
                let user_errors = refusal.into_user_errors()?;
                Ok(StaffStepUpPayload { staff: None, access_token: None, expires_at: None, user_errors })
            }
        }
    }
}

async fn set_pin(ctx: &Context<'_>, input: StaffPinSetInput) -> Result<Staff, Refusal> {
    let request = ctx.request()?;
    let pin = Pin::parse(input.pin).map_err(|it| it.refuse(Path::input("pin")))?;
    let set = request.app.staff.set_pin(&request.actor, &input.password, &pin).await;
    set.map(Staff::from).map_err(|it| it.refuse(Path::argument("input")))
}
