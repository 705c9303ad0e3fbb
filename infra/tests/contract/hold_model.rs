//! Holds against a model: whatever shoppers do while time goes by, each cart holds what the model says, and nobody is sold what
//! another one holds.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use chrono::TimeDelta;
use comptoir_domain::{
    access::Actor,
    cart::{CartEdit, CartError, OnInsufficientStock},
    channel::Channel,
    clock::{Clock as _, Timestamp},
    ids::{CartId, VariantId},
    inventory::{CartHold, HoldPolicy, HoldQueries as _, InventoryQueries as _, available},
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::support::{Shop, TestDatabase, on_each_database};

on_each_database!(each_cart_holds_what_the_model_says);

/// How many sequences are tried on each database, and how long they are at most.
const SEQUENCES: usize = 12;
const STEPS: usize = 24;
const SHOPPERS: usize = 3;
/// How many there are, and for how long they are set aside.
const STOCK: u32 = 7;
const MINUTES: i64 = 15;

/// What happens; shoppers by their places.
#[derive(Debug, Clone)]
enum Step {
    Add(usize, u32),
    Empty(usize),
    Renew(usize),
    Order(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..SHOPPERS, 1u32..4).prop_map(|(who, n)| Step::Add(who, n)),
        1 => (0..SHOPPERS).prop_map(Step::Empty),
        2 => (0..SHOPPERS).prop_map(Step::Renew),
        2 => (0..SHOPPERS).prop_map(Step::Order),
        3 => (1i64..12).prop_map(Step::Wait),
    ]
}

/// A shopper's cart as it should be.
#[derive(Debug, Clone, Copy, Default)]
struct Model {
    wanted: u32,
    held: u32,
    hold: CartHold,
}

impl Model {
    fn held(&self, now: Timestamp) -> u32 {
        if self.hold.until.is_some_and(|it| now < it) { self.held } else { 0 }
    }

    /// Sets aside what it wants of what is there for it; whether it could, where another time is asked for.
    fn hold(&mut self, there: u32, renew: bool, now: Timestamp) -> bool {
        let held = self.wanted.min(there);
        self.hold.unheld = self.wanted;
        if held == 0 {
            (self.held, self.hold.until) = (0, None);
            return true;
        }
        let runs = self.hold.until.is_some_and(|it| now < it);
        if !runs || renew {
            if self.hold.taken == CartHold::TAKEN_MAX {
                if !renew {
                    self.held = 0;
                }
                return !renew;
            }
            self.hold = CartHold {
                until: Some(now + TimeDelta::minutes(MINUTES)),
                taken: self.hold.taken + 1,
                ..CartHold::default()
            };
        }
        (self.held, self.hold.unheld) = (held, self.wanted - held);
        true
    }

    /// Whether its time is over and another could begin, which must be asked for.
    fn is_over(&self, now: Timestamp) -> bool {
        self.hold.is_expired(now) && self.hold.taken < CartHold::TAKEN_MAX
    }
}

/// The shop, and what was sold in it.
struct World<'a> {
    shop: &'a Shop,
    variant: VariantId,
    carts: Vec<Option<(CartId, Actor, Model)>>,
    sold: u32,
}

impl World<'_> {
    /// How many there are for a shopper: all but what was sold and what others hold.
    fn there_for(&self, who: usize) -> u32 {
        let now = self.shop.clock.now();
        let others = self.carts.iter().enumerate().filter(|(place, _)| *place != who);
        let held: u32 = others.filter_map(|(_, it)| Some(it.as_ref()?.2.held(now))).sum();
        STOCK - self.sold - held
    }

    async fn edit(&self, who: usize, edit: CartEdit) -> Result<(), CartError> {
        let (cart, holder, _) = self.carts[who].as_ref().unwrap();
        self.shop.app.carts.edit(holder, *cart, None, edit).await.map(|_| ())
    }

    async fn add(&mut self, who: usize, n: u32) {
        let (there, now) = (self.there_for(who), self.shop.clock.now());
        match &mut self.carts[who] {
            None if n <= there => {
                let (cart, holder) = self.shop.full_cart(&[(self.variant, n.into())]).await;
                let mut model = Model { wanted: n, ..Model::default() };
                model.hold(there, false, now);
                self.carts[who] = Some((cart, holder, model));
            }
            None => {}
            Some((cart, holder, model)) => {
                let added = self.shop.add(*cart, holder, self.variant, n.into()).await;
                assert_eq!(added.is_ok(), model.wanted + n <= there, "{added:?}: {model:?}");
                if added.is_ok() {
                    model.wanted += n;
                    model.hold(there, false, now);
                }
            }
        }
    }

    async fn take(&mut self, step: &Step) {
        match *step {
            Step::Add(who, n) => self.add(who, n).await,
            Step::Wait(minutes) => self.shop.clock.advance(TimeDelta::minutes(minutes)),
            Step::Empty(who) | Step::Renew(who) | Step::Order(who) if self.carts[who].is_none() => {}
            Step::Empty(who) => {
                self.edit(who, CartEdit::SetLines { lines: vec![], on_shortage: OnInsufficientStock::Reject })
                    .await
                    .unwrap();
                let now = self.shop.clock.now();
                let model = &mut self.carts[who].as_mut().unwrap().2;
                let was = std::mem::take(&mut model.wanted);
                if 0 < was && !model.hold.is_expired(now) {
                    model.hold(0, false, now);
                }
            }
            Step::Renew(who) => {
                let (there, now) = (self.there_for(who), self.shop.clock.now());
                let renewed = self.edit(who, CartEdit::RenewHold).await;
                let model = &mut self.carts[who].as_mut().unwrap().2;
                let may = 0 < model.wanted && model.hold(there, true, now);
                assert_eq!(renewed.is_ok(), may, "{renewed:?}");
            }
            Step::Order(who) => {
                let there = self.there_for(who);
                let (cart, holder, model) = self.carts[who].as_ref().unwrap();
                let placed = self.shop.app.checkout.place(holder, self.shop.placement(*cart, "approve")).await;
                let is_over = model.is_over(self.shop.clock.now());
                let may = 0 < model.wanted && model.wanted <= there && !is_over;
                assert_eq!(placed.is_ok(), may, "{:?}: {model:?}", placed.map(|_| ()));
                if may {
                    self.sold += model.wanted;
                    self.carts[who] = None;
                }
            }
        }
    }

    /// Compares what is stored with the model.
    async fn check(&self) {
        let (now, queries) = (self.shop.clock.now(), self.shop.db.storage.queries());
        let mut held = 0;
        for (cart, holder, model) in self.carts.iter().flatten() {
            let stored = queries.holds_of(&[*cart], now).await.unwrap();
            assert_eq!(stored.iter().map(|it| it.quantity).sum::<u32>(), model.held(now), "{model:?}");
            assert_eq!(self.shop.app.carts.view(holder, *cart).await.unwrap().cart.hold, model.hold);
            held += model.held(now);
        }
        let levels = queries.levels_of(&[self.variant], Some(now)).await.unwrap();
        assert_eq!(available(&levels), i64::from(STOCK - self.sold - held));
    }
}

async fn each_cart_holds_what_the_model_says(db: TestDatabase) {
    let shop = Shop::open(db).await;
    let web = shop.app.settings.latest().await.unwrap().default_channel();
    let holding = Channel { hold_policy: HoldPolicy::OnCart, ..Channel::clone(&web) };
    shop.app.channels.save_channel(&Actor::system(), holding).await.unwrap();
    // The same sequences each time.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for n in 0..SEQUENCES {
        let steps = prop::collection::vec(step(), STEPS / 2..STEPS).new_tree(&mut runner).unwrap().current();
        let variant = shop.sell(&format!("mug-{n}"), i32::try_from(STOCK).unwrap(), 0).await;
        let mut world = World { shop: &shop, variant, carts: vec![None; SHOPPERS], sold: 0 };
        for step in &steps {
            world.take(step).await;
            world.check().await;
        }
    }
}
