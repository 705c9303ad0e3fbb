//! The contract of products and variants.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    catalog::{CatalogQueries as _, Offer, Product, ProductStatus, SkuOwner, Variant},
    ids::VariantId,
    storage::{Storage as _, StorageError},
};

use crate::support::{TestDatabase, id, on_each_database, product, text, variant};

on_each_database!(
    products_come_back_as_they_were,
    a_stale_product_conflicts,
    a_taken_slug_or_sku_conflicts,
    variants_exchange_their_skus,
    a_sku_moves_on_where_its_variant_gives_it_up,
    variants_that_are_not_saved_stay_as_they_are,
    variants_come_by_product_and_position,
    offers_say_what_their_products_are,
    what_is_asked_for_twice_or_missing_is_no_error,
);

async fn save(db: &TestDatabase, product: &Product, variants: &[Variant]) -> Result<(), StorageError> {
    let uow = db.storage.begin().await?;
    uow.products().save(product, variants).await?;
    uow.commit().await
}

/// Variants of product 1 with these SKUs.
fn with_skus(skus: &[Option<&str>]) -> Vec<Variant> {
    let with_sku = |(n, sku): (u32, &Option<&str>)| Variant {
        product_id: id(1),
        position: n,
        sku: sku.map(text),
        ..variant(u128::from(n) + 1, false)
    };
    (0..).zip(skus).map(with_sku).collect()
}

async fn skus(db: &TestDatabase) -> Vec<Option<String>> {
    let variants = db.storage.queries().variants_of(&[id(1)]).await.unwrap();
    variants.into_iter().map(|it| it.sku.map(|it| it.to_string())).collect()
}

async fn products_come_back_as_they_were(db: TestDatabase) {
    let queries = db.storage.queries();
    for (n, filled) in [(1, true), (2, false)] {
        let (stored, variants) = (product(n, filled), vec![variant(n, filled)]);
        save(&db, &stored, &variants).await.unwrap();
        let slug = std::slice::from_ref(&stored.slug);
        assert_eq!(queries.products_by_id(&[stored.id]).await.unwrap().first(), Some(&stored));
        assert_eq!(queries.products_by_slug(slug).await.unwrap().first(), Some(&stored));
        assert_eq!(queries.variants_by_id(&[id(n)]).await.unwrap(), variants);
        let uow = db.storage.begin().await.unwrap();
        let found = uow.products().find_by_slugs(slug).await.unwrap();
        assert_eq!(found, [(stored.clone(), variants)]);
        drop(uow);

        let mut changed = Product { id: stored.id, slug: stored.slug, version: 2, ..product(n + 10, !filled) };
        changed.status = ProductStatus::Archived;
        let variants = vec![Variant { id: id(n), product_id: id(n), ..variant(n + 10, !filled) }];
        save(&db, &changed, &variants).await.unwrap();
        assert_eq!(queries.products_by_id(&[changed.id]).await.unwrap(), [changed]);
        assert_eq!(queries.variants_of(&[id(n)]).await.unwrap(), variants);
    }
}

async fn a_stale_product_conflicts(db: TestDatabase) {
    save(&db, &product(1, true), &[variant(1, true)]).await.unwrap();
    save(&db, &Product { version: 2, ..product(1, true) }, &[]).await.unwrap();
    for version in [1, 2, 4] {
        let stale = Product { version, ..product(1, false) };
        assert!(matches!(save(&db, &stale, &[]).await, Err(StorageError::Conflict)), "version {version}");
    }
    let stored = db.storage.queries().products_by_id(&[id(1)]).await.unwrap();
    assert_eq!(stored, [Product { version: 2, ..product(1, true) }]);
}

async fn a_taken_slug_or_sku_conflicts(db: TestDatabase) {
    save(&db, &product(1, true), &[variant(1, true)]).await.unwrap();
    let same_slug = Product { slug: product(1, true).slug, ..product(2, true) };
    assert!(matches!(save(&db, &same_slug, &[variant(2, true)]).await, Err(StorageError::Conflict)));
    let same_sku = Variant { sku: variant(1, true).sku, ..variant(2, true) };
    assert!(matches!(save(&db, &product(2, true), &[same_sku]).await, Err(StorageError::Conflict)));
    assert_eq!(db.number("SELECT COUNT(*) FROM product").await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM variant").await, 1);
}

async fn variants_exchange_their_skus(db: TestDatabase) {
    save(&db, &product(1, true), &with_skus(&[Some("A"), Some("B"), Some("C"), None, None])).await.unwrap();
    let version = |version| Product { version, ..product(1, true) };
    save(&db, &version(2), &with_skus(&[Some("B"), Some("A"), Some("C"), None, None])).await.unwrap();
    assert_eq!(skus(&db).await, [Some("B"), Some("A"), Some("C"), None, None].map(|it| it.map(str::to_owned)));
    save(&db, &version(3), &with_skus(&[Some("A"), Some("C"), Some("B"), None, Some("D")])).await.unwrap();
    assert_eq!(skus(&db).await, [Some("A"), Some("C"), Some("B"), None, Some("D")].map(|it| it.map(str::to_owned)));
}

async fn a_sku_moves_on_where_its_variant_gives_it_up(db: TestDatabase) {
    save(&db, &product(1, true), &with_skus(&[Some("A"), Some("B")])).await.unwrap();
    let version = |version| Product { version, ..product(1, true) };
    let mut variants = with_skus(&[Some("B"), None, Some("A")]);
    variants.rotate_left(2);
    save(&db, &version(2), &variants).await.unwrap();
    assert_eq!(skus(&db).await, [Some("B"), None, Some("A")].map(|it| it.map(str::to_owned)));

    let only_the_second = with_skus(&[None, Some("A")]).split_off(1);
    let taken = save(&db, &version(3), &only_the_second).await;
    assert!(matches!(taken, Err(StorageError::Conflict)), "the third keeps it: {taken:?}");
    assert_eq!(skus(&db).await, [Some("B"), None, Some("A")].map(|it| it.map(str::to_owned)));
}

async fn variants_that_are_not_saved_stay_as_they_are(db: TestDatabase) {
    let variants = with_skus(&[Some("A"), Some("B")]);
    save(&db, &product(1, true), &variants).await.unwrap();
    let mut changed = variants.clone().split_off(1);
    for it in &mut changed {
        it.barcode = Some("96385074".to_owned());
    }
    save(&db, &Product { version: 2, ..product(1, true) }, &changed).await.unwrap();
    let expected: Vec<Variant> = variants.into_iter().take(1).chain(changed).collect();
    assert_eq!(db.storage.queries().variants_of(&[id(1)]).await.unwrap(), expected);
}

async fn variants_come_by_product_and_position(db: TestDatabase) {
    let at = |n: u128, product: u128, position| Variant { product_id: id(product), position, ..variant(n, false) };
    save(&db, &product(2, true), &[at(1, 2, 1), at(2, 2, 0)]).await.unwrap();
    save(&db, &product(1, true), &[at(3, 1, 0)]).await.unwrap();
    let found = db.storage.queries().variants_of(&[id(2), id(1), id(2), id(9)]).await.unwrap();
    let ids: Vec<VariantId> = found.iter().map(|it| it.id).collect();
    assert_eq!(ids, [id(3), id(2), id(1)]);
}

async fn offers_say_what_their_products_are(db: TestDatabase) {
    for n in 1..=3 {
        let product = Product { status: ProductStatus::Archived, ..product(n, n != 2) };
        save(&db, &product, &[variant(n, n != 2)]).await.unwrap();
    }
    let offer = |n: u128| {
        let Product { publication, brand, attributes, tax_category, .. } = product(n, n != 2);
        let product_status = ProductStatus::Archived;
        Offer { variant: variant(n, n != 2), product_status, publication, brand, attributes, tax_category }
    };
    let before = db.storage.statement_count();
    let mut offers = db.storage.queries().offers(&[id(3), id(1), id(2), id(1), id(9)]).await.unwrap();
    assert_eq!(db.storage.statement_count() - before, 1);
    offers.sort_by_key(|it| it.variant.id);
    assert_eq!(offers, [offer(1), offer(2), offer(3)]);
}

async fn what_is_asked_for_twice_or_missing_is_no_error(db: TestDatabase) {
    save(&db, &product(1, true), &[variant(1, true)]).await.unwrap();
    let queries = db.storage.queries();
    let (here, missing) = (product(1, true).slug, product(9, true).slug);
    assert_eq!(queries.products_by_id(&[id(9), id(1), id(1)]).await.unwrap().len(), 1);
    assert_eq!(queries.products_by_slug(&[missing, here.clone(), here]).await.unwrap().len(), 1);
    assert_eq!(queries.variants_by_id(&[id(1), id(9), id(1)]).await.unwrap().len(), 1);
    let sku = variant(1, true).sku.unwrap();
    assert_eq!(queries.variants_by_sku(&[sku.clone(), text("none"), sku.clone()]).await.unwrap().len(), 1);
    assert_eq!(queries.offers(&[]).await.unwrap(), []);
    assert_eq!(queries.products_by_id(&[]).await.unwrap(), []);
    assert_eq!(queries.variants_of(&[]).await.unwrap(), []);
    let uow = db.storage.begin().await.unwrap();
    let owner = SkuOwner { sku: sku.clone(), variant_id: id(1), product_id: id(1) };
    assert_eq!(uow.products().sku_owners(&[sku, text("none")]).await.unwrap(), [owner]);
    assert_eq!(uow.products().find_by_slugs(&[]).await.unwrap(), []);
}
