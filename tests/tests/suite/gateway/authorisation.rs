//! Who may ask for what: every route of the OpenAPI document stands in the table below, and every
//! role knocks at every route, in its own network and in another one.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::app::{FOREIGN, ROLES, TestApp};
use tests::client::Client;

/// To add a route, add its line to this file.
const TABLE: &str = include_str!("who_may.txt");

/// A route, who may, and a body that reaches the question who may.
pub struct Line {
    pub route: &'static str,
    pub who: Vec<&'static str>,
    pub body: &'static str,
}

pub fn table() -> Vec<Line> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let mut columns = line.splitn(3, '|').map(str::trim);
        let line = Line {
            route: columns.next()?,
            who: columns.next()?.split_whitespace().collect(),
            body: columns.next()?,
        };
        let known = |who: &&str| *who == "public" || ROLES.contains(who);
        line.who.iter().all(known).then_some(line)
    };
    lines
        .map(|line| read(line).unwrap_or_else(|| panic!("not a line: {line}")))
        .collect()
}

const BELOW: &str = "/api/v1/networks/{network}";

/// The routes of the document as the table writes them.
async fn documented(app: &TestApp) -> BTreeSet<String> {
    let document = app.public().get_root("/openapi.json").await.done();
    let paths = document["paths"].as_object().expect("paths").clone();
    let routes = paths.into_iter().flat_map(|(path, item)| {
        let path = path.strip_prefix(BELOW).unwrap_or(&path).to_owned();
        let methods = item.as_object().expect("methods").clone();
        let methods = methods.into_iter().map(|(method, _)| method.to_uppercase());
        methods
            .map(move |method| format!("{method} {path}"))
            .collect::<Vec<_>>()
    });
    routes.collect()
}

#[tokio::test]
async fn every_route_stands_in_the_table() {
    let app = TestApp::start().await;
    let listed: BTreeSet<String> = table().iter().map(|line| line.route.to_owned()).collect();
    let documented = documented(&app).await;
    let difference: Vec<_> = documented.symmetric_difference(&listed).collect();
    assert!(
        difference.is_empty(),
        "add the route to who_may.txt with who may, or take it out: {difference:#?}"
    );
}

#[tokio::test]
async fn only_those_who_may_do() {
    let app = TestApp::start().await;
    let mut wrong = Vec::new();
    for line in table().iter().filter(|line| !line.who.contains(&"public")) {
        let route = line.route;
        let nobody = knock(&app, line, &app.public()).await;
        if nobody != (401, "unauthenticated".into()) {
            wrong.push(format!("{route}: without a token it answers {nobody:?}"));
        }
        for role in ROLES {
            let own = knock(&app, line, &app.role(role)).await;
            let denied = own == (403, "not_allowed".into());
            if denied == line.who.contains(&role) || own.0 == 401 || own.0 >= 500 {
                wrong.push(format!("{route}: {role} is answered {own:?}"));
            }
            let foreign = knock(&app, line, &app.role(role).in_network(FOREIGN)).await;
            if foreign != (404, "not_found".into()) {
                wrong.push(format!("{route}: {role} in a foreign network: {foreign:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Knocks and says status and code.
async fn knock(app: &TestApp, line: &Line, client: &Client) -> (u16, String) {
    let (method, path) = line.route.split_once(' ').expect("a method and a path");
    let path = filled(app, &path.replace('{', "$").replace('}', ""));
    let answer = match method {
        "GET" => client.get(&path).await,
        _ => client.post(&path, body_of(app, line.body)).await,
    };
    let code = answer.body["code"].as_str().unwrap_or_default();
    (answer.status, code.to_owned())
}

fn body_of(app: &TestApp, body: &str) -> Value {
    match body {
        "" => json!({}),
        body => serde_json::from_str(&filled(app, body)).expect("JSON in the table"),
    }
}

/// Puts the ids of the fixtures in; what they do not know is an id of nothing.
fn filled(app: &TestApp, text: &str) -> String {
    let unknown = tests::app::uuid(404);
    with_ids(text, |name| {
        app.ids.get(name).map_or(unknown.as_str(), String::as_str)
    })
}

/// Puts an id in for every `$name`.
pub fn with_ids<'a>(text: &str, id: impl Fn(&str) -> &'a str) -> String {
    let mut parts = text.split('$');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c != '_' && !c.is_ascii_lowercase());
        let (name, rest) = part.split_at(end.unwrap_or(part.len()));
        filled += id(name);
        filled += rest;
    }
    filled
}
