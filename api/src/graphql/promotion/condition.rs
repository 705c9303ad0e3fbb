//! Conditions, as they are read.

use async_graphql::{Enum, ID, Object, SimpleObject};
use comptoir_domain::promotion::Condition;

use super::{
    super::{channel::DeliveryKind, money::Money},
    amount::to_amounts,
    condition_input::{Comparison, DeviceKind},
    items::{PromotionAttributeSet, PromotionIdSet, PromotionItems, PromotionNameSet, to_ids},
    time::{PromotionDaypart, PromotionTimeWindow},
};

/// What items cost together, as prices are entered.
#[derive(SimpleObject)]
struct PromotionSubtotal {
    /// Which items.
    items: PromotionItems,
    /// How their sum compares.
    comparison: Comparison,
    /// With what: one amount for each currency.
    amounts: Vec<Money>,
}

/// How many units of items there are.
#[derive(SimpleObject)]
struct PromotionQuantity {
    /// Which items.
    items: PromotionItems,
    /// How their number compares.
    comparison: Comparison,
    /// With what.
    count: u32,
}

/// How the conditions inside of another one are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum PromotionOperator {
    /// Each of them holds.
    All,
    /// At least one of them holds.
    Any,
    /// Not one of them holds.
    None,
}

/// One condition of the tree.
pub(super) struct PromotionCondition {
    path: String,
    parent: Option<usize>,
    condition: Condition,
}

impl PromotionCondition {
    /// The conditions of a tree, each before those inside of it.
    pub(super) fn of(tree: &Condition) -> Vec<Self> {
        let mut nodes = Vec::new();
        add(tree, "condition", None, &mut nodes);
        nodes
    }
}

fn add(condition: &Condition, path: &str, parent: Option<usize>, nodes: &mut Vec<PromotionCondition>) {
    let place = nodes.len();
    let own = format!("{path}.{}", condition.name());
    let alone = match condition {
        Condition::All(_) => Condition::All(Vec::new()),
        Condition::Any(_) => Condition::Any(Vec::new()),
        Condition::None(_) => Condition::None(Vec::new()),
        fact => fact.clone(),
    };
    nodes.push(PromotionCondition { path: own.clone(), parent, condition: alone });
    for (index, child) in condition.children().iter().enumerate() {
        add(child, &format!("{own}[{index}]"), Some(place), nodes);
    }
}

/// The one field of a node that a fact fills.
macro_rules! fact {
    ($node:expr, $pattern:pat => $value:expr) => {
        if let $pattern = &$node.condition { Some($value) } else { None }
    };
}

/// One condition of the tree: either an operator, or one of the facts. The fields of facts are those of
/// `PromotionConditionInput`; all but one are null.
#[Object]
impl PromotionCondition {
    /// Where it is, such as `condition.all[1].subtotal`.
    async fn path(&self) -> &str {
        &self.path
    }

    /// The place in this list of the condition it is inside of, from 0; null for the outermost, which is the first.
    async fn parent(&self) -> Option<usize> {
        self.parent
    }

    /// How the conditions inside of it are put together; null for a fact.
    async fn operator(&self) -> Option<PromotionOperator> {
        match self.condition {
            Condition::All(_) => Some(PromotionOperator::All),
            Condition::Any(_) => Some(PromotionOperator::Any),
            Condition::None(_) => Some(PromotionOperator::None),
            _ => None,
        }
    }

    /// What items cost together.
    async fn subtotal(&self) -> Option<PromotionSubtotal> {
        fact!(self, Condition::Subtotal { items, comparison, amount } => PromotionSubtotal {
            items: items.into(),
            comparison: (*comparison).into(),
            amounts: to_amounts(amount),
        })
    }

    /// How many units of items there are.
    async fn quantity(&self) -> Option<PromotionQuantity> {
        fact!(self, Condition::Quantity { items, comparison, count } => PromotionQuantity {
            items: items.into(),
            comparison: (*comparison).into(),
            count: *count,
        })
    }

    /// How many units of items there are in the line with the most.
    async fn line_quantity(&self) -> Option<PromotionQuantity> {
        fact!(self, Condition::LineQuantity { items, comparison, count } => PromotionQuantity {
            items: items.into(),
            comparison: (*comparison).into(),
            count: *count,
        })
    }

    /// Some of these products are in the cart.
    async fn products(&self) -> Option<PromotionIdSet> {
        fact!(self, Condition::Products(it) => PromotionIdSet::of(it))
    }

    /// Some of these variants are.
    async fn variants(&self) -> Option<PromotionIdSet> {
        fact!(self, Condition::Variants(it) => PromotionIdSet::of(it))
    }

    /// Something of these collections is.
    async fn collections(&self) -> Option<PromotionIdSet> {
        fact!(self, Condition::Collections(it) => PromotionIdSet::of(it))
    }

    /// Something with these attributes is.
    async fn attributes(&self) -> Option<PromotionAttributeSet> {
        fact!(self, Condition::Attributes(it) => it.into())
    }

    /// Something by these makers is.
    async fn brands(&self) -> Option<PromotionNameSet> {
        fact!(self, Condition::Brands(it) => it.into())
    }

    /// The customer is in one of these groups.
    async fn customer_groups(&self) -> Option<Vec<ID>> {
        fact!(self, Condition::CustomerGroups(it) => to_ids(it))
    }

    /// The customer is in one of these segments.
    async fn segments(&self) -> Option<Vec<ID>> {
        fact!(self, Condition::Segments(it) => to_ids(it))
    }

    /// The customer has one of these tiers.
    async fn loyalty_tiers(&self) -> Option<Vec<ID>> {
        fact!(self, Condition::LoyaltyTiers(it) => to_ids(it))
    }

    /// Whether this would be the customer's first order.
    async fn first_order(&self) -> Option<bool> {
        fact!(self, Condition::FirstOrder(it) => *it)
    }

    /// Sold in one of these channels, by code.
    async fn channels(&self) -> Option<Vec<String>> {
        fact!(self, Condition::Channels(it) => texts(it))
    }

    /// Sold in one of these markets, by code.
    async fn markets(&self) -> Option<Vec<String>> {
        fact!(self, Condition::Markets(it) => texts(it))
    }

    /// Sold at one of these locations.
    async fn locations(&self) -> Option<Vec<ID>> {
        fact!(self, Condition::Locations(it) => to_ids(it))
    }

    /// Sold on one of these kinds of device.
    async fn devices(&self) -> Option<Vec<DeviceKind>> {
        fact!(self, Condition::Devices(it) => it.iter().copied().map(Into::into).collect())
    }

    /// Bought out of one of these live shows.
    async fn live_shows(&self) -> Option<Vec<ID>> {
        fact!(self, Condition::LiveShows(it) => to_ids(it))
    }

    /// At such a time.
    async fn time_window(&self) -> Option<PromotionTimeWindow> {
        fact!(self, Condition::TimeWindow(it) => it.into())
    }

    /// On such days and at such hours.
    async fn daypart(&self) -> Option<PromotionDaypart> {
        fact!(self, Condition::Daypart(it) => it.into())
    }

    /// Something reaches the buyer in one of these ways.
    async fn fulfillment_kinds(&self) -> Option<Vec<DeliveryKind>> {
        fact!(self, Condition::FulfillmentKinds(it) => it.iter().copied().map(Into::into).collect())
    }

    /// Paid by one of these means.
    async fn payment_means(&self) -> Option<Vec<String>> {
        fact!(self, Condition::PaymentMeans(it) => texts(it))
    }

    /// A usable code of this promotion was entered: true, or null for another fact.
    async fn code(&self) -> Option<bool> {
        fact!(self, Condition::Code => true)
    }
}

/// Codes as texts.
pub(super) fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}
