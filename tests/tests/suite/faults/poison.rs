//! An act that one read model cannot apply: it stops and says so, and everything else goes on.

use commands::log::{Append, EventLog as _};
use domain::Stream;
use domain::envelope::Record;
use infra::sqlite::SqliteLog;
use tests::installation::Installation;
use tests::wait;
use uuid::Uuid;

use super::extent::tell;
use super::town::Town;
use crate::conformance::given;

/// Those who must know a help request before it is withdrawn.
const POISONED: [&str; 2] = ["district_coverage", "help_board"];

#[tokio::test]
async fn one_read_model_stops_and_the_others_go_on() {
    let town = Installation::found(None, None);
    let gateway = town.serve();
    let operator = gateway.operator();
    let cafe = Town::built(operator).await;
    poison(&town).await;
    let done = operator.post("/prepayments", cafe.coffees(2)).await.done();
    let position = done["position"].as_i64().expect("a position");
    let views = wait::until("all others to follow", async || {
        let ready = operator.get_root("/readyz").await.done();
        let views = ready["views"].as_array().expect("views").clone();
        let settled = views
            .iter()
            .all(|view| view["stopped"] == true || view["position"] == position);
        settled.then_some(views)
    })
    .await;
    for view in views {
        let name = view["name"].as_str().expect("a name");
        let poisoned = POISONED.contains(&name);
        assert_eq!(view["stopped"], poisoned, "{view}");
        assert_eq!(view["behind"] == 0, !poisoned, "{view}");
    }
    let board = format!("/voucher-board?min_position={position}");
    let board = operator.get(&board).await.done();
    assert_eq!(board["view"]["position"], position);
    let late = operator.get("/help-board").await.done();
    assert!(late["view"]["position"].as_i64() < Some(position), "{late}");
    assert!(gateway.end(), "it ends in order");
    let result = "help_board and district_coverage stop and say so, the others go on";
    tell("poison event", "SQLite", "1", result, 0);
}

/// A help request that was never made is withdrawn, as only an owner of the database could write it.
async fn poison(town: &Installation) {
    let log = SqliteLog::open(town.data().join("log.db")).await;
    let log = log.expect("the log of the gateway");
    let stream = Stream {
        aggregate_type: "help_request",
        id: Uuid::from_u128(0xbad),
    };
    let payload = include_str!("../../../../domain/golden/help_request.withdrawn.v1.json");
    let metadata = log.read(0, 1).await.expect("the first")[0]
        .record
        .metadata
        .clone();
    let record = Record {
        event_type: "help_request.withdrawn".to_owned(),
        payload: payload.trim().to_owned(),
        metadata,
        ..given::record(&log, stream, 1)
    };
    let append = Append {
        expects: vec![commands::log::Expect { stream, version: 0 }],
        records: vec![record],
        ..Append::default()
    };
    log.append(append).await.expect("appended");
}
