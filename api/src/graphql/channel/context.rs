//! The context that prices and texts are seen in: asked for by headers or an argument, and told back.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result};
use comptoir_domain::{
    cart::Cart,
    channel::{self, ContextError, ContextRequest},
    codes::ChannelCode,
    settings::Settings,
};

use super::{
    super::{
        context::ContextExt as _,
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        scalar::{CurrencyCode, LanguageTag},
    },
    Channel, Market,
};

/// What to see prices and texts in. What is left out comes from the request's headers, then from the channel, then from the shop.
#[derive(InputObject, Default)]
pub(in crate::graphql) struct ContextInput {
    /// The code of the channel.
    channel: Option<String>,
    /// The code of the market; it brings its currency and languages.
    market: Option<String>,
    /// The currency of prices, where that is not the market's.
    currency: Option<CurrencyCode>,
    /// The language of texts; those that lack it are in the market's languages, in English, or in whatever there is.
    language: Option<LanguageTag>,
}

impl ContextInput {
    fn parse(self) -> Result<ContextRequest> {
        let at = |field| Path::argument("context").field(field);
        let currency = self.currency.map(|it| it.parse(at("currency"))).transpose();
        let language = self.language.map(|it| it.parse(at("language"))).transpose();
        Ok(ContextRequest {
            channel: self.channel,
            market: self.market,
            currency: currency.map_err(|it| it.into_error())?,
            languages: language.map_err(|it| it.into_error())?.into_iter().collect(),
        })
    }
}

/// The code of a channel, whether there is such a channel or not.
pub(in crate::graphql) fn parse_channel(code: String, at: Path) -> Result<ChannelCode, Refusal> {
    let parsed = ChannelCode::try_from(code);
    parsed.map_err(|it| UserError::input(ErrorCode::UnknownChannel, it.to_string(), at).into())
}

/// The code of a channel that there is.
pub(in crate::graphql) async fn known_channel(
    ctx: &Context<'_>,
    code: String,
    at: Path,
) -> Result<ChannelCode, Refusal> {
    let request = ctx.request()?;
    let code = parse_channel(code, at.clone())?;
    let settings = request.app.channels.settings(&request.actor).await.map_err(|it| it.refuse(at.clone()))?;
    match settings.channel(code.as_str()) {
        Some(_) => Ok(code),
        None => Err(UserError::input(ErrorCode::UnknownChannel, format!("there is no channel `{code}`"), at).into()),
    }
}

/// The settings, as shoppers see them.
pub(in crate::graphql) async fn settings(ctx: &Context<'_>) -> Result<Arc<Settings>> {
    let request = ctx.request()?;
    let settings = request.app.channels.settings(&request.actor).await;
    settings.map_err(|it| it.refuse(Path::default()).into_error())
}

/// The context that an argument asks for.
pub(in crate::graphql) async fn sales_context(
    ctx: &Context<'_>,
    input: Option<ContextInput>,
) -> Result<Arc<channel::SalesContext>> {
    let request = ctx.request()?;
    let Some(input) = input else { return Ok(request.sales.clone()) };
    let asked = input.parse()?.on_device(request.actor.device());
    let settings = settings(ctx).await?;
    asked.and_then(|it| request.sales.overridden(&settings, &it)).map(Arc::new).map_err(|error| {
        let (code, field) = match error {
            ContextError::UnknownChannel(_) => (ErrorCode::UnknownChannel, "channel"),
            ContextError::UnknownMarket(_) => (ErrorCode::UnknownMarket, "market"),
            ContextError::DeviceChannel(_) => (ErrorCode::InvalidInput, "channel"),
        };
        UserError::input(code, error.to_string(), Path::argument("context").field(field)).into_error()
    })
}

/// The context of a cart, in the languages of who looks at it.
pub(in crate::graphql) async fn cart_context(ctx: &Context<'_>, cart: &Cart) -> Result<Arc<channel::SalesContext>> {
    let settings = settings(ctx).await?;
    let languages = &ctx.request()?.sales.languages;
    let codes = (&cart.channel, &cart.market);
    Ok(Arc::new(channel::SalesContext::of_cart(&settings, codes, cart.currency, languages)))
}

/// What prices and texts are seen in.
pub(super) struct SalesContext(pub(super) Arc<channel::SalesContext>);

/// What prices and texts are seen in.
#[Object]
impl SalesContext {
    /// Where it sells.
    async fn channel(&self) -> Channel {
        Channel(self.0.channel.clone())
    }

    /// To whom.
    async fn market(&self) -> Market {
        Market(self.0.market.clone())
    }

    /// The currency of prices.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency.code().to_owned())
    }

    /// The languages of texts, dearest first; English follows them, then any.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.0.languages.iter().map(|it| LanguageTag(it.to_string())).collect()
    }
}
