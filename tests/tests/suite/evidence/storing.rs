//! What both stores of tiles and checkpoints must do.

use commands::evidence::ports::SignedCheckpoint;
use domain::evidence::tile::{Tile, Tiles};

use super::on_both;
use super::world::World;

on_both!(
    one_of_two_that_follow_on_the_same_is_kept,
    tiles_grow_with_their_checkpoint,
    cosignatures_stand_in_their_order,
    nothing_that_was_signed_is_changed,
);

fn grown(from: u64, to: u64, world: &World) -> (Vec<Tile>, SignedCheckpoint) {
    let mut tiles = Tiles::default();
    for leaf in 0..to {
        tiles.push([u8::try_from(leaf % 251).expect("small"); 32]);
    }
    (tiles.take_changed(from), world.key.sign(to, tiles.root()))
}

async fn one_of_two_that_follow_on_the_same_is_kept(world: World) {
    let seals = &world.seals;
    assert_eq!(seals.last().await, Ok(None));
    let (first, second) = (grown(0, 3, &world), grown(0, 5, &world));
    let (one, other) = tokio::join!(
        seals.save(0, first.0, first.1.clone()),
        seals.save(0, second.0.clone(), second.1.clone())
    );
    let (one, other) = (one.expect("the store"), other.expect("the store"));
    assert!(one ^ other, "exactly one: {one} {other}");
    let last = seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    assert_eq!(last, if one { first.1 } else { second.1 });
    let later = grown(last.size, 9, &world);
    assert_eq!(
        seals
            .save(last.size + 1, later.0.clone(), later.1.clone())
            .await,
        Ok(false)
    );
    assert_eq!(
        seals.save(last.size, later.0, later.1.clone()).await,
        Ok(true)
    );
    let after = seals.after(0, 10).await.expect("the store");
    assert_eq!(after, [last, later.1]);
    assert_eq!(seals.after(9, 10).await, Ok(Vec::new()));
}

async fn tiles_grow_with_their_checkpoint(world: World) {
    let mut size = 0;
    for to in [1, 255, 256, 257, 600, 1025] {
        let (tiles, checkpoint) = grown(size, to, &world);
        assert_eq!(world.seals.save(size, tiles, checkpoint).await, Ok(true));
        size = to;
        let ids = Tiles::open_at(size)
            .map(|id| (id.level, id.index))
            .collect();
        let stored = world.seals.tiles(ids).await.expect("the store");
        let resumed = Tiles::resume(size, &stored).expect("a whole tree");
        let last = world
            .seals
            .last()
            .await
            .expect("the store")
            .expect("a checkpoint");
        assert_eq!(resumed.root(), last.root, "{size}");
    }
    let (tiles, checkpoint) = grown(size, 2000, &world);
    assert_eq!(world.seals.save(1024, tiles, checkpoint).await, Ok(false));
    let untouched = world.seals.tiles(vec![(0, 7)]).await;
    assert_eq!(untouched, Ok(Vec::new()), "all or nothing");
}

async fn cosignatures_stand_in_their_order(world: World) {
    let (tiles, checkpoint) = grown(0, 3, &world);
    assert_eq!(
        world.seals.save(0, tiles, checkpoint.clone()).await,
        Ok(true)
    );
    for line in ["\u{2014} z AAAA", "\u{2014} a BBBB", "\u{2014} z AAAA"] {
        assert_eq!(
            world.seals.add_cosignature(3, line.to_owned()).await,
            Ok(())
        );
    }
    let last = world
        .seals
        .last()
        .await
        .expect("the store")
        .expect("a checkpoint");
    assert_eq!(last.cosignatures, ["\u{2014} z AAAA", "\u{2014} a BBBB"]);
    let expected = format!("{}\u{2014} z AAAA\n\u{2014} a BBBB\n", checkpoint.note);
    assert_eq!(last.text(), expected);
}

async fn nothing_that_was_signed_is_changed(world: World) {
    let (tiles, checkpoint) = grown(0, 300, &world);
    assert_eq!(world.seals.save(0, tiles, checkpoint).await, Ok(true));
    for sql in [
        "UPDATE {checkpoints} SET note = 'other'",
        "DELETE FROM {checkpoints}",
        "DELETE FROM {tiles}",
        "UPDATE {tiles} SET hashes = substr(hashes, 1, 32)",
        "UPDATE {tiles} SET level = level + 1",
    ] {
        assert!(world.refused(sql).await, "{sql}");
    }
    assert!(!world.refused("SELECT * FROM {checkpoints}").await);
}
