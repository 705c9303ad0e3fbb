//! Kiosks and points of sale on the wire.

use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::access::{self, DeviceCursor, OneTimeCode, OneTimeCodeError};

use super::super::{
    channel::{Channel, Location, settings},
    context::{ContextExt as _, is_device, may_manage_devices},
    error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
    id::{parse_id, to_id},
    page::{PageArguments, edges},
    scalar::DateTime,
};

/// How far a device got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::DeviceState")]
enum DeviceState {
    /// It waits for its code to be entered.
    Pending,
    /// It was enrolled, and its token opens what devices may do.
    Active,
    /// Its code was not entered in time.
    Expired,
    /// Its token opens nothing any more.
    Revoked,
}

/// A kiosk or a point of sale.
pub(in crate::graphql) struct Device(pub(in crate::graphql) access::Device);

/// A kiosk or a point of sale. It stands where its channel does.
#[Object]
impl Device {
    /// Its id.
    async fn id(&self) -> ID {
        to_id(self.0.id)
    }

    /// What staff calls it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How far it got.
    async fn state(&self, ctx: &Context<'_>) -> Result<DeviceState> {
        Ok(ctx.request()?.app.devices.state_of(&self.0).into())
    }

    /// The channel it sells in; null where that is gone.
    async fn channel(&self, ctx: &Context<'_>) -> Result<Option<Channel>> {
        Ok(settings(ctx).await?.channel(self.0.channel.as_str()).map(Channel))
    }

    /// The store it stands in: that of its channel.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        let settings = settings(ctx).await?;
        let id = settings.channel(self.0.channel.as_str()).and_then(|it| it.location_id);
        Ok(id.and_then(|it| settings.location(it)).map(Location))
    }

    /// When its code was told.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its code was entered.
    async fn enrolled_at(&self) -> Option<DateTime> {
        self.0.enrolled_at.map(DateTime)
    }

    /// When it was last heard of, to a minute.
    async fn last_seen_at(&self) -> Option<DateTime> {
        self.0.last_seen_at.map(DateTime)
    }

    /// When its token was taken away.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}

/// A device to enrol.
#[derive(InputObject)]
struct DeviceEnrolmentCreateInput {
    /// What staff calls it: 1 to 120 characters.
    name: String,
    /// The code of the channel it will sell in: a kiosk or a point of sale.
    channel: String,
}

/// The answer to `deviceEnrolmentCreate`.
#[derive(SimpleObject)]
struct DeviceEnrolmentCreatePayload {
    /// The device that waits for the code; null where the command was refused.
    device: Option<Device>,
    /// What to enter on the device. It is told once, and good once.
    code: Option<String>,
    /// When the code ends.
    expires_at: Option<DateTime>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The code that staff was told.
#[derive(InputObject)]
struct DeviceEnrolInput {
    /// The code; case and hyphens do not matter.
    #[graphql(secret)]
    code: String,
}

/// The answer to `deviceEnrol`.
#[derive(SimpleObject)]
struct DeviceEnrolPayload {
    /// The device; null where the command was refused.
    device: Option<Device>,
    /// Goes into the header `Authorization`, after `Bearer `. It is told once, and good until the device is revoked.
    device_token: Option<String>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// A device to revoke.
#[derive(InputObject)]
struct DeviceRevokeInput {
    /// Which.
    device_id: ID,
}

/// The answer to `deviceRevoke`.
#[derive(SimpleObject)]
struct DeviceRevokePayload {
    /// The device as it is now; null where the command was refused.
    device: Option<Device>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `kioskSessionEnd`.
#[derive(SimpleObject)]
struct KioskSessionEndPayload {
    /// How many carts the device let go of.
    released_carts: u32,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Reads of devices.
#[derive(Default)]
pub(in crate::graphql) struct DeviceQuery;

#[Object]
impl DeviceQuery {
    /// All devices, newest first. Needs `MANAGE_DEVICES`.
    #[graphql(visible = "may_manage_devices")]
    async fn devices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<DeviceCursor>, Device>> {
        let request = ctx.request()?;
        let page = PageArguments { first, after, last, before }.parse()?;
        let found = request.app.devices.list(&request.actor, &page).await;
        let found = found.map_err(|it| it.refuse(Path::default()).into_error())?;
        let mut connection = Connection::new(found.has_previous, found.has_next);
        connection.edges = edges(found, DeviceCursor::of, Device);
        Ok(connection)
    }
}

/// Commands on devices.
#[derive(Default)]
pub(in crate::graphql) struct DeviceMutation;

#[Object]
impl DeviceMutation {
    /// Gives a code by which one kiosk or point of sale can be enrolled within ten minutes. Needs `MANAGE_DEVICES`.
    #[graphql(visible = "may_manage_devices")]
    async fn device_enrolment_create(
        &self,
        ctx: &Context<'_>,
        input: DeviceEnrolmentCreateInput,
    ) -> Result<DeviceEnrolmentCreatePayload> {
        let request = ctx.request()?;
        let created = request.app.devices.create_enrolment(&request.actor, &input.name, &input.channel).await;
        match created.map_err(|it| it.refuse(Path::argument("input"))) {
            Ok(it) => Ok(DeviceEnrolmentCreatePayload {
                expires_at: Some(DateTime(it.device.code_expires_at)),
                device: Some(Device(it.device)),
                code: Some(it.code.shown()),
                user_errors: vec![],
            }),
            Err(refusal) => Ok(DeviceEnrolmentCreatePayload {
                device: None,
                code: None,
                expires_at: None,
                user_errors: refusal.into_user_errors()?,
            }),
        }
    }

    /// Enrols the device that the code is for, and tells it its token. The device sells in its channel alone, and holds the
    /// carts that it creates until `kioskSessionEnd`.
    async fn device_enrol(&self, ctx: &Context<'_>, input: DeviceEnrolInput) -> Result<DeviceEnrolPayload> {
        match enrol(ctx, &input.code).await {
            Ok((device, token)) => Ok(DeviceEnrolPayload {
                device: Some(Device(device)),
                device_token: Some(token.expose().to_owned()),
                user_errors: vec![],
            }),
            Err(refusal) => {
                let user_errors = refusal.into_user_errors()?;
                Ok(DeviceEnrolPayload { device: None, device_token: None, user_errors })
            }
        }
    }

    /// Takes a device's token away at once, closes its sockets, and lets go of its carts. Needs `MANAGE_DEVICES`.
    #[graphql(visible = "may_manage_devices")]
    async fn device_revoke(&self, ctx: &Context<'_>, input: DeviceRevokeInput) -> Result<DeviceRevokePayload> {
        match revoke(ctx, &input.device_id).await {
            Ok(device) => Ok(DeviceRevokePayload { device: Some(Device(device)), user_errors: vec![] }),
            Err(refusal) => Ok(DeviceRevokePayload { device: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Ends the session of whoever stood at this device. Customers who signed in there are signed out. The carts that it holds, first
    /// or shared with it, do not open to it any more, nor by the secrets that it has seen; who else holds them keeps them, and
    /// what nobody else holds forgets the person. Orders keep their tokens: those are receipts. For devices.
    #[graphql(visible = "is_device")]
    async fn kiosk_session_end(&self, ctx: &Context<'_>) -> Result<KioskSessionEndPayload> {
        let request = ctx.request()?;
        match request.app.devices.end_session(&request.actor).await {
            Ok(released_carts) => Ok(KioskSessionEndPayload { released_carts, user_errors: vec![] }),
            Err(error) => {
                let user_errors = error.refuse(Path::default()).into_user_errors()?;
                Ok(KioskSessionEndPayload { released_carts: 0, user_errors })
            }
        }
    }
}

/// A code as it was typed or scanned.
pub(in crate::graphql) fn parse_one_time_code(code: &str) -> Result<OneTimeCode, Refusal> {
    code.parse().map_err(|it: OneTimeCodeError| {
        UserError::input(ErrorCode::InvalidCode, it.to_string(), Path::input("code")).into()
    })
}

async fn enrol(ctx: &Context<'_>, code: &str) -> Result<(access::Device, access::DeviceToken), Refusal> {
    let request = ctx.request()?;
    let enrolled = request.app.devices.enrol(&request.actor, &parse_one_time_code(code)?).await;
    enrolled.map_err(|it| it.refuse(Path::argument("input")))
}

async fn revoke(ctx: &Context<'_>, id: &ID) -> Result<access::Device, Refusal> {
    let request = ctx.request()?;
    let revoked = request.app.devices.revoke(&request.actor, parse_id(id, Path::input("deviceId"))?).await;
    revoked.map_err(|it| it.refuse(Path::argument("input")))
}
