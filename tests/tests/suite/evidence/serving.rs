//! What anyone may fetch of the sealed history, and what an auditor may.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::entry;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::{Note, VerifierKey};
use domain::evidence::tile::Tile;
use domain::evidence::tree::Edge;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::wait;

/// The newest checkpoint once all fixtures are sealed, checked with the key that is served.
async fn sealed(app: &TestApp) -> Checkpoint {
    let key = app.public().get_root("/evidence/key").await.done();
    let key: VerifierKey = key.as_str().expect("text").trim().parse().expect("a key");
    let head = app.desk.log().head().await.expect("a head");
    wait::until("the history to be sealed", async || {
        let answer = app.public().get_root("/evidence/checkpoint").await;
        if answer.status == 404 {
            return None;
        }
        assert_eq!(answer.header("cache-control"), "no-cache");
        let text = answer.done();
        let note = Note::parse(text.as_str().expect("text")).expect("a note");
        let checkpoint = Checkpoint::open(&note, key.name(), &key).expect("signed by the key");
        (i64::try_from(checkpoint.size).expect("small") >= head).then_some(checkpoint)
    })
    .await
}

async fn tile(app: &TestApp, path: &str) -> (u16, Vec<u8>) {
    let answer = reqwest::get(format!("{}/evidence/tile/{path}", app.root)).await;
    let answer = answer.expect("an answer");
    let status = answer.status().as_u16();
    if status == 200 {
        let keep = answer.headers()["cache-control"].to_str().expect("text");
        assert!(
            keep.contains("immutable") && keep.contains("public"),
            "{keep}"
        );
    }
    (
        status,
        answer.bytes().await.expect("a whole answer").to_vec(),
    )
}

#[tokio::test]
async fn tiles_lead_to_the_checkpoint_that_the_key_signed() {
    let app = TestApp::start().await;
    let checkpoint = sealed(&app).await;
    let width = checkpoint.size;
    assert!(
        (2..256).contains(&width),
        "the fixtures fill a part of one tile"
    );
    let (status, bytes) = tile(&app, &format!("0/000.p/{width}")).await;
    assert_eq!(status, 200);
    let tile_of_all = Tile::from_bytes(0, 0, &bytes).expect("whole hashes");
    let mut edge = Edge::default();
    for leaf in &tile_of_all.hashes {
        edge.push(*leaf, |_, _| {});
    }
    assert_eq!((edge.size(), edge.root()), (width, checkpoint.root));
    let (_, narrower) = tile(&app, "0/000.p/2").await;
    assert_eq!(narrower, bytes[..64]);
    for missing in [
        "0/000",
        "0/001.p/1",
        "0/x001/000",
        "1/000.p/1",
        "0/000.p/0",
        "64/000",
        "a/b",
    ] {
        assert_eq!(tile(&app, missing).await.0, 404, "{missing}");
    }
    let beyond = format!("0/000.p/{}", width + 1);
    assert_eq!(tile(&app, &beyond).await.0, 404, "no checkpoint covers it");
}

#[tokio::test]
async fn an_auditor_reads_the_entries_of_one_network_and_hashes_of_others() {
    let app = TestApp::start().await;
    let checkpoint = sealed(&app).await;
    let bundle = app.role("auditor").get("/evidence/entries/0").await.done();
    let entries = bundle["entries"].as_array().expect("a list");
    assert_eq!(entries.len() as u64, checkpoint.size);
    let bytes = |value: &Value| {
        STANDARD
            .decode(value.as_str().expect("base64"))
            .expect("base64")
    };
    let mut networks = BTreeSet::new();
    for (event, shown) in app
        .desk
        .log()
        .read(0, 256)
        .await
        .expect("the log")
        .iter()
        .zip(entries)
    {
        assert_eq!(shown["position"], event.position);
        assert_eq!(bytes(&shown["leaf_hash"]), event.leaf_hash);
        networks.insert(event.record.network.clone());
        if event.record.network == "praha" {
            let entry = bytes(&shown["entry"]);
            assert_eq!(entry::leaf_hash(&entry), event.leaf_hash);
        } else {
            assert!(shown.get("entry").is_none(), "{shown}");
        }
    }
    assert!(networks.len() > 1, "there is another network: {networks:?}");
    app.role("auditor")
        .get("/evidence/entries/1")
        .await
        .refused(404, "not_found");
    app.role("auditor")
        .get("/evidence/entries/x")
        .await
        .refused(404, "not_found");

    let scope = json!({"scope": {"role": "auditor", "fund_id": app.id("fund_id")}});
    let granted = app.operator().post("/accesses", scope).await.done();
    let token = granted["token"].as_str().expect("a token");
    let bundle = app
        .public()
        .with_token(token)
        .get("/evidence/entries/0")
        .await
        .done();
    let hidden = |entry: &Value| entry.get("entry").is_none();
    let entries = bundle["entries"].as_array().expect("a list");
    assert!(
        entries.iter().all(hidden),
        "who audits one fund sees no other act"
    );
}

#[tokio::test]
async fn readiness_and_metrics_say_how_far_it_is_sealed() {
    let app = TestApp::start().await;
    let size = sealed(&app).await.size;
    wait::until("readiness to say so", async || {
        let ready = app.public().get_root("/readyz").await.done();
        assert_eq!(ready["seal"]["stopped"], false);
        (ready["seal"]["position"].as_u64() >= Some(size)).then_some(())
    })
    .await;
    let metrics = app.public().get_root("/metrics").await.done();
    let metrics = metrics.as_str().expect("text");
    assert!(metrics.contains("sospeso_sealed_position "), "{metrics}");
    assert!(metrics.contains("sospeso_sealer_stopped 0"), "{metrics}");
}
