//! The contract of budgets, and what carts and orders do to them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use chrono::TimeDelta;
use comptoir_domain::{
    access::Actor,
    cart::CartEdit,
    checkout::{CheckoutError, PlacedOrder},
    ids::{CartId, PromotionId, VariantId},
    money::{Amounts, Currency, Money},
    order::OrderCommand,
    promotion::{
        Action, ActionKind, BUDGET_RESERVATION, BudgetQueries as _, BudgetTaken, BudgetUse, ItemFilter, Outcome,
        PromotionBudget, PromotionDraft, Rejection, Spread, Target,
    },
    storage::Storage as _,
};
use tokio::sync::Barrier;

use crate::support::{Shop, TestDatabase, id, on_each_database, start};

on_each_database!(
    what_carts_have_of_budgets_comes_back_and_adds_up,
    two_hundred_carts_at_once_do_not_overspend,
    two_hundred_orders_at_once_apply_as_often_as_they_may,
    what_nothing_came_of_is_left_for_others,
    a_cart_that_waited_too_long_does_not_overspend,
    budgets_are_read_by_as_many_statements_for_many_carts,
);

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// Five euros off each order, as far as the budget goes.
async fn promise(shop: &Shop, amount: Option<i64>, uses: Option<u32>) -> PromotionId {
    let kind = ActionKind::FixedAmount {
        target: Target::Order(ItemFilter::all()),
        amount: Amounts::one(eur(500)),
        spread: Spread::AcrossByValue,
    };
    let budget = PromotionBudget { amounts: amount.map(|it| Amounts::one(eur(it))), uses };
    let draft = PromotionDraft {
        name: Some("Five off".to_owned()),
        actions: Some(vec![Action::of(kind)]),
        budget: Some(Some(budget)),
        ..PromotionDraft::default()
    };
    shop.app.promotions.create(&Actor::system(), draft).await.unwrap().promotion.id
}

async fn taken(shop: &Shop, promotion: PromotionId) -> (u64, i64) {
    let queries = shop.db.storage.queries();
    let taken = queries.budgets_taken(&[promotion], comptoir_domain::clock::Clock::now(&*shop.clock)).await.unwrap();
    taken.first().map_or((0, 0), |it| (it.uses, it.amounts.iter().map(|it| it.minor()).sum()))
}

fn is_discounted(order: &PlacedOrder) -> bool {
    order.order.total == eur(1000 - 500 + 490)
}

async fn what_carts_have_of_budgets_comes_back_and_adds_up(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let (one, other) = (promise(&shop, Some(1_000), None).await, promise(&shop, None, Some(7)).await);
    let until = start() + TimeDelta::minutes(5);
    let held = |promotion_id, n: u128, amount, until| BudgetUse { promotion_id, cart_id: id(n), amount, until };
    let jpy = |minor| Money::new(minor, Currency::JPY);
    let (first, second) = (held(one, 1, eur(300), Some(until)), held(other, 1, jpy(0), Some(until)));
    let third = held(one, 2, jpy(700), Some(until));
    let storage = &shop.db.storage;
    let uow = storage.begin().await.unwrap();
    uow.budgets().lock_budgets(&[other, one, other]).await.unwrap();
    uow.budgets().set_budgets_aside(&[held(one, 1, eur(1), Some(start()))]).await.unwrap();
    uow.budgets().set_budgets_aside(&[first, second, third]).await.unwrap();
    uow.commit().await.unwrap();
    let queries = storage.queries();
    let of = async |n: u128| {
        let mut uses = queries.budget_uses_of(&[id::<CartId>(n)]).await.unwrap();
        uses.sort_by_key(|it| it.promotion_id);
        uses
    };
    assert_eq!((of(1).await, of(2).await, of(3).await), (vec![first, second], vec![third], vec![]));
    let taken = async |moment| queries.budgets_taken(&[one, other, id(99)], moment).await.unwrap();
    let both = |promotion_id| {
        let mut taken = BudgetTaken::nothing(promotion_id);
        taken.add(1, eur(300));
        taken.add(1, jpy(700));
        taken
    };
    let sorted = |mut taken: Vec<BudgetTaken>| {
        taken.iter_mut().for_each(|it| it.amounts.sort_by_key(|it| it.minor()));
        taken
    };
    let only = |amount| BudgetTaken { promotion_id: other, uses: 1, amounts: vec![amount] };
    assert_eq!(sorted(taken(start()).await), [both(one), only(jpy(0))]);
    assert_eq!(taken(until).await, [], "their time is over");

    // Ordered: it counts for ever, or until it is taken back.
    for _ in 0..2 {
        let uow = storage.begin().await.unwrap();
        uow.budgets().spend_budgets(id(1), &[one, other]).await.unwrap();
        uow.budgets().free_budgets(id(1), &[one, other]).await.unwrap();
        uow.commit().await.unwrap();
    }
    let mut spent = BudgetTaken::nothing(one);
    spent.add(1, eur(300));
    assert_eq!(taken(until).await, [spent, only(jpy(0))]);
    let uow = storage.begin().await.unwrap();
    uow.budgets().take_budgets_back(id(1), Some(until)).await.unwrap();
    uow.budgets().take_budgets_back(id(2), None).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(
        (of(1).await, of(2).await),
        (vec![first, second], vec![third]),
        "set aside again; what was not spent stays"
    );
    let uses = |taken: Vec<BudgetTaken>| taken.iter().map(|it| it.uses).sum::<u64>();
    assert_eq!((uses(taken(start()).await), uses(taken(until).await)), (3, 0));
    let uow = storage.begin().await.unwrap();
    uow.budgets().spend_budgets(id(1), &[one]).await.unwrap();
    uow.budgets().take_budgets_back(id(1), None).await.unwrap();
    uow.budgets().free_budgets(id(2), &[one]).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!((of(1).await, of(2).await), (vec![second], vec![]));
    shop.app.promotions.delete(&Actor::system(), other, None).await.unwrap();
    assert_eq!(of(1).await, [], "it goes with its promotion");
}

/// Buyers who fill a cart with one thing and order it, all at once.
async fn rush(shop: &Arc<Shop>, tea: VariantId, buyers: usize) -> Vec<Result<PlacedOrder, CheckoutError>> {
    let barrier = Arc::new(Barrier::new(buyers));
    let buyer = || {
        let (shop, barrier) = (shop.clone(), barrier.clone());
        tokio::spawn(async move {
            barrier.wait().await;
            let (cart, holder) = shop.full_cart(&[(tea, 1)]).await;
            shop.app.checkout.place(&holder, shop.placement(cart, "approve")).await
        })
    };
    let tasks: Vec<_> = (0..buyers).map(|_| buyer()).collect();
    let mut results = Vec::with_capacity(buyers);
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

async fn two_hundred_carts_at_once_do_not_overspend(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 500, 0).await;
    // Enough for ten orders, and a little more.
    let promotion = promise(&shop, Some(5_400), None).await;
    let placed = rush(&shop, tea, 200).await;
    let discounted = placed.iter().filter(|it| is_discounted(it.as_ref().unwrap())).count();
    assert_eq!((placed.len(), discounted), (200, 10));
    assert_eq!(taken(&shop, promotion).await, (10, 5_000));
    let spent = shop.db.number("SELECT CAST(SUM(amount) AS BIGINT) FROM promotion_spent").await;
    assert_eq!(spent, 5_000);
}

async fn two_hundred_orders_at_once_apply_as_often_as_they_may(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 500, 0).await;
    let mut carts = Vec::new();
    for _ in 0..200 {
        carts.push(shop.full_cart(&[(tea, 1)]).await);
    }
    // It begins when all carts are there: nobody has set anything aside.
    let promotion = promise(&shop, None, Some(50)).await;
    let barrier = Arc::new(Barrier::new(carts.len()));
    let tasks: Vec<_> = carts
        .into_iter()
        .map(|(cart, holder)| {
            let (shop, barrier, placement) = (shop.clone(), barrier.clone(), shop.placement(cart, "approve"));
            tokio::spawn(async move {
                barrier.wait().await;
                shop.app.checkout.place(&holder, placement).await
            })
        })
        .collect();
    let mut discounted = 0;
    for task in tasks {
        discounted += usize::from(is_discounted(&task.await.unwrap().unwrap()));
    }
    assert_eq!((discounted, taken(&shop, promotion).await), (50, (50, 25_000)));
}

async fn what_nothing_came_of_is_left_for_others(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 50, 0).await;
    let promotion = promise(&shop, Some(900), None).await;
    let (first, holder) = shop.full_cart(&[(tea, 1)]).await;
    let (second, other) = shop.full_cart(&[(tea, 1)]).await;
    let total = async |cart, actor: &Actor| shop.app.carts.view(actor, cart).await.unwrap().priced.total();
    assert_eq!((total(first, &holder).await, total(second, &other).await), (eur(990), eur(1_490)));
    let view = shop.app.carts.view(&other, second).await.unwrap();
    let outcome = &view.priced.quote.trace.promotions[0].outcome;
    let reason = Rejection::BudgetExhausted { needed: eur(500), left: eur(400) };
    assert_eq!(outcome, &Outcome::Rejected { reason });

    // Emptied: the other may have it, once it asks.
    let line_id = shop.app.carts.view(&holder, first).await.unwrap().cart.lines[0].id;
    shop.app.carts.edit(&holder, first, None, CartEdit::RemoveLines(vec![line_id])).await.unwrap();
    assert_eq!((total(second, &other).await, taken(&shop, promotion).await), (eur(990), (0, 0)));
    let declined = shop.app.checkout.place(&other, shop.placement(second, "decline")).await;
    assert!(matches!(declined, Err(CheckoutError::PaymentDeclined { .. })));
    assert_eq!(taken(&shop, promotion).await, (1, 500), "set aside for another try");
    let placed = shop.app.checkout.place(&other, shop.placement(second, "due")).await.unwrap();
    assert_eq!((is_discounted(&placed), taken(&shop, promotion).await), (true, (1, 500)));
    shop.clock.advance(BUDGET_RESERVATION * 2);
    assert_eq!(taken(&shop, promotion).await, (1, 500), "it was ordered");
    shop.app.orders.run(&Actor::system(), placed.order.id, None, shop.key(), OrderCommand::Cancel).await.unwrap();
    assert_eq!(taken(&shop, promotion).await, (0, 0));
}

async fn a_cart_that_waited_too_long_does_not_overspend(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 50, 0).await;
    let promotion = promise(&shop, None, Some(1)).await;
    let (first, holder) = shop.full_cart(&[(tea, 1)]).await;
    shop.clock.advance(BUDGET_RESERVATION);
    let (second, other) = shop.full_cart(&[(tea, 1)]).await;
    let view = shop.app.carts.view(&holder, first).await.unwrap();
    let outcome = &view.priced.quote.trace.promotions[0].outcome;
    assert_eq!(outcome, &Outcome::Rejected { reason: Rejection::UsesExhausted });
    let mut placement = shop.placement(first, "approve");
    placement.expected_total = Some(eur(990));
    let refused = shop.app.checkout.place(&holder, placement).await;
    assert!(matches!(refused, Err(CheckoutError::TotalChanged { actual, .. }) if actual == eur(1_490)), "{refused:?}");
    let placed = shop.app.checkout.place(&other, shop.placement(second, "approve")).await.unwrap();
    let late = shop.app.checkout.place(&holder, shop.placement(first, "approve")).await.unwrap();
    assert_eq!((is_discounted(&placed), is_discounted(&late)), (true, false));
    assert_eq!(taken(&shop, promotion).await, (1, 500));
}

async fn budgets_are_read_by_as_many_statements_for_many_carts(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let tea = shop.sell("tea", 50, 0).await;
    let mut carts = Vec::new();
    for _ in 0..20 {
        carts.push(shop.cart(&[(tea, 1)]).await.0);
    }
    let cost = async |carts: &[CartId]| {
        shop.app.settings.latest().await.unwrap();
        let before = shop.db.storage.statement_count();
        let views = shop.app.carts.views(&Actor::system(), carts).await.unwrap();
        assert_eq!(views.len(), carts.len());
        shop.db.storage.statement_count() - before
    };
    let without = cost(&carts[..1]).await;
    for n in 1..=3 {
        promise(&shop, Some(100_000), Some(n * 1_000)).await;
        // What is in which collection, and three for the budgets.
        assert_eq!((cost(&carts[..1]).await, cost(&carts).await), (without + 4, without + 4));
    }
}
