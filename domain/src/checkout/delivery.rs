//! Delivery options: which delivery methods a cart may choose between. Pure, once the facts are loaded.

use crate::{
    cart::{Cart, CartLine, DeliveryChoice, Shelf},
    channel::{ChannelQueries, DeliveryKind, DeliveryMethod, Location, LocationKind},
    inventory::{Demand, Site, source},
    money::Money,
    storage::StorageError,
};

/// What delivery options are made of.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFacts {
    /// All methods.
    pub methods: Vec<DeliveryMethod>,
    /// All locations.
    pub locations: Vec<Location>,
}

/// A way a cart can reach its buyer.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryOption {
    /// What to choose it by.
    pub choice: DeliveryChoice,
    /// The method.
    pub method: DeliveryMethod,
    /// The store of a pickup.
    pub location: Option<Location>,
    /// What it costs, in the cart's currency.
    pub price: Money,
}

impl DeliveryFacts {
    /// Loads what pricing `carts` needs: nothing where none of them has chosen.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn load(channels: &dyn ChannelQueries, carts: &[Cart]) -> Result<Self, StorageError> {
        let chosen = carts.iter().any(|it| it.delivery.is_some());
        if chosen { Self::load_all(channels).await } else { Ok(Self::default()) }
    }

    /// Loads all facts.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn load_all(channels: &dyn ChannelQueries) -> Result<Self, StorageError> {
        Ok(Self { methods: channels.delivery_methods().await?, locations: channels.locations().await? })
    }

    /// The option that the cart chose, while it is available.
    #[must_use]
    pub fn chosen(&self, cart: &Cart, shelf: &Shelf) -> Option<DeliveryOption> {
        let choice = cart.delivery.as_ref()?;
        delivery_options(cart, shelf, self).into_iter().find(|it| it.choice == *choice)
    }

    /// What the chosen option costs.
    #[must_use]
    pub fn price(&self, cart: &Cart, shelf: &Shelf) -> Option<Money> {
        self.chosen(cart, shelf).map(|it| it.price)
    }
}

/// The options of `cart`: methods that ship to the country of its address, and for each pickup method the stores that
/// have all of the cart. A method without a price in the cart's currency is left out.
#[must_use]
pub fn delivery_options(cart: &Cart, shelf: &Shelf, facts: &DeliveryFacts) -> Vec<DeliveryOption> {
    let mut options = Vec::new();
    for method in &facts.methods {
        let Some(price) = method.price_in(cart.currency) else {
            continue;
        };
        let option = |location: Option<&Location>| DeliveryOption {
            choice: DeliveryChoice { method: method.code.clone(), location_id: location.map(|it| it.id) },
            method: method.clone(),
            location: location.cloned(),
            price,
        };
        match method.kind {
            DeliveryKind::Ship => {
                let country = cart.shipping_address.as_ref().map(|it| it.country);
                if country.is_some_and(|it| method.countries.contains(&it)) {
                    options.push(option(None));
                }
            }
            DeliveryKind::Pickup => {
                let stores = facts.locations.iter().filter(|it| it.draft.kind == LocationKind::Store);
                options.extend(stores.filter(|it| has_all(it, cart, shelf)).map(|it| option(Some(it))));
            }
        }
    }
    options
}

/// What the cart wants, for [`source`].
pub(super) fn demands(cart: &Cart, shelf: &Shelf) -> Vec<Demand> {
    let demand = |line: &CartLine| {
        let offer = shelf.offer(line.variant_id)?;
        Some(Demand { variant_id: line.variant_id, quantity: line.quantity.get(), policy: offer.variant.stock_policy })
    };
    cart.lines.iter().filter_map(demand).collect()
}

/// The locations that may serve a delivery.
pub(super) fn sites(option: &DeliveryOption, locations: &[Location]) -> Vec<Site> {
    match &option.location {
        Some(store) => vec![site(store)],
        None => locations.iter().map(site).collect(),
    }
}

fn site(location: &Location) -> Site {
    Site { location_id: location.id, kind: location.draft.kind }
}

fn has_all(store: &Location, cart: &Cart, shelf: &Shelf) -> bool {
    source(&demands(cart, shelf), &[site(store)], &shelf.levels).is_ok()
}
