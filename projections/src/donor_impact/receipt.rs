//! Which events of a voucher's life the receipt for its donor shows.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::ids::{DonorId, VoucherId};
use domain::text::Slug;
use serde::Deserialize;

use super::Receipt;
use super::life::{Moment, What, month};
use crate::answer::{Seen, View, ask};
use crate::store::{Query, ReadStore, StoreError};
use crate::table::Json;

/// The acts of a voucher's life, in order.
#[derive(Clone, Debug)]
pub struct ReceiptLife {
    /// The view.
    pub view: View,
    /// What a receipt says of each act.
    pub acts: Vec<ReceiptAct>,
}

/// What a receipt says of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptAct {
    /// The place in the log.
    pub position: i64,
    /// Whether the receipt may show it whole, with the instant at which it happened.
    pub shown: bool,
    /// The month in the network's time zone, as `2026-11`.
    pub month: String,
}

#[derive(Deserialize)]
struct Found {
    donor_id: Option<DonorId>,
    moments: Json<Vec<Moment>>,
    acts: Json<Vec<Receipt>>,
    timezone: Tz,
}

const LIFE: &str = "SELECT v.donor_id, v.moments, v.acts, n.timezone
    FROM donor_impact_voucher v
    JOIN donor_impact_network n ON n.key = v.network
    WHERE v.network = $1 AND v.key = $2";

/// The life of a voucher; `None` if there is none, or it is not the one donor's that is asked for.
///
/// # Errors
/// If the store is away.
pub async fn receipt(
    store: &dyn ReadStore,
    (network, voucher_id): (&Slug, VoucherId),
    donor_id: Option<DonorId>,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<Option<ReceiptLife>, StoreError> {
    let query = Query {
        sql: LIFE,
        args: vec![network.as_str().into(), voucher_id.to_string().into()],
    };
    let mut snapshot = ask(store, super::MODEL, vec![query], seen.position, seen.wait).await?;
    let found: Vec<Found> = snapshot.found.pop().unwrap_or_default().read()?;
    let view = View::at(&snapshot.checkpoint, seen.position);
    let life = found.into_iter().next();
    let life = life.filter(|life| donor_id.is_none() || life.donor_id == donor_id);
    Ok(life.map(|life| ReceiptLife {
        view,
        acts: life.told(now),
    }))
}

impl Found {
    fn told(self, now: DateTime<Utc>) -> Vec<ReceiptAct> {
        let timezone = self.timezone;
        let both = self.acts.0.into_iter().zip(self.moments.0);
        let told = both.map(|(act, moment)| ReceiptAct {
            position: act.position,
            shown: shown(&moment, timezone, now),
            month: month(moment.at, timezone),
        });
        told.collect()
    }
}

/// An entry holds the instant, so what a donor's page gives no day for is never shown; and a use
/// from the board only when its day is over and nobody can be looked for at the counter.
fn shown(moment: &Moment, timezone: Tz, now: DateTime<Utc>) -> bool {
    let day = |at: DateTime<Utc>| at.with_timezone(&timezone).date_naive();
    let is_use = matches!(moment.what, What::Used { .. } | What::TakenBack { .. });
    !moment.off_board && (!is_use || day(moment.at) < day(now))
}

#[cfg(test)]
mod tests {
    use domain::ids::RedemptionId;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_use_is_shown_when_its_day_is_over_and_by_code_never() {
        let timezone = chrono_tz::Europe::Prague;
        let mut moment = Moment {
            at: at("2026-11-20T12:00:00Z"),
            off_board: false,
            what: What::TakenBack {
                redemption_id: RedemptionId(Uuid::from_u128(1)),
            },
            name: None,
            second_name: None,
        };
        // The day ends at 23:00 UTC.
        assert!(!shown(&moment, timezone, at("2026-11-20T22:59:59Z")));
        assert!(shown(&moment, timezone, at("2026-11-20T23:00:00Z")));
        moment.off_board = true;
        assert!(!shown(&moment, timezone, at("2027-11-20T23:00:00Z")));
        moment.what = What::ReturnedToBoard;
        assert!(!shown(&moment, timezone, at("2027-11-20T23:00:00Z")));
        moment.off_board = false;
        assert!(shown(&moment, timezone, moment.at));
    }
}
