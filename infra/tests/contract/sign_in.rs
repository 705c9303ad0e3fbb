//! The contract of sign-ins.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use chrono::TimeDelta;
use comptoir_domain::{
    access::{
        Actor, NewStaff, Password, Permission, Principal, SignIn, SignInEnd, SignInError, SignInQueries as _,
        SignInTokens, Subject,
    },
    ids::SignInId,
    storage::Storage as _,
};

use crate::support::{SequentialIds, Shop, TestDatabase, id, on_each_database, start, text};

on_each_database!(
    a_sign_in_comes_back_as_it_was,
    all_of_a_subject_end_but_one,
    a_refresh_token_is_used_once,
    of_two_at_once_with_one_refresh_token_one_wins_and_the_chain_ends,
    tokens_end_with_the_sign_in,
    what_expired_long_ago_is_forgotten,
);

fn sign_in(n: u128, subject: Subject) -> SignIn {
    SignIn { id: id(n), ..SignIn::begin(subject, start(), &SequentialIds::default()) }
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
    let actor = Actor { principal, cart_secret: None };
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
