//! `disintegrate-postgres`: each command queries the events of its voucher, decides by the same
//! domain, and appends in a serialisable transaction, again and again if that one does not go through.

use commands::clock::Clock;
use cqrs_es::Aggregate as _;
use disintegrate::serde::json::Json;
use disintegrate::{Decision, Event, NoSnapshot, StateMutate, StateQuery};
use disintegrate_postgres::{PgDecisionMaker, PgEventStore, decision_maker};
use domain::voucher::prepay::Prepaid;
use domain::voucher::redeem::Redeemed;
use domain::voucher::{Voucher, VoucherCommand, VoucherEvent};
use domain::{Entity as _, Refused};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPool;
use tests::servers::{Database, postgres};

use super::{pool, prepay, redeem, voucher};

/// How often a command is tried. Nobody else wants its voucher, but the database may see a conflict,
/// and a query leaves out what is newer than the oldest write under way, even one's own prepayment.
const ATTEMPTS: u32 = 1000;

/// An event as it is stored. The library compares events as wholes; ours hold amounts and times, which
/// are equal to themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Kept<T>(T);

impl<T: PartialEq> Eq for Kept<T> {}

#[derive(Clone, Debug, PartialEq, Eq, Event, Serialize, Deserialize)]
#[stream(VoucherFact, [VoucherPrepaid, VoucherRedeemed])]
enum Fact {
    VoucherPrepaid {
        #[id]
        voucher_id: String,
        prepaid: Kept<Prepaid>,
    },
    VoucherRedeemed {
        #[id]
        voucher_id: String,
        redeemed: Kept<Redeemed>,
    },
}

#[derive(Clone, Default, StateQuery, Serialize, Deserialize)]
#[state_query(VoucherFact)]
struct Life {
    #[id]
    voucher_id: String,
    voucher: Voucher,
}

impl StateMutate for Life {
    fn mutate(&mut self, event: Self::Event) {
        self.voucher.apply(match event {
            VoucherFact::VoucherPrepaid { prepaid, .. } => prepaid.0.into(),
            VoucherFact::VoucherRedeemed { redeemed, .. } => redeemed.0.into(),
        });
    }
}

struct Act {
    voucher_id: String,
    command: VoucherCommand,
}

impl Decision for &Act {
    type Event = Fact;
    type StateQuery = Life;
    type Error = Refused;

    fn state_query(&self) -> Life {
        Life {
            voucher_id: self.voucher_id.clone(),
            voucher: Voucher::default(),
        }
    }

    fn process(&self, life: &Life) -> Result<Vec<Fact>, Refused> {
        let events = life.voucher.decide(&self.command)?;
        let voucher_id = || self.voucher_id.clone();
        let fact = |event| match event {
            VoucherEvent::Prepaid(prepaid) => Some(Fact::VoucherPrepaid {
                voucher_id: voucher_id(),
                prepaid: Kept(prepaid),
            }),
            VoucherEvent::Redeemed(redeemed) => Some(Fact::VoucherRedeemed {
                voucher_id: voucher_id(),
                redeemed: Kept(redeemed),
            }),
            _ => None,
        };
        Ok(events.into_iter().filter_map(fact).collect())
    }
}

/// Its function for PostgreSQL 15, which does not read the hexadecimal number in it.
const BEGIN_EPOCH: &str = "CREATE OR REPLACE FUNCTION event_store_begin_epoch() RETURNS void AS $$
DECLARE id BIGINT; db_id INT;
BEGIN
    SELECT last_value INTO id FROM seq_event_event_id;
    SELECT oid INTO db_id FROM pg_database WHERE datname = current_database();
    PERFORM pg_try_advisory_xact_lock_shared(db_id, 0);
    PERFORM pg_try_advisory_xact_lock_shared(1, (id & 4294967295)::bit(32)::integer);
    PERFORM pg_try_advisory_xact_lock_shared(2, (id >> 32)::bit(32)::integer);
END $$ LANGUAGE plpgsql";

/// A service on disintegrate.
pub struct Disintegrate {
    maker: PgDecisionMaker<Fact, Json<Fact>, NoSnapshot>,
    clock: Clock,
    pool: PgPool,
    _database: Database,
}

impl Disintegrate {
    pub async fn start() -> Self {
        let database = postgres().database().await;
        let url = format!(
            "{}?options[check_function_bodies]=off",
            database.owner_url()
        );
        let pool = pool(&url).await;
        let store = PgEventStore::try_new(pool.clone(), Json::default()).await;
        let mended = sqlx::query(BEGIN_EPOCH).execute(&pool).await;
        mended.expect("its function");
        Self {
            maker: decision_maker(store.expect("its tables"), NoSnapshot),
            clock: Clock::system(),
            pool,
            _database: database,
        }
    }

    /// Forgets what was done, so that vouchers may be prepaid again.
    pub async fn forget(&self) {
        let forget = sqlx::query("TRUNCATE event").execute(&self.pool);
        forget.await.expect("an empty table");
    }

    /// The act whose turn it is.
    pub async fn act(&self, client: usize, acted: usize) {
        let (id, at) = (voucher(client, acted), self.clock.now());
        let command = if acted.is_multiple_of(2) {
            prepay(id, at).into()
        } else {
            redeem(id, at).into()
        };
        let act = Act {
            voucher_id: id.to_string(),
            command,
        };
        for _ in 0..ATTEMPTS {
            match self.maker.make(&act).await {
                Ok(_) => return,
                Err(_too_early) => tokio::task::yield_now().await,
            }
        }
        panic!("{ATTEMPTS} attempts were not enough");
    }
}
