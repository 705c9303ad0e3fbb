//! Bundles: variants that are made of others. A bundle has no stock of its own; its components' decides.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{BundleError, ProductError, StockPolicy, Variant, VariantDraft};
use crate::{
    ids::{LocationId, ProductId, VariantId},
    inventory::{Demand, StockLevel, available},
};

/// What is taken of one variant where one of another is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VariantComponent {
    /// Of what.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: u32,
    /// What happens when its stock runs out.
    pub stock_policy: StockPolicy,
}

/// A component as it shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComponentDraft {
    /// What.
    pub variant_id: VariantId,
    /// How many in one bundle.
    pub quantity: u32,
}

/// That a bundle has a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComponentUse {
    /// The component.
    pub component_id: VariantId,
    /// The bundle.
    pub bundle_id: VariantId,
    /// The bundle's product.
    pub product_id: ProductId,
}

impl Variant {
    /// The most components of a bundle, as Shopify has it.
    pub const COMPONENTS_MAX: usize = 30;
    /// The most of one component in a bundle, as Shopify has it.
    pub const COMPONENT_QUANTITY_MAX: u32 = 2_000;

    /// Whether it is made of others.
    #[must_use]
    pub fn is_bundle(&self) -> bool {
        !self.components.is_empty()
    }

    /// What is taken from stock where one is bought: a bundle's components, otherwise itself.
    pub fn parts(&self) -> impl Iterator<Item = VariantComponent> {
        let own = VariantComponent { variant_id: self.id, quantity: 1, stock_policy: self.stock_policy };
        (!self.is_bundle()).then_some(own).into_iter().chain(self.components.iter().copied())
    }

    /// What is wanted of the stock where so many are bought.
    pub fn demands(&self, quantity: u32) -> impl Iterator<Item = Demand> {
        self.parts().map(move |it| Demand {
            variant_id: it.variant_id,
            quantity: it.quantity.saturating_mul(quantity),
            policy: it.stock_policy,
        })
    }

    /// How many can be bought with stock at `levels`, those of other variants left out; `None`: as many as anybody wants.
    ///
    /// Of a bundle, as many as its scarcest component allows: the least of `available / quantity`, rounded down. A component
    /// that is sold without stock limits nothing.
    #[must_use]
    pub fn available(&self, levels: &[StockLevel]) -> Option<i64> {
        self.available_beside(levels, |_| 0)
    }

    /// As [`Self::available`], where so many of each variant are spoken for besides; below zero where that is too many.
    #[must_use]
    pub fn available_beside(&self, levels: &[StockLevel], taken: impl Fn(VariantId) -> i64) -> Option<i64> {
        let counted = self.parts().filter(|it| it.stock_policy == StockPolicy::Deny);
        let units = |it: VariantComponent| {
            let there = available(levels.iter().filter(|level| level.variant_id == it.variant_id));
            there.saturating_sub(taken(it.variant_id)).div_euclid(it.quantity.max(1).into())
        };
        counted.map(units).min()
    }

    /// How many can be promised, location by location; those that never had it, or one of its components, are left out.
    #[must_use]
    pub fn available_at(&self, levels: &[StockLevel]) -> BTreeMap<LocationId, i64> {
        let limits = |it: &VariantComponent| !self.is_bundle() || it.stock_policy == StockPolicy::Deny;
        let mut places: Option<BTreeMap<LocationId, i64>> = None;
        for part in self.parts().filter(limits) {
            let there = levels.iter().filter(|it| it.variant_id == part.variant_id);
            let there: BTreeMap<LocationId, i64> =
                there.map(|it| (it.location_id, it.available() / i64::from(part.quantity.max(1)))).collect();
            places = Some(match places {
                None => there,
                Some(before) => before
                    .into_iter()
                    .filter_map(|(location, units)| Some((location, units.min(*there.get(&location)?))))
                    .collect(),
            });
        }
        places.unwrap_or_default()
    }
}

impl VariantDraft {
    /// Checks what of its components can be checked without those.
    pub(super) fn check_components(&self, index: usize) -> Result<(), ProductError> {
        let refused = |error| ProductError::Bundle { index, error };
        let components = self.components.as_deref().unwrap_or_default();
        if Variant::COMPONENTS_MAX < components.len() {
            return Err(refused(BundleError::TooManyComponents { max: Variant::COMPONENTS_MAX }));
        }
        for (component, it) in components.iter().enumerate() {
            if !(1..=Variant::COMPONENT_QUANTITY_MAX).contains(&it.quantity) {
                return Err(refused(BundleError::Quantity { component, max: Variant::COMPONENT_QUANTITY_MAX }));
            }
            if components.iter().take(component).any(|earlier| earlier.variant_id == it.variant_id) {
                return Err(refused(BundleError::ComponentTwice { component }));
            }
        }
        Ok(())
    }
}

/// What the components of drafted variants are checked against.
pub(super) struct ComponentFacts<'a> {
    /// The id of each drafted variant, in the draft's order.
    pub(super) variant_ids: &'a [VariantId],
    /// Variants as they will be: those that are named, and those that change.
    pub(super) variants: &'a [Variant],
    /// Which bundles have which components, as they will be.
    pub(super) uses: &'a [ComponentUse],
    /// The stock of those that become bundles.
    pub(super) levels: &'a [StockLevel],
}

/// Checks that bundles are made of what is there and is no bundle, and have no stock of their own.
///
/// # Errors
/// The first [`ProductError`].
pub(super) fn check_components(drafts: &[VariantDraft], facts: &ComponentFacts) -> Result<(), ProductError> {
    let drafted = drafts.iter().zip(facts.variant_ids).enumerate();
    for (index, (draft, id)) in drafted {
        let refused = |error| ProductError::Bundle { index, error };
        let components = draft.components.as_deref().unwrap_or_default();
        for (component, it) in components.iter().enumerate() {
            let Some(found) = facts.variants.iter().find(|variant| variant.id == it.variant_id) else {
                return Err(refused(BundleError::UnknownComponent { component, id: it.variant_id }));
            };
            if it.variant_id == *id {
                return Err(refused(BundleError::ComponentOfItself { component }));
            }
            if found.is_bundle() {
                return Err(refused(BundleError::ComponentIsBundle { component }));
            }
        }
        if components.is_empty() {
            continue;
        }
        if let Some(other) = facts.uses.iter().find(|it| it.component_id == *id) {
            return Err(refused(BundleError::IsComponent { bundle: other.bundle_id }));
        }
        let own = facts.levels.iter().filter(|it| it.variant_id == *id);
        let stocked = own.flat_map(|it| [it.on_hand, it.allocated]).find(|it| *it != 0);
        if let Some(quantity) = stocked {
            return Err(refused(BundleError::HasStock { quantity }));
        }
    }
    Ok(())
}
