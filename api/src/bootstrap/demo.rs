//! The demo: a shop to try, with the test payment provider and a member of staff.

use std::collections::BTreeMap;

use comptoir_domain::{
    access::{Actor, NewStaff, Password, Permission, StaffError},
    catalog::{ErrorPolicy, ProductFilter},
    channel::Channel,
    codes::ChannelCode,
    ids::ProductId,
};
use comptoir_infra::demo::DemoShop;

use super::{BoxError, Comptoir};
use crate::config::Config;

/// What the demo's staff signs in with.
const EMAIL: &str = "demo@comptoir.example";
/// Their password; known to everybody, as the demo is for one's own machine.
const PASSWORD: &str = "comptoir-demo";
/// What the demo's payment webhook is signed with where nothing else is configured.
const WEBHOOK_SECRET: &str = "comptoir-demo-webhook";

/// Switches the test payment provider on.
pub(crate) fn configure(config: &mut Config) {
    config.test_payment = true;
    config.test_webhook_secret.get_or_insert_with(|| WEBHOOK_SECRET.to_owned());
}

/// Loads the demo shop with its member of staff into an empty catalog; one that is not empty stays as it is.
///
/// # Errors
/// The storage failed.
pub(crate) async fn load(comptoir: &Comptoir) -> Result<(), BoxError> {
    let (app, actor) = (&comptoir.app, Actor::system());
    if app.catalog.count(&actor, &ChannelCode::web(), ProductFilter::default()).await? == 0 {
        // Products come last: a start that broke off before them is done again as a whole.
        let permissions = Permission::ALL.iter().copied().collect();
        let staff = NewStaff {
            email: EMAIL.parse()?,
            password: Password::parse(PASSWORD.to_owned())?,
            permissions,
            discount_limit: None,
        };
        match app.staff.create(&actor, staff).await {
            Ok(_) | Err(StaffError::EmailTaken) => {}
            Err(error) => return Err(error.into()),
        }
        let shop = DemoShop::load()?;
        let mut stores = Vec::new();
        for location in shop.locations {
            stores.push(app.channels.save_location(&actor, location).await?);
        }
        for market in shop.markets {
            app.channels.save_market(&actor, market).await?;
        }
        for (channel, store) in shop.channels {
            let location_id = stores.iter().find(|it| Some(&it.draft.code) == store.as_ref()).map(|it| it.id);
            app.channels.save_channel(&actor, Channel { location_id, ..channel }).await?;
        }
        for method in shop.delivery_methods {
            app.channels.save_delivery_method(&actor, method).await?;
        }
        let mut ids = BTreeMap::new();
        let saved = app.catalog.save_products(&actor, &shop.products, ErrorPolicy::RejectAll, &|_| ()).await?;
        for (draft, saved) in shop.products.iter().zip(saved) {
            ids.insert(&draft.slug, saved?.id);
        }
        for (collection, slugs) in shop.collections {
            let products: Vec<ProductId> = slugs.iter().filter_map(|it| ids.get(it).copied()).collect();
            let collection = app.catalog.save_collection(&actor, collection).await?;
            app.catalog.set_collection_products(&actor, collection.id, &products).await?;
        }
        if let Err(error) = app.indexer.rebuild(&actor, &|_| ()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "search comes later");
        }
    }
    if !comptoir.config.addr.ip().is_loopback() {
        tracing::warn!("the demo is for one's own machine: its password and its payments are known to everybody");
    }
    Ok(())
}

/// Says how to use the demo.
///
/// # Errors
/// The storage failed.
pub(crate) async fn print(comptoir: &Comptoir) -> Result<(), BoxError> {
    println!("  Test cards  provider `test`, token `approve`, `decline` or `pending`");
    let signed_in = match comptoir.app.staff.issue_token(&Actor::system(), &EMAIL.parse()?).await {
        Err(StaffError::WrongCredentials) => return Ok(()),
        issued => issued?,
    };
    println!("  Demo staff  {EMAIL}, password {PASSWORD}");
    println!("  Its token   {}", signed_in.tokens.access.expose());
    Ok(())
}
