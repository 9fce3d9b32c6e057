//! Somebody is turned away: it is counted, because it shows what is missing.

use axum::response::Response;
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use commands::venue::turn_away::TurnAway;
use domain::service::ServiceKind;
use domain::venue::ItemKind;
use domain::venue::turn_away::{AskedFor, TurnedAwayReason};
use serde::Deserialize;

use super::answer::{done, no};
use super::staff::Posted;
use crate::pages::trouble::{Trouble, Why};

/// What they asked for.
#[derive(Deserialize)]
pub struct Asked {
    item: Option<ItemKind>,
    service: Option<ServiceKind>,
    /// Why there is none of an item.
    #[serde(default = "nothing_on_board")]
    reason: TurnedAwayReason,
    #[serde(default = "one")]
    count: u32,
    #[serde(default)]
    hour: String,
}

/// Counts them.
pub async fn turn_away(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let (staff, asked) = (&posted.staff, &posted.form);
    let (what, reason) = match (asked.item, asked.service) {
        (Some(item_kind), _) => (AskedFor::Item { item_kind }, asked.reason),
        (None, Some(service_kind)) => (
            AskedFor::Service { service_kind },
            TurnedAwayReason::CapacityFull,
        ),
        (None, None) => return Err(staff.page.trouble(Why::OldForm)),
    };
    let now = staff.app.desk.clock().now();
    let zone = staff.network.founded.timezone;
    let come_back_at = next(&asked.hour, now, zone);
    let turned_away = posted.act(TurnAway {
        venue_id: staff.venue_id,
        what,
        reason,
        count: asked.count,
        come_back_at,
    });
    let answer = match turned_away.await {
        Ok(_) => done(staff.page.t("counter-done-turned-away")),
        Err(failure) => no(staff, failure.into())?,
    };
    let told = come_back_at.map(|at| staff.page.moment(at, now, zone));
    let answer = match told {
        Some(at) => answer.line(staff.page.s("counter-come-back-at", at)),
        None => answer,
    };
    Ok(answer.show(staff))
}

/// The next time that clocks show this hour.
fn next(hour: &str, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    let hour = NaiveTime::parse_from_str(hour.trim(), "%H:%M").ok()?;
    let today = now.with_timezone(&zone).date_naive();
    let at = |day: chrono::NaiveDate| zone.from_local_datetime(&day.and_time(hour)).earliest();
    let at = at(today)
        .filter(|at| *at > now)
        .or_else(|| at(today + TimeDelta::days(1)))?;
    Some(at.with_timezone(&Utc))
}

fn nothing_on_board() -> TurnedAwayReason {
    TurnedAwayReason::NothingOnBoard
}

fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_that_is_over_is_tomorrows() {
        let now: DateTime<Utc> = "2026-01-10T14:00:00Z".parse().expect("an instant");
        let table = [
            ("16:00", Some("2026-01-10T15:00:00Z")),
            ("9:30", Some("2026-01-11T08:30:00Z")),
            ("", None),
            ("later", None),
        ];
        for (hour, expected) in table {
            let expected = expected.map(|at| at.parse().expect("an instant"));
            assert_eq!(
                next(hour, now, chrono_tz::Europe::Prague),
                expected,
                "{hour}"
            );
        }
    }
}
