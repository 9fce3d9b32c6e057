//! Asking for what became of a donor's vouchers, without tracking who used them.
//!
//! From the board, a donor reads the venue and the day of a use. Of what was handed over or taken
//! away by code, only that it was used, and the month; the venue too once at least
//! [`ENOUGH_CODES`] codes of that sheet or prepayment were used. No moment between the board and
//! such a use has a day either, because it would tell when somebody got it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::ids::{DonorId, PrepaymentId, VoucherId};
use domain::text::Slug;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::life::{Moment, month};
use super::timeline::{Happened, happened};
use crate::answer::{Seen, View, ask};
use crate::cursor;
use crate::store::{Arg, Query, ReadStore, StoreError};
use crate::table::Json;
use crate::time::{instant, micros};

/// The most vouchers of one answer.
pub const MAX_VOUCHERS: u32 = 100;
/// How many codes of a sheet or prepayment must be used before the venues are named.
pub const ENOUGH_CODES: i64 = 5;

/// Whose vouchers.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The network.
    pub network: Slug,
    /// The donor.
    pub donor_id: DonorId,
    /// How many vouchers at most, 1 to [`MAX_VOUCHERS`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// What became of a donor's vouchers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DonorImpactAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The donor.
    pub donor_id: DonorId,
    /// All vouchers together, per currency.
    pub totals: Vec<ImpactTotals>,
    /// Each voucher, the latest first.
    pub vouchers: Vec<VoucherLife>,
    /// How to ask for the vouchers after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// All vouchers of a donor in one currency. Amounts are minor units: `prepaid = used + waiting +
/// lapsed + expired + refunded + voided + rehomed_to_fund`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImpactTotals {
    /// The code of ISO 4217.
    pub currency: String,
    /// Vouchers that were prepaid.
    pub prepaid: i64,
    /// What was paid for them.
    pub prepaid_minor: i64,
    /// Vouchers that were used up.
    pub used: i64,
    /// What was used, also of credits that are not used up.
    pub used_minor: i64,
    /// Vouchers that can be used.
    pub waiting: i64,
    /// What is left on them.
    pub waiting_minor: i64,
    /// Vouchers whose time is over by the clock; what becomes of them is recorded soon.
    pub lapsed: i64,
    /// What is left on them.
    pub lapsed_minor: i64,
    /// Vouchers that expired.
    pub expired: i64,
    /// What was left on them.
    pub expired_minor: i64,
    /// Of that, what went to the fund.
    pub expired_to_fund_minor: i64,
    /// Of that, what went to organisations.
    pub expired_to_organisations_minor: i64,
    /// Of that, what went back to the donor.
    pub expired_to_donor_minor: i64,
    /// Vouchers that were refunded.
    pub refunded: i64,
    /// What was left on them.
    pub refunded_minor: i64,
    /// Vouchers that should never have been.
    pub voided: i64,
    /// What was on them.
    pub voided_minor: i64,
    /// Vouchers that moved to another venue.
    pub rehomed: i64,
    /// What the fund got because the other venue was cheaper; negative where the fund paid.
    pub rehomed_to_fund_minor: i64,
}

/// The life of one voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoucherLife {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// The batch that was bought at once.
    pub prepayment_id: PrepaymentId,
    /// The number in the batch, from 1.
    pub ordinal: i64,
    /// The campaign in which it was bought.
    pub campaign: Option<String>,
    /// The item's name; absent for a credit.
    pub item_name: Option<String>,
    /// How it stands.
    pub stage: Stage,
    /// The code of ISO 4217.
    pub currency: String,
    /// What was paid, in minor units.
    pub paid_minor: i64,
    /// What is left, in minor units.
    pub remaining_minor: i64,
    /// The last day printed on it, in the network's time zone.
    pub expires_on: Option<NaiveDate>,
    /// What happened, in order.
    pub timeline: Vec<TimelineMoment>,
}

/// How a voucher stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VoucherStage)]
pub enum Stage {
    /// It can be used.
    Waiting,
    /// Its time is over by the clock; what becomes of it is recorded soon.
    Lapsed,
    /// It was used up.
    Used,
    /// It expired.
    Expired,
    /// It was refunded.
    Refunded,
    /// It should never have been.
    Voided,
}

/// Something that happened to a voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineMoment {
    /// The month in the network's time zone, as `2026-11`.
    pub month: String,
    /// The day in the network's time zone; absent where it could tell when somebody got or used
    /// what was taken from the board.
    pub day: Option<NaiveDate>,
    /// What.
    #[serde(flatten)]
    pub happened: Happened,
}

/// The sums; `$3` is the time now. What lapsed waits for its end to be recorded.
const TOTALS: &str = "SELECT currency, COUNT(*) AS prepaid,
        CAST(SUM(paid_minor) AS BIGINT) AS prepaid_minor,
        COUNT(CASE WHEN stage = 'used' THEN 1 END) AS used,
        CAST(SUM(used_minor) AS BIGINT) AS used_minor,
        COUNT(CASE WHEN stage = 'waiting' AND COALESCE(expires_at > $3, 1 = 1) THEN 1 END)
            AS waiting,
        CAST(SUM(CASE WHEN COALESCE(expires_at > $3, 1 = 1) THEN remaining_minor ELSE 0 END)
            AS BIGINT) AS waiting_minor,
        COUNT(CASE WHEN stage = 'waiting' AND expires_at <= $3 THEN 1 END) AS lapsed,
        CAST(SUM(CASE WHEN expires_at <= $3 THEN remaining_minor ELSE 0 END) AS BIGINT)
            AS lapsed_minor,
        COUNT(CASE WHEN stage = 'expired' THEN 1 END) AS expired,
        CAST(SUM(CASE WHEN stage = 'expired' THEN ended_minor ELSE 0 END) AS BIGINT)
            AS expired_minor,
        CAST(SUM(CASE WHEN expired_to = 'fund' THEN ended_minor ELSE 0 END) AS BIGINT)
            AS expired_to_fund_minor,
        CAST(SUM(CASE WHEN expired_to = 'organisation' THEN ended_minor ELSE 0 END) AS BIGINT)
            AS expired_to_organisations_minor,
        CAST(SUM(CASE WHEN expired_to = 'donor' THEN ended_minor ELSE 0 END) AS BIGINT)
            AS expired_to_donor_minor,
        COUNT(CASE WHEN stage = 'refunded' THEN 1 END) AS refunded,
        CAST(SUM(CASE WHEN stage = 'refunded' THEN ended_minor ELSE 0 END) AS BIGINT)
            AS refunded_minor,
        COUNT(CASE WHEN stage = 'voided' THEN 1 END) AS voided,
        CAST(SUM(CASE WHEN stage = 'voided' THEN ended_minor ELSE 0 END) AS BIGINT)
            AS voided_minor,
        COUNT(CASE WHEN rehomings > 0 THEN 1 END) AS rehomed,
        CAST(SUM(rehomed_to_fund_minor) AS BIGINT) AS rehomed_to_fund_minor
    FROM donor_impact_voucher WHERE network = $1 AND donor_id = $2
    GROUP BY currency ORDER BY currency";

const LIVES: &str = "SELECT v.key, v.since_position, v.prepayment_id, v.ordinal, v.campaign,
        v.item_name, v.stage, v.currency, v.paid_minor, v.remaining_minor, v.expires_on,
        v.expires_at, v.moments, n.timezone,
        COALESCE(p.used_by_code, 0) AS codes_of_prepayment,
        COALESCE(s.used_by_code, 0) AS codes_of_sheet
    FROM donor_impact_voucher v
    JOIN donor_impact_network n ON n.key = v.network
    LEFT JOIN donor_impact_batch p ON p.key = 'prepayment|' || v.prepayment_id
    LEFT JOIN donor_impact_batch s ON s.key = 'sheet|' || v.used_sheet_id
    WHERE v.network = $1 AND v.donor_id = $2 AND v.since_position < $3
    ORDER BY v.since_position DESC LIMIT $4";

#[derive(Deserialize)]
struct FoundLife {
    key: VoucherId,
    since_position: i64,
    prepayment_id: PrepaymentId,
    ordinal: i64,
    campaign: Option<String>,
    item_name: Option<String>,
    stage: Stage,
    currency: String,
    paid_minor: i64,
    remaining_minor: i64,
    expires_on: Option<NaiveDate>,
    expires_at: Option<i64>,
    moments: Json<Vec<Moment>>,
    timezone: Tz,
    codes_of_prepayment: i64,
    codes_of_sheet: i64,
}

/// What became of a donor's vouchers. Nothing of another donor's, and nobody else's day.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn donor_impact(
    store: &dyn ReadStore,
    filter: &Filter,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<DonorImpactAnswer, StoreError> {
    let limit = filter.limit.clamp(1, MAX_VOUCHERS);
    let queries = queries(filter, limit, now)?;
    let mut snapshot = ask(store, super::MODEL, queries, seen.position, seen.wait).await?;
    let mut found: Vec<FoundLife> = snapshot.found.pop().unwrap_or_default().read()?;
    let totals = snapshot.found.pop().unwrap_or_default().read()?;
    let more = cursor::cut(&mut found, limit);
    let last = found.last().filter(|_| more);
    Ok(DonorImpactAnswer {
        view: View::at(&snapshot.checkpoint, seen.position),
        donor_id: filter.donor_id,
        totals,
        next_cursor: last.map(|last| cursor::write(&[&last.since_position.to_string()])),
        vouchers: found.into_iter().map(|life| life.told(now)).collect(),
    })
}

fn queries(filter: &Filter, limit: u32, now: DateTime<Utc>) -> Result<Vec<Query>, StoreError> {
    let [before] = cursor::read(filter.cursor.as_deref())?;
    let before: i64 = if before.is_empty() {
        i64::MAX
    } else {
        before.parse().map_err(|_| StoreError::Cursor)?
    };
    let whose: [Arg; 2] = [
        filter.network.as_str().into(),
        filter.donor_id.to_string().into(),
    ];
    let limit = i64::from(limit) + 1;
    Ok(vec![
        Query {
            sql: TOTALS,
            args: whose.iter().cloned().chain([micros(now).into()]).collect(),
        },
        Query {
            sql: LIVES,
            args: whose
                .into_iter()
                .chain([before.into(), limit.into()])
                .collect(),
        },
    ])
}

impl FoundLife {
    fn told(self, now: DateTime<Utc>) -> VoucherLife {
        let enough = self.codes_of_prepayment.max(self.codes_of_sheet) >= ENOUGH_CODES;
        let is_credit = self.item_name.is_none();
        let timezone = self.timezone;
        let over = self.expires_at.map(instant).is_some_and(|at| at <= now);
        let told = |moment: Moment| TimelineMoment {
            month: month(moment.at, timezone),
            day: (!moment.off_board).then(|| moment.at.with_timezone(&timezone).date_naive()),
            happened: happened(moment, enough, is_credit),
        };
        VoucherLife {
            voucher_id: self.key,
            prepayment_id: self.prepayment_id,
            ordinal: self.ordinal,
            campaign: self.campaign,
            item_name: self.item_name,
            stage: if over && self.stage == Stage::Waiting {
                Stage::Lapsed
            } else {
                self.stage
            },
            currency: self.currency,
            paid_minor: self.paid_minor,
            remaining_minor: self.remaining_minor,
            expires_on: self.expires_on,
            timeline: self.moments.0.into_iter().map(told).collect(),
        }
    }
}
