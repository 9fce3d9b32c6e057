//! What an owner of the database does to the history, the triggers being off, and how
//! `audit verify` finds and names it.

use domain::envelope::Record;
use domain::evidence::tile::Tiles;
use serde_json::Value;

use super::on_both;
use super::world::{World, record};

on_both!(
    an_honest_log_is_sound,
    an_edited_payload_is_named,
    edited_metadata_is_named,
    an_edited_header_is_named,
    a_deleted_event_is_named,
    an_inserted_event_is_named,
    two_that_were_swapped_are_named,
    a_cut_tail_is_named,
    recomputed_hashes_are_found_by_the_signature,
    a_stolen_key_is_found_by_a_kept_checkpoint,
    a_forged_checkpoint_is_found,
);

/// Sealed at 20 and 40 of 41 events.
async fn sealed(world: &World) {
    world.record(20).await;
    world.seal().await;
    world.record(20).await;
    world.seal().await;
    world.record(1).await;
}

/// The stream of the event at a position.
fn stream(world: &World, position: i64) -> String {
    let record = record(world.log.log_id(), position);
    format!("voucher/{}", record.aggregate_id)
}

#[track_caller]
fn is_wrong(found: &(i32, Value), position: i64, sound_up_to: u64) -> Value {
    let (code, report) = found;
    assert_eq!(*code, 3, "{report:#}");
    assert_eq!(report["sound"], false, "{report:#}");
    assert_eq!(
        report["report"]["fault"]["position"], position,
        "{report:#}"
    );
    assert_eq!(report["report"]["sound_up_to"], sound_up_to, "{report:#}");
    report["report"]["fault"].clone()
}

async fn an_honest_log_is_sound(world: World) {
    world.record(20).await;
    world.seal().await;
    let kept = world.keep("kept").await;
    world.record(21).await;
    let (code, report) = world.verify(&["--checkpoint", &kept]);
    assert_eq!(
        (code, &report["sound"]),
        (0, &Value::Bool(true)),
        "{report:#}"
    );
    assert_eq!(report["report"]["events"], 41);
    assert_eq!(report["report"]["sound_up_to"], 20);
    assert_eq!(
        report["report"]["checkpoints"], 2,
        "the stored and the kept"
    );
}

async fn an_edited_payload_is_named(world: World) {
    sealed(&world).await;
    let exported = exported(&world).await;
    world
        .tamper("UPDATE {events} SET payload = '{\"redeemed\":{}}' WHERE position = 27")
        .await;
    let fault = is_wrong(&world.verify(&[]), 27, 20);
    assert_eq!(fault["stream"], stream(&world, 27));
    assert_eq!(fault["part"], "entry", "what is stored does not tell which");
    let fault = is_wrong(&world.verify(&["--bundle", &exported]), 27, 20);
    assert_eq!(fault["part"], "payload", "an earlier export does");
    world
        .tamper("UPDATE {events} SET payload = '{\"refunded\":{}}' WHERE position = 27")
        .await;
    let fault = is_wrong(&world.verify(&[]), 27, 20);
    assert_eq!(fault["part"], "payload", "it does not name its act");
}

async fn edited_metadata_is_named(world: World) {
    sealed(&world).await;
    let exported = exported(&world).await;
    world
        .tamper("UPDATE {events} SET metadata = '{}' WHERE position = 5")
        .await;
    let fault = is_wrong(&world.verify(&["--bundle", &exported]), 5, 0);
    assert_eq!(
        (&fault["part"], &fault["stream"]),
        (&"metadata".into(), &stream(&world, 5).into())
    );
}

async fn an_edited_header_is_named(world: World) {
    sealed(&world).await;
    let other = record(world.log.log_id(), 1).event_id;
    let sql = format!("UPDATE {{events}} SET event_id = '{other}' WHERE position = 8");
    world.tamper(&sql).await;
    let fault = is_wrong(&world.verify(&[]), 8, 0);
    assert_eq!(fault["part"], "header");
}

async fn a_deleted_event_is_named(world: World) {
    sealed(&world).await;
    world
        .tamper("DELETE FROM {events} WHERE position = 33")
        .await;
    let fault = is_wrong(&world.verify(&[]), 33, 20);
    assert_eq!(fault["part"], "place");
    // Closing the gap does not help.
    world
        .tamper(
            "UPDATE {events} SET position = position + 1000 WHERE position > 33;
         UPDATE {events} SET position = position - 1001 WHERE position > 1000;
         UPDATE {head} SET position = 40",
        )
        .await;
    is_wrong(&world.verify(&[]), 33, 20);
}

async fn an_inserted_event_is_named(world: World) {
    sealed(&world).await;
    let mut inserted = record(world.log.log_id(), 3_000);
    inserted.sequence = 1;
    inserted.event_id = Record::event_id(world.log.log_id(), inserted.aggregate_id, 1);
    let leaf = world.bytes(&inserted.leaf_hash(world.log.log_id()));
    // It has a good hash and a stream of its own, and it makes room for itself.
    world
        .tamper(&format!(
            "UPDATE {{events}} SET position = position + 1000 WHERE position >= 24;
         UPDATE {{events}} SET position = position - 999 WHERE position > 1000;
         UPDATE {{head}} SET position = 42;
         INSERT INTO {{events}} (position, network, aggregate_type, aggregate_id, sequence,
             event_type, event_version, payload, metadata, event_id, occurred_at, recorded_at,
             leaf_hash)
         SELECT 24, '{}', aggregate_type, '{}', 1, event_type, event_version, '{}', metadata, '{}',
             occurred_at, recorded_at, {leaf}
         FROM {{events}} WHERE position = 1",
            inserted.network, inserted.aggregate_id, inserted.payload, inserted.event_id
        ))
        .await;
    let times = "(SELECT occurred_at FROM {events} WHERE position = 1)";
    world
        .tamper(&format!(
            "UPDATE {{events}} SET occurred_at = {times} WHERE position = 24"
        ))
        .await;
    let mut true_leaf = inserted;
    let first = world.all().await.remove(0).record;
    (true_leaf.occurred_at, true_leaf.recorded_at) = (first.occurred_at, first.recorded_at);
    world
        .store_leaf(24, true_leaf.leaf_hash(world.log.log_id()))
        .await;
    let fault = is_wrong(&world.verify(&[]), 24, 20);
    assert_eq!(
        fault["stream"],
        format!("voucher/{}", true_leaf.aggregate_id)
    );
}

async fn two_that_were_swapped_are_named(world: World) {
    sealed(&world).await;
    // Of two streams, so that each stream alone is as it was.
    world
        .tamper(
            "UPDATE {events} SET position = 1000 WHERE position = 24;
         UPDATE {events} SET position = 24 WHERE position = 25;
         UPDATE {events} SET position = 25 WHERE position = 1000",
        )
        .await;
    let fault = is_wrong(&world.verify(&[]), 24, 20);
    assert_eq!(
        fault["stream"],
        stream(&world, 25),
        "the one that stands there now"
    );
}

async fn a_cut_tail_is_named(world: World) {
    sealed(&world).await;
    let last = world.all().await[29].leaf_hash;
    let leaf = world.bytes(&last);
    world
        .tamper(&format!(
            "DELETE FROM {{events}} WHERE position > 30;
         UPDATE {{head}} SET position = 30, leaf_hash = {leaf}"
        ))
        .await;
    let found = world.verify(&[]);
    is_wrong(&found, 31, 20);
    assert_eq!(found.1["report"]["head"], 30);
}

/// Edits an event and makes everything that needs no key agree with it.
async fn recompute(world: &World) {
    world
        .tamper("UPDATE {events} SET payload = '{\"redeemed\":{}}' WHERE position = 7")
        .await;
    let mut tiles = Tiles::default();
    let mut edited = None;
    for mut event in world.all().await.into_iter().take(40) {
        if event.position == 7 {
            event.leaf_hash = event.record.leaf_hash(world.log.log_id());
            edited = Some(event.leaf_hash);
        }
        tiles.push(event.leaf_hash);
    }
    world.store_leaf(7, edited.expect("the seventh")).await;
    for tile in tiles.take_changed(0) {
        let hashes = world.bytes(&tile.to_bytes());
        world
            .tamper_with_seals(&format!(
                "UPDATE {{tiles}} SET hashes = {hashes} WHERE level = 0"
            ))
            .await;
    }
}

async fn recomputed_hashes_are_found_by_the_signature(world: World) {
    world.record(6).await;
    world.seal().await;
    world.record(34).await;
    world.seal().await;
    let kept_tiles = world.file("kept-tiles");
    for tile in world.seals.tiles(vec![(0, 0)]).await.expect("the store") {
        let file = kept_tiles.join(tile.id().to_string());
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(file, tile.to_bytes()).expect("written");
    }
    recompute(&world).await;
    let fault = is_wrong(&world.verify(&[]), 7, 6);
    assert_eq!(fault["until"], 40, "between two checkpoints");
    let kept = kept_tiles.display().to_string();
    let fault = is_wrong(&world.verify(&["--tiles", &kept]), 7, 6);
    assert_eq!(
        (&fault["until"], &fault["stream"]),
        (&7.into(), &stream(&world, 7).into())
    );
}

async fn a_stolen_key_is_found_by_a_kept_checkpoint(world: World) {
    world.record(40).await;
    world.seal().await;
    let kept = world.keep("kept").await;
    recompute(&world).await;
    world
        .tamper_with_seals("DELETE FROM {checkpoints}; DELETE FROM {tiles}")
        .await;
    world.seal().await;
    let (code, report) = world.verify(&[]);
    assert_eq!(code, 0, "with the key, it all agrees: {report:#}");
    let found = world.verify(&["--checkpoint", &kept]);
    is_wrong(&found, 1, 0);
    assert_eq!(found.1["report"]["signed_twice"], true);
}

async fn a_forged_checkpoint_is_found(world: World) {
    sealed(&world).await;
    world
        .tamper_with_seals(
            "UPDATE {checkpoints} SET note = replace(note, 'sospeso', 'sospesa') WHERE size = 40",
        )
        .await;
    let fault = is_wrong(&world.verify(&[]), 21, 20);
    assert!(
        fault["says"].as_str().expect("text").contains("40"),
        "{fault}"
    );
    assert!(
        world.sealer().step().await.is_err(),
        "and nothing is signed on it"
    );
}

/// What `events export` would have written before.
async fn exported(world: &World) -> String {
    let file = world.file("exported.jsonl");
    let lines = world.all().await.into_iter().map(|event| {
        let record = event.record;
        serde_json::json!({
            "position": event.position, "log_id": world.log.log_id(),
            "event_id": record.event_id, "network": record.network,
            "aggregate_type": record.aggregate_type, "aggregate_id": record.aggregate_id,
            "sequence": record.sequence, "event_type": record.event_type,
            "event_version": record.event_version,
            "occurred_at": domain::envelope::instant(record.occurred_at),
            "recorded_at": domain::envelope::instant(record.recorded_at),
            "payload": record.payload, "metadata": record.metadata,
            "leaf_hash": hex::encode(event.leaf_hash),
        })
        .to_string()
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    std::fs::write(&file, text).expect("written");
    file.display().to_string()
}
