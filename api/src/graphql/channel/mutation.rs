//! Commands on settings.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use comptoir_domain::channel::{self, CountryError, LocationDraft};

use super::{
    super::{
        catalog::{LocalizedTextInput, parse_texts},
        context::{ContextExt as _, may_manage_settings},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        money::{Money, MoneyInput},
        scalar::CountryCode,
    },
    AddressInput, CoordinatesInput, DeliveryKind, Location, LocationKind,
};

/// A location as it shall be; the one of this code is replaced.
#[derive(InputObject)]
struct LocationSaveInput {
    /// The merchant's own name for it: lower-case letters, digits, hyphens.
    code: String,
    /// What it is.
    kind: LocationKind,
    /// What shoppers call it.
    name: String,
    /// Where it is.
    address: Option<AddressInput>,
    /// Where on the earth it is; without, nobody finds it by what is near them.
    coordinates: Option<CoordinatesInput>,
}

/// The answer to `locationSave`.
#[derive(SimpleObject)]
struct LocationSavePayload {
    /// The location as it is now; null where the command was refused.
    location: Option<Location>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// A delivery method as it shall be; the one of this code is replaced.
#[derive(InputObject)]
struct DeliveryMethodSaveInput {
    /// What it is known by: lower-case letters, digits, hyphens.
    code: String,
    /// How the goods travel.
    kind: DeliveryKind,
    /// What shoppers call it, by language.
    name: Vec<LocalizedTextInput>,
    /// Where it goes; a pickup goes nowhere.
    countries: Option<Vec<CountryCode>>,
    /// What it costs, once per currency it is offered in.
    prices: Vec<MoneyInput>,
}

/// A way an order reaches its buyer.
#[derive(SimpleObject)]
struct DeliveryMethod {
    /// What it is known by.
    code: String,
    /// How the goods travel.
    kind: DeliveryKind,
    /// What shoppers call it, in the request's language.
    name: String,
    /// Where it goes.
    countries: Vec<CountryCode>,
    /// What it costs, once per currency it is offered in.
    prices: Vec<Money>,
}

/// The answer to `deliveryMethodSave`.
#[derive(SimpleObject)]
struct DeliveryMethodSavePayload {
    /// The method as it is now; null where the command was refused.
    delivery_method: Option<DeliveryMethod>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on settings.
#[derive(Default)]
pub(in crate::graphql) struct ChannelMutation;

#[Object]
impl ChannelMutation {
    /// Creates a location, or replaces the one of its code. Needs `MANAGE_SETTINGS`.
    #[graphql(visible = "may_manage_settings")]
    async fn location_save(&self, ctx: &Context<'_>, input: LocationSaveInput) -> Result<LocationSavePayload> {
        match save_location(ctx, input).await {
            Ok(location) => Ok(LocationSavePayload { location: Some(location), user_errors: vec![] }),
            Err(refusal) => Ok(LocationSavePayload { location: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Creates a delivery method, or replaces the one of its code. Needs `MANAGE_SETTINGS`.
    #[graphql(visible = "may_manage_settings")]
    async fn delivery_method_save(
        &self,
        ctx: &Context<'_>,
        input: DeliveryMethodSaveInput,
    ) -> Result<DeliveryMethodSavePayload> {
        match save_delivery_method(ctx, input).await {
            Ok(method) => Ok(DeliveryMethodSavePayload { delivery_method: Some(method), user_errors: vec![] }),
            Err(refusal) => {
                Ok(DeliveryMethodSavePayload { delivery_method: None, user_errors: refusal.into_user_errors()? })
            }
        }
    }
}

async fn save_location(ctx: &Context<'_>, input: LocationSaveInput) -> Result<Location, Refusal> {
    let request = ctx.request()?;
    let at = || Path::argument("input");
    let address = input.address.map(AddressInput::parse).transpose().map_err(|it| {
        UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("address").field(it.field()))
    })?;
    let code = input.code.parse().map_err(|it: channel::ChannelError| it.refuse(at()))?;
    let coordinates = input.coordinates.map(|it| it.parse(Path::input("coordinates"))).transpose()?;
    let draft = LocationDraft { code, kind: input.kind.into(), name: input.name, address, coordinates };
    let saved = request.app.channels.save_location(&request.actor, draft).await;
    saved.map(|it| Location(Arc::new(it))).map_err(|it| it.refuse(at()))
}

async fn save_delivery_method(ctx: &Context<'_>, input: DeliveryMethodSaveInput) -> Result<DeliveryMethod, Refusal> {
    let request = ctx.request()?;
    let at = || Path::argument("input");
    let country = |(index, it): (usize, CountryCode)| {
        let at = Path::input("countries").index(index);
        let invalid = |error: CountryError| UserError::input(ErrorCode::InvalidInput, error.to_string(), at);
        it.0.parse().map_err(|error| Refusal::from(invalid(error)))
    };
    let price = |(index, it): (usize, &MoneyInput)| it.parse(Path::input("prices").index(index));
    let method = channel::DeliveryMethod {
        code: input.code.parse().map_err(|it: channel::ChannelError| it.refuse(at()))?,
        kind: input.kind.into(),
        name: parse_texts(input.name, &Path::input("name"))?,
        countries: input
            .countries
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .map(country)
            .collect::<Result<_, _>>()?,
        prices: input.prices.iter().enumerate().map(price).collect::<Result<_, _>>()?,
    };
    let saved = request.app.channels.save_delivery_method(&request.actor, method).await;
    let saved = saved.map_err(|it| it.refuse(at()))?;
    Ok(DeliveryMethod {
        code: saved.code.to_string(),
        kind: saved.kind.into(),
        name: saved.name.best(&request.sales.languages).cloned().unwrap_or_default(),
        countries: saved.countries.iter().map(|it| CountryCode(it.code().to_owned())).collect(),
        prices: saved.prices.iter().map(|&it| it.into()).collect(),
    })
}
