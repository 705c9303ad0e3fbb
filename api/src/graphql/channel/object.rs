//! Channels and markets.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result};
use comptoir_domain::{channel, inventory, pricing::tax};

use super::{
    super::{
        context::ContextExt as _,
        quote::Rounding,
        scalar::{CountryCode, CurrencyCode, LanguageTag},
    },
    Location,
    context::settings,
};

/// What a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "channel::ChannelKind")]
pub(super) enum ChannelKind {
    /// A shop in the browser.
    Web,
    /// An app of the shop's own.
    App,
    /// A screen in a store that shoppers use.
    Kiosk,
    /// A till, or a tablet of staff.
    PointOfSale,
    /// A show that is bought out of while it runs.
    LiveShow,
    /// A shop of others that sells ours too.
    Marketplace,
}

/// When stock is set aside for the carts of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "inventory::HoldPolicy")]
pub(super) enum HoldPolicy {
    /// Never: who orders first, has it.
    None,
    /// As soon as a delivery is chosen.
    OnCheckout,
    /// As soon as it is in the cart.
    OnCart,
}

/// Whether shoppers are shown prices with tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "channel::PriceDisplay")]
pub(super) enum PriceDisplay {
    /// With tax.
    Gross,
    /// Without.
    Net,
}

/// How prices are entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PriceEntry {
    /// Without tax.
    Net,
    /// With the tax of one country. Where another rate is due, the amount without tax is kept.
    GrossOfCountry,
    /// With whatever tax is due where the goods go: the price paid is the same everywhere.
    GrossAtDestination,
}

impl From<&tax::PriceEntry> for PriceEntry {
    fn from(entry: &tax::PriceEntry) -> Self {
        match entry {
            tax::PriceEntry::Net => Self::Net,
            tax::PriceEntry::GrossOf(_) => Self::GrossOfCountry,
            tax::PriceEntry::GrossAtDestination => Self::GrossAtDestination,
        }
    }
}

/// Where something is sold.
pub(in crate::graphql) struct Channel(pub(in crate::graphql) Arc<channel::Channel>);

/// Where something is sold: the web shop, the app, the till of one store.
#[Object]
impl Channel {
    /// What it is known by.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// What it is.
    async fn kind(&self) -> ChannelKind {
        self.0.kind.into()
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The store it stands in.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        let Some(id) = self.0.location_id else { return Ok(None) };
        Ok(settings(ctx).await?.location(id).map(Location))
    }

    /// What it sells in where nobody asks for another market; null: the shop's own.
    async fn market(&self, ctx: &Context<'_>) -> Result<Option<Market>> {
        let Some(code) = &self.0.market else { return Ok(None) };
        Ok(settings(ctx).await?.market(code.as_str()).map(Market))
    }

    /// Whether it is the one of those who name none.
    async fn is_default(&self) -> bool {
        self.0.is_default
    }

    /// When stock is set aside for its carts.
    async fn hold_policy(&self) -> HoldPolicy {
        self.0.hold_policy.into()
    }

    /// For how many minutes.
    async fn hold_minutes(&self) -> u32 {
        self.0.hold_minutes
    }
}

/// Countries that see the same prices.
pub(in crate::graphql) struct Market(pub(in crate::graphql) Arc<channel::Market>);

/// Countries that see the same prices, in one currency, with tax or without.
#[Object]
impl Market {
    /// What it is known by.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// What it is called, in the request's language.
    async fn name(&self, ctx: &Context<'_>) -> Result<&str> {
        let name = self.0.name.best(&ctx.request()?.sales.languages);
        Ok(name.map_or(self.0.code.as_str(), String::as_str))
    }

    /// Which countries it is; at most 250. Empty: all that are in no other.
    async fn countries(&self) -> Vec<CountryCode> {
        self.0.countries.iter().map(|it| CountryCode(it.code().to_owned())).collect()
    }

    /// The currency of its prices.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency.code().to_owned())
    }

    /// The languages of its texts, dearest first; at most 250.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.0.languages.iter().map(|it| LanguageTag(it.to_string())).collect()
    }

    /// How its prices are entered.
    async fn price_entry(&self) -> PriceEntry {
        (&self.0.price_entry).into()
    }

    /// Whose tax entered prices contain, where that is one country's.
    async fn price_entry_country(&self) -> Option<CountryCode> {
        match &self.0.price_entry {
            tax::PriceEntry::GrossOf(zone) => Some(CountryCode(zone.country.code().to_owned())),
            tax::PriceEntry::Net | tax::PriceEntry::GrossAtDestination => None,
        }
    }

    /// How its prices are shown.
    async fn price_display(&self) -> PriceDisplay {
        self.0.price_display.into()
    }

    /// How percentages and taxes are rounded.
    async fn rounding(&self) -> Rounding {
        self.0.rounding.into()
    }

    /// Whether it is the one of those who name none.
    async fn is_default(&self) -> bool {
        self.0.is_default
    }
}
