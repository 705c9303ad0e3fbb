//! The use cases of carts. Each answers with the cart as it is afterwards, priced.

use std::{collections::HashMap, slice, sync::Arc};

use super::{
    BuyerSources, Buyers, Cart, CartEdit, CartError, CartQueries, CartState, CartView, Clamped, Contact, NewLine,
    OnInsufficientStock, Shelf, edit::Around, lines::Check,
};
use crate::{
    access::{Actor, CartSecret, StaffQueries, Tokens},
    catalog::{CatalogQueries, CollectionQueries, Viewpoint},
    channel::SalesContext,
    checkout::{DeliveryOption, PaymentProviders, chosen_delivery, delivery_options},
    clock::{Clock, Timestamp},
    codes::ChannelCode,
    customer::CustomerQueries,
    event::EventKind,
    ids::{CartId, IdSource, VariantId},
    inventory::InventoryQueries,
    language::Language,
    money::Currency,
    order::OrderQueries,
    pricing::{CartToPrice, offers_near},
    promotion::{BudgetQueries, CodeQueries, NearestOffer},
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
    pub(crate) budgets: Arc<dyn BudgetQueries>,
    pub(crate) catalog: Arc<dyn CatalogQueries>,
    pub(crate) inventory: Arc<dyn InventoryQueries>,
    pub(crate) collections: Arc<dyn CollectionQueries>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) customers: Arc<dyn CustomerQueries>,
    pub(crate) orders: Arc<dyn OrderQueries>,
    pub(crate) providers: PaymentProviders,
    pub(crate) staff: Arc<dyn StaffQueries>,
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
            delivery: None,
            codes: Vec::new(),
            gift_choices: Vec::new(),
            manual_discounts: Vec::new(),
            payment_means: None,
            created_at: now,
            updated_at: now,
        };
        let uow = self.storage.begin().await?;
        let settings = self.settings.current().await?;
        let added: Vec<VariantId> = new.lines.iter().map(|it| it.variant_id).collect();
        let shelf = load_shelf(&*uow, &cart, &added, &settings, now).await?;
        let check = Check { shelf: &shelf, on_shortage: new.on_shortage, ids: &*self.ids };
        let clamped = cart.add_lines(&new.lines, &check)?;
        let event = cart.changed(EventKind::CartCreated, now);
        let buyers = Buyers::load(BuyerSources::within(&*uow), &settings, slice::from_ref(&cart), now).await?;
        let view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?.seen();
        uow.carts().insert(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(CartCreated { view, secret, clamped })
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
        let shelf = load_shelf(&*uow, &cart, &edit.variant_ids(), &settings, now).await?;
        let around = Around {
            shelf: &shelf,
            settings: &settings,
            customer: actor.customer(),
            ids: &*self.ids,
            providers: &self.providers,
            now,
        };
        let clamped = edit.apply(&*uow, &mut cart, around).await?;
        cart.forget_stray_discounts();
        let event = cart.changed(EventKind::CartUpdated, now);
        let buyers = Buyers::load(BuyerSources::within(&*uow), &settings, slice::from_ref(&cart), now).await?;
        let view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?.seen();
        view.check_edit(edit)?;
        uow.carts().save(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(EditedCart { view, clamped })
    }

    /// The cart as it is now.
    ///
    /// # Errors
    /// [`CartError::NotFound`] for a cart that does not exist or is somebody else's.
    pub async fn view(&self, actor: &Actor, id: CartId) -> Result<CartView, CartError> {
        self.views(actor, &[id]).await?.pop().ok_or(CartError::NotFound)
    }

    /// The carts as they are now, in no order, without those that do not exist or are somebody else's. Takes as many
    /// statements for many as for one, but for two more with each currency and channel.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn views(&self, actor: &Actor, ids: &[CartId]) -> Result<Vec<CartView>, CartError> {
        let mut carts = self.queries.carts_by_id(ids).await?;
        carts.retain(|it| it.check_access(actor).is_ok());
        let (settings, now) = (self.settings.current().await?, self.clock.now());
        let buyers = Buyers::load(self.buyer_sources(), &settings, &carts, now).await?;
        let gifts = settings.promotions.gifts(now);
        let mut views = Vec::with_capacity(carts.len());
        for ((currency, channel), carts) in by_shelf(carts) {
            let variants: Vec<VariantId> =
                carts.iter().flat_map(Cart::shown_variant_ids).chain(gifts.clone()).collect();
            let from = Viewpoint { channel, now };
            let collections = settings.collections_for_promotions(&*self.collections);
            let shelf = Shelf::load(&*self.catalog, &*self.inventory, collections, &variants, currency, &from).await?;
            let shelf = shelf.by_variant();
            for cart in carts {
                let variants: Vec<VariantId> = cart.shown_variant_ids().into_iter().chain(gifts.clone()).collect();
                let shelf = Shelf::of(&variants, &shelf);
                let buyer = buyers.of(&cart, &settings, now);
                views.push(CartView::of(cart, shelf, &settings, buyer, now)?);
            }
        }
        Ok(views)
    }

    pub(super) fn buyer_sources(&self) -> BuyerSources<'_> {
        BuyerSources { codes: &*self.codes, orders: &*self.orders, budgets: &*self.budgets }
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
    now: Timestamp,
) -> Result<Shelf, StorageError> {
    let mut variants: Vec<VariantId> = cart.shown_variant_ids();
    variants.extend(added);
    variants.extend(settings.promotions.gifts(now));
    let collections = settings.collections_for_promotions(uow.collection_queries());
    Shelf::load(uow.catalog(), uow.inventory(), collections, &variants, cart.currency, &cart.viewpoint(now)).await
}
