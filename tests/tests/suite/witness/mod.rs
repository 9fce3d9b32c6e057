//! A witness beside a ledger: it cosigns what the ledger seals, and no rewritten history.

mod attacks;
mod binary;
mod tls;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use commands::clock::Clock;
use commands::evidence::key::LogKey;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::cosignature::cosigned_at;
use domain::evidence::note::{Note, VerifierKey};
use domain::evidence::receipt::{Receipt, Trust};
use gateway::settings::{Secrets, Settings, ShownTo};
use gateway::witness::keeper::Keeper;
use gateway::witness::serve::router;
use serde_json::json;
use tests::app::TestApp;
use tests::servers::{Database, free_port, postgres};
use tests::{outside, wait};

const ORIGIN: &str = "ledger.example/test";

/// A ledger and the witness that it shows its checkpoints to.
struct Witnessed {
    app: TestApp,
    log: LogKey,
    keeper: Arc<Keeper>,
    url: String,
}

/// A witness in this folder for the log with this key.
fn keeper(folder: &Path, log: &LogKey) -> Arc<Keeper> {
    let key = log.verifier().clone();
    let keeper = Keeper::open(folder, "witness.example", ORIGIN, key, Clock::system());
    Arc::new(keeper.expect("a witness"))
}

async fn serve(keeper: &Arc<Keeper>, port: u16) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    let routes = router(Arc::clone(keeper));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

fn ledger() -> (Secrets, LogKey) {
    let secrets = Secrets::draw();
    let log = LogKey::new(ORIGIN, &secrets.seal).expect("a name");
    (secrets, log)
}

async fn app(database: Option<Database>, secrets: Secrets, url: &str, key: VerifierKey) -> TestApp {
    let settings = Settings {
        origin: Some(ORIGIN.to_owned()),
        witnesses: vec![ShownTo {
            url: url.to_owned(),
            key,
        }],
        ..Settings::default()
    };
    TestApp::configured(database, settings, secrets).await
}

async fn witnessed(folder: &Path, database: Option<Database>) -> Witnessed {
    let (secrets, log) = ledger();
    let keeper = keeper(folder, &log);
    let url = format!("http://{}", serve(&keeper, 0).await);
    Witnessed {
        app: app(database, secrets, &url, keeper.key()).await,
        log,
        keeper,
        url,
    }
}

/// The served checkpoint, once it covers all that was done and the witness has cosigned it.
async fn cosigned(app: &TestApp, witness: &VerifierKey) -> Note {
    let head = app.desk.log().head().await.expect("the log").unsigned_abs();
    wait::until("a cosigned checkpoint", async || {
        let answer = app.public().get_root("/evidence/checkpoint").await;
        let note = Note::parse(answer.body.as_str()?).ok()?;
        let size = Checkpoint::parse(&note.text).ok()?.size;
        (size >= head && cosigned_at(&note, witness).is_ok()).then_some(note)
    })
    .await
}

async fn what_is_sealed_is_cosigned(database: Option<Database>, ask_outside: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let it = witnessed(folder.path(), database).await;
    let note = cosigned(&it.app, &it.keeper.key()).await;
    let served = Checkpoint::open(&note, ORIGIN, it.log.verifier()).expect("signed");
    assert!(served.size > 0);

    let app = &it.app;
    let mut prepayment = app.coffees(1);
    prepayment["giver"] = json!({"type": "known", "donor_id": app.id("donor_id")});
    let prepaid = app.operator().post("/prepayments", prepayment).await.done();
    let voucher = prepaid["voucher_ids"][0].as_str().expect("an id");
    let path = format!("/donors/{}/vouchers/{voucher}/receipt", app.id("donor_id"));
    let trust = Trust {
        log: it.log.verifier().clone(),
        witnesses: vec![it.keeper.key()],
    };
    let receipt = wait::until("a receipt with a cosignature", async || {
        let answer = app.role("donor").get(&path).await;
        let receipt: Receipt = serde_json::from_value(answer.body).ok()?;
        receipt.verify(&trust, &[]).ok().map(|_| receipt)
    })
    .await;
    if ask_outside {
        checked_by_others(&it, &receipt, folder.path()).await;
    }
}

/// What an implementation that is not ours says of checkpoint, tile, cosignature and proof.
async fn checked_by_others(it: &Witnessed, receipt: &Receipt, folder: &Path) {
    let file = folder.join("receipt.json");
    std::fs::write(&file, serde_json::to_string(receipt).expect("JSON")).expect("written");
    let arguments = [
        it.app.root.clone(),
        it.log.verifier().to_string(),
        it.keeper.key().to_string(),
        file.display().to_string(),
    ];
    let asking = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        outside::python("evidence", &arguments)
    });
    let said = asking.await.expect("a thread");
    let expected = json!({
        "signed": true, "leaves": true, "root": true, "cosigned": true, "proofs": [true],
    });
    assert_eq!(said, [expected]);
}

#[tokio::test]
async fn what_is_sealed_is_cosigned_and_others_check_it() {
    what_is_sealed_is_cosigned(None, true).await;
}

#[tokio::test]
async fn what_is_sealed_is_cosigned_on_postgres_too() {
    what_is_sealed_is_cosigned(Some(postgres().database().await), false).await;
}

#[tokio::test]
async fn a_witness_that_is_away_stops_nothing_and_catches_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let (secrets, log) = ledger();
    let keeper = keeper(folder.path(), &log);
    let port = free_port();
    let app = app(
        None,
        secrets,
        &format!("http://127.0.0.1:{port}"),
        keeper.key(),
    )
    .await;
    app.coffees_on_board(3).await;
    wait::until("a checkpoint without a witness", async || {
        let answer = app.public().get_root("/evidence/checkpoint").await;
        Note::parse(answer.body.as_str()?).ok()
    })
    .await;
    serve(&keeper, port).await;
    cosigned(&app, &keeper.key()).await;
}

/// A receipt waits for a witness for a while, but not each receipt for one that is away.
#[tokio::test]
async fn a_witness_that_is_away_is_waited_for_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let (secrets, log) = ledger();
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let key = keeper(folder.path(), &log).key();
    let app = app(None, secrets, &nobody, key).await;
    let mut prepayment = app.coffees(1);
    prepayment["giver"] = json!({"type": "known", "donor_id": app.id("donor_id")});
    let prepaid = app.operator().post("/prepayments", prepayment).await.done();
    let voucher = prepaid["voucher_ids"][0].as_str().expect("an id");
    let path = format!("/donors/{}/vouchers/{voucher}/receipt", app.id("donor_id"));
    let receipt = async || app.role("donor").get(&path).await;
    wait::until("the receipt to be sealed", async || {
        (receipt().await.status == 200).then_some(())
    })
    .await;
    let start = Instant::now();
    for _ in 0..10 {
        receipt().await.done();
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(10), "2 s each were {took:?}");
}
