//! A hint for workers on other machines that the log has grown.

use futures::StreamExt as _;
use tokio::sync::watch;

use super::message::POSITION;
use super::stream::{Away, Target, client};

/// Hears of new positions until nobody holds the receiver. It is no more than a hint: whoever is
/// woken reads the log, and polls slowly besides.
pub async fn hints(target: &Target) -> Result<watch::Receiver<i64>, Away> {
    let client = client(target, "sospeso worker").await?;
    let subject = format!("{}.>", target.prefix);
    let mut messages = client.subscribe(subject).await.map_err(Away::from)?;
    let (head, receiver) = watch::channel(0);
    tokio::spawn(async move {
        while let Some(message) = messages.next().await {
            let position = message
                .headers
                .as_ref()
                .and_then(|headers| headers.get(POSITION));
            let position = position.and_then(|position| position.as_str().parse().ok());
            head.send_if_modified(|head| {
                let higher = position.is_some_and(|position: i64| position > *head);
                *head = position.unwrap_or(0).max(*head);
                higher
            });
            if head.is_closed() {
                return;
            }
        }
    });
    Ok(receiver)
}
