//! The sealer dies before and after every call of its store and of the log, and goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use commands::evidence::ports::{Seals, SignedCheckpoint, TileReader};
use commands::evidence::proofs;
use commands::evidence::sealer::{Sealer, Step};
use commands::log::LogError;
use domain::evidence::proof::verify_consistency;
use domain::evidence::tile::Tile;
use futures::future::BoxFuture;

use super::on_both;
use super::sealing::edge;
use super::world::World;

on_both!(it_goes_on_after_a_crash_at_any_step);

/// A store that answers so often and then no more, as a process that died hears no answer. The
/// call at which it dies is done or not.
struct Dying {
    seals: Arc<dyn Seals>,
    left: AtomicUsize,
    done: bool,
}

impl Dying {
    async fn call<T>(&self, call: BoxFuture<'_, Result<T, LogError>>) -> Result<T, LogError> {
        let left = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_sub(1))
            });
        match left {
            Ok(1) if self.done => {
                call.await?;
                Err(LogError::Unavailable)
            }
            Ok(0 | 1) => Err(LogError::Unavailable),
            Ok(_) | Err(_) => call.await,
        }
    }
}

impl TileReader for Dying {
    fn tiles(&self, ids: Vec<(u8, u64)>) -> BoxFuture<'_, Result<Vec<Tile>, LogError>> {
        Box::pin(self.call(self.seals.tiles(ids)))
    }
}

impl Seals for Dying {
    fn last(&self) -> BoxFuture<'_, Result<Option<SignedCheckpoint>, LogError>> {
        Box::pin(self.call(self.seals.last()))
    }

    fn after(
        &self,
        size: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<SignedCheckpoint>, LogError>> {
        Box::pin(self.call(self.seals.after(size, limit)))
    }

    fn save(
        &self,
        old_size: u64,
        tiles: Vec<Tile>,
        checkpoint: SignedCheckpoint,
    ) -> BoxFuture<'_, Result<bool, LogError>> {
        Box::pin(self.call(self.seals.save(old_size, tiles, checkpoint)))
    }

    fn add_cosignature(&self, size: u64, line: String) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(self.call(self.seals.add_cosignature(size, line)))
    }
}

async fn it_goes_on_after_a_crash_at_any_step(world: World) {
    let mut died = 0;
    for done in [false, true] {
        for calls in 1.. {
            // Past the width of a tile now and then.
            world.record(37).await;
            if survives(&world, calls, done).await {
                break;
            }
            died += 1;
            goes_on(&world).await;
        }
    }
    assert!(
        died >= 8,
        "it died {died} times: at last, tiles, leaf and save"
    );
    is_one_history(&world).await;
}

/// Whether a step came to its end with so many calls of the store.
async fn survives(world: &World, calls: usize, done: bool) -> bool {
    let dying = Arc::new(Dying {
        seals: Arc::clone(&world.seals),
        left: AtomicUsize::new(calls),
        done,
    });
    let (log, leadership) = (Arc::clone(&world.log), Arc::clone(&world.leadership));
    let sealer = Sealer::new(log, dying, leadership, world.key.clone());
    sealer.step().await.is_ok()
}

async fn goes_on(world: &World) {
    let step = world.sealer().step().await.expect("it goes on");
    assert_ne!(step, Step::More, "fewer than a batch");
    let last = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    let edge = edge(world).await;
    assert_eq!((last.size, last.root), (edge.size(), edge.root()));
}

/// Every checkpoint follows on the one before.
async fn is_one_history(world: &World) {
    let all = world.seals.after(0, 1_000).await.expect("the store");
    assert!(all.len() > 4);
    for pair in all.windows(2) {
        let (old, new) = (&pair[0], &pair[1]);
        let proof = proofs::consistency(&*world.seals, old.size, new.size)
            .await
            .expect("a proof");
        let follows = verify_consistency(old.size, &old.root, new.size, &new.root, &proof);
        assert_eq!(follows, Ok(()), "{} to {}", old.size, new.size);
    }
}
