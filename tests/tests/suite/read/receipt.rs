//! The receipt of a voucher: what it shows, what it hides, and that it holds whatever comes after.

use std::path::Path;
use std::process::Command;

use domain::evidence::note::VerifierKey;
use domain::evidence::opening::Opening;
use domain::evidence::receipt::{Receipt, ReceiptEvent, Trust, Verified, VerifiedEvent};
use serde_json::{Value, json};
use tests::app::{TestApp, uuid};
use tests::client::Client;
use tests::{wait, workspace};

/// A coffee that the fixtures' donor gave: its id.
async fn a_coffee(app: &TestApp) -> String {
    let mut prepayment = app.coffees(1);
    prepayment["giver"] = json!({"type": "known", "donor_id": app.id("donor_id")});
    let prepaid = app.operator().post("/prepayments", prepayment).await.done();
    text(&prepaid["voucher_ids"][0])
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Hands the coffee out from the board, as it was done yesterday or just now.
async fn used_from_the_board(app: &TestApp, yesterday: bool) {
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id"), "count": 1}});
    let mut staff = app.staff();
    if yesterday {
        let at = app.desk.clock().now() - chrono::TimeDelta::days(1);
        staff = staff.with_header("Occurred-At", &at.to_rfc3339());
    }
    staff.post(&path, coffee).await.done();
}

/// Gives the coffee to the donor as a code, which is used.
async fn used_by_code(app: &TestApp, voucher: &str) {
    let which = json!({"type": "these", "voucher_ids": [voucher]});
    let issue = json!({"vouchers": which, "to": {"type": "donor"}});
    let issued = app.operator().post("/vouchers/issue-code", issue).await;
    let code = json!({"by": {"type": "code", "code": issued.done()["codes"][0]}});
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    app.staff().post(&path, code).await.done();
}

/// The receipt, once it tells of this many events.
async fn receipt_of(app: &TestApp, who: &Client, voucher: &str, events: usize) -> Receipt {
    let path = receipt_path(app, voucher);
    wait::until("the receipt to be sealed", async || {
        let receipt = sealed(who, &path).await?;
        (receipt.events.len() == events).then_some(receipt)
    })
    .await
}

/// The receipt, if all that it tells of is sealed.
async fn sealed(who: &Client, path: &str) -> Option<Receipt> {
    let answer = who.get(path).await;
    (answer.status == 200).then(|| serde_json::from_value(answer.done()).expect("a receipt"))
}

fn receipt_path(app: &TestApp, voucher: &str) -> String {
    format!("/donors/{}/vouchers/{voucher}/receipt", app.id("donor_id"))
}

async fn log_key(app: &TestApp) -> VerifierKey {
    let key = app.public().get_root("/evidence/key").await.done();
    text(&key).trim().parse().expect("a key")
}

async fn verified(app: &TestApp, receipt: &Receipt, openings: &[Opening]) -> Verified {
    let trust = Trust {
        log: log_key(app).await,
        witnesses: Vec::new(),
    };
    receipt.verify(&trust, openings).expect("it holds")
}

async fn a_use_from_the_board(app: TestApp) {
    let voucher = a_coffee(&app).await;
    used_from_the_board(&app, true).await;
    let receipt = receipt_of(&app, &app.role("donor"), &voucher, 2).await;
    let verified = verified(&app, &receipt, &[]).await;
    let [VerifiedEvent::Proven(paid), VerifiedEvent::Proven(used)] = &verified.events[..] else {
        panic!("{:?}", verified.events)
    };
    assert_eq!(paid.act, "voucher.prepaid");
    assert_eq!(used.act, "voucher.redeemed");
    let payload: Value = serde_json::from_str(&used.payload).expect("JSON");
    assert_eq!(payload["redeemed"]["venue_id"], app.id("venue_id"));
    for who in ["operator", "auditor"] {
        app.role(who)
            .get(&receipt_path(&app, &voucher))
            .await
            .done();
    }
}

#[tokio::test]
async fn a_use_from_the_board_is_proven_with_venue_and_day() {
    a_use_from_the_board(TestApp::start().await).await;
}

#[tokio::test]
async fn on_postgres_too() {
    a_use_from_the_board(TestApp::on_postgres().await).await;
}

#[tokio::test]
async fn a_use_of_today_is_only_committed_to() {
    let app = TestApp::start().await;
    let voucher = a_coffee(&app).await;
    used_from_the_board(&app, false).await;
    let receipt = receipt_of(&app, &app.role("donor"), &voucher, 2).await;
    assert!(matches!(receipt.events[1], ReceiptEvent::Committed { .. }));
}

async fn a_use_by_code(app: TestApp) {
    let voucher = a_coffee(&app).await;
    used_by_code(&app, &voucher).await;
    let receipt = receipt_of(&app, &app.role("donor"), &voucher, 3).await;
    let verified_by_donor = verified(&app, &receipt, &[]).await;
    let acts = verified_by_donor.events.iter().map(|event| match event {
        VerifiedEvent::Proven(it) => (true, it.act.as_str()),
        VerifiedEvent::Committed { act, .. } => (false, act.as_str()),
    });
    assert_eq!(
        acts.collect::<Vec<_>>(),
        [
            (true, "voucher.prepaid"),
            (false, "voucher.code_issued"),
            (false, "voucher.redeemed")
        ]
    );
    nothing_tells_of_the_use(&app, &receipt, &voucher).await;

    let path = format!("/vouchers/{voucher}/openings/3");
    let opening = app.role("auditor").get(&path).await.done();
    let opening: Opening = serde_json::from_value(opening).expect("an opening");
    let opened = verified(&app, &receipt, &[opening]).await;
    let VerifiedEvent::Proven(used) = &opened.events[2] else {
        panic!("{:?}", opened.events)
    };
    assert!(used.opened && used.payload.contains(app.id("venue_id")));
    for who in ["donor", "operator", "venue"] {
        app.role(who).get(&path).await.refused(403, "not_allowed");
    }
    let none = format!("/vouchers/{voucher}/openings/4");
    app.role("auditor")
        .get(&none)
        .await
        .refused(404, "not_found");
}

/// Neither the entry of the use nor its leaf hash or index nor the checkpoint of its second.
async fn nothing_tells_of_the_use(app: &TestApp, receipt: &Receipt, voucher: &str) {
    let hidden = app.desk.log().read(0, 10_000).await.expect("the log");
    let hidden = hidden.into_iter().filter(|event| {
        let record = &event.record;
        record.aggregate_id.to_string() == *voucher && record.event_type != "voucher.prepaid"
    });
    let text = serde_json::to_string(&receipt.events[1..]).expect("JSON");
    let mut count = 0;
    for event in hidden {
        let leaf = event.leaf_hash;
        for tell_tale in [
            domain::evidence::line::of_hash(&leaf),
            hex::encode(leaf),
            domain::envelope::instant(event.record.occurred_at),
            event.record.event_id.to_string(),
            format!("index {}", event.position - 1),
        ] {
            assert!(!text.contains(&tell_tale), "{tell_tale}");
        }
        count += 1;
    }
    assert_eq!(count, 2);
}

#[tokio::test]
async fn a_use_by_code_is_committed_to_and_an_auditor_opens_it() {
    a_use_by_code(TestApp::start().await).await;
}

#[tokio::test]
async fn a_use_by_code_on_postgres_too() {
    a_use_by_code(TestApp::on_postgres().await).await;
}

#[tokio::test]
async fn nobody_gets_the_receipt_of_another() {
    let app = TestApp::start().await;
    let voucher = a_coffee(&app).await;
    receipt_of(&app, &app.role("donor"), &voucher, 1).await;
    let donor = app.role("donor");
    let foreign = format!("/donors/{}/vouchers/{voucher}/receipt", uuid(77));
    donor.get(&foreign).await.refused(404, "not_found");
    let other = app.coffees_on_board(1).await;
    let not_mine = receipt_path(&app, &text(&other["voucher_ids"][0]));
    donor.get(&not_mine).await.refused(404, "not_found");
    let path = receipt_path(&app, &voucher);
    app.foreign_operator()
        .get(&path)
        .await
        .refused(404, "not_found");
    app.role("analyst")
        .get(&path)
        .await
        .refused(403, "not_allowed");
    app.public()
        .get(&path)
        .await
        .refused(401, "unauthenticated");
}

/// Runs `sospeso verify receipt` as somebody does who has the file, the key and no network.
fn sospeso(folder: &Path, receipt: &Receipt, key: &str) -> (bool, Value) {
    let file = folder.join("receipt.json");
    std::fs::write(&file, serde_json::to_string(receipt).expect("JSON")).expect("written");
    let output = Command::new(workspace::binary())
        .args(["verify", "receipt", "--json", "--key", key])
        .arg(&file)
        .env_clear()
        .output()
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let said = serde_json::from_str(text.trim()).expect("JSON");
    (output.status.success(), said)
}

#[tokio::test]
async fn a_receipt_holds_after_its_donor_is_forgotten() {
    let app = TestApp::start().await;
    let subject = json!({"kind": "donor", "basis": "consent", "notice_version": "1"});
    let subject = app.operator().post("/subjects", subject).await.done();
    let subject = text(&subject["subject_id"]);
    let donor = json!({"subject": subject});
    let donor = app.operator().post("/donors", donor).await.done();
    let mut prepayment = app.coffees(1);
    prepayment["giver"] = json!({"type": "known", "donor_id": donor["donor_id"]});
    let prepaid = app.operator().post("/prepayments", prepayment).await.done();
    let voucher = text(&prepaid["voucher_ids"][0]);
    let path = format!(
        "/donors/{}/vouchers/{voucher}/receipt",
        text(&donor["donor_id"])
    );
    let operator = app.operator();
    let what = "the receipt to be sealed";
    let receipt = wait::until(what, async || sealed(&operator, &path).await).await;
    let erase = format!("/subjects/{subject}/erase");
    let reason = json!({"reason": "asked"});
    app.operator().post(&erase, reason).await.done();

    let key = log_key(&app).await.to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let (holds, said) = sospeso(folder.path(), &receipt, &key);
    assert!(holds, "{said}");
    assert_eq!(said["events"][0]["kind"], "proven");
    let again = app.operator().get(&path).await.done();
    let again: Receipt = serde_json::from_value(again).expect("a receipt");
    assert!(sospeso(folder.path(), &again, &key).0);

    let mut forged = receipt;
    forged.network = "brno".to_owned();
    let (holds, said) = sospeso(folder.path(), &forged, &key);
    assert!(!holds && said["error"].is_string(), "{said}");
}
