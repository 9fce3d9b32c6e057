//! A tap too many is taken back, within 15 minutes.

use axum::response::Response;
use commands::voucher::redeem::Answer as Used;
use commands::voucher::reverse_redemption::ReverseRedemption;
use domain::ids::{RedemptionId, VoucherId};
use domain::voucher::reverse_redemption::ReversalReason;
use serde::Deserialize;

use super::answer::{Next, done, no};
use super::staff::Posted;
use crate::pages::layout::Page;
use crate::pages::trouble::{Trouble, Why};

/// The most uses of one tap.
const MAX_USES: usize = 20;

/// The uses, as `voucher:use` with commas between.
#[derive(Deserialize)]
pub struct Asked {
    uses: String,
}

/// Takes them back.
pub async fn undo(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let staff = &posted.staff;
    let uses: Option<Vec<_>> = posted
        .form
        .uses
        .split(',')
        .take(MAX_USES)
        .map(pair)
        .collect();
    let uses = uses.ok_or_else(|| staff.page.trouble(Why::OldForm))?;
    for (n, (voucher_id, redemption_id)) in uses.into_iter().enumerate() {
        let taken_back = posted.nth(
            n,
            None,
            ReverseRedemption {
                voucher_id,
                redemption_id,
                reason: ReversalReason::Mistake,
            },
        );
        if let Err(failure) = taken_back.await {
            return Ok(no(staff, failure.into())?.show(staff));
        }
    }
    Ok(done(staff.page.t("counter-done-undone")).show(staff))
}

/// The form that takes these uses back.
pub(super) fn button(page: &Page, used: &Used) -> Next {
    let pairs = used.redemptions.iter();
    let pairs = pairs.map(|it| format!("{}:{}", it.voucher_id, it.redemption_id));
    Next {
        action: "/counter/undo",
        fields: vec![("uses", pairs.collect::<Vec<_>>().join(","))],
        button: page.t("counter-undo"),
        quiet: true,
        ..Next::default()
    }
}

fn pair(text: &str) -> Option<(VoucherId, RedemptionId)> {
    let (voucher, redemption) = text.split_once(':')?;
    Some((voucher.parse().ok()?, redemption.parse().ok()?))
}
