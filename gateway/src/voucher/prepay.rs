//! Somebody pays for vouchers before anybody uses them: 1 to 500 at once, all or none.

use chrono::NaiveDate;
use commands::voucher::prepay::{self as commanded, Prepay, Refusal, What};
use domain::ids::{DonorId, FundId};
use domain::text::Label;
use domain::voucher::{HeldBy, OnExpiry, Placed, Source, prepay};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// What is paid for, by whom, and what becomes of it.
#[derive(Deserialize, ToSchema)]
#[schema(as = PrepayVouchers)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// How many, 1 to 500.
    quantity: u32,
    /// For what and where.
    what: What,
    /// Where they wait.
    placed: Placed,
    /// Who gives them; absent = somebody who wants no link.
    #[serde(default)]
    giver: Giver,
    /// The fund that carries them; absent = the fund `common`.
    fund_id: Option<FundId>,
    /// How it was paid.
    source: Source,
    /// In whose till or account the money lies.
    held_by: HeldBy,
    /// The campaign.
    campaign: Option<Label>,
    /// The last day; absent = as the network's policy says.
    expires_on: Option<NaiveDate>,
    /// What becomes of those that nobody used in time.
    on_expiry: OnExpiry,
}

/// Who gives vouchers.
#[derive(Default, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Giver {
    /// Somebody who wants no link.
    #[default]
    Nobody,
    /// Somebody who has a link.
    Known {
        /// The donor.
        donor_id: DonorId,
    },
    /// Somebody who gets a link now: the answer holds its token, once.
    New,
}

impl From<Giver> for commanded::Giver {
    fn from(giver: Giver) -> Self {
        match giver {
            Giver::Nobody => Self::Nobody,
            Giver::Known { donor_id } => Self::Known(donor_id),
            Giver::New => Self::New,
        }
    }
}

/// Prepay vouchers.
#[utoipa::path(post, path = "/prepayments", tag = "voucher", request_body = Body,
    responses(Created<Prepay>, Refuses<Refusal, prepay::Refusal>))]
pub(crate) async fn prepay(call: Call<Body>) -> Reply<Created<Prepay>> {
    call.create(|body| Prepay {
        quantity: body.quantity,
        what: body.what,
        placed: body.placed,
        giver: body.giver.into(),
        fund_id: body.fund_id,
        source: body.source,
        held_by: body.held_by,
        campaign: body.campaign,
        expires_on: body.expires_on,
        on_expiry: body.on_expiry,
    })
    .await
}
