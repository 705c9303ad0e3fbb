//! When the stock of a cart is set aside, and when that is renewed.

use std::{collections::BTreeMap, mem, slice};

use chrono::TimeDelta;

use super::{Cart, CartEdit, CartError, CartService, Shelf, service::load_shelf};
use crate::{
    access::{Actor, Principal, SecretHash},
    catalog::StockPolicy,
    checkout::{chosen_delivery, demands, sites, sites_of},
    clock::Timestamp,
    ids::{CartId, VariantId},
    inventory::{CartHold, HoldError, HoldPolicy, HoldQueries, StockHold, plan_holds},
    settings::Settings,
    storage::{StorageError, UnitOfWork},
};

/// What an edit may have to do with a hold; of several edits at once, the last of these counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HoldMoment {
    /// Nothing.
    Other,
    /// It changes the lines.
    Lines,
    /// It chooses a delivery, which is where checkout begins.
    Delivery,
    /// It asks for another time.
    Renewal,
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
    moment: HoldMoment,
}

impl Holding {
    /// What `moment` means for the hold of a cart; none: it stays as it is.
    ///
    /// # Errors
    /// Where another time is asked for: [`CartError::NoHolds`] in a channel that sets no stock aside, [`CartError::NothingToHold`]
    /// for an empty cart.
    pub(super) fn of(cart: &Cart, moment: HoldMoment, settings: &Settings) -> Result<Option<Self>, CartError> {
        let channel = settings.channel(cart.channel.as_str());
        let policy = channel.as_ref().map_or(HoldPolicy::None, |it| it.hold_policy);
        let is_due = match (policy, moment) {
            (HoldPolicy::None, HoldMoment::Renewal) => return Err(CartError::NoHolds),
            (_, HoldMoment::Renewal) if cart.lines.is_empty() => return Err(CartError::NothingToHold),
            (HoldPolicy::None, _) | (_, HoldMoment::Other) => false,
            // Checkout has begun where anything was set aside, or was to be.
            (HoldPolicy::OnCheckout, HoldMoment::Lines) => cart.hold.until.is_some() || 0 < cart.hold.unheld,
            (HoldPolicy::OnCheckout | HoldPolicy::OnCart, _) => true,
        };
        let minutes = channel.map_or(0, |it| it.hold_minutes);
        let lifetime = TimeDelta::minutes(minutes.into());
        Ok(is_due.then_some(Self { lifetime, moment }))
    }

    /// The same, where the cart wants something else of the shop than `before`. What has expired begins anew only for who wants
    /// more, another delivery, or another time: saying the same again sets nothing aside.
    pub(super) fn since(self, before: &Cart, cart: &Cart, now: Timestamp) -> Option<Self> {
        let (was, is) = (pieces(before), pieces(cart));
        let wants_more = || is.iter().any(|(variant, many)| was.get(variant) < Some(many));
        let wants_else = if cart.hold.is_expired(now) { wants_more() } else { was != is };
        let begins = match self.moment {
            HoldMoment::Renewal => true,
            HoldMoment::Delivery => before.delivery != cart.delivery || cart.hold.until.is_none(),
            HoldMoment::Lines | HoldMoment::Other => false,
        };
        (begins || wants_else).then_some(self)
    }
}

/// How many a cart has of each variant.
fn pieces(cart: &Cart) -> BTreeMap<VariantId, u32> {
    let mut pieces = BTreeMap::new();
    for line in &cart.lines {
        *pieces.entry(line.variant_id).or_default() += line.quantity.get();
    }
    pieces
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
    let Some(Holding { lifetime, moment }) = holding else { return Ok(()) };
    let (renew, was_live, had_expired) =
        (moment == HoldMoment::Renewal, cart.hold.is_live(now), cart.hold.is_expired(now));
    let sites = match chosen_delivery(cart, shelf, settings) {
        Some(option) => sites(&option, &settings.locations),
        None => sites_of(&settings.locations),
    };
    if cart.hold.until.is_some() {
        uow.holds().release(cart.id).await?;
    }
    let demands = demands(cart, shelf);
    let holds = plan_holds(&demands, &sites, &shelf.levels);
    let holder = Holder::of(cart, actor);
    // A cart that has something set aside keeps it, wherever its shopper goes.
    let full = match &holder {
        Some(holder) if !was_live => holder.check_room(uow, now).await?.err(),
        _ => None,
    };
    let is_full = full.is_some();
    // What has expired is given up then, so that the cart can be ordered all the same.
    if let Some(error) = full.filter(|_| renew && !had_expired) {
        return Err(error.into());
    }
    let wanted = demands.iter().filter(|it| it.policy == StockPolicy::Deny).map(|it| it.quantity);
    cart.hold.unheld = wanted.fold(0, u32::saturating_add);
    if holds.is_empty() || is_full {
        cart.hold.until = None;
        return Ok(());
    }
    let unheld = holds.iter().fold(cart.hold.unheld, |unheld, it| unheld.saturating_sub(it.quantity));
    match cart.hold.begin(now, lifetime, renew) {
        Ok(until) => {
            cart.hold.unheld = unheld;
            uow.holds().put(cart.id, holder.as_ref().map(Holder::name), &holds, until).await?;
        }
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
        let Some(holding) = Holding::of(cart, HoldMoment::Lines, settings)? else { return Ok(false) };
        let terms = self.load_terms(uow, slice::from_ref(cart), settings).await?;
        let shelf = load_shelf(uow, cart, &[], (settings, &terms), Some(holding), now).await?;
        take_hold(Some(holding), uow, cart, (&shelf, settings), actor, now).await?;
        Ok(true)
    }
}

/// Whose holds are counted together.
enum Holder {
    /// Somebody who is known, by their id.
    Known(String),
    /// All who come from the same network, by its digest.
    Network(String),
}

impl Holder {
    /// Who holds what a cart has; where nobody is known, all who come from the same network. None: nor is that.
    fn of(cart: &Cart, actor: &Actor) -> Option<Self> {
        let staff = match &actor.principal {
            Principal::Staff { id, .. } => Some(id.to_string()),
            _ => None,
        };
        let known = cart.hold_owner().or(staff).map(Self::Known);
        let network = || {
            let SecretHash(digest) = actor.network.as_ref()?;
            Some(Self::Network(format!("network_{digest}")))
        };
        known.or_else(network)
    }

    fn name(&self) -> &str {
        let (Self::Known(name) | Self::Network(name)) = self;
        name
    }

    /// Whether anything can be set aside for another cart of theirs.
    async fn check_room(&self, uow: &dyn UnitOfWork, now: Timestamp) -> Result<Result<(), HoldError>, StorageError> {
        let (held, max, full) = match self {
            Self::Known(name) => {
                let max = CartHold::CARTS_MAX;
                (uow.holds().carts_held(name, now).await?, max, HoldError::TooManyCarts { max })
            }
            Self::Network(name) => {
                let max = CartHold::UNITS_OF_NETWORK_MAX;
                (uow.holds().units_held(name, now).await?, max, HoldError::TooManyUnits { max })
            }
        };
        Ok(if held < u64::from(max) { Ok(()) } else { Err(full) })
    }
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
        ids::{CartLineId, Id as _},
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
        let is_due = |cart: &Cart, policy, moment| match Holding::of(cart, moment, &settings(policy)) {
            Ok(found) => found.is_some(),
            Err(error) => panic!("{error}"),
        };
        for moment in [HoldMoment::Lines, HoldMoment::Delivery, HoldMoment::Other] {
            assert!(!is_due(&held, HoldPolicy::None, moment));
        }
        let refused = Holding::of(&held, HoldMoment::Renewal, &settings(HoldPolicy::None));
        assert!(matches!(refused, Err(CartError::NoHolds)));
        for policy in [HoldPolicy::OnCheckout, HoldPolicy::OnCart] {
            assert!(!is_due(&held, policy, HoldMoment::Other), "an address takes no stock");
            assert!(is_due(&held, policy, HoldMoment::Lines));
            assert!(is_due(&cart(), policy, HoldMoment::Delivery) && is_due(&held, policy, HoldMoment::Renewal));
            let empty = Holding::of(&cart(), HoldMoment::Renewal, &settings(policy));
            assert!(matches!(empty, Err(CartError::NothingToHold)));
        }
        assert!(is_due(&cart(), HoldPolicy::OnCart, HoldMoment::Lines));
        assert!(!is_due(&cart(), HoldPolicy::OnCheckout, HoldMoment::Lines), "they are only looking");
        held.hold.until = Some(now);
        for policy in [HoldPolicy::OnCheckout, HoldPolicy::OnCart] {
            assert!(is_due(&held, policy, HoldMoment::Lines) && is_due(&held, policy, HoldMoment::Delivery));
        }
    }

    #[test]
    fn what_has_expired_begins_anew_for_who_wants_more() {
        let line = |n, quantity| {
            let id = |n| CartLineId::from_uuid(Uuid::from_u128(n));
            CartLine::new(id(n), VariantId::from_uuid(Uuid::from_u128(n)), Quantity::parse(quantity).unwrap())
        };
        let now = DateTime::UNIX_EPOCH;
        let with = |lines: &[(u128, i64)], until| {
            let mut cart = cart();
            cart.lines = lines.iter().map(|&(n, quantity)| line(n, quantity)).collect();
            cart.hold.until = until;
            cart
        };
        let (live, over) = (Some(now + TimeDelta::minutes(1)), Some(now));
        let holding = |moment| Holding { lifetime: TimeDelta::minutes(9), moment };
        let takes = |until, after: &[(u128, i64)]| {
            holding(HoldMoment::Lines).since(&with(&[(1, 2), (2, 3)], until), &with(after, until), now).is_some()
        };
        for (after, [while_live, once_over, at_first]) in [
            ([(1, 2), (2, 3)].as_slice(), [false, false, false]),
            (&[(2, 3), (1, 2)], [false, false, false]),
            (&[(1, 1), (2, 3)], [true, false, true]),
            (&[(2, 3)], [true, false, true]),
            (&[(1, 2), (2, 4)], [true, true, true]),
            (&[(1, 1), (2, 3), (3, 1)], [true, true, true]),
        ] {
            let found = [takes(live, after), takes(over, after), takes(None, after)];
            assert_eq!(found, [while_live, once_over, at_first], "{after:?}");
        }
        let cart = with(&[(1, 2)], over);
        assert!(holding(HoldMoment::Renewal).since(&cart, &cart, now).is_some(), "who asks for it, has it");
        let elsewhere = Cart { delivery: Some("standard".parse().unwrap()), ..cart.clone() };
        let delivered = |before: &Cart, after: &Cart| holding(HoldMoment::Delivery).since(before, after, now).is_some();
        assert!(delivered(&cart, &elsewhere) && !delivered(&elsewhere, &elsewhere));
        let never = Cart { hold: CartHold::default(), ..elsewhere };
        assert!(delivered(&never, &never), "checkout begins, in the same way as before");
    }

    #[test]
    fn of_several_edits_the_one_that_holds_most_counts() {
        let moments = [HoldMoment::Lines, HoldMoment::Other];
        assert_eq!(moments.into_iter().max(), Some(HoldMoment::Lines), "a note beside it changes nothing");
    }
}
