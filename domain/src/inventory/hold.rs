//! Holds: stock set aside for carts, for a time. One that has expired counts no more, whether anybody has swept it or not.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Allocation, Demand, Site, StockLevel, source};
use crate::{
    catalog::StockPolicy,
    clock::Timestamp,
    ids::{CartId, LocationId, VariantId},
    storage::StorageError,
};

/// When stock is set aside for the carts of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HoldPolicy {
    /// Never: who orders first, has it.
    #[default]
    None,
    /// As soon as a delivery is chosen.
    OnCheckout,
    /// As soon as it is in the cart.
    OnCart,
}

/// Units of a variant that a location keeps for a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockHold {
    /// For which cart.
    pub cart_id: CartId,
    /// Of what.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How many.
    pub quantity: u32,
}

/// The hold of a cart: one time for all that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CartHold {
    /// When it expires, or expired; none: it holds nothing.
    pub until: Option<Timestamp>,
    /// How often a time began.
    pub taken: u32,
    /// When it would have expired as the cart was ordered: it goes on where the order comes to nothing before.
    pub at_order: Option<Timestamp>,
    /// How many pieces that the cart wanted are not set aside, since anything last was.
    pub unheld: u32,
}

/// No other time begins for a cart's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoldError {
    /// It was set aside as often as it may be.
    #[error("the stock of a cart is set aside {max} times at most")]
    UsedUp {
        /// How often at most.
        max: u32,
    },
    /// Whose cart it is, has others enough.
    #[error("stock is set aside for {max} carts of one holder at most")]
    TooManyCarts {
        /// How many at most.
        max: u32,
    },
    /// Others of the same network, of whom no more is known, have pieces enough.
    #[error("at most {max} pieces are set aside for all of one network who have not signed in")]
    TooManyUnits {
        /// How many at most.
        max: u32,
    },
}

impl CartHold {
    /// How often the time of one cart may begin. Together with what one cart holds, this bounds how much stock a cart that is
    /// never ordered can keep from others, and for how long.
    pub const TAKEN_MAX: u32 = 4;
    /// The most units of one variant that a cart holds; what is beyond is not held.
    pub const UNITS_MAX: u32 = 20;
    /// The most carts that hold anything for one customer, one member of staff, or one device.
    pub const CARTS_MAX: u32 = 20;
    /// From how many pieces on nothing more is set aside for those of whom nothing is known but the network that they come from, all
    /// together: a household, or a part of a provider's customers. As many as one known holder can have of a variant.
    pub const UNITS_OF_NETWORK_MAX: u32 = Self::CARTS_MAX * Self::UNITS_MAX;

    /// Whether it keeps anything now.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|it| now < it)
    }

    /// Whether it kept something, and does not any more.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|it| it <= now)
    }

    /// Whether another time can begin.
    #[must_use]
    pub fn can_begin(&self) -> bool {
        self.taken < Self::TAKEN_MAX
    }

    /// What two carts have when they become one: the time of whichever ends later, taken as often as either was.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let (until, taken) = (self.until.max(other.until), self.taken.max(other.taken));
        Self { until, taken, ..Self::default() }
    }

    /// Until when to hold what the cart has now. A time that runs goes on as it is; where none does, or where `renew` says so,
    /// a new one begins.
    ///
    /// # Errors
    /// [`HoldError::UsedUp`]; it is as it was then.
    pub fn begin(&mut self, now: Timestamp, lifetime: TimeDelta, renew: bool) -> Result<Timestamp, HoldError> {
        if let Some(until) = self.until.filter(|it| now < *it && !renew) {
            return Ok(until);
        }
        if !self.can_begin() {
            return Err(HoldError::UsedUp { max: Self::TAKEN_MAX });
        }
        let until = now + lifetime;
        *self = Self { until: Some(until), taken: self.taken + 1, ..Self::default() };
        Ok(until)
    }
}

/// What of an order's stock its cart holds again: of each variant no more than a cart may, and nothing of what is sold without stock.
#[must_use]
pub fn holds_of_order(allocations: &[Allocation]) -> Vec<Allocation> {
    let mut rooms: BTreeMap<VariantId, u32> = BTreeMap::new();
    let mut hold = |it: &Allocation| {
        let room = rooms.entry(it.variant_id).or_insert(CartHold::UNITS_MAX);
        let quantity = it.quantity.min(*room);
        *room -= quantity;
        Allocation { quantity, ..*it }
    };
    allocations.iter().filter(|it| !it.may_exceed).map(&mut hold).filter(|it| 0 < it.quantity).collect()
}

/// What to hold for `demands`, and where: as the order would be served from `sites`, as far as there is stock, and of each
/// variant up to [`CartHold::UNITS_MAX`]. What is sold without stock is not held. `levels` count what others hold.
#[must_use]
pub fn plan_holds(demands: &[Demand], sites: &[Site], levels: &[StockLevel]) -> Vec<Allocation> {
    let mut wanted: BTreeMap<VariantId, u32> = BTreeMap::new();
    for demand in demands.iter().filter(|it| it.policy == StockPolicy::Deny) {
        let quantity = wanted.entry(demand.variant_id).or_default();
        *quantity = quantity.saturating_add(demand.quantity).min(CartHold::UNITS_MAX);
    }
    let all = |wanted: &BTreeMap<VariantId, u32>| -> Vec<Demand> {
        let demand = |(&variant_id, &quantity)| Demand { variant_id, quantity, policy: StockPolicy::Deny };
        wanted.iter().filter(|it| 0 < *it.1).map(demand).collect()
    };
    source(&all(&wanted), sites, levels).unwrap_or_else(|shortages| {
        for it in shortages {
            wanted.insert(it.variant_id, it.available);
        }
        source(&all(&wanted), sites, levels).unwrap_or_default()
    })
}

/// The levels as the cart sees them whose holds `own` are: what it holds itself, it can have.
#[must_use]
pub fn with_own(mut levels: Vec<StockLevel>, own: &[StockHold]) -> Vec<StockLevel> {
    for level in &mut levels {
        let is_here = |it: &&StockHold| it.variant_id == level.variant_id && it.location_id == level.location_id;
        let held: i64 = own.iter().filter(is_here).map(|it| i64::from(it.quantity)).sum();
        level.reserved = level.reserved.saturating_sub(held).max(0);
    }
    levels
}

/// Holds, to be changed. Who takes or gives any locks the levels of its variants first, so that of those who come at once each
/// sees what the others have.
#[async_trait]
pub trait HoldRepository: Send + Sync {
    /// Gives back all that a cart holds.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn release(&self, cart: CartId) -> Result<(), StorageError>;

    /// Sets `holds` aside for a cart that holds nothing; `holder` is whose holds are counted together.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn put(
        &self,
        cart: CartId,
        holder: Option<&str>,
        holds: &[Allocation],
        until: Timestamp,
    ) -> Result<(), StorageError>;

    /// How many carts hold anything now for `holder`.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn carts_held(&self, holder: &str, now: Timestamp) -> Result<u64, StorageError>;

    /// How many pieces are held now for `holder`.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn units_held(&self, holder: &str, now: Timestamp) -> Result<u64, StorageError>;

    /// Forgets holds that expired before `moment`; how many there were.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn forget_expired(&self, moment: Timestamp) -> Result<u64, StorageError>;
}

/// Reads holds.
#[async_trait]
pub trait HoldQueries: Send + Sync {
    /// What these carts hold now, in no order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn holds_of(&self, carts: &[CartId], now: Timestamp) -> Result<Vec<StockHold>, StorageError>;
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{channel::LocationKind, ids::Id};

    fn at(seconds: i64) -> Timestamp {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn id<I: Id>(n: u128) -> I {
        I::from_uuid(Uuid::from_u128(n))
    }

    fn level(variant: u128, location: u128, on_hand: i64, reserved: i64) -> StockLevel {
        let (variant_id, location_id) = (id(variant), id(location));
        StockLevel { variant_id, location_id, on_hand, allocated: 0, reserved, safety_stock: 0 }
    }

    fn demand(variant: u128, quantity: u32) -> Demand {
        Demand { variant_id: id(variant), quantity, policy: StockPolicy::Deny }
    }

    fn sites() -> [Site; 2] {
        [
            Site { location_id: id(1), kind: LocationKind::Warehouse },
            Site { location_id: id(2), kind: LocationKind::Store },
        ]
    }

    fn planned(plan: &[Allocation]) -> Vec<(u128, u128, u32)> {
        plan.iter().map(|it| (it.variant_id.uuid().as_u128(), it.location_id.uuid().as_u128(), it.quantity)).collect()
    }

    #[test]
    fn a_time_that_runs_is_not_renewed_unless_asked_for() {
        let quarter = TimeDelta::minutes(15);
        let mut hold = CartHold::default();
        assert!(!hold.is_live(at(0)) && !hold.is_expired(at(0)));
        assert_eq!(hold.begin(at(0), quarter, false), Ok(at(900)));
        assert_eq!(hold.begin(at(899), quarter, false), Ok(at(900)), "adding more does not prolong it");
        assert!(hold.is_live(at(899)) && hold.is_expired(at(900)));
        assert_eq!(hold.begin(at(900), quarter, false), Ok(at(1_800)));
        assert_eq!(hold.begin(at(1_000), quarter, true), Ok(at(1_900)));
        assert_eq!(hold.begin(at(1_900), quarter, false), Ok(at(2_800)));
        let used_up = hold;
        for renew in [false, true] {
            assert_eq!(hold.begin(at(2_800), quarter, renew), Err(HoldError::UsedUp { max: 4 }));
        }
        assert_eq!(hold, used_up);
        assert_eq!(hold.begin(at(2_799), quarter, false), Ok(at(2_800)), "what runs, runs to its end");
    }

    #[test]
    fn who_merges_carts_gains_no_time() {
        let (ended, runs) = (
            CartHold { until: Some(at(9)), taken: 3, ..CartHold::default() },
            CartHold { until: Some(at(20)), taken: 1, ..CartHold::default() },
        );
        let joined = CartHold { until: Some(at(20)), taken: 3, ..CartHold::default() };
        assert_eq!([ended.joined(runs), runs.joined(ended), joined.joined(CartHold::default())], [joined; 3]);
    }

    #[test]
    fn what_is_short_is_held_as_far_as_it_goes() {
        let levels = [level(1, 1, 5, 2), level(1, 2, 1, 0), level(2, 1, 9, 0), level(3, 1, 0, 0)];
        let plan = plan_holds(&[demand(1, 6), demand(2, 2), demand(3, 1)], &sites(), &levels);
        assert_eq!(planned(&plan), [(1, 1, 3), (1, 2, 1), (2, 1, 2)]);
        let plan = plan_holds(&[demand(2, 15), demand(2, 15)], &sites(), &[level(2, 1, 99, 0)]);
        assert_eq!(planned(&plan), [(2, 1, CartHold::UNITS_MAX)], "no cart holds the whole shop");
        let freely = [StockPolicy::Continue, StockPolicy::Untracked].map(|policy| Demand { policy, ..demand(1, 9) });
        assert_eq!(plan_holds(&freely, &sites(), &levels), []);
    }

    #[test]
    fn a_cart_can_have_what_it_holds_itself() {
        let own = [(1, 1, 2), (1, 2, 9)].map(|(variant, location, quantity)| StockHold {
            cart_id: id(1),
            variant_id: id(variant),
            location_id: id(location),
            quantity,
        });
        let levels = with_own(vec![level(1, 1, 5, 3), level(1, 2, 5, 4), level(2, 1, 5, 5)], &own);
        assert_eq!(levels.iter().map(StockLevel::available).collect::<Vec<_>>(), [4, 5, 0]);
    }

    proptest! {
        #[test]
        fn no_more_is_held_than_there_is(
            wanted in prop::collection::vec((0u128..3, 1u32..40), 0..6),
            stock in prop::collection::vec((0i64..30, 0i64..10), 6),
        ) {
            let level = |(i, &(on_hand, reserved)): (usize, &(i64, i64))| level(i as u128 / 2, i as u128 % 2 + 1, on_hand, reserved);
            let levels: Vec<StockLevel> = stock.iter().enumerate().map(level).collect();
            let demands: Vec<Demand> = wanted.iter().map(|&(v, quantity)| demand(v, quantity)).collect();
            let plan = plan_holds(&demands, &sites(), &levels);
            for it in &levels {
                let is_here = |hold: &&Allocation| hold.variant_id == it.variant_id && hold.location_id == it.location_id;
                let held: i64 = plan.iter().filter(is_here).map(|it| i64::from(it.quantity)).sum();
                prop_assert!(held <= it.available());
            }
            for v in 0..3 {
                let sum = |all: &mut dyn Iterator<Item = u32>| all.sum::<u32>();
                let held = sum(&mut plan.iter().filter(|it| it.variant_id == id(v)).map(|it| it.quantity));
                let asked = sum(&mut demands.iter().filter(|it| it.variant_id == id(v)).map(|it| it.quantity));
                let there: i64 = levels.iter().filter(|it| it.variant_id == id(v)).map(StockLevel::available).sum();
                prop_assert_eq!(i64::from(held), i64::from(asked.min(CartHold::UNITS_MAX)).min(there));
            }
        }
    }
}
