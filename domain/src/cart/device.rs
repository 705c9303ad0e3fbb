//! Carts on devices: held while somebody stands there, and let go of when they leave.

use super::{Cart, CartAuthor, CartState};
use crate::{
    access::{SecretHash, Tokens},
    clock::Timestamp,
    event::EventKind,
    ids::DeviceId,
    storage::{Storage, StorageError},
};

/// How many carts are let go of in one transaction.
const BATCH: u32 = 50;

impl Cart {
    /// Lets go of a cart that a device held. Its secret, which the device has seen, opens it no more: who it was shared with first
    /// holds it in its place, where it is no customer's. What it says of a person is removed where nobody else holds it.
    pub(super) fn leave_device(&mut self, new_secret: SecretHash) {
        self.device_id = None;
        let next = self.shares.first().filter(|_| self.customer_id.is_none());
        self.secret_hash = next.map_or(new_secret, |it| it.secret_hash.clone());
        if self.customer_id.is_none() && self.shares.is_empty() && self.state == CartState::Active {
            self.forget_person();
        }
    }
}

/// Lets go of all carts of a device; how many they were.
///
/// # Errors
/// [`StorageError`]; some may have been let go of.
pub(crate) async fn release_carts_of(
    storage: &dyn Storage,
    tokens: &dyn Tokens,
    device: DeviceId,
    now: Timestamp,
) -> Result<u32, StorageError> {
    let mut released: u32 = 0;
    loop {
        let uow = storage.begin().await?;
        let carts = uow.carts().carts_of_device(device, BATCH).await?;
        uow.handoffs().void(&carts.iter().map(|it| it.id).collect::<Vec<_>>()).await?;
        let mut events = Vec::with_capacity(carts.len());
        for mut cart in carts {
            if cart.hold.until.is_some() && cart.customer_id.is_none() && cart.shares.is_empty() {
                cart.hold.until = None;
                uow.holds().release(cart.id).await?;
            }
            // Told to nobody.
            cart.leave_device(tokens.hash_cart_secret(&tokens.new_cart_secret()));
            cart.changed_by = Some(CartAuthor::Device(device));
            events.push(cart.changed(EventKind::CartUpdated, now));
            uow.carts().save(&cart).await?;
        }
        if events.is_empty() {
            return Ok(released);
        }
        uow.outbox().append(&events).await?;
        uow.commit().await?;
        released = released.saturating_add(u32::try_from(events.len()).unwrap_or(u32::MAX));
    }
}
