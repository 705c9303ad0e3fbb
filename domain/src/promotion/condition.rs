//! Conditions: a tree of named facts.
//!
//! A fact that is not known satisfies no condition: a cart without a customer is in no group, an unknown tier is no tier,
//! and whether an order is the first is neither true nor false as long as nobody has said who the buyer is. A `none` over
//! such a condition is therefore satisfied.

use serde::{Deserialize, Serialize};

use super::{Daypart, DeviceKind, ItemFilter};
use crate::{
    catalog::Attribute,
    channel::DeliveryKind,
    clock::Window,
    codes::{ChannelCode, MarketCode, PaymentMeans},
    ids::{CollectionId, CustomerGroupId, LiveShowId, LocationId, LoyaltyTierId, ProductId, SegmentId, VariantId},
    money::Amounts,
};

/// When a promotion applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Condition {
    /// Each of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not one of these.
    None(Vec<Condition>),
    /// What the items meant cost together, as prices are entered.
    Subtotal {
        /// Which items.
        items: ItemFilter,
        /// How their sum compares.
        comparison: Comparison,
        /// With what, in each currency.
        amount: Amounts,
    },
    /// How many units of the items meant there are.
    Quantity {
        /// Which items.
        items: ItemFilter,
        /// How their number compares.
        comparison: Comparison,
        /// With what.
        count: u32,
    },
    /// How many units the line of the items meant with the most units has.
    LineQuantity {
        /// Which items.
        items: ItemFilter,
        /// How the number compares.
        comparison: Comparison,
        /// With what.
        count: u32,
    },
    /// Some of these products are in the cart.
    Products(Presence<ProductId>),
    /// Some of these variants are.
    Variants(Presence<VariantId>),
    /// Something of these collections is.
    Collections(Presence<CollectionId>),
    /// Something with these attributes is.
    Attributes(Presence<Attribute>),
    /// Something by these makers is.
    Brands(Presence<String>),
    /// The customer is in one of these groups.
    CustomerGroups(Vec<CustomerGroupId>),
    /// The customer is in one of these segments.
    Segments(Vec<SegmentId>),
    /// The customer has one of these tiers.
    LoyaltyTiers(Vec<LoyaltyTierId>),
    /// Whether this would be the customer's first order.
    FirstOrder(bool),
    /// Sold in one of these channels.
    Channels(Vec<ChannelCode>),
    /// Sold in one of these markets.
    Markets(Vec<MarketCode>),
    /// Sold at one of these locations.
    Locations(Vec<LocationId>),
    /// Sold on one of these kinds of device.
    Devices(Vec<DeviceKind>),
    /// Bought out of one of these live shows.
    LiveShows(Vec<LiveShowId>),
    /// At such a time.
    TimeWindow(Window),
    /// On such days and at such hours.
    Daypart(Daypart),
    /// Something reaches the buyer in one of these ways.
    FulfillmentKinds(Vec<DeliveryKind>),
    /// Paid by one of these means.
    PaymentMeans(Vec<PaymentMeans>),
    /// A usable code of this promotion was entered.
    Code,
}

/// How a number compares with a given one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparison {
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

impl Comparison {
    /// Whether `actual` compares so with `given`.
    #[must_use]
    pub fn holds<T: PartialOrd>(self, actual: T, given: T) -> bool {
        match self {
            Self::AtLeast => given <= actual,
            Self::MoreThan => given < actual,
            Self::AtMost => actual <= given,
            Self::LessThan => actual < given,
            Self::Equal => actual == given,
        }
    }
}

/// What is in the cart, of some values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence<T> {
    /// The values.
    pub values: Vec<T>,
    /// How many of them.
    pub quantifier: Quantifier,
}

/// How many of several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Quantifier {
    /// At least one.
    #[default]
    Any,
    /// Each one.
    All,
}

impl Condition {
    /// The conditions inside of this one; none for a fact.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match self {
            Self::All(children) | Self::Any(children) | Self::None(children) => children,
            _ => &[],
        }
    }

    /// Whether it, or any condition inside of it, is one of those that are looked for.
    #[must_use]
    pub fn has(&self, is_meant: &dyn Fn(&Self) -> bool) -> bool {
        is_meant(self) || self.children().iter().any(|it| it.has(is_meant))
    }

    /// What it is called in paths.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::All(_) => "all",
            Self::Any(_) => "any",
            Self::None(_) => "none",
            Self::Subtotal { .. } => "subtotal",
            Self::Quantity { .. } => "quantity",
            Self::LineQuantity { .. } => "lineQuantity",
            Self::Products(_) => "products",
            Self::Variants(_) => "variants",
            Self::Collections(_) => "collections",
            Self::Attributes(_) => "attributes",
            Self::Brands(_) => "brands",
            Self::CustomerGroups(_) => "customerGroups",
            Self::Segments(_) => "segments",
            Self::LoyaltyTiers(_) => "loyaltyTiers",
            Self::FirstOrder(_) => "firstOrder",
            Self::Channels(_) => "channels",
            Self::Markets(_) => "markets",
            Self::Locations(_) => "locations",
            Self::Devices(_) => "devices",
            Self::LiveShows(_) => "liveShows",
            Self::TimeWindow(_) => "timeWindow",
            Self::Daypart(_) => "daypart",
            Self::FulfillmentKinds(_) => "fulfillmentKinds",
            Self::PaymentMeans(_) => "paymentMeans",
            Self::Code => "code",
        }
    }

    /// Whether it cannot hold without a code.
    #[must_use]
    pub fn needs_code(&self) -> bool {
        match self {
            Self::Code => true,
            Self::All(children) => children.iter().any(Self::needs_code),
            Self::Any(children) => !children.is_empty() && children.iter().all(Self::needs_code),
            _ => false,
        }
    }

    /// Adds the amounts in it, with where they are.
    pub(super) fn amounts<'a>(&'a self, path: &str, amounts: &mut Vec<(String, &'a Amounts)>) {
        if let Self::Subtotal { amount, .. } = self {
            amounts.push((format!("{path}.subtotal.amounts"), amount));
        }
        for (index, child) in self.children().iter().enumerate() {
            child.amounts(&format!("{path}.{}[{index}]", self.name()), amounts);
        }
    }
}
