//! The contract of staff.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    access::{Actor, NewStaff, Password, PasswordHash, Permission, Permissions, Staff, StaffError, StaffQueries as _},
    storage::Storage as _,
};

use crate::support::{Shop, TestDatabase, id, on_each_database, start, text};

on_each_database!(
    staff_comes_back_as_it_was,
    an_address_is_taken_whatever_its_case,
    of_two_at_once_with_one_address_one_is_created,
);

fn staff(n: u128, email: &str, permissions: Permissions) -> Staff {
    let password_hash = PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned());
    Staff { id: id(n), email: text(email), password_hash, permissions, discount_limit: None, created_at: start() }
}

async fn staff_comes_back_as_it_was(db: TestDatabase) {
    let all = Permission::ALL.iter().copied().collect();
    let queries = db.storage.queries();
    for it in [staff(1, "ada@example.org", all), staff(2, "zoë@example.org", Permissions::new())] {
        let uow = db.storage.begin().await.unwrap();
        assert!(uow.staff().insert(&it).await.unwrap());
        uow.commit().await.unwrap();
        assert_eq!(queries.staff(it.id).await.unwrap().as_ref(), Some(&it));
        assert_eq!(queries.staff_by_email(&it.email).await.unwrap(), Some(it));
    }
    assert_eq!(queries.staff(id(3)).await.unwrap(), None);
    assert_eq!(queries.staff_by_email(&text("nobody@example.org")).await.unwrap(), None);
}

async fn an_address_is_taken_whatever_its_case(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    assert!(uow.staff().insert(&staff(1, "Zoë@Example.org", Permissions::new())).await.unwrap());
    assert!(!uow.staff().insert(&staff(2, "ZOË@EXAMPLE.ORG", Permissions::new())).await.unwrap());
    assert!(uow.staff().insert(&staff(3, "zoe@example.org", Permissions::new())).await.unwrap());
    uow.commit().await.unwrap();
    let found = db.storage.queries().staff_by_email(&text("zoË@example.org")).await.unwrap().unwrap();
    assert_eq!(found.id, id(1));
    assert_eq!(db.number("SELECT COUNT(*) FROM staff").await, 2);
}

async fn of_two_at_once_with_one_address_one_is_created(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let shop = shop.clone();
            let email = if n % 2 == 0 { text("ada@example.org") } else { text("ADA@example.org") };
            let password = Password::parse("correct horse".to_owned()).unwrap();
            let new = NewStaff { email, password, permissions: Permissions::new(), discount_limit: None };
            tokio::spawn(async move { shop.app.staff.create(&Actor::system(), new).await })
        })
        .collect();
    let mut created = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => created += 1,
            Err(error) => assert!(matches!(error, StaffError::EmailTaken), "{error:?}"),
        }
    }
    assert_eq!(created, 1);
}
