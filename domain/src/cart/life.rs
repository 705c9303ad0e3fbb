//! The life of carts: nobody goes on with them, they expire, they begin anew, and what they know of a person is forgotten.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    BuyerSources, Buyers, Cart, CartCreated, CartError, CartLine, CartService, CartView, DropReason, DroppedLine,
    LineAttributes, LineError, MergePolicy, OnInsufficientStock,
    budgets::free_budgets,
    hold::{HoldMoment, Holding, take_hold},
    lines::Check,
    service::load_shelf,
};
use crate::{
    access::{Actor, OrderToken},
    channel::SalesContext,
    event::{DomainEvent, EventKind, Topic},
    ids::{CartId, CartLineId, OrderId},
    inventory::CartHold,
    language::Language,
    order::{Order, OrderLine},
    storage::{StorageError, UnitOfWork},
};

/// How long carts live, and how they are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartPolicy {
    /// How long nobody changes a cart with something in it before it counts as abandoned.
    pub abandoned_after: TimeDelta,
    /// How long nobody changes a cart before it is forgotten, unless it was ordered.
    pub expires_after: TimeDelta,
    /// How carts are merged.
    pub merge: MergePolicy,
}

impl Default for CartPolicy {
    /// Abandoned after an hour, forgotten after 90 days.
    fn default() -> Self {
        let (abandoned_after, expires_after) = (TimeDelta::hours(1), TimeDelta::days(90));
        Self { abandoned_after, expires_after, merge: MergePolicy::default() }
    }
}

/// A cart that began with what was bought before.
#[derive(Debug, Clone)]
pub struct Reordered {
    /// The cart, and what opens it.
    pub created: CartCreated,
    /// What of the order is not in it.
    pub dropped: Vec<DroppedLine>,
}

/// How many carts are looked at in one transaction.
const BATCH: u32 = 500;

impl CartService {
    /// Tells of carts with something in them that nobody goes on with: each once, until somebody changes it. Those that were
    /// forgotten have nobody to be reminded. How many.
    ///
    /// # Errors
    /// [`StorageError`]; those that were told of before it stay told of.
    pub async fn tell_abandoned(&self, _actor: &Actor) -> Result<usize, StorageError> {
        let now = self.clock.now();
        let mut told = 0;
        loop {
            let uow = self.storage.begin().await?;
            let carts = uow.carts().claim_abandoned(now - self.policy.abandoned_after, BATCH).await?;
            let event = |it: &Cart| it.event(EventKind::CartAbandoned, now);
            let events: Vec<DomainEvent> =
                carts.iter().filter(|it| !it.lines.is_empty() && !it.is_forgotten).map(event).collect();
            if !events.is_empty() {
                uow.outbox().append(&events).await?;
            }
            uow.commit().await?;
            told += events.len();
            if carts.len() < BATCH as usize {
                return Ok(told);
            }
        }
    }

    /// Forgets carts that nobody changed for long and that were not ordered. How many.
    ///
    /// # Errors
    /// [`StorageError`]; those that were forgotten before it stay forgotten.
    pub async fn forget_expired(&self, _actor: &Actor) -> Result<usize, StorageError> {
        let now = self.clock.now();
        let mut forgotten = 0;
        loop {
            let uow = self.storage.begin().await?;
            let carts = uow.carts().delete_unchanged_since(now - self.policy.expires_after, BATCH).await?;
            let event = |&(id, version): &(CartId, u32)| DomainEvent {
                topic: Topic::Cart(id),
                kind: EventKind::CartExpired,
                sequence: version,
                occurred_at: now,
            };
            let events: Vec<DomainEvent> = carts.iter().map(event).collect();
            if !events.is_empty() {
                uow.outbox().append(&events).await?;
            }
            uow.commit().await?;
            forgotten += events.len();
            if carts.len() < BATCH as usize {
                return Ok(forgotten);
            }
        }
    }

    /// A new cart with the lines and the note of another, on a device in the device's channel; it has no codes, and nothing of who
    /// buys but the actor's own account.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn copy(&self, actor: &Actor, id: CartId) -> Result<CartCreated, CartError> {
        let (now, settings) = (self.clock.now(), self.settings.current().await?);
        let secret = self.tokens.new_cart_secret();
        let uow = self.storage.begin().await?;
        let source = uow.carts().find(id).await?.ok_or(CartError::NotFound)?;
        source.check_access(actor)?;
        let anew = |it: CartLine| CartLine {
            id: CartLineId::new(&*self.ids),
            seen_price: None,
            wanted: None,
            added_by: None,
            changed_by: None,
            ..it
        };
        // A device sells in its channel alone.
        let channel = actor.device().map_or(source.channel, |it| it.channel.clone());
        let mut cart = Cart {
            id: CartId::new(&*self.ids),
            secret_hash: self.tokens.hash_cart_secret(&secret),
            customer_id: actor.customer(),
            device_id: actor.device_id(),
            lines: source.lines.into_iter().map(anew).collect(),
            note: source.note,
            ..Cart::empty(channel, source.market, source.currency, source.language, now)
        };
        cart.mark(&[], cart.author(actor));
        self.hold_lines(&*uow, &mut cart, &settings, actor, now).await?;
        let event = cart.changed(EventKind::CartCreated, now);
        let view = self.view_in(&*uow, cart, &settings, now).await?.seen();
        uow.carts().insert(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(CartCreated { view, secret, clamped: Vec::new(), is_replay: false })
    }

    /// A new cart with what was bought with an order, as far as it can be bought now. For whoever may see the order: by its token,
    /// its customer, or with a permission.
    ///
    /// # Errors
    /// [`CartError::OrderNotFound`], also for somebody else's.
    pub async fn reorder(
        &self,
        actor: &Actor,
        id: OrderId,
        token: Option<&OrderToken>,
        sales: Arc<SalesContext>,
        language: Language,
    ) -> Result<Reordered, CartError> {
        let (now, settings) = (self.clock.now(), self.settings.current().await?);
        let secret = self.tokens.new_cart_secret();
        let order = self.orders.orders_by_id(&[id]).await?.pop();
        let may_see = |it: &Order| it.is_visible_to(actor) || token.is_some_and(|it| self.tokens.opens_order(it, id));
        let order = order.filter(may_see).ok_or(CartError::OrderNotFound)?;
        let (channel, market) = (sales.channel.code.clone(), sales.market.code.clone());
        let mut cart = Cart {
            id: CartId::new(&*self.ids),
            secret_hash: self.tokens.hash_cart_secret(&secret),
            customer_id: actor.customer(),
            device_id: actor.device_id(),
            ..Cart::empty(channel, market, sales.currency, language, now)
        };
        let uow = self.storage.begin().await?;
        let variants: Vec<_> = order.lines.iter().map(|it| it.variant_id).collect();
        let terms = self.load_terms(&*uow, std::slice::from_ref(&cart), &settings).await?;
        let holding = Holding::of(&cart, HoldMoment::Lines, &settings)?;
        let shelf = load_shelf(&*uow, &cart, &variants, (&settings, &terms), holding, now).await?;
        let check = Check { shelf: &shelf, on_shortage: OnInsufficientStock::Clamp, ids: &*self.ids };
        let dropped = cart.fill_from(&order.lines, &check);
        cart.mark(&[], cart.author(actor));
        take_hold(holding, &*uow, &mut cart, (&shelf, &settings), actor, now).await?;
        let event = cart.changed(EventKind::CartCreated, now);
        let buyers =
            Buyers::load(BuyerSources::within(&*uow), terms, &settings, std::slice::from_ref(&cart), now).await?;
        let view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?.seen();
        uow.carts().insert(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        let view = self.ask_for_taxes(view, &settings, now).await?;
        let created = CartCreated { view, secret, clamped: Vec::new(), is_replay: false };
        Ok(Reordered { created, dropped })
    }

    /// Forgets all that a cart knows of a person: whose it is, addresses, notes, attributes of lines, codes, and what devices sent
    /// for it. Nobody but staff opens it any more; its events never held anything of it.
    ///
    /// # Errors
    /// [`CartError::NotFound`], or [`CartError::OnlyShared`].
    pub async fn purge(&self, actor: &Actor, id: CartId) -> Result<CartView, CartError> {
        let (now, settings) = (self.clock.now(), self.settings.current().await?);
        let uow = self.storage.begin().await?;
        let mut cart = uow.carts().find(id).await?.ok_or(CartError::NotFound)?;
        cart.check_own(actor)?;
        uow.handoffs().void(&[id]).await?;
        forget(&*uow, &mut cart).await?;
        // Whoever had the secret has it for nothing.
        cart.secret_hash = self.tokens.hash_cart_secret(&self.tokens.new_cart_secret());
        let event = cart.changed(EventKind::CartUpdated, now);
        let view = self.view_in(&*uow, cart, &settings, now).await?;
        uow.carts().save(&view.cart).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(view)
    }
}

/// Forgets all that a cart knows of a person, with what is kept beside it: codes, budgets and stock that it set aside, and what
/// devices sent for it.
pub(super) async fn forget(uow: &dyn UnitOfWork, cart: &mut Cart) -> Result<(), StorageError> {
    for code in std::mem::take(&mut cart.codes) {
        uow.codes().free_code(cart.id, &code).await?;
    }
    free_budgets(uow, cart.id).await?;
    uow.holds().release(cart.id).await?;
    uow.carts().forget_commands(cart.id).await?;
    cart.forget_person();
    Ok(())
}

impl Cart {
    /// Puts what was bought into the cart, and says what of it cannot be.
    fn fill_from(&mut self, lines: &[OrderLine], check: &Check) -> Vec<DroppedLine> {
        let mut dropped = Vec::new();
        for line in lines {
            let drop = |quantity, reason| DroppedLine {
                variant_id: line.variant_id,
                attributes: line.attributes.clone(),
                quantity,
                reason,
            };
            let wanted = super::Quantity::parse(line.quantity.into());
            let put = wanted.and_then(|it| self.put(line.variant_id, &line.attributes, it, check));
            match put {
                Ok(short) => {
                    dropped.extend(short.map(|it| drop(it.requested - it.available, DropReason::InsufficientStock)))
                }
                Err(LineError::QuantityOutOfRange { .. }) => dropped.push(drop(line.quantity, DropReason::LineLimit)),
                Err(_) => dropped.push(drop(line.quantity, DropReason::NotForSale)),
            }
            if let Some(put) = self.lines.iter_mut().find(|it| it.is(line.variant_id, &line.attributes)) {
                (put.note, put.wanted) = (line.note.clone(), None);
            }
        }
        dropped
    }

    /// Forgets whose it is and what they wrote. Lines that differed in that alone become one.
    fn forget_person(&mut self) {
        (self.customer_id, self.device_id, self.changed_by) = (None, None, None);
        self.hold = CartHold::default();
        self.is_forgotten = true;
        self.shares.clear();
        (self.vat_number, self.payment_means) = (None, None);
        self.gift_choices.clear();
        self.manual_discounts.clear();
        (self.contact, self.note, self.delivery) = (None, None, None);
        (self.shipping_address, self.billing_address) = (None, None);
        for lines in [&mut self.lines, &mut self.saved] {
            for line in std::mem::take(lines) {
                let bare = CartLine {
                    attributes: LineAttributes::default(),
                    note: None,
                    added_by: None,
                    changed_by: None,
                    ..line
                };
                match lines.iter_mut().find(|it| it.variant_id == bare.variant_id) {
                    Some(twin) => twin.quantity = twin.quantity.saturating_add(bare.quantity),
                    None => lines.push(bare),
                }
            }
        }
    }
}
