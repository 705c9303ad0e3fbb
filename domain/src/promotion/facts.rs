//! What promotions may know: plain data, gathered before they are reckoned.

use serde::{Deserialize, Serialize};

use super::EnteredCode;
use crate::{
    channel::{DeliveryKind, DeliveryMethodCode},
    clock::Timestamp,
    codes::{ChannelCode, MarketCode, PaymentMeans},
    ids::{CustomerGroupId, LiveShowId, LocationId, LoyaltyTierId, PromotionId, SegmentId, VariantId},
    money::{Currency, Money},
};

/// What is known of a cart besides its lines. What is absent satisfies no condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When.
    pub now: Timestamp,
    /// In which currency; all amounts of the cart are in it.
    pub currency: Currency,
    /// The channel.
    pub channel: Option<ChannelCode>,
    /// The market.
    pub market: Option<MarketCode>,
    /// The store it is sold in.
    pub location_id: Option<LocationId>,
    /// What it is sold on.
    pub device: Option<DeviceKind>,
    /// The live show it is bought out of.
    pub live_show_id: Option<LiveShowId>,
    /// The groups the customer is in.
    pub customer_group_ids: Vec<CustomerGroupId>,
    /// The segments the customer is in.
    pub segment_ids: Vec<SegmentId>,
    /// The customer's tier.
    pub loyalty_tier_id: Option<LoyaltyTierId>,
    /// Whether the customer has not ordered before; absent where nobody knows who the customer is.
    pub is_first_order: Option<bool>,
    /// How it will be paid.
    pub payment_means: Option<PaymentMeans>,
    /// The codes that were entered, in their order.
    pub codes: Vec<EnteredCode>,
    /// What is left of the budgets of promotions; one without an entry has no limit.
    pub budgets: Vec<Budget>,
    /// The variants that can be given away.
    pub gifts: Vec<GiftItem>,
    /// What the shopper said to gifts.
    pub gift_choices: Vec<GiftChoice>,
}

impl Facts {
    /// Nothing but the time and the currency.
    #[must_use]
    pub fn new(now: Timestamp, currency: Currency) -> Self {
        Self {
            now,
            currency,
            channel: None,
            market: None,
            location_id: None,
            device: None,
            live_show_id: None,
            customer_group_ids: Vec::new(),
            segment_ids: Vec::new(),
            loyalty_tier_id: None,
            is_first_order: None,
            payment_means: None,
            codes: Vec::new(),
            budgets: Vec::new(),
            gifts: Vec::new(),
            gift_choices: Vec::new(),
        }
    }
}

/// What something is sold on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeviceKind {
    /// A browser.
    Web,
    /// An app of the shop's own.
    App,
    /// A screen in a store that shoppers use.
    Kiosk,
    /// A till, or a tablet of staff.
    PointOfSale,
}

/// A way in which goods of the cart reach the buyer, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// By which method.
    pub method: DeliveryMethodCode,
    /// How the goods travel.
    pub kind: DeliveryKind,
    /// What it costs, as prices are entered: with tax or without.
    pub price: Money,
}

/// What is left of a promotion's budget, what carts have set aside taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Of which promotion.
    pub promotion_id: PromotionId,
    /// How much money it may still give, in the cart's currency; none: as much as it takes.
    pub amount_left: Option<Money>,
    /// How many carts it may still apply to; none: any number.
    pub uses_left: Option<u32>,
}

/// A variant that can be given away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftItem {
    /// What.
    pub variant_id: VariantId,
    /// What one would cost: the value of the gift.
    pub unit_price: Money,
    /// How many there are.
    pub available: u32,
}

/// What the shopper said to a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftChoice {
    /// Of which promotion.
    pub promotion_id: PromotionId,
    /// What.
    pub variant_id: VariantId,
    /// Yes or no.
    pub is_accepted: bool,
}
