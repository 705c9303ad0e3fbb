//! When the stock of a cart is set aside, and when that is renewed.

use std::{mem, slice};

use chrono::TimeDelta;

use super::{Cart, CartEdit, CartError, CartService, Shelf, service::load_shelf};
use crate::{
    access::{Actor, Principal},
    checkout::{chosen_delivery, demands, sites, sites_of},
    clock::Timestamp,
    ids::CartId,
    inventory::{CartHold, HoldError, HoldPolicy, HoldQueries, StockHold, plan_holds},
    settings::Settings,
    storage::{StorageError, UnitOfWork},
};

/// What an edit may have to do with a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HoldMoment {
    /// It changes the lines.
    Lines,
    /// It chooses a delivery, which is where checkout begins.
    Delivery,
    /// It asks for another time.
    Renewal,
    /// Nothing.
    Other,
}

impl CartEdit {
    /// What it has to do with a hold.
    pub(super) fn hold_moment(&self) -> HoldMoment {
        match self {
            Self::AddLines { .. }
            | Self::UpdateLines { .. }
            | Self::SetLines { .. }
            | Self::RemoveLines(_)
            | Self::SaveForLater(_)
            | Self::MoveToCart { .. } => HoldMoment::Lines,
            Self::SelectDelivery(_) => HoldMoment::Delivery,
            Self::RenewHold => HoldMoment::Renewal,
            Self::SetNote(_)
            | Self::SetContact(_)
            | Self::SetAddresses { .. }
            | Self::ApplyCode(_)
            | Self::RemoveCode(_)
            | Self::SetVatNumber(_)
            | Self::ChooseGift(_)
            | Self::SelectPayment(_)
            | Self::GiveDiscount(_)
            | Self::RemoveDiscount(_) => HoldMoment::Other,
        }
    }
}

/// That a cart's stock is set aside anew for what it has after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holding {
    lifetime: TimeDelta,
    renew: bool,
}

impl Holding {
    /// What `moment` means for the hold of a cart; none: it stays as it is.
    ///
    /// # Errors
    /// Where another time is asked for: [`CartError::NoHolds`] in a channel that sets no stock aside, [`CartError::NothingToHold`]
    /// for an empty cart.
    pub(super) fn of(
        cart: &Cart,
        moment: HoldMoment,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Option<Self>, CartError> {
        let channel = settings.channel(cart.channel.as_str());
        let policy = channel.as_ref().map_or(HoldPolicy::None, |it| it.hold_policy);
        let is_due = match (policy, moment) {
            (HoldPolicy::None, HoldMoment::Renewal) => return Err(CartError::NoHolds),
            (_, HoldMoment::Renewal) if cart.lines.is_empty() => return Err(CartError::NothingToHold),
            (HoldPolicy::None, _) | (_, HoldMoment::Other) => false,
            (HoldPolicy::OnCheckout, HoldMoment::Lines) => cart.hold.is_live(now),
            (HoldPolicy::OnCheckout | HoldPolicy::OnCart, _) => true,
        };
        let minutes = channel.map_or(0, |it| it.hold_minutes);
        let lifetime = TimeDelta::minutes(minutes.into());
        Ok(is_due.then_some(Self { lifetime, renew: moment == HoldMoment::Renewal }))
    }
}

/// Sets aside what the cart has now, where that is due. What it held before is given back; the levels of `shelf` were locked.
///
/// # Errors
/// [`CartError::Hold`] where another time was asked for and there is none left.
pub(super) async fn take_hold(
    holding: Option<Holding>,
    uow: &dyn UnitOfWork,
    cart: &mut Cart,
    (shelf, settings): (&Shelf, &Settings),
    actor: &Actor,
    now: Timestamp,
) -> Result<(), CartError> {
    let Some(Holding { lifetime, renew }) = holding else { return Ok(()) };
    let sites = match chosen_delivery(cart, shelf, settings) {
        Some(option) => sites(&option, &settings.locations),
        None => sites_of(&settings.locations),
    };
    if cart.hold.until.is_some() {
        uow.holds().release(cart.id).await?;
    }
    let holds = plan_holds(&demands(cart, shelf), &sites, &shelf.levels);
    let holder = holder_of(cart, actor);
    let is_full = match holder.as_deref() {
        Some(holder) => u64::from(CartHold::CARTS_MAX) <= uow.holds().carts_held(holder, now).await?,
        None => false,
    };
    if is_full && renew {
        return Err(HoldError::TooManyCarts { max: CartHold::CARTS_MAX }.into());
    }
    if holds.is_empty() || is_full {
        cart.hold.until = None;
        return Ok(());
    }
    match cart.hold.begin(now, lifetime, renew) {
        Ok(until) => uow.holds().put(cart.id, holder.as_deref(), &holds, until).await?,
        Err(error) if renew => return Err(error.into()),
        // What it has is sold to who comes first.
        Err(_) => {}
    }
    Ok(())
}

impl CartService {
    /// Passes on the time for which a cart held stock to the one that took over its lines.
    ///
    /// # Errors
    /// [`CartError`].
    pub(super) async fn move_hold(
        &self,
        uow: &dyn UnitOfWork,
        (source, target): (&mut Cart, &mut Cart),
        settings: &Settings,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), CartError> {
        if source.hold.until.is_some() {
            uow.holds().release(source.id).await?;
        }
        let own = target.hold;
        target.hold = own.joined(mem::take(&mut source.hold));
        if !self.hold_lines(uow, target, settings, actor, now).await? {
            // Its channel sets nothing aside for it.
            target.hold = own;
        }
        Ok(())
    }

    /// Sets aside what is in a cart, as when its lines change, and whether that is due. Stock is locked here: before anything of
    /// codes and budgets is.
    ///
    /// # Errors
    /// [`CartError`].
    pub(super) async fn hold_lines(
        &self,
        uow: &dyn UnitOfWork,
        cart: &mut Cart,
        settings: &Settings,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, CartError> {
        let Some(holding) = Holding::of(cart, HoldMoment::Lines, settings, now)? else { return Ok(false) };
        let terms = self.load_terms(uow, slice::from_ref(cart), settings).await?;
        let shelf = load_shelf(uow, cart, &[], (settings, &terms), Some(holding), now).await?;
        take_hold(Some(holding), uow, cart, (&shelf, settings), actor, now).await?;
        Ok(true)
    }
}

/// Whose holds are counted together; nobody's, where nobody is known.
fn holder_of(cart: &Cart, actor: &Actor) -> Option<String> {
    let staff = match &actor.principal {
        Principal::Staff { id, .. } => Some(id.to_string()),
        _ => None,
    };
    cart.hold_owner().or(staff)
}

impl Cart {
    /// Whose it is, for counting what they hold.
    pub(crate) fn hold_owner(&self) -> Option<String> {
        self.customer_id.map(|it| it.to_string()).or(self.device_id.map(|it| it.to_string()))
    }
}

/// What those of `carts` hold whose time runs; no statement where there is none.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn live_holds(
    queries: &dyn HoldQueries,
    carts: &[Cart],
    now: Timestamp,
) -> Result<Vec<StockHold>, StorageError> {
    let live: Vec<CartId> = carts.iter().filter(|it| it.hold.is_live(now)).map(|it| it.id).collect();
    if live.is_empty() { Ok(Vec::new()) } else { queries.holds_of(&live, now).await }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        cart::{CartLine, Quantity, tests::cart},
        channel::Channel,
        ids::{CartLineId, Id as _, VariantId},
        money::Currency,
        settings::{BuiltIn, StoredSettings},
    };

    fn settings(hold_policy: HoldPolicy) -> Settings {
        let built_in = BuiltIn::new(Currency::EUR, None).unwrap();
        let web = Settings::new(StoredSettings::default(), &built_in).default_channel();
        let channels = vec![Channel { hold_policy, hold_minutes: 20, ..Channel::clone(&web) }];
        Settings::new(StoredSettings { channels, ..StoredSettings::default() }, &built_in)
    }

    #[test]
    fn each_policy_has_its_moments() {
        let now = DateTime::UNIX_EPOCH;
        let mut held = cart();
        held.lines = vec![CartLine::new(
            CartLineId::from_uuid(Uuid::nil()),
            VariantId::from_uuid(Uuid::nil()),
            Quantity::parse(1).unwrap(),
        )];
        held.hold.until = Some(now + TimeDelta::minutes(1));
        let is_due = |cart: &Cart, policy, moment| match Holding::of(cart, moment, &settings(policy), now) {
            Ok(found) => found.is_some(),
            Err(error) => panic!("{error}"),
        };
        for moment in [HoldMoment::Lines, HoldMoment::Delivery, HoldMoment::Other] {
            assert!(!is_due(&held, HoldPolicy::None, moment));
        }
        let refused = Holding::of(&held, HoldMoment::Renewal, &settings(HoldPolicy::None), now);
        assert!(matches!(refused, Err(CartError::NoHolds)));
        for policy in [HoldPolicy::OnCheckout, HoldPolicy::OnCart] {
            assert!(!is_due(&held, policy, HoldMoment::Other), "an address takes no stock");
            assert!(is_due(&held, policy, HoldMoment::Lines));
            assert!(is_due(&cart(), policy, HoldMoment::Delivery) && is_due(&held, policy, HoldMoment::Renewal));
            let empty = Holding::of(&cart(), HoldMoment::Renewal, &settings(policy), now);
            assert!(matches!(empty, Err(CartError::NothingToHold)));
        }
        assert!(is_due(&cart(), HoldPolicy::OnCart, HoldMoment::Lines));
        assert!(!is_due(&cart(), HoldPolicy::OnCheckout, HoldMoment::Lines), "they are only looking");
        held.hold.until = Some(now);
        assert!(!is_due(&held, HoldPolicy::OnCheckout, HoldMoment::Lines), "it is over");
    }
}
