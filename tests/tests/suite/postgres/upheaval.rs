use std::time::Duration;

use commands::log::{Append, Appended, EventLog, KeptAnswer, LogError};
use commands::reaction::ports::{Checkpoint, Checkpoints, Leadership as _};
use futures::future::join_all;
use infra::postgres::PgLog;
use tests::servers::Postgres;
use tests::wait::until;

use super::{fresh, stream, writes};

#[tokio::test]
async fn a_server_that_comes_back_needs_no_restart_of_ours() {
    let mut server = Postgres::start();
    let database = server.database().await;
    let log = PgLog::connect(database.owner_url()).await.expect("a log");
    let lead = log
        .try_lead("relay".to_owned())
        .await
        .expect("an answer")
        .expect("the only one");
    log.append(writes(log.log_id(), stream(1), 0, 1))
        .await
        .expect("an answer");
    assert!(lead.still_held().await);

    server.kill();
    assert_eq!(
        log.append(writes(log.log_id(), stream(1), 1, 1)).await,
        Err(LogError::Unavailable)
    );
    assert_eq!(log.read(0, 1).await, Err(LogError::Unavailable));
    assert!(!lead.still_held().await);

    // Nobody waits for the others in turn.
    let many = (0..64).map(|n| {
        let answer = KeptAnswer {
            command_id: uuid::Uuid::from_u128(n),
            request_hash: String::new(),
            body: String::new(),
            for_ever: false,
            position: 0,
        };
        log.append(Append {
            answer: Some(answer),
            ..writes(log.log_id(), stream(100 + n), 0, 1)
        })
    });
    let answered = tokio::time::timeout(Duration::from_secs(30), join_all(many));
    for answer in answered.await.expect("soon") {
        assert_eq!(answer, Err(LogError::Unavailable));
    }
    let many = (0..1_000).map(|n| EventLog::load(&log, stream(n), 0));
    let answered = tokio::time::timeout(Duration::from_secs(10), join_all(many));
    for answer in answered.await.expect("soon") {
        assert_eq!(answer, Err(LogError::Unavailable));
    }

    server.restart();
    let answer = until("the log to answer again", async || {
        log.append(writes(log.log_id(), stream(1), 1, 1)).await.ok()
    });
    assert_eq!(answer.await, Appended::Done { position: 2 });
    let events = EventLog::load(&log, stream(1), 0).await;
    assert_eq!(events.expect("a stream").len(), 2);
    let mut changes = log.changes();
    let other = PgLog::connect(database.owner_url()).await.expect("a log");
    other
        .append(writes(log.log_id(), stream(1), 2, 1))
        .await
        .expect("an answer");
    changes
        .wait_for(|head| *head == 3)
        .await
        .expect("woken by another process");
    drop(database);
}

#[tokio::test]
async fn one_leads_until_it_lets_go() {
    let (database, log) = fresh().await;
    let other = PgLog::connect(database.owner_url()).await.expect("a log");
    let lead = log
        .try_lead("relay".to_owned())
        .await
        .expect("an answer")
        .expect("the first");
    assert!(
        other
            .try_lead("relay".to_owned())
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(
        other
            .try_lead("expiry".to_owned())
            .await
            .expect("an answer")
            .is_some()
    );
    drop(lead);
    until("the lock to be free", async || {
        other.try_lead("relay".to_owned()).await.expect("an answer")
    })
    .await;
}

#[tokio::test]
async fn checkpoints_are_kept() {
    let (_database, log) = fresh().await;
    assert_eq!(Checkpoints::load(&log, "expiry".to_owned()).await, Ok(None));
    for position in [3, 7] {
        let checkpoint = Checkpoint {
            position,
            leaf_hash: [7; 32],
        };
        log.save("expiry".to_owned(), checkpoint)
            .await
            .expect("saved");
        assert_eq!(
            Checkpoints::load(&log, "expiry".to_owned()).await,
            Ok(Some(checkpoint))
        );
    }
}
