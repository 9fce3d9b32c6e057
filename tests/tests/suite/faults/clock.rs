//! The machine's clock jumps, back and far ahead, from one act to the next: acts go on, and every
//! invariant of the log holds. That a clock which differs from the database's may not write is told
//! in `postgres::append`.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::executor::Failure;
use commands::voucher::redeem::{By, Redeem};
use domain::voucher::redeem::RedemptionSource;
use gateway::wiring;
use projections::conserve::Conserve;
use projections::conserve::report::report;
use projections::ledger::Ledger;

use super::dice::Dice;
use super::extent::{tell, times};
use crate::audit::standing;
use crate::conformance::given::assert_whole;
use crate::reactions::bench::{Bench, Engine, at};
use crate::reactions::house::{Cafe, a_cafe, coffees};

/// Where the clock stands, in hours from the beginning: minutes back, a month back, a year ahead.
const STANDS_H: [i64; 7] = [0, 0, 1, -1, -24 * 30, 24 * 370, 24 * 30];

#[tokio::test]
async fn acts_go_on_while_the_clock_jumps_on_sqlite() {
    go_on(Engine::Memory, "SQLite").await;
}

#[tokio::test]
async fn acts_go_on_while_the_clock_jumps_on_postgresql() {
    go_on(Engine::Postgres, "PostgreSQL").await;
}

async fn go_on(engine: Engine, name: &str) {
    let (acts, seed) = (times(60, 400, 2_000), Dice::seed());
    let mut dice = Dice::of(seed);
    let start = at("2026-11-02T09:00:00Z");
    let bench = Bench::on(engine, start).await;
    let cafe = a_cafe(&bench, start, "Na Rohu", 6500).await;
    let (mut prepaid, mut used) = (0, 0);
    for _ in 0..acts {
        let stands = usize::try_from(dice.throw(STANDS_H.len() as u64)).expect("few");
        let now = start + TimeDelta::hours(STANDS_H[stands]);
        if dice.throw(2) == 0 {
            bench.done(now, coffees(&cafe, 1)).await;
            prepaid += 1;
            continue;
        }
        match bench.act(now, None, from_the_board(&cafe)).await {
            Ok(_) => used += 1,
            Err(Failure::Refused(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(prepaid > 0 && used > 0, "{prepaid} prepaid, {used} used");
    assert_whole(&*bench.log).await;
    let reader = wiring::reader(&bench.log);
    let checked = standing(Arc::new(Conserve), &*reader, None).await;
    let ledger = standing(Arc::new(Ledger), &*reader, None).await;
    let (checked, ledger) = (checked.expect("checked"), ledger.expect("a ledger"));
    let found = report(&checked, Ok(&ledger), |violation| panic!("{violation:?}")).await;
    assert!(found.expect("a report").holds());
    let how_often = format!("{acts} acts, 30 days back to 370 ahead");
    let result = format!("{prepaid} prepaid, {used} used, every invariant holds");
    tell("clock jumps", name, &how_often, &result, seed);
}

fn from_the_board(cafe: &Cafe) -> Redeem {
    let item_id = cafe.item_id;
    Redeem {
        venue_id: cafe.venue_id,
        by: By::Board { item_id, count: 1 },
        source: RedemptionSource::Counter,
    }
}
