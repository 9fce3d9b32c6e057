//! Redeeming over HTTP, with a token and an idempotency key, beside the same kind of server that
//! only answers the JSON that it was sent; the same lean client asks both.

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
use crate::raw_http::{Connections, Request};
use crate::table::{Line, Peer};
use crate::town::{Engine, Town};

/// Connections that are kept open.
const CONNECTIONS: usize = 64;
/// Vouchers that one act puts on a board.
const AT_ONCE: u32 = 500;
/// More than can be redeemed in a second.
const STOCK_A_SECOND: f64 = 15_000.0;

/// PostgreSQL.
pub async fn run(options: &Options) -> Line {
    let town = Town::on(Engine::Postgres).await;
    let tokens = town.tokens().await;
    let town = Arc::new(town);
    let (_ending, ended) = watch::channel(false);
    let ours = serve_town(&town, ended.clone()).await;
    let echo = serve_echo(ended).await;
    let (mut redeemed, mut echoed, mut notes) = (Vec::new(), Vec::new(), String::new());
    for round in 0..options.rounds {
        stock(&town, options.time()).await;
        let ran = ask(&ours, &town, &tokens, options, round).await;
        notes = ran.told();
        redeemed.push(ran.rate());
        let ran = ask(&echo, &town, &tokens, options, round).await;
        echoed.push(ran.rate());
    }
    Line {
        bench: "http",
        what: format!("redeem on {}, {CONNECTIONS} connections", Engine::Postgres),
        unit: "requests/s",
        ours: redeemed,
        against: vec![Peer::new("axum that echoes the JSON", echoed).at_least(0.25)],
        aim: None,
        notes,
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

async fn stock(town: &Arc<Town>, time: Duration) {
    let wanted = (time.as_secs_f64() * STOCK_A_SECOND / f64::from(AT_ONCE)).ceil();
    let venues = town.venues.len();
    // Some for every venue, because a venue's clients take from its board alone.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let acts = (wanted as usize).next_multiple_of(venues).max(venues);
    for act in 0..acts {
        town.prepay(act, AT_ONCE).await;
    }
}

async fn ask(
    address: &str,
    town: &Arc<Town>,
    tokens: &[String],
    options: &Options,
    round: usize,
) -> Ran {
    let connections = Arc::new(Connections::open(address, CONNECTIONS).await);
    let asks: Vec<_> = (0..CONNECTIONS)
        .map(|client| {
            let (venue_id, item_id) = town.counter(client);
            Request {
                path: format!("/api/v1/networks/praha/venues/{venue_id}/redeem"),
                token: tokens[client % tokens.len()].clone(),
                body: json!({"by": {"type": "board", "item_id": item_id}}).to_string(),
            }
        })
        .collect();
    let asks = Arc::new(asks);
    let act = move |client: usize, acted: usize| {
        let (connections, asks) = (Arc::clone(&connections), Arc::clone(&asks));
        async move {
            let key = format!("{round}-{client}-{acted}");
            connections.ask(client, &asks[client], &key).await;
        }
    };
    clients(CONNECTIONS, options.time(), act).await
}
