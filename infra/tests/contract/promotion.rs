//! The contract of promotions and their groups, and what naming many things takes.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    access::Actor,
    clock::{Timestamp, Window},
    money::{Amounts, Currency, Money, Percentage},
    page::{PageRequest, PageSize},
    promotion::{
        Action, ActionKind, Combination, Condition, GroupMode, ItemFilter, Presence, Promotion, PromotionCursor,
        PromotionDraft, PromotionGroup, PromotionQueries as _, PromotionState, Quantifier, StoredPromotion, Target,
    },
    settings::SettingsQueries as _,
    storage::{Storage as _, StorageError},
};

use crate::support::{Shop, TEXT, TestDatabase, id, on_each_database, start};

on_each_database!(
    promotions_come_back_as_they_were,
    an_outdated_version_is_a_conflict,
    states_are_what_promotions_say_they_are,
    promotions_are_paged_newest_first,
    groups_come_back_as_they_were,
    naming_many_takes_as_many_statements_as_naming_one,
    a_change_is_part_of_the_settings_at_once,
);

fn promotion(n: u128, from: Option<i64>, until: Option<i64>) -> StoredPromotion {
    let at = |hours: i64| start() + TimeDelta::hours(hours);
    let percent = Percentage::parse(10.into()).unwrap();
    let draft = PromotionDraft {
        name: Some(TEXT.to_owned()),
        starts_at: Some(from.map(at)),
        ends_at: Some(until.map(at)),
        actions: Some(vec![Action::of(ActionKind::Percentage { target: Target::Order(ItemFilter::all()), percent })]),
        ..PromotionDraft::default()
    };
    let (created_at, updated_at) = (start(), start() + TimeDelta::microseconds(1));
    StoredPromotion { promotion: draft.into_promotion(id(n)), version: 1, created_at, updated_at }
}

fn group(n: u128) -> PromotionGroup {
    PromotionGroup { id: id(n), name: TEXT.to_owned(), parent_id: Some(id(9)), mode: GroupMode::Best, priority: -1 }
}

async fn insert(db: &TestDatabase, promotions: &[StoredPromotion]) {
    let uow = db.storage.begin().await.unwrap();
    for it in promotions {
        uow.promotions().insert(it).await.unwrap();
    }
    uow.commit().await.unwrap();
}

async fn promotions_come_back_as_they_were(db: TestDatabase) {
    let bare = promotion(1, None, None);
    let mut filled = promotion(2, Some(-1), Some(1));
    filled.promotion.group_id = Some(id(7));
    filled.promotion.combination = Combination::Always;
    let amount = Amounts::parse(vec![Money::new(i64::MAX, Currency::KWD), Money::new(1, Currency::JPY)]).unwrap();
    filled.promotion.actions.push(Action::of(ActionKind::UnitPrice { items: ItemFilter::all(), price: amount }));
    filled.promotion.condition = Some(Condition::None(vec![
        Condition::Code,
        Condition::Brands(Presence { values: vec![TEXT.to_owned()], quantifier: Quantifier::All }),
        Condition::TimeWindow(Window { from: Some(start()), until: None }),
    ]));
    insert(&db, &[bare.clone(), filled.clone()]).await;
    let queries = db.storage.queries();
    for it in [&bare, &filled] {
        assert_eq!(queries.promotion(it.promotion.id).await.unwrap().as_ref(), Some(it));
    }
    assert_eq!(queries.promotion(id(3)).await.unwrap(), None);
    assert_eq!(queries.promotions_in(&[id(7), id(8)]).await.unwrap(), [filled.promotion.clone()]);

    let changed =
        StoredPromotion { version: 2, promotion: Promotion { condition: None, ..filled.promotion }, ..filled };
    let uow = db.storage.begin().await.unwrap();
    uow.promotions().update(&changed).await.unwrap();
    assert!(uow.promotions().delete(bare.promotion.id).await.unwrap());
    assert!(!uow.promotions().delete(bare.promotion.id).await.unwrap());
    uow.commit().await.unwrap();
    assert_eq!(queries.promotion(id(1)).await.unwrap(), None);
    assert_eq!(queries.promotion(id(2)).await.unwrap(), Some(changed));
}

async fn an_outdated_version_is_a_conflict(db: TestDatabase) {
    insert(&db, &[promotion(1, None, None)]).await;
    for (n, version) in [(1, 1), (1, 3), (2, 2)] {
        let uow = db.storage.begin().await.unwrap();
        let outdated = StoredPromotion { version, ..promotion(n, None, None) };
        assert!(matches!(uow.promotions().update(&outdated).await, Err(StorageError::Conflict)), "{n} {version}");
    }
}

async fn states_are_what_promotions_say_they_are(db: TestDatabase) {
    let mut all = Vec::new();
    for (n, from) in (0..).zip([None, Some(-1), Some(0), Some(1)]) {
        for (m, until) in (0..).zip([None, Some(-1), Some(0), Some(2)]) {
            for is_paused in [false, true] {
                let mut it = promotion(n * 8 + m * 2 + u128::from(is_paused), from, until);
                it.promotion.is_paused = is_paused;
                all.push(it);
            }
        }
    }
    insert(&db, &all).await;
    let queries = db.storage.queries();
    let page = PageRequest::first(PageSize::LARGEST);
    let (mut seen, now) = (0, start());
    use PromotionState::{Active, Ended, Paused, Scheduled};
    for state in [Scheduled, Active, Paused, Ended] {
        let found = queries.promotions(Some((state, now)), &page).await.unwrap().items;
        assert!(found.iter().all(|it| it.promotion.state(now) == state), "{state:?}");
        seen += found.len();
    }
    assert_eq!(seen, all.len());
    let open = all.iter().filter(|it| !it.promotion.has_ended(now)).count();
    assert_eq!(queries.open_promotion_count(now).await.unwrap(), open as u64);
    let stored = queries.stored_settings(now).await.unwrap().promotions;
    assert_eq!((stored.len(), stored.iter().any(|it| it.has_ended(now))), (open, false));
}

async fn promotions_are_paged_newest_first(db: TestDatabase) {
    let created = |n: u128| start() + TimeDelta::minutes(i64::from(3 < n) + i64::from(6 < n));
    let all: Vec<_> = (1..=8).map(|n| StoredPromotion { created_at: created(n), ..promotion(n, None, None) }).collect();
    insert(&db, &all).await;
    let mut request: PageRequest<PromotionCursor> = PageRequest::first(PageSize::parse(3).unwrap());
    let mut seen = Vec::new();
    for has_next in [true, true, false] {
        let page = db.storage.queries().promotions(None, &request).await.unwrap();
        assert_eq!(page.has_next, has_next);
        request.cursor = page.items.last().map(PromotionCursor::of);
        seen.extend(page.items);
    }
    assert!(seen.iter().eq(all.iter().rev()));
}

async fn groups_come_back_as_they_were(db: TestDatabase) {
    let uow = db.storage.begin().await.unwrap();
    for it in [&group(2), &group(1), &PromotionGroup { parent_id: None, ..group(2) }, &group(3)] {
        uow.promotions().save_group(it).await.unwrap();
    }
    uow.promotions().delete_group(id(3)).await.unwrap();
    uow.commit().await.unwrap();
    let expected = [group(1), PromotionGroup { parent_id: None, ..group(2) }];
    assert_eq!(db.storage.queries().promotion_groups().await.unwrap(), expected, "by id, replaced");
    assert_eq!(db.storage.queries().stored_settings(start()).await.unwrap().promotion_groups, expected);
}

/// A draft that names these variants.
fn naming(variant_ids: Vec<comptoir_domain::ids::VariantId>) -> PromotionDraft {
    let condition = Condition::Variants(Presence { values: variant_ids, quantifier: Quantifier::Any });
    let percent = Percentage::HUNDRED;
    let kind = ActionKind::Percentage { target: Target::Order(ItemFilter::all()), percent };
    PromotionDraft {
        name: Some("Free".to_owned()),
        condition: Some(Some(condition)),
        actions: Some(vec![Action::of(kind)]),
        ..PromotionDraft::default()
    }
}

async fn naming_many_takes_as_many_statements_as_naming_one(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let mut variants = Vec::new();
    for n in 0..12 {
        variants.push(shop.sell(&format!("tea-{n}"), 50, 50).await);
    }
    let mut taken = Vec::new();
    for count in [1, 12] {
        shop.app.settings.latest().await.unwrap();
        let before = shop.db.storage.statement_count();
        let draft = naming(variants.iter().take(count).copied().collect());
        shop.app.promotions.create(&Actor::system(), draft).await.unwrap();
        taken.push(shop.db.storage.statement_count() - before);
    }
    assert!(taken.iter().all(|it| (5..=12).contains(it) && Some(it) == taken.first()), "{taken:?}");
}

async fn a_change_is_part_of_the_settings_at_once(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let system = Actor::system();
    let variant = shop.sell("tea", 1, 1).await;
    let created = shop.app.promotions.create(&system, naming(vec![variant])).await.unwrap();
    let promotion_id = created.promotion.id;
    let known = async || shop.app.settings.current().await.unwrap().promotions.find(promotion_id).cloned();
    assert_eq!(known().await, Some(created.promotion));
    let ends_at = |at: Timestamp| PromotionDraft { ends_at: Some(Some(at)), ..PromotionDraft::default() };
    let ended = shop.app.promotions.update(&system, promotion_id, Some(1), ends_at(start())).await.unwrap();
    assert_eq!((ended.version, known().await), (2, None));
    shop.app.promotions.delete(&system, promotion_id, Some(2)).await.unwrap();
    assert_eq!(shop.app.promotions.find(&system, promotion_id).await.unwrap(), None);
}
