//! The page that checks a receipt, in a real browser: as it is served, and saved to a disk.

use domain::evidence::note::{Purpose, Signer};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::{browser, wait};

/// A receipt and the key of its ledger, as texts.
async fn a_receipt(app: &TestApp) -> (String, String) {
    let mut prepayment = app.coffees(1);
    prepayment["giver"] = json!({"type": "known", "donor_id": app.id("donor_id")});
    let prepaid = app.operator().post("/prepayments", prepayment).await.done();
    let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
    let issue = json!({"vouchers": which, "to": {"type": "donor"}});
    app.operator()
        .post("/vouchers/issue-code", issue)
        .await
        .done();
    let voucher = prepaid["voucher_ids"][0].as_str().expect("an id");
    let path = format!("/donors/{}/vouchers/{voucher}/receipt", app.id("donor_id"));
    let receipt = wait::until("the receipt to be sealed", async || {
        let answer = app.role("donor").get(&path).await;
        let both = answer.body["events"]
            .as_array()
            .is_some_and(|events| events.len() == 2);
        both.then_some(answer.body)
    })
    .await;
    let key = app.public().get_root("/evidence/key").await.done();
    let key = key.as_str().expect("a key").trim().to_owned();
    (receipt.to_string(), key)
}

async fn walk(url: String, facts: Value) -> Value {
    let walking = move || browser::walk("receipt", &url, &facts);
    tokio::task::spawn_blocking(walking).await.expect("a walk")
}

#[tokio::test]
async fn a_receipt_is_checked_in_the_browser_without_a_server() {
    let app = TestApp::start().await;
    let (receipt, key) = a_receipt(&app).await;
    let other = Signer::new("other.example", Purpose::Note, &[5; 32]).expect("a name");
    let facts = json!({
        "receipt": receipt, "key": key, "events": 2,
        "other_key": other.verifier().to_string(),
    });
    let page = reqwest::get(format!("{}/verify", app.root))
        .await
        .expect("the page");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("connect-src"), "{policy}");
    let html = page.text().await.expect("text");
    assert!(html.len() < 100_000);

    let served = walk(format!("{}/verify", app.root), facts.clone()).await;
    assert_eq!(served["requests"], 1);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("verify.html");
    std::fs::write(&file, html).expect("saved");
    let saved = walk(format!("file://{}", file.display()), facts).await;
    assert_eq!(saved["requests"], 1);
}
