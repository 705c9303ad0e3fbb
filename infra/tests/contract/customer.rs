//! The contract of customers.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    access::{Actor, Password, PasswordHash, Principal, SignInQueries as _, SignedIn, Subject},
    cart::Cart,
    customer::{
        Customer, CustomerCursor, CustomerError, CustomerGroup, CustomerName, CustomerQueries as _, CustomerTerms,
        NewCustomer,
    },
    ids::SignInId,
    language::Language,
    order::{Order, OrderCursor, OrderQueries as _},
    page::{PageRequest, PageSize},
    pricing::tax::TaxExemption,
    storage::{Storage as _, StorageError},
};

use crate::support::{Shop, TestDatabase, cart, id, on_each_database, order, start, text};

on_each_database!(
    a_customer_comes_back_as_it_was,
    an_address_is_taken_whatever_its_case,
    customers_are_listed_newest_first,
    terms_are_told_of_many_customers_at_once,
    a_stale_customer_is_a_conflict,
    a_new_password_ends_other_sign_ins,
    a_customers_orders_are_theirs_alone,
    what_was_looked_at_is_kept_in_order_and_forgotten,
);

fn customer(n: u128, email: &str) -> Customer {
    Customer {
        id: id(n),
        version: 1,
        email: text(email),
        password_hash: PasswordHash::new("hash".to_owned()),
        name: CustomerName::parse(Some("Zoë \u{1f381}"), None).unwrap(),
        language: text("fr"),
        allows_personalization: false,
        group_ids: Vec::new(),
        tax_exemptions: Vec::new(),
        created_at: start() + TimeDelta::seconds(i64::try_from(n).unwrap()),
        updated_at: start(),
    }
}

async fn insert(db: &TestDatabase, customer: &Customer) -> bool {
    let uow = db.storage.begin().await.unwrap();
    let inserted = uow.customers().insert(customer).await.unwrap();
    uow.commit().await.unwrap();
    inserted
}

fn exemption() -> TaxExemption {
    TaxExemption {
        certificate: "Nº 7 🧾".to_owned(),
        country: text("DE"),
        categories: vec![text("standard")],
        from: Some("2026-01-01".parse().unwrap()),
        until: None,
    }
}

async fn a_customer_comes_back_as_it_was(db: TestDatabase) {
    let queries = db.storage.queries();
    let mut it = customer(1, "ada@example.org");
    assert!(insert(&db, &it).await);
    assert_eq!(queries.customers_by_id(&[it.id, id(2), it.id]).await.unwrap(), [it.clone()]);
    it.version = 2;
    it.name = CustomerName::parse(None, Some("Lovelace")).unwrap();
    it.language = Language::english();
    it.allows_personalization = true;
    it.group_ids = vec![id(1), id(2)];
    it.tax_exemptions = vec![exemption()];
    it.password_hash = PasswordHash::new("other".to_owned());
    it.updated_at = start() + TimeDelta::microseconds(1);
    let uow = db.storage.begin().await.unwrap();
    uow.customers().save(&it).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(queries.customer_by_email(&text("ADA@example.org")).await.unwrap(), Some(it));
    assert_eq!(queries.customer_by_email(&text("eve@example.org")).await.unwrap(), None);
    let before = db.storage.statement_count();
    assert_eq!(queries.customers_by_id(&[]).await.unwrap(), []);
    assert_eq!(db.storage.statement_count(), before, "nobody is looked for without a statement");
}

async fn an_address_is_taken_whatever_its_case(db: TestDatabase) {
    assert!(insert(&db, &customer(1, "Zoë@Example.org")).await);
    assert!(!insert(&db, &customer(2, "ZOË@EXAMPLE.ORG")).await);
    assert!(insert(&db, &customer(3, "zoe@example.org")).await);
    assert_eq!(db.number("SELECT COUNT(*) FROM customer").await, 2);
}

async fn customers_are_listed_newest_first(db: TestDatabase) {
    for n in 1..=5 {
        insert(&db, &customer(n, &format!("c{n}@example.org"))).await;
    }
    let queries = db.storage.queries();
    let mut page = PageRequest::first(PageSize::parse(2).unwrap());
    let mut seen = Vec::new();
    for has_next in [true, true, false] {
        let found = queries.customers(&page).await.unwrap();
        assert_eq!(found.has_next, has_next);
        page.cursor = found.items.last().map(CustomerCursor::of);
        seen.extend(found.items.into_iter().map(|it| it.id));
    }
    assert_eq!(seen, [5, 4, 3, 2, 1].map(id));
}

async fn a_stale_customer_is_a_conflict(db: TestDatabase) {
    let mut it = customer(1, "ada@example.org");
    insert(&db, &it).await;
    it.version = 3;
    let uow = db.storage.begin().await.unwrap();
    assert!(matches!(uow.customers().save(&it).await, Err(StorageError::Conflict)));
    assert!(uow.commit().await.is_err());
}

/// Ada, who signed up, as the actor that she is.
async fn ada(shop: &Shop) -> (SignedIn<Customer>, Actor) {
    let new = NewCustomer {
        email: text("ada@example.org"),
        password: Password::parse("correct horse".to_owned()).unwrap(),
        name: CustomerName::default(),
        language: Language::english(),
    };
    let signed_in = shop.app.customers.sign_up(&Actor::anonymous(None), new).await.unwrap();
    let (principal, _) = shop.app.sign_ins.authenticate(&signed_in.tokens.access).await.unwrap().unwrap();
    let actor = Actor { principal, cart_secret: None, network: None };
    assert_eq!(actor.customer(), Some(signed_in.who.id));
    (signed_in, actor)
}

async fn a_new_password_ends_other_sign_ins(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (_, here) = ada(&shop).await;
    let nobody = Actor::anonymous(None);
    let elsewhere = shop.app.customers.sign_in(&nobody, "ada@example.org", "correct horse").await.unwrap();
    let new = || Password::parse("battery staple".to_owned()).unwrap();
    let wrong = shop.app.customers.change_password(&here, "correct hors", new()).await;
    assert!(matches!(wrong, Err(CustomerError::WrongPassword)), "{wrong:?}");
    assert!(shop.app.sign_ins.authenticate(&elsewhere.tokens.access).await.unwrap().is_ok());
    shop.app.customers.change_password(&here, "correct horse", new()).await.unwrap();
    assert!(shop.app.sign_ins.authenticate(&elsewhere.tokens.access).await.unwrap().is_err());
    assert!(shop.app.sign_ins.refresh(&nobody, &elsewhere.tokens.refresh).await.is_err());
    let (Subject::Customer(_), sign_in) = here.signed_in().unwrap() else { panic!("no customer") };
    assert!(shop.db.storage.queries().sign_in(sign_in).await.unwrap().unwrap().end.is_none(), "it goes on here");
    for (password, is_right) in [("correct horse", false), ("battery staple", true)] {
        let signed_in = shop.app.customers.sign_in(&nobody, "Ada@example.org", password).await;
        assert_eq!(signed_in.is_ok(), is_right, "{password}");
    }
}

async fn a_customers_orders_are_theirs_alone(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for n in 1..=4 {
        let customer_id = (n != 4).then(|| id(n % 2));
        uow.orders().insert(&Order { customer_id, ..order(n, false) }).await.unwrap();
    }
    uow.commit().await.unwrap();
    let page = PageRequest::<OrderCursor>::first(PageSize::DEFAULT);
    let queries = db.storage.queries();
    let of = async |n| queries.orders(Some(id(n)), &page).await.unwrap().items;
    assert_eq!(of(1).await.iter().map(|it| it.id).collect::<Vec<_>>(), [id(3), id(1)]);
    assert!(of(0).await.iter().all(|it| it.customer_id == Some(id(0))));
    assert_eq!(queries.orders(None, &page).await.unwrap().items.len(), 4);

    let shop = Shop::open(db).await;
    let actor = |n| {
        let principal = Principal::Customer { id: id(n), sign_in: id::<SignInId>(9), device: None };
        Actor { principal, cart_secret: None, network: None }
    };
    let seen = async |actor: &Actor| shop.app.orders.of_customer(actor, id(1), &page).await.unwrap().items.len();
    assert_eq!(seen(&actor(1)).await, 2);
    assert_eq!(seen(&Actor::system()).await, 2);
    assert_eq!(seen(&actor(2)).await, 0);
    assert_eq!(seen(&Actor::anonymous(None)).await, 0);
}

async fn what_was_looked_at_is_kept_in_order_and_forgotten(db: TestDatabase) {
    let queries = db.storage.queries();
    for n in [1, 2] {
        assert!(insert(&db, &customer(n, &format!("c{n}@example.org"))).await);
    }
    let at = |seconds: i64| start() + TimeDelta::seconds(seconds);
    let uow = db.storage.begin().await.unwrap();
    for (second, product) in [(1, 1), (2, 2), (3, 3), (4, 1)] {
        uow.customers().add_view(id(1), id(product), at(second)).await.unwrap();
    }
    uow.customers().add_view(id(2), id(7), at(1)).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(queries.viewed_products(id(1)).await.unwrap(), [id(1), id(3), id(2)]);

    let uow = db.storage.begin().await.unwrap();
    uow.customers().clear_views(id(1), Some(&[id(3), id(9)])).await.unwrap();
    uow.customers().clear_views(id(1), Some(&[])).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(queries.viewed_products(id(1)).await.unwrap(), [id(1), id(2)]);

    let uow = db.storage.begin().await.unwrap();
    for n in 0..Customer::VIEWS_MAX as u128 {
        uow.customers().add_view(id(1), id(100 + n), at(10 + i64::try_from(n).unwrap())).await.unwrap();
    }
    uow.commit().await.unwrap();
    let kept = queries.viewed_products(id(1)).await.unwrap();
    assert_eq!((kept.len(), kept.first(), kept.last()), (Customer::VIEWS_MAX, Some(&id(149)), Some(&id(100))));

    let uow = db.storage.begin().await.unwrap();
    uow.customers().clear_views(id(1), None).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(queries.viewed_products(id(1)).await.unwrap(), []);
    assert_eq!(queries.viewed_products(id(2)).await.unwrap(), [id(7)]);
}

async fn terms_are_told_of_many_customers_at_once(db: TestDatabase) {
    let groups =
        [(2, "Trade"), (1, "Créateurs 👩‍🍳")].map(|(n, name)| CustomerGroup { id: id(n), name: name.to_owned() });
    let uow = db.storage.begin().await.unwrap();
    for it in &groups {
        uow.customers().save_group(it).await.unwrap();
    }
    let terms = |group_ids, tax_exemptions| CustomerTerms { group_ids, tax_exemptions };
    let all = [terms(vec![id(1), id(9)], vec![exemption()]), terms(vec![], vec![]), terms(vec![id(2)], vec![])];
    for (n, CustomerTerms { group_ids, tax_exemptions }) in (1..).zip(all.clone()) {
        let customer = Customer { group_ids, tax_exemptions, ..customer(n, &format!("{n}@example.org")) };
        assert!(uow.customers().insert(&customer).await.unwrap());
    }
    uow.commit().await.unwrap();
    let queries = db.storage.queries();
    let before = db.storage.statement_count();
    let mut found = queries.customer_terms(&[id(1), id(2), id(3), id(4), id(1)]).await.unwrap();
    assert_eq!(db.storage.statement_count() - before, 1);
    found.sort_by_key(|it| it.0);
    assert_eq!(found, [(id(1), all[0].clone()), (id(3), all[2].clone())]);
    assert_eq!(queries.customer_groups().await.unwrap(), [groups[1].clone(), groups[0].clone()]);

    // A cart is found with those of its customer, who stays free for others to change.
    let uow = db.storage.begin().await.unwrap();
    let carts = [Some(id(1)), Some(id(2)), Some(id(9)), None];
    let carts: Vec<Cart> = (1..).zip(carts).map(|(n, customer_id)| Cart { customer_id, ..cart(n, false) }).collect();
    for it in &carts {
        uow.carts().insert(it).await.unwrap();
        let expected = if it.customer_id == Some(id(1)) { all[0].clone() } else { CustomerTerms::default() };
        assert_eq!(uow.carts().find_with_terms(it.id).await.unwrap(), Some((it.clone(), expected)));
    }
    assert_eq!(uow.carts().find_with_terms(id(99)).await.unwrap(), None);
    uow.commit().await.unwrap();

    let uow = db.storage.begin().await.unwrap();
    let renamed = CustomerGroup { name: "B2B".to_owned(), ..groups[0].clone() };
    uow.customers().save_group(&renamed).await.unwrap();
    assert!(uow.customers().delete_group(id(1)).await.unwrap());
    assert!(!uow.customers().delete_group(id(1)).await.unwrap());
    uow.commit().await.unwrap();
    assert_eq!(queries.customer_groups().await.unwrap(), [renamed]);
}
