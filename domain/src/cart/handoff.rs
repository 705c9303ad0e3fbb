//! Handing carts from one device or person to another, by a code that is good once and for minutes.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{CartError, CartService, CartView};
use crate::{
    access::{Actor, CartSecret, OneTimeCode, SecretHash},
    clock::Timestamp,
    event::EventKind,
    ids::{CartId, DeviceId},
    storage::StorageError,
};

/// What becomes of who held the cart before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HandoffMode {
    /// They hold it no longer: from the kiosk to the phone.
    Transfer,
    /// They hold it, too: an advisor and a customer.
    Share,
}

/// A cart that waits to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartHandoff {
    /// Which.
    pub cart_id: CartId,
    /// What becomes of who held it before.
    pub mode: HandoffMode,
    /// Until when the code can be entered.
    pub expires_at: Timestamp,
    /// The device that shows the code, until its session ends.
    pub device_id: Option<DeviceId>,
}

impl CartHandoff {
    /// How long a code is good for.
    pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);
}

/// A hand-off that was just created.
#[derive(Debug, Clone)]
pub struct HandoffCreated {
    /// The hand-off.
    pub handoff: CartHandoff,
    /// What to enter elsewhere; told once.
    pub code: OneTimeCode,
}

/// A cart that was just taken.
#[derive(Debug, Clone)]
pub struct HandoffAccepted {
    /// The cart.
    pub view: CartView,
    /// What opens it for who took it; told once.
    pub secret: CartSecret,
}

/// Stores hand-offs, under digests of their codes.
#[async_trait]
pub trait HandoffRepository: Send + Sync {
    /// Stores a hand-off; an earlier one of its cart is void. The cart is locked.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] where another cart waits under the same code.
    async fn put(&self, handoff: &CartHandoff, code: &SecretHash) -> Result<(), StorageError>;

    /// The cart that waits under a code. `None`: none does.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn cart_of(&self, code: &SecretHash) -> Result<Option<CartId>, StorageError>;

    /// Uses up a code that has not expired; its cart is locked. `None`: no cart waits under it.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn take(&self, code: &SecretHash, now: Timestamp) -> Result<Option<CartHandoff>, StorageError>;

    /// Voids the codes that wait for carts, which are locked.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn void(&self, carts: &[CartId]) -> Result<(), StorageError>;

    /// Voids the codes that a device shows.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn void_on(&self, device: DeviceId) -> Result<(), StorageError>;

    /// Forgets those that expired before `moment`; how many there were.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError>;
}

impl CartService {
    /// Gives a code by which somebody else can take the cart, or hold it, too; a code that was given for it before is void.
    ///
    /// # Errors
    /// [`CartError`]: somebody else's cart, one that cannot be changed, one that is shared with too many, or
    /// one that is only shared and was to be handed over.
    pub async fn create_handoff(
        &self,
        actor: &Actor,
        id: CartId,
        mode: HandoffMode,
    ) -> Result<HandoffCreated, CartError> {
        let now = self.clock.now();
        let code = self.tokens.new_code();
        let (expires_at, device_id) = (now + CartHandoff::LIFETIME, actor.device_id());
        let handoff = CartHandoff { cart_id: id, mode, expires_at, device_id };
        let uow = self.storage.begin().await?;
        let cart = uow.carts().find(id).await?.ok_or(CartError::NotFound)?;
        match mode {
            HandoffMode::Transfer => cart.check_own(actor)?,
            HandoffMode::Share => cart.check_access(actor)?,
        }
        cart.check_open(None)?;
        if mode == HandoffMode::Share {
            cart.check_room_for_share()?;
        }
        uow.handoffs().put(&handoff, &self.tokens.hash_code(&code)).await?;
        uow.commit().await?;
        Ok(HandoffCreated { handoff, code })
    }

    /// Takes the cart that waits under `code`, which is used up; its new secret is told once.
    ///
    /// # Errors
    /// [`CartError::InvalidCode`]; others where the cart cannot be changed any more, or is shared with too many.
    pub async fn accept_handoff(&self, actor: &Actor, code: &OneTimeCode) -> Result<HandoffAccepted, CartError> {
        let now = self.clock.now();
        let secret = self.tokens.new_cart_secret();
        let secret_hash = self.tokens.hash_cart_secret(&secret);
        let uow = self.storage.begin().await?;
        // Carts are locked before what belongs to them, here as elsewhere.
        let code = self.tokens.hash_code(code);
        let cart_id = uow.handoffs().cart_of(&code).await?.ok_or(CartError::InvalidCode)?;
        let mut cart = uow.carts().find(cart_id).await?.ok_or(CartError::InvalidCode)?;
        let handoff = uow.handoffs().take(&code, now).await?.ok_or(CartError::InvalidCode)?;
        cart.check_open(None)?;
        match handoff.mode {
            HandoffMode::Transfer => cart.transfer(secret_hash.clone(), actor, now),
            HandoffMode::Share => cart.share(secret_hash.clone(), actor, now)?,
        }
        let holder = Actor { cart_secret: Some(secret_hash), ..actor.clone() };
        cart.changed_by = Some(cart.author(&holder));
        let event = cart.changed(EventKind::CartUpdated, now);
        uow.carts().save(&cart).await?;
        if let Some(device) = actor.device_id() {
            uow.carts().note_device(handoff.cart_id, device).await?;
        }
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(HandoffAccepted { view: self.view(&holder, handoff.cart_id).await?, secret })
    }

    /// Forgets hand-offs that nobody took in time; how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn forget_expired_handoffs(&self, _actor: &Actor) -> Result<u64, StorageError> {
        let uow = self.storage.begin().await?;
        let forgotten = uow.handoffs().forget_expired(self.clock.now()).await?;
        uow.commit().await?;
        Ok(forgotten)
    }
}
