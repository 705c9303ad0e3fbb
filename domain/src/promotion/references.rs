//! What promotions name: products, places, ways of delivery. All of it has to be there when it is named.

use std::collections::HashSet;

use super::{Action, ActionKind, Condition, ItemFilter, Problem, PromotionIssue, Target};
use crate::{
    channel::DeliveryMethodCode,
    codes::{ChannelCode, MarketCode},
    ids::{CollectionId, CustomerGroupId, LocationId, ProductId, VariantId},
    settings::Settings,
    storage::{StorageError, UnitOfWork},
};

/// What a promotion names, each with its path.
#[derive(Default)]
pub(super) struct References {
    products: Vec<(String, ProductId)>,
    variants: Vec<(String, VariantId)>,
    collections: Vec<(String, CollectionId)>,
    channels: Vec<(String, ChannelCode)>,
    markets: Vec<(String, MarketCode)>,
    customer_groups: Vec<(String, CustomerGroupId)>,
    locations: Vec<(String, LocationId)>,
    methods: Vec<(String, DeliveryMethodCode)>,
}

impl References {
    /// What a condition and actions name.
    pub(super) fn of(condition: Option<&Condition>, actions: &[Action]) -> Self {
        let mut references = Self::default();
        if let Some(condition) = condition {
            references.add_condition(condition, "condition");
        }
        for (index, action) in actions.iter().enumerate() {
            references.add_action(&action.kind, &format!("actions[{index}]"));
        }
        references
    }

    fn add_condition(&mut self, condition: &Condition, path: &str) {
        let own = format!("{path}.{}", condition.name());
        for (index, child) in condition.children().iter().enumerate() {
            self.add_condition(child, &format!("{own}[{index}]"));
        }
        match condition {
            Condition::Subtotal { items, .. }
            | Condition::Quantity { items, .. }
            | Condition::LineQuantity { items, .. } => self.add_items(items, &format!("{own}.items")),
            Condition::Products(it) => add(&mut self.products, &it.values, &format!("{own}.values")),
            Condition::Variants(it) => add(&mut self.variants, &it.values, &format!("{own}.values")),
            Condition::Collections(it) => add(&mut self.collections, &it.values, &format!("{own}.values")),
            Condition::Channels(it) => add(&mut self.channels, it, &own),
            Condition::Markets(it) => add(&mut self.markets, it, &own),
            Condition::CustomerGroups(it) => add(&mut self.customer_groups, it, &own),
            Condition::Locations(it) => add(&mut self.locations, it, &own),
            _ => {}
        }
    }

    fn add_action(&mut self, kind: &ActionKind, path: &str) {
        let at = |part: &str| format!("{path}.{part}");
        match kind {
            ActionKind::Percentage { target, .. }
            | ActionKind::FixedAmount { target, .. }
            | ActionKind::TieredSpend { target, .. }
            | ActionKind::TieredQuantity { target, .. } => match target {
                Target::Lines(items) => self.add_items(items, &at("target.lines")),
                Target::Order(items) => self.add_items(items, &at("target.order")),
                Target::Delivery(methods) => add(&mut self.methods, methods, &at("target.delivery")),
            },
            ActionKind::UnitPrice { items, .. }
            | ActionKind::NthItem { items, .. }
            | ActionKind::PointsMultiplier { items, .. } => self.add_items(items, &at("items")),
            ActionKind::BundlePrice { slots, .. } => {
                for (index, slot) in slots.iter().enumerate() {
                    self.add_items(&slot.items, &at(&format!("slots[{index}].items")));
                }
            }
            ActionKind::BuyGet { buy, get, .. } => {
                self.add_items(&buy.items, &at("buy.items"));
                self.add_items(&get.items, &at("get.items"));
            }
            ActionKind::Gift { variant_id, .. } => self.variants.push((at("variantId"), *variant_id)),
            ActionKind::DeliveryPrice { methods, .. } => add(&mut self.methods, methods, &at("methods")),
        }
    }

    fn add_items(&mut self, items: &ItemFilter, path: &str) {
        add(&mut self.products, &items.product_ids, &format!("{path}.productIds"));
        add(&mut self.variants, &items.variant_ids, &format!("{path}.variantIds"));
        add(&mut self.collections, &items.collection_ids, &format!("{path}.collectionIds"));
        // An exception has none of its own: that was checked.
        if let Some(except) = items.except.as_ref().filter(|it| it.except.is_none()) {
            self.add_items(except, &format!("{path}.except"));
        }
    }

    /// Those that are not there.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn unknown(
        self,
        uow: &dyn UnitOfWork,
        settings: &Settings,
    ) -> Result<Vec<PromotionIssue>, StorageError> {
        let mut issues = Vec::new();
        let ids = ids_of(&self.products);
        if !ids.is_empty() {
            let found: HashSet<_> = uow.catalog().products_by_id(&ids).await?.into_iter().map(|it| it.id).collect();
            missing("product", self.products, |it| found.contains(it), &mut issues);
        }
        let ids = ids_of(&self.variants);
        if !ids.is_empty() {
            let found: HashSet<_> = uow.catalog().variants_by_id(&ids).await?.into_iter().map(|it| it.id).collect();
            missing("variant", self.variants, |it| found.contains(it), &mut issues);
        }
        let ids = ids_of(&self.collections);
        if !ids.is_empty() {
            let found = uow.collection_queries().collections_by_id(&ids).await?;
            let found: HashSet<_> = found.into_iter().map(|it| it.id).collect();
            missing("collection", self.collections, |it| found.contains(it), &mut issues);
        }
        missing("channel", self.channels, |it| settings.channel(it.as_str()).is_some(), &mut issues);
        missing("market", self.markets, |it| settings.market(it.as_str()).is_some(), &mut issues);
        let is_group = |id: &CustomerGroupId| settings.has_customer_group(*id);
        missing("group of customers", self.customer_groups, is_group, &mut issues);
        missing("location", self.locations, |it| settings.location(*it).is_some(), &mut issues);
        let is_method = |code: &DeliveryMethodCode| settings.delivery_methods.iter().any(|it| it.code == *code);
        missing("delivery method", self.methods, is_method, &mut issues);
        Ok(issues)
    }
}

fn add<T: Clone>(to: &mut Vec<(String, T)>, values: &[T], path: &str) {
    to.extend(values.iter().enumerate().map(|(index, it)| (format!("{path}[{index}]"), it.clone())));
}

fn ids_of<T: Copy>(references: &[(String, T)]) -> Vec<T> {
    references.iter().map(|it| it.1).collect()
}

fn missing<T: ToString>(
    what: &'static str,
    references: Vec<(String, T)>,
    is_there: impl Fn(&T) -> bool,
    issues: &mut Vec<PromotionIssue>,
) {
    let unknown = references.into_iter().filter(|it| !is_there(&it.1));
    issues.extend(
        unknown.map(|(path, it)| PromotionIssue { path, problem: Problem::Unknown { what, id: it.to_string() } }),
    );
}
