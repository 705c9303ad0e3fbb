//! What staff may do.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)+) => {
        /// One right of staff.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {$(
            $(#[$doc])*
            #[serde(rename = $text)]
            $name,
        )+}

        impl Permission {
            /// Every right there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name on the wire and in the table.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$name => $text),+}
            }
        }
    };
}

permissions! {
    /// Give discounts by hand, within their limit.
    GiveDiscounts => "GIVE_DISCOUNTS",
    /// Work on any cart.
    ManageCarts => "MANAGE_CARTS",
    /// Put customers in groups.
    ManageCustomers => "MANAGE_CUSTOMERS",
    /// Enrol and revoke devices.
    ManageDevices => "MANAGE_DEVICES",
    /// Fulfil, cancel and settle orders.
    ManageOrders => "MANAGE_ORDERS",
    /// Set prices.
    ManagePrices => "MANAGE_PRICES",
    /// Create, change and import products, and see those that are not published.
    ManageProducts => "MANAGE_PRODUCTS",
    /// Create, change and end promotions.
    ManagePromotions => "MANAGE_PROMOTIONS",
    /// Set rules and synonyms of search, and see what is searched for.
    ManageSearch => "MANAGE_SEARCH",
    /// Set locations and delivery methods.
    ManageSettings => "MANAGE_SETTINGS",
    /// Create staff.
    ManageStaff => "MANAGE_STAFF",
    /// Count and adjust stock.
    ManageStock => "MANAGE_STOCK",
    /// See any customer.
    ViewCustomers => "VIEW_CUSTOMERS",
    /// See any order.
    ViewOrders => "VIEW_ORDERS",
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a permission; there are {list}", list = Permission::ALL.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", "))]
pub struct UnknownPermission(String);

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        let found = Self::ALL.iter().find(|it| it.as_str() == text);
        found.copied().ok_or_else(|| UnknownPermission(text.chars().take(64).collect()))
    }
}

/// The rights of one member of staff.
pub type Permissions = BTreeSet<Permission>;
