//! The contract of sign-ins.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use chrono::TimeDelta;
use comptoir_domain::{
    access::{
        AccessError, Actor, NewStaff, Password, PasswordHash, Permission, Pin, Principal, SignIn, SignInEnd,
        SignInError, SignInQueries as _, SignInTokens, StaffError, StaffPin, Subject,
    },
    channel::{Channel, ChannelKind},
    customer::CustomerError,
    ids::{DeviceId, SignInId, StaffId},
    inventory::{StockAdjustment, StockChange},
    storage::Storage as _,
};

use crate::support::{SequentialIds, Shop, TestDatabase, id, on_each_database, start, text};

on_each_database!(
    a_sign_in_comes_back_as_it_was,
    all_of_a_subject_end_but_one,
    all_on_a_device_end_with_it,
    customers_on_a_device_end_without_staff,
    who_leaves_while_their_password_is_checked_is_not_signed_in,
    a_pin_comes_back_as_it_was,
    of_many_attempts_at_once_no_more_count_than_may,
    who_stepped_up_acts_on_the_device_while_it_lasts,
    a_refresh_token_is_used_once,
    of_two_at_once_with_one_refresh_token_one_wins_and_the_chain_ends,
    tokens_end_with_the_sign_in,
    what_expired_long_ago_is_forgotten,
);

fn sign_in(n: u128, subject: Subject) -> SignIn {
    SignIn { id: id(n), ..SignIn::begin(subject, None, start(), &SequentialIds::default()) }
}

async fn insert(db: &TestDatabase, all: &[SignIn]) {
    let uow = db.storage.begin().await.unwrap();
    for it in all {
        uow.sign_ins().insert(it).await.unwrap();
    }
    uow.commit().await.unwrap();
}

async fn a_sign_in_comes_back_as_it_was(db: TestDatabase) {
    let queries = db.storage.queries();
    let [customer, mut staff] = [sign_in(1, Subject::Customer(id(7))), sign_in(2, Subject::Staff(id(7)))];
    insert(&db, &[customer.clone(), staff.clone()]).await;
    assert_eq!(queries.sign_in(id(1)).await.unwrap(), Some(customer));
    assert_eq!(queries.sign_in(id(3)).await.unwrap(), None);
    staff.generation = 9;
    staff.end = Some(SignInEnd::TokenReused);
    staff.expires_at += TimeDelta::microseconds(1);
    let uow = db.storage.begin().await.unwrap();
    uow.sign_ins().save(&staff).await.unwrap();
    assert_eq!(uow.sign_ins().find(id(2)).await.unwrap(), Some(staff.clone()));
    uow.commit().await.unwrap();
    assert_eq!(queries.sign_in(id(2)).await.unwrap(), Some(staff));
}

async fn all_of_a_subject_end_but_one(db: TestDatabase) {
    let subject = Subject::Customer(id(7));
    let all = [(1, subject), (2, subject), (3, subject), (4, Subject::Staff(id(7))), (5, Subject::Customer(id(8)))];
    insert(&db, &all.map(|(n, subject)| sign_in(n, subject))).await;
    let uow = db.storage.begin().await.unwrap();
    let mut ended = uow.sign_ins().end_all(subject, Some(id(2)), SignInEnd::PasswordChanged).await.unwrap();
    ended.sort_unstable();
    assert_eq!(ended, [id(1), id(3)]);
    assert_eq!(uow.sign_ins().end_all(subject, None, SignInEnd::SignedOut).await.unwrap(), [id(2)]);
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    let mut ends = Vec::new();
    for n in 1..=5 {
        ends.push(queries.sign_in(id(n)).await.unwrap().unwrap().end);
    }
    let changed = Some(SignInEnd::PasswordChanged);
    assert_eq!(ends, [changed, Some(SignInEnd::SignedOut), changed, None, None]);
}

async fn all_on_a_device_end_with_it(db: TestDatabase) {
    let on = |n, device| SignIn { device_id: Some(id(device)), ..sign_in(n, Subject::Staff(id(7))) };
    insert(&db, &[on(1, 5), on(2, 6), sign_in(3, Subject::Staff(id(7))), on(4, 5)]).await;
    let uow = db.storage.begin().await.unwrap();
    let mut ended = uow.sign_ins().end_all_on(id(5), SignInEnd::DeviceRevoked).await.unwrap();
    ended.sort_unstable();
    assert_eq!(ended, [id(1), id(4)]);
    assert_eq!(uow.sign_ins().end_all_on(id(5), SignInEnd::DeviceRevoked).await.unwrap(), []);
    uow.commit().await.unwrap();
    let found = db.storage.queries().sign_in(id(4)).await.unwrap().unwrap();
    assert_eq!(found, SignIn { end: Some(SignInEnd::DeviceRevoked), ..on(4, 5) });
}

async fn customers_on_a_device_end_without_staff(db: TestDatabase) {
    let on = |n, device, subject| SignIn { device_id: Some(id(device)), ..sign_in(n, subject) };
    let (customer, staff) = (Subject::Customer(id(7)), Subject::Staff(id(7)));
    insert(&db, &[on(1, 5, customer), on(2, 5, staff), on(3, 6, customer), sign_in(4, customer)]).await;
    let uow = db.storage.begin().await.unwrap();
    assert_eq!(uow.sign_ins().end_customers_on(id(5), SignInEnd::DeviceSessionEnded).await.unwrap(), [id(1)]);
    assert_eq!(uow.sign_ins().end_customers_on(id(5), SignInEnd::DeviceSessionEnded).await.unwrap(), []);
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    let mut ends = Vec::new();
    for n in 1..=4 {
        ends.push(queries.sign_in(id(n)).await.unwrap().unwrap().end);
    }
    assert_eq!(ends, [Some(SignInEnd::DeviceSessionEnded), None, None, None]);
}

async fn a_pin_comes_back_as_it_was(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let staff = staff(&shop).await;
    let hash = PasswordHash::new("hash".to_owned());
    let first = StaffPin { staff_id: staff, hash, failures: 3, locked_until: Some(start()), set_at: start() };
    let second =
        StaffPin { failures: 0, locked_until: None, hash: PasswordHash::new("other".to_owned()), ..first.clone() };
    for pin in [first, second] {
        let uow = shop.db.storage.begin().await.unwrap();
        uow.pins().save(&pin).await.unwrap();
        uow.commit().await.unwrap();
        let uow = shop.db.storage.begin().await.unwrap();
        assert_eq!(uow.pins().find(staff).await.unwrap(), Some(pin));
        assert_eq!(uow.pins().find(id(9)).await.unwrap(), None);
    }
}

/// A member of staff.
async fn staff(shop: &Shop) -> StaffId {
    let password = Password::parse("correct horse".to_owned()).unwrap();
    let new = NewStaff {
        email: text("ada@example.org"),
        password,
        permissions: Permission::ALL.iter().copied().collect(),
        discount_limit: None,
    };
    shop.app.staff.create(&Actor::system(), new).await.unwrap().id
}

/// A till that is enrolled, as it acts, and a member of staff with a PIN.
async fn with_till(db: TestDatabase) -> (Arc<Shop>, Actor, DeviceId) {
    let shop = Shop::open(db).await;
    let web = shop.app.settings.latest().await.unwrap().default_channel();
    let till = Channel {
        code: text("till"),
        kind: ChannelKind::PointOfSale,
        name: "Till".to_owned(),
        location_id: Some(shop.store.id),
        is_default: false,
        ..Channel::clone(&web)
    };
    shop.app.channels.save_channel(&Actor::system(), till).await.unwrap();
    let enrolment = shop.app.devices.create_enrolment(&Actor::system(), "Till", "till").await.unwrap();
    let (device, token) = shop.app.devices.enrol(&Actor::anonymous(None), &enrolment.code).await.unwrap();
    let place = shop.app.devices.authenticate(&token).await.unwrap().unwrap();
    let id = staff(&shop).await;
    let principal = Principal::Staff { id, permissions: [].into(), sign_in: crate::support::id(1), device: None };
    let actor = Actor { principal, cart_secret: None, network: None };
    let pin = Pin::parse("314159".to_owned()).unwrap();
    assert!(matches!(shop.app.staff.set_pin(&actor, "wrong horse", &pin).await, Err(StaffError::WrongPassword)));
    shop.app.staff.set_pin(&actor, "correct horse", &pin).await.unwrap();
    (shop, Actor { principal: Principal::Device(place), cart_secret: None, network: None }, device.id)
}

async fn of_many_attempts_at_once_no_more_count_than_may(db: TestDatabase) {
    let (shop, till, _) = with_till(db).await;
    let attempt = async |pin: &str| shop.app.staff.step_up(&till, "ada@example.org", pin).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (shop, till) = (shop.clone(), till.clone());
            tokio::spawn(async move { shop.app.staff.step_up(&till, "ada@example.org", "271828").await })
        })
        .collect();
    let mut checked = 0;
    for task in tasks {
        match task.await.unwrap() {
            Err(StaffError::WrongPin) => checked += 1,
            Err(StaffError::PinLocked { until }) => assert_eq!(until, start() + StaffPin::LOCKOUT),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(checked, StaffPin::FAILURES_MAX);
    assert!(matches!(attempt("314159").await, Err(StaffError::PinLocked { .. })), "the right one has to wait, too");
    shop.clock.advance(StaffPin::LOCKOUT);
    assert!(matches!(attempt("271828").await, Err(StaffError::WrongPin)));
    assert!(attempt("314159").await.is_ok());
    for (email, pin) in [("eve@example.org", "314159"), ("nobody", "314159"), ("ada@example.org", ""), ("", "")] {
        let res = shop.app.staff.step_up(&till, email, pin).await;
        assert!(matches!(res, Err(StaffError::WrongPin)), "{email} {pin}: {res:?}");
    }
    let nobody = shop.app.staff.step_up(&Actor::anonymous(None), "ada@example.org", "314159").await;
    assert!(matches!(nobody, Err(StaffError::Access(AccessError::Unauthenticated))));
}

async fn who_leaves_while_their_password_is_checked_is_not_signed_in(db: TestDatabase) {
    let (shop, till, device) = with_till(db).await;
    shop.customer("eve@example.org").await;
    let sign_in = async || shop.app.customers.sign_in(&till, "eve@example.org", "a password").await;
    let is_signed_in = async || match sign_in().await {
        Ok(it) => shop.app.sign_ins.authenticate(&it.tokens.access).await.unwrap().is_ok(),
        Err(CustomerError::Access(AccessError::Unauthenticated)) => false,
        Err(other) => panic!("{other:?}"),
    };
    assert!(is_signed_in().await);
    // Time stands still: whoever asks now has asked before the session ended.
    shop.app.devices.end_session(&till).await.unwrap();
    assert!(!is_signed_in().await);
    shop.clock.advance(TimeDelta::microseconds(1));
    let next = sign_in().await.unwrap();
    assert!(shop.app.sign_ins.authenticate(&next.tokens.access).await.unwrap().is_ok(), "the next one");
    shop.app.devices.revoke(&Actor::system(), device).await.unwrap();
    shop.clock.advance(TimeDelta::microseconds(1));
    assert!(!is_signed_in().await);
    let refreshed = shop.app.sign_ins.refresh(&Actor::anonymous(None), &next.tokens.refresh).await;
    assert!(matches!(refreshed, Err(SignInError::InvalidRefreshToken)));
}

async fn who_stepped_up_acts_on_the_device_while_it_lasts(db: TestDatabase) {
    let (shop, till, device) = with_till(db).await;
    let step_up = async || shop.app.staff.step_up(&till, "ada@example.org", "314159").await.unwrap();
    let stepped_up = step_up().await;
    let authenticated = async |token| shop.app.sign_ins.authenticate(token).await.unwrap();
    let (principal, _) = authenticated(&stepped_up.token).await.unwrap();
    let actor = Actor { principal, cart_secret: None, network: None };
    assert_eq!(actor.device(), till.device());
    let counter =
        [Permission::GiveDiscounts, Permission::ManageCarts, Permission::ManageStock, Permission::ViewCustomers];
    assert!(Permission::ALL.iter().all(|it| actor.has(*it) == counter.contains(it)));
    let pin = Pin::parse("271828".to_owned()).unwrap();
    let res = shop.app.staff.set_pin(&actor, "correct horse", &pin).await;
    assert!(matches!(res, Err(StaffError::Access(AccessError::StaffOnly))), "a PIN opens no other");
    let variant = shop.sell("mug", 5, 5).await;
    for (location, is_own) in [(&shop.store, true), (&shop.warehouse, false)] {
        let change = StockAdjustment { variant_id: variant, location_id: location.id, change: StockChange::By(1) };
        let res = shop.app.inventory.adjust(&actor, shop.key(), &[change]).await;
        assert_eq!(res.is_ok(), is_own, "{res:?}");
    }
    shop.clock.advance(TimeDelta::minutes(10));
    assert!(authenticated(&stepped_up.token).await.is_err(), "ten minutes are over");
    let again = step_up().await;
    assert!(authenticated(&again.token).await.is_ok());
    shop.app.devices.revoke(&Actor::system(), device).await.unwrap();
    assert!(authenticated(&again.token).await.is_err());
}

/// A shop, and the tokens of a member of staff.
async fn with_staff(db: TestDatabase) -> (Arc<Shop>, SignInTokens) {
    let shop = Shop::open(db).await;
    let password = Password::parse("correct horse".to_owned()).unwrap();
    let new = NewStaff {
        email: text("ada@example.org"),
        password,
        permissions: [Permission::ManageStock].into(),
        discount_limit: None,
    };
    shop.app.staff.create(&Actor::system(), new).await.unwrap();
    let nobody = Actor::anonymous(None);
    let signed_in = shop.app.staff.sign_in(&nobody, "ada@example.org", "correct horse").await.unwrap();
    (shop, signed_in.tokens)
}

async fn refresh(shop: &Shop, tokens: &SignInTokens) -> Result<SignInTokens, SignInError> {
    shop.app.sign_ins.refresh(&Actor::anonymous(None), &tokens.refresh).await
}

async fn opens(shop: &Shop, tokens: &SignInTokens) -> bool {
    shop.app.sign_ins.authenticate(&tokens.access).await.unwrap().is_ok()
}

async fn a_refresh_token_is_used_once(db: TestDatabase) {
    let (shop, first) = with_staff(db).await;
    shop.clock.advance(TimeDelta::minutes(59));
    assert!(opens(&shop, &first).await);
    shop.clock.advance(TimeDelta::minutes(1));
    assert!(!opens(&shop, &first).await, "an hour is over");
    let second = refresh(&shop, &first).await.unwrap();
    let third = refresh(&shop, &second).await.unwrap();
    assert!(opens(&shop, &second).await && opens(&shop, &third).await);
    assert!(matches!(refresh(&shop, &first).await, Err(SignInError::InvalidRefreshToken)));
    assert!(!opens(&shop, &third).await, "the first was stolen: whoever has the third may be the thief");
    assert!(matches!(refresh(&shop, &third).await, Err(SignInError::InvalidRefreshToken)));
}

async fn of_two_at_once_with_one_refresh_token_one_wins_and_the_chain_ends(db: TestDatabase) {
    let (shop, first) = with_staff(db).await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (shop, first) = (shop.clone(), first.clone());
            tokio::spawn(async move { refresh(&shop, &first).await })
        })
        .collect();
    let mut won = Vec::new();
    for task in tasks {
        won.extend(task.await.unwrap().ok());
    }
    let [won] = won.as_slice() else { panic!("{} won", won.len()) };
    assert!(!opens(&shop, won).await);
}

async fn tokens_end_with_the_sign_in(db: TestDatabase) {
    let (shop, here) = with_staff(db).await;
    let nobody = Actor::anonymous(None);
    let elsewhere = shop.app.staff.sign_in(&nobody, "ada@example.org", "correct horse").await.unwrap().tokens;
    let (principal, expires_at) = shop.app.sign_ins.authenticate(&here.access).await.unwrap().unwrap();
    let Principal::Staff { permissions, .. } = &principal else { panic!("{principal:?}") };
    assert_eq!((permissions, expires_at), (&[Permission::ManageStock].into(), here.access_expires_at));
    let actor = Actor { principal, cart_secret: None, network: None };
    assert!(matches!(shop.app.sign_ins.end(&nobody, false).await, Err(SignInError::Access(_))));
    shop.app.sign_ins.end(&actor, false).await.unwrap();
    assert!(!opens(&shop, &here).await && opens(&shop, &elsewhere).await);
    assert!(refresh(&shop, &here).await.is_err());
    let third = shop.app.staff.sign_in(&nobody, "ada@example.org", "correct horse").await.unwrap().tokens;
    shop.app.sign_ins.end(&actor, true).await.unwrap();
    assert!(!opens(&shop, &third).await && !opens(&shop, &elsewhere).await);
    assert_eq!(shop.db.number("SELECT COUNT(*) FROM outbox WHERE CAST(event AS TEXT) LIKE '%sign_in_ended%'").await, 3);
}

async fn what_expired_long_ago_is_forgotten(db: TestDatabase) {
    let (shop, tokens) = with_staff(db).await;
    // Twelve hours, and thirty days.
    shop.clock.advance(TimeDelta::hours(12) + TimeDelta::days(30));
    assert_eq!(shop.app.sign_ins.forget_expired(&Actor::system()).await.unwrap(), 0);
    shop.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(shop.app.sign_ins.forget_expired(&Actor::system()).await.unwrap(), 1);
    assert!(refresh(&shop, &tokens).await.is_err());
    assert_eq!(shop.db.storage.queries().sign_in(id::<SignInId>(1)).await.unwrap(), None);
}
