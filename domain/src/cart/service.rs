//! The use cases of carts. Each answers with the cart as it is afterwards, priced.

use std::{collections::HashMap, slice, sync::Arc};

use super::{
    Cart, CartEdit, CartError, CartQueries, CartState, CartView, Clamped, Contact, NewLine, OnInsufficientStock, Shelf,
    ShelfQueries,
    codes::Buyers,
    edit::Around,
    lines::Check,
    terms::{Terms, TermsQueries},
};
use crate::{
    access::{Actor, CartSecret, Tokens},
    catalog::{CatalogQueries, CollectionQueries, Viewpoint},
    channel::SalesContext,
    checkout::{DeliveryOption, chosen_delivery, delivery_options},
    clock::{Clock, Timestamp},
    codes::ChannelCode,
    customer::CustomerQueries,
    event::EventKind,
    ids::{CartId, IdSource, VariantId},
    inventory::InventoryQueries,
    language::Language,
    money::Currency,
    pricing::{Buyer, CartToPrice, PriceQueries, offers_near, tax::SomeTaxProvider},
    promotion::{CodeQueries, NearestOffer},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError, UnitOfWork},
};

/// What a new cart starts with.
#[derive(Debug, Clone)]
pub struct NewCart {
    /// Where it is sold, to whom, and in what currency.
    pub sales: Arc<SalesContext>,
    /// The language to write to the buyer in.
    pub language: Language,
    /// Its first lines.
    pub lines: Vec<NewLine>,
    /// What to do where there is not enough.
    pub on_shortage: OnInsufficientStock,
    /// How to reach the buyer; left out, a customer's own address.
    pub contact: Option<Contact>,
}

/// A cart that was just created.
#[derive(Debug, Clone)]
pub struct CartCreated {
    /// The cart.
    pub view: CartView,
    /// What opens it; told once.
    pub secret: CartSecret,
    /// The lines that got less than was wanted.
    pub clamped: Vec<Clamped>,
}

/// A cart that was just changed.
#[derive(Debug, Clone)]
pub struct EditedCart {
    /// The cart.
    pub view: CartView,
    /// The lines that got less than was wanted.
    pub clamped: Vec<Clamped>,
}

/// How often a change is tried that somebody else was first at.
const ATTEMPTS: u32 = 5;

/// The use cases of carts.
pub struct CartService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn CartQueries>,
    pub(crate) codes: Arc<dyn CodeQueries>,
    pub(crate) catalog: Arc<dyn CatalogQueries>,
    pub(crate) prices: Arc<dyn PriceQueries>,
    pub(crate) inventory: Arc<dyn InventoryQueries>,
    pub(crate) collections: Arc<dyn CollectionQueries>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) customers: Arc<dyn CustomerQueries>,
    pub(crate) tax_provider: SomeTaxProvider,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl CartService {
    /// Creates a cart, with lines if there are any. Whoever has its secret holds it; a customer's own is theirs as well.
    ///
    /// # Errors
    /// [`CartError::Line`]; there is no cart then.
    pub async fn create(&self, actor: &Actor, new: NewCart) -> Result<CartCreated, CartError> {
        Cart::check_line_count(new.lines.len())?;
        let now = self.clock.now();
        let secret = self.tokens.new_cart_secret();
        let customer_id = actor.customer();
        let customer = self.customers.customers_by_id(customer_id.as_slice()).await?.pop();
        let own_contact = || customer.map(|it| Contact { email: it.email });
        let mut cart = Cart {
            id: CartId::new(&*self.ids),
            version: 0,
            state: CartState::Active,
            secret_hash: self.tokens.hash_cart_secret(&secret),
            customer_id,
            channel: new.sales.channel.code.clone(),
            market: new.sales.market.code.clone(),
            currency: new.sales.currency,
            language: new.language,
            lines: Vec::new(),
            saved: Vec::new(),
            note: None,
            contact: new.contact.or_else(own_contact),
            shipping_address: None,
            billing_address: None,
            vat_number: None,
            delivery: None,
            codes: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let uow = self.storage.begin().await?;
        let settings = self.settings.current().await?;
        let added: Vec<VariantId> = new.lines.iter().map(|it| it.variant_id).collect();
        let terms = self.load_terms(&*uow, &cart, &settings).await?;
        let shelf = load_shelf(&*uow, &cart, &added, &settings, &terms, now).await?;
        let check = Check { shelf: &shelf, on_shortage: new.on_shortage, ids: &*self.ids };
        let clamped = cart.add_lines(&new.lines, &check)?;
        let event = cart.changed(EventKind::CartCreated, now);
        let buyer = terms.complete(Buyer::default(), &cart);
        let view = CartView::of(cart, shelf, &settings, buyer, now)?.seen();
        uow.carts().insert(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(CartCreated { view: self.ask_for_taxes(view, &settings, now).await?, secret, clamped })
    }

    /// Changes a cart, or nothing of it. Where somebody else was first at the same row, it is tried again.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn edit(
        &self,
        actor: &Actor,
        id: CartId,
        expected_version: Option<u32>,
        edit: CartEdit,
    ) -> Result<EditedCart, CartError> {
        Cart::check_line_count(edit.line_count())?;
        for _ in 1..ATTEMPTS {
            match self.edit_once(actor, id, expected_version, &edit).await {
                Err(CartError::Storage(StorageError::Conflict)) => {}
                result => return result,
            }
        }
        self.edit_once(actor, id, expected_version, &edit).await
    }

    async fn edit_once(
        &self,
        actor: &Actor,
        id: CartId,
        expected_version: Option<u32>,
        edit: &CartEdit,
    ) -> Result<EditedCart, CartError> {
        let now = self.clock.now();
        let settings = self.settings.current().await?;
        let uow = self.storage.begin().await?;
        let mut cart = uow.carts().find(id).await?.ok_or(CartError::NotFound)?;
        cart.check_access(actor)?;
        cart.check_open(expected_version)?;
        let terms = self.load_terms(&*uow, &cart, &settings).await?;
        let shelf = load_shelf(&*uow, &cart, &edit.variant_ids(), &settings, &terms, now).await?;
        let around = Around { shelf: &shelf, settings: &settings, customer: actor.customer(), ids: &*self.ids, now };
        let clamped = edit.apply(&*uow, &mut cart, around).await?;
        let event = cart.changed(EventKind::CartUpdated, now);
        let buyer = Buyers::load(uow.code_queries(), slice::from_ref(&cart)).await?.of(&cart, now);
        let buyer = terms.complete(buyer, &cart);
        let view = CartView::of(cart, shelf, &settings, buyer, now)?.seen();
        uow.carts().save(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        let view = self.ask_for_taxes(view, &settings, now).await?;
        Ok(EditedCart { view, clamped })
    }

    async fn load_terms(&self, uow: &dyn UnitOfWork, cart: &Cart, settings: &Settings) -> Result<Terms, StorageError> {
        let carts = self.tax_provider.is_some().then(|| uow.cart_queries());
        Terms::load(TermsQueries { customers: uow.customer_queries(), carts }, slice::from_ref(cart), settings).await
    }

    /// The cart as it is now.
    ///
    /// # Errors
    /// [`CartError::NotFound`] for a cart that does not exist or is somebody else's.
    pub async fn view(&self, actor: &Actor, id: CartId) -> Result<CartView, CartError> {
        self.views(actor, &[id]).await?.pop().ok_or(CartError::NotFound)
    }

    /// The carts as they are now, in no order, without those that do not exist or are somebody else's. Takes as many
    /// statements for many as for one, but for three more with each currency and channel.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn views(&self, actor: &Actor, ids: &[CartId]) -> Result<Vec<CartView>, CartError> {
        let mut carts = self.queries.carts_by_id(ids).await?;
        carts.retain(|it| it.check_access(actor).is_ok());
        let (settings, now) = (self.settings.current().await?, self.clock.now());
        let buyers = Buyers::load(&*self.codes, &carts).await?;
        let queries =
            TermsQueries { customers: &*self.customers, carts: self.tax_provider.is_some().then_some(&*self.queries) };
        let terms = Terms::load(queries, &carts, &settings).await?;
        let mut views = Vec::with_capacity(carts.len());
        for ((currency, channel), carts) in by_shelf(carts) {
            let variants: Vec<VariantId> = carts.iter().flat_map(Cart::shown_variant_ids).collect();
            let from = Viewpoint { channel, now };
            let queries = ShelfQueries {
                catalog: &*self.catalog,
                prices: &*self.prices,
                inventory: &*self.inventory,
                collections: settings.collections_for_promotions(&*self.collections),
            };
            let shelf = Shelf::load(queries, &variants, currency, &from).await?;
            let shelf = shelf.by_variant();
            for cart in carts {
                let shelf = Shelf::of(&cart.shown_variant_ids(), &shelf);
                let shelf = shelf.priced(cart.pricing(&settings, &terms.of(&cart), now));
                let buyer = terms.complete(buyers.of(&cart, now), &cart);
                views.push(CartView::of(cart, shelf, &settings, buyer, now)?);
            }
        }
        Ok(views)
    }

    /// The promotions that adding to the cart would make apply, at most `max`, the nearest first.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn nearest_offers(
        &self,
        _actor: &Actor,
        view: &CartView,
        max: usize,
    ) -> Result<Vec<NearestOffer>, CartError> {
        let CartView { cart, shelf, buyer, .. } = view;
        let settings = self.settings.current().await?;
        let delivery = chosen_delivery(cart, shelf, &settings);
        let (delivery, now) = (delivery.as_ref(), self.clock.now());
        Ok(offers_near(&CartToPrice { cart, shelf, settings: &settings, delivery, buyer, now }, max)?)
    }

    /// The ways a cart can reach its buyer: methods that ship to its address, and stores that have all of it.
    ///
    /// Whoever was given a view may see all of its cart; who just created it did not have its secret before.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn delivery_options(&self, _actor: &Actor, view: &CartView) -> Result<Vec<DeliveryOption>, CartError> {
        Ok(delivery_options(&view.cart, &view.shelf, &*self.settings.current().await?))
    }
}

fn by_shelf(carts: Vec<Cart>) -> HashMap<(Currency, ChannelCode), Vec<Cart>> {
    let mut groups: HashMap<(Currency, ChannelCode), Vec<Cart>> = HashMap::new();
    for cart in carts {
        groups.entry((cart.currency, cart.channel.clone())).or_default().push(cart);
    }
    groups
}

async fn load_shelf(
    uow: &dyn UnitOfWork,
    cart: &Cart,
    added: &[VariantId],
    settings: &Settings,
    terms: &Terms,
    now: Timestamp,
) -> Result<Shelf, StorageError> {
    let mut variants: Vec<VariantId> = cart.shown_variant_ids();
    variants.extend(added);
    let queries = ShelfQueries {
        catalog: uow.catalog(),
        prices: uow.price_queries(),
        inventory: uow.inventory(),
        collections: settings.collections_for_promotions(uow.collection_queries()),
    };
    let shelf = Shelf::load(queries, &variants, cart.currency, &cart.viewpoint(now)).await?;
    Ok(shelf.priced(cart.pricing(settings, &terms.of(cart), now)))
}
