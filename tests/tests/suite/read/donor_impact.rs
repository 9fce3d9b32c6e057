use serde_json::json;
use tests::app::{TestApp, uuid};

use super::{position, three_coffees_and_one_used};

#[tokio::test]
async fn a_donor_reads_what_became_of_own_vouchers() {
    let app = TestApp::start().await;
    let position = three_coffees_and_one_used(&app).await;
    let donor = app.id("donor_id");
    let path = format!("/donors/{donor}/impact?min_position={position}");
    let answer = app.role("donor").get(&path).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let impact = answer.done();
    let totals = &impact["totals"][0];
    assert_eq!(
        (&totals["used"], &totals["waiting"]),
        (&1.into(), &2.into())
    );
    let used = impact["vouchers"].as_array().expect("vouchers").iter();
    let used: Vec<_> = used.filter(|voucher| voucher["stage"] == "used").collect();
    let last = &used[0]["timeline"][1];
    assert_eq!(last["what"], "used");
    assert_eq!(last["venue"]["name"], "Kavárna U Lva");
    assert!(last["day"].is_string());
    for reader in ["operator", "auditor"] {
        assert_eq!(app.role(reader).get(&path).await.done(), impact);
    }
}

#[tokio::test]
async fn by_code_a_donor_reads_the_month_only() {
    let app = TestApp::start().await;
    let mut prepayment = app.coffees(1);
    prepayment["giver"] = json!({"type": "known", "donor_id": app.id("donor_id")});
    let prepaid = app.operator().post("/prepayments", prepayment).await.done();
    let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
    let issue = json!({"vouchers": which, "to": {"type": "donor"}});
    let issued = app
        .operator()
        .post("/vouchers/issue-code", issue)
        .await
        .done();
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let code = json!({"by": {"type": "code", "code": issued["codes"][0]}});
    let position = position(&app.staff().post(&path, code).await.done());
    let path = format!(
        "/donors/{}/impact?min_position={position}",
        app.id("donor_id")
    );
    let impact = app.role("donor").get(&path).await.done();
    let timeline = impact["vouchers"][0]["timeline"]
        .as_array()
        .expect("moments")
        .clone();
    let used = timeline.last().expect("a use");
    assert_eq!(used["what"], "used");
    assert!(used["day"].is_null() && used["venue"].is_null(), "{used}");
    assert!(used["month"].is_string());
}

#[tokio::test]
async fn a_donor_learns_nothing_of_another() {
    let app = TestApp::start().await;
    let path = format!("/donors/{}/impact", uuid(77));
    app.role("donor").get(&path).await.refused(404, "not_found");
}
