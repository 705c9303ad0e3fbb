//! Carts that meet: merged into each other, taken over, created again.

#![expect(clippy::unwrap_used, reason = "tests")]

use comptoir_domain::{
    access::{Actor, CartSecret, Tokens as _},
    cart::{
        CartEdit, CartError, CartMerge, CartState, CartView, MergeMoment, MergeOutcome, MergeStrategy, NewCart, NewLine,
    },
    ids::{CartId, VariantId},
};

use crate::support::{PlainTokens, Shop, TestDatabase, id, on_each_database, text};

on_each_database!(
    a_guests_cart_goes_into_the_customers_once,
    a_cart_of_another_customer_is_left_alone,
    a_cart_that_a_client_made_is_created_once,
    of_many_carts_at_once_the_first_is_taken_over_and_has_the_others,
    crosswise_merges_end,
);

fn merge(source_id: CartId, secret: &CartSecret) -> CartMerge {
    CartMerge {
        source_id,
        source_secret: Some(secret.clone()),
        target_id: None,
        strategy: None,
        moment: MergeMoment::Browsing,
        expected_version: None,
    }
}

async fn created(shop: &Shop, actor: &Actor, lines: &[(VariantId, i64)]) -> (CartId, CartSecret) {
    let created = shop.app.carts.create(actor, shop.new_cart(lines).await).await.unwrap();
    (created.view.cart.id, created.secret)
}

fn held(view: &CartView) -> Vec<(VariantId, u32)> {
    view.cart.lines.iter().map(|it| (it.variant_id, it.quantity.get())).collect()
}

async fn a_guests_cart_goes_into_the_customers_once(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (tea, pot) = (shop.sell("tea", 50, 0).await, shop.sell("pot", 50, 0).await);
    let (ada, anybody) = (shop.customer("ada@example.org").await, Actor::anonymous(None));
    // She has none yet: the guest's becomes hers.
    let (first, secret) = created(&shop, &anybody, &[(tea, 2)]).await;
    let adopted = shop.app.carts.merge(&ada, merge(first, &secret)).await.unwrap();
    assert_eq!((adopted.report.outcome, adopted.view.cart.customer_id), (MergeOutcome::Adopted, ada.customer()));
    let again = shop.app.carts.merge(&ada, merge(first, &secret)).await.unwrap();
    assert_eq!((again.report.outcome, again.view.cart.version), (MergeOutcome::Adopted, adopted.view.cart.version));

    let (guest, secret) = created(&shop, &anybody, &[(tea, 3), (pot, 1)]).await;
    let merged = shop.app.carts.merge(&ada, merge(guest, &secret)).await.unwrap();
    assert_eq!((merged.view.cart.id, held(&merged.view)), (first, vec![(tea, 3), (pot, 1)]));
    assert_eq!(
        (merged.report.combined.len(), merged.report.moved.len(), merged.report.strategy),
        (1, 1, MergeStrategy::Max)
    );
    let again = shop.app.carts.merge(&ada, merge(guest, &secret)).await.unwrap();
    assert_eq!((again.report.outcome, held(&again.view)), (MergeOutcome::AlreadyMerged, vec![(tea, 3), (pot, 1)]));
    assert_eq!(again.view.cart.version, merged.view.cart.version, "nothing has changed");

    // Who held the guest's cart learns where it went, and can do nothing with it any more.
    let holder = Actor::anonymous(Some(PlainTokens::default().hash_cart_secret(&secret)));
    let source = shop.app.carts.view(&holder, guest).await.unwrap();
    assert_eq!((source.cart.state, source.cart.lines.len()), (CartState::Merged(first), 0));
    let add = CartEdit::add(vec![NewLine::of(tea, 1)]);
    let refused = shop.app.carts.edit(&holder, guest, None, add).await;
    assert!(matches!(refused, Err(CartError::Merged { into }) if into == first));
    let at_checkout = {
        let (guest, secret) = created(&shop, &anybody, &[(pot, 2)]).await;
        CartMerge { moment: MergeMoment::Checkout, ..merge(guest, &secret) }
    };
    let replaced = shop.app.carts.merge(&ada, at_checkout).await.unwrap();
    assert_eq!((replaced.report.strategy, held(&replaced.view)), (MergeStrategy::GuestWins, vec![(pot, 2)]));
    let separate = {
        let (guest, secret) = created(&shop, &anybody, &[(tea, 1)]).await;
        CartMerge { strategy: Some(MergeStrategy::KeepSeparate), ..merge(guest, &secret) }
    };
    let kept = shop.app.carts.merge(&ada, separate).await.unwrap();
    assert_eq!((kept.report.outcome, held(&kept.view)), (MergeOutcome::KeptSeparate, vec![(tea, 1)]));
    assert_eq!(shop.app.carts.view(&ada, first).await.unwrap().cart.lines.len(), 1, "both are hers");
}

async fn a_cart_of_another_customer_is_left_alone(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 50, 0).await;
    let (ada, bob) = (shop.customer("ada@example.org").await, shop.customer("bob@example.org").await);
    let (hers, secret) = created(&shop, &ada, &[(tea, 2)]).await;
    let before = shop.app.carts.view(&ada, hers).await.unwrap().cart;
    // Bob signs in on the device where Ada was: it still has her cart's secret.
    let refused = shop.app.carts.merge(&bob, merge(hers, &secret)).await;
    assert!(matches!(refused, Err(CartError::OfAnotherCustomer)), "{refused:?}");
    let with_secret = Actor { cart_secret: Some(before.secret_hash.clone()), ..bob.clone() };
    assert!(matches!(shop.app.carts.view(&with_secret, hers).await, Err(CartError::NotFound)));
    let add = CartEdit::add(vec![NewLine::of(tea, 1)]);
    assert!(matches!(shop.app.carts.edit(&with_secret, hers, None, add).await, Err(CartError::NotFound)));
    assert_eq!(shop.app.carts.view(&ada, hers).await.unwrap().cart, before);
}

async fn of_many_carts_at_once_the_first_is_taken_over_and_has_the_others(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 500, 0).await;
    for round in 0..4 {
        let ada = shop.customer(&format!("ada{round}@example.org")).await;
        let mut merges = Vec::new();
        for _ in 0..4 {
            let (guest, secret) = created(&shop, &Actor::anonymous(None), &[(tea, 1)]).await;
            merges.push(CartMerge { strategy: Some(MergeStrategy::Sum), ..merge(guest, &secret) });
        }
        let carts = &shop.app.carts;
        let merged = futures_util::future::join_all(merges.into_iter().map(|it| carts.merge(&ada, it))).await;
        let outcomes: Vec<_> = merged.into_iter().map(|it| it.unwrap().report.outcome).collect();
        assert_eq!(outcomes.iter().filter(|it| **it == MergeOutcome::Adopted).count(), 1, "{outcomes:?}");
        let customer = ada.customer().unwrap();
        let active = shop.app.carts.active(&ada, &[customer], &text("web")).await.unwrap();
        assert_eq!(active.iter().map(held).collect::<Vec<_>>(), [vec![(tea, 4)]]);
    }
}

async fn a_cart_that_a_client_made_is_created_once(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 50, 0).await;
    let (own, secret): (CartId, _) = (id(7), CartSecret::new("cs_the app's".to_owned()));
    let anybody = Actor::anonymous(None);
    let create = async |secret: &CartSecret| {
        let new = NewCart { identity: Some((own, secret.clone())), ..shop.new_cart(&[(tea, 2)]).await };
        shop.app.carts.create(&anybody, new).await
    };
    let senders = futures_util::future::join_all((0..8).map(|_| create(&secret))).await;
    let replays: Vec<bool> = senders.into_iter().map(|it| it.unwrap().is_replay).collect();
    assert_eq!(replays.iter().filter(|it| !**it).count(), 1, "{replays:?}");
    let again = create(&secret).await.unwrap();
    assert_eq!((again.view.cart.id, again.view.cart.version, again.is_replay), (own, 1, true));
    let refused = create(&CartSecret::new("cs_another".to_owned())).await;
    assert!(matches!(refused, Err(CartError::IdTaken)), "{refused:?}");
    // After another secret, the old one creates nothing and opens nothing.
    let holder = Actor::anonymous(Some(again.view.cart.secret_hash));
    let (rotated, new) = shop.app.carts.rotate_secret(&holder, own, Some(1)).await.unwrap();
    assert_eq!(rotated.cart.version, 2);
    assert!(matches!(shop.app.carts.view(&holder, own).await, Err(CartError::NotFound)));
    assert!(matches!(create(&secret).await, Err(CartError::IdTaken)));
    assert!(create(&new).await.unwrap().is_replay);
    let stored = shop.db.number("SELECT COUNT(*) FROM cart WHERE CAST(snapshot AS TEXT) LIKE '%\"cs_%'").await;
    assert_eq!(stored, 0, "secrets are kept as digests alone");
}

async fn crosswise_merges_end(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 500, 0).await;
    let staff = Actor::system();
    for _ in 0..8 {
        let (one, _) = created(&shop, &Actor::anonymous(None), &[(tea, 1)]).await;
        let (two, _) = created(&shop, &Actor::anonymous(None), &[(tea, 2)]).await;
        let into = |source_id, target_id| CartMerge {
            source_id,
            source_secret: None,
            target_id: Some(target_id),
            strategy: Some(MergeStrategy::Sum),
            moment: MergeMoment::Browsing,
            expected_version: None,
        };
        let (there, back) =
            tokio::join!(shop.app.carts.merge(&staff, into(one, two)), shop.app.carts.merge(&staff, into(two, one)));
        let (merged, refused) = if there.is_ok() { (there, back) } else { (back, there) };
        assert_eq!(held(&merged.unwrap().view), [(tea, 3)]);
        // Whichever was first is the other's target, or its source.
        let is_merged = match &refused {
            Err(CartError::Target { error, .. }) => matches!(**error, CartError::Merged { .. }),
            other => matches!(other, Err(CartError::Merged { .. })),
        };
        assert!(is_merged, "{refused:?}");
    }
}
