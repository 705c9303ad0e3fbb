//! Groups of customers: who sees prices and promotions of their own.

use serde::{Deserialize, Serialize};

use crate::ids::CustomerGroupId;

/// Customers who are treated alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerGroup {
    /// Its id.
    pub id: CustomerGroupId,
    /// What staff calls it.
    pub name: String,
}

impl CustomerGroup {
    /// The most characters of a name.
    pub const NAME_LENGTH_MAX: usize = 255;
    /// The most groups.
    pub const COUNT_MAX: usize = 1_000;
    /// The most groups of one customer.
    pub const OF_CUSTOMER_MAX: usize = 50;

    /// Whether staff can call a group so.
    #[must_use]
    pub fn is_name(name: &str) -> bool {
        !name.trim().is_empty() && name.chars().count() <= Self::NAME_LENGTH_MAX && !name.chars().any(char::is_control)
    }
}
