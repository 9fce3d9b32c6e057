//! Durable commands per second through the whole command path, prepayments and redemptions in turn,
//! beside libraries that do the same act and beside the bare insert of the same rows.

use std::sync::Arc;

use sqlx::{Connection as _, PgConnection};

use crate::load::{Ran, clients, count};
use crate::options::Options;
use crate::peers::bare_postgres::Bare;
use crate::peers::bare_sqlite;
use crate::peers::disintegrate::Disintegrate;
use crate::peers::postgres_es::PostgresEs;
use crate::table::{Line, Peer};
use crate::tap;
use crate::town::{Engine, Town};

/// What waits on each board before the clock runs, as it does in a town that works.
const STOCK: u32 = 64;
/// How many commands' rows the ceiling has to insert.
const ROWS: usize = 20_000;
/// The most commands of one of our batches.
const MOST: usize = 512;

/// Both engines, by number of clients; each line is told at once.
pub async fn run(options: &Options, tell: &mut impl FnMut(Line)) {
    let (rows, log_id) = tap::commands(ROWS.min(options.events)).await;
    for clients in &options.clients {
        tell(on_postgres(options, *clients, &rows, log_id).await);
    }
    for clients in &options.clients {
        tell(on_sqlite(options, *clients, &rows, log_id).await);
    }
}

async fn on_postgres(
    options: &Options,
    clients: usize,
    rows: &[commands::log::Append],
    log_id: uuid::Uuid,
) -> Line {
    let town = Arc::new(stocked(Engine::Postgres).await);
    let stock = Arc::new(PostgresEs::start().await);
    let dcb = Arc::new(Disintegrate::start().await);
    let bare = Bare::start().await;
    let (mut ours, mut theirs, mut others, mut ceiling) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    let (mut notes, mut batch) = (String::new(), 1);
    for _ in 0..options.rounds {
        let before = batches(&town).await;
        let ran = act(&town, clients, options).await;
        batch = per_batch(ran.latencies.len(), batches(&town).await - before);
        notes = format!("{}, {batch} commands a batch", ran.told());
        ours.push(ran.rate());
        let peer = Arc::clone(&stock);
        theirs.push(
            peer_rate(clients, options, move |client, acted| {
                let peer = Arc::clone(&peer);
                async move { peer.act(client, acted).await }
            })
            .await,
        );
        stock.forget().await;
        let peer = Arc::clone(&dcb);
        others.push(
            peer_rate(clients, options, move |client, acted| {
                let peer = Arc::clone(&peer);
                async move { peer.act(client, acted).await }
            })
            .await,
        );
        dcb.forget().await;
        ceiling.push(bare.insert(rows, log_id, batch, options.time()).await);
    }
    let least = if clients >= 256 { 10.0 } else { 1.0 };
    let bare = Peer::new("bare insert of the same rows", ceiling).at_least(0.5);
    Line {
        bench: "append",
        what: format!("{}, {clients} clients", Engine::Postgres),
        unit: "commands/s",
        ours,
        against: vec![
            Peer::new("postgres-es", theirs).at_least(least),
            Peer::new("disintegrate-postgres", others),
            bare,
        ],
        aim: None,
        notes: format!("{notes} ({batch} in a bare batch)"),
    }
}

async fn on_sqlite(
    options: &Options,
    clients: usize,
    rows: &[commands::log::Append],
    log_id: uuid::Uuid,
) -> Line {
    let town = Arc::new(stocked(Engine::Sqlite).await);
    let (mut ours, mut ceiling, mut notes) = (Vec::new(), Vec::new(), String::new());
    let batch = clients.min(MOST);
    for _ in 0..options.rounds {
        let ran = act(&town, clients, options).await;
        notes = ran.told();
        ours.push(ran.rate());
        ceiling.push(bare_sqlite::insert(rows, log_id, batch, options.time()).await);
    }
    let bare = Peer::new("bare insert of the same rows", ceiling).at_least(0.5);
    Line {
        bench: "append",
        what: format!("{}, {clients} clients", Engine::Sqlite),
        unit: "commands/s",
        ours,
        against: vec![bare],
        aim: None,
        notes: format!("{notes} ({batch} in a bare batch)"),
    }
}

async fn stocked(engine: Engine) -> Town {
    let town = Town::on(engine).await;
    for venue in 0..town.venues.len() {
        town.prepay(venue, STOCK).await;
    }
    town
}

async fn act(town: &Arc<Town>, many: usize, options: &Options) -> Ran {
    let town = Arc::clone(town);
    let act = move |client, acted| {
        let town = Arc::clone(&town);
        async move {
            town.act(client, acted).await;
        }
    };
    clients(many, options.time(), act).await
}

async fn peer_rate<Act, Acting>(many: usize, options: &Options, act: Act) -> f64
where
    Act: Fn(usize, usize) -> Acting + Send + Sync + 'static,
    Acting: Future<Output = ()> + Send,
{
    clients(many, options.time(), act).await.rate()
}

/// How many transactions wrote events: each has its mark on its rows.
async fn batches(town: &Town) -> usize {
    let database = town.database.as_ref().expect("PostgreSQL");
    let mut looking = PgConnection::connect(database.superuser_url())
        .await
        .expect("a database");
    let counted: i64 = sqlx::query_scalar("SELECT count(DISTINCT xmin::text) FROM log.events")
        .fetch_one(&mut looking)
        .await
        .expect("a count");
    usize::try_from(counted).unwrap_or(0)
}

/// Rounded, at least one.
fn per_batch(commands: usize, batches: usize) -> usize {
    let each = count(commands) / count(batches.max(1));
    // Between 1 and the most of a batch.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "see above"
    )]
    let each = each.round() as usize;
    each.clamp(1, MOST)
}
