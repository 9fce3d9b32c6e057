//! PostgreSQL crashes, is killed, and stays away: told at once, nothing lost, nobody restarts us.

use serde_json::Value;
use tests::app::NETWORK;
use tests::client::Client;
use tests::installation::{Gateway, Installation};
use tests::servers::Postgres;
use tests::wait;

use super::experiment::Experiment;
use super::extent::times;
use super::town::Town;

const CLIENTS: usize = 6;
const MOST: u64 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_crashes_and_is_away_under_load() {
    let rounds = times(1, 10, 50);
    let mut server = Postgres::start();
    let database = server.database().await;
    let town = Installation::found(Some(database.owner_url()), None);
    let gateway = town.serve();
    let readers = Readers::of(&town, &gateway).await;
    let mut it = Experiment::begin(&town, &gateway, CLIENTS).await;
    for round in 0..rounds * 2 {
        let running = it.start_and_answer(&gateway, MOST).await;
        let board = gateway.operator().get("/voucher-board").await;
        assert_eq!(board.header("cache-status"), "");
        board.done();
        readers.read().await;
        if round % 2 == 0 {
            server.kill();
        } else {
            server.slay();
        }
        told_to_come_again(&gateway, &it.load.town).await;
        readers.are_told().await;
        server.restart();
        works_again(&gateway, &it.load.town).await;
        it.settle(running.stop().await, &gateway).await;
    }
    assert!(gateway.end(), "it ends in order");
    let how_often = format!("{rounds} x immediate, {rounds} x kill -9");
    let what = "PostgreSQL crashes and is away";
    it.holds(what, "PostgreSQL", &how_often);
}

/// Writes and reads say so at once, and when to come again: `unavailable`, against `timeout`, means
/// that nobody waited for the server. What was read a moment ago is given once more, and says so.
async fn told_to_come_again(gateway: &Gateway, town: &Town) {
    let operator = gateway.operator();
    let act = operator.post("/prepayments", town.coffees(1)).await;
    assert_eq!(act.header("retry-after"), "1");
    act.refused(503, "unavailable");
    let read = operator.get("/voucher-board?limit=7").await;
    assert_eq!(read.header("retry-after"), "1");
    read.refused(503, "unavailable");
    let again = operator.get("/voucher-board").await;
    assert!(again.header("age").parse::<u32>().is_ok());
    assert!(
        again
            .header("cache-status")
            .starts_with("sospeso; hit; ttl=-")
    );
    assert!(again.done()["boards"].is_array());
    operator
        .get_root("/readyz")
        .await
        .refused(503, "unavailable");
    assert_eq!(operator.get_root("/livez").await.status, 200);
}

/// Two people with a browser.
struct Readers {
    anybody: Client,
    operator: Client,
}

impl Readers {
    async fn of(town: &Installation, gateway: &Gateway) -> Self {
        let anybody = Client::new(gateway.url(), NETWORK).with_header("Accept-Language", "pl");
        let token = [("token", town.token())];
        let signed_in = anybody.post_form("/sign-in", &token).await;
        let cookie = signed_in.header("set-cookie").split(';').next();
        let operator = anybody.with_header("Cookie", cookie.expect("a session"));
        Self { anybody, operator }
    }

    async fn read(&self) {
        let home = self.anybody.get_root("/").await.done().to_string();
        assert!(
            home.contains("Kavárna") && !home.contains("Tak było"),
            "{home}"
        );
        self.anybody.get_root("/coverage?lang=cs").await.done();
        self.operator.get_root("/audit").await.done();
        self.anybody.get_root("/link/secret").await.done();
    }

    /// A page of everybody's is as it was, in the language that it was in, and says so in words. No other
    /// is: whoever is signed in is asked to come again, and not to sign in again.
    async fn are_told(&self) {
        for reader in [&self.anybody, &self.operator] {
            let home = reader.get_root("/").await;
            assert!(home.header("cache-status").starts_with("sospeso; hit"));
            let home = home.done().to_string();
            assert!(home.contains("Kavárna"), "{home}");
            assert!(home.contains("Tak było niecałą minutę temu"), "{home}");
        }
        let coverage = self.anybody.get_root("/coverage?lang=cs").await;
        assert_eq!(coverage.header("set-cookie"), "");
        let coverage = coverage.done().to_string();
        assert!(coverage.contains("Takhle to bylo"), "{coverage}");
        let asked = [
            (&self.operator, "/audit"),
            (&self.anybody, "/coverage"),
            (&self.anybody, "/link/secret"),
        ];
        for (reader, path) in asked {
            let page = reader.get_root(path).await;
            assert_eq!(
                (page.status, page.header("retry-after")),
                (503, "1"),
                "{path}"
            );
        }
    }
}

/// The same process, without a restart: acts are done and the views follow.
pub async fn works_again(gateway: &Gateway, town: &Town) {
    let operator = gateway.operator();
    let done = wait::until("an act to be done", async || {
        let answer = operator.post("/prepayments", town.coffees(1)).await;
        (answer.status == 201).then_some(answer.body)
    })
    .await;
    let position = done["position"].as_i64().expect("a position");
    let mut ready = Value::Null;
    let follow = async {
        loop {
            ready = operator.get_root("/readyz").await.body;
            let views = ready["views"].as_array().cloned().unwrap_or_default();
            let reached = |view: &Value| view["position"].as_i64() >= Some(position);
            if !views.is_empty() && views.iter().all(reached) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let followed = tokio::time::timeout(wait::PATIENCE, follow).await;
    assert!(
        followed.is_ok(),
        "the views do not follow to {position}: {ready}\n{}",
        gateway.log()
    );
}
