//! Days and hours in a time zone.

use chrono::{Datelike, NaiveTime, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Days of the week and hours of the day, by the clocks of a time zone.
///
/// Hours that end before they begin go over midnight and belong to the day they began on. Where clocks are put forward,
/// hours that do not exist never come; where they are put back, the repeated hour counts both times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daypart {
    /// The time zone, such as `Europe/Paris` (IANA).
    pub time_zone: Tz,
    /// The days; empty: every day.
    pub weekdays: Vec<Weekday>,
    /// The hours; none: all day.
    pub hours: Option<Hours>,
}

/// Hours of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// When they begin; that moment belongs to them.
    pub from: NaiveTime,
    /// When they are over; that moment does not belong to them.
    pub until: NaiveTime,
}

impl Daypart {
    /// Whether a moment belongs to it.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        let local = moment.with_timezone(&self.time_zone).naive_local();
        let (day, time) = (local.weekday(), local.time());
        let is_on = |day| self.weekdays.is_empty() || self.weekdays.contains(&day);
        match self.hours {
            None => is_on(day),
            Some(Hours { from, until }) if from < until => is_on(day) && from <= time && time < until,
            Some(Hours { from, until }) => (is_on(day) && from <= time) || (is_on(day.pred()) && time < until),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daypart(weekdays: &[Weekday], hours: Option<(&str, &str)>) -> Daypart {
        Daypart {
            time_zone: "Europe/Paris".parse().unwrap(),
            weekdays: weekdays.to_vec(),
            hours: hours.map(|(from, until)| Hours { from: from.parse().unwrap(), until: until.parse().unwrap() }),
        }
    }

    fn open(daypart: &Daypart, moments: &[&str]) -> Vec<bool> {
        moments.iter().map(|it| daypart.contains(it.parse().unwrap())).collect()
    }

    #[test]
    fn hours_are_those_of_the_time_zone() {
        let lunch = daypart(&[], Some(("12:00:00", "14:00:00")));
        // Winter is an hour ahead of UTC, summer two.
        let moments = ["2026-01-15T10:59:59Z", "2026-01-15T11:00:00Z", "2026-01-15T13:00:00Z", "2026-07-15T10:00:00Z"];
        assert_eq!(open(&lunch, &moments), [false, true, false, true]);
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_they_began_on() {
        let friday_night = daypart(&[Weekday::Fri], Some(("22:00:00", "02:00:00")));
        // 2026-01-16 is a Friday.
        let moments = ["2026-01-16T20:59:00Z", "2026-01-16T21:00:00Z", "2026-01-17T00:59:00Z", "2026-01-17T01:00:00Z"];
        assert_eq!(open(&friday_night, &moments), [false, true, true, false]);
        assert_eq!(open(&friday_night, &["2026-01-16T00:30:00Z", "2026-01-17T21:30:00Z"]), [false, false]);
    }

    /// Clocks in Paris went from 2:00 to 3:00 on 29 March 2026, and go from 3:00 to 2:00 on 25 October 2026.
    #[test]
    fn a_missing_hour_never_comes_and_a_repeated_one_comes_twice() {
        let night = daypart(&[], Some(("02:15:00", "02:45:00")));
        let spring = ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"];
        assert_eq!(open(&night, &spring), [false, false, false]);
        let autumn = ["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"];
        assert_eq!(open(&night, &autumn), [true, false, true, false]);
    }

    #[test]
    fn a_day_is_a_day_where_the_clock_hangs() {
        let sunday = daypart(&[Weekday::Sun], None);
        // Midnight in Paris is 23:00 UTC of the day before.
        let moments = ["2026-01-17T22:59:59Z", "2026-01-17T23:00:00Z", "2026-01-18T22:59:59Z", "2026-01-18T23:00:00Z"];
        assert_eq!(open(&sunday, &moments), [false, true, true, false]);
    }
}
