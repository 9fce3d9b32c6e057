//! Redeeming over HTTP, with a token and an idempotency key, beside the same kind of server that
//! only answers the JSON that it was sent; the same lean client asks both. Beside them the bare insert
//! of the rows that commands write, which no answer that is durable can be faster than.

use std::sync::Arc;
use std::time::Duration;

use axum::routing::post;
use axum::{Json, Router};
use gateway::app::App;
use gateway::auth::session::SessionKey;
use gateway::serve;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::load::{Ran, clients};
use crate::options::Options;
use crate::peers::bare_postgres::Bare;
use crate::raw_http::{Connections, Request};
use crate::table::{Line, Peer};
use crate::tap;
use crate::town::{Engine, Town};

/// How many connections are kept open, one line of the table each.
const CONNECTIONS: [usize; 2] = [64, 256];
/// Vouchers that one act puts on a board.
const AT_ONCE: u32 = 250;
/// More than can be redeemed in a second.
const STOCK_A_SECOND: f64 = 15_000.0;
/// How many commands' rows are inserted.
const ROWS: usize = 20_000;

/// PostgreSQL.
pub async fn run(options: &Options, tell: &mut impl FnMut(Line)) {
    let town = Town::on(Engine::Postgres).await;
    let tokens = town.tokens().await;
    let (_ending, ended) = watch::channel(false);
    let ours = serve_town(&town, ended.clone()).await;
    let echo = serve_echo(ended).await;
    let (rows, log_id) = tap::commands(ROWS.min(options.events)).await;
    let bare = Bare::start().await;
    let mut wanted = enough(options.time());
    for connections in CONNECTIONS {
        let (mut redeemed, mut echoed, mut inserted) = <(Vec<_>, Vec<_>, Vec<_>)>::default();
        let mut notes = String::new();
        for round in 0..options.rounds {
            // No more than what was used: a board of the length that it has in a town that works.
            stock(&town, wanted).await;
            let key = format!("{connections}-{round}");
            let ran = ask(&ours, &town, &tokens, options, connections, &key).await;
            notes = ran.told();
            wanted = ran.latencies.len();
            redeemed.push(ran.rate());
            let ran = ask(&echo, &town, &tokens, options, connections, &key).await;
            echoed.push(ran.rate());
            let bare = bare.insert(&rows, log_id, connections, options.time());
            inserted.push(bare.await);
        }
        wanted = enough(options.time());
        tell(Line {
            bench: "http",
            what: format!("redeem on {}, {connections} connections", Engine::Postgres),
            unit: "requests/s",
            ours: redeemed,
            against: vec![
                Peer::new("axum that echoes the JSON", echoed).at_least(0.25),
                Peer::new(
                    "bare insert of prepayments' and redemptions' rows",
                    inserted,
                ),
            ],
            aim: None,
            notes,
        });
    }
}

/// The gateway as `serve --answer-only` runs it.
async fn serve_town(town: &Town, ended: watch::Receiver<bool>) -> String {
    let engines = town.engines();
    let app = App::new(
        Arc::clone(&engines.desk),
        Arc::clone(&engines.views),
        engines.evidence.clone(),
        SessionKey::new([7; 32]),
    );
    let (listener, address) = listen().await;
    tokio::spawn(serve::gateway(listener, Arc::new(app), ended));
    address
}

async fn serve_echo(ended: watch::Receiver<bool>) -> String {
    let echo = async |Json(body): Json<Value>| Json(body);
    let (listener, address) = listen().await;
    tokio::spawn(serve::until(
        listener,
        Router::new().fallback(post(echo)),
        ended,
    ));
    address
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    (listener, address)
}

/// More vouchers than can be redeemed in that time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small number"
)]
pub fn enough(time: Duration) -> usize {
    (time.as_secs_f64() * STOCK_A_SECOND).ceil() as usize
}

/// Puts so many vouchers on the boards, or a few more: as many at every venue, because a venue's
/// clients take from its board alone.
pub async fn stock(town: &Town, wanted: usize) {
    let venues = town.venues.len();
    let acts = wanted.div_ceil(AT_ONCE as usize).next_multiple_of(venues);
    for act in 0..acts {
        town.prepay(act, AT_ONCE).await;
    }
}

/// Redeems over so many connections for as long as the options say, with keys that begin like this.
pub async fn ask(
    address: &str,
    town: &Town,
    tokens: &[String],
    options: &Options,
    connections: usize,
    key: &str,
) -> Ran {
    let opened = Arc::new(Connections::open(address, connections).await);
    let asks: Vec<_> = (0..connections)
        .map(|client| {
            let (venue_id, item_id) = town.counter(client);
            Request {
                path: format!("/api/v1/networks/{}/venues/{venue_id}/redeem", town.network),
                token: tokens[client % tokens.len()].clone(),
                body: json!({"by": {"type": "board", "item_id": item_id}}).to_string(),
            }
        })
        .collect();
    let asks = Arc::new(asks);
    let key = key.to_owned();
    let act = move |client: usize, acted: usize| {
        let (opened, asks) = (Arc::clone(&opened), Arc::clone(&asks));
        let key = format!("{key}-{client}-{acted}");
        async move { opened.ask(client, &asks[client], &key).await }
    };
    clients(connections, options.time(), act).await
}
