use commands::log::EventLog as _;
use infra::nats::wake::hints;
use tests::outside;
use tests::servers::nats;

use super::{fresh, record, run, target};

#[tokio::test]
async fn a_client_in_another_language_reads_the_acts_as_cloud_events() {
    let (_database, log) = fresh().await;
    let target = target(nats().url());
    record(&log, 5).await;
    let relay = run(&log, &target);
    relay.reaches(5).await;

    let stream = target.stream.clone();
    let reading = tokio::task::spawn_blocking(move || {
        outside::python("follow", &[nats().url(), &stream, "5"])
    });
    let messages = reading.await.expect("a thread");
    let events = log.read(0, 5).await.expect("the log");
    for (message, event) in messages.iter().zip(&events) {
        let headers = &message["headers"];
        assert_eq!(message["sequence"], event.position);
        assert_eq!(message["body"], event.record.payload);
        let subject = format!("{}.praha.voucher.redeemed", target.prefix);
        assert_eq!(message["subject"], subject);
        assert_eq!(headers["ce-specversion"], "1.0");
        assert_eq!(headers["ce-id"], event.record.event_id.to_string());
        assert_eq!(
            headers["ce-source"],
            format!("/sospeso/{}/praha", log.log_id())
        );
        assert_eq!(headers["ce-type"], "voucher.redeemed");
        assert_eq!(headers["ce-subject"], event.record.aggregate_id.to_string());
        assert_eq!(headers["ce-time"], "2025-11-20T08:15:00.000001Z");
        assert_eq!(headers["ce-datacontenttype"], "application/json");
        assert_eq!(headers["ce-leafhash"], hex::encode(event.leaf_hash));
    }
    assert_eq!(messages.len(), events.len());
}

#[tokio::test]
async fn workers_elsewhere_are_woken() {
    let (_database, log) = fresh().await;
    let target = target(nats().url());
    let relay = run(&log, &target);
    relay.reaches(0).await;
    let mut hints = hints(&target).await.expect("a subscription");
    // The subscription may reach the server after the first message; a later one tells as much.
    let woken = async {
        hints
            .wait_for(|position| *position > 0)
            .await
            .map(|position| *position)
    };
    let recording = async {
        loop {
            record(&log, 1).await;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        position = woken => assert!(position.expect("open") > 0),
        () = recording => (),
    }
}
