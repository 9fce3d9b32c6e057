//! Waking readers: the log's NOTIFY, and a slow poll, because a notification may be lost.

use std::sync::Weak;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};

use crate::group_commit::GroupCommit;

/// How often somebody looks without having been called.
const POLL: Duration = Duration::from_secs(1);

/// Tells `queue` of every head that any process reaches, until the queue is gone.
pub(super) async fn follow(listeners: PgPool, readers: PgPool, queue: Weak<GroupCommit>) {
    loop {
        if let Err(error) = listen(&listeners, &readers, &queue).await {
            tracing::warn!(%error, "the notifications of the log are away; polling goes on");
        }
        if queue.strong_count() == 0 {
            return;
        }
        // The connection is lost: look, wait, connect again.
        tokio::time::sleep(POLL).await;
        look(&readers, &queue).await;
    }
}

async fn listen(
    listeners: &PgPool,
    readers: &PgPool,
    queue: &Weak<GroupCommit>,
) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(listeners).await?;
    listener.listen("sospeso_log").await?;
    while queue.strong_count() > 0 {
        match tokio::time::timeout(POLL, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => {
                if let (Some(queue), Ok(head)) = (queue.upgrade(), notification.payload().parse()) {
                    queue.saw(head);
                }
            }
            // Connected anew, or nothing heard for a while: something may have been missed.
            Ok(Ok(None)) | Err(_) => look(readers, queue).await,
            Ok(Err(error)) => return Err(error),
        }
    }
    Ok(())
}

async fn look(readers: &PgPool, queue: &Weak<GroupCommit>) {
    let head = sqlx::query_scalar("SELECT position FROM log.head");
    // That the database is away is said once, by the listener.
    if let (Ok(head), Some(queue)) = (head.fetch_one(readers).await, queue.upgrade()) {
        queue.saw(head);
    }
}
