//! Where and when a product is published.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    clock::{Timestamp, Window},
    codes::ChannelCode,
};

/// Where and when shoppers see a product that is active.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When.
    pub window: Window,
    /// In which channels; empty: in all.
    pub channels: BTreeSet<ChannelCode>,
}

/// Where and when somebody looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewpoint {
    /// In which channel.
    pub channel: ChannelCode,
    /// When.
    pub now: Timestamp,
}

impl Publication {
    /// The most channels.
    pub const CHANNELS_MAX: usize = 50;

    /// Whether who looks from there sees it.
    #[must_use]
    pub fn is_open(&self, from: &Viewpoint) -> bool {
        self.window.contains(from.now) && (self.channels.is_empty() || self.channels.contains(&from.channel))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn it_begins_with_its_first_moment_and_ends_before_its_last_in_its_channels_alone() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let view = |channel: &str, second| Viewpoint { channel: channel.parse().unwrap(), now: at(second) };
        let window = Window { from: Some(at(10)), until: Some(at(20)) };
        let kiosk = Publication { window, channels: ["kiosk".parse().unwrap()].into() };
        for (channel, second, expected) in
            [("kiosk", 10, true), ("kiosk", 19, true), ("kiosk", 20, false), ("kiosk", 9, false), ("web", 15, false)]
        {
            assert_eq!(kiosk.is_open(&view(channel, second)), expected, "{channel} at {second}");
        }
        let anywhere = Publication { window, ..Publication::default() };
        assert!(anywhere.is_open(&view("web", 15)) && !anywhere.is_open(&view("web", 20)));
        assert!(Publication::default().is_open(&view("web", 0)));
    }
}
