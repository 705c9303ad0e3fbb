//! Carts on devices: held while somebody stands there, and let go of when they leave.

use std::mem;

use super::{Cart, CartAuthor, CartShare, life::forget};
use crate::{
    access::{SecretHash, Tokens},
    clock::Timestamp,
    event::EventKind,
    ids::DeviceId,
    storage::{Storage, StorageError},
};

/// How many carts are let go of in one transaction.
const BATCH: u32 = 50;

/// Who holds a cart that a device has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftTo {
    /// Those who held it before: it was shared with the device.
    Others,
    /// Who it was shared with next, or the customer whose it is.
    Next,
    /// Nobody.
    Nobody,
}

impl Cart {
    /// Takes the cart from a device that holds it, first or with others; `None` where it does not.
    ///
    /// Secrets that the device has seen open it no more: who it was shared with first holds it in the device's place, where it is
    /// no customer's.
    pub(super) fn leave_device(&mut self, device: DeviceId, new_secret: SecretHash) -> Option<LeftTo> {
        let is_seen = |it: &CartShare| it.device_id == Some(device);
        let (seen, others): (Vec<_>, Vec<_>) = mem::take(&mut self.shares).into_iter().partition(is_seen);
        self.shares = others;
        // A share may have become the first secret, where another device left before.
        let was_first = self.device_id == Some(device) || seen.iter().any(|it| it.secret_hash == self.secret_hash);
        if !was_first {
            return (!seen.is_empty()).then_some(LeftTo::Others);
        }
        self.device_id = self.device_id.filter(|it| *it != device);
        let next = self.shares.first().filter(|_| self.customer_id.is_none());
        self.secret_hash = next.map_or(new_secret, |it| it.secret_hash.clone());
        let is_nobodys = self.customer_id.is_none() && self.shares.is_empty();
        Some(if is_nobodys { LeftTo::Nobody } else { LeftTo::Next })
    }
}

/// Lets go of all carts of a device, and forgets what those know of a person that nobody else holds; how many they were.
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
        if carts.is_empty() {
            return Ok(released);
        }
        let ids: Vec<_> = carts.iter().map(|it| it.id).collect();
        uow.carts().forget_device(&ids, device).await?;
        let (mut events, mut voided) = (Vec::with_capacity(carts.len()), Vec::new());
        for mut cart in carts {
            // The secret is told to nobody.
            let left = cart.leave_device(device, tokens.hash_cart_secret(&tokens.new_cart_secret()));
            let Some(left) = left else { continue };
            if left != LeftTo::Others {
                voided.push(cart.id);
            }
            if left == LeftTo::Nobody {
                forget(&*uow, &mut cart).await?;
            }
            cart.changed_by = Some(CartAuthor::Device(device));
            events.push(cart.changed(EventKind::CartUpdated, now));
            uow.carts().save(&cart).await?;
        }
        if !voided.is_empty() {
            uow.handoffs().void(&voided).await?;
        }
        if !events.is_empty() {
            uow.outbox().append(&events).await?;
        }
        uow.commit().await?;
        released = released.saturating_add(u32::try_from(events.len()).unwrap_or(u32::MAX));
    }
}
