//! What a device did with a cart while it was offline: applied once, and answered one by one.

use std::{collections::HashMap, slice};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    BuyerSources, Buyers, Cart, CartEdit, CartError, CartRefusal, CartService, CartView, Clamped,
    edit::Around,
    hold::{HoldMoment, Holding, take_hold},
    service::{ATTEMPTS, load_shelf},
};
use crate::{
    access::Actor,
    clock::Timestamp,
    event::EventKind,
    ids::{CartId, VariantId},
    storage::{StorageError, UnitOfWork},
};

/// A command that a device made while it was offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineCommand {
    /// The device's key for it; it counts for one cart.
    pub id: Uuid,
    /// When it was made, by the device's clock.
    pub at: Timestamp,
    /// What the device sent, by which it is known when it comes again, whatever the catalog has become.
    pub input: String,
    /// What to do, or why what it names is not there.
    pub edit: Result<CartEdit, CartRefusal>,
}

impl OfflineCommand {
    /// What it does, where that is no more than a cart can hold.
    fn edit(&self) -> Result<&CartEdit, CartRefusal> {
        let edit = self.edit.as_ref().map_err(Clone::clone)?;
        edit.check_size()?;
        Ok(edit)
    }
}

/// What became of an offline command. It is stored with what the command did, and answered again as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncedCommand {
    /// The device's key.
    pub command_id: Uuid,
    /// The version of the cart that has it, or that refused it.
    pub version: u32,
    /// Why it was refused; none: it was not.
    pub refusal: Option<CartRefusal>,
    /// The lines that got less than was wanted.
    pub clamped: Vec<Clamped>,
}

/// A command as it is stored: with a digest of its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCommand {
    /// What the input came to.
    pub fingerprint: String,
    /// What became of it.
    pub answer: SyncedCommand,
}

/// A cart after a device came back.
#[derive(Debug, Clone)]
pub struct SyncedCart {
    /// The cart.
    pub view: CartView,
    /// What became of each command, in the order they were sent: the same, however often it is sent.
    pub commands: Vec<SyncedCommand>,
}

impl CartService {
    /// The most commands at once.
    pub const SYNC_MAX: usize = 50;

    /// Insists that a batch is not too long; asked before anything is read for it.
    ///
    /// # Errors
    /// [`CartError::TooManyCommands`].
    pub fn check_command_count(count: usize) -> Result<(), CartError> {
        if Self::SYNC_MAX < count { Err(CartError::TooManyCommands { max: Self::SYNC_MAX }) } else { Ok(()) }
    }

    /// Applies commands in the order in which they were made, each once for its key. What is refused hinders no other.
    ///
    /// # Errors
    /// [`CartError`]; nothing was applied then.
    pub async fn sync(
        &self,
        actor: &Actor,
        id: CartId,
        commands: Vec<OfflineCommand>,
    ) -> Result<SyncedCart, CartError> {
        Self::check_command_count(commands.len())?;
        for _ in 1..ATTEMPTS {
            match self.sync_once(actor, id, &commands).await {
                Err(CartError::Storage(StorageError::Conflict)) => {}
                result => return result,
            }
        }
        self.sync_once(actor, id, &commands).await
    }

    async fn sync_once(&self, actor: &Actor, id: CartId, commands: &[OfflineCommand]) -> Result<SyncedCart, CartError> {
        let (now, settings) = (self.clock.now(), self.settings.current().await?);
        let uow = self.storage.begin().await?;
        let mut cart = uow.carts().find(id).await?.ok_or(CartError::NotFound)?;
        cart.check_access(actor)?;
        let keys: Vec<Uuid> = commands.iter().map(|it| it.id).collect();
        let recorded = uow.carts().recorded_commands(id, &keys).await?;
        let mut known: HashMap<Uuid, RecordedCommand> =
            recorded.into_iter().map(|it| (it.answer.command_id, it)).collect();
        if commands.iter().any(|it| !known.contains_key(&it.id)) {
            cart.check_open(None)?;
        }
        let edits = commands.iter().filter(|it| !known.contains_key(&it.id)).filter_map(|it| it.edit().ok());
        let variants: Vec<VariantId> = edits.clone().flat_map(CartEdit::variant_ids).collect();
        let terms = self.load_terms(&*uow, slice::from_ref(&cart), &settings).await?;
        let moment = edits.map(CartEdit::hold_moment).max().unwrap_or(HoldMoment::Other);
        let holding = Holding::of(&cart, moment, &settings)?;
        let shelf = load_shelf(&*uow, &cart, &variants, (&settings, &terms), holding, now).await?;
        let before = cart.clone();
        let around = Around {
            shelf: &shelf,
            settings: &settings,
            customer: actor.customer(),
            ids: &*self.ids,
            providers: &self.providers,
            now,
        };
        let mut answers = vec![None; commands.len()];
        let (mut new, mut is_changed) = (Vec::new(), false);
        for (place, command) in in_order(commands) {
            let fingerprint = self.tokens.fingerprint(&format!("cartSync {}", command.input));
            let record = match known.get(&command.id) {
                Some(record) => record.clone(),
                None => {
                    let answer = apply(&*uow, &mut cart, command, around).await?;
                    is_changed |= answer.refusal.is_none();
                    let record = RecordedCommand { fingerprint: fingerprint.clone(), answer };
                    known.insert(command.id, record.clone());
                    new.push(record.clone());
                    record
                }
            };
            let mut answer = record.answer;
            if record.fingerprint != fingerprint {
                answer.refusal = Some(CartRefusal::CommandIdReused);
            }
            if let Some(slot) = answers.get_mut(place) {
                *slot = Some(answer);
            }
        }
        cart.forget_stray_discounts();
        if is_changed {
            cart.mark(&before.lines, cart.author(actor));
            let holding = holding.and_then(|it| it.since(&before, &cart, now));
            take_hold(holding, &*uow, &mut cart, (&shelf, &settings), actor, now).await?;
        }
        let event = is_changed.then(|| cart.changed(EventKind::CartUpdated, now));
        let buyers = Buyers::load(BuyerSources::within(&*uow), terms, &settings, slice::from_ref(&cart), now).await?;
        let mut view = CartView::of(cart.clone(), shelf.clone(), &settings, buyers.of(&cart, &settings, now), now)?;
        if let Some(event) = event {
            view = CartView::with_budgets(&*uow, &settings, (cart, shelf), buyers, now).await?.seen();
            uow.carts().save(&view.cart).await?;
            uow.outbox().append(&[event]).await?;
        }
        if !new.is_empty() {
            uow.carts().record_commands(id, &new, now).await?;
            uow.commit().await?;
        }
        Ok(SyncedCart { view, commands: answers.into_iter().flatten().collect() })
    }
}

/// The commands as they were made, oldest first, each with its place in the batch.
fn in_order(commands: &[OfflineCommand]) -> Vec<(usize, &OfflineCommand)> {
    let mut in_order: Vec<_> = commands.iter().enumerate().collect();
    in_order.sort_by_key(|(_, it)| it.at);
    in_order
}

/// Applies a command, or leaves the cart as it is.
async fn apply(
    uow: &dyn UnitOfWork,
    cart: &mut Cart,
    command: &OfflineCommand,
    around: Around<'_>,
) -> Result<SyncedCommand, CartError> {
    let mut changed = cart.clone();
    let applied = match command.edit() {
        Ok(edit) => edit.apply(uow, &mut changed, around).await,
        Err(refusal) => Err(refusal.into()),
    };
    let (refusal, clamped) = match applied {
        Ok(clamped) => {
            *cart = changed;
            (None, clamped)
        }
        Err(CartError::Refused(refusal)) => (Some(refusal), Vec::new()),
        Err(error) => return Err(error),
    };
    // All that a batch applies is one change of the cart.
    let version = if refusal.is_none() { cart.version + 1 } else { cart.version };
    Ok(SyncedCommand { command_id: command.id, version, refusal, clamped })
}
