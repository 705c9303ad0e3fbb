//! Conditions, as they are written.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use comptoir_domain::{
    codes::{CodeError, MarketCode, PaymentMeans},
    promotion::{self, Condition},
};

use super::{
    super::{
        channel::{DeliveryKind, parse_channel},
        error::{ErrorCode, Path, Refusal, UserError},
        id::parse_ids,
        money::MoneyInput,
    },
    amount::{invalid, parse_amounts},
    items::{PromotionAttributeSet, PromotionIdSet, PromotionItems, PromotionNameSet},
    time::{PromotionDaypart, PromotionTimeWindow},
};

/// How a number compares with a given one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::Comparison")]
pub(super) enum Comparison {
    /// The same or more.
    AtLeast,
    /// More.
    MoreThan,
    /// The same or less.
    AtMost,
    /// Less.
    LessThan,
    /// The same.
    Equal,
}

/// What something is sold on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "promotion::DeviceKind")]
pub(super) enum DeviceKind {
    /// A browser.
    Web,
    /// An app of the shop's own.
    App,
    /// A screen in a store that shoppers use.
    Kiosk,
    /// A till, or a tablet of staff.
    PointOfSale,
}

/// What items cost together, as prices are entered.
#[derive(InputObject)]
pub(super) struct PromotionSubtotalInput {
    /// Which items; left out: all.
    #[graphql(default)]
    items: PromotionItems,
    /// How their sum compares.
    #[graphql(default_with = "Comparison::AtLeast")]
    comparison: Comparison,
    /// With what: one amount for each currency.
    amounts: Vec<MoneyInput>,
}

/// How many units of items there are.
#[derive(InputObject)]
pub(super) struct PromotionQuantityInput {
    /// Which items; left out: all.
    #[graphql(default)]
    items: PromotionItems,
    /// How their number compares.
    #[graphql(default_with = "Comparison::AtLeast")]
    comparison: Comparison,
    /// With what.
    count: u32,
}

/// When a promotion applies: a tree of at most 100 nodes on 6 levels, each with exactly one of these fields.
/// What is not known fulfils no condition: a cart without a customer is in no group.
#[derive(OneofObject)]
pub(super) enum PromotionConditionInput {
    /// Each of these holds.
    All(Vec<PromotionConditionInput>),
    /// At least one of these holds.
    Any(Vec<PromotionConditionInput>),
    /// Not one of these holds.
    None(Vec<PromotionConditionInput>),
    /// What items cost together.
    Subtotal(PromotionSubtotalInput),
    /// How many units of items there are.
    Quantity(PromotionQuantityInput),
    /// How many units of items there are in the line with the most.
    LineQuantity(PromotionQuantityInput),
    /// Some of these products are in the cart.
    Products(PromotionIdSet),
    /// Some of these variants are.
    Variants(PromotionIdSet),
    /// Something of these collections is.
    Collections(PromotionIdSet),
    /// Something with these attributes is.
    Attributes(PromotionAttributeSet),
    /// Something by these makers is.
    Brands(PromotionNameSet),
    /// The customer is in one of these groups.
    CustomerGroups(Vec<ID>),
    /// The customer is in one of these segments.
    Segments(Vec<ID>),
    /// The customer has one of these tiers.
    LoyaltyTiers(Vec<ID>),
    /// Whether this would be the customer's first order.
    FirstOrder(bool),
    /// Sold in one of these channels, by code.
    Channels(Vec<String>),
    /// Sold in one of these markets, by code.
    Markets(Vec<String>),
    /// Sold at one of these locations.
    Locations(Vec<ID>),
    /// Sold on one of these kinds of device.
    Devices(Vec<DeviceKind>),
    /// Bought out of one of these live shows.
    LiveShows(Vec<ID>),
    /// At such a time.
    TimeWindow(PromotionTimeWindow),
    /// On such days and at such hours.
    Daypart(PromotionDaypart),
    /// Something reaches the buyer in one of these ways.
    FulfillmentKinds(Vec<DeliveryKind>),
    /// Paid by one of these means, such as `card` or `cash`.
    PaymentMeans(Vec<String>),
    /// A usable code of this promotion was entered: `true`.
    Code(bool),
}

impl PromotionConditionInput {
    /// The condition, or what is wrong with it.
    pub(super) fn parse(self, at: &Path) -> Result<Condition, Refusal> {
        let at = |name: &str| at.clone().field(name);
        Ok(match self {
            Self::All(children) => Condition::All(parse_all(children, &at("all"))?),
            Self::Any(children) => Condition::Any(parse_all(children, &at("any"))?),
            Self::None(children) => Condition::None(parse_all(children, &at("none"))?),
            Self::Subtotal(PromotionSubtotalInput { items, comparison, amounts }) => Condition::Subtotal {
                items: items.parse(&at("subtotal").field("items"))?,
                comparison: comparison.into(),
                amount: parse_amounts(&amounts, &at("subtotal").field("amounts"))?,
            },
            Self::Quantity(PromotionQuantityInput { items, comparison, count }) => {
                let items = items.parse(&at("quantity").field("items"))?;
                Condition::Quantity { items, comparison: comparison.into(), count }
            }
            Self::LineQuantity(PromotionQuantityInput { items, comparison, count }) => {
                let items = items.parse(&at("lineQuantity").field("items"))?;
                Condition::LineQuantity { items, comparison: comparison.into(), count }
            }
            Self::Products(set) => Condition::Products(set.parse(at("products"))?),
            Self::Variants(set) => Condition::Variants(set.parse(at("variants"))?),
            Self::Collections(set) => Condition::Collections(set.parse(at("collections"))?),
            Self::Attributes(set) => Condition::Attributes(set.into()),
            Self::Brands(set) => Condition::Brands(set.into()),
            Self::CustomerGroups(ids) => Condition::CustomerGroups(parse_ids(&ids, &at("customerGroups"))?),
            Self::Segments(ids) => Condition::Segments(parse_ids(&ids, &at("segments"))?),
            Self::LoyaltyTiers(ids) => Condition::LoyaltyTiers(parse_ids(&ids, &at("loyaltyTiers"))?),
            Self::FirstOrder(is_first) => Condition::FirstOrder(is_first),
            Self::Channels(codes) => Condition::Channels(parse_each(codes, &at("channels"), parse_channel)?),
            Self::Markets(codes) => Condition::Markets(parse_each(codes, &at("markets"), parse_market)?),
            Self::Locations(ids) => Condition::Locations(parse_ids(&ids, &at("locations"))?),
            Self::Devices(kinds) => Condition::Devices(kinds.into_iter().map(Into::into).collect()),
            Self::LiveShows(ids) => Condition::LiveShows(parse_ids(&ids, &at("liveShows"))?),
            Self::TimeWindow(window) => Condition::TimeWindow(window.into()),
            Self::Daypart(daypart) => Condition::Daypart(daypart.parse(&at("daypart"))?),
            Self::FulfillmentKinds(kinds) => Condition::FulfillmentKinds(kinds.into_iter().map(Into::into).collect()),
            Self::PaymentMeans(codes) => Condition::PaymentMeans(parse_each(codes, &at("paymentMeans"), parse_means)?),
            Self::Code(true) => Condition::Code,
            Self::Code(false) => {
                let message = "this is `true`: that there is no code, say with `none`";
                return Err(invalid(message.to_owned(), at("code")));
            }
        })
    }
}

fn parse_all(children: Vec<PromotionConditionInput>, at: &Path) -> Result<Vec<Condition>, Refusal> {
    children.into_iter().enumerate().map(|(index, it)| it.parse(&at.clone().index(index))).collect()
}

/// Parses each value of a list, at its place.
pub(super) fn parse_each<T>(
    values: Vec<String>,
    at: &Path,
    parse: impl Fn(String, Path) -> Result<T, Refusal>,
) -> Result<Vec<T>, Refusal> {
    values.into_iter().enumerate().map(|(index, it)| parse(it, at.clone().index(index))).collect()
}

fn parse_market(code: String, at: Path) -> Result<MarketCode, Refusal> {
    code.parse().map_err(|it: CodeError| UserError::input(ErrorCode::UnknownMarket, it.to_string(), at).into())
}

fn parse_means(code: String, at: Path) -> Result<PaymentMeans, Refusal> {
    code.parse().map_err(|it: CodeError| invalid(it.to_string(), at))
}
