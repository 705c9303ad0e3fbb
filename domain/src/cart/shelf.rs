//! The shelf: what can be bought now of the variants in question, at what price.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{LineError, Quantity};
use crate::{
    catalog::{CatalogQueries, CollectionQueries, Offer, Variant, Viewpoint},
    codes::TaxCategory,
    ids::{CollectionId, CustomerId, ProductId, VariantId},
    inventory::{InventoryQueries, StockHold, StockLevel, StockRepository, with_own},
    money::{Currency, Money},
    order::OrderQueries,
    pricing::{PriceQueries, PriceRow, Pricing, SelectedPrice},
    storage::StorageError,
};

/// The offers and stock of some variants, at one moment.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// What is for sale, and at what price.
    pub offers: Vec<Offer>,
    /// What the bundles among them are made of, whether that is for sale by itself or not.
    pub parts: Vec<Offer>,
    /// What is where.
    pub levels: Vec<StockLevel>,
    /// Which products are in which collections; read where promotions may ask for it.
    pub places: Vec<(ProductId, CollectionId)>,
    /// What it costs: the prices of a variant stand together.
    pub prices: Vec<PriceRow>,
    /// Which of the prices hold; none do where that is not known.
    pub pricing: Option<Arc<Pricing>>,
    /// How many of variants with a limit the customer has bought; read where there are such variants.
    pub bought: Vec<(VariantId, u32)>,
}

/// What a shelf is read from.
#[derive(Clone, Copy)]
pub struct ShelfQueries<'a> {
    /// What is for sale.
    pub catalog: &'a dyn CatalogQueries,
    /// At what price.
    pub prices: &'a dyn PriceQueries,
    /// How much there is.
    pub inventory: &'a dyn InventoryQueries,
    /// What locks that until the unit of work ends, where it is to be set aside.
    pub locked: Option<&'a dyn StockRepository>,
    /// What is in which collection, where promotions may ask for it.
    pub collections: Option<&'a dyn CollectionQueries>,
}

impl Shelf {
    /// Reads the shelf: three statements, however many variants, and a fourth with collections; with bundles two more for what
    /// they are made of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn load(
        queries: ShelfQueries<'_>,
        variants: &[VariantId],
        currency: Currency,
        from: &Viewpoint,
    ) -> Result<Self, StorageError> {
        if variants.is_empty() {
            return Ok(Self::default());
        }
        let ShelfQueries { catalog, prices, inventory, locked, collections } = queries;
        let offers = offers_of(catalog, variants).await?;
        let places = places_of(&offers, collections).await?;
        let variants = with_parts(variants, &offers);
        let prices = prices.prices_of(&variants, &[currency], from.now).await?;
        let levels = match locked {
            Some(stock) => stock.lock_levels(&variants, from.now).await?,
            None => inventory.levels_of(&variants, Some(from.now)).await?,
        };
        Ok(Self::seen(offers, levels, places, from).with_prices(prices))
    }

    /// The shelf as the cart sees it whose holds `own` are.
    #[must_use]
    pub fn with_own(self, own: &[StockHold]) -> Self {
        Self { levels: with_own(self.levels, own), ..self }
    }

    /// The shelf with these prices.
    #[must_use]
    pub fn with_prices(mut self, mut prices: Vec<PriceRow>) -> Self {
        prices.sort_by_key(|it| it.variant_id);
        self.prices = prices;
        self
    }

    /// The shelf for whom, where and when `pricing` says.
    #[must_use]
    pub fn priced(self, pricing: Arc<Pricing>) -> Self {
        Self { pricing: Some(pricing), ..self }
    }

    /// The shelf with what of `offers` is for sale there and then. What bundles are made of need not be: it is the bundle that is
    /// sold.
    #[must_use]
    pub fn seen(
        mut offers: Vec<Offer>,
        levels: Vec<StockLevel>,
        places: Vec<(ProductId, CollectionId)>,
        from: &Viewpoint,
    ) -> Self {
        let components: BTreeSet<VariantId> = components_of(&offers).collect();
        let parts = offers.iter().filter(|it| components.contains(&it.variant.id)).cloned().collect();
        offers.retain(|it| it.is_for_sale(from));
        Self { offers, parts, levels, places, ..Self::default() }
    }

    /// The products of variants that a customer may not buy any number of.
    #[must_use]
    pub fn limited_products(&self) -> Vec<ProductId> {
        let limited = self.offers.iter().filter(|it| it.variant.max_per_customer.is_some());
        limited.map(|it| it.variant.product_id).collect()
    }

    /// Reads what a customer has bought of what there is a limit of: one statement, or none where there is no limit.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn with_bought(
        mut self,
        orders: &dyn OrderQueries,
        customer: Option<CustomerId>,
    ) -> Result<Self, StorageError> {
        let (Some(customer), products) = (customer, self.limited_products()) else { return Ok(self) };
        if !products.is_empty() {
            let bought = orders.bought_by(&[customer], &products).await?;
            self.bought = bought.into_iter().map(|it| (it.variant_id, it.quantity)).collect();
        }
        Ok(self)
    }

    /// The collections that a product is in.
    #[must_use]
    pub fn collections_of(&self, product: ProductId) -> Vec<CollectionId> {
        self.places.iter().filter(|it| it.0 == product).map(|it| it.1).collect()
    }

    /// The shelf of each variant, so that the shelves of many carts can be read at once.
    #[must_use]
    pub fn by_variant(self) -> HashMap<VariantId, Self> {
        let mut shelves: HashMap<VariantId, Self> = HashMap::new();
        for offer in self.offers {
            let shelf = shelves.entry(offer.variant.id).or_default();
            shelf.places.extend(self.places.iter().filter(|it| it.0 == offer.variant.product_id));
            shelf.offers.push(offer);
        }
        for part in self.parts {
            shelves.entry(part.variant.id).or_default().parts.push(part);
        }
        for level in self.levels {
            shelves.entry(level.variant_id).or_default().levels.push(level);
        }
        for price in self.prices {
            shelves.entry(price.variant_id).or_default().prices.push(price);
        }
        shelves
    }

    /// The shelf of some variants, from those of each.
    #[must_use]
    pub fn of(variants: &[VariantId], shelves: &HashMap<VariantId, Self>) -> Self {
        let asked: BTreeSet<VariantId> = variants.iter().copied().collect();
        let mut shelf = Self::default();
        for found in asked.iter().filter_map(|it| shelves.get(it)) {
            shelf.offers.extend_from_slice(&found.offers);
            shelf.places.extend_from_slice(&found.places);
        }
        let components: BTreeSet<VariantId> = components_of(&shelf.offers).collect();
        for found in components.iter().filter_map(|it| shelves.get(it)) {
            shelf.parts.extend_from_slice(&found.parts);
        }
        for found in asked.union(&components).filter_map(|it| shelves.get(it)) {
            shelf.levels.extend_from_slice(&found.levels);
            shelf.prices.extend_from_slice(&found.prices);
        }
        shelf
    }

    /// What is offered of a variant, if it is for sale.
    #[must_use]
    pub fn offer(&self, variant: VariantId) -> Option<&Offer> {
        self.offers.iter().find(|it| it.variant.id == variant)
    }

    /// What a bundle on the shelf is made of.
    #[must_use]
    pub fn part(&self, variant: VariantId) -> Option<&Offer> {
        self.parts.iter().find(|it| it.variant.id == variant)
    }

    /// How a variant is taxed, by itself or as a component.
    #[must_use]
    pub fn tax_category(&self, variant: VariantId) -> TaxCategory {
        let offer = self.offer(variant).or_else(|| self.part(variant));
        offer.and_then(|it| it.tax_category.clone()).unwrap_or_else(TaxCategory::standard)
    }

    /// The prices of a variant, whoever they are for.
    #[must_use]
    pub fn prices_of(&self, variant: VariantId) -> &[PriceRow] {
        let from = self.prices.partition_point(|it| it.variant_id < variant);
        let until = self.prices.partition_point(|it| it.variant_id <= variant);
        self.prices.get(from..until).unwrap_or_default()
    }

    /// What one of a variant costs, where so many of it are bought.
    #[must_use]
    pub fn price(&self, variant: VariantId, quantity: u32) -> Option<SelectedPrice> {
        self.pricing.as_ref()?.select(self.prices_of(variant), quantity)
    }

    /// What one of a variant costs, if it is for sale and has a price where so many are bought.
    #[must_use]
    pub fn unit_price(&self, variant: VariantId, quantity: Quantity) -> Option<Money> {
        self.offer(variant)?;
        self.price(variant, quantity.get()).map(|it| it.amount)
    }

    /// How many of `variant` can be bought with stock at `levels`, `beside` so many of other variants; `None`: as many as anybody
    /// wants. Below zero where those are more than there is.
    #[must_use]
    pub fn available_beside(
        &self,
        variant: &Variant,
        levels: &[StockLevel],
        beside: &[(VariantId, u32)],
    ) -> Option<i64> {
        let bought = |id| beside.iter().filter(|it| it.0 == id).map(|it| i64::from(it.1)).sum::<i64>();
        let in_bundles = |part| -> i64 {
            let bundles = self.offers.iter().filter(|it| !self.parts.is_empty() && it.variant.is_bundle());
            let used = |bundle: &Offer| {
                let each = bundle.variant.components.iter().find(|it| it.variant_id == part)?.quantity;
                Some(i64::from(each).saturating_mul(bought(bundle.variant.id)))
            };
            bundles.filter_map(used).fold(0, i64::saturating_add)
        };
        variant.available_beside(levels, |part| bought(part).saturating_add(in_bundles(part)))
    }

    /// Whether so many of a variant can be bought, `beside` so many of these: others of it, and what takes of the same stock.
    ///
    /// # Errors
    /// [`LineError`] says why not; what is available is what the others leave.
    pub fn check(
        &self,
        variant: VariantId,
        currency: Currency,
        quantity: Quantity,
        beside: &[(VariantId, u32)],
    ) -> Result<(), LineError> {
        let offer = self.offer(variant).ok_or(LineError::NotForSale)?;
        let requested = quantity.get();
        let same: u32 = beside.iter().filter(|it| it.0 == variant).map(|it| it.1).sum();
        if self.price(variant, requested.saturating_add(same)).is_none() {
            return Err(LineError::NoPrice { currency });
        }
        if let Some(maximum) = offer.variant.max_per_customer {
            let bought = self.bought.iter().filter(|it| it.0 == variant).map(|it| it.1).sum();
            if maximum < requested.saturating_add(same).saturating_add(bought) {
                return Err(LineError::CustomerLimit { maximum, bought, requested: requested + same });
            }
        }
        match self.available_beside(&offer.variant, &self.levels, beside) {
            Some(available) if available < i64::from(requested) => {
                let available = u32::try_from(available).unwrap_or_default();
                Err(LineError::InsufficientStock { available, requested })
            }
            _ => Ok(()),
        }
    }
}

/// What is offered of these variants, and of what the bundles among them are made of.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn offers_of(
    catalog: &dyn CatalogQueries,
    variants: &[VariantId],
) -> Result<Vec<Offer>, StorageError> {
    let mut offers = catalog.offers(variants).await?;
    let is_new = |it: &VariantId| !offers.iter().any(|offer| offer.variant.id == *it);
    let parts: BTreeSet<VariantId> = components_of(&offers).filter(is_new).collect();
    if !parts.is_empty() {
        offers.extend(catalog.offers(&parts.into_iter().collect::<Vec<_>>()).await?);
    }
    Ok(offers)
}

/// These variants, and what those that are bundles are made of: whose stock and prices they depend on.
pub(crate) fn with_parts(variants: &[VariantId], offers: &[Offer]) -> Vec<VariantId> {
    let asked: BTreeSet<VariantId> = variants.iter().copied().collect();
    let bundles = offers.iter().filter(|it| asked.contains(&it.variant.id));
    let parts = bundles.flat_map(|it| &it.variant.components).map(|it| it.variant_id);
    variants.iter().copied().chain(parts).collect()
}

fn components_of(offers: &[Offer]) -> impl Iterator<Item = VariantId> {
    offers.iter().flat_map(|it| &it.variant.components).map(|it| it.variant_id)
}

/// The collections of what is offered, where they are asked for.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn places_of(
    offers: &[Offer],
    collections: Option<&dyn CollectionQueries>,
) -> Result<Vec<(ProductId, CollectionId)>, StorageError> {
    let Some(collections) = collections else { return Ok(Vec::new()) };
    let products: BTreeSet<ProductId> = offers.iter().map(|it| it.variant.product_id).collect();
    let places = collections.places_of(&products.into_iter().collect::<Vec<_>>()).await?;
    Ok(places.into_iter().map(|(product, collection, _)| (product, collection)).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        catalog::{ProductStatus, Publication, StockPolicy, VariantComponent},
        ids::{Id, LocationId},
        pricing::{PriceContext, PriceDraft, PriceLists},
    };

    /// Variants 1, 2, …, each for 10.00 EUR, with so many on hand.
    pub(crate) fn shelf_with(stock: &[(u128, i64)]) -> Shelf {
        let id = |n| VariantId::from_uuid(Uuid::from_u128(n));
        let offer = |&(n, _): &(u128, i64)| Offer {
            variant: Variant::blank(id(n), ProductId::from_uuid(Uuid::from_u128(n)), 0),
            product_status: ProductStatus::Active,
            publication: Publication::default(),
            brand: None,
            attributes: Vec::new(),
            tax_category: None,
        };
        let level = |&(n, on_hand): &(u128, i64)| StockLevel {
            variant_id: id(n),
            location_id: LocationId::from_uuid(Uuid::nil()),
            on_hand,
            allocated: 0,
            reserved: 0,
            safety_stock: 0,
        };
        let price = |&(n, _): &(u128, i64)| {
            PriceDraft::base(id(n), Money::new(1000, Currency::EUR), None).into_row(Id::from_uuid(Uuid::from_u128(n)))
        };
        let context = PriceContext {
            currency: Currency::EUR,
            market: None,
            channel: None,
            customer_group_ids: Vec::new(),
            loyalty_tier_id: None,
            at: chrono::DateTime::UNIX_EPOCH,
        };
        let shelf = Shelf {
            offers: stock.iter().map(offer).collect(),
            levels: stock.iter().map(level).collect(),
            ..Shelf::default()
        };
        let shelf = shelf.with_prices(stock.iter().map(price).collect());
        shelf.priced(Arc::new(Pricing { lists: PriceLists::default().into(), context }))
    }

    #[test]
    fn a_draft_and_a_variant_without_a_price_cannot_be_bought() {
        let Shelf { mut offers, levels, places, prices, pricing, .. } = shelf_with(&[(1, 5), (2, 5), (4, 5)]);
        offers[0].product_status = ProductStatus::Draft;
        offers[2].publication.channels.insert("kiosk".parse().unwrap());
        let from = Viewpoint { channel: "web".parse().unwrap(), now: chrono::DateTime::UNIX_EPOCH };
        let prices = prices.into_iter().filter(|it| it.variant_id.uuid() != Uuid::from_u128(2)).collect();
        let shelf = Shelf::seen(offers, levels, places, &from).with_prices(prices).priced(pricing.unwrap());
        let check =
            |n| shelf.check(VariantId::from_uuid(Uuid::from_u128(n)), Currency::EUR, Quantity::parse(1).unwrap(), &[]);
        assert_eq!(check(1), Err(LineError::NotForSale));
        assert_eq!(check(2), Err(LineError::NoPrice { currency: Currency::EUR }));
        assert_eq!(check(3), Err(LineError::NotForSale));
        assert_eq!(check(4), Err(LineError::NotForSale), "it is published in another channel");
    }

    #[test]
    fn a_shelf_of_some_variants_has_theirs_alone() {
        let id = |n| VariantId::from_uuid(Uuid::from_u128(n));
        let shelves = shelf_with(&[(1, 5), (2, 6), (3, 7)]).by_variant();
        let shelf = Shelf::of(&[id(3), id(1), id(3), id(9)], &shelves);
        let offered: Vec<_> = shelf.offers.iter().map(|it| it.variant.id).collect();
        let stocked: Vec<_> = shelf.levels.iter().map(|it| (it.variant_id, it.on_hand)).collect();
        assert_eq!((offered, stocked), (vec![id(1), id(3)], vec![(id(1), 5), (id(3), 7)]));
    }

    #[test]
    fn a_customer_may_buy_so_many_over_all_their_orders() {
        let id = VariantId::from_uuid(Uuid::from_u128(1));
        let mut shelf = shelf_with(&[(1, 50)]);
        shelf.offers[0].variant.max_per_customer = Some(5);
        let check = |shelf: &Shelf, quantity, beside| {
            shelf.check(id, Currency::EUR, Quantity::parse(quantity).unwrap(), &[(id, beside)])
        };
        assert_eq!((check(&shelf, 5, 0), check(&shelf, 3, 2)), (Ok(()), Ok(())));
        let over = |bought, requested| Err(LineError::CustomerLimit { maximum: 5, bought, requested });
        assert_eq!((check(&shelf, 6, 0), check(&shelf, 3, 3)), (over(0, 6), over(0, 6)));
        shelf.bought = vec![(id, 4)];
        assert_eq!((check(&shelf, 1, 0), check(&shelf, 2, 0)), (Ok(()), over(4, 2)));
    }

    #[test]
    fn lines_that_take_of_the_same_stock_leave_less_for_each_other() {
        let id = |n| VariantId::from_uuid(Uuid::from_u128(n));
        let mut shelf = shelf_with(&[(1, 0), (2, 7), (3, 9), (4, 0)]);
        for (bundle, quantity) in [(0, 2), (3, 3)] {
            let stock_policy = StockPolicy::Deny;
            let component = VariantComponent { variant_id: id(2), quantity, stock_policy };
            shelf.offers[bundle].variant.components = vec![component];
        }
        shelf.parts = vec![shelf.offers[1].clone()];
        let check = |n, quantity, beside: &[(VariantId, u32)]| {
            shelf.check(id(n), Currency::EUR, Quantity::parse(quantity).unwrap(), beside)
        };
        let short = |available, requested| Err(LineError::InsufficientStock { available, requested });
        assert_eq!((check(1, 3, &[]), check(1, 4, &[])), (Ok(()), short(3, 4)));
        assert_eq!((check(2, 3, &[(id(1), 2)]), check(2, 4, &[(id(1), 2)])), (Ok(()), short(3, 4)));
        assert_eq!(check(1, 1, &[(id(2), 3), (id(4), 1), (id(3), 9)]), short(0, 1), "six are taken");
        assert_eq!(check(1, 2, &[(id(1), 1), (id(4), 1)]), short(1, 2), "five are taken");
        let of = Shelf::of(&[id(1)], &shelf.by_variant());
        assert_eq!(of.parts.len(), 1, "what it is made of comes with it");
        assert_eq!(of.offer(id(2)), None);
        assert_eq!((of.levels.len(), of.prices_of(id(2)).len()), (2, 1));
    }

    #[test]
    fn what_nobody_counts_never_runs_out() {
        let mut shelf = shelf_with(&[(1, 0)]);
        let check = |shelf: &Shelf| {
            shelf.check(VariantId::from_uuid(Uuid::from_u128(1)), Currency::EUR, Quantity::parse(9).unwrap(), &[])
        };
        assert_eq!(check(&shelf), Err(LineError::InsufficientStock { available: 0, requested: 9 }));
        for policy in [StockPolicy::Continue, StockPolicy::Untracked] {
            shelf.offers[0].variant.stock_policy = policy;
            assert_eq!(check(&shelf), Ok(()));
        }
    }
}
