//! Checkpoints and leadership.

use commands::reaction::ports::Checkpoint;

use super::Harness;

pub async fn checkpoints_are_kept(harness: &impl Harness) {
    let handle = harness.open().await;
    let load = |name: &str| handle.checkpoints.load(name.to_owned());
    assert_eq!(load("expiry").await, Ok(None));
    for position in [1, 2, 7] {
        let checkpoint = Checkpoint {
            position,
            leaf_hash: [u8::try_from(position).expect("small"); 32],
        };
        let saved = handle.checkpoints.save("expiry".into(), checkpoint).await;
        assert_eq!(saved, Ok(()));
        assert_eq!(load("expiry").await, Ok(Some(checkpoint)));
        assert_eq!(load("claims").await, Ok(None));
    }
}

pub async fn one_leads(harness: &impl Harness) {
    let (one, other) = (harness.open().await, harness.open().await);
    let lead = async |handle: &super::Handle, job: &str| {
        let tried = handle.leadership.try_lead(job.to_owned());
        tried.await.expect("a try")
    };
    let leader = lead(&one, "relay").await.expect("nobody");
    assert!(leader.still_held().await);
    assert!(lead(&other, "relay").await.is_none());
    assert!(lead(&one, "relay").await.is_none());
    assert!(lead(&other, "expiry").await.is_some());
    drop(leader);
    let next = tests::wait::until("the next leader", async || lead(&other, "relay").await);
    assert!(next.await.still_held().await);
}
