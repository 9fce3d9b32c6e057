//! Who may hold a connection, and for how long.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use gateway::serve::{self, Bounds};
use tests::wait::{self, PATIENCE};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// So short that a test sees the end of it.
const SHORT: Duration = Duration::from_millis(300);
const REQUEST: &[u8] = b"GET /small HTTP/1.1\r\nHost: test\r\n\r\n";

/// A server of two pages within these bounds.
struct Served {
    address: std::net::SocketAddr,
    ending: watch::Sender<bool>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Served {
    async fn within(bounds: Bounds) -> Self {
        let large = || async { "x".repeat(64 * 1024 * 1024) };
        let small = || async { "small" };
        let router = Router::new().route("/large", get(large));
        let router = router.route("/small", get(small));
        Self::of(router, bounds).await
    }

    async fn of(router: Router, bounds: Bounds) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (ending, asked) = watch::channel(false);
        let task = tokio::spawn(serve::within(listener, router, asked, bounds));
        Self {
            address,
            ending,
            task,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address)
            .await
            .expect("a connection")
    }

    /// It ends in order when it is asked to.
    async fn end(self) {
        self.ending.send_replace(true);
        let ended = tokio::time::timeout(PATIENCE, self.task).await;
        ended.expect("in time").expect("no panic").expect("served");
    }
}

fn long() -> Bounds {
    Bounds {
        open: 100,
        headers: PATIENCE * 10,
        stalled: PATIENCE * 10,
    }
}

/// Reads until one answer of `/small` is there.
async fn read_small(stream: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"small") {
        let one = tokio::time::timeout(PATIENCE, stream.read_u8()).await;
        read.push(one.expect("an answer in time").expect("an answer"));
    }
    assert!(read.starts_with(b"HTTP/1.1 200"));
}

/// Waits until the other side has closed.
async fn is_closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    // A reset is an end too.
    let _end_or_reset = ended.expect("the end of the connection");
}

#[tokio::test]
async fn headers_that_drip_are_not_waited_for() {
    let bounds = Bounds {
        headers: SHORT,
        ..long()
    };
    let served = Served::within(bounds).await;
    let (mut reader, mut writer) = served.connect().await.into_split();
    let dripping = async {
        let mut line = b"GET /small HTTP/1.1\r\nX: ".to_vec();
        while writer.write_all(&line).await.is_ok() {
            line = b"x".to_vec();
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    let mut rest = Vec::new();
    let closed = reader.read_to_end(&mut rest);
    let first = async {
        tokio::select! { () = dripping => {}, _end = closed => {} }
    };
    tokio::time::timeout(PATIENCE, first)
        .await
        .expect("an end although bytes come");
    served.end().await;
}

#[tokio::test]
async fn a_connection_that_nobody_uses_ends() {
    let bounds = Bounds {
        headers: SHORT,
        ..long()
    };
    let served = Served::within(bounds).await;
    let mut unused = served.connect().await;
    is_closed(&mut unused).await;
    // On a busy machine a request may come too late, and is then not answered.
    let mut used_once = wait::until("a request in time", async || {
        let mut stream = served.connect().await;
        stream.write_all(REQUEST).await.ok()?;
        let first = tokio::time::timeout(PATIENCE, stream.read_u8()).await;
        first.expect("an answer or an end").ok().map(|_| stream)
    })
    .await;
    is_closed(&mut used_once).await;
}

#[tokio::test]
async fn whoever_comes_when_all_places_are_taken_waits_for_one() {
    let served = Served::within(Bounds { open: 1, ..long() }).await;
    let mut first = served.connect().await;
    first.write_all(REQUEST).await.expect("sent");
    read_small(&mut first).await;
    let mut second = served.connect().await;
    second.write_all(REQUEST).await.expect("sent");
    let early = tokio::time::timeout(SHORT, second.read_u8()).await;
    assert!(early.is_err(), "answered although the only place is taken");
    drop(first);
    read_small(&mut second).await;
}

/// The place is free again although the client neither reads nor goes away.
#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_left() {
    let bounds = Bounds {
        open: 1,
        stalled: SHORT,
        ..long()
    };
    let served = Served::within(bounds).await;
    let mut deaf = served.connect().await;
    let large = b"GET /large HTTP/1.1\r\nHost: test\r\n\r\n";
    deaf.write_all(large).await.expect("sent");
    let mut next = served.connect().await;
    next.write_all(REQUEST).await.expect("sent");
    read_small(&mut next).await;
}

#[tokio::test]
async fn at_the_end_the_last_request_is_answered_and_the_unused_connection_closed() {
    let (arrived, mut arrivals) = watch::channel(0);
    let go_on = watch::Sender::new(false);
    let waits = go_on.subscribe();
    let slow = move || {
        let (arrived, mut waits) = (arrived.clone(), waits.clone());
        async move {
            arrived.send_modify(|count| *count += 1);
            let _told = waits.wait_for(|go_on| *go_on).await;
            "small"
        }
    };
    let router = Router::new().route("/small", get(slow));
    let served = Served::of(router, long()).await;
    let mut unused = served.connect().await;
    let mut asking = served.connect().await;
    asking.write_all(REQUEST).await.expect("sent");
    arrivals.wait_for(|count| *count == 1).await.expect("asked");
    served.ending.send(true).expect("it listens");
    is_closed(&mut unused).await;
    go_on.send(true).expect("it waits");
    read_small(&mut asking).await;
    is_closed(&mut asking).await;
    served.end().await;
}

#[test]
fn a_process_has_room_for_many() {
    assert!(Bounds::of_process().open >= 100);
}
