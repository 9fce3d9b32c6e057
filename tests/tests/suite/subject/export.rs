use commands::principal::Principal;
use commands::subject::export::export;
use serde_json::{Value, json};
use tests::app::{NETWORK, TestApp};
use tests::neighbours::{Neighbourhood, moving};
use tests::wait::until;
use uuid::Uuid;

/// Two texts that only the person may read.
const CONTACT: &str = "zvonek u Zelených, 777 000 111";
const NOTE: &str = "třetí patro bez výtahu";

fn acts<'a>(export: &'a Value, about: &str) -> Vec<&'a str> {
    let acts = export["acts"][about].as_array();
    let acts = acts.into_iter().flatten();
    acts.filter_map(|act| act["event_type"].as_str()).collect()
}

async fn gives_all_that_is_held(app: TestApp) {
    let near = Neighbourhood::over(app).await;
    let asking = &near.asking.client;
    let subject = format!("/subjects/{}", near.asking.subject_id);
    let contact = json!({"contact": CONTACT});
    asking
        .post(&format!("{subject}/set-contact"), contact)
        .await
        .done();
    let request = near.request().await;
    near.claim(&request).await;
    // The person also helps: with the work of somebody else, whose note is not theirs.
    let task = near.coordinator().post("/tasks", moving(1)).await.done();
    let task = format!("/tasks/{}", task["task_id"].as_str().expect("an id"));
    asking
        .post(&format!("{task}/claim"), json!({}))
        .await
        .done();

    let export = format!("{subject}/export");
    let helper = near.helper.client.get(&export).await;
    helper.refused(404, "not_found");
    for reader in [asking, &near.app.operator()] {
        let answer = reader.get(&export).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let all = answer.done();
        let text = all.to_string();
        assert!(text.contains(CONTACT) && text.contains(NOTE), "{text}");
        assert_eq!(
            acts(&all, "subject"),
            ["subject.introduced", "subject.contact_set"]
        );
        assert_eq!(
            acts(&all, "help_request"),
            ["help_request.requested", "help_request.claimed"]
        );
        assert_eq!(acts(&all, "task"), ["task.claimed"]);
        assert_eq!(acts(&all, "access"), ["access.granted"]);
    }
    let reason = json!({"reason": "asked"});
    asking
        .post(&format!("{subject}/erase"), reason)
        .await
        .done();
    let all = asking.get(&export).await.done();
    let text = all.to_string();
    assert!(!text.contains(CONTACT) && !text.contains(NOTE), "{text}");
    assert_eq!(all["subject"]["contact"]["state"], "erased");
    assert_eq!(
        all["acts"]["help_request"][0]["recorded"]["note"]["state"],
        "erased"
    );
    until("the member to have left", async || {
        let all = near.app.operator().get(&export).await.done();
        (acts(&all, "member") == ["member.registered", "member.left"]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_person_and_the_operator_get_all_that_is_held() {
    gives_all_that_is_held(TestApp::start().await).await;
}

#[tokio::test]
async fn the_person_and_the_operator_get_all_that_is_held_in_postgres() {
    gives_all_that_is_held(TestApp::on_postgres().await).await;
}

#[tokio::test]
async fn a_donor_learns_nothing_of_whoever_used_the_gift() {
    let app = TestApp::start().await;
    let operator = app.operator();
    let subject = json!({"kind": "donor", "basis": "contract", "notice_version": "2026-01"});
    let subject = operator.post("/subjects", subject).await.done()["subject_id"].clone();
    let donor = json!({"subject": subject});
    let donor = operator.post("/donors", donor).await.done();
    let mut prepaid = app.coffees(1);
    prepaid["giver"] = json!({"type": "known", "donor_id": donor["donor_id"]});
    operator.post("/prepayments", prepaid).await.done();
    let redeem = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    app.staff().post(&path, redeem).await.done();
    let link = donor["donor_token"].as_str().expect("a token");
    let export = format!("/subjects/{}/export", subject.as_str().expect("an id"));
    until("the gifts to be told", async || {
        let all = app.public().with_token(link).get(&export).await.done();
        assert_eq!(acts(&all, "voucher"), ["voucher.prepaid"]);
        let lives = all["gifts"][0]["vouchers"].as_array().map(Vec::len);
        (lives == Some(1)).then_some(())
    })
    .await;
}

/// An act that was done on behalf of somebody is theirs to know, but not what it says of another.
#[tokio::test]
async fn a_text_of_somebody_else_stays_closed_in_an_act_on_ones_behalf() {
    let near = Neighbourhood::start().await;
    let behalf = near.coordinator();
    let behalf = behalf.with_header("Acting-For", &near.asking.subject_id);
    let request = json!({"category": "groceries", "district_code": "500054", "language": "cs",
        "note": NOTE});
    behalf.post("/help-requests", request).await.done();
    let export = format!("/subjects/{}/export", near.asking.subject_id);
    let all = near.asking.client.get(&export).await.done();
    let act = &all["acts"]["help_request"][0];
    assert_eq!(act["event_type"], "help_request.requested");
    assert_eq!(act["recorded"]["note"]["state"], "withheld");
    assert!(!all.to_string().contains(NOTE));
}

/// However much is held: of more acts than fit, the first, and that there are more.
#[tokio::test]
async fn of_more_acts_than_fit_it_gives_the_first_and_says_so() {
    let near = Neighbourhood::start().await;
    near.request().await;
    let network = NETWORK.parse().expect("a slug");
    let who = Principal::system("reader", network);
    let subject = near.asking.subject_id.parse::<Uuid>().expect("an id");
    let mut all = 0;
    for most in [2, 1_000] {
        let export = export(&near.app.desk, &who, subject.into(), most, |_| ()).await;
        let export = export.expect("an export");
        let acts = export.acts.values().map(Vec::len).sum::<usize>();
        assert_eq!(export.more, most == 2);
        assert_eq!(acts == most, export.more);
        all = acts;
    }
    let export = export(&near.app.desk, &who, subject.into(), all, |_| ()).await;
    assert!(!export.expect("an export").more, "exactly as many as fit");
}
