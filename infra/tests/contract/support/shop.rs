//! A shop over a database: all use cases, two places, two delivery methods, and things to sell.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, atomic::AtomicU64};

use comptoir_domain::{
    App, Ports,
    access::{Actor, Password, Principal},
    cart::{
        CartCreated, CartEdit, CartError, CartPolicy, Contact, DeliveryChoice, NewCart, NewLine, OnInsufficientStock,
    },
    catalog::{OnHand, ProductDraft, ProductStatus, TextDraft, VariantDraft},
    channel::{ContextRequest, DeliveryKind, DeliveryMethod, Location, LocationDraft, LocationKind, SalesContext},
    checkout::{CheckoutError, OrderPlacement, PaymentProvider, PlacedOrder},
    clock::Clock as _,
    customer::{CustomerName, NewCustomer},
    event::OutboxQueries as _,
    idempotency::IdempotencyKey,
    ids::{CartId, VariantId},
    inventory::{InventoryQueries as _, StockLevel},
    language::{Language, Translated},
    money::{Currency, Money},
    settings::BuiltIn,
};
use uuid::Uuid;

use super::{
    Bus, ManualClock, Provider, SequentialIds, TestDatabase, address,
    doubles::{MemoryIndex, NoSearch, PlainPasswords, PlainTokens},
    text,
};

/// A shop that is open.
pub(crate) struct Shop {
    pub(crate) db: TestDatabase,
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) index: Arc<MemoryIndex>,
    pub(crate) provider: Arc<Provider>,
    pub(crate) warehouse: Location,
    pub(crate) store: Location,
    keys: AtomicU64,
}

impl Shop {
    /// Opens a shop with nothing to sell.
    pub(crate) async fn open(db: TestDatabase) -> Arc<Self> {
        let clock = Arc::new(ManualClock::new());
        let (provider, index) = (Arc::new(Provider::default()), Arc::new(MemoryIndex::default()));
        let offered: Arc<dyn PaymentProvider> = provider.clone();
        let queries = db.storage.queries();
        let app = App::new(&Ports {
            storage: Arc::new(db.storage.clone()),
            catalog: queries.clone(),
            inventory: queries.clone(),
            holds: queries.clone(),
            settings: queries.clone(),
            carts: queries.clone(),
            codes: queries.clone(),
            cart_policy: CartPolicy::default(),
            budgets: queries.clone(),
            orders: queries.clone(),
            customers: queries.clone(),
            devices: queries.clone(),
            sign_ins: queries.clone(),
            staff: queries.clone(),
            collections: queries.clone(),
            merchandising: queries.clone(),
            promotions: queries.clone(),
            prices: queries.clone(),
            search_log: Arc::new(db.storage.clone()),
            events: queries,
            bus: Arc::new(Bus::default()),
            search: Arc::new(NoSearch),
            index: index.clone(),
            tax_provider: None,
            providers: [offered].into_iter().collect(),
            in_store: Arc::new([]),
            tokens: Arc::new(PlainTokens::default()),
            passwords: Arc::new(PlainPasswords),
            clock: clock.clone(),
            ids: Arc::new(SequentialIds::default()),
            built_in: BuiltIn::new(Currency::EUR, Some(text("FR"))).unwrap(),
        });
        let system = Actor::system();
        let place = |code, kind| {
            let (name, address, coordinates) = (String::from(code), None, None);
            LocationDraft { code: text(code), kind, name, address, coordinates }
        };
        let warehouse = app.channels.save_location(&system, place("central", LocationKind::Warehouse)).await.unwrap();
        let store = app.channels.save_location(&system, place("lyon", LocationKind::Store)).await.unwrap();
        for (code, kind) in [("standard", DeliveryKind::Ship), ("pickup", DeliveryKind::Pickup)] {
            let mut name = Translated::default();
            name.insert(Language::english(), code.to_owned());
            let countries = if kind == DeliveryKind::Ship { vec![text("FR")] } else { Vec::new() };
            let prices = vec![Money::new(490, Currency::EUR)];
            let method = DeliveryMethod { code: text(code), kind, name, countries, prices };
            app.channels.save_delivery_method(&system, method).await.unwrap();
        }
        Arc::new(Self { db, app, clock, index, provider, warehouse, store, keys: AtomicU64::new(0) })
    }

    /// Sells something new for 10.00 EUR, with so many in the warehouse and in the store.
    pub(crate) async fn sell(&self, slug: &str, warehouse: i32, store: i32) -> VariantId {
        let saved = self.app.catalog.save_product(&Actor::system(), &self.draft(slug, warehouse, store)).await;
        let queries = self.db.storage.queries();
        let variants = comptoir_domain::catalog::CatalogQueries::variants_of(&*queries, &[saved.unwrap().id]).await;
        variants.unwrap().first().unwrap().id
    }

    /// What [`Shop::sell`] saves.
    pub(crate) fn draft(&self, slug: &str, warehouse: i32, store: i32) -> ProductDraft {
        let english = TextDraft { language: Language::english(), name: slug.to_owned(), description_html: None };
        let on_hand = |it: &Location, quantity| OnHand { location: it.draft.code.clone(), quantity };
        let variant = VariantDraft {
            sku: Some(text(slug)),
            barcode: None,
            options: Vec::new(),
            weight_grams: None,
            requires_shipping: None,
            stock_policy: None,
            media_index: None,
            max_per_customer: None,
            components: None,
            prices: vec![(Money::new(1000, Currency::EUR), None)],
            on_hand: vec![on_hand(&self.warehouse, warehouse), on_hand(&self.store, store)],
        };
        ProductDraft {
            slug: text(slug),
            status: Some(ProductStatus::Active),
            publication: None,
            brand: None,
            product_type: None,
            tax_category: None,
            tags: None,
            texts: vec![english],
            attributes: None,
            options: None,
            media: None,
            variants: vec![variant],
        }
    }

    /// A new customer, who acts.
    pub(crate) async fn customer(&self, email: &str) -> Actor {
        let password = Password::parse("a password".to_owned()).unwrap();
        let name = CustomerName::parse(None, None).unwrap();
        let new = NewCustomer { email: text(email), password, name, language: Language::english() };
        let signed_up = self.app.customers.sign_up(&Actor::anonymous(None), new).await.unwrap();
        let principal = Principal::Customer { id: signed_up.who.id, sign_in: signed_up.tokens.sign_in, device: None };
        Actor { principal, cart_secret: None, network: None }
    }

    /// What a new cart with `lines` starts with.
    pub(crate) async fn new_cart(&self, lines: &[(VariantId, i64)]) -> NewCart {
        let lines = lines.iter().map(|&(variant_id, quantity)| NewLine::of(variant_id, quantity)).collect();
        let contact = Some(Contact { email: text("ada@example.org") });
        let settings = self.app.channels.settings(&Actor::system()).await.unwrap();
        let sales = Arc::new(SalesContext::resolve(&settings, &ContextRequest::default()).unwrap());
        let on_shortage = OnInsufficientStock::Reject;
        NewCart { identity: None, sales, language: Language::english(), lines, on_shortage, contact }
    }

    /// A new cart, and who holds it.
    pub(crate) async fn cart(&self, lines: &[(VariantId, i64)]) -> (CartId, Actor) {
        self.cart_from(&Actor::anonymous(None), lines).await
    }

    /// A new cart of nobody in particular, and how they act who hold it.
    pub(crate) async fn cart_from(&self, nobody: &Actor, lines: &[(VariantId, i64)]) -> (CartId, Actor) {
        let new = self.new_cart(lines).await;
        let CartCreated { view, .. } = self.app.carts.create(nobody, new).await.unwrap();
        (view.cart.id, Actor { cart_secret: Some(view.cart.secret_hash), ..nobody.clone() })
    }

    /// A new cart of `actor`.
    pub(crate) async fn cart_of(&self, actor: &Actor, lines: &[(VariantId, i64)]) -> CartId {
        self.app.carts.create(actor, self.new_cart(lines).await).await.unwrap().view.cart.id
    }

    /// Adds so many of a variant to a cart.
    pub(crate) async fn add(
        &self,
        cart: CartId,
        holder: &Actor,
        variant: VariantId,
        quantity: i64,
    ) -> Result<(), CartError> {
        let edit = CartEdit::add(vec![NewLine::of(variant, quantity)]);
        self.app.carts.edit(holder, cart, None, edit).await.map(|_| ())
    }

    /// A new cart that lacks nothing to be ordered.
    pub(crate) async fn full_cart(&self, lines: &[(VariantId, i64)]) -> (CartId, Actor) {
        let (cart, holder) = self.cart(lines).await;
        self.complete(&holder, cart).await;
        (cart, holder)
    }

    /// A new cart of a customer that lacks nothing to be ordered.
    pub(crate) async fn full_cart_of(&self, customer: &Actor, lines: &[(VariantId, i64)]) -> CartId {
        let created = self.app.carts.create(customer, self.new_cart(lines).await).await.unwrap();
        self.complete(customer, created.view.cart.id).await;
        created.view.cart.id
    }

    async fn complete(&self, holder: &Actor, cart: CartId) {
        let delivery = DeliveryChoice { method: text("standard"), location_id: None };
        for edit in [
            CartEdit::SetAddresses { shipping: Some(Box::new(address())), billing: None },
            CartEdit::SelectDelivery(delivery),
        ] {
            self.app.carts.edit(holder, cart, None, edit).await.unwrap();
        }
    }

    /// A key that was not used yet.
    pub(crate) fn key(&self) -> IdempotencyKey {
        let next = self.keys.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        IdempotencyKey(Uuid::from_u128(u128::from(next)))
    }

    /// A placement of `cart` under a new key; `token` says how the payment goes.
    pub(crate) fn placement(&self, cart_id: CartId, token: &str) -> OrderPlacement {
        OrderPlacement {
            cart_id,
            key: self.key(),
            provider: Provider::code(),
            token: Some(token.to_owned()),
            expected_total: None,
            expected_version: None,
        }
    }

    /// Fills a cart and orders it.
    pub(crate) async fn buy(&self, lines: &[(VariantId, i64)], token: &str) -> Result<PlacedOrder, CheckoutError> {
        let (cart, holder) = self.full_cart(lines).await;
        self.app.checkout.place(&holder, self.placement(cart, token)).await
    }

    /// The levels of a variant, by location.
    pub(crate) async fn levels(&self, variant: VariantId) -> Vec<StockLevel> {
        let mut levels = self.db.storage.queries().levels_of(&[variant], Some(self.clock.now())).await.unwrap();
        levels.sort_by_key(|it| it.location_id);
        levels
    }

    /// What is on hand and allocated of a variant in the warehouse.
    pub(crate) async fn stock(&self, variant: VariantId) -> (i64, i64) {
        let levels = self.levels(variant).await;
        let level = levels.iter().find(|it| it.location_id == self.warehouse.id).unwrap();
        (level.on_hand, level.allocated)
    }

    /// Insists that the movements of every place add up to its level.
    pub(crate) async fn check_movements(&self) {
        let off = self.db.number(MOVEMENTS_OFF).await;
        assert_eq!(off, 0, "levels that their movements do not add up to");
    }

    /// How many events were appended so far.
    pub(crate) async fn event_count(&self) -> i64 {
        self.db.number("SELECT COUNT(*) FROM outbox").await
    }

    /// The position of the last numbered event.
    pub(crate) async fn last_position(&self) -> i64 {
        self.db.storage.queries().last_position().await.unwrap()
    }
}

const MOVEMENTS_OFF: &str = "
    SELECT COUNT(*) FROM stock_level l LEFT JOIN (
        SELECT variant_id, location_id, CAST(SUM(on_hand_delta) AS BIGINT) AS on_hand,
               CAST(SUM(allocated_delta) AS BIGINT) AS allocated
        FROM stock_movement GROUP BY variant_id, location_id
    ) m ON m.variant_id = l.variant_id AND m.location_id = l.location_id
    WHERE l.on_hand <> COALESCE(m.on_hand, 0) OR l.allocated <> COALESCE(m.allocated, 0)";
