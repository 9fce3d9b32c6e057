//! Ids of another network: nobody learns whether there is such a thing.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::app::{TestApp, a_place, uuid};
use tests::client::Client;

use super::super::extent::tell;
use crate::gateway::authorisation::{Line, table, with_ids};

#[tokio::test]
async fn what_is_somebody_elses_is_as_if_it_were_not_there() {
    let app = TestApp::start().await;
    let foreign = things(&app.foreign_operator()).await;
    let (mut asked, mut wrong) = (0, Vec::new());
    for line in table() {
        for name in names(&line)
            .into_iter()
            .filter(|name| foreign.contains_key(*name))
        {
            for role in line.who.iter().filter(|role| **role != "public") {
                let client = app.role(role);
                let theirs = answer(&app, &line, &client, name, &foreign[name]).await;
                let nobodys = answer(&app, &line, &client, name, &uuid(0xdead)).await;
                asked += 1;
                let hidden = (400..500).contains(&theirs.0) && theirs == nobodys;
                let in_path = line.route.contains(&format!("{{{name}}}"));
                if !hidden || (in_path && theirs.0 != 404) {
                    let route = line.route;
                    wrong.push(format!("{route} {name} {role}: {theirs:?} {nobodys:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(asked > 100, "{asked} questions are few");
    let result = "404 for every path, and the same answer as for what is not there";
    tell(
        "foreign ids",
        "SQLite",
        &format!("{asked} questions"),
        result,
        0,
    );
}

/// The ids in a route and its body.
fn names(line: &Line) -> Vec<&'static str> {
    let in_path = line.route.split('{').skip(1);
    let in_path = in_path.map(|part| part.split('}').next().unwrap_or_default());
    let in_body = line.body.split('$').skip(1).map(|part| {
        let end = part.find(|c: char| c != '_' && !c.is_ascii_lowercase());
        &part[..end.unwrap_or(part.len())]
    });
    in_path.chain(in_body).collect()
}

/// What is answered if this one id is another one: status, code and words.
async fn answer(
    app: &TestApp,
    line: &Line,
    client: &Client,
    name: &str,
    id: &str,
) -> (u16, String, String) {
    let nothing = uuid(404);
    let fill = |text: &str| {
        with_ids(text, |asked| match app.ids.get(asked) {
            _ if asked == name => id,
            Some(known) => known,
            None => &nothing,
        })
    };
    let (method, path) = line.route.split_once(' ').expect("a method and a path");
    let path = fill(&path.replace('{', "$").replace('}', ""));
    let answer = match (method, line.body) {
        ("GET", _) => client.get(&path).await,
        (_, "") => client.post(&path, json!({})).await,
        (_, body) => client.post_text(&path, &fill(body)).await,
    };
    let text = |name: &str| answer.body[name].as_str().unwrap_or_default().to_owned();
    (
        answer.status,
        text("code"),
        text("detail") + &answer.body["totals"].to_string(),
    )
}

/// A café, a coffee, a donor and so on in the other network: id by its name in paths and bodies.
async fn things(operator: &Client) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    let district = json!({
        "code": "500054", "name": "Brno", "population": 29_000,
        "boundary": {"type": "Polygon", "coordinates":
            [[[14.40, 50.08], [14.44, 50.08], [14.44, 50.10], [14.40, 50.08]]]},
    });
    make(operator, &mut ids, "/districts", district, &["district_id"]).await;
    make(operator, &mut ids, "/places", a_place(), &["place_id"]).await;
    let venue = json!({"name": "U Draka", "kind": "cafe", "place_id": ids["place_id"]});
    make(operator, &mut ids, "/venues", venue, &["venue_id"]).await;
    let item = json!({"kind": "hot_drink", "name": "Káva", "price_minor": 6500});
    let list = format!("/venues/{}/list-item", ids["venue_id"]);
    make(operator, &mut ids, &list, item, &["item_id"]).await;
    let organisation = json!({"name": "Charita", "kind": "ngo"});
    make(
        operator,
        &mut ids,
        "/organisations",
        organisation,
        &["organisation_id"],
    )
    .await;
    make(operator, &mut ids, "/donors", json!({}), &["donor_id"]).await;
    let fund = json!({"kind": "grant", "name": "Zima"});
    make(operator, &mut ids, "/funds", fund, &["fund_id"]).await;
    let subject = json!({"kind": "member", "basis": "consent", "notice_version": "2026-01"});
    make(operator, &mut ids, "/subjects", subject, &["subject_id"]).await;
    let member = json!({"subject_id": ids["subject_id"], "languages": ["cs"]});
    make(operator, &mut ids, "/members", member, &["member_id"]).await;
    let request = json!({"category": "groceries", "district_code": "500054"});
    make(
        operator,
        &mut ids,
        "/help-requests",
        request,
        &["help_request_id"],
    )
    .await;
    let service = json!({"provider": {"type": "venue", "venue_id": ids["venue_id"]},
        "place_id": ids["place_id"], "kind": "water"});
    make(operator, &mut ids, "/services", service, &["service_id"]).await;
    let scope = json!({"scope": {"role": "analyst"}});
    make(operator, &mut ids, "/accesses", scope, &["access_id"]).await;
    let prepaid = json!({
        "quantity": 1, "placed": {"type": "board"}, "source": "bank_transfer",
        "held_by": "network", "on_expiry": {"type": "common_fund"},
        "what": {"type": "item", "venue_id": ids["venue_id"], "item_id": ids["item_id"]},
    });
    let prepaid = operator.post("/prepayments", prepaid).await.done();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    ids.insert("voucher_id".to_owned(), text(&prepaid["voucher_ids"][0]));
    let position = prepaid["position"].to_string();
    let events = operator
        .get(&format!("/events?min_position={position}"))
        .await;
    ids.insert(
        "event_id".to_owned(),
        text(&events.done()["events"][0]["event_id"]),
    );
    ids
}

async fn make(
    operator: &Client,
    ids: &mut BTreeMap<String, String>,
    path: &str,
    body: Value,
    names: &[&str],
) {
    let answer = operator.post(path, body).await.done();
    for name in names {
        let id = answer[name].as_str().expect("an id").to_owned();
        ids.insert((*name).to_owned(), id);
    }
}
