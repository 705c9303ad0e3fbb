//! Commands on prices and price lists, as they are written.

use async_graphql::{ID, InputObject, MaybeUndefined};
use comptoir_domain::{
    clock::{Window, to_micros},
    pricing::{PriceDraft, PriceListDraft, PriceScope},
};

use super::{
    super::{
        error::{ErrorCode, Path, Refusal, UserError},
        id::parse_id,
        money::MoneyInput,
        scalar::DateTime,
    },
    object::{PriceListType, PriceSelection},
};

/// A price to set. It takes the place of the one of the same variant, currency, list, market, channel, customer group,
/// loyalty tier, minimum quantity and beginning.
#[derive(InputObject)]
pub(super) struct PriceSetInput {
    /// Of what.
    variant_id: ID,
    /// What one costs.
    amount: MoneyInput,
    /// What one cost before; above `amount`, in its currency. Left out: nothing is struck through.
    compare_at: Option<MoneyInput>,
    /// The list it belongs to; left out: it is a base price, which every list comes before.
    price_list_id: Option<ID>,
    /// In the market of this code only.
    market: Option<String>,
    /// In the channel of this code only.
    channel: Option<String>,
    /// For customers of this group only.
    customer_group_id: Option<ID>,
    /// For customers of this loyalty tier only. Nobody has a tier yet.
    loyalty_tier_id: Option<ID>,
    /// From how many of the variant, over all lines of a cart: 1 to 100000.
    #[graphql(default = 1)]
    minimum_quantity: u32,
    /// When it begins; left out: it has. Of two for the same, the one that began last holds.
    starts_at: Option<DateTime>,
    /// When it is over; left out: never.
    ends_at: Option<DateTime>,
}

impl PriceSetInput {
    /// The draft, or what is wrong with it.
    pub(super) fn parse(&self, at: &Path) -> Result<PriceDraft, Refusal> {
        let field = |name| at.clone().field(name);
        let unknown = |code, what: &str, name: &str, at| {
            let name: String = name.chars().filter(|it| !it.is_control()).take(64).collect();
            Refusal::from(UserError::input(code, format!("there is no {what} `{name}`"), at))
        };
        let market = self
            .market
            .as_ref()
            .map(|it| it.parse().map_err(|_| unknown(ErrorCode::UnknownMarket, "market", it, field("market"))));
        let channel = self
            .channel
            .as_ref()
            .map(|it| it.parse().map_err(|_| unknown(ErrorCode::UnknownChannel, "channel", it, field("channel"))));
        let list_id = self.price_list_id.as_ref().map(|it| parse_id(it, field("priceListId")));
        let group = self.customer_group_id.as_ref().map(|it| parse_id(it, field("customerGroupId")));
        let tier = self.loyalty_tier_id.as_ref().map(|it| parse_id(it, field("loyaltyTierId")));
        Ok(PriceDraft {
            variant_id: parse_id(&self.variant_id, field("variantId"))?,
            list_id: list_id.transpose()?,
            amount: self.amount.parse(field("amount"))?,
            compare_at: self.compare_at.as_ref().map(|it| it.parse(field("compareAt"))).transpose()?,
            scope: PriceScope {
                market: market.transpose()?,
                channel: channel.transpose()?,
                customer_group_id: group.transpose()?,
                loyalty_tier_id: tier.transpose()?,
                minimum_quantity: self.minimum_quantity,
            },
            window: Window {
                from: self.starts_at.map(|it| to_micros(it.0)),
                until: self.ends_at.map(|it| to_micros(it.0)),
            },
        })
    }
}

/// Prices to set; others stay.
#[derive(InputObject)]
pub(super) struct PricesSetInput {
    /// At most 100.
    pub(super) prices: Vec<PriceSetInput>,
}

/// Prices to remove.
#[derive(InputObject)]
pub(super) struct PricesRemoveInput {
    /// At most 100.
    pub(super) price_ids: Vec<ID>,
}

/// A new price list.
#[derive(InputObject)]
pub(super) struct PriceListCreateInput {
    /// What staff calls it: at most 255 characters.
    name: String,
    /// What its prices do to those they take the place of.
    #[graphql(name = "type")]
    list_type: PriceListType,
    /// Which list comes first: the one with the higher priority.
    #[graphql(default)]
    priority: i32,
    /// Which of its own prices it gives.
    #[graphql(default_with = "PriceSelection::Specificity")]
    selection: PriceSelection,
    /// When it begins; left out: it has.
    starts_at: Option<DateTime>,
    /// When it is over; left out: never.
    ends_at: Option<DateTime>,
    /// Whether it is paused.
    #[graphql(default)]
    is_paused: bool,
}

impl From<PriceListCreateInput> for PriceListDraft {
    fn from(input: PriceListCreateInput) -> Self {
        Self {
            name: Some(input.name),
            list_type: Some(input.list_type.into()),
            priority: Some(input.priority),
            selection: Some(input.selection.into()),
            starts_at: Some(input.starts_at.map(|it| it.0)),
            ends_at: Some(input.ends_at.map(|it| it.0)),
            is_paused: Some(input.is_paused),
        }
    }
}

/// What changes of a price list; what is left out stays as it is.
#[derive(InputObject)]
pub(super) struct PriceListUpdateInput {
    /// Which.
    pub(super) price_list_id: ID,
    /// The version that the client last saw; the command is refused where it is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// What staff calls it.
    name: Option<String>,
    /// What its prices do to those they take the place of.
    #[graphql(name = "type")]
    list_type: Option<PriceListType>,
    /// Which list comes first.
    priority: Option<i32>,
    /// Which of its own prices it gives.
    selection: Option<PriceSelection>,
    /// When it begins; null: it has.
    starts_at: MaybeUndefined<DateTime>,
    /// When it is over; null: never.
    ends_at: MaybeUndefined<DateTime>,
    /// Whether it is paused.
    is_paused: Option<bool>,
}

impl From<PriceListUpdateInput> for PriceListDraft {
    fn from(input: PriceListUpdateInput) -> Self {
        Self {
            name: input.name,
            list_type: input.list_type.map(Into::into),
            priority: input.priority,
            selection: input.selection.map(Into::into),
            starts_at: input.starts_at.map_value(|it| it.0).into(),
            ends_at: input.ends_at.map_value(|it| it.0).into(),
            is_paused: input.is_paused,
        }
    }
}

/// A price list to remove, with its prices.
#[derive(InputObject)]
pub(super) struct PriceListDeleteInput {
    /// Which.
    pub(super) price_list_id: ID,
    /// The version that the client last saw; the command is refused where it is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
}
