//! Reading over HTTP: what was done is seen, by those who may.

mod as_of;
mod campaign_totals;
mod causes;
mod district_coverage;
mod donor_impact;
mod events;
mod folding;
mod help_board;
mod ledger;
mod proof;
mod receipt;
mod venue_availability;
mod voucher_board;
mod waiting;

use serde_json::{Value, json};
use tests::app::TestApp;

/// Prepays coffees of the fixtures' donor, and lets the staff hand one out from the board. Answers
/// with the position of the last act.
async fn three_coffees_and_one_used(app: &TestApp) -> i64 {
    let mut prepayment = app.coffees(3);
    prepayment["giver"] = json!({"type": "known", "donor_id": app.id("donor_id")});
    app.operator().post("/prepayments", prepayment).await.done();
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id"), "count": 1}});
    position(&app.staff().post(&path, coffee).await.done())
}

fn position(answer: &Value) -> i64 {
    answer["position"].as_i64().expect("a position")
}
