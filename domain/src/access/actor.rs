//! The actor: the first parameter of every use case.

use super::{AccessError, DevicePlace, Permission, Permissions, SecretHash, Subject};
use crate::ids::{CustomerId, DeviceId, SignInId, StaffId};

/// Who signed in, if anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Nobody did.
    Anonymous,
    /// A customer.
    Customer {
        /// Which.
        id: CustomerId,
        /// Where they signed in.
        sign_in: SignInId,
        /// The device on which they signed in; none: on one of their own.
        device: Option<DevicePlace>,
    },
    /// A member of staff.
    Staff {
        /// Which.
        id: StaffId,
        /// What they may do.
        permissions: Permissions,
        /// Where they signed in.
        sign_in: SignInId,
        /// The device on which they stepped up; none: they signed in with their password.
        device: Option<DevicePlace>,
    },
    /// A kiosk or a point of sale, with nobody in particular in front of it.
    Device(DevicePlace),
    /// Comptoir itself: the command line, the relay, housekeeping.
    System,
}

/// Who acts, with what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who signed in.
    pub principal: Principal,
    /// The digest of the cart secret that came with the request; it opens one cart.
    pub cart_secret: Option<SecretHash>,
    /// The digest of the network that the request came from, as far as that is known: for counting what nobody in particular does.
    pub network: Option<SecretHash>,
}

impl Actor {
    /// Comptoir itself.
    #[must_use]
    pub fn system() -> Self {
        Self { principal: Principal::System, cart_secret: None, network: None }
    }

    /// Nobody in particular, holding at most a cart's secret.
    #[must_use]
    pub fn anonymous(cart_secret: Option<SecretHash>) -> Self {
        Self { principal: Principal::Anonymous, cart_secret, network: None }
    }

    /// The customer who acts.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        match self.principal {
            Principal::Customer { id, .. } => Some(id),
            Principal::Anonymous | Principal::Staff { .. } | Principal::Device(_) | Principal::System => None,
        }
    }

    /// The device that acts, or on which somebody does.
    #[must_use]
    pub fn device(&self) -> Option<&DevicePlace> {
        match &self.principal {
            Principal::Device(place) => Some(place),
            Principal::Customer { device, .. } | Principal::Staff { device, .. } => device.as_ref(),
            Principal::Anonymous | Principal::System => None,
        }
    }

    /// The device that acts, or on which somebody does, by its id.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        self.device().map(|it| it.id)
    }

    /// Insists on a customer.
    ///
    /// # Errors
    /// [`AccessError::Unauthenticated`] for one who has not signed in, [`AccessError::CustomersOnly`] for staff and devices.
    pub fn require_customer(&self) -> Result<CustomerId, AccessError> {
        match self.principal {
            Principal::Customer { id, .. } => Ok(id),
            Principal::Anonymous => Err(AccessError::Unauthenticated),
            Principal::Staff { .. } | Principal::Device(_) | Principal::System => Err(AccessError::CustomersOnly),
        }
    }

    /// Insists on a member of staff who has `permission`.
    ///
    /// # Errors
    /// As [`Self::require`]; Comptoir itself is nobody of staff.
    pub fn require_staff(&self, permission: Permission) -> Result<StaffId, AccessError> {
        self.require(permission)?;
        match self.principal {
            Principal::Staff { id, .. } => Ok(id),
            Principal::Anonymous | Principal::Customer { .. } | Principal::Device(_) | Principal::System => {
                Err(AccessError::Unauthenticated)
            }
        }
    }

    /// Who signed in, and where.
    #[must_use]
    pub fn signed_in(&self) -> Option<(Subject, SignInId)> {
        match self.principal {
            Principal::Customer { id, sign_in, .. } => Some((Subject::Customer(id), sign_in)),
            Principal::Staff { id, sign_in, .. } => Some((Subject::Staff(id), sign_in)),
            Principal::Anonymous | Principal::Device(_) | Principal::System => None,
        }
    }

    /// Whether the actor has `permission`.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        match &self.principal {
            Principal::Anonymous | Principal::Customer { .. } | Principal::Device(_) => false,
            Principal::Staff { permissions, .. } => permissions.contains(&permission),
            Principal::System => true,
        }
    }

    /// Insists on `permission`.
    ///
    /// # Errors
    /// [`AccessError::Unauthenticated`] for one who has not signed in, [`AccessError::Forbidden`] for one who has.
    pub fn require(&self, permission: Permission) -> Result<(), AccessError> {
        match self.principal {
            _ if self.has(permission) => Ok(()),
            Principal::Anonymous => Err(AccessError::Unauthenticated),
            _ => Err(AccessError::Forbidden { permission }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_permission_is_had_by_those_it_was_given_to() {
        let staff = Actor {
            principal: Principal::Staff {
                id: StaffId::from_uuid(uuid::Uuid::nil()),
                permissions: [Permission::ManageStock].into(),
                sign_in: SignInId::from_uuid(uuid::Uuid::nil()),
                device: None,
            },
            cart_secret: None,
            network: None,
        };
        assert!(staff.require(Permission::ManageStock).is_ok());
        assert!(matches!(
            staff.require(Permission::ManagePrices),
            Err(AccessError::Forbidden { permission: Permission::ManagePrices })
        ));
        assert!(matches!(Actor::anonymous(None).require(Permission::ManageStock), Err(AccessError::Unauthenticated)));
        assert!(Permission::ALL.iter().all(|&it| Actor::system().has(it)));
    }
}
