//! The contract of prices and price lists, and of what both were.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use chrono::TimeDelta;
use comptoir_domain::{
    access::Actor,
    clock::{Clock as _, Timestamp, Window},
    event::{EventKind, OutboxQueries as _},
    ids::{PriceId, ProductId},
    money::{Currency, Money},
    page::{Direction, PageRequest, PageSize},
    pricing::{
        PriceContext, PriceCursor, PriceDraft, PriceFilter, PriceHistory, PriceListDraft, PriceListType,
        PriceQueries as _, PriceRow, PriceScope, PriceSelection, PriceView, StoredPriceList, Version,
    },
    settings::SettingsQueries as _,
    storage::{Storage as _, StorageError},
};
use comptoir_infra::relay::Relay;

use crate::support::{Bus, Shop, TEXT, TestDatabase, id, on_each_database, price, product, start, text, variant};

on_each_database!(
    prices_come_back_as_they_were,
    where_prices_hold_for_everybody_is_told_once,
    a_price_replaces_the_one_of_its_id,
    there_is_one_price_of_a_list_scope_and_beginning,
    a_price_that_has_ended_is_left_out,
    prices_are_paged_newest_first,
    lists_come_back_as_they_were,
    an_outdated_list_is_a_conflict,
    a_list_goes_with_its_prices,
    what_prices_and_lists_were_is_told,
    products_are_found_by_when_their_prices_begin_and_end,
    what_begins_and_ends_is_told_once,
    a_change_of_a_list_is_told_of_its_products,
    a_view_that_the_index_does_not_know_builds_it_anew,
    a_reduction_is_measured_by_the_lowest_price_of_the_30_days_before,
);

/// Two variants to have prices.
async fn variants(db: &TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for n in 1..=2 {
        uow.products().save(&product(n, true), &[variant(n, true)]).await.unwrap();
    }
    uow.commit().await.unwrap();
}

async fn save(db: &TestDatabase, prices: &[PriceRow], now: Timestamp) -> Result<(), StorageError> {
    let uow = db.storage.begin().await?;
    uow.prices().save_prices(prices, now).await?;
    uow.commit().await
}

fn at(hours: i64) -> Timestamp {
    start() + TimeDelta::hours(hours)
}

/// A price of the first variant that is narrowed to everything.
fn narrow(n: u128, list: u128) -> PriceRow {
    PriceRow {
        id: id(n),
        list_id: Some(id(list)),
        compare_at: Some(Money::new(i64::MAX, Currency::EUR)),
        scope: PriceScope {
            market: Some(text("fr")),
            channel: Some(text("kiosk-2")),
            customer_group_id: Some(id(5)),
            loyalty_tier_id: Some(id(6)),
            minimum_quantity: 12,
        },
        window: Window { from: Some(at(-1)), until: Some(at(1) + TimeDelta::microseconds(1)) },
        ..price(id(1), i64::MAX - 1, Currency::EUR)
    }
}

fn list(n: u128) -> StoredPriceList {
    let draft = PriceListDraft {
        name: Some(TEXT.to_owned()),
        list_type: Some(PriceListType::Sale),
        priority: Some(i32::MIN),
        selection: Some(PriceSelection::Lowest),
        starts_at: Some(Some(at(-1))),
        ends_at: Some(Some(at(1))),
        is_paused: Some(true),
    };
    StoredPriceList { list: draft.into_list(id(n)), version: 1, created_at: start(), updated_at: start() }
}

async fn prices_come_back_as_they_were(db: TestDatabase) {
    variants(&db).await;
    let all = [
        price(id(1), 1990, Currency::EUR),
        price(id(1), 0, Currency::JPY),
        narrow(3, 4),
        price(id(2), 7, Currency::EUR),
    ];
    save(&db, &all, start()).await.unwrap();
    let queries = db.storage.queries();
    let sorted = |mut rows: Vec<PriceRow>| {
        rows.sort_by_key(|it| all.iter().position(|other| other.id == it.id));
        rows
    };
    let before = db.storage.statement_count();
    let found = queries.prices_of(&[id(1), id(9), id(2), id(1)], &[Currency::EUR], start()).await.unwrap();
    assert_eq!(db.storage.statement_count() - before, 1);
    assert_eq!(sorted(found), [all[0].clone(), all[2].clone(), all[3].clone()]);
    let yen = queries.prices_of(&[id(1)], &[Currency::JPY, Currency::USD], start()).await.unwrap();
    assert_eq!(yen, [all[1].clone()]);
    assert_eq!(sorted(queries.all_prices_of(&[id(2), id(1)], start()).await.unwrap()), all);
    let missing: PriceId = id(99);
    assert_eq!(sorted(queries.prices_by_id(&[id(3), missing, id(3)]).await.unwrap()), [all[2].clone()]);
    assert_eq!(queries.prices_of(&[], &[Currency::EUR], start()).await.unwrap(), []);
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(sorted(uow.prices().lock_prices_of(&[id(1), id(2)]).await.unwrap()), all);
}

async fn where_prices_hold_for_everybody_is_told_once(db: TestDatabase) {
    variants(&db).await;
    let scope = |market: Option<&str>, channel: Option<&str>| PriceScope {
        market: market.map(text),
        channel: channel.map(text),
        ..PriceScope::default()
    };
    let of = |n, scope| PriceRow { id: id(n), scope, ..price(id(1), 9, Currency::EUR) };
    let rows = [
        of(10, scope(None, None)),
        PriceRow { id: id(11), ..price(id(2), 9, Currency::EUR) },
        PriceRow { id: id(12), ..price(id(2), 9, Currency::JPY) },
        of(13, scope(Some("fr"), None)),
        of(14, scope(Some("fr"), Some("kiosk"))),
        of(15, PriceScope { minimum_quantity: 2, ..scope(Some("de"), None) }),
        of(16, PriceScope { customer_group_id: Some(id(5)), ..scope(Some("it"), None) }),
        of(17, PriceScope { loyalty_tier_id: Some(id(6)), ..scope(None, Some("app")) }),
    ];
    save(&db, &rows, start()).await.unwrap();
    let views = db.storage.queries().price_views().await.unwrap();
    let written: BTreeSet<String> = views.iter().map(ToString::to_string).collect();
    assert_eq!(written, ["EUR", "EUR_fr", "EUR_fr_kiosk", "JPY"].map(ToOwned::to_owned).into());
}

async fn a_price_replaces_the_one_of_its_id(db: TestDatabase) {
    variants(&db).await;
    let first = price(id(1), 1990, Currency::EUR);
    let second = PriceRow { compare_at: Some(first.amount), ..price(id(1), 1790, Currency::EUR) };
    for (n, it) in (0..).zip([&first, &second]) {
        save(&db, std::slice::from_ref(it), at(n)).await.unwrap();
    }
    assert_eq!(db.storage.queries().prices_by_id(&[first.id]).await.unwrap(), [second]);
    assert_eq!(db.number("SELECT amount FROM price_history WHERE version = 1").await, 1990);
    let uow = db.storage.begin().await.unwrap();
    uow.prices().remove_prices(&[first.id, id(99)], at(2)).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(db.storage.queries().prices_by_id(&[first.id]).await.unwrap(), []);
    assert_eq!(db.number("SELECT amount FROM price_history WHERE version = 2").await, 1790);
    assert_eq!(db.number("SELECT COUNT(*) FROM price_history").await, 2);
}

async fn there_is_one_price_of_a_list_scope_and_beginning(db: TestDatabase) {
    variants(&db).await;
    save(&db, &[price(id(1), 1990, Currency::EUR), narrow(3, 4)], start()).await.unwrap();
    let base = PriceRow { id: id(7), ..price(id(1), 1, Currency::EUR) };
    for again in [base.clone(), PriceRow { id: id(7), ..narrow(3, 4) }] {
        assert!(matches!(save(&db, &[again], start()).await, Err(StorageError::Conflict)));
    }
    let mut others = vec![
        PriceRow { list_id: Some(id(4)), ..base.clone() },
        PriceRow { window: Window { from: Some(start()), until: None }, ..base.clone() },
        PriceRow { amount: Money::new(1, Currency::USD), ..base.clone() },
        PriceRow { variant_id: id(2), ..base.clone() },
    ];
    let group = Some(id(1));
    for scope in [
        PriceScope { market: Some(text("web")), ..PriceScope::default() },
        PriceScope { channel: Some(text("web")), ..PriceScope::default() },
        PriceScope { customer_group_id: group, ..PriceScope::default() },
        PriceScope { loyalty_tier_id: Some(id(1)), ..PriceScope::default() },
        PriceScope { minimum_quantity: 2, ..PriceScope::default() },
    ] {
        others.push(PriceRow { scope, ..base.clone() });
    }
    let others: Vec<PriceRow> = (20..).zip(others).map(|(n, it)| PriceRow { id: id(n), ..it }).collect();
    save(&db, &others, start()).await.unwrap();
}

async fn a_price_that_has_ended_is_left_out(db: TestDatabase) {
    variants(&db).await;
    let ending = PriceRow { window: Window { from: None, until: Some(at(1)) }, ..price(id(1), 1990, Currency::EUR) };
    save(&db, std::slice::from_ref(&ending), start()).await.unwrap();
    let queries = db.storage.queries();
    for (moment, is_there) in [(at(0), true), (at(1) - TimeDelta::microseconds(1), true), (at(1), false)] {
        let found = queries.prices_of(&[id(1)], &[Currency::EUR], moment).await.unwrap();
        assert_eq!(found.len(), usize::from(is_there), "{moment}");
        assert_eq!(queries.all_prices_of(&[id(1)], moment).await.unwrap().len(), usize::from(is_there), "{moment}");
    }
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.prices().lock_prices_of(&[id(1)]).await.unwrap(), [ending]);
}

async fn prices_are_paged_newest_first(db: TestDatabase) {
    variants(&db).await;
    let row = |n: u128| {
        let (variant_id, list_id) = (id(1 + n % 2), (n < 4).then(|| id(4)));
        let scope = PriceScope { minimum_quantity: u32::try_from(n).unwrap(), ..PriceScope::default() };
        PriceRow { id: id(n), list_id, scope, ..price(variant_id, 100, Currency::EUR) }
    };
    save(&db, &(1..=5).map(row).collect::<Vec<_>>(), start()).await.unwrap();
    let queries = db.storage.queries();
    let ids = async |filter, direction, cursor: Option<u128>| {
        let cursor = cursor.map(|n| PriceCursor(id(n)));
        let page = PageRequest { size: PageSize::parse(2).unwrap(), direction, cursor };
        let found = queries.prices(&filter, &page).await.unwrap();
        (found.items.iter().map(|it| it.id).collect::<Vec<PriceId>>(), found.has_previous, found.has_next)
    };
    let all = PriceFilter::default();
    assert_eq!(ids(all, Direction::Forward, None).await, (vec![id(5), id(4)], false, true));
    assert_eq!(ids(all, Direction::Forward, Some(2)).await, (vec![id(1)], true, false));
    assert_eq!(ids(all, Direction::Backward, Some(3)).await, (vec![id(5), id(4)], false, true));
    let of_list = PriceFilter { list_id: Some(id(4)), ..all };
    assert_eq!(ids(of_list, Direction::Forward, None).await, (vec![id(3), id(2)], false, true));
    let of_both = PriceFilter { variant_id: Some(id(2)), ..of_list };
    assert_eq!(ids(of_both, Direction::Forward, None).await, (vec![id(3), id(1)], false, false));
}

async fn lists_come_back_as_they_were(db: TestDatabase) {
    let (first, second) = (list(1), StoredPriceList { created_at: at(1), ..list(2) });
    let uow = db.storage.begin().await.unwrap();
    for it in [&first, &second] {
        uow.prices().insert_list(it).await.unwrap();
    }
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    assert_eq!(queries.price_list(id(1)).await.unwrap(), Some(first.clone()));
    assert_eq!(queries.price_list(id(3)).await.unwrap(), None);
    assert_eq!(queries.price_list_count().await.unwrap(), 2);
    let page = queries.price_lists(&PageRequest::first(PageSize::LARGEST)).await.unwrap();
    assert_eq!(page.items, [second.clone(), first.clone()]);
    let settings = queries.stored_settings(start()).await.unwrap();
    assert_eq!(settings.price_lists, [first.list, second.list]);
}

async fn an_outdated_list_is_a_conflict(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    uow.prices().insert_list(&list(1)).await.unwrap();
    uow.commit().await.unwrap();
    let update = async |n, version| {
        let uow = db.storage.begin().await.unwrap();
        let mut changed = StoredPriceList { version, updated_at: at(1), ..list(n) };
        changed.list.priority = 5;
        uow.prices().update_list(&changed).await?;
        uow.commit().await
    };
    for (n, version) in [(1, 1), (1, 3), (2, 2)] {
        assert!(matches!(update(n, version).await, Err(StorageError::Conflict)), "{n} {version}");
    }
    update(1, 2).await.unwrap();
    assert_eq!(db.storage.queries().price_list(id(1)).await.unwrap().unwrap().list.priority, 5);
    assert_eq!(db.number("SELECT COUNT(*) FROM price_list_history WHERE version = 1").await, 1);
}

async fn a_list_goes_with_its_prices(db: TestDatabase) {
    variants(&db).await;
    let uow = db.storage.begin().await.unwrap();
    uow.prices().insert_list(&list(4)).await.unwrap();
    uow.prices().save_prices(&[narrow(3, 4), price(id(1), 1990, Currency::EUR)], start()).await.unwrap();
    uow.commit().await.unwrap();
    let uow = db.storage.begin().await.unwrap();
    uow.prices().delete_list(id(4), at(1)).await.unwrap();
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    assert_eq!(queries.price_list(id(4)).await.unwrap(), None);
    assert_eq!(queries.all_prices_of(&[id(1)], start()).await.unwrap(), [price(id(1), 1990, Currency::EUR)]);
    for table in ["price_history", "price_list_history"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
    }
}

async fn what_prices_and_lists_were_is_told(db: TestDatabase) {
    variants(&db).await;
    let of_list = PriceRow { window: Window::ALWAYS, ..narrow(3, 4) };
    let (first, second) = (price(id(1), 1990, Currency::EUR), price(id(1), 1790, Currency::EUR));
    let ended = PriceRow { id: id(8), window: Window { from: Some(at(-9)), until: Some(at(-8)) }, ..first.clone() };
    save(&db, &[first.clone(), ended.clone(), of_list.clone()], at(0)).await.unwrap();
    save(&db, std::slice::from_ref(&second), at(2)).await.unwrap();
    let uow = db.storage.begin().await.unwrap();
    uow.prices().insert_list(&list(4)).await.unwrap();
    let paused = StoredPriceList { version: 2, updated_at: at(1), ..list(4) };
    uow.prices().update_list(&paused).await.unwrap();
    uow.prices().delete_list(id(4), at(3)).await.unwrap();
    uow.commit().await.unwrap();

    let version = |value: &PriceRow, from, until: Option<i64>| Version {
        value: value.clone(),
        recorded: Window { from: Some(at(from)), until: until.map(at) },
    };
    let was = [
        version(&second, 2, None),
        version(&ended, 0, None),
        version(&first, 0, Some(2)),
        version(&of_list, 0, Some(3)),
    ];
    let queries = db.storage.queries();
    for (since, expected) in
        [(-9, vec![0, 1, 2, 3]), (-8, vec![0, 2, 3]), (1, vec![0, 2, 3]), (2, vec![0, 3]), (3, vec![0])]
    {
        let mut found = queries.price_versions(&[id(1), id(2)], &[Currency::EUR], at(since)).await.unwrap();
        found.sort_by_key(|it| was.iter().position(|other| other == it));
        let expected: Vec<_> = expected.into_iter().filter_map(|n: usize| was.get(n).cloned()).collect();
        assert_eq!(found, expected, "since {since}");
    }
    assert_eq!(queries.price_versions(&[id(1)], &[Currency::USD], at(-9)).await.unwrap(), []);
    let mut lists = queries.price_list_versions(at(-9)).await.unwrap();
    lists.sort_by_key(|it| it.recorded.from);
    let recorded = |from, until| Window { from: Some(at(from)), until: Some(at(until)) };
    assert_eq!(lists.iter().map(|it| it.recorded).collect::<Vec<_>>(), [recorded(0, 1), recorded(1, 3)]);
    assert_eq!(queries.price_list_versions(at(1)).await.unwrap().len(), 1);
}

async fn products_are_found_by_when_their_prices_begin_and_end(db: TestDatabase) {
    variants(&db).await;
    let window = |from: Option<i64>, until: Option<i64>| Window { from: from.map(at), until: until.map(at) };
    let first = PriceRow { window: window(Some(1), Some(3)), ..price(id(1), 1990, Currency::EUR) };
    let of_list = PriceRow { list_id: Some(id(4)), window: window(None, Some(2)), ..price(id(2), 7, Currency::EUR) };
    let uow = db.storage.begin().await.unwrap();
    uow.products().save(&product(3, true), &[variant(3, true)]).await.unwrap();
    uow.commit().await.unwrap();
    let always = PriceRow { id: id(9), ..price(id(3), 5, Currency::EUR) };
    save(&db, &[first, PriceRow { id: id(8), ..of_list }, always], start()).await.unwrap();
    let ids = |all: &[u128]| all.iter().map(|n| id(*n)).collect::<BTreeSet<ProductId>>();
    let queries = db.storage.queries();
    let within = async |from, until| queries.products_repriced_in(window(from, until)).await.unwrap();
    // The first moment belongs to a period, the last does not.
    for (from, until, expected) in
        [(0, 1, &[][..]), (1, 2, &[1]), (2, 3, &[2]), (1, 4, &[1, 2]), (3, 4, &[1]), (4, 9, &[]), (2, 2, &[])]
    {
        assert_eq!(within(Some(from), Some(until)).await, ids(expected), "{from} {until}");
    }
    assert_eq!(within(None, None).await, ids(&[1, 2]), "whenever they do");
    for (lists, expected) in [(vec![id(4), id(9)], &[2][..]), (vec![id(9)], &[]), (vec![], &[])] {
        assert_eq!(queries.products_of_lists(&lists).await.unwrap(), ids(expected));
    }
}

/// How many products had other prices since the last time.
async fn told(shop: &Shop, seen: &mut i64) -> usize {
    let relay = Relay::new(shop.db.storage.clone(), std::sync::Arc::new(Bus::default()));
    while 0 < relay.step().await.unwrap() {}
    let events = shop.db.storage.queries().events_after(*seen, 1_000).await.unwrap();
    *seen = events.last().map_or(*seen, |it| it.position);
    events.iter().filter(|it| it.event.kind == EventKind::ProductPriceChanged).count()
}

async fn what_begins_and_ends_is_told_once(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (system, mut seen) = (Actor::system(), 0);
    let (tea, cup) = (shop.sell("tea", 9, 9).await, shop.sell("cup", 9, 9).await);
    let eur = |amount| Money::new(amount, Currency::EUR);
    let in_minutes = |n| Some(shop.clock.now() + TimeDelta::minutes(n));
    let sale = PriceListDraft {
        name: Some("Sale".to_owned()),
        list_type: Some(PriceListType::Sale),
        ends_at: Some(in_minutes(30)),
        ..PriceListDraft::default()
    };
    let sale = shop.app.pricing.create_list(&system, sale).await.unwrap().list.id;
    let drafts = [
        PriceDraft {
            window: Window { from: in_minutes(10), until: in_minutes(20) },
            ..PriceDraft::base(tea, eur(500), None)
        },
        PriceDraft { list_id: Some(sale), ..PriceDraft::base(cup, eur(400), None) },
        PriceDraft { list_id: Some(sale), ..PriceDraft::base(tea, eur(400), None) },
    ];
    let _ = shop.app.pricing.set_prices(&system, &drafts).await.unwrap();
    let _ = told(&shop, &mut seen).await;

    let due = async || shop.app.pricing.tell_due(&system).await.unwrap();
    assert_eq!((due().await, told(&shop, &mut seen).await), (0, 0), "nothing began");
    shop.clock.advance(TimeDelta::minutes(11));
    // As many servers as there may be.
    let (one, other) = tokio::join!(due(), due());
    assert_eq!((one + other, told(&shop, &mut seen).await), (1, 1), "the tea's price began");
    assert_eq!((due().await, told(&shop, &mut seen).await), (0, 0));
    shop.clock.advance(TimeDelta::minutes(20));
    assert_eq!((due().await, told(&shop, &mut seen).await), (2, 2), "the tea's price and the sale are over");
    assert_eq!((due().await, told(&shop, &mut seen).await), (0, 0));
}

async fn a_change_of_a_list_is_told_of_its_products(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (system, mut seen) = (Actor::system(), 0);
    let tea = shop.sell("tea", 9, 9).await;
    let _ = shop.sell("cup", 9, 9).await;
    let named = |name: &str| PriceListDraft { name: Some(name.to_owned()), ..PriceListDraft::default() };
    let draft = PriceListDraft { list_type: Some(PriceListType::Override), ..named("Spring") };
    let list = shop.app.pricing.create_list(&system, draft).await.unwrap().list.id;
    let of_list = PriceDraft { list_id: Some(list), ..PriceDraft::base(tea, Money::new(5, Currency::EUR), None) };
    let _ = shop.app.pricing.set_prices(&system, &[of_list]).await.unwrap();
    let _ = told(&shop, &mut seen).await;
    let change = async |draft| shop.app.pricing.update_list(&system, list, None, draft).await.unwrap();
    let _ = change(named("Summer")).await;
    assert_eq!(told(&shop, &mut seen).await, 0, "a name costs nothing");
    let _ = change(PriceListDraft { is_paused: Some(true), ..PriceListDraft::default() }).await;
    assert_eq!(told(&shop, &mut seen).await, 1);
    shop.app.pricing.delete_list(&system, list, None).await.unwrap();
    assert_eq!(told(&shop, &mut seen).await, 1);
}

/// An index that holds prices in some views alone is built anew for another one, and no more often.
async fn a_view_that_the_index_does_not_know_builds_it_anew(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let system = Actor::system();
    let (tea, _) = (shop.sell("tea", 9, 9).await, shop.sell("cup", 9, 9).await);
    let relay = Relay::new(shop.db.storage.clone(), std::sync::Arc::new(Bus::default()));
    let index = async || {
        while 0 < relay.step().await.unwrap() {}
        while shop.app.indexer.step(&system).await.unwrap() {}
    };
    let prices = |view: &PriceView| {
        let mut prices: Vec<i64> = shop.index.prices_in(view).iter().map(|it| it.min).collect();
        prices.sort_unstable();
        prices
    };
    let built = || shop.index.built.load(std::sync::atomic::Ordering::SeqCst);
    index().await;
    let everywhere = PriceView::from(Currency::EUR);
    let web = PriceView { channel: Some(text("web")), ..everywhere.clone() };
    assert_eq!((built(), prices(&everywhere), prices(&web)), (1, vec![1_000; 2], vec![1_000; 2]));
    for (amount, generations) in [(500, 2), (600, 2)] {
        let scope = PriceScope { channel: Some(text("web")), ..PriceScope::default() };
        let on_web = PriceDraft { scope, ..PriceDraft::base(tea, Money::new(amount, Currency::EUR), None) };
        let _ = shop.app.pricing.set_prices(&system, &[on_web]).await.unwrap();
        index().await;
        assert_eq!(built(), generations, "{amount}");
        assert_eq!((prices(&everywhere), prices(&web)), (vec![1_000; 2], vec![amount, 1_000]));
    }
}

/// M-PR10: 100 for 40 days, 80 on days 41 to 45, back to 100, a sale at 90 on day 60: the reference is 80, and 90 is none.
async fn a_reduction_is_measured_by_the_lowest_price_of_the_30_days_before(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let system = Actor::system();
    let variant = shop.sell("tea", 9, 9).await;
    let eur = |amount| Money::new(amount, Currency::EUR);
    let set = async |draft: PriceDraft| shop.app.pricing.set_prices(&system, &[draft]).await.unwrap();
    let base = |amount| PriceDraft::base(variant, eur(amount), None);
    let sale = PriceListDraft {
        name: Some("Sale".to_owned()),
        list_type: Some(PriceListType::Sale),
        starts_at: Some(Some(shop.clock.now() + TimeDelta::days(60))),
        ..PriceListDraft::default()
    };
    let sale = shop.app.pricing.create_list(&system, sale).await.unwrap().list.id;
    let _ = set(PriceDraft { list_id: Some(sale), ..base(9_000) }).await;
    let _ = set(base(10_000)).await;
    shop.clock.advance(TimeDelta::days(41));
    let _ = set(base(8_000)).await;
    shop.clock.advance(TimeDelta::days(5));
    let _ = set(base(10_000)).await;
    shop.clock.advance(TimeDelta::days(19));

    let now = shop.clock.now();
    let queries = shop.db.storage.queries();
    let since = now - TimeDelta::days(365);
    let history = PriceHistory {
        rows: queries.price_versions(&[variant], &[Currency::EUR], since).await.unwrap(),
        lists: queries.price_list_versions(since).await.unwrap().into(),
    };
    let context = PriceContext {
        currency: Currency::EUR,
        market: None,
        channel: None,
        customer_group_ids: Vec::new(),
        loyalty_tier_id: None,
        at: now,
    };
    let points = history.points(&context, start());
    let seen: Vec<_> = points.iter().map(|it| ((it.from - start()).num_days(), it.amount, it.is_reduced)).collect();
    let of = |day, amount, is_reduced| (day, Some(eur(amount)), is_reduced);
    assert_eq!(seen, [of(0, 10_000, false), of(41, 8_000, false), of(46, 10_000, false), of(60, 9_000, true)]);
    let reference = history.reference(&context).unwrap();
    assert_eq!((reference.amount, (reference.reduced_since - start()).num_days()), (eur(8_000), 60));
}
