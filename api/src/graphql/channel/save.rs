//! Setting up channels and markets.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{
    channel::{self, CountryError},
    codes::CodeError,
    pricing::{
        quote::RoundingRules,
        tax::{self, TaxZone},
    },
};

use super::{
    super::{
        catalog::{LocalizedTextInput, parse_texts},
        context::{ContextExt as _, may_manage_settings},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::parse_id,
        quote::{RoundingMode, TaxRoundingLevel},
        scalar::{CountryCode, CurrencyCode, LanguageTag},
    },
    Channel, Market,
    object::{ChannelKind, HoldPolicy, PriceDisplay, PriceEntry},
};

/// A channel as it shall be; the one of this code is replaced.
#[derive(InputObject)]
struct ChannelSaveInput {
    /// What it is known by: lower-case letters, digits, hyphens.
    code: String,
    /// What it is.
    kind: ChannelKind,
    /// What it is called.
    name: String,
    /// The store it stands in, where it is a kiosk or a point of sale.
    location_id: Option<async_graphql::ID>,
    /// The code of the market it sells in where nobody asks for another; left out: the shop's own.
    market: Option<String>,
    /// Whether it is the one of those who name none; no other is any more, then.
    #[graphql(default = false)]
    is_default: bool,
    /// When stock is set aside for its carts.
    #[graphql(default_with = "HoldPolicy::None")]
    hold_policy: HoldPolicy,
    /// For how many minutes: 1 to 120.
    #[graphql(default = 15)]
    hold_minutes: i64,
}

/// The answer to `channelSave`.
#[derive(SimpleObject)]
struct ChannelSavePayload {
    /// The channel as it is now; null where the command was refused.
    channel: Option<Channel>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// A market as it shall be; the one of this code is replaced.
#[derive(InputObject)]
struct MarketSaveInput {
    /// What it is known by: lower-case letters, digits, hyphens.
    code: String,
    /// What it is called, by language.
    name: Vec<LocalizedTextInput>,
    /// Which countries it is; left out: all that are in no other.
    countries: Option<Vec<CountryCode>>,
    /// The currency of its prices.
    currency: CurrencyCode,
    /// The languages of its texts, dearest first.
    languages: Vec<LanguageTag>,
    /// How its prices are entered.
    #[graphql(default_with = "PriceEntry::GrossAtDestination")]
    price_entry: PriceEntry,
    /// Whose tax entered prices contain, for `GROSS_OF_COUNTRY`.
    price_entry_country: Option<CountryCode>,
    /// How its prices are shown.
    #[graphql(default_with = "PriceDisplay::Gross")]
    price_display: PriceDisplay,
    /// Where percentages and taxes are rounded.
    #[graphql(default_with = "TaxRoundingLevel::Line")]
    rounding_level: TaxRoundingLevel,
    /// And how.
    #[graphql(default_with = "RoundingMode::HalfUp")]
    rounding_mode: RoundingMode,
    /// Whether it is the one of those who name none; no other is any more, then.
    #[graphql(default = false)]
    is_default: bool,
}

/// The answer to `marketSave`.
#[derive(SimpleObject)]
struct MarketSavePayload {
    /// The market as it is now; null where the command was refused.
    market: Option<Market>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on channels and markets.
#[derive(Default)]
pub(in crate::graphql) struct MarketMutation;

#[Object]
impl MarketMutation {
    /// Creates a channel, or replaces the one of its code. Needs `MANAGE_SETTINGS`.
    #[graphql(visible = "may_manage_settings")]
    async fn channel_save(&self, ctx: &Context<'_>, input: ChannelSaveInput) -> Result<ChannelSavePayload> {
        match save_channel(ctx, input).await {
            Ok(channel) => Ok(ChannelSavePayload { channel: Some(channel), user_errors: vec![] }),
            Err(refusal) => Ok(ChannelSavePayload { channel: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Creates a market, or replaces the one of its code. Needs `MANAGE_SETTINGS`.
    #[graphql(visible = "may_manage_settings")]
    async fn market_save(&self, ctx: &Context<'_>, input: MarketSaveInput) -> Result<MarketSavePayload> {
        match save_market(ctx, input).await {
            Ok(market) => Ok(MarketSavePayload { market: Some(market), user_errors: vec![] }),
            Err(refusal) => Ok(MarketSavePayload { market: None, user_errors: refusal.into_user_errors()? }),
        }
    }
}

async fn save_channel(ctx: &Context<'_>, input: ChannelSaveInput) -> Result<Channel, Refusal> {
    let request = ctx.request()?;
    let channel = channel::Channel {
        code: input.code.parse().map_err(wrong_code("code"))?,
        kind: input.kind.into(),
        name: input.name,
        location_id: input.location_id.map(|it| parse_id(&it, Path::input("locationId"))).transpose()?,
        market: input.market.map(|it| it.parse()).transpose().map_err(wrong_code("market"))?,
        is_default: input.is_default,
        hold_policy: input.hold_policy.into(),
        // What is no count at all, is no allowed one.
        hold_minutes: u32::try_from(input.hold_minutes).unwrap_or(u32::MAX),
    };
    let saved = request.app.channels.save_channel(&request.actor, channel).await;
    saved.map(|it| Channel(Arc::new(it))).map_err(|it| it.refuse(Path::argument("input")))
}

async fn save_market(ctx: &Context<'_>, input: MarketSaveInput) -> Result<Market, Refusal> {
    let request = ctx.request()?;
    let countries = input.countries.unwrap_or_default().into_iter().enumerate();
    let languages = input.languages.into_iter().enumerate();
    let language = |(index, it): (usize, LanguageTag)| it.parse(Path::input("languages").index(index));
    let market = channel::Market {
        code: input.code.parse().map_err(wrong_code("code"))?,
        name: parse_texts(input.name, &Path::input("name"))?,
        countries: countries
            .map(|(index, it)| parse_country(&it, Path::input("countries").index(index)))
            .collect::<Result<_, _>>()?,
        currency: input.currency.parse(Path::input("currency"))?,
        languages: languages.map(language).collect::<Result<_, _>>()?,
        price_entry: parse_entry(input.price_entry, input.price_entry_country)?,
        price_display: input.price_display.into(),
        rounding: RoundingRules { level: input.rounding_level.into(), mode: input.rounding_mode.into() },
        is_default: input.is_default,
    };
    let saved = request.app.channels.save_market(&request.actor, market).await;
    saved.map(|it| Market(Arc::new(it))).map_err(|it| it.refuse(Path::argument("input")))
}

fn parse_entry(entry: PriceEntry, country: Option<CountryCode>) -> Result<tax::PriceEntry, Refusal> {
    let at = || Path::input("priceEntryCountry");
    let refused = |message: &str| Err(UserError::input(ErrorCode::InvalidInput, message, at()).into());
    match (entry, country) {
        (PriceEntry::GrossOfCountry, Some(country)) => {
            Ok(tax::PriceEntry::GrossOf(TaxZone::country(parse_country(&country, at())?)))
        }
        (PriceEntry::GrossOfCountry, None) => refused("say whose tax entered prices contain"),
        (_, Some(_)) => refused("only `GROSS_OF_COUNTRY` has a country"),
        (PriceEntry::Net, None) => Ok(tax::PriceEntry::Net),
        (PriceEntry::GrossAtDestination, None) => Ok(tax::PriceEntry::GrossAtDestination),
    }
}

fn parse_country(country: &CountryCode, at: Path) -> Result<channel::Country, Refusal> {
    country.0.parse().map_err(|it: CountryError| UserError::input(ErrorCode::InvalidInput, it.to_string(), at).into())
}

fn wrong_code(field: &'static str) -> impl Fn(CodeError) -> Refusal {
    move |it| UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input(field)).into()
}
