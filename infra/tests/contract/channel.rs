//! The contract of locations and delivery methods.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    channel::{ChannelQueries as _, DeliveryKind, DeliveryMethod, LocationKind},
    language::{Language, Translated},
    money::{Currency, Money},
    storage::Storage as _,
};

use crate::support::{TestDatabase, id, location, on_each_database, text};

on_each_database!(locations_come_back_as_they_were, a_location_keeps_its_id, methods_come_back_as_they_were);

async fn locations_come_back_as_they_were(db: TestDatabase) {
    let (second, first) = (location(2, LocationKind::Warehouse, true), location(1, LocationKind::Store, false));
    let uow = db.storage.begin().await.unwrap();
    for it in [&second, &first] {
        assert_eq!(uow.channels().save_location(it).await.unwrap(), *it);
    }
    assert_eq!(uow.channel_queries().locations().await.unwrap().len(), 2, "within the transaction");
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    assert_eq!(queries.locations().await.unwrap(), [first, second.clone()], "by code");
    assert_eq!(queries.locations_by_id(&[second.id, id(9), second.id]).await.unwrap(), [second]);
    assert_eq!(queries.locations_by_id(&[]).await.unwrap(), []);
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
    assert_eq!(db.storage.queries().locations().await.unwrap(), [again]);
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
    assert_eq!(db.storage.queries().delivery_methods().await.unwrap(), [filled, bare], "by code, replaced");
}
