//! Checkpoints outside the database: every outlet on its own, and none in the way of sealing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use commands::evidence::ports::{Outlet, OutletError, SignedCheckpoint};
use commands::evidence::publisher::Publisher;
use futures::future::BoxFuture;
use infra::nats::stream::Target;
use infra::outlets::{FileOutlet, NatsOutlet};
use tests::servers::nats;
use tests::wait;
use tokio::sync::watch;

use super::world::World;

/// An outlet that is away until it is told to be there.
struct Broken(Arc<AtomicBool>);

impl Outlet for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn publish<'a>(
        &'a self,
        _checkpoint: &'a SignedCheckpoint,
    ) -> BoxFuture<'a, Result<(), OutletError>> {
        let there = self.0.load(Ordering::Relaxed);
        let answer = if there {
            Ok(())
        } else {
            Err(OutletError("away".to_owned()))
        };
        Box::pin(async { answer })
    }
}

#[tokio::test]
async fn a_broken_outlet_holds_up_neither_sealing_nor_another() {
    let world = World::sqlite().await;
    let folder = world.file("checkpoints");
    std::fs::create_dir(&folder).expect("a folder");
    let sealer = world.sealer();
    let there = Arc::new(AtomicBool::new(false));
    let outlets: [Arc<dyn Outlet>; 2] = [
        Arc::new(FileOutlet::new(&folder)),
        Arc::new(Broken(Arc::clone(&there))),
    ];
    let publishers =
        outlets.map(|outlet| Publisher::new(Arc::clone(&world.seals), outlet, sealer.status()));
    let [mut file, mut broken] = [publishers[0].status(), publishers[1].status()];
    let tasks: Vec<_> = publishers
        .into_iter()
        .map(|it| tokio::spawn(it.run()))
        .collect();
    let (end, ended) = watch::channel(false);
    let sealing = tokio::spawn(sealer.run(ended));
    world.record(5).await;
    let taken = tokio::time::timeout(wait::PATIENCE, file.wait_for(|it| it.size == 5)).await;
    assert!(taken.is_ok(), "the file");
    let text = std::fs::read_to_string(folder.join("000000000005.checkpoint")).expect("a file");
    let last = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    assert_eq!(text, last.text());
    let fails = broken.wait_for(|it| it.trouble.as_deref() == Some("away"));
    assert!(
        tokio::time::timeout(wait::PATIENCE, fails).await.is_ok(),
        "its trouble is seen"
    );
    there.store(true, Ordering::Relaxed);
    let mends = broken.wait_for(|it| it.size == 5 && it.trouble.is_none());
    assert!(
        tokio::time::timeout(wait::PATIENCE, mends).await.is_ok(),
        "it is tried again"
    );
    end.send(true).expect("it listens");
    sealing.await.expect("an end");
    for task in tasks {
        task.await.expect("publishers end with the sealer");
    }
}

#[tokio::test]
async fn nats_keeps_checkpoints_in_a_stream_of_their_own() {
    let world = World::sqlite().await;
    world.record(3).await;
    world.seal().await;
    let last = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    let outlet = NatsOutlet::new(Target::new(nats().url()), world.log.log_id());
    outlet.publish(&last).await.expect("published");
    outlet
        .publish(&last)
        .await
        .expect("the same again is no other message");
    let client = async_nats::connect(nats().url())
        .await
        .expect("a connection");
    let context = async_nats::jetstream::new(client);
    let stream = context
        .get_stream("sospeso-checkpoints")
        .await
        .expect("the stream");
    let subject = format!("sospeso-checkpoints.{}", world.log.log_id());
    let message = stream
        .get_last_raw_message_by_subject(&subject)
        .await
        .expect("a message");
    assert_eq!(String::from_utf8_lossy(&message.payload), last.text());
    let mut stream = stream;
    let info = stream.info().await.expect("info");
    assert!(
        !info
            .config
            .subjects
            .iter()
            .any(|subject| subject.starts_with("sospeso."))
    );
}
