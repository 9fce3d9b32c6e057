use commands::log::{Append, Appended};
use commands::lookup::{KeyKind, LookupWrite};
use commands::principal::Principal;
use commands::voucher::codes_of::codes_of;
use commands::voucher::issue_code::Vouchers;
use domain::ids::VoucherId;
use serde_json::{Value, json};
use tests::app::{NETWORK, TestApp};
use uuid::Uuid;

#[tokio::test]
async fn codes_are_shown_again_and_used_once() {
    let app = TestApp::start().await;

    let prepaid = app.coffees_on_board(3).await;
    let which = json!({"type": "of_prepayment", "prepayment_id": prepaid["prepayment_id"]});
    let sheet = json!({"vouchers": which, "to": {"type": "donor"}, "on_a_sheet": true});
    let operator = app.operator().with_key("once");
    let issued = operator
        .post("/vouchers/issue-code", sheet.clone())
        .await
        .done();
    assert_eq!(issued["issues"][2]["sheet_no"], 3);
    let again = operator.post("/vouchers/issue-code", sheet).await.done();
    assert_eq!(again["codes"], issued["codes"]);
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let code = json!({"by": {"type": "code", "code": issued["codes"][0]}});
    app.staff().post(&path, code.clone()).await.done();
    app.staff()
        .post(&path, code)
        .await
        .refused(409, "already_redeemed");
}

#[tokio::test]
async fn only_a_holder_gets_codes() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(1).await;
    let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
    let sheet = json!({"vouchers": which, "to": {"type": "donor"}});
    for role in ["donor", "organisation"] {
        let foreign = app
            .role(role)
            .post("/vouchers/issue-code", sheet.clone())
            .await;
        foreign.refused(404, "not_found");
    }
    let none = json!({"vouchers": {"type": "these", "voucher_ids": []}, "to": {"type": "donor"}});
    let none = app.operator().post("/vouchers/issue-code", none).await;
    none.refused(422, "quantity");
}

#[tokio::test]
async fn a_sheet_is_printed_again_without_the_codes_that_were_used() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(3).await;
    let which = json!({"type": "of_prepayment", "prepayment_id": prepaid["prepayment_id"]});
    let sheet = json!({"vouchers": which, "to": {"type": "donor"}, "on_a_sheet": true});
    let issue = app.operator().post("/vouchers/issue-code", sheet).await;
    let codes = issue.done()["codes"].clone();
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let first = json!({"by": {"type": "code", "code": codes[0]}});
    app.staff().post(&path, first).await.done();
    let prepayment = prepaid["prepayment_id"].as_str().expect("an id");
    let all = Vouchers::OfPrepayment(prepayment.parse().expect("an id"));
    let printer = Principal::system("printer", "praha".parse().expect("a slug"));
    let again = codes_of(&app.desk, &printer, &all).await.expect("codes");
    let numbers: Vec<_> = again.iter().map(|it| it.sheet.map(|(_, no)| no)).collect();
    assert_eq!(numbers, [Some(2), Some(3)]);
    assert_eq!(again[0].code, codes[1].as_str().expect("a code"));
}

/// However unlikely: the codes that would be next stand for other vouchers.
#[tokio::test]
async fn codes_that_are_taken_are_passed_over() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(1).await;
    let voucher_id: VoucherId = {
        let id = prepaid["voucher_ids"][0].as_str().expect("an id");
        id.parse::<Uuid>().expect("an id").into()
    };
    let (codes, network) = (app.desk.codes(), NETWORK.parse().expect("a slug"));
    let code = |issue_no| codes.code(&network, voucher_id, issue_no);
    let taken = |issue_no| LookupWrite::Key {
        kind: KeyKind::Code,
        key: codes.digest(&network, code(issue_no)),
        value: format!("{}/1", Uuid::nil()),
    };
    let append = Append {
        lookups: vec![taken(1), taken(2)],
        ..Append::default()
    };
    let appended = app.desk.log().append(append).await;
    assert!(
        matches!(appended, Ok(Appended::Done { .. })),
        "{appended:?}"
    );
    let untaken = app.coffees_on_board(1).await["voucher_ids"].clone();
    for (voucher_ids, issue_no) in [(untaken, 1), (prepaid["voucher_ids"].clone(), 3)] {
        let which = json!({"type": "these", "voucher_ids": voucher_ids});
        let issue = json!({"vouchers": which, "to": {"type": "donor"}});
        let issued = app.operator().post("/vouchers/issue-code", issue).await;
        assert_eq!(issued.done()["issues"][0]["issue_no"], issue_no);
    }
}

/// Codes are for whoever has the voucher: its donor, the organisation that it was allocated to, or the
/// staff where it was prepaid.
#[tokio::test]
async fn whoever_has_a_voucher_gets_its_code() {
    let app = TestApp::start().await;
    let operator = app.operator();
    let donor = json!({"type": "donor"});
    let organisation_id = app.id("organisation_id");
    let organisation = json!({"type": "organisation", "organisation_id": organisation_id});
    let prepaid = async |change: &dyn Fn(&mut Value)| {
        let mut prepayment = app.coffees(1);
        change(&mut prepayment);
        let prepaid = operator.post("/prepayments", prepayment).await.done();
        json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]})
    };
    let given = json!({"type": "known", "donor_id": app.id("donor_id")});
    let of_the_donor = prepaid(&|it| it["giver"] = given.clone()).await;
    let of_the_organisation = prepaid(&|it| {
        it["giver"] = given.clone();
        it["placed"] = organisation.clone();
    })
    .await;
    let (venue, item) = app.another_cafe(6500).await;
    let elsewhere = prepaid(&|it| {
        it["what"]["venue_id"] = json!(venue);
        it["what"]["item_id"] = json!(item);
    })
    .await;
    let here = prepaid(&|_| ()).await;
    let asked = [
        ("donor", &of_the_organisation, &organisation, false),
        ("donor", &here, &donor, false),
        ("donor", &of_the_donor, &donor, true),
        ("organisation", &here, &donor, false),
        ("organisation", &of_the_organisation, &organisation, true),
        ("venue", &elsewhere, &donor, false),
        ("venue", &here, &donor, true),
    ];
    for (role, vouchers, to, may) in asked {
        let issue = json!({"vouchers": vouchers, "to": to});
        let answer = app.role(role).post("/vouchers/issue-code", issue).await;
        if may {
            answer.done();
        } else {
            answer.refused(404, "not_found");
        }
    }
}

#[tokio::test]
async fn codes_are_issued_for_five_hundred_at_once_and_no_more() {
    let app = TestApp::start().await;
    let all = app.coffees_on_board(500).await["voucher_ids"].clone();
    let one = app.coffees_on_board(1).await["voucher_ids"][0].clone();
    let issue = async |voucher_ids: &Value| {
        let which = json!({"type": "these", "voucher_ids": voucher_ids});
        let issue = json!({"vouchers": which, "to": {"type": "donor"}});
        app.operator().post("/vouchers/issue-code", issue).await
    };
    let mut more = all.clone();
    more.as_array_mut().expect("a list").push(one);
    issue(&more).await.refused(422, "quantity");
    let issued = issue(&all).await.done();
    assert_eq!(issued["codes"].as_array().map(Vec::len), Some(500));
}
