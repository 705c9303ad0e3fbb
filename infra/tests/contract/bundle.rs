//! The contract of bundles: what they are made of, and whose stock they take.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    catalog::{CatalogQueries as _, ComponentUse, StockPolicy, Variant, VariantComponent},
    storage::Storage as _,
};

use crate::support::{TestDatabase, id, on_each_database, product, variant};

on_each_database!(components_come_back_as_they_were, bundles_are_found_by_what_they_are_made_of);

fn component(n: u128, quantity: u32, stock_policy: StockPolicy) -> VariantComponent {
    VariantComponent { variant_id: id(n), quantity, stock_policy }
}

/// Stores products 1 to 4, of a variant each, of which the third is sold without stock; makes the first two of the others.
async fn bundles(db: &TestDatabase) -> [Variant; 2] {
    let uow = db.storage.begin().await.unwrap();
    for n in [3, 4] {
        let stock_policy = if n == 3 { StockPolicy::Untracked } else { StockPolicy::Deny };
        uow.products().save(&product(n, true), &[Variant { stock_policy, ..variant(n, true) }]).await.unwrap();
    }
    let made_of = |n, components: &[VariantComponent]| Variant { components: components.to_vec(), ..variant(n, true) };
    let (free, counted) = (component(3, 2_000, StockPolicy::Untracked), component(4, 1, StockPolicy::Deny));
    let bundles = [made_of(1, &[counted, free]), made_of(2, &[counted])];
    for (n, bundle) in (1..).zip(&bundles) {
        uow.products().save(&product(n, true), std::slice::from_ref(bundle)).await.unwrap();
    }
    uow.products().save_components(&bundles.each_ref()).await.unwrap();
    uow.commit().await.unwrap();
    bundles
}

async fn components_come_back_as_they_were(db: TestDatabase) {
    let stored = bundles(&db).await;
    let queries = db.storage.queries();
    let by_id = |mut found: Vec<Variant>| {
        found.sort_by_key(|it| it.id);
        found
    };
    let before = db.storage.statement_count();
    assert_eq!(by_id(queries.variants_by_id(&[id(1), id(2)]).await.unwrap()), stored);
    assert_eq!(db.storage.statement_count() - before, 2, "however many bundles");
    assert_eq!(queries.variants_of(&[id(1), id(2)]).await.unwrap(), stored);
    let mut offers = queries.offers(&[id(1), id(2)]).await.unwrap();
    offers.sort_by_key(|it| it.variant.id);
    assert_eq!(offers.into_iter().map(|it| it.variant).collect::<Vec<_>>(), stored);
    let before = db.storage.statement_count();
    let _ = queries.variants_by_id(&[id(3), id(4)]).await.unwrap();
    assert_eq!(db.storage.statement_count() - before, 1, "nobody looks for the components of what has none");

    let uow = db.storage.begin().await.unwrap();
    assert_eq!(by_id(uow.products().lock_variants(&[id(2), id(1), id(9)]).await.unwrap()), stored);
    // Another order, another quantity; and no bundle any more.
    let (free, counted) = (component(3, 1, StockPolicy::Untracked), component(4, 7, StockPolicy::Deny));
    let [first, second] = stored;
    let changed = [Variant { components: vec![free, counted], ..first }, Variant { components: Vec::new(), ..second }];
    for (n, bundle) in (1..).zip(&changed) {
        let version = comptoir_domain::catalog::Product { version: 2, ..product(n, true) };
        uow.products().save(&version, std::slice::from_ref(bundle)).await.unwrap();
    }
    uow.products().save_components(&changed.each_ref()).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(by_id(queries.variants_by_id(&[id(1), id(2)]).await.unwrap()), changed);
    assert_eq!(db.number("SELECT COUNT(*) FROM variant_component").await, 2);
}

async fn bundles_are_found_by_what_they_are_made_of(db: TestDatabase) {
    let _ = bundles(&db).await;
    let queries = db.storage.queries();
    let used =
        |component, bundle| ComponentUse { component_id: id(component), bundle_id: id(bundle), product_id: id(bundle) };
    let mut found = queries.bundles_of(&[id(4), id(3), id(4), id(9)]).await.unwrap();
    found.sort_by_key(|it| (it.component_id, it.bundle_id));
    assert_eq!(found, [used(3, 1), used(4, 1), used(4, 2)]);
    assert_eq!(queries.bundles_of(&[id(1)]).await.unwrap(), []);
    assert_eq!(queries.bundles_of(&[]).await.unwrap(), []);
}
