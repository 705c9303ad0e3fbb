//! How long it takes to quote a cart. `cargo bench -p comptoir-domain` prints the figures.

use std::hint::black_box;

use chrono::DateTime;
use comptoir_domain::{
    channel::DeliveryKind,
    clock::Window,
    ids::{CollectionId, CustomerGroupId, Id, PriceId, ProductId},
    money::{Amounts, Currency, Money},
    pricing::{
        PriceContext, PriceLists, PriceRow, PriceScope, Pricing,
        quote::{DeliveryTax, DeliveryToQuote, LineToQuote, QuoteRequest, RoundingRules, quote},
        tax::{TaxReason, TaxTreatment},
    },
    promotion::{
        Action, ActionKind, Basis, Benefit, Combination, Comparison, Condition, Deal, Delivery, Facts, GroupMode, Item,
        ItemFilter, Promotion, PromotionGroup, PromotionSet, Slot, SpendTier, Spread, Target, TierBenefit,
    },
};
use criterion::{Criterion, criterion_group, criterion_main};
use uuid::Uuid;

fn id<T: Id>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn euros(minor: i64) -> Amounts {
    Amounts::one(eur(minor))
}

#[expect(clippy::unwrap_used, reason = "the texts of a benchmark are right")]
fn parse<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn tax(rate: &str) -> TaxTreatment {
    TaxTreatment {
        category: parse("standard"),
        rate: parse(rate),
        included: Some(parse(rate)),
        reason: TaxReason::Rate,
    }
}

/// A cart of so many lines, of products with collections, brands and attributes.
fn lines(count: u128) -> Vec<LineToQuote> {
    let line = |n: u128| LineToQuote {
        item: Item {
            line_id: id(n),
            product_id: id(n),
            variant_id: id(n),
            collection_ids: vec![id(n % 5), id(100 + n % 3)],
            brand: Some(format!("brand {}", n % 7)),
            attributes: vec![],
            is_reduced: n.is_multiple_of(4),
            unit_price: eur(499 + 37 * i64::try_from(n).unwrap_or_default()),
            quantity: 1 + u32::try_from(n % 3).unwrap_or_default(),
        },
        compare_at: None,
        source: None,
        tax: tax(if n.is_multiple_of(6) { "5.5" } else { "20" }),
        components: vec![],
    };
    (1..=count).map(line).collect()
}

fn products(numbers: &[u128]) -> ItemFilter {
    ItemFilter::products(numbers.iter().map(|it| id::<ProductId>(*it)).collect())
}

fn promotion(n: u128, kind: ActionKind, condition: Option<Condition>) -> Promotion {
    Promotion {
        id: id(n),
        name: format!("promotion {n}"),
        is_paused: false,
        window: Window::ALWAYS,
        priority: 0,
        group_id: None,
        combination: Combination::Common,
        basis: Basis::Running,
        budget: None,
        condition,
        actions: vec![Action::of(kind)],
    }
}

/// The n-th promotion that applies to every cart here.
fn applying(n: u128) -> Promotion {
    let spend =
        |minor| Condition::Subtotal { items: ItemFilter::all(), comparison: Comparison::AtLeast, amount: euros(minor) };
    let collection = ItemFilter { collection_ids: vec![id::<CollectionId>(n % 5)], ..ItemFilter::default() };
    let slot = |quantity| Slot { items: ItemFilter::all(), quantity };
    let kind = match n % 7 {
        0 => ActionKind::Percentage { target: Target::Lines(collection), percent: parse("10") },
        1 => ActionKind::Percentage { target: Target::Order(ItemFilter::all()), percent: parse("2.5") },
        2 => ActionKind::FixedAmount {
            target: Target::Order(ItemFilter::all()),
            amount: euros(50),
            spread: Spread::AcrossByValue,
        },
        3 => ActionKind::BuyGet {
            buy: slot(2),
            get: slot(1),
            benefit: Benefit::Percentage(parse("10")),
            deal: Deal { max_occurrences: Some(1), ..Deal::CHEAPEST },
        },
        4 => ActionKind::FixedAmount {
            target: Target::Lines(products(&[1, 2, 3])),
            amount: euros(1),
            spread: Spread::PerUnit,
        },
        5 => ActionKind::TieredSpend {
            target: Target::Order(ItemFilter::all()),
            tiers: vec![
                SpendTier { from: euros(0), benefit: TierBenefit::Percentage(parse("1")) },
                SpendTier { from: euros(100_000), benefit: TierBenefit::Percentage(parse("2")) },
            ],
        },
        _ => ActionKind::Percentage { target: Target::Delivery(vec![]), percent: parse("20") },
    };
    promotion(n, kind, n.is_multiple_of(2).then(|| spend(100)))
}

/// The n-th promotion that cannot apply: other products, brands or groups, a code, or too high a sum.
fn other(n: u128) -> Promotion {
    let percent = |target| ActionKind::Percentage { target, percent: parse("10") };
    let order = || percent(Target::Order(ItemFilter::all()));
    match n % 5 {
        0 => promotion(n, percent(Target::Lines(products(&[100_000 + n, 200_000 + n]))), None),
        1 => {
            let brands = ItemFilter { brands: vec![format!("other {n}")], ..ItemFilter::default() };
            promotion(n, percent(Target::Lines(brands)), None)
        }
        2 => promotion(n, order(), Some(Condition::CustomerGroups(vec![id::<CustomerGroupId>(n)]))),
        3 => promotion(n, order(), Some(Condition::Code)),
        _ => {
            let amount = euros(10_000_000 + i64::try_from(n).unwrap_or_default());
            let comparison = Comparison::AtLeast;
            promotion(n, order(), Some(Condition::Subtotal { items: ItemFilter::all(), comparison, amount }))
        }
    }
}

/// `applying` promotions that apply, among `all`.
fn set(applying_count: u128, all: u128) -> PromotionSet {
    let promotions = (1..=all).map(|n| if n <= applying_count { applying(n) } else { other(n) });
    PromotionSet::new(promotions.collect(), vec![])
}

#[expect(clippy::unwrap_used, reason = "a cart that cannot be quoted ends the benchmark")]
fn bench_quote(criterion: &mut Criterion, name: &str, lines: &[LineToQuote], promotions: &PromotionSet) {
    let mut facts = Facts::new(DateTime::UNIX_EPOCH, Currency::EUR);
    facts.channel = Some(parse("web"));
    let delivery = Delivery { method: parse("standard"), kind: DeliveryKind::Ship, price: eur(490) };
    let deliveries = [DeliveryToQuote { delivery, tax: DeliveryTax::Own(tax("20")) }];
    let request =
        QuoteRequest { facts: &facts, lines, deliveries: &deliveries, manual: &[], rounding: RoundingRules::default() };
    criterion.bench_function(name, |it| it.iter(|| quote(black_box(&request), black_box(promotions)).unwrap()));
}

fn quotes(criterion: &mut Criterion) {
    bench_quote(criterion, "quote/5 lines, no promotions", &lines(5), &PromotionSet::default());
    bench_quote(criterion, "quote/5 lines, 20 promotions, all apply", &lines(5), &set(20, 20));
    bench_quote(criterion, "quote/50 lines, 20 promotions, all apply", &lines(50), &set(20, 20));
    bench_quote(criterion, "quote/50 lines, 1000 promotions, 20 apply", &lines(50), &set(20, 1_000));
    bench_quote(criterion, "quote/50 lines, 10000 promotions, 20 apply", &lines(50), &set(20, 10_000));

    let group = |n: u128| PromotionGroup {
        id: id(n),
        name: format!("group {n}"),
        parent_id: None,
        mode: GroupMode::Best,
        priority: 0,
    };
    let in_groups = (1..=20).map(|n| Promotion { group_id: Some(id(1 + n % 4)), ..applying(n) });
    let best = PromotionSet::new(in_groups.collect(), (1..=4).map(group).collect());
    bench_quote(criterion, "quote/50 lines, best of 4 groups of 5", &lines(50), &best);

    let mut largest = lines(250);
    largest.iter_mut().for_each(|it| it.item.quantity = 999);
    bench_quote(criterion, "quote/250 lines of 999 units, 20 promotions, all apply", &largest, &set(20, 20));
}

fn prices(criterion: &mut Criterion) {
    let row = |n: u128| PriceRow {
        id: id::<PriceId>(n),
        variant_id: id(n % 50),
        list_id: None,
        amount: eur(1_000),
        compare_at: None,
        scope: PriceScope {
            market: n.is_multiple_of(2).then(|| parse("fr")),
            minimum_quantity: 1 + u32::try_from(n % 3).unwrap_or_default(),
            ..PriceScope::default()
        },
        window: Window::ALWAYS,
    };
    let rows: Vec<Vec<PriceRow>> = (0..50).map(|n| (0..10).map(|it| row(it * 50 + n)).collect()).collect();
    let context = PriceContext {
        currency: Currency::EUR,
        market: Some(parse("fr")),
        channel: None,
        customer_group_ids: vec![],
        loyalty_tier_id: None,
        at: DateTime::UNIX_EPOCH,
    };
    let pricing = Pricing { lists: PriceLists::default().into(), context };
    criterion.bench_function("prices/50 variants of 10 rows each", |it| {
        it.iter(|| rows.iter().filter_map(|it| black_box(&pricing).select(it, 2)).count());
    });
    criterion.bench_function("promotions/put 1000 in order", |it| {
        it.iter_with_setup(
            || (1..=1_000).map(other).collect::<Vec<_>>(),
            |promotions| PromotionSet::new(promotions, vec![]),
        );
    });
}

criterion_group!(benches, quotes, prices);
criterion_main!(benches);
