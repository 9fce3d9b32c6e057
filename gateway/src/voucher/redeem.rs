//! Somebody uses vouchers: from the board (oldest first, a group all or nothing) or by code.

use std::sync::Arc;

use commands::voucher::redeem::{self as commanded, Redeem};
use domain::ids::{ItemId, VenueId};
use domain::money::Minor;
use domain::voucher::redeem::{self, RedemptionSource};
use serde::Deserialize;
use utoipa::ToSchema;

use super::TypedCode;
use crate::act::{At, Call, Done, Refuses, Reply};

/// What is used, and how the record comes in.
#[derive(Deserialize, ToSchema)]
#[schema(as = RedeemVouchers)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// From the board or by code.
    by: By,
    /// How the record comes in; absent = at the counter.
    #[serde(default = "at_the_counter")]
    source: RedemptionSource,
}

/// From the board or by code.
#[derive(Deserialize, ToSchema)]
#[schema(as = RedeemBy)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum By {
    /// The oldest on the board.
    Board {
        /// The item.
        item_id: ItemId,
        /// How many, 1 to 20: all or none.
        #[serde(default = "one")]
        count: u32,
    },
    /// The voucher of this code.
    Code {
        /// The code, as it was typed or scanned.
        code: TypedCode,
        /// What is handed out; absent = the item that the voucher names.
        item_id: Option<ItemId>,
        /// From a credit: the amount, in minor units.
        amount_minor: Option<Minor>,
    },
}

/// Use vouchers at a venue.
#[utoipa::path(post, path = "/venues/{venue_id}/redeem", tag = "voucher", request_body = Body,
    responses(Done<Redeem>, Refuses<commanded::Refusal, redeem::Refusal>))]
pub(crate) async fn redeem(At(venue_id): At<VenueId>, call: Call<Body>) -> Reply<Done<Redeem>> {
    let (app, who) = (Arc::clone(&call.caller.app), call.caller.principal.clone());
    let by_code = matches!(call.body.by, By::Code { .. });
    let answer = call.act(|body| Redeem {
        venue_id,
        by: body.by.into(),
        source: body.source,
    });
    if by_code {
        app.guesses.spend(&who, answer).await
    } else {
        answer.await
    }
}

impl From<By> for commanded::By {
    fn from(by: By) -> Self {
        match by {
            By::Board { item_id, count } => Self::Board { item_id, count },
            By::Code {
                code,
                item_id,
                amount_minor,
            } => Self::Code {
                code: code.0,
                item_id,
                amount_minor,
            },
        }
    }
}

fn at_the_counter() -> RedemptionSource {
    RedemptionSource::Counter
}

fn one() -> u32 {
    1
}
