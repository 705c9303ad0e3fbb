//! How many statements it takes: as many for a hundred products as for one.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    access::Actor,
    cart::{CartEdit, NewLine},
    catalog::{CatalogQueries as _, Product, ProductFilter, Variant},
    channel::{Channel, LocationKind},
    ids::{ProductId, VariantId},
    inventory::{Count, HoldPolicy, InventoryQueries as _, MovementCause},
    money::Currency,
    page::{PageRequest, PageSize},
    pricing::PriceQueries as _,
    storage::Storage as _,
};

use crate::support::{Shop, TestDatabase, id, location, on_each_database, price, product, start, text, variant};

on_each_database!(
    a_list_of_products_takes_four_statements_whatever_its_length,
    adding_to_a_cart_takes_few_statements,
    saving_variants_takes_few_statements,
);

/// Products with four variants each, which have two prices and two levels each.
async fn stock_up(db: &TestDatabase, count: u128) {
    let uow = db.storage.begin().await.unwrap();
    for n in 1..=2 {
        uow.channels().save_location(&location(n, LocationKind::Store, true)).await.unwrap();
    }
    for n in 1..=count {
        let variants: Vec<Variant> = (0..4)
            .map(|position| Variant { product_id: id(n), position, ..variant(n * 4 + u128::from(position), false) })
            .collect();
        uow.products().save(&product(n, true), &variants).await.unwrap();
        let prices = |it: &Variant| [price(it.id, 990, Currency::EUR), price(it.id, 1090, Currency::USD)];
        uow.prices().save_prices(&variants.iter().flat_map(prices).collect::<Vec<_>>(), start()).await.unwrap();
        let counts = |it: &Variant| [1, 2].map(|n| Count { variant_id: it.id, location_id: id(n), on_hand: 5 });
        let counts: Vec<Count> = variants.iter().flat_map(counts).collect();
        uow.stock().count(&counts, MovementCause::Import, start()).await.unwrap();
    }
    uow.commit().await.unwrap();
}

async fn a_list_of_products_takes_four_statements_whatever_its_length(db: TestDatabase) {
    stock_up(&db, 101).await;
    let queries = db.storage.queries();
    for size in [1, 24, 100] {
        let before = db.storage.statement_count();
        let page = PageRequest::first(PageSize::parse(size).unwrap());
        let products = queries.products(&ProductFilter::default(), &page).await.unwrap();
        let ids: Vec<ProductId> = products.items.iter().map(|it| it.id).collect();
        let variants = queries.variants_of(&ids).await.unwrap();
        let ids: Vec<VariantId> = variants.iter().map(|it| it.id).collect();
        let prices = queries.prices_of(&ids, &[Currency::EUR], start()).await.unwrap();
        let levels = queries.levels_of(&ids, None).await.unwrap();
        assert_eq!(db.storage.statement_count() - before, 4, "{size} products");
        let size = size as usize;
        assert_eq!((variants.len(), prices.len(), levels.len()), (size * 4, size * 4, size * 8));
    }
}

async fn adding_to_a_cart_takes_few_statements(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let mut variants = Vec::new();
    for n in 0..12 {
        variants.push(shop.sell(&format!("tea-{n}"), 50, 50).await);
    }
    let add = async |holder: &Actor, cart, count: usize| {
        let lines = variants.iter().take(count).map(|&variant_id| NewLine::of(variant_id, 1)).collect();
        // What is read of settings, once in a while, is no part of it.
        shop.app.settings.latest().await.unwrap();
        let before = shop.db.storage.statement_count();
        shop.app.carts.edit(holder, cart, None, CartEdit::add(lines)).await.unwrap();
        shop.db.storage.statement_count() - before
    };
    let (cart, holder) = shop.cart(&[]).await;
    let ada = shop.customer("ada@example.org").await;
    let hers = shop.cart_of(&ada, &[]).await;
    // The cart; what is on its shelf, what it costs and how much of it there is; the cart as it is then, and its event. For a
    // customer as well: the groups that prices depend on are read with the cart.
    for count in [1, 12, 3] {
        assert_eq!((add(&holder, cart, count).await, add(&ada, hers, count).await), (6, 6), "{count} lines");
    }
    // Stock that is set aside is locked before it is counted, and what the cart holds given back and taken anew.
    let web = shop.app.settings.latest().await.unwrap().default_channel();
    let holding = Channel { hold_policy: HoldPolicy::OnCart, ..Channel::clone(&web) };
    shop.app.channels.save_channel(&Actor::system(), holding).await.unwrap();
    let first = add(&holder, cart, 1).await;
    let held = [add(&holder, cart, 1).await, add(&holder, cart, 12).await];
    assert_eq!((first, held), (8, [10, 10]));
}

async fn saving_variants_takes_few_statements(db: TestDatabase) {
    let with_sku = |n: u32, sku: String| Variant {
        product_id: id(1),
        position: n,
        sku: Some(text(&sku)),
        ..variant(u128::from(n), false)
    };
    for (version, most) in [(1, 2), (2, 3), (3, 4)] {
        // The third save passes every SKU on to the next variant.
        let variants: Vec<Variant> =
            (0..200).map(|n| with_sku(n, format!("sku-{}", (n + u32::from(version == 3)) % 200))).collect();
        let uow = db.storage.begin().await.unwrap();
        let before = db.storage.statement_count();
        uow.products().save(&Product { version, ..product(1, true) }, &variants).await.unwrap();
        let taken = db.storage.statement_count() - before;
        uow.commit().await.unwrap();
        assert!((2..=most).contains(&taken), "version {version} took {taken}");
    }
}
