//! Requests for help and tasks that fall due.

use chrono::{DateTime, Utc};
use commands::district::draw::Draw;
use commands::help_request::claim::Claim as ClaimRequest;
use commands::help_request::request::Request;
use commands::member::register::Register;
use commands::subject::introduce::Introduce;
use commands::task::claim::Claim as ClaimTask;
use commands::task::create::Create;
use domain::ids::{HelpRequestId, MemberId, SubjectId, TaskId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::bench::Bench;

const DISTRICT: &str = "500054";

/// The end of every window here.
pub const OVER: &str = "2026-11-04T09:00:00Z";
/// When claims lapse of which nothing was heard: a day after the end of the window.
pub const LAPSED: &str = "2026-11-05T09:00:00Z";

/// A district.
pub async fn a_district(bench: &Bench, now: DateTime<Utc>) {
    let ring = json!([[14.4, 50.0], [14.5, 50.0], [14.5, 50.1], [14.4, 50.0]]);
    let draw = Draw {
        code: read(json!(DISTRICT)),
        name: read(json!("Praha 1")),
        population: 30_000,
        boundary: read(json!({"type": "Polygon", "coordinates": [ring]})),
    };
    bench.done(now, draw).await;
}

/// Somebody about whom something may be held, at most until then.
pub async fn a_person(
    bench: &Bench,
    now: DateTime<Utc>,
    kind: &str,
    retain_until: Option<DateTime<Utc>>,
) -> SubjectId {
    let introduce = Introduce {
        kind: read(json!(kind)),
        basis: read(json!("consent")),
        notice_version: read(json!("2026-01")),
        retain_until,
    };
    bench.done(now, introduce).await.subject_id
}

/// A member who helps everywhere.
pub async fn a_member(bench: &Bench, now: DateTime<Utc>) -> MemberId {
    let person = a_person(bench, now, "member", None).await;
    a_membership(bench, now, person).await
}

/// This person becomes a member who helps everywhere.
pub async fn a_membership(bench: &Bench, now: DateTime<Utc>, subject_id: SubjectId) -> MemberId {
    let profile = json!({"districts": [], "categories": [], "languages": ["cs"]});
    let register = Register {
        subject_id,
        profile: read(profile),
    };
    bench.done(now, register).await.member_id
}

/// Somebody asks for help until [`OVER`].
pub async fn a_request(bench: &Bench, now: DateTime<Utc>) -> HelpRequestId {
    let request = asked(None, None);
    bench.done(now, request).await.help_request_id
}

/// A request until [`OVER`], of this person, with this note.
pub fn asked(subject_id: Option<SubjectId>, note: Option<&str>) -> Request {
    Request {
        subject_id,
        category: read(json!("repairs")),
        district_code: read(json!(DISTRICT)),
        window: Some(read(window())),
        effort: None,
        language: Some(read(json!("cs"))),
        note: note.map(|note| read(json!(note))),
        contact: None,
        in_return: None,
        expires_at: None,
    }
}

/// Two people are asked for until [`OVER`].
pub async fn a_task(bench: &Bench, now: DateTime<Utc>) -> TaskId {
    bench.done(now, work(None, None)).await.task_id
}

/// Work for two people until [`OVER`], for this request, with this note.
pub fn work(help_request_id: Option<HelpRequestId>, note: Option<&str>) -> Create {
    Create {
        title: read(json!("Stěhování klubovny")),
        language: read(json!("cs")),
        category: read(json!("transport")),
        district_code: read(json!(DISTRICT)),
        window: read(window()),
        slots: 2,
        help_request_id,
        organisation_id: None,
        note: note.map(|note| read(json!(note))),
    }
}

/// A new member takes a request on.
pub async fn claim_request(bench: &Bench, now: DateTime<Utc>, request: HelpRequestId) {
    let member = a_member(bench, now).await;
    claim_request_as(bench, now, request, member).await;
}

/// This member takes a request on.
pub async fn claim_request_as(
    bench: &Bench,
    now: DateTime<Utc>,
    help_request_id: HelpRequestId,
    member: MemberId,
) {
    let claim = ClaimRequest {
        help_request_id,
        member_id: Some(member),
    };
    bench.done(now, claim).await;
}

/// A new member takes a slot.
pub async fn claim_task(bench: &Bench, now: DateTime<Utc>, task_id: TaskId) {
    let member = a_member(bench, now).await;
    claim_task_as(bench, now, task_id, member).await;
}

/// This member takes a slot.
pub async fn claim_task_as(bench: &Bench, now: DateTime<Utc>, task_id: TaskId, member: MemberId) {
    let claim = ClaimTask {
        task_id,
        member_id: Some(member),
    };
    bench.done(now, claim).await;
}

fn window() -> Value {
    json!({"from": "2026-11-03T09:00:00Z", "to": OVER})
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a value")
}
