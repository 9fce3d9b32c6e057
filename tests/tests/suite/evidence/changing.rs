//! The log's key is changed: both sign for a while, and the history goes on.

use commands::evidence::key::LogKey;
use commands::evidence::sealer::{Halt, Trouble};

use super::on_both;
use super::world::World;

on_both!(
    the_history_goes_on_with_another_key,
    a_key_that_nobody_announced_signs_nothing
);

/// The key of the world's log that comes after its own.
fn next(world: &World) -> LogKey {
    LogKey::new(world.key.origin(), &[8; 32]).expect("a key")
}

async fn the_history_goes_on_with_another_key(mut world: World) {
    let (old, new) = (world.key.clone(), next(&world));
    world.record(10).await;
    world.seal().await;
    let both = LogKey::changing(world.key.origin(), &[8; 32], &[7; 32]);
    world.key = both.expect("a key");
    world.record(10).await;
    world.seal().await;
    let [old_key, new_key] = [&old, &new].map(|key| key.verifier().to_string());
    let kept = world.keep("kept").await;
    // While both sign, whoever knows one of them can go on.
    for key in [&old, &new] {
        let last = world.seals.last().await.expect("the store");
        assert_eq!(key.check(&last.expect("a checkpoint")), Ok(()));
    }
    world.key = old.clone();
    let (code, report) = world.verify(&["--checkpoint", &kept]);
    assert_eq!(code, 0, "the old key signed all so far: {report:#}");

    world.key = new;
    world.record(10).await;
    world.seal().await;
    let (code, report) = world.verify(&["--key", &old_key, "--checkpoint", &kept]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["report"]["sound_up_to"], 30, "{report:#}");
    assert_eq!(report["report"]["checkpoints"], 4, "three stored, one kept");
    let (code, report) = world.verify(&[]);
    assert_eq!(
        code, 3,
        "{new_key} alone did not sign the first: {report:#}"
    );
    let says = report["report"]["fault"]["says"].as_str().expect("a text");
    assert!(says.contains("10 events is not signed"), "{says}");
}

async fn a_key_that_nobody_announced_signs_nothing(mut world: World) {
    world.record(10).await;
    world.seal().await;
    world.key = next(&world);
    world.record(1).await;
    let halted = world.sealer().step().await;
    assert!(
        matches!(
            halted,
            Err(Halt::Trouble(Trouble::Checkpoint { size: 10, .. }))
        ),
        "{halted:?}"
    );
}
