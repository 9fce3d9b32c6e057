use commands::clock::Clock;
use domain::voucher::Voucher;
use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn forty_coffees_are_forty_vouchers_with_one_prepayment() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(40).await;
    assert_eq!(prepaid["voucher_ids"].as_array().map(Vec::len), Some(40));
    assert!(prepaid["prepayment_id"].is_string());
}

#[tokio::test]
async fn a_new_donor_gets_a_link_once() {
    let app = TestApp::start().await;
    let prepayment = json!({
        "quantity": 1,
        "what": {"type": "item", "venue_id": app.id("venue_id"), "item_id": app.id("item_id")},
        "placed": {"type": "donor"},
        "giver": {"type": "new"},
        "source": "till_cash",
        "held_by": "venue",
        "on_expiry": {"type": "refund"},
    });
    let staff = app.staff().with_key("one coffee");
    let first = staff.post("/prepayments", prepayment.clone()).await.done();
    assert!(first["donor_token"].is_string() && first["donor_id"].is_string());
    let again = staff.post("/prepayments", prepayment).await.done();
    assert_eq!(again["donor_id"], first["donor_id"]);
    assert_eq!(again["secret_already_shown"], true);
}

#[tokio::test]
async fn too_many_at_once_are_refused() {
    let app = TestApp::start().await;
    let prepayment = json!({
        "quantity": 501,
        "what": {"type": "any_venue", "item_kind": "soup", "max_price_minor": 6000},
        "placed": {"type": "board"},
        "source": "grant",
        "held_by": "network",
        "on_expiry": {"type": "common_fund"},
    });
    app.operator()
        .post("/prepayments", prepayment)
        .await
        .refused(422, "quantity");
}

/// Staff takes money at its own till, for its own till: everything else is the operator's.
#[tokio::test]
async fn staff_prepays_at_its_till_only() {
    let app = TestApp::start().await;
    let fund = json!(app.id("fund_id"));
    let table = [
        ("till_cash", "venue", json!(null), true),
        ("till_card", "venue", json!(null), true),
        ("venue_gift", "venue", json!(null), true),
        ("grant", "venue", json!(null), false),
        ("till_cash", "network", json!(null), false),
        ("till_cash", "venue", fund, false),
    ];
    for (source, held_by, fund_id, may) in table {
        let mut prepayment = app.coffees(1);
        prepayment["source"] = json!(source);
        prepayment["held_by"] = json!(held_by);
        prepayment["fund_id"] = fund_id;
        let answer = app.staff().post("/prepayments", prepayment).await;
        if may {
            answer.done();
        } else {
            answer.refused(403, "not_allowed");
        }
    }
}

/// The last day follows from the policy: so many months on, and none at all with no months.
#[tokio::test]
async fn a_voucher_lasts_as_long_as_the_policy_says() {
    let start = "2026-03-15T10:00:00Z".parse().expect("a time");
    let app = TestApp::at(Clock::starting_at(start)).await;
    for (months, last_day) in [
        (6, json!("2026-09-14")),
        (1, json!("2026-04-14")),
        (0, json!(null)),
    ] {
        let policy = json!({
            "stale_after_days": 14, "late_record_window_h": 72, "settlement_hold_days": 3,
            "default_expiry_months": months, "price_rise_borne_by": "fund",
            "retain_contact_days": 30, "small_count": 5,
        });
        app.operator().post("/set-policy", policy).await.done();
        let prepaid = app.coffees_on_board(1).await;
        let voucher_id = prepaid["voucher_ids"][0].as_str().expect("an id");
        let last = app.last_of::<Voucher>(voucher_id).await;
        assert_eq!(last.payload["prepaid"]["expires_on"], last_day);
    }
}
