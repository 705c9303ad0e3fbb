//! Products, variants, and what hangs on them.

use std::{cmp::Reverse, sync::Arc};

use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection, connection::OpaqueCursor,
};
use comptoir_domain::{catalog, channel::SalesContext, codes::TaxCategory, ids::LocationId, inventory, money};
use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::OnceCell;

use super::super::{
    channel::Location,
    context::{ContextExt as _, RequestContext},
    eager::Eager,
    id::to_id,
    loader::{CollectionsOf, ProductIn, VariantsOf, load},
    money::Money,
    page::{PageArguments, page_size, slice},
    pricing::VariantPrice,
    scalar::DateTime,
};
use super::{collection::Collection, component::VariantComponent, siblings::Siblings};

/// Whether shoppers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::ProductStatus")]
pub(in crate::graphql) enum ProductStatus {
    /// Not yet.
    Draft,
    /// Yes.
    Active,
    /// No longer.
    Archived,
}

/// Where and when shoppers see a product that is active.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ProductPublication {
    /// From this moment on; null: it always was.
    published_from: Option<DateTime>,
    /// Until before this moment; null: it has no end.
    published_until: Option<DateTime>,
    /// In the channels of these codes; empty: in all. At most 50.
    channels: Vec<String>,
}

/// What happens when the stock runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::StockPolicy")]
pub(in crate::graphql) enum StockPolicy {
    /// It is sold out.
    Deny,
    /// It is sold all the same, and delivered when it is there again.
    Continue,
    /// Nobody counts it: a service, a download.
    Untracked,
}

/// Something a product is.
#[derive(SimpleObject, InputObject)]
#[graphql(input_name = "AttributeInput")]
pub(in crate::graphql) struct Attribute {
    /// What is told, such as `material`.
    key: String,
    /// What it is, such as `Oak`.
    value: String,
}

impl From<catalog::Attribute> for Attribute {
    fn from(catalog::Attribute { key, value }: catalog::Attribute) -> Self {
        Self { key, value }
    }
}

impl From<Attribute> for catalog::Attribute {
    fn from(Attribute { key, value }: Attribute) -> Self {
        Self { key, value }
    }
}

/// Something to choose.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ProductOption {
    /// What is chosen, such as `Size`.
    name: String,
    /// Between what, in the order to show.
    values: Vec<String>,
}

/// A chosen value of one option.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SelectedOption {
    /// What is chosen, such as `Size`.
    name: String,
    /// The choice, such as `Large`.
    value: String,
}

impl From<&catalog::SelectedOption> for SelectedOption {
    fn from(option: &catalog::SelectedOption) -> Self {
        Self { name: option.name.clone(), value: option.value.clone() }
    }
}

/// A picture.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Media {
    /// Where it is, as an absolute address.
    url: String,
    /// What it shows, for those who do not see it.
    alt: Option<String>,
}

impl Media {
    fn new(media: &catalog::Media, request: &RequestContext, sales: &SalesContext) -> Self {
        let is_own = media.url.starts_with('/');
        let url = if is_own { format!("{}{}", request.shop.public_url, media.url) } else { media.url.clone() };
        Self { url, alt: media.alt.best(&sales.languages).cloned() }
    }
}

/// The lowest and the highest price of several things.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PriceRange {
    /// The lowest.
    pub(in crate::graphql) minimum: Money,
    /// The highest.
    pub(in crate::graphql) maximum: Money,
}

/// A product. Its texts and prices are in the language and currency of the request's context.
pub(in crate::graphql) struct Product {
    pub(in crate::graphql) product: Arc<catalog::Product>,
    pub(in crate::graphql) sales: Arc<SalesContext>,
    /// Its variants, once a field asked for them.
    variants: OnceCell<Arc<Siblings>>,
}

impl Product {
    pub(in crate::graphql) fn new(product: impl Into<Arc<catalog::Product>>, sales: Arc<SalesContext>) -> Self {
        Self { product: product.into(), sales, variants: OnceCell::new() }
    }

    fn text(&self) -> Option<&catalog::ProductText> {
        self.product.texts.best(&self.sales.languages)
    }

    /// Its variants, by position.
    pub(in crate::graphql) fn siblings<'a>(&'a self, ctx: &'a Context<'_>) -> BoxFuture<'a, Result<&'a Arc<Siblings>>> {
        let read = async || {
            let variants = load(ctx, VariantsOf(self.product.id)).await?;
            Ok(Siblings::new(variants.unwrap_or_default(), self.sales.clone()))
        };
        async move { self.variants.get_or_try_init(read).await }.boxed()
    }
}

/// A product. Its texts and prices are in the language and currency of the request's context.
#[Object]
impl Product {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        to_id(self.product.id)
    }

    /// Its name in addresses.
    async fn slug(&self) -> &str {
        self.product.slug.as_str()
    }

    /// Whether shoppers see it.
    async fn status(&self) -> ProductStatus {
        self.product.status.into()
    }

    /// Where and when shoppers see it, while it is active.
    async fn publication(&self) -> ProductPublication {
        let catalog::Publication { window, channels } = &self.product.publication;
        ProductPublication {
            published_from: window.from.map(DateTime),
            published_until: window.until.map(DateTime),
            channels: channels.iter().map(ToString::to_string).collect(),
        }
    }

    /// What it is called.
    async fn name(&self) -> &str {
        self.text().map_or(self.product.slug.as_str(), |it| it.name.as_str())
    }

    /// What it is, as the merchant's HTML.
    async fn description_html(&self) -> &str {
        self.text().map_or("", |it| it.description_html.as_str())
    }

    /// Who makes it.
    async fn brand(&self) -> Option<&str> {
        self.product.brand.as_deref()
    }

    /// What kind of thing it is.
    async fn product_type(&self) -> Option<&str> {
        self.product.product_type.as_deref()
    }

    /// How it is taxed: `reduced` or whatever rates are set for; null: at the standard rate.
    async fn tax_category(&self) -> Option<&str> {
        self.product.tax_category.as_ref().map(TaxCategory::as_str)
    }

    /// Free words.
    async fn tags(&self) -> &[String] {
        &self.product.tags
    }

    /// What it is, point by point; at most 100.
    async fn attributes(&self) -> Vec<Attribute> {
        self.product.attributes.iter().cloned().map(Into::into).collect()
    }

    /// What there is to choose; at most 3.
    async fn options(&self) -> Vec<ProductOption> {
        self.product
            .options
            .iter()
            .map(|it| ProductOption { name: it.name.clone(), values: it.values.clone() })
            .collect()
    }

    /// The picture to show where there is room for one.
    async fn image(&self, ctx: &Context<'_>) -> Result<Option<Eager<Media>>> {
        let request = ctx.request()?;
        Ok(self.product.media.first().map(|it| Eager(Media::new(it, request, &self.sales))))
    }

    /// Its pictures; at most 250.
    async fn media(&self, ctx: &Context<'_>) -> Result<Vec<Eager<Media>>> {
        let request = ctx.request()?;
        Ok(self.product.media.iter().map(|it| Eager(Media::new(it, request, &self.sales))).collect())
    }

    /// What is bought, in the merchant's order.
    async fn variants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, Eager<Variant>>> {
        let arguments = PageArguments { first, after, last, before };
        let siblings = self.siblings(ctx).await?;
        siblings.look_ahead(ctx).await;
        let node = |it: &Arc<catalog::Variant>| {
            Eager(Variant { variant: it.clone(), sales: self.sales.clone(), siblings: siblings.clone() })
        };
        slice(siblings.variants().iter().map(node).collect(), arguments)
    }

    /// The lowest and the highest price of its variants; null where none has a price in the context's currency.
    async fn price_range(&self, ctx: &Context<'_>) -> Result<Option<Eager<PriceRange>>> {
        let siblings = self.siblings(ctx).await?;
        siblings.load_prices(ctx).await?;
        let price = |it: &Arc<catalog::Variant>| siblings.prices_of(it)?.select(1);
        let amounts: Vec<money::Money> = siblings.variants().iter().filter_map(price).map(|it| it.amount).collect();
        let amounts = || amounts.iter().copied();
        let range = amounts().min_by_key(|it| it.minor()).zip(amounts().max_by_key(|it| it.minor()));
        Ok(range.map(|(minimum, maximum)| Eager(PriceRange { minimum: minimum.into(), maximum: maximum.into() })))
    }

    /// The collections it is in, the oldest first.
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100, 20 by default.")] first: Option<i64>,
    ) -> Result<Vec<Collection>> {
        let mut collections = load(ctx, CollectionsOf(self.product.id)).await?.unwrap_or_default();
        collections.truncate(page_size(first, "first")?.get() as usize);
        let node = |collection| Collection { collection, sales: self.sales.clone() };
        Ok(collections.into_iter().map(node).collect())
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.product.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.product.updated_at)
    }
}

/// How many there are at one place.
#[derive(SimpleObject)]
pub(in crate::graphql) struct LocationAvailability {
    /// Where.
    location: Location,
    /// How many can be promised.
    quantity: i64,
}

/// Whether a variant can be bought now. Of a bundle there are as many as its scarcest component allows.
pub(in crate::graphql) struct Availability {
    variant: Arc<catalog::Variant>,
    siblings: Arc<Siblings>,
}

impl Availability {
    fn levels(&self) -> Vec<inventory::StockLevel> {
        self.siblings.levels_of(&self.variant)
    }
}

/// Whether a variant can be bought now. Of a bundle there are as many as its scarcest component allows.
#[Object]
impl Availability {
    /// Whether at least one can.
    async fn is_available(&self) -> bool {
        self.variant.available(&self.levels()).is_none_or(|it| 0 < it)
    }

    /// How many, over all locations; null where as many can be bought as anybody wants.
    async fn quantity(&self) -> Option<i64> {
        self.variant.available(&self.levels())
    }

    /// How many, location by location, the most first; those that never had any are left out. Of a bundle, those of one location.
    async fn locations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many locations: 1 to 100, 20 by default.")] first: Option<i64>,
    ) -> Result<Vec<LocationAvailability>> {
        let mut places: Vec<(LocationId, i64)> = self.variant.available_at(&self.levels()).into_iter().collect();
        places.sort_by_key(|it| (Reverse(it.1), it.0));
        places.truncate(page_size(first, "first")?.get() as usize);
        let loads = places.iter().map(|it| load(ctx, it.0));
        let locations = futures_util::future::try_join_all(loads).await?;
        let at = |(place, location): (&(LocationId, i64), Option<_>)| {
            Some(LocationAvailability { location: Location(location?), quantity: place.1 })
        };
        Ok(places.iter().zip(locations).filter_map(at).collect())
    }
}

/// What is bought: one combination of a product's options.
pub(in crate::graphql) struct Variant {
    pub(in crate::graphql) variant: Arc<catalog::Variant>,
    pub(in crate::graphql) sales: Arc<SalesContext>,
    siblings: Arc<Siblings>,
}

impl Variant {
    /// One that is shown alone.
    pub(in crate::graphql) fn new(variant: impl Into<Arc<catalog::Variant>>, sales: Arc<SalesContext>) -> Self {
        let variant = variant.into();
        Self { siblings: Siblings::new(vec![variant.clone()], sales.clone()), variant, sales }
    }
}

/// What is bought: one combination of a product's options.
#[Object]
impl Variant {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        to_id(self.variant.id)
    }

    /// The merchant's own number.
    async fn sku(&self) -> Option<&str> {
        self.variant.sku.as_ref().map(catalog::Sku::as_str)
    }

    /// The code on the pack.
    async fn barcode(&self) -> Option<&str> {
        self.variant.barcode.as_deref()
    }

    /// Its options' values, such as `Large / Blue`; null for a product without options.
    async fn title(&self) -> Option<String> {
        self.variant.title()
    }

    /// One value of each of the product's options.
    async fn selected_options(&self) -> Vec<Eager<SelectedOption>> {
        self.variant.options.iter().map(SelectedOption::from).map(Eager).collect()
    }

    /// What it weighs, in grams.
    async fn weight_grams(&self) -> u32 {
        self.variant.weight_grams
    }

    /// Whether it travels at all.
    async fn requires_shipping(&self) -> bool {
        self.variant.requires_shipping
    }

    /// How many one customer may buy, over all their orders; null: any number. Of a guest it is asked in each cart.
    async fn maximum_per_customer(&self) -> Option<u32> {
        self.variant.max_per_customer
    }

    /// Whether it is a bundle: it is made of other variants, and has no stock of its own.
    async fn requires_components(&self) -> bool {
        self.variant.is_bundle()
    }

    /// What it is made of, at most 30, in the merchant's order; empty where it is no bundle.
    async fn components(&self) -> Vec<VariantComponent> {
        let component = |it: &catalog::VariantComponent| VariantComponent { component: *it, sales: self.sales.clone() };
        self.variant.components.iter().map(component).collect()
    }

    /// The product; null where the caller may not see it.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<Eager<Product>>> {
        let found = load(ctx, ProductIn::new(self.variant.product_id, &self.sales)).await.transpose()?;
        Some(found.map(|product| Eager(Product::new(product, self.sales.clone()))))
    }

    /// Its own picture, or the product's.
    async fn image(&self, ctx: &Context<'_>) -> Option<Result<Eager<Media>>> {
        let product = match load(ctx, ProductIn::new(self.variant.product_id, &self.sales)).await.transpose()? {
            Ok(product) => product,
            Err(error) => return Some(Err(error)),
        };
        let own = self.variant.media_index.and_then(|it| product.media.get(it as usize));
        let media = own.or_else(|| product.media.first())?;
        Some(ctx.request().map(|request| Eager(Media::new(media, request, &self.sales))))
    }

    /// What one costs in the context's currency; null where it is not sold in it.
    async fn price(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where so many are bought.", default = 1)] quantity: u32,
    ) -> Option<Result<Eager<VariantPrice>>> {
        if let Err(error) = self.siblings.load_prices(ctx).await {
            return Some(Err(error));
        }
        let prices = self.siblings.prices_of(&self.variant)?;
        VariantPrice::of(&self.variant, &self.sales, prices, quantity).map(Eager).map(Ok)
    }

    /// Whether it can be bought now.
    async fn availability(&self, ctx: &Context<'_>) -> Result<Eager<Availability>> {
        self.siblings.load_levels(ctx).await?;
        Ok(Eager(Availability { variant: self.variant.clone(), siblings: self.siblings.clone() }))
    }
}
