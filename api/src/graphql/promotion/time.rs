//! Stretches of time, days and hours.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{NaiveTime, Timelike as _};
use comptoir_domain::{
    clock::{Window, to_micros},
    promotion::{Daypart, Hours},
};

use super::{
    super::{
        error::{Path, Refusal},
        scalar::{DateTime, LocalTime},
    },
    amount::invalid,
};

/// A stretch of time.
#[derive(SimpleObject, InputObject)]
#[graphql(input_name = "PromotionTimeWindowInput")]
pub(super) struct PromotionTimeWindow {
    /// When it begins; null: it has.
    starts_at: Option<DateTime>,
    /// When it is over; null: never.
    ends_at: Option<DateTime>,
}

impl From<PromotionTimeWindow> for Window {
    fn from(window: PromotionTimeWindow) -> Self {
        let moment = |it: DateTime| to_micros(it.0);
        Self { from: window.starts_at.map(moment), until: window.ends_at.map(moment) }
    }
}

impl From<&Window> for PromotionTimeWindow {
    fn from(window: &Window) -> Self {
        Self { starts_at: window.from.map(DateTime), ends_at: window.until.map(DateTime) }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "chrono::Weekday")]
pub(super) enum Weekday {
    /// Monday.
    #[graphql(name = "MONDAY")]
    Mon,
    /// Tuesday.
    #[graphql(name = "TUESDAY")]
    Tue,
    /// Wednesday.
    #[graphql(name = "WEDNESDAY")]
    Wed,
    /// Thursday.
    #[graphql(name = "THURSDAY")]
    Thu,
    /// Friday.
    #[graphql(name = "FRIDAY")]
    Fri,
    /// Saturday.
    #[graphql(name = "SATURDAY")]
    Sat,
    /// Sunday.
    #[graphql(name = "SUNDAY")]
    Sun,
}

/// Hours of a day. Those that end before they begin go over midnight and belong to the day they began on.
#[derive(SimpleObject, InputObject)]
#[graphql(input_name = "PromotionHoursInput")]
pub(super) struct PromotionHours {
    /// When they begin; that moment belongs to them.
    from: LocalTime,
    /// When they are over; that moment does not belong to them.
    until: LocalTime,
}

/// Days of the week and hours of the day, by the clocks of a time zone.
#[derive(SimpleObject, InputObject)]
#[graphql(input_name = "PromotionDaypartInput")]
pub(super) struct PromotionDaypart {
    /// The time zone, such as `Europe/Paris` (IANA).
    time_zone: String,
    /// The days; empty: every day.
    #[graphql(default)]
    weekdays: Vec<Weekday>,
    /// The hours; null: all day.
    hours: Option<PromotionHours>,
}

impl PromotionDaypart {
    /// The daypart, or what is wrong with it.
    pub(super) fn parse(self, at: &Path) -> Result<Daypart, Refusal> {
        let time_zone = self.time_zone.parse();
        let time_zone = time_zone.map_err(|_| {
            invalid("this is not a time zone of the IANA database".to_owned(), at.clone().field("timeZone"))
        })?;
        let hours = self.hours.map(|it| {
            let at = |field| at.clone().field("hours").field(field);
            Ok::<_, Refusal>(Hours { from: it.from.parse(at("from"))?, until: it.until.parse(at("until"))? })
        });
        let weekdays = self.weekdays.into_iter().map(Into::into).collect();
        Ok(Daypart { time_zone, weekdays, hours: hours.transpose()? })
    }
}

impl From<&Daypart> for PromotionDaypart {
    fn from(daypart: &Daypart) -> Self {
        let time =
            |it: NaiveTime| LocalTime(it.format(if it.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string());
        Self {
            time_zone: daypart.time_zone.name().to_owned(),
            weekdays: daypart.weekdays.iter().copied().map(Into::into).collect(),
            hours: daypart.hours.map(|it| PromotionHours { from: time(it.from), until: time(it.until) }),
        }
    }
}

impl LocalTime {
    fn parse(&self, at: Path) -> Result<NaiveTime, Refusal> {
        let parsed = ["%H:%M", "%H:%M:%S"].iter().find_map(|format| NaiveTime::parse_from_str(&self.0, format).ok());
        // A leap second is no time that a clock in a shop shows.
        let parsed = parsed.filter(|it| it.nanosecond() < 1_000_000_000);
        parsed.ok_or_else(|| invalid("this is not a time of day such as `18:30`".to_owned(), at))
    }
}
