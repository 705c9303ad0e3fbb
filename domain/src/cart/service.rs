//! The use cases of carts. Each answers with the cart as it is afterwards, priced.

use std::{collections::HashMap, slice, sync::Arc};

use super::{
    BuyerSources, Buyers, Cart, CartEdit, CartError, CartPolicy, CartQueries, CartView, Clamped, Contact, NewLine,
    OnInsufficientStock, Shelf, ShelfQueries,
    edit::Around,
    hold::{HoldMoment, Holding, live_holds, take_hold},
    lines::Check,
    terms::{Terms, TermsQueries},
};
use crate::{
    access::{Actor, CartSecret, SecretHash, StaffQueries, Tokens},
    catalog::{CatalogQueries, CollectionQueries, Viewpoint},
    channel::SalesContext,
    checkout::{DeliveryOption, PaymentProviders, chosen_delivery, delivery_options},
    clock::{Clock, Timestamp},
    codes::ChannelCode,
    customer::CustomerQueries,
    event::EventKind,
    ids::{CartId, CustomerId, IdSource, VariantId},
    inventory::{HoldQueries, InventoryQueries, StockHold},
    language::Language,
    money::Currency,
    order::{Bought, OrderQueries},
    pricing::{CartToPrice, PriceQueries, offers_near, tax::SomeTaxProvider},
    promotion::{BudgetQueries, CodeQueries, NearestOffer},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError, UnitOfWork},
};

/// What a new cart starts with.
#[derive(Debug, Clone)]
pub struct NewCart {
    /// An id and a secret that the client made, so that it can create the cart again without harm; none: new ones.
    pub identity: Option<(CartId, CartSecret)>,
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
    /// Whether the client had created it before.
    pub is_replay: bool,
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
pub(super) const ATTEMPTS: u32 = 5;

/// The use cases of carts.
pub struct CartService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn CartQueries>,
    pub(crate) codes: Arc<dyn CodeQueries>,
    pub(crate) budgets: Arc<dyn BudgetQueries>,
    pub(crate) catalog: Arc<dyn CatalogQueries>,
    pub(crate) prices: Arc<dyn PriceQueries>,
    pub(crate) inventory: Arc<dyn InventoryQueries>,
    pub(crate) holds: Arc<dyn HoldQueries>,
    pub(crate) collections: Arc<dyn CollectionQueries>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) customers: Arc<dyn CustomerQueries>,
    pub(crate) tax_provider: SomeTaxProvider,
    pub(crate) orders: Arc<dyn OrderQueries>,
    pub(crate) policy: CartPolicy,
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
        for _ in 1..ATTEMPTS {
            match self.create_once(actor, &new).await {
                // Somebody else took the id at the same moment.
                Err(CartError::Storage(StorageError::Conflict)) if new.identity.is_some() => {}
                result => return result,
            }
        }
        self.create_once(actor, &new).await
    }

    async fn create_once(&self, actor: &Actor, new: &NewCart) -> Result<CartCreated, CartError> {
        let now = self.clock.now();
        let secret = new.identity.as_ref().map_or_else(|| self.tokens.new_cart_secret(), |it| it.1.clone());
        let secret_hash = self.tokens.hash_cart_secret(&secret);
        if let Some((id, secret)) = &new.identity
            && let Some(created) = self.created_before(actor, *id, secret, &secret_hash).await?
        {
            return Ok(created);
        }
        let customer_id = actor.customer();
        let customer = self.customers.customers_by_id(customer_id.as_slice()).await?.pop();
        let own_contact = || customer.map(|it| Contact { email: it.email });
        let (channel, market) = (new.sales.channel.code.clone(), new.sales.market.code.clone());
        let mut cart = Cart {
            id: new.identity.as_ref().map_or_else(|| CartId::new(&*self.ids), |it| it.0),
            secret_hash,
            customer_id,
            device_id: actor.device_id(),
            contact: new.contact.clone().or_else(own_contact),
            ..Cart::empty(channel, market, new.sales.currency, new.language.clone(), now)
        };
        let uow = self.storage.begin().await?;
        let settings = self.settings.current().await?;
        let added: Vec<VariantId> = new.lines.iter().map(|it| it.variant_id).collect();
        let moment = if added.is_empty() { HoldMoment::Other } else { HoldMoment::Lines };
        let holding = Holding::of(&cart, moment, &settings)?;
        let terms = self.load_terms(&*uow, slice::from_ref(&cart), &settings).await?;
        let shelf = load_shelf(&*uow, &cart, &added, (&settings, &terms), holding, now).await?;
        let check = Check { shelf: &shelf, on_shortage: new.on_shortage, ids: &*self.ids };
        let clamped = cart.add_lines(&new.lines, &check)?;
        cart.mark(&[], cart.author(actor));
        take_hold(holding, &*uow, &mut cart, (&shelf, &settings), actor, now).await?;
        let event = cart.changed(EventKind::CartCreated, now);
        let buyers = Buyers::load(BuyerSources::within(&*uow), terms, &settings, slice::from_ref(&cart), now).await?;
        let view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?.seen();
        uow.carts().insert(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        let view = self.ask_for_taxes(view, &settings, now).await?;
        Ok(CartCreated { view, secret, clamped, is_replay: false })
    }

    /// The cart that a client created under an id of its own before, as it is now.
    async fn created_before(
        &self,
        actor: &Actor,
        id: CartId,
        secret: &CartSecret,
        hash: &SecretHash,
    ) -> Result<Option<CartCreated>, CartError> {
        let Some(cart) = self.queries.carts_by_id(&[id]).await?.pop() else { return Ok(None) };
        let holder = Actor { cart_secret: Some(hash.clone()), ..actor.clone() };
        // A customer or staff who may see the cart has not created it by this.
        if cart.secret_hash != *hash || cart.check_access(&holder).is_err() {
            return Err(CartError::IdTaken);
        }
        let view = self.views_of(vec![cart]).await?.pop().ok_or(CartError::IdTaken)?;
        Ok(Some(CartCreated { view, secret: secret.clone(), clamped: Vec::new(), is_replay: true }))
    }

    /// Changes a cart, or nothing of it. Where somebody else was first at the same row, it is tried again. What is so already
    /// makes no new version.
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
        edit.check_size()?;
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
        let (mut cart, customer) = uow.carts().find_with_terms(id).await?.ok_or(CartError::NotFound)?;
        cart.check_access(actor)?;
        cart.check_open(expected_version)?;
        let holding = Holding::of(&cart, edit.hold_moment(), &settings)?;
        let terms = Terms::of_customers(cart.customer_id.map(|it| (it, customer)), &settings);
        let terms = terms.with_taxes(self.tax_queries(&*uow), slice::from_ref(&cart)).await?;
        let shelf = load_shelf(&*uow, &cart, &edit.variant_ids(), (&settings, &terms), holding, now).await?;
        let (before, author) = (cart.clone(), cart.author(actor));
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
        cart.mark(&before.lines, author);
        let holding = holding.and_then(|it| it.since(&before, &cart, now));
        take_hold(holding, &*uow, &mut cart, (&shelf, &settings), actor, now).await?;
        let event = cart.changed(EventKind::CartUpdated, now);
        let buyers = Buyers::load(BuyerSources::within(&*uow), terms, &settings, slice::from_ref(&cart), now).await?;
        let view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?.seen();
        view.check_edit(edit)?;
        if !edit.always_counts() && view.cart.is_still(&before) {
            return Ok(EditedCart { view: CartView { cart: before, ..view }, clamped });
        }
        uow.carts().save(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(EditedCart { view: self.ask_for_taxes(view, &settings, now).await?, clamped })
    }

    /// What the prices and taxes of carts depend on, within a transaction.
    pub(super) async fn load_terms(
        &self,
        uow: &dyn UnitOfWork,
        carts: &[Cart],
        settings: &Settings,
    ) -> Result<Terms, StorageError> {
        let queries = TermsQueries { customers: uow.customer_queries(), carts: self.tax_queries(uow) };
        Terms::load(queries, carts, settings).await
    }

    /// Where a tax provider's answers are read, if there is one.
    fn tax_queries<'a>(&self, uow: &'a dyn UnitOfWork) -> Option<&'a dyn CartQueries> {
        self.tax_provider.is_some().then(|| uow.cart_queries())
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
        self.views_of(carts).await
    }

    /// Carts as they are now, for those who may see them.
    pub(super) async fn views_of(&self, carts: Vec<Cart>) -> Result<Vec<CartView>, CartError> {
        let (settings, now) = (self.settings.current().await?, self.clock.now());
        let terms = Terms::load(self.terms_queries(), &carts, &settings).await?;
        let buyers = Buyers::load(self.buyer_sources(), terms, &settings, &carts, now).await?;
        let holds = live_holds(&*self.holds, &carts, now).await?;
        let gifts = settings.promotions.gifts(now);
        let mut views = Vec::with_capacity(carts.len());
        for ((currency, channel), carts) in by_shelf(carts) {
            let variants: Vec<VariantId> =
                carts.iter().flat_map(Cart::shown_variant_ids).chain(gifts.clone()).collect();
            let from = Viewpoint { channel, now };
            let queries = ShelfQueries {
                catalog: &*self.catalog,
                prices: &*self.prices,
                inventory: &*self.inventory,
                locked: None,
                collections: settings.collections_for_promotions(&*self.collections),
            };
            let shelf = Shelf::load(queries, &variants, currency, &from).await?;
            let bought = self.bought_of(&carts, &shelf).await?;
            let shelf = shelf.by_variant();
            for cart in carts {
                let variants: Vec<VariantId> = cart.shown_variant_ids().into_iter().chain(gifts.clone()).collect();
                let pricing = cart.pricing(&settings, &buyers.terms.of(&cart), now);
                let held: Vec<StockHold> = holds.iter().filter(|it| it.cart_id == cart.id).copied().collect();
                let mut shelf = Shelf::of(&variants, &shelf).with_own(&held).priced(pricing);
                let own = bought.iter().filter(|it| Some(it.customer_id) == cart.customer_id);
                shelf.bought = own.map(|it| (it.variant_id, it.quantity)).collect();
                let buyer = buyers.of(&cart, &settings, now);
                views.push(CartView::of(cart, shelf, &settings, buyer, now)?);
            }
        }
        Ok(views)
    }

    /// What the customers of carts have bought of what there is a limit of.
    async fn bought_of(&self, carts: &[Cart], shelf: &Shelf) -> Result<Vec<Bought>, StorageError> {
        let (customers, products): (Vec<CustomerId>, _) =
            (carts.iter().filter_map(|it| it.customer_id).collect(), shelf.limited_products());
        if customers.is_empty() || products.is_empty() {
            return Ok(Vec::new());
        }
        self.orders.bought_by(&customers, &products).await
    }

    pub(super) fn terms_queries(&self) -> TermsQueries<'_> {
        let taxes = self.tax_provider.is_some().then_some(&*self.queries);
        TermsQueries { customers: &*self.customers, carts: taxes }
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

/// Reads the shelf of a cart and of what is added to it; with its stock locked where that is to be set aside.
pub(super) async fn load_shelf(
    uow: &dyn UnitOfWork,
    cart: &Cart,
    added: &[VariantId],
    (settings, terms): (&Settings, &Terms),
    holding: Option<Holding>,
    now: Timestamp,
) -> Result<Shelf, StorageError> {
    let mut variants: Vec<VariantId> = cart.shown_variant_ids();
    variants.extend(added);
    variants.extend(settings.promotions.gifts(now));
    let queries = ShelfQueries {
        catalog: uow.catalog(),
        prices: uow.price_queries(),
        inventory: uow.inventory(),
        locked: holding.map(|_| uow.stock()),
        collections: settings.collections_for_promotions(uow.collection_queries()),
    };
    let shelf = Shelf::load(queries, &variants, cart.currency, &cart.viewpoint(now)).await?;
    let own = live_holds(uow.hold_queries(), slice::from_ref(cart), now).await?;
    let shelf = shelf.with_own(&own).priced(cart.pricing(settings, &terms.of(cart), now));
    shelf.with_bought(uow.order_queries(), cart.customer_id).await
}
