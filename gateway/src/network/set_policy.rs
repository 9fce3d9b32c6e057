//! An operator sets the network's rules from an instant on.

use chrono::{DateTime, Utc};
use commands::network::set_policy::SetPolicy;
use domain::network::set_policy::{Policy, PriceRiseBorneBy, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Done, Refuses, Reply};

/// The rules, and from when they hold.
#[derive(Deserialize, ToSchema)]
#[schema(as = SetPolicy)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// From when they hold; absent = from now on.
    from: Option<DateTime<Utc>>,
    /// After how many days without a word a venue's information counts as unknown; 1 to 365.
    stale_after_days: u32,
    /// How many hours after expiry a redemption from an offline till still counts; 0 to 720.
    late_record_window_h: u32,
    /// How many days a redemption waits before it is settled; 0 to 90.
    settlement_hold_days: u32,
    /// How many months a voucher lasts unless it says otherwise; 0 = without end, at most 120.
    default_expiry_months: u32,
    /// Who bears a price that rose since the prepayment.
    price_rise_borne_by: PriceRiseBorneBy,
    /// How many days the contact of a closed request is kept; 0 to 365.
    retain_contact_days: u32,
    /// Public counts of requests from 1 to this number less one show as "< number"; 1 to 20.
    small_count: u32,
}

/// Set the network's rules.
#[utoipa::path(post, path = "/set-policy", tag = "network", request_body = Body,
    responses(Done<SetPolicy>, Refuses<Refusal>))]
pub(crate) async fn set_policy(call: Call<Body>) -> Reply<Done<SetPolicy>> {
    call.act(|body| SetPolicy {
        from: body.from,
        policy: Policy {
            stale_after_days: body.stale_after_days,
            late_record_window_h: body.late_record_window_h,
            settlement_hold_days: body.settlement_hold_days,
            default_expiry_months: body.default_expiry_months,
            price_rise_borne_by: body.price_rise_borne_by,
            retain_contact_days: body.retain_contact_days,
            small_count: body.small_count,
        },
    })
    .await
}
