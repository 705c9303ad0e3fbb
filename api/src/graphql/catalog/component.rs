//! What bundles are made of.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};
use comptoir_domain::{catalog, channel::SalesContext, ids::VariantId};

use super::{
    super::{
        eager::Eager,
        loader::{ProductIn, load},
    },
    object::Variant,
};

/// What a bundle is made of.
pub(in crate::graphql) struct VariantComponent {
    pub(super) component: catalog::VariantComponent,
    pub(super) sales: Arc<SalesContext>,
}

/// What a bundle is made of.
#[Object]
impl VariantComponent {
    /// What; null where the caller may not see its product. A bundle can be bought all the same.
    async fn variant(&self, ctx: &Context<'_>) -> Option<Result<Eager<Variant>>> {
        visible_part(ctx, self.component.variant_id, self.sales.clone()).await.transpose()
    }

    /// How many in one bundle.
    async fn quantity(&self) -> u32 {
        self.component.quantity
    }
}

/// A component's variant, where the caller may see its product.
///
/// # Errors
/// The storage failed.
pub(in crate::graphql) async fn visible_part(
    ctx: &Context<'_>,
    id: VariantId,
    sales: Arc<SalesContext>,
) -> Result<Option<Eager<Variant>>> {
    let Some(variant) = load(ctx, id).await? else { return Ok(None) };
    let product = load(ctx, ProductIn::new(variant.product_id, &sales)).await?;
    Ok(product.map(|_| Eager(Variant::new(variant, sales))))
}
