//! The venue gives something itself: nobody owes it anything for that.

use axum::response::Response;
use commands::venue::give_item::GiveItem;
use domain::ids::ItemId;
use domain::venue::give_item::GiftReason;
use serde::Deserialize;

use super::answer::{Next, done, no};
use super::staff::{Posted, Staff};
use crate::pages::choice::Choice;
use crate::pages::trouble::Trouble;

/// What is given.
#[derive(Deserialize)]
pub struct Asked {
    item_id: ItemId,
    #[serde(default = "one")]
    units: u32,
    reason: GiftReason,
}

/// Records the gift.
pub async fn give(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let (staff, asked) = (&posted.staff, &posted.form);
    let given = posted.act(GiveItem {
        venue_id: staff.venue_id,
        item_id: Some(asked.item_id),
        units: asked.units,
        reason: asked.reason,
    });
    let answer = match given.await {
        Ok(_) => done(staff.page.t("counter-done-given")),
        Err(failure) => no(staff, failure.into())?,
    };
    Ok(answer.show(staff))
}

/// The form that gives one of the venue's items although a code was refused.
///
/// # Errors
/// If the read models are away.
pub(super) async fn anyway(staff: &Staff, code: &str) -> Result<Next, Trouble> {
    let host = staff.host().await?;
    let items = host.items.iter().map(|item| Choice {
        value: item.item_id.to_string(),
        text: item.name.clone(),
        chosen: false,
    });
    let reason = if code == "expired" {
        GiftReason::VoucherExpired
    } else {
        GiftReason::OwnGift
    };
    Ok(Next {
        action: "/counter/give",
        fields: vec![("reason", reason.to_string())],
        items: items.collect(),
        button: staff.page.t("counter-give"),
        quiet: true,
        ..Next::default()
    })
}

fn one() -> u32 {
    1
}
