//! An owner of the database changes what happened, and `audit conserve` names the invariant that
//! the log does not keep any more. Hashes are not its business: it finds what does not add up even
//! where everything was sealed anew.

use domain::envelope::Recorded;
use projections::conserve::Invariant;
use serde_json::{Value, json};
use strum::VariantArray as _;
use tests::neighbours::{Neighbourhood, moving};
use tests::{tamper, wait};

use super::command_line::audit;

/// A small town in which everything happened once.
struct Town {
    near: Neighbourhood,
    /// The other café, and one that takes no vouchers.
    other: String,
    closed: String,
    events: Vec<Recorded>,
}

impl Town {
    async fn over(app: tests::app::TestApp) -> Self {
        let near = Neighbourhood::over(app).await;
        let (other, espresso) = near.app.another_cafe(6000).await;
        let (closed, _) = near.app.another_cafe(6500).await;
        let mut town = Self {
            near,
            other,
            closed,
            events: Vec::new(),
        };
        town.close().await;
        town.use_vouchers(&espresso).await;
        town.use_a_credit().await;
        town.claim_a_task().await;
        let log = town.near.app.desk.log();
        town.events = log.read(0, 10_000).await.expect("the log");
        town
    }

    /// One café has no vouchers and takes none.
    async fn close(&self) {
        let path = format!("/venues/{}/suspend", self.closed);
        let refund = json!({"vouchers": {"type": "refund"}});
        self.near.app.operator().post(&path, refund).await;
        let progress = format!("/venues/{}/disposal", self.closed);
        wait::until("the café to be empty", async || {
            let there = self.near.app.operator().get(&progress).await.done();
            (there["status"] == "done").then_some(())
        })
        .await;
    }

    /// One is refunded, one voided, one moves, and two are used, of which one is taken back.
    async fn use_vouchers(&self, espresso: &str) {
        let app = &self.near.app;
        let (venue, operator) = (app.id("venue_id"), app.operator());
        let prepaid = app.coffees_on_board(5).await;
        let path = |place: usize, act: &str| {
            let voucher = prepaid["voucher_ids"][place].as_str().expect("an id");
            format!("/vouchers/{voucher}/{act}")
        };
        let wish = json!({"reason": "donors_wish"});
        operator.post(&path(4, "refund"), wish).await.done();
        let wrong = json!({"reason": "entry_error"});
        operator.post(&path(3, "void"), wrong).await.done();
        let to = json!({"venue_id": self.other, "item_id": espresso});
        let moved = json!({"from_venue": venue, "to": to});
        operator.post(&path(2, "rehome"), moved).await.done();
        let redeem = format!("/venues/{venue}/redeem");
        let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id"), "count": 2}});
        let used = app.staff().post(&redeem, coffee).await.done();
        let redemption = &used["redemptions"][0];
        let reverse = redemption["voucher_id"].as_str().expect("an id");
        let reverse = format!("/vouchers/{reverse}/reverse-redemption");
        let id = &redemption["redemption_id"];
        let mistake = json!({"redemption_id": id, "reason": "mistake"});
        app.staff().post(&reverse, mistake).await.done();
    }

    /// A part of a credit is used by its code.
    async fn use_a_credit(&self) {
        let app = &self.near.app;
        let venue = app.id("venue_id");
        let mut credit = app.coffees(1);
        credit["what"] = json!({"type": "credit", "venue_ids": [venue], "amount_minor": 20_000});
        credit["placed"] = json!({"type": "donor"});
        let credit = app.operator().post("/prepayments", credit).await.done();
        let which = json!({"type": "these", "voucher_ids": credit["voucher_ids"]});
        let issue = json!({"vouchers": which, "to": {"type": "donor"}});
        let issued = app.operator().post("/vouchers/issue-code", issue).await;
        let by = json!({"type": "code", "code": issued.done()["codes"][0],
            "item_id": app.id("item_id"), "amount_minor": 6500});
        let redeem = format!("/venues/{venue}/redeem");
        app.staff().post(&redeem, json!({"by": by})).await.done();
    }

    /// Both places of a task are taken.
    async fn claim_a_task(&self) {
        let created = self.near.coordinator().post("/tasks", moving(2)).await;
        let task = created.done()["task_id"]
            .as_str()
            .expect("an id")
            .to_owned();
        for who in [&self.near.asking, &self.near.helper] {
            let claim = format!("/tasks/{task}/claim");
            who.client.post(&claim, json!({})).await.done();
        }
    }

    /// The last event of a type.
    fn last(&self, event_type: &str) -> &Recorded {
        let is_it = |event: &&Recorded| event.record.event_type == event_type;
        let found = self.events.iter().rev().find(is_it);
        found.unwrap_or_else(|| panic!("no {event_type}"))
    }

    /// The use of the credit, and one of a coffee that was not taken back.
    fn uses(&self) -> [&Recorded; 2] {
        let back = self.last("voucher.redemption_reversed").record.aggregate_id;
        let credit = self.last("voucher.redeemed");
        let mut uses = self.events.iter().filter(|event| {
            event.record.event_type == "voucher.redeemed" && event.record.aggregate_id != back
        });
        [credit, uses.next().expect("a coffee")]
    }

    async fn run(&self, sql: &str) {
        let app = &self.near.app;
        let file = app.folder().join("log.db");
        tamper::events(app.database(), &file, sql).await;
    }

    /// Sets columns of an event, finds the invariants named, and sets them as they were.
    async fn named(&self, event: &Recorded, columns: &str) -> Vec<(String, i64)> {
        let position = event.position;
        self.run(&format!(
            "UPDATE {{events}} SET {columns} WHERE position = {position}"
        ))
        .await;
        let found = self.conserve();
        let record = &event.record;
        self.run(&format!(
            "UPDATE {{events}} SET payload = '{}', aggregate_id = '{}', sequence = {},
                 occurred_at = {} WHERE position = {position}",
            record.payload.replace('\'', "''"),
            record.aggregate_id,
            record.sequence,
            self.instant(record.occurred_at),
        ))
        .await;
        found
    }

    /// An instant as the engine's column has it.
    fn instant(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        if self.near.app.database().is_some() {
            format!("'{}'", domain::envelope::instant(at))
        } else {
            at.timestamp_micros().to_string()
        }
    }

    /// What `audit conserve` names: the invariant and the position.
    fn conserve(&self) -> Vec<(String, i64)> {
        let (holds, lines) = audit(&self.near.app, "conserve");
        let named = lines.iter().filter(|line| line["invariant"].is_string());
        let name = |line: &Value| line["invariant"].as_str().unwrap_or_default().to_owned();
        let position = |line: &Value| line["position"].as_i64().expect("a position");
        let named: Vec<_> = named.map(|line| (name(line), position(line))).collect();
        assert_eq!(holds, named.is_empty(), "{lines:#?}");
        named
    }
}

/// The column `payload` of an event in which fields say something else; null = they say nothing.
fn but(event: &Recorded, changes: &[(&str, Value)]) -> String {
    let mut payload: Value = serde_json::from_str(&event.record.payload).expect("JSON");
    let tagged = payload.as_object_mut().expect("an object").values_mut();
    let fields = tagged
        .last()
        .and_then(Value::as_object_mut)
        .expect("fields");
    for (name, value) in changes {
        if value.is_null() {
            fields.remove(*name).expect("a field");
        } else {
            fields.insert((*name).to_owned(), value.clone());
        }
    }
    format!("payload = '{}'", payload.to_string().replace('\'', "''"))
}

/// As if the event had happened to another stream.
fn moved_to(stream: uuid::Uuid) -> String {
    format!("aggregate_id = '{stream}', sequence = 900")
}

/// What is done to which event, and which invariant is named at which position.
type Attack<'a> = (&'static str, &'a Recorded, String, i64);

fn attacks(town: &Town) -> Vec<Attack<'_>> {
    let nobody = uuid::Uuid::from_u128(404);
    let [credit, used] = town.uses();
    let (prepaid, rehomed) = (town.last("voucher.prepaid"), town.last("voucher.rehomed"));
    let (refunded, voided) = (town.last("voucher.refunded"), town.last("voucher.voided"));
    let reversed = town.last("voucher.redemption_reversed");
    let (created, claimed) = (town.last("task.created"), town.last("task.claimed"));
    let stream = |event: &Recorded| moved_to(event.record.aggregate_id);
    let late = credit.record.occurred_at + chrono::TimeDelta::minutes(6);
    let late = format!("occurred_at = {}", town.instant(late));
    let left = but(credit, &[("remaining_minor", 13_501.into())]);
    let settled = but(credit, &[("settled_minor", 9_900.into())]);
    let elsewhere = but(credit, &[("venue_id", town.other.clone().into())]);
    let never = but(reversed, &[("redemption_id", nobody.to_string().into())]);
    let days = ["2020-01-01", "2020-01-02T00:00:00Z"].map(Value::from);
    let [day, end] = days;
    let over = but(prepaid, &[("expires_on", day), ("expires_at", end)]);
    let closed = json!({"type": "venue", "venue_id": town.closed});
    let closed = but(prepaid, &[("valid_at", closed)]);
    let nobodys = but(rehomed, &[("difference_to", Value::Null)]);
    let one = but(created, &[("slots", 1.into())]);
    vec![
        ("within_balance", credit, left.clone(), credit.position),
        ("money_equation", credit, left, credit.position),
        ("two_sided", credit, settled, credit.position),
        ("valid_there", credit, elsewhere, credit.position),
        ("redeemed_once", credit, stream(used), credit.position),
        ("prepaid_first", credit, moved_to(nobody), credit.position),
        ("stage_entered", credit, moved_to(nobody), credit.position),
        ("ledger_agrees", credit, moved_to(nobody), 0),
        (
            "not_after_refunded",
            credit,
            stream(refunded),
            credit.position,
        ),
        ("not_after_voided", credit, stream(voided), credit.position),
        (
            "sequence_monotone",
            credit,
            "sequence = 900".into(),
            credit.position,
        ),
        ("occurred_in_bounds", credit, late, credit.position),
        ("not_after_expired", prepaid, over, credit.position),
        ("not_stranded", prepaid, closed, prepaid.position),
        ("rehomed_equation", rehomed, nobodys, rehomed.position),
        ("reversed_once", reversed, never, reversed.position),
        ("within_slots", created, one, claimed.position),
    ]
}

async fn every_invariant_is_named(app: tests::app::TestApp) {
    let town = Town::over(app).await;
    assert_eq!(town.conserve(), [], "an honest log keeps all of them");
    let mut missing: Vec<String> = Invariant::VARIANTS
        .iter()
        .map(ToString::to_string)
        .collect();
    for (invariant, event, columns, position) in attacks(&town) {
        let found = town.named(event, &columns).await;
        let wanted = (invariant.to_owned(), position);
        assert!(
            found.contains(&wanted),
            "{columns}: {wanted:?} is not in {found:?}"
        );
        missing.retain(|it| it != invariant);
    }
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "each invariant was broken once"
    );
    assert_eq!(town.conserve(), [], "the log is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invariant_is_named_on_sqlite() {
    every_invariant_is_named(tests::app::TestApp::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invariant_is_named_on_postgres() {
    every_invariant_is_named(tests::app::TestApp::on_postgres().await).await;
}
