//! The contract of channels, markets, locations and delivery methods, and of settings as a whole.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    access::Actor,
    channel::{Channel, ChannelKind, DeliveryKind, DeliveryMethod, LocationKind, Market, PriceDisplay},
    inventory::HoldPolicy,
    language::{Language, Translated},
    money::{Currency, Money},
    pricing::tax::PriceEntry,
    settings::{SettingsQueries as _, StoredSettings},
    storage::Storage as _,
};

use crate::support::{Shop, TestDatabase, id, location, on_each_database, start, text};

on_each_database!(
    locations_come_back_as_they_were,
    a_location_keeps_its_id,
    methods_come_back_as_they_were,
    channels_and_markets_come_back_as_they_were,
    one_channel_and_one_market_are_the_default,
    a_change_is_seen_by_whoever_keeps_settings,
);

async fn stored(db: &TestDatabase) -> StoredSettings {
    db.storage.queries().stored_settings(start()).await.unwrap()
}

async fn locations_come_back_as_they_were(db: TestDatabase) {
    let (second, first) = (location(2, LocationKind::Warehouse, true), location(1, LocationKind::Store, false));
    let uow = db.storage.begin().await.unwrap();
    for it in [&second, &first] {
        assert_eq!(uow.channels().save_location(it).await.unwrap(), *it);
    }
    uow.commit().await.unwrap();
    assert_eq!(stored(&db).await.locations, [first, second], "by code");
}

async fn a_location_keeps_its_id(db: TestDatabase) {
    let first = location(1, LocationKind::Warehouse, true);
    let mut again = location(2, LocationKind::Store, false);
    again.draft.code = first.draft.code.clone();
    let uow = db.storage.begin().await.unwrap();
    uow.channels().save_location(&first).await.unwrap();
    let saved = uow.channels().save_location(&again).await.unwrap();
    uow.commit().await.unwrap();
    again.id = first.id;
    assert_eq!(saved, again);
    assert_eq!(stored(&db).await.locations, [again]);
}

async fn methods_come_back_as_they_were(db: TestDatabase) {
    let mut name = Translated::default();
    name.insert(Language::english(), "Vélo 🚲".to_owned());
    name.insert(text("fr"), "À vélo".to_owned());
    let bare = DeliveryMethod {
        code: text("walk"),
        kind: DeliveryKind::Pickup,
        name: name.clone(),
        countries: Vec::new(),
        prices: Vec::new(),
    };
    let prices =
        vec![Money::new(i64::MAX, Currency::KWD), Money::new(0, Currency::JPY), Money::new(490, Currency::EUR)];
    let filled = DeliveryMethod {
        code: text("bike"),
        kind: DeliveryKind::Ship,
        name,
        countries: vec![text("FR"), text("CH")],
        prices,
    };
    let uow = db.storage.begin().await.unwrap();
    uow.channels().save_delivery_method(&DeliveryMethod { code: text("bike"), ..bare.clone() }).await.unwrap();
    for it in [&bare, &filled] {
        uow.channels().save_delivery_method(it).await.unwrap();
    }
    uow.commit().await.unwrap();
    assert_eq!(stored(&db).await.delivery_methods, [filled, bare], "by code, replaced");
}

fn channel(code: &str, is_default: bool) -> Channel {
    Channel {
        code: text(code),
        kind: ChannelKind::PointOfSale,
        name: "Caisse 1 🛒".to_owned(),
        location_id: Some(id(1)),
        market: Some(text("fr")),
        is_default,
        hold_policy: if is_default { HoldPolicy::OnCheckout } else { HoldPolicy::None },
        hold_minutes: 42,
    }
}

fn market(code: &str, is_default: bool) -> Market {
    let name = [(Language::english(), code.to_owned())].into_iter().collect();
    Market { code: text(code), name, is_default, ..Market::anywhere(Currency::EUR) }
}

async fn channels_and_markets_come_back_as_they_were(db: TestDatabase) {
    let bare = Channel { kind: ChannelKind::Web, location_id: None, market: None, ..channel("web", false) };
    let filled = Market {
        countries: vec![text("FR"), text("MC")],
        languages: vec![text("fr"), text("br")],
        price_entry: PriceEntry::GrossOf(comptoir_domain::pricing::tax::TaxZone::country(text("FR"))),
        price_display: PriceDisplay::Net,
        ..market("fr", false)
    };
    let uow = db.storage.begin().await.unwrap();
    for it in [&bare, &channel("till", false), &Channel { name: "Web".to_owned(), ..bare.clone() }] {
        uow.channels().save_channel(it).await.unwrap();
    }
    for it in [&filled, &market("anywhere", false)] {
        uow.channels().save_market(it).await.unwrap();
    }
    uow.commit().await.unwrap();
    let stored = stored(&db).await;
    assert_eq!(
        stored.channels,
        [channel("till", false), Channel { name: "Web".to_owned(), ..bare }],
        "by code, replaced"
    );
    assert_eq!(stored.markets, [market("anywhere", false), filled]);
}

async fn one_channel_and_one_market_are_the_default(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for code in ["a", "b"] {
        uow.channels().save_channel(&channel(code, true)).await.unwrap();
        uow.channels().save_market(&market(code, true)).await.unwrap();
    }
    uow.channels().save_channel(&channel("c", false)).await.unwrap();
    uow.commit().await.unwrap();
    let stored = stored(&db).await;
    assert_eq!(stored.channels.iter().map(|it| it.is_default).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(stored.markets.iter().map(|it| it.is_default).collect::<Vec<_>>(), [false, true]);
}

async fn a_change_is_seen_by_whoever_keeps_settings(db: TestDatabase) {
    // Two replicas on one database.
    let (ours, theirs) = (Shop::open(db.clone()).await, Shop::open(db).await);
    let system = Actor::system();
    let markets = async |shop: &Shop| shop.app.channels.settings(&system).await.unwrap().markets.len();
    assert_eq!((markets(&ours).await, markets(&theirs).await), (1, 1), "the one that is built in");
    ours.app.channels.save_market(&system, market("fr", true)).await.unwrap();
    ours.app.channels.save_market(&system, market("us", false)).await.unwrap();
    assert_eq!(markets(&ours).await, 2, "at once, and the one that was built in is gone");
    theirs.clock.advance(TimeDelta::seconds(5));
    let before = theirs.db.storage.statement_count();
    assert_eq!(markets(&theirs).await, 2, "after five seconds elsewhere");
    let read = theirs.db.storage.statement_count() - before;
    assert_eq!(markets(&theirs).await, 2);
    assert_eq!(theirs.db.storage.statement_count() - before, read, "kept");
    theirs.clock.advance(TimeDelta::seconds(5));
    let _ = markets(&theirs).await;
    assert_eq!(theirs.db.storage.statement_count() - before, read + 1, "there is nothing newer");
}
