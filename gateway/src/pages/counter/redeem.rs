//! Somebody is handed what waits on the board.

use axum::response::Response;
use commands::executor::Failure;
use commands::voucher::redeem::{Answer as Used, By, Redeem};
use domain::Refused;
use domain::ids::ItemId;
use domain::venue::give_item::GiftReason;
use domain::venue::turn_away::TurnedAwayReason;
use domain::venue::{ListedItem, Venue};
use domain::voucher::redeem::RedemptionSource;
use serde::Deserialize;

use super::answer::{Answer, Next, Tone, done, no};
use super::staff::{Posted, Staff};
use super::undo;
use crate::pages::trouble::{Trouble, Why};

/// What is handed out.
#[derive(Deserialize)]
pub struct Asked {
    item_id: ItemId,
    count: u32,
}

/// Uses the oldest on the board, all that are asked for or none.
pub async fn redeem(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let (staff, asked) = (&posted.staff, &posted.form);
    let item = listed(staff, asked.item_id).await?;
    let used = posted.act(Redeem {
        venue_id: staff.venue_id,
        by: By::Board {
            item_id: asked.item_id,
            count: asked.count,
        },
        source: RedemptionSource::Counter,
    });
    let answer = match used.await {
        Ok(used) => handed_out(
            staff,
            &format!("{}× {}", asked.count, item.name),
            &used.answer,
        ),
        Err(Failure::Refused(refused)) if refused.code == "nothing_on_board" => {
            let why = TurnedAwayReason::NothingOnBoard;
            none_left(staff, &item, asked.count, why, &refused)
        }
        Err(Failure::Refused(refused)) if refused.code == "sold_out" => none_left(
            staff,
            &item,
            asked.count,
            TurnedAwayReason::SoldOut,
            &refused,
        ),
        Err(failure) => no(staff, failure.into())?,
    };
    Ok(answer.show(staff))
}

/// It was used: what is handed out, and how to take it back.
pub(super) fn handed_out(staff: &Staff, what: &str, used: &Used) -> Answer {
    let page = &staff.page;
    done(what.to_owned())
        .line(page.t("counter-hand-out"))
        .line(page.t("counter-undo-time"))
        .next(undo::button(page, used))
}

/// An item as the venue has it now.
pub(super) async fn listed(staff: &Staff, item_id: ItemId) -> Result<ListedItem, Trouble> {
    let (desk, page) = (&staff.app.desk, &staff.page);
    let slug = &staff.network.founded.network;
    let venue = desk.read::<Venue>(slug, staff.venue_id).await;
    let venue = venue.map_err(|failure| page.failed(failure))?;
    let house = venue.as_ref().and_then(|venue| venue.house());
    let item = house.and_then(|house| house.items.get(&item_id)).cloned();
    item.ok_or_else(|| page.trouble(Why::NotFound))
}

/// Fewer are left than were asked for: on the board, or of what the venue hands out in a day.
fn none_left(
    staff: &Staff,
    item: &ListedItem,
    asked: u32,
    why: TurnedAwayReason,
    refused: &Refused,
) -> Answer {
    let page = &staff.page;
    let sold_out = why == TurnedAwayReason::SoldOut;
    let left = refused
        .facts
        .get("left")
        .and_then(serde_json::Value::as_u64);
    let left = left.unwrap_or(0);
    let gift = if sold_out {
        GiftReason::OwnGift
    } else {
        GiftReason::NothingOnBoard
    };
    let id = || ("item_id", item.item_id.to_string());
    let words = if sold_out {
        page.n("counter-left-today", left)
    } else {
        page.n("counter-left", left)
    };
    let answer = Answer::new(Tone::None, words).line(item.name.to_string());
    let answer = if left > 0 {
        answer.next(Next {
            action: "/counter/redeem",
            fields: vec![id(), ("count", left.to_string())],
            button: page.n("counter-hand-out-left", left),
            ..Next::default()
        })
    } else {
        answer
    };
    answer
        .next(Next {
            action: "/counter/turn-away",
            fields: vec![
                ("item", item.kind.to_string()),
                ("reason", why.to_string()),
                ("count", asked.to_string()),
            ],
            hour: Some(page.t("counter-come-back")),
            button: page.t("counter-turn-away"),
            ..Next::default()
        })
        .next(Next {
            action: "/counter/give",
            fields: vec![
                id(),
                ("units", asked.to_string()),
                ("reason", gift.to_string()),
            ],
            button: page.t("counter-give"),
            quiet: true,
            ..Next::default()
        })
}
