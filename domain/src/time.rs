//! When an act happened, and the local days that policies and printed dates are about.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// How far `occurred_at` may lie after `recorded_at`: clocks of phones differ.
pub const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);
/// How far back venue staff may date an act.
pub const MAX_BACK_VENUE: TimeDelta = TimeDelta::hours(72);
/// How far back an operator may date an act; with the import scope there is no bound.
pub const MAX_BACK_OPERATOR: TimeDelta = TimeDelta::days(30);
/// How long after a redemption or a completion the same person may take it back.
pub const UNDO: TimeDelta = TimeDelta::minutes(15);

/// Instants are stored in whole microseconds, because both engines can hold no more.
#[must_use]
pub fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// The instant at which the local day after `day` begins: a voucher printed "until `day`" is
/// expired from this instant on.
#[must_use]
pub fn end_of(day: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    start_of(day + Days::new(1), timezone)
}

/// The instant at which the local day begins. Where midnight does not exist, the first hour that does.
#[must_use]
pub fn start_of(day: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    (0..24)
        .filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0))
        .find_map(|time| timezone.from_local_datetime(&day.and_time(time)).earliest())
        .map_or_else(
            || day.and_time(NaiveTime::MIN).and_utc(),
            |local| local.with_timezone(&Utc),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_prague_ends_when_the_next_begins_there() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
        let prague = chrono_tz::Europe::Prague;
        assert_eq!(
            end_of(day(2026, 12, 31), prague).to_rfc3339(),
            "2026-12-31T23:00:00+00:00"
        );
        assert_eq!(
            end_of(day(2026, 7, 1), prague).to_rfc3339(),
            "2026-07-01T22:00:00+00:00"
        );
    }

    #[test]
    fn a_day_without_a_midnight_begins_at_its_first_hour() {
        let day = NaiveDate::from_ymd_opt(2018, 11, 4).expect("a date");
        assert_eq!(
            start_of(day, chrono_tz::America::Sao_Paulo).to_rfc3339(),
            "2018-11-04T03:00:00+00:00"
        );
    }
}
