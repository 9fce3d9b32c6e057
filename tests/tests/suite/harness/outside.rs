use async_nats::HeaderMap;
use async_nats::jetstream::{self, stream};
use tests::outside;
use tests::servers::{nats, unique_name};

#[tokio::test]
async fn a_python_client_reads_a_stream_with_its_headers() {
    let name = unique_name("outside");
    let context = jetstream::new(
        async_nats::connect(nats().url())
            .await
            .expect("a connection"),
    );
    let subjects = vec![format!("{name}.>")];
    let config = stream::Config {
        name: name.clone(),
        subjects,
        ..stream::Config::default()
    };
    context.create_stream(config).await.expect("a stream");
    for act in ["prepaid", "redeemed"] {
        let mut headers = HeaderMap::new();
        headers.insert("ce-type", act);
        let body = format!("{{\"{act}\":{{}}}}");
        let sent = context.publish_with_headers(format!("{name}.{act}"), headers, body.into());
        sent.await.expect("sent").await.expect("an acknowledgement");
    }
    let reading =
        tokio::task::spawn_blocking(move || outside::python("follow", &[nats().url(), &name, "2"]));
    let messages = reading.await.expect("a thread");
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["headers"]["ce-type"], "prepaid");
    assert_eq!(messages[1]["sequence"], 2);
    assert_eq!(messages[1]["body"], "{\"redeemed\":{}}");
}
