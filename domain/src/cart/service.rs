//! The use cases of carts. Each answers with the cart as it is afterwards, priced.

use std::{collections::HashMap, slice, sync::Arc};

use super::{
    BuyerSources, Buyers, Cart, CartError, CartQueries, CartState, Contact, DeliveryChoice, LimitedDiscount,
    LineChange, NewLine, Shelf,
    codes::{apply_code, remove_code},
};
use crate::{
    access::{Actor, CartSecret, StaffQueries, Tokens},
    catalog::{CatalogQueries, CollectionQueries, Viewpoint},
    channel::{Address, SalesContext},
    checkout::{DeliveryOption, PaymentProviders, ProviderCode, chosen_delivery, delivery_options},
    clock::{Clock, Timestamp},
    codes::ChannelCode,
    customer::CustomerQueries,
    event::EventKind,
    ids::{CartId, CartLineId, CustomerId, IdSource, ManualDiscountId, VariantId},
    inventory::InventoryQueries,
    language::Language,
    money::{Currency, MoneyError},
    order::OrderQueries,
    pricing::{Buyer, CartToPrice, PricedCart, offers_near, price_cart},
    promotion::{BudgetQueries, CodeQueries, DiscountCode, Gift, GiftChoice, NearestOffer},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError, UnitOfWork},
};

/// A cart with what it costs now.
#[derive(Debug, Clone)]
pub struct CartView {
    /// The cart.
    pub cart: Cart,
    /// What it costs.
    pub priced: PricedCart,
    /// What it was priced by: its variants, with their prices and stock.
    pub shelf: Shelf,
    /// And what was known of the buyer.
    pub buyer: Buyer,
}

impl CartView {
    /// The cart as it is priced now.
    ///
    /// # Errors
    /// [`MoneyError`] where it costs more than any money there is.
    pub fn of(cart: Cart, shelf: Shelf, settings: &Settings, buyer: Buyer, now: Timestamp) -> Result<Self, MoneyError> {
        let delivery = chosen_delivery(&cart, &shelf, settings);
        let request =
            CartToPrice { cart: &cart, shelf: &shelf, settings, delivery: delivery.as_ref(), buyer: &buyer, now };
        let priced = price_cart(&request)?;
        Ok(Self { cart, priced, shelf, buyer })
    }

    /// Insists that a promotion offers a gift to this cart, whatever was said to it.
    fn check_gift(&self, choice: GiftChoice) -> Result<(), CartError> {
        let is_meant = |it: &Gift| it.promotion_id == choice.promotion_id && it.variant_id == choice.variant_id;
        if self.priced.quote.gifts.iter().any(is_meant) { Ok(()) } else { Err(CartError::GiftNotOffered) }
    }
}

/// What a new cart starts with.
#[derive(Debug, Clone)]
pub struct NewCart {
    /// Where it is sold, to whom, and in what currency.
    pub sales: Arc<SalesContext>,
    /// The language to write to the buyer in.
    pub language: Language,
    /// Its first lines.
    pub lines: Vec<NewLine>,
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
}

/// What to do with a cart.
#[derive(Debug, Clone)]
pub enum CartEdit {
    /// Add lines.
    AddLines(Vec<NewLine>),
    /// Set lines' quantities.
    UpdateLines(Vec<LineChange>),
    /// Remove lines.
    RemoveLines(Vec<CartLineId>),
    /// Say how to reach the buyer.
    SetContact(Contact),
    /// Say where it goes and whom to bill; the receiver is billed where nobody else is.
    SetAddresses {
        /// Where it goes.
        shipping: Option<Box<Address>>,
        /// Whom to bill.
        billing: Option<Box<Address>>,
    },
    /// Choose a delivery option.
    SelectDelivery(DeliveryChoice),
    /// Enter a code: a use of it is set aside, again where it was before.
    ApplyCode(DiscountCode),
    /// Take a code away.
    RemoveCode(DiscountCode),
    /// Take a gift, or do without.
    ChooseGift(GiftChoice),
    /// Say how it will be paid.
    SelectPayment(ProviderCode),
    /// Take a discount that staff gives by hand.
    GiveDiscount(Box<LimitedDiscount>),
    /// Give one back.
    RemoveDiscount(ManualDiscountId),
}

impl CartEdit {
    fn line_count(&self) -> usize {
        match self {
            Self::AddLines(lines) => lines.len(),
            Self::UpdateLines(changes) => changes.len(),
            Self::RemoveLines(lines) => lines.len(),
            Self::SetContact(_)
            | Self::SetAddresses { .. }
            | Self::SelectDelivery(_)
            | Self::ApplyCode(_)
            | Self::RemoveCode(_)
            | Self::ChooseGift(_)
            | Self::SelectPayment(_)
            | Self::GiveDiscount(_)
            | Self::RemoveDiscount(_) => 0,
        }
    }
}

/// What is checked of a cart once it is priced.
enum Check {
    Nothing,
    Gift(GiftChoice),
    Discount(Box<LimitedDiscount>),
}

impl Check {
    fn of(edit: &CartEdit) -> Self {
        match edit {
            CartEdit::ChooseGift(choice) => Self::Gift(*choice),
            CartEdit::GiveDiscount(given) => Self::Discount(given.clone()),
            _ => Self::Nothing,
        }
    }
}

/// What a change of a cart depends on.
#[derive(Clone, Copy)]
struct Around<'a> {
    shelf: &'a Shelf,
    settings: &'a Settings,
    /// Who changes it, where that is a customer.
    customer: Option<CustomerId>,
    now: Timestamp,
}

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
        let shelf = load_shelf(&*uow, &cart, &new.lines, &settings, now).await?;
        cart.add_lines(&new.lines, &shelf, &*self.ids)?;
        let event = cart.changed(EventKind::CartCreated, now);
        let buyers = Buyers::load(BuyerSources::within(&*uow), &settings, slice::from_ref(&cart), now).await?;
        let view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?;
        uow.carts().insert(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(CartCreated { view, secret })
    }

    /// Changes a cart, or nothing of it.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn edit(
        &self,
        actor: &Actor,
        id: CartId,
        expected_version: Option<u32>,
        edit: CartEdit,
    ) -> Result<CartView, CartError> {
        Cart::check_line_count(edit.line_count())?;
        let now = self.clock.now();
        let settings = self.settings.current().await?;
        let uow = self.storage.begin().await?;
        let mut cart = uow.carts().find(id).await?.ok_or(CartError::NotFound)?;
        cart.check_access(actor)?;
        cart.check_open(expected_version)?;
        let added: &[NewLine] = if let CartEdit::AddLines(lines) = &edit { lines } else { &[] };
        let shelf = load_shelf(&*uow, &cart, added, &settings, now).await?;
        let check = Check::of(&edit);
        let around = Around { shelf: &shelf, settings: &settings, customer: actor.customer(), now };
        self.apply(&*uow, &mut cart, edit, around).await?;
        cart.forget_stray_discounts();
        let event = cart.changed(EventKind::CartUpdated, now);
        let buyers = Buyers::load(BuyerSources::within(&*uow), &settings, slice::from_ref(&cart), now).await?;
        let view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?;
        match &check {
            Check::Nothing => {}
            Check::Gift(choice) => view.check_gift(*choice)?,
            Check::Discount(given) => view.check_discount(given)?,
        }
        uow.carts().save(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(view)
    }

    async fn apply(
        &self,
        uow: &dyn UnitOfWork,
        cart: &mut Cart,
        edit: CartEdit,
        around: Around<'_>,
    ) -> Result<(), CartError> {
        let Around { shelf, settings, .. } = around;
        match edit {
            CartEdit::ApplyCode(code) => apply_code(uow, cart, &code, around.customer, around.now).await,
            CartEdit::RemoveCode(code) => remove_code(uow, cart, &code).await,
            CartEdit::AddLines(lines) => cart.add_lines(&lines, shelf, &*self.ids),
            CartEdit::UpdateLines(changes) => cart.update_lines(&changes, shelf),
            CartEdit::RemoveLines(lines) => cart.remove_lines(&lines),
            CartEdit::ChooseGift(choice) => {
                cart.choose_gift(choice);
                Ok(())
            }
            CartEdit::SelectPayment(provider) => {
                if self.providers.find(&provider).is_none() {
                    let offered = self.providers.codes().map(ToString::to_string).collect();
                    return Err(CartError::UnknownProvider { offered });
                }
                cart.payment_means = provider.means();
                Ok(())
            }
            CartEdit::GiveDiscount(given) => {
                given.discount.check_value(cart.currency).map_err(CartError::Discount)?;
                let discount = given.within(cart.currency);
                cart.give_discount(discount)
            }
            CartEdit::RemoveDiscount(id) => {
                let place = cart.manual_discounts.iter().position(|it| it.id == id);
                cart.manual_discounts.remove(place.ok_or(CartError::UnknownDiscount)?);
                Ok(())
            }
            CartEdit::SetContact(contact) => {
                cart.contact = Some(contact);
                Ok(())
            }
            CartEdit::SetAddresses { shipping, billing } => {
                cart.shipping_address = shipping.map(|it| *it);
                cart.billing_address = billing.map(|it| *it);
                Ok(())
            }
            CartEdit::SelectDelivery(choice) => {
                let is_offered = delivery_options(cart, shelf, settings).iter().any(|it| it.choice == choice);
                cart.delivery = Some(choice);
                if is_offered { Ok(()) } else { Err(CartError::DeliveryUnavailable) }
            }
        }
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
            let variants: Vec<VariantId> = carts.iter().flat_map(Cart::variant_ids).chain(gifts.clone()).collect();
            let from = Viewpoint { channel, now };
            let collections = settings.collections_for_promotions(&*self.collections);
            let shelf = Shelf::load(&*self.catalog, &*self.inventory, collections, &variants, currency, &from).await?;
            let shelf = shelf.by_variant();
            for cart in carts {
                let variants: Vec<VariantId> = cart.variant_ids().into_iter().chain(gifts.clone()).collect();
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
    added: &[NewLine],
    settings: &Settings,
    now: Timestamp,
) -> Result<Shelf, StorageError> {
    let mut variants: Vec<VariantId> = cart.variant_ids();
    variants.extend(added.iter().map(|it| it.variant_id));
    variants.extend(settings.promotions.gifts(now));
    let collections = settings.collections_for_promotions(uow.collection_queries());
    Shelf::load(uow.catalog(), uow.inventory(), collections, &variants, cart.currency, &cart.viewpoint(now)).await
}
