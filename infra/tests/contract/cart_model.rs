//! Carts against a model: whatever several devices do, in whatever order it arrives and however often, the cart is what the
//! model says, and what comes again is answered as before.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use comptoir_domain::{
    access::Actor,
    cart::{
        CartCreated, CartEdit, CartLine, CartMerge, CartRefusal, CartView, LineAttributes, LineChange, LineRef,
        MergeMoment, MergeOutcome, MergeStrategy, NewCart, NewLine, OfflineCommand, OnInsufficientStock,
        QuantityChange, SyncedCommand,
    },
    ids::VariantId,
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use uuid::Uuid;

use crate::support::{Shop, TestDatabase, on_each_database, start};

on_each_database!(a_cart_is_what_the_model_says, carts_that_meet_are_the_same_in_whatever_order);

/// How many sequences are tried on each database.
const SEQUENCES: usize = 24;
/// How many there are of each variant.
const STOCK: i32 = 30;
const VARIANTS: usize = 3;
const ENGRAVINGS: [&str; 3] = ["", "Ada", "Bob"];

/// A variant and what is wanted of it, by their places.
type Item = (usize, usize);

#[derive(Debug, Clone)]
enum Wish {
    Add(Item, i64),
    By(Item, i64),
    To(Item, i64),
    Set(Vec<(Item, i64)>),
}

/// What a device sends at once: its wishes with when they were made, and how often it sends them.
#[derive(Debug, Clone)]
struct Batch {
    wishes: Vec<(Wish, i64)>,
    sends: usize,
    /// Commands of earlier batches that are sent again with it, by their places among all.
    repeats: Vec<prop::sample::Index>,
}

fn wish() -> impl Strategy<Value = Wish> {
    let item = || (0..VARIANTS, 0..ENGRAVINGS.len());
    prop_oneof![
        4 => (item(), -1i64..12).prop_map(|(item, n)| Wish::Add(item, n)),
        3 => (item(), -6i64..8).prop_map(|(item, n)| Wish::By(item, n)),
        2 => (item(), 0i64..20).prop_map(|(item, n)| Wish::To(item, n)),
        1 => prop::collection::vec((item(), 1i64..9), 0..4).prop_map(Wish::Set),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    let wishes = prop::collection::vec((wish(), 0i64..50), 1..5);
    let repeats = prop::collection::vec(any::<prop::sample::Index>(), 0..3);
    (wishes, 1usize..3, repeats).prop_map(|(wishes, sends, repeats)| Batch { wishes, sends, repeats })
}

/// The cart as it should be.
#[derive(Debug, Clone, Default)]
struct Model(BTreeMap<Item, i64>);

impl Model {
    /// Does a wish; whether it can be done. Where it cannot, nothing changes.
    fn apply(&mut self, wish: &Wish) -> bool {
        let mut next = self.0.clone();
        let is_done = match wish {
            Wish::Add(item, n) => {
                let there = next.get(item).copied().unwrap_or_default();
                *n >= 1 && put(&mut next, *item, there + n)
            }
            Wish::By(item, n) => match next.get(item).copied() {
                Some(there) if there + n == 0 => next.remove(item).is_some(),
                Some(there) => put(&mut next, *item, there + n),
                None => *n >= 1 && put(&mut next, *item, *n),
            },
            Wish::To(item, n) => match (next.contains_key(item), n) {
                (true, 0) => next.remove(item).is_some(),
                (is_there, n) => is_there && put(&mut next, *item, *n),
            },
            Wish::Set(list) => {
                let mut sums: BTreeMap<Item, i64> = BTreeMap::new();
                for (item, n) in list {
                    *sums.entry(*item).or_default() += n;
                }
                next.retain(|item, _| sums.contains_key(item));
                // In the order of the list, in which lines that are not there yet find what is left.
                let mut done: Vec<Item> = Vec::new();
                list.iter().all(|(item, _)| {
                    let is_first = !done.contains(item);
                    done.push(*item);
                    !is_first || sums.get(item).is_some_and(|n| put(&mut next, *item, *n))
                })
            }
        };
        if is_done {
            self.0 = next;
        }
        is_done
    }
}

/// Gives a line a quantity, if it may have it: a line can always shrink, and grow as far as there is enough for all of its variant.
fn put(lines: &mut BTreeMap<Item, i64>, item: Item, n: i64) -> bool {
    let there = lines.get(&item).copied().unwrap_or_default();
    let others: i64 = lines.iter().filter(|(it, _)| it.0 == item.0 && **it != item).map(|it| it.1).sum();
    let may = (1..=999).contains(&n) && (n <= there || others + n <= i64::from(STOCK));
    if may {
        lines.insert(item, n);
    }
    may
}

fn attributes(place: usize) -> LineAttributes {
    let text = ENGRAVINGS.get(place).copied().unwrap_or_default();
    let pairs = if text.is_empty() { vec![] } else { vec![("engraving".to_owned(), text.to_owned())] };
    LineAttributes::parse(pairs).unwrap()
}

fn edit_of(wish: &Wish, variants: &[VariantId]) -> CartEdit {
    let on_shortage = OnInsufficientStock::Reject;
    let variant = |item: &Item| *variants.get(item.0).unwrap();
    let line = |(item, n): &(Item, i64)| NewLine { attributes: attributes(item.1), ..NewLine::of(variant(item), *n) };
    let change = |item: &Item, quantity| CartEdit::UpdateLines {
        changes: vec![LineChange {
            line: LineRef::Item { variant_id: variant(item), attributes: attributes(item.1) },
            quantity: Some(quantity),
            attributes: None,
            note: None,
        }],
        on_shortage,
    };
    match wish {
        Wish::Add(item, n) => CartEdit::add(vec![line(&(*item, *n))]),
        Wish::By(item, n) => change(item, QuantityChange::By(*n)),
        Wish::To(item, n) => change(item, QuantityChange::To(*n)),
        Wish::Set(list) => CartEdit::SetLines { lines: list.iter().map(line).collect(), on_shortage },
    }
}

/// What a cart has.
fn held(view: &CartView, variants: &[VariantId]) -> BTreeMap<Item, i64> {
    let item = |it: &CartLine| {
        let variant = variants.iter().position(|id| *id == it.variant_id).unwrap();
        let engraving = (0..ENGRAVINGS.len()).find(|place| attributes(*place) == it.attributes).unwrap();
        ((variant, engraving), i64::from(it.quantity.get()))
    };
    view.cart.lines.iter().map(item).collect()
}

/// The same sequences each time.
fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

async fn variants_of(shop: &Shop) -> Vec<VariantId> {
    let mut variants = Vec::new();
    for n in 0..VARIANTS {
        variants.push(shop.sell(&format!("tea-{n}"), STOCK, 0).await);
    }
    variants
}

/// Guests' carts go into a customer's by the maximum, each as often as its device sends it, between each other and again later:
/// whatever the order, hers has the most that any of them had, and what comes again changes nothing.
async fn carts_that_meet_are_the_same_in_whatever_order(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let variants = variants_of(&shop).await;
    let mut runner = runner();
    // Together they never want more than there is.
    let lines = prop::collection::btree_map((0..VARIANTS, 0..ENGRAVINGS.len()), 1i64..9, 0..5);
    let sendings = prop::collection::vec(0usize..3, 0..8);
    for n in 0..SEQUENCES / 2 {
        let (carts, sent) =
            (prop::collection::vec(lines.clone(), 4), sendings.clone()).new_tree(&mut runner).unwrap().current();
        let ada = shop.customer(&format!("ada{n}@example.org")).await;
        let create = async |actor: &Actor, lines: &BTreeMap<Item, i64>| {
            let line = |(item, n): (&Item, &i64)| NewLine {
                attributes: attributes(item.1),
                ..NewLine::of(*variants.get(item.0).unwrap(), *n)
            };
            let new = NewCart { lines: lines.iter().map(line).collect(), ..shop.new_cart(&[]).await };
            let CartCreated { view, secret, .. } = shop.app.carts.create(actor, new).await.unwrap();
            (view.cart.id, secret)
        };
        let (own, guests) = carts.split_first().unwrap();
        let (hers, _) = create(&ada, own).await;
        let mut sources = Vec::new();
        for lines in guests {
            sources.push(create(&Actor::anonymous(None), lines).await);
        }
        let (mut expected, mut gone) = (own.clone(), BTreeSet::new());
        // In the order in which they come, and then all once more.
        for place in sent.into_iter().chain(0..guests.len()) {
            let (source_id, secret) = sources.get(place).unwrap().clone();
            let merge = CartMerge {
                source_id,
                source_secret: Some(secret),
                target_id: Some(hers),
                strategy: Some(MergeStrategy::Max),
                moment: MergeMoment::Browsing,
                expected_version: None,
            };
            let before = shop.app.carts.view(&ada, hers).await.unwrap().cart;
            let merged = shop.app.carts.merge(&ada, merge).await.unwrap();
            for (item, n) in guests.get(place).unwrap() {
                let there = expected.entry(*item).or_default();
                *there = (*there).max(*n);
            }
            assert_eq!(held(&merged.view, &variants), expected);
            if !gone.insert(place) {
                assert_eq!((merged.report.outcome, &merged.view.cart), (MergeOutcome::AlreadyMerged, &before));
            }
        }
    }
}

async fn a_cart_is_what_the_model_says(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let variants = variants_of(&shop).await;
    let mut runner = runner();
    for _ in 0..SEQUENCES {
        let batches = prop::collection::vec(batch(), 1..8).new_tree(&mut runner).unwrap().current();
        run(&shop, &variants, &batches).await;
    }
}

/// Sends the batches of several devices, and compares cart and answers with the model after each.
async fn run(shop: &Shop, variants: &[VariantId], batches: &[Batch]) {
    let (cart, holder) = shop.cart(&[]).await;
    let mut model = Model::default();
    let mut sent: Vec<OfflineCommand> = Vec::new();
    let mut answered: HashMap<Uuid, SyncedCommand> = HashMap::new();
    let mut keys = 0u128;
    for batch in batches {
        let mut commands: Vec<OfflineCommand> = Vec::new();
        let mut wishes: Vec<(i64, Uuid, &Wish)> = Vec::new();
        for (wish, second) in &batch.wishes {
            keys += 1;
            let id = Uuid::from_u128(keys);
            wishes.push((*second, id, wish));
            commands.push(OfflineCommand {
                id,
                at: start() + TimeDelta::seconds(*second),
                input: format!("{wish:?}"),
                edit: Ok(edit_of(wish, variants)),
            });
        }
        // They are applied in the order in which they were made.
        wishes.sort_by_key(|it| it.0);
        let expected: HashMap<Uuid, bool> = wishes.iter().map(|(_, id, wish)| (*id, model.apply(wish))).collect();
        let repeated: Vec<OfflineCommand> =
            batch.repeats.iter().filter(|_| !sent.is_empty()).map(|it| it.get(&sent).clone()).collect();
        sent.extend(commands.iter().cloned());
        commands.extend(repeated);
        for send in 0..batch.sends {
            // However they are listed.
            let shift = send.min(commands.len());
            commands.rotate_left(shift);
            let before = shop.app.carts.view(&holder, cart).await.unwrap().cart.version;
            let synced = shop.app.carts.sync(&holder, cart, commands.clone()).await.unwrap();
            assert_eq!(synced.commands.len(), commands.len());
            for (command, answer) in commands.iter().zip(&synced.commands) {
                assert_eq!(answer.command_id, command.id);
                match answered.get(&command.id) {
                    Some(earlier) => assert_eq!(answer, earlier, "the same again"),
                    None => {
                        let is_done = expected.get(&command.id).copied().unwrap();
                        assert_eq!(answer.refusal.is_none(), is_done, "{command:?}");
                    }
                }
            }
            answered.extend(synced.commands.into_iter().map(|answer| (answer.command_id, answer)));
            let is_changed = send == 0 && expected.values().any(|it| *it);
            assert_eq!(synced.view.cart.version, before + u32::from(is_changed), "one change, or none");
            let held = held(&synced.view, variants);
            assert_eq!((held, synced.view.cart.lines.len()), (model.0.clone(), model.0.len()));
        }
    }
    // A key that comes with something else is refused, and does nothing.
    let Some(first) = sent.first().cloned() else { return };
    let edit = Ok(CartEdit::add(vec![NewLine::of(*variants.first().unwrap(), 998)]));
    let other = OfflineCommand { input: "something else".to_owned(), edit, ..first };
    let synced = shop.app.carts.sync(&holder, cart, vec![other]).await.unwrap();
    assert_eq!(synced.commands.first().unwrap().refusal, Some(CartRefusal::CommandIdReused));
    let many = vec![sent.first().cloned().unwrap(); 51];
    assert!(shop.app.carts.sync(&holder, cart, many).await.is_err());
}
