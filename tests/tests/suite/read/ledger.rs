use domain::access::Scope;
use domain::ids::FundId;
use serde_json::json;
use tests::app::TestApp;
use uuid::Uuid;

use super::three_coffees_and_one_used;

#[tokio::test]
async fn the_ledger_says_what_came_in_and_what_became_of_it() {
    let app = TestApp::start().await;
    let position = three_coffees_and_one_used(&app).await;
    for reader in ["operator", "auditor"] {
        let reader = app.role(reader);
        let path = format!("/ledger?dimension=venue&min_position={position}");
        let totals = reader.get(&path).await.done();
        let venue = &totals["totals"][0];
        assert_eq!(venue["of_id"], app.id("venue_id"));
        assert_eq!(
            (&venue["prepaid_minor"], &venue["outstanding_minor"]),
            (&19_500.into(), &13_000.into())
        );
        let accounts = reader.get("/ledger/accounts").await.done();
        let accounts = accounts["accounts"].as_array().expect("accounts").clone();
        let owed = accounts
            .iter()
            .find(|account| account["account"] == "due_to_venue");
        assert_eq!(owed.expect("a debt")["balance_minor"], 6500);
        let checked = reader.get("/ledger/reconciliation").await.done();
        assert_eq!(checked["balanced"], true, "{checked:#}");
    }
}

#[tokio::test]
async fn postings_come_in_pages_and_as_a_table() {
    let app = TestApp::start().await;
    let position = three_coffees_and_one_used(&app).await;
    let path = format!("/ledger/postings?limit=3&min_position={position}");
    let first = app.operator().get(&path).await.done();
    assert_eq!(first["postings"].as_array().map(Vec::len), Some(3));
    assert_eq!(first["postings"][0]["flow"], "prepaid");
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let next = format!("/ledger/postings?cursor={cursor}");
    let second = app.operator().get(&next).await.done();
    assert_eq!(second["postings"][0]["flow"], "redeemed");
    assert!(second["next_cursor"].is_null());

    let table = app.operator().get("/ledger/postings.csv?limit=3").await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let next = table.header("link").to_owned();
    assert!(
        next.contains(cursor) && next.ends_with("rel=\"next\""),
        "{next}"
    );
    let text = table.done();
    let lines: Vec<&str> = text.as_str().expect("text").lines().collect();
    assert!(lines[0].starts_with("position,event_id,occurred_at,flow,debit,debit_of"));
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(
        lines[1].contains(",prepaid,network_account,,outstanding,"),
        "{}",
        lines[1]
    );
}

#[tokio::test]
async fn an_auditor_of_one_fund_sees_that_fund_only() {
    let app = TestApp::start().await;
    three_coffees_and_one_used(&app).await;
    let fund: FundId = app.id("fund_id").parse::<Uuid>().expect("an id").into();
    let mut prepayment = app.coffees(1);
    prepayment["fund_id"] = json!(fund);
    let position = app.operator().post("/prepayments", prepayment).await.done();
    let scope = Scope::Auditor {
        fund_id: Some(fund),
    };
    let granted = app
        .operator()
        .post("/accesses", json!({"scope": scope}))
        .await
        .done();
    let auditor = app
        .public()
        .with_token(granted["token"].as_str().expect("a token"));
    let position = super::position(&position);
    let totals = auditor
        .get(&format!("/ledger?min_position={position}"))
        .await
        .done();
    assert_eq!(
        totals["totals"].as_array().map(Vec::len),
        Some(1),
        "{totals:#}"
    );
    assert_eq!(totals["totals"][0]["of_id"], json!(fund));
    let postings = auditor.get("/ledger/postings").await.done();
    assert_eq!(postings["postings"].as_array().map(Vec::len), Some(1));
    auditor
        .get("/ledger/reconciliation")
        .await
        .refused(404, "not_found");
    let impact = format!("/donors/{}/impact", app.id("donor_id"));
    auditor.get(&impact).await.refused(404, "not_found");
}
