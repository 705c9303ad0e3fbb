//! Delivery options: which delivery methods a cart may choose between. Pure, once the facts are loaded.

use std::sync::Arc;

use crate::{
    cart::{Cart, CartLine, DeliveryChoice, Shelf},
    channel::{DeliveryKind, DeliveryMethod, Location, LocationKind},
    inventory::{Demand, Site, source},
    money::Money,
    settings::Settings,
};

/// A way a cart can reach its buyer.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryOption {
    /// What to choose it by.
    pub choice: DeliveryChoice,
    /// The method.
    pub method: DeliveryMethod,
    /// The store of a pickup.
    pub location: Option<Arc<Location>>,
    /// What it costs, in the cart's currency.
    pub price: Money,
}

/// The option that the cart chose, while it is available.
#[must_use]
pub fn chosen_delivery(cart: &Cart, shelf: &Shelf, settings: &Settings) -> Option<DeliveryOption> {
    let choice = cart.delivery.as_ref()?;
    delivery_options(cart, shelf, settings).into_iter().find(|it| it.choice == *choice)
}

/// The options of `cart`: methods that ship to the country of its address, and for each pickup method the stores that
/// have all of the cart. A method without a price in the cart's currency is left out.
#[must_use]
pub fn delivery_options(cart: &Cart, shelf: &Shelf, settings: &Settings) -> Vec<DeliveryOption> {
    let mut options = Vec::new();
    for method in &settings.delivery_methods {
        let Some(price) = method.price_in(cart.currency) else {
            continue;
        };
        let option = |location: Option<&Arc<Location>>| DeliveryOption {
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
                let stores = settings.locations.iter().filter(|it| it.draft.kind == LocationKind::Store);
                options.extend(stores.filter(|it| has_all(it, cart, shelf)).map(|it| option(Some(it))));
            }
        }
    }
    options
}

/// What the cart wants of the stock, of bundles their components, for [`source`].
pub(crate) fn demands(cart: &Cart, shelf: &Shelf) -> Vec<Demand> {
    let offered = |line: &CartLine| Some((&shelf.offer(line.variant_id)?.variant, line.quantity.get()));
    cart.lines.iter().filter_map(offered).flat_map(|(variant, quantity)| variant.demands(quantity)).collect()
}

/// The locations that may serve a delivery.
pub(crate) fn sites(option: &DeliveryOption, locations: &[Arc<Location>]) -> Vec<Site> {
    match &option.location {
        Some(store) => vec![site(store)],
        None => sites_of(locations),
    }
}

/// All locations, which may serve what goes nobody knows where.
pub(crate) fn sites_of(locations: &[Arc<Location>]) -> Vec<Site> {
    locations.iter().map(|it| site(it)).collect()
}

fn site(location: &Location) -> Site {
    Site { location_id: location.id, kind: location.draft.kind }
}

fn has_all(store: &Location, cart: &Cart, shelf: &Shelf) -> bool {
    source(&demands(cart, shelf), &[site(store)], &shelf.levels).is_ok()
}
