//! The contract of pages: forward and backward, without gaps or duplicates, also among equal moments.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    catalog::{CatalogQueries as _, Product, ProductCursor, ProductFilter, ProductStatus},
    clock::Timestamp,
    ids::{OrderId, ProductId},
    order::{Order, OrderCursor, OrderQueries as _},
    page::{Direction, PageRequest, PageSize},
    storage::Storage as _,
};

use crate::support::{TestDatabase, id, on_each_database, order, product, start};

on_each_database!(
    products_are_paged_in_both_directions,
    orders_are_paged_in_both_directions,
    moments_sort_whatever_their_fraction,
    filters_hold_on_every_page,
);

/// Eleven of them: two, then six of one moment, then three; numbered as they were created.
fn moments() -> Vec<Timestamp> {
    let minutes = [0, 1, 2, 2, 2, 2, 2, 2, 3, 4, 5];
    minutes.iter().map(|&it| start() + TimeDelta::minutes(it)).collect()
}

fn size(size: i64) -> PageSize {
    PageSize::parse(size).unwrap()
}

async fn insert_products(db: &TestDatabase, created: &[Timestamp]) {
    let uow = db.storage.begin().await.unwrap();
    for (n, &created_at) in (1..).zip(created) {
        uow.products().save(&Product { created_at, ..product(n, true) }, &[]).await.unwrap();
    }
    uow.commit().await.unwrap();
}

fn newest_first<I: comptoir_domain::ids::Id>(count: usize) -> Vec<I> {
    (1..=count as u128).rev().map(id).collect()
}

async fn products_are_paged_in_both_directions(db: TestDatabase) {
    insert_products(&db, &moments()).await;
    let queries = db.storage.queries();
    let filter = ProductFilter::default();
    let expected: Vec<ProductId> = newest_first(11);
    for page_size in [1, 2, 3, 4, 10, 11, 12] {
        for direction in [Direction::Forward, Direction::Backward] {
            let mut request = PageRequest { size: size(page_size), direction, cursor: None };
            let (mut seen, mut pages) = (Vec::new(), 0);
            loop {
                let page = queries.products(&filter, &request).await.unwrap();
                let ids: Vec<ProductId> = page.items.iter().map(|it| it.id).collect();
                let is_first = pages == 0;
                pages += 1;
                let has_more = if direction == Direction::Forward {
                    seen.extend(ids);
                    assert_eq!(page.has_previous, !is_first);
                    request.cursor = page.items.last().map(ProductCursor::of);
                    page.has_next
                } else {
                    seen.splice(0..0, ids);
                    assert_eq!(page.has_next, !is_first);
                    request.cursor = page.items.first().map(ProductCursor::of);
                    page.has_previous
                };
                assert_eq!(has_more, seen.len() < 11, "{direction:?} by {page_size} after {pages}");
                if !has_more {
                    break;
                }
            }
            assert_eq!(seen, expected, "{direction:?} by {page_size}");
            assert_eq!(pages, 11_usize.div_ceil(page_size as usize));
        }
    }
}

async fn orders_are_paged_in_both_directions(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for (n, placed_at) in (1..).zip(moments()) {
        uow.orders().insert(&Order { placed_at, ..order(n, n % 2 == 0) }).await.unwrap();
    }
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    let expected: Vec<OrderId> = newest_first(11);
    for direction in [Direction::Forward, Direction::Backward] {
        let mut request = PageRequest { size: size(3), direction, cursor: None };
        let mut seen: Vec<OrderId> = Vec::new();
        let mut more = Vec::new();
        for _ in 0..4 {
            let page = queries.orders(None, &request).await.unwrap();
            let ids = page.items.iter().map(|it| it.id);
            if direction == Direction::Forward {
                seen.extend(ids);
                request.cursor = page.items.last().map(OrderCursor::of);
                more.push((page.has_previous, page.has_next));
            } else {
                seen.splice(0..0, ids);
                request.cursor = page.items.first().map(OrderCursor::of);
                more.push((page.has_next, page.has_previous));
            }
        }
        assert_eq!(seen, expected, "{direction:?}");
        assert_eq!(more, [(false, true), (true, true), (true, true), (true, false)], "{direction:?}");
    }
    let behind = OrderCursor { placed_at: start(), id: id(1) };
    let page =
        queries.orders(None, &PageRequest { cursor: Some(behind), ..PageRequest::first(size(3)) }).await.unwrap();
    assert!(page.items.is_empty() && page.has_previous && !page.has_next);
}

/// A database that keeps moments as text must not sort `.5` behind `.50001`, or a whole second behind its fractions.
async fn moments_sort_whatever_their_fraction(db: TestDatabase) {
    let second = Timestamp::from_timestamp(1_767_323_045, 0).unwrap();
    let micros = [-1, 0, 1, 1_000, 1_001, 500_000, 500_010, 999_999, 1_000_000];
    let created: Vec<Timestamp> = micros.iter().map(|&it| second + TimeDelta::microseconds(it)).collect();
    insert_products(&db, &created).await;
    let queries = db.storage.queries();
    let mut request = PageRequest::first(size(2));
    let mut seen: Vec<ProductId> = Vec::new();
    for _ in 0..5 {
        let page = queries.products(&ProductFilter::default(), &request).await.unwrap();
        request.cursor = page.items.last().map(ProductCursor::of);
        seen.extend(page.items.iter().map(|it| it.id));
    }
    assert_eq!(seen, newest_first::<ProductId>(9));
}

async fn filters_hold_on_every_page(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for n in 1..=9 {
        let mut product = Product { brand: Some("Ä".to_owned()), ..product(n, true) };
        match n % 3 {
            0 => product.status = ProductStatus::Draft,
            1 => product.brand = None,
            _ => {}
        }
        uow.products().save(&product, &[]).await.unwrap();
    }
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    let active = ProductFilter { status: Some(ProductStatus::Active), ..ProductFilter::default() };
    let branded = ProductFilter { brand: Some("Ä".to_owned()), ..active.clone() };
    let other = ProductFilter { product_type: Some("Salt".to_owned()), ..ProductFilter::default() };
    for (filter, expected) in [
        (ProductFilter::default(), vec![9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (active, vec![8, 7, 5, 4, 2, 1]),
        (branded, vec![8, 5, 2]),
        (other, vec![]),
    ] {
        assert_eq!(queries.product_count(&filter).await.unwrap(), expected.len() as u64);
        let mut request = PageRequest::first(size(2));
        let mut seen: Vec<ProductId> = Vec::new();
        loop {
            let page = queries.products(&filter, &request).await.unwrap();
            seen.extend(page.items.iter().map(|it| it.id));
            request.cursor = page.items.last().map(ProductCursor::of);
            if !page.has_next {
                break;
            }
        }
        let expected: Vec<ProductId> = expected.into_iter().map(id).collect();
        assert_eq!(seen, expected, "{filter:?}");
    }
}
