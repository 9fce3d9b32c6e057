use async_nats::jetstream::{self, stream};
use tests::servers::{NatsServer, nats, unique_name};

async fn publish(url: &str, name: &str) -> u64 {
    let context = jetstream::new(async_nats::connect(url).await.expect("a connection"));
    let config = stream::Config {
        name: name.to_owned(),
        subjects: vec![format!("{name}.>")],
        ..stream::Config::default()
    };
    context
        .get_or_create_stream(config)
        .await
        .expect("a stream");
    let sent = context
        .publish(format!("{name}.redeemed"), "{}".into())
        .await
        .expect("sent");
    sent.await.expect("an acknowledgement").sequence
}

#[tokio::test]
async fn the_shared_server_acknowledges_into_a_stream() {
    let name = unique_name("harness");
    assert_eq!(publish(nats().url(), &name).await, 1);
    assert_eq!(publish(nats().url(), &name).await, 2);
}

#[tokio::test]
async fn a_private_server_keeps_its_store_over_stop_and_start() {
    let store = tempfile::tempdir().expect("a folder");
    let mut server = NatsServer::start(store.path(), None);
    let name = unique_name("harness");
    assert_eq!(publish(&server.url(), &name).await, 1);
    server.stop();
    assert!(async_nats::connect(server.url()).await.is_err());
    server.restart();
    assert_eq!(publish(&server.url(), &name).await, 2);
}

#[tokio::test]
async fn a_killed_server_is_gone_and_can_be_started_again_on_its_port() {
    let store = tempfile::tempdir().expect("a folder");
    let mut server = NatsServer::start(store.path(), None);
    let port = server.port();
    server.kill();
    assert!(async_nats::connect(server.url()).await.is_err());
    server.restart();
    assert_eq!(server.port(), port);
    assert_eq!(publish(&server.url(), &unique_name("harness")).await, 1);
}
