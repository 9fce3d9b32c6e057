//! The sealer: it follows the log, and signs nothing that does not follow on what it signed.

use commands::evidence::proofs;
use commands::evidence::sealer::{BATCH, Halt, SealerState, Step, Trouble};
use domain::evidence::proof::{verify_consistency, verify_inclusion};
use domain::evidence::tree::Edge;
use tests::wait;
use tokio::sync::watch;

use super::on_both;
use super::world::World;

on_both!(
    it_seals_what_is_appended_and_proves_it,
    more_than_a_batch_is_sealed_without_a_pause,
    an_event_that_was_changed_before_it_was_sealed_stops_it,
    an_event_that_is_missing_before_it_was_sealed_stops_it,
    a_log_that_was_cut_off_stops_it,
    a_log_that_was_restored_and_went_on_stops_it,
    a_last_event_that_is_another_stops_it,
    it_runs_until_it_is_asked_to_end,
);

/// The tree of all leaf hashes of the log.
pub async fn edge(world: &World) -> Edge {
    let mut edge = Edge::default();
    for event in world.all().await {
        edge.push(event.leaf_hash, |_, _| {});
    }
    edge
}

async fn it_seals_what_is_appended_and_proves_it(world: World) {
    assert_eq!(world.sealer().step().await, Ok(Step::Idle));
    assert_eq!(
        world.seals.last().await,
        Ok(None),
        "nothing is sealed of nothing"
    );
    world.record(300).await;
    assert_eq!(world.sealer().step().await, Ok(Step::Sealed));
    let first = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    assert_eq!((first.size, first.root), (300, edge(&world).await.root()));
    assert_eq!(world.sealer().check().await, Ok(300));
    world.record(250).await;
    assert_eq!(world.sealer().step().await, Ok(Step::Sealed));
    assert_eq!(world.sealer().step().await, Ok(Step::Idle));
    let second = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    assert_eq!(second.root, edge(&world).await.root());
    assert_eq!(world.key.check(&second), Ok(()));

    let proof = proofs::consistency(&*world.seals, 300, 550)
        .await
        .expect("a proof");
    assert_eq!(
        verify_consistency(300, &first.root, 550, &second.root, &proof),
        Ok(())
    );
    let events = world.all().await;
    for (index, event) in (0..).zip(&events) {
        let proof = proofs::inclusion(&*world.seals, index, 550)
            .await
            .expect("a proof");
        let included = verify_inclusion(&event.leaf_hash, index, 550, &proof, &second.root);
        assert_eq!(included, Ok(()), "{index}");
    }
    assert_eq!(proofs::root(&*world.seals, 300).await, Ok(first.root));
    const { assert!(BATCH >= 550, "one batch, one checkpoint") };
}

/// Whoever watches is told of each batch, and of nothing else.
async fn more_than_a_batch_is_sealed_without_a_pause(world: World) {
    let batch = i64::try_from(BATCH).expect("small");
    world.record(2 * batch).await;
    let sealer = world.sealer();
    let mut status = sealer.status();
    let has_changed = |status: &watch::Receiver<_>| status.has_changed().expect("a sealer");
    for (step, size) in [(Step::More, BATCH), (Step::More, 2 * BATCH)] {
        assert_eq!(sealer.step().await, Ok(step));
        assert!(has_changed(&status));
        assert_eq!(
            status.borrow_and_update().size,
            u64::try_from(size).expect("small")
        );
    }
    assert_eq!(sealer.step().await, Ok(Step::Idle));
    assert!(!has_changed(&status));
}

async fn an_event_that_was_changed_before_it_was_sealed_stops_it(world: World) {
    stops_before_it_seals(
        &world,
        23,
        "UPDATE {events} SET payload = '[]' WHERE position = 23",
    )
    .await;
}

async fn an_event_that_is_missing_before_it_was_sealed_stops_it(world: World) {
    stops_before_it_seals(&world, 22, "DELETE FROM {events} WHERE position = 22").await;
}

async fn stops_before_it_seals(world: &World, position: i64, tampered: &str) {
    world.record(20).await;
    world.seal().await;
    world.record(5).await;
    world.tamper(tampered).await;
    let trouble = Trouble::Event { position };
    assert_eq!(world.sealer().step().await, Err(trouble.into()));
}

async fn a_log_that_was_cut_off_stops_it(world: World) {
    world.record(20).await;
    world.seal().await;
    world
        .tamper("DELETE FROM {events} WHERE position > 15; UPDATE {head} SET position = 15")
        .await;
    let trouble = Trouble::Shorter {
        head: 15,
        size: 20,
        position: 16,
    };
    assert!(trouble.to_string().contains("16"));
    assert_eq!(world.sealer().step().await, Err(Halt::Trouble(trouble)));
    let last = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    assert_eq!(last.size, 20, "it signed nothing");
}

/// As many events as were sealed, and the last of them is not what it was.
async fn a_last_event_that_is_another_stops_it(world: World) {
    world.record(300).await;
    world.seal().await;
    world.store_leaf(300, [7; 32]).await;
    let trouble = Trouble::Other {
        size: 300,
        position: 300,
    };
    assert_eq!(world.sealer().step().await, Err(trouble.into()));
}

async fn a_log_that_was_restored_and_went_on_stops_it(world: World) {
    world.record(20).await;
    world.seal().await;
    world
        .tamper("DELETE FROM {events} WHERE position > 11; UPDATE {head} SET position = 11")
        .await;
    // What happened after the restore is not what happened the first time.
    world
        .tamper(
            "INSERT INTO {events} (position, network, aggregate_type, aggregate_id, sequence,
             event_type, event_version, payload, metadata, event_id, occurred_at, recorded_at,
             leaf_hash)
         SELECT position + 11, 'praha', aggregate_type,
             '00000000-0000-4000-8000-0000000000' || (position + 10), 1, event_type, event_version,
             payload, metadata, event_id, occurred_at, recorded_at, leaf_hash
         FROM {events} WHERE position < 12; UPDATE {head} SET position = 22",
        )
        .await;
    let trouble = Trouble::Other {
        size: 20,
        position: 12,
    };
    assert_eq!(world.sealer().step().await, Err(Halt::Trouble(trouble)));

    let sealer = world.sealer();
    let mut status = sealer.status();
    let (end, ended) = watch::channel(false);
    let running = tokio::spawn(sealer.run(ended));
    let stopped = |status: &commands::evidence::sealer::SealerStatus| {
        matches!(
            status.state,
            SealerState::Stopped(Trouble::Other { position: 12, .. })
        )
    };
    let seen = tokio::time::timeout(wait::PATIENCE, status.wait_for(stopped)).await;
    assert!(seen.is_ok(), "everybody sees that it stopped");
    end.send(true).expect("it listens");
    running.await.expect("an end");
}

async fn it_runs_until_it_is_asked_to_end(world: World) {
    let sealer = world.sealer();
    let mut status = sealer.status();
    let (end, ended) = watch::channel(false);
    let running = tokio::spawn(sealer.run(ended));
    world.record(5).await;
    let all_five = status.wait_for(|status| status.size == 5);
    let all_five = tokio::time::timeout(wait::PATIENCE, all_five)
        .await
        .expect("in time");
    assert_eq!(all_five.expect("a sealer").state, SealerState::Sealing);
    let rival = world
        .leadership
        .try_lead("sealer".to_owned())
        .await
        .expect("an answer");
    assert!(rival.is_none(), "one leads");
    world.record(2).await;
    end.send(true).expect("it listens");
    running.await.expect("an end");
    let last = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    assert_eq!(last.size, 7, "what was appended by then is sealed");
}
