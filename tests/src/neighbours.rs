//! A neighbourhood over HTTP: a district, somebody who asks for help and somebody who helps.

use chrono::{TimeDelta, Utc};
use domain::ids::DistrictId;
use serde_json::{Value, json};

use crate::app::{NETWORK, TestApp};
use crate::client::Client;

/// The district of the neighbourhood.
pub const DISTRICT: &str = "500054";

/// A gateway with a district and two members.
pub struct Neighbourhood {
    pub app: TestApp,
    /// Asks for help.
    pub asking: Neighbour,
    /// Helps.
    pub helper: Neighbour,
}

/// A member with a token.
#[derive(Clone)]
pub struct Neighbour {
    pub subject_id: String,
    pub member_id: String,
    pub client: Client,
}

impl Neighbourhood {
    /// Over SQLite.
    pub async fn start() -> Neighbourhood {
        Self::over(TestApp::start().await).await
    }

    /// Over a gateway that runs.
    pub async fn over(app: TestApp) -> Neighbourhood {
        draw_district(&app, DISTRICT).await;
        let asking = neighbour(&app).await;
        let helper = neighbour(&app).await;
        Neighbourhood {
            app,
            asking,
            helper,
        }
    }

    /// Another member.
    pub async fn neighbour(&self) -> Neighbour {
        neighbour(&self.app).await
    }

    /// Whoever looks after all districts.
    pub fn coordinator(&self) -> Client {
        self.app.role("coordinator")
    }

    /// Whoever looks after another district, and not after this one.
    pub async fn elsewhere(&self) -> Client {
        draw_district(&self.app, "500089").await;
        let network = NETWORK.parse().expect("a slug");
        let district_id = DistrictId::of(&network, "500089");
        let scope = json!({"role": "coordinator", "district_ids": [district_id]});
        let access = json!({"scope": scope});
        let granted = self.app.operator().post("/accesses", access).await.done();
        let token = granted["token"].as_str().expect("a token");
        self.app.public().with_token(token)
    }

    /// `asking` asks for work that serves a request of theirs; answers with the path of the task.
    pub async fn task_for_request(&self) -> String {
        let request = self.request().await;
        let mut work = moving(1);
        work["help_request_id"] = json!(id_of(&request));
        let task = self.asking.client.post("/tasks", work).await.done();
        path("/tasks", &task, "task_id")
    }

    /// `asking` asks for help with the shopping; answers with the path of the request.
    pub async fn request(&self) -> String {
        let asked = self.asking.client.post("/help-requests", shopping()).await;
        path("/help-requests", &asked.done(), "help_request_id")
    }

    /// The coordinator asks for people; answers with the path of the task.
    pub async fn task(&self, slots: u32) -> String {
        let created = self.coordinator().post("/tasks", moving(slots)).await;
        path("/tasks", &created.done(), "task_id")
    }

    /// `helper` claims what has this path; answers with the claim as the body of the next act.
    pub async fn claim(&self, path: &str) -> Value {
        let path = format!("{path}/claim");
        let claimed = self.helper.client.post(&path, json!({})).await.done();
        json!({"claim_id": claimed["claim_id"]})
    }

    /// A task on which `helper` said that half an hour of work was done.
    pub async fn done_task(&self) -> (String, Value) {
        let task = self.task(1).await;
        let claim = self.done_by_helper(&task).await;
        (task, claim)
    }

    /// `helper` says that half an hour of this work was done; answers with the claim.
    pub async fn done_by_helper(&self, task: &str) -> Value {
        let claim = self.claim(task).await;
        let by = json!({"type": "claim", "claim_id": claim["claim_id"]});
        let done = json!({"by": by, "minutes": 30});
        let path = format!("{task}/complete");
        self.helper.client.post(&path, done).await.done();
        claim
    }
}

/// What somebody asks for.
pub fn shopping() -> Value {
    json!({
        "category": "groceries",
        "district_code": DISTRICT,
        "language": "cs",
        "note": "Nákup na celý týden, třetí patro bez výtahu",
        "in_return": "Umím péct bábovku",
    })
}

/// Work that has begun an hour ago and ends in an hour.
pub fn moving(slots: u32) -> Value {
    let (from, to) = (TimeDelta::hours(-1), TimeDelta::hours(1));
    json!({
        "title": "Stěhování klubovny",
        "language": "cs",
        "category": "transport",
        "district_code": DISTRICT,
        "window": {"from": now() + from, "to": now() + to},
        "slots": slots,
        "note": "Klíče jsou v trafice vedle",
    })
}

/// The path of what an answer brought into being.
pub fn path(plural: &str, answer: &Value, id: &str) -> String {
    format!("{plural}/{}", answer[id].as_str().expect("an id"))
}

/// The id of what has this path.
pub fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("a last part")
}

/// Draws a district.
pub async fn draw_district(app: &TestApp, code: &str) {
    let ring = json!([[14.4, 50.0], [14.5, 50.0], [14.5, 50.1], [14.4, 50.0]]);
    let boundary = json!({"type": "Polygon", "coordinates": [ring]});
    let district =
        json!({"code": code, "name": "Praha", "population": 30_000, "boundary": boundary});
    app.operator().post("/districts", district).await.done();
}

async fn neighbour(app: &TestApp) -> Neighbour {
    let operator = app.operator();
    let subject = json!({"kind": "member", "basis": "consent", "notice_version": "2026-01"});
    let subject = operator.post("/subjects", subject).await.done();
    let member = json!({"subject_id": subject["subject_id"], "languages": ["cs"]});
    let member = operator.post("/members", member).await.done();
    let scope = json!({"role": "member", "member_id": member["member_id"]});
    let access = operator.post("/accesses", json!({"scope": scope})).await;
    let token = access.done()["token"].clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    Neighbour {
        subject_id: text(&subject["subject_id"]),
        member_id: text(&member["member_id"]),
        client: app.public().with_token(&text(&token)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the gateway of these tests runs by the machine's clock"
)]
fn now() -> chrono::DateTime<Utc> {
    Utc::now()
}
