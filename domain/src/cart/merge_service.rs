//! The use cases that give a cart to somebody: merging carts, the customer's own, and another secret.

use super::{
    BuyerSources, Buyers, Cart, CartError, CartService, CartState, CartView, Contact, MergeMoment, MergeOutcome,
    MergeReport, MergeStrategy,
    budgets::free_budgets,
    codes::move_codes,
    service::{ATTEMPTS, load_shelf},
};
use crate::{
    access::{Actor, CartSecret, Permission},
    clock::Timestamp,
    codes::ChannelCode,
    event::EventKind,
    ids::{CartId, CustomerId},
    settings::Settings,
    storage::{StorageError, UnitOfWork},
};

/// Which carts to merge, and how.
#[derive(Debug, Clone)]
pub struct CartMerge {
    /// The guest's cart, which goes into the other.
    pub source_id: CartId,
    /// What opens it; none: what opens it for the actor does.
    pub source_secret: Option<CartSecret>,
    /// The cart that it goes into; none: the customer's active cart in the source's channel, and where there is none, the
    /// source becomes the customer's.
    pub target_id: Option<CartId>,
    /// How; none: as the policy says for the moment.
    pub strategy: Option<MergeStrategy>,
    /// When.
    pub moment: MergeMoment,
    /// The version of the target that the client saw.
    pub expected_version: Option<u32>,
}

/// A cart after another was merged into it.
#[derive(Debug, Clone)]
pub struct MergedCart {
    /// The cart to go on with.
    pub view: CartView,
    /// What became of the lines.
    pub report: MergeReport,
}

impl CartService {
    /// Merges a guest's cart into another. Sent again, it changes nothing.
    ///
    /// # Errors
    /// [`CartError`]; both carts are as they were, then.
    pub async fn merge(&self, actor: &Actor, merge: CartMerge) -> Result<MergedCart, CartError> {
        if merge.target_id == Some(merge.source_id) {
            return Err(CartError::SameCart);
        }
        for _ in 1..ATTEMPTS {
            match self.merge_once(actor, &merge).await {
                Err(CartError::Storage(StorageError::Conflict)) => {}
                result => return result,
            }
        }
        self.merge_once(actor, &merge).await
    }

    async fn merge_once(&self, actor: &Actor, merge: &CartMerge) -> Result<MergedCart, CartError> {
        let (now, settings) = (self.clock.now(), self.settings.current().await?);
        let customer = actor.customer();
        let target_id = self.target_of(actor, merge).await?;
        let contact = self.customers.customers_by_id(customer.as_slice()).await?.pop();
        let contact = contact.map(|it| Contact { email: it.email });
        let uow = self.storage.begin().await?;
        let (mut source, target) = find_both(&*uow, merge.source_id, target_id).await?;
        let mut source_holder = actor.clone();
        if let Some(secret) = &merge.source_secret {
            source_holder.cart_secret = Some(self.tokens.hash_cart_secret(secret));
        }
        source.check_guest(&source_holder)?;
        let strategy = merge.strategy.unwrap_or_else(|| self.policy.merge.at(merge.moment));
        if let Some(target) = &target {
            target.check_access(actor).map_err(|it| it.of_target(target.id))?;
            if source.state == CartState::Merged(target.id) {
                let report = MergeReport::new(MergeOutcome::AlreadyMerged, strategy);
                let view = self.view_in(&*uow, target.clone(), &settings, now).await?;
                return Ok(MergedCart { view, report });
            }
        }
        source.check_open(None)?;
        // What is a customer's goes into nothing but what is theirs, whoever has its secret.
        if source.customer_id.is_some() && target.as_ref().is_some_and(|it| it.customer_id != source.customer_id) {
            return Err(CartError::OfAnotherCustomer);
        }
        match target {
            Some(mut target) if strategy != MergeStrategy::KeepSeparate => {
                target.check_open(merge.expected_version).map_err(|it| it.of_target(target.id))?;
                let (held, before) = (source.codes.clone(), target.lines.clone());
                let holder = source.is_held_by(&source_holder).then(|| target.author(actor));
                let report = target.take_over(&mut source, strategy, holder)?;
                target.mark(&before, target.author(actor));
                self.move_hold(&*uow, (&mut source, &mut target), &settings, actor, now).await?;
                move_codes(&*uow, source.id, &target, &held, &report.moved_codes).await?;
                free_budgets(&*uow, source.id).await?;
                let events = [source.changed(EventKind::CartMerged, now), target.changed(EventKind::CartUpdated, now)];
                uow.carts().save(&source).await?;
                let view = self.settle(&*uow, target, &settings, now).await?;
                uow.carts().save(&view.cart).await?;
                uow.outbox().append(&events).await?;
                uow.commit().await?;
                Ok(MergedCart { view, report })
            }
            target => {
                let none = if target.is_some() { CartError::NobodyToHaveBoth } else { CartError::NoTarget };
                let customer = customer.ok_or(none)?;
                let outcome = if target.is_some() { MergeOutcome::KeptSeparate } else { MergeOutcome::Adopted };
                if source.customer_id == Some(customer) {
                    let view = self.view_in(&*uow, source, &settings, now).await?;
                    return Ok(MergedCart { view, report: MergeReport::new(outcome, strategy) });
                }
                if outcome == MergeOutcome::Adopted {
                    self.check_first(&*uow, customer, &source).await?;
                }
                source.adopt(customer, &source_holder);
                source.contact = source.contact.take().or(contact);
                source.changed_by = Some(source.author(actor));
                let event = source.changed(EventKind::CartUpdated, now);
                let view = self.settle(&*uow, source, &settings, now).await?;
                uow.carts().save(&view.cart).await?;
                uow.outbox().append(&[event]).await?;
                uow.commit().await?;
                Ok(MergedCart { view, report: MergeReport::new(outcome, strategy) })
            }
        }
    }

    /// Insists that no other cart became the customer's in the meantime.
    ///
    /// # Errors
    /// [`StorageError::Conflict`], upon which the carts are looked for anew.
    async fn check_first(&self, uow: &dyn UnitOfWork, customer: CustomerId, source: &Cart) -> Result<(), StorageError> {
        // The customer is locked, so that of two carts at once the second finds the first.
        uow.customers().find(customer).await?;
        let active = uow.cart_queries().active_carts(&[customer], &source.channel).await?;
        if active.iter().any(|it| it.id != source.id) { Err(StorageError::Conflict) } else { Ok(()) }
    }

    /// The cart that the source goes into: the one that is named, or the customer's active one.
    async fn target_of(&self, actor: &Actor, merge: &CartMerge) -> Result<Option<CartId>, CartError> {
        if merge.target_id.is_some() {
            return Ok(merge.target_id);
        }
        let customer = actor.customer().ok_or(CartError::NoTarget)?;
        let source = self.queries.carts_by_id(&[merge.source_id]).await?.pop().ok_or(CartError::NotFound)?;
        if let CartState::Merged(into) = source.state {
            return Ok(Some(into));
        }
        let active = self.queries.active_carts(&[customer], &source.channel).await?.pop();
        Ok(active.map(|it| it.id).filter(|it| *it != source.id))
    }

    /// A cart that was changed, priced, with what it has of budgets set aside.
    pub(super) async fn settle(
        &self,
        uow: &dyn UnitOfWork,
        cart: Cart,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<CartView, CartError> {
        let terms = self.load_terms(uow, std::slice::from_ref(&cart), settings).await?;
        let shelf = load_shelf(uow, &cart, &[], (settings, &terms), None, now).await?;
        let buyers = Buyers::load(BuyerSources::within(uow), terms, settings, std::slice::from_ref(&cart), now).await?;
        CartView::with_budgets(uow, settings, (cart, shelf), buyers, now).await
    }

    /// The cart as it is, read within a transaction.
    pub(super) async fn view_in(
        &self,
        uow: &dyn UnitOfWork,
        cart: Cart,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<CartView, CartError> {
        let terms = self.load_terms(uow, std::slice::from_ref(&cart), settings).await?;
        let shelf = load_shelf(uow, &cart, &[], (settings, &terms), None, now).await?;
        let buyers = Buyers::load(BuyerSources::within(uow), terms, settings, std::slice::from_ref(&cart), now).await?;
        let buyer = buyers.of(&cart, settings, now);
        Ok(CartView::of(cart, shelf, settings, buyer, now)?)
    }

    /// The carts that customers changed last in a channel and can still change, for each one at most. Each sees their own; who
    /// may work on carts sees all.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn active(
        &self,
        actor: &Actor,
        customers: &[CustomerId],
        channel: &ChannelCode,
    ) -> Result<Vec<CartView>, CartError> {
        let may_all = actor.has(Permission::ManageCarts);
        let visible = customers.iter().copied().filter(|it| may_all || actor.customer() == Some(*it));
        let visible: Vec<CustomerId> = visible.collect();
        if visible.is_empty() {
            return Ok(Vec::new());
        }
        let carts = self.queries.active_carts(&visible, channel).await?;
        self.views_of(carts).await
    }

    /// Gives a cart another secret; the old one opens nothing any more from now on, nor does a code that was given with it.
    ///
    /// # Errors
    /// [`CartError`].
    pub async fn rotate_secret(
        &self,
        actor: &Actor,
        id: CartId,
        expected_version: Option<u32>,
    ) -> Result<(CartView, CartSecret), CartError> {
        let (now, settings) = (self.clock.now(), self.settings.current().await?);
        let secret = self.tokens.new_cart_secret();
        let uow = self.storage.begin().await?;
        let mut cart = uow.carts().find(id).await?.ok_or(CartError::NotFound)?;
        cart.check_access(actor)?;
        // What was ordered or merged shows addresses, too.
        cart.check_version(expected_version)?;
        cart.changed_by = Some(cart.author(actor));
        cart.rotate_secret(actor, self.tokens.hash_cart_secret(&secret));
        uow.handoffs().void(&[id]).await?;
        let event = cart.changed(EventKind::CartUpdated, now);
        let view = self.view_in(&*uow, cart, &settings, now).await?;
        uow.carts().save(&view.cart).await?;
        if let Some(device) = actor.device_id() {
            uow.carts().note_device(id, device).await?;
        }
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok((view, secret))
    }
}

/// Both carts, to be changed; in the order of their ids, so that two who merge crosswise do not wait for each other.
async fn find_both(
    uow: &dyn UnitOfWork,
    source: CartId,
    target: Option<CartId>,
) -> Result<(Cart, Option<Cart>), CartError> {
    let find = async |id| uow.carts().find(id).await?.ok_or(CartError::NotFound);
    let find_target = async |id| uow.carts().find(id).await?.ok_or_else(|| CartError::NotFound.of_target(id));
    Ok(match target {
        Some(target) if target < source => {
            let target = find_target(target).await;
            (find(source).await?, Some(target?))
        }
        Some(target) => (find(source).await?, Some(find_target(target).await?)),
        None => (find(source).await?, None),
    })
}
