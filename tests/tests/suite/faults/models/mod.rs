//! Random acts through the whole command path, beside models so small that one sees they are right:
//! what the model allows is done, in exactly so many events, and the rest is refused and leaves
//! nothing behind.

mod help_request;
mod task;
mod voucher;

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};
use tests::app::TestApp;

use super::dice::Dice;
use super::extent::{tell, times};

/// The most acts of one story.
const LONGEST: usize = 30;

/// What the model says to an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It is done, in so many events; 0 = it was done before.
    Done(i64),
    /// It is not done.
    No,
}

/// Tells random stories on both engines; a story that differs from its model is made as short as
/// it can be.
fn holds<S: Clone + Debug>(
    what: &str,
    step: impl Strategy<Value = S>,
    story: &impl AsyncFn(&TestApp, &[S]) -> Result<(), TestCaseError>,
) {
    let (stories, seed) = (times(3, 40, 400), Dice::seed());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let steps = vec(step, 1..LONGEST);
    for engine in ["SQLite", "PostgreSQL"] {
        let app = runtime.block_on(async {
            match engine {
                "SQLite" => TestApp::start().await,
                _ => TestApp::on_postgres().await,
            }
        });
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let config = Config {
            cases: u32::try_from(stories).expect("few"),
            failure_persistence: None,
            ..Config::default()
        };
        let mut runner = TestRunner::new_with_rng(config, chance);
        let told = runner.run(&steps, |steps| runtime.block_on(story(&app, &steps)));
        if let Err(differs) = told {
            panic!("{what} on {engine}, seed {seed}: {differs}");
        }
        let how_often = format!("{stories} stories of up to {LONGEST} acts");
        tell(
            &format!("model of {what}"),
            engine,
            &how_often,
            "as the model says",
            seed,
        );
    }
}

/// Asks for an act and compares with what the model says; hands the answer back.
async fn act(app: &TestApp, path: &str, body: Value, says: Says) -> Result<Value, TestCaseError> {
    let head = async || app.desk.log().head().await.expect("a head");
    let before = head().await;
    let answer = app.operator().post(path, body.clone()).await;
    let events = head().await - before;
    let same = match says {
        Says::Done(expected) => (200..300).contains(&answer.status) && events == expected,
        Says::No => (400..500).contains(&answer.status) && events == 0,
    };
    if same {
        return Ok(answer.body);
    }
    let (status, answer) = (answer.status, answer.body);
    Err(TestCaseError::fail(format!(
        "{path} {body}: the model says {says:?}, and it is {status} with {events} events: {answer}"
    )))
}

fn id(answer: &Value, name: &str) -> String {
    answer[name].as_str().expect("an id").to_owned()
}

/// A member who helps everywhere.
async fn a_member(app: &TestApp) -> String {
    let operator = app.operator();
    let subject = json!({"kind": "member", "basis": "consent", "notice_version": "2026-01"});
    let subject = operator.post("/subjects", subject).await.done();
    let member = json!({"subject_id": subject["subject_id"], "languages": ["cs"]});
    id(&operator.post("/members", member).await.done(), "member_id")
}
