//! Channels: where something is sold.

use serde::{Deserialize, Serialize};

use super::{ChannelError, location::check_name};
use crate::{
    codes::{ChannelCode, MarketCode},
    ids::LocationId,
    inventory::HoldPolicy,
    promotion::DeviceKind,
};

/// What a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChannelKind {
    /// A shop in the browser.
    Web,
    /// An app of the shop's own.
    App,
    /// A screen in a store that shoppers use.
    Kiosk,
    /// A till, or a tablet of staff.
    PointOfSale,
    /// A show that is bought out of while it runs.
    LiveShow,
    /// A shop of others that sells ours too.
    Marketplace,
}

impl ChannelKind {
    /// What is held or looked at in such a channel, as far as the channel says.
    #[must_use]
    pub fn device(self) -> Option<DeviceKind> {
        match self {
            Self::Web => Some(DeviceKind::Web),
            Self::App => Some(DeviceKind::App),
            Self::Kiosk => Some(DeviceKind::Kiosk),
            Self::PointOfSale => Some(DeviceKind::PointOfSale),
            Self::LiveShow | Self::Marketplace => None,
        }
    }

    /// Whether it stands in a store.
    #[must_use]
    pub fn is_in_store(self) -> bool {
        matches!(self, Self::Kiosk | Self::PointOfSale)
    }
}

/// Where something is sold: the web shop, the app, the till of one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// What it is known by.
    pub code: ChannelCode,
    /// What it is.
    pub kind: ChannelKind,
    /// What staff calls it.
    pub name: String,
    /// The store it stands in.
    pub location_id: Option<LocationId>,
    /// What it sells in where nobody asks for another market.
    pub market: Option<MarketCode>,
    /// Whether it is the one of those who name none.
    pub is_default: bool,
    /// When stock is set aside for its carts.
    #[serde(default)]
    pub hold_policy: HoldPolicy,
    /// For how many minutes: [1](Self::HOLD_MINUTES_MIN) to [120](Self::HOLD_MINUTES_MAX).
    #[serde(default = "default_hold_minutes")]
    pub hold_minutes: u32,
}

fn default_hold_minutes() -> u32 {
    Channel::HOLD_MINUTES
}

impl Channel {
    /// For how many minutes stock is set aside where nobody says.
    pub const HOLD_MINUTES: u32 = 15;
    /// The fewest.
    pub const HOLD_MINUTES_MIN: u32 = 1;
    /// The most.
    pub const HOLD_MINUTES_MAX: u32 = 120;

    /// Checks what a merchant entered.
    ///
    /// # Errors
    /// [`ChannelError`] naming the field at fault.
    pub fn check(&self) -> Result<(), ChannelError> {
        check_name(&self.name)?;
        let (min, max) = (Self::HOLD_MINUTES_MIN, Self::HOLD_MINUTES_MAX);
        if !(min..=max).contains(&self.hold_minutes) {
            return Err(ChannelError::HoldMinutes { min, max });
        }
        match self.location_id {
            None if self.kind.is_in_store() => Err(ChannelError::LocationMissing),
            Some(_) if !self.kind.is_in_store() => Err(ChannelError::LocationUnused),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    #[test]
    fn what_stands_in_a_store_says_in_which_and_nothing_else_does() {
        let channel = |kind, location: Option<u128>| Channel {
            code: "x".parse().unwrap(),
            kind,
            name: "X".to_owned(),
            location_id: location.map(|it| LocationId::from_uuid(Uuid::from_u128(it))),
            market: None,
            is_default: false,
            hold_policy: HoldPolicy::None,
            hold_minutes: Channel::HOLD_MINUTES,
        };
        for (kind, has_place) in [
            (ChannelKind::Web, false),
            (ChannelKind::App, false),
            (ChannelKind::Kiosk, true),
            (ChannelKind::PointOfSale, true),
            (ChannelKind::LiveShow, false),
        ] {
            assert_eq!(channel(kind, Some(1)).check().is_ok(), has_place, "{kind:?}");
            assert_eq!(channel(kind, None).check().is_ok(), !has_place, "{kind:?}");
        }
        let nameless = Channel { name: " ".to_owned(), ..channel(ChannelKind::Web, None) };
        assert!(matches!(nameless.check(), Err(ChannelError::InvalidName { .. })));
        for (hold_minutes, is_allowed) in [(0, false), (1, true), (120, true), (121, false)] {
            let it = Channel { hold_minutes, ..channel(ChannelKind::Web, None) };
            assert_eq!(it.check().is_ok(), is_allowed, "{hold_minutes}");
        }
    }
}
