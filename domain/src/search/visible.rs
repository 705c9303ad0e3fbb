//! What was found, as it is now: the index can be a moment behind, and then shows less, never more.

use super::{SearchError, SearchFilter, SearchRequest, SearchService};
use crate::{
    access::Actor,
    catalog::{Product, Variant},
    ids::{LocationId, ProductId, VariantId},
    inventory::StockLevel,
};

impl SearchService {
    /// Those products of `found` that `actor` may see and that are available where `request` asks for that, in their order.
    ///
    /// # Errors
    /// [`SearchError`]: the storage failed.
    pub async fn products(
        &self,
        actor: &Actor,
        request: &SearchRequest,
        found: &[ProductId],
    ) -> Result<Vec<Product>, SearchError> {
        let mut products = self.catalog.products_by_id(found).await?;
        let from = self.viewpoint(&request.channel);
        products.retain(|it| it.is_visible_to(actor, &from));
        let filter = self.filter_of(request).await?;
        if filter.in_stock_only || filter.available_at.is_some() {
            let variants = self.catalog.variants_of(found).await?;
            let ids: Vec<VariantId> = variants.iter().flat_map(Variant::parts).map(|it| it.variant_id).collect();
            let levels = self.inventory.levels_of(&ids, Some(from.now)).await?;
            products.retain(|product| {
                let mine: Vec<&Variant> = variants.iter().filter(|it| it.product_id == product.id).collect();
                is_available(&filter, &mine, &levels)
            });
        }
        products.sort_by_key(|product| found.iter().position(|it| *it == product.id));
        Ok(products)
    }
}

/// Whether a product of these variants is available as the filter asks.
fn is_available(filter: &SearchFilter, variants: &[&Variant], levels: &[StockLevel]) -> bool {
    let is_sold = || variants.iter().any(|it| it.available(levels).is_none_or(|it| 0 < it));
    let is_there = |variant: &Variant, places: &[LocationId]| {
        variant.available_at(levels).iter().any(|(place, units)| 0 < *units && places.contains(place))
    };
    (!filter.in_stock_only || is_sold())
        && filter.available_at.as_ref().is_none_or(|places| variants.iter().any(|it| is_there(it, places)))
}
