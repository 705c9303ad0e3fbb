//! Commands on the catalog.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::{
    super::{
        context::{ContextExt as _, may_manage_products},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
    },
    Product,
    import::{ProductsImportInput, ProductsImportPayload, import},
    input::ProductSaveInput,
};

/// The answer to `productSave`.
#[derive(SimpleObject)]
struct ProductSavePayload {
    /// The product as it is now; null where the command was refused.
    product: Option<Product>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on the catalog.
#[derive(Default)]
pub(in crate::graphql) struct CatalogMutation;

#[Object]
impl CatalogMutation {
    /// Creates a product, or changes the one of its slug, with its variants and prices. Needs `MANAGE_PRODUCTS`, and `MANAGE_PRICES` for prices.
    #[graphql(visible = "may_manage_products")]
    async fn product_save(&self, ctx: &Context<'_>, input: ProductSaveInput) -> Result<ProductSavePayload> {
        match save(ctx, input).await {
            Ok(product) => Ok(ProductSavePayload { product: Some(product), user_errors: vec![] }),
            Err(refusal) => Ok(ProductSavePayload { product: None, user_errors: refusal.into_user_errors()? }),
        }
    }

    /// Imports a product file in Shopify's CSV format: products are found by handle, variants by SKU or options. The same file again
    /// changes nothing. Needs `MANAGE_PRODUCTS`, `MANAGE_PRICES` and `MANAGE_STOCK`.
    #[graphql(visible = "may_manage_products")]
    async fn products_import(&self, ctx: &Context<'_>, input: ProductsImportInput) -> Result<ProductsImportPayload> {
        import(ctx, input).await
    }
}

async fn save(ctx: &Context<'_>, input: ProductSaveInput) -> Result<Product, Refusal> {
    let request = ctx.request()?;
    let at = || Path::argument("input");
    let saved = request.app.catalog.save_product(&request.actor, &input.parse()?).await;
    let saved = saved.map_err(|it| it.refuse(at()))?;
    let products = request
        .app
        .catalog
        .by_ids(&request.actor, &request.sales.channel.code, &[saved.id])
        .await
        .map_err(|it| it.refuse(at()))?;
    let product = products
        .into_iter()
        .next()
        .ok_or_else(|| UserError::input(ErrorCode::NotFound, "the product is gone", at()))?;
    Ok(Product::new(product, request.sales.clone()))
}
