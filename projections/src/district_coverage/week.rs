//! A week of ISO 8601, e.g. `2026-W46`: Monday to Sunday in the network's time zone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use domain::time::start_of;

use crate::opening::Span;

/// A week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    monday: NaiveDate,
}

/// Not a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a week is written as in ISO 8601, e.g. 2026-W46")]
pub struct NotAWeek;

impl Week {
    /// The week in which this instant lies.
    #[must_use]
    pub fn of(at: DateTime<Utc>, timezone: Tz) -> Self {
        let day = at.with_timezone(&timezone).date_naive();
        let since = Days::new(u64::from(day.weekday().num_days_from_monday()));
        Self {
            monday: day.checked_sub_days(since).unwrap_or(day),
        }
    }

    /// From Monday's first instant to the next Monday's.
    #[must_use]
    pub fn span(self, timezone: Tz) -> Span {
        let next = self.monday.checked_add_days(Days::new(7));
        Span {
            from: start_of(self.monday, timezone),
            to: start_of(next.unwrap_or(self.monday), timezone),
        }
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for Week {
    type Err = NotAWeek;

    /// Weeks of the years 2000 to 2999.
    fn from_str(text: &str) -> Result<Self, NotAWeek> {
        let (year, week) = text.split_once("-W").ok_or(NotAWeek)?;
        let are_digits = [year, week]
            .concat()
            .bytes()
            .all(|byte| byte.is_ascii_digit());
        if (year.len(), week.len()) != (4, 2) || !are_digits || !year.starts_with('2') {
            return Err(NotAWeek);
        }
        let number = |digits: &str| digits.parse::<u16>().map_err(|_| NotAWeek);
        let (year, week) = (number(year)?, number(week)?);
        let monday = NaiveDate::from_isoywd_opt(i32::from(year), u32::from(week), Weekday::Mon);
        monday.map(|monday| Self { monday }).ok_or(NotAWeek)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::length;
    use chrono::TimeDelta;

    #[test]
    fn a_week_reads_as_it_is_written() {
        for week in ["2026-W01", "2026-W53", "2020-W53"] {
            assert_eq!(week.parse::<Week>().expect("a week").to_string(), week);
        }
        for wrong in [
            "", "2026-46", "2027-W53", "2026-W00", "1999-W01", "2026-W+1",
        ] {
            assert_eq!(wrong.parse::<Week>(), Err(NotAWeek), "{wrong}");
        }
    }

    #[test]
    fn it_begins_on_monday_in_the_networks_time_zone() {
        let sunday_night: DateTime<Utc> = "2026-11-08T23:30:00Z".parse().expect("an instant");
        assert_eq!(
            Week::of(sunday_night, chrono_tz::UTC).to_string(),
            "2026-W45"
        );
        assert_eq!(
            Week::of(sunday_night, chrono_tz::Europe::Prague).to_string(),
            "2026-W46"
        );
    }

    #[test]
    fn the_week_in_which_the_clock_is_set_back_is_an_hour_longer() {
        let week: Week = "2026-W43".parse().expect("a week");
        let span = week.span(chrono_tz::Europe::Prague);
        assert_eq!(length(&[span]), TimeDelta::hours(7 * 24 + 1));
    }
}
