//! Vouchers that nobody used in time.

use chrono::{DateTime, TimeDelta, Utc};
use commands::executor::Failure;
use commands::organisation::join::Join;
use commands::voucher::prepay::{Giver, Prepay};
use commands::voucher::redeem::{By, Redeem};
use domain::ids::OrganisationId;
use domain::organisation::join::OrganisationKind;
use domain::voucher::OnExpiry;
use domain::voucher::redeem::RedemptionSource;

use super::bench::{Bench, Engine, at, the_same_wherever_it_ends};
use super::house::{Cafe, a_cafe, coffees};

/// The day after the last one begins in Prague.
const EXPIRES_AT: &str = "2026-12-31T23:00:00Z";

fn start() -> DateTime<Utc> {
    at("2026-11-20T08:00:00Z")
}

/// After three days nothing comes in from an offline till any more.
fn due() -> DateTime<Utc> {
    at(EXPIRES_AT) + TimeDelta::hours(72)
}

fn until_new_year(cafe: &Cafe, on_expiry: OnExpiry, giver: Giver) -> Prepay {
    let expires_on = "2026-12-31".parse().expect("a day");
    Prepay {
        expires_on: Some(expires_on),
        on_expiry,
        giver,
        ..coffees(cafe, 1)
    }
}

/// One voucher for each thing that may become of it.
async fn story(bench: &Bench) -> (Cafe, OrganisationId) {
    let cafe = a_cafe(bench, start(), "U Lva", 6500).await;
    let join = Join {
        name: "Naděje".parse().expect("a name"),
        kind: OrganisationKind::Ngo,
        agreement: None,
    };
    let organisation_id = bench.done(start(), join).await.organisation_id;
    for (on_expiry, giver) in [
        (OnExpiry::CommonFund, Giver::Nobody),
        (OnExpiry::Organisation { organisation_id }, Giver::Nobody),
        (OnExpiry::Refund, Giver::New),
    ] {
        let prepay = until_new_year(&cafe, on_expiry, giver);
        bench.done(start(), prepay).await;
    }
    (cafe, organisation_id)
}

#[tokio::test]
async fn what_is_left_goes_where_the_donor_said() {
    goes_where_the_donor_said(Engine::Memory).await;
}

#[tokio::test]
async fn what_is_left_goes_where_the_donor_said_on_postgresql() {
    goes_where_the_donor_said(Engine::Postgres).await;
}

async fn goes_where_the_donor_said(engine: Engine) {
    let told = the_same_wherever_it_ends(engine, start(), due(), async |bench| {
        story(bench).await;
    });
    let told = told.await;
    let expired = told.iter().filter(|it| it.starts_with("voucher.expired"));
    let mut targets: Vec<&str> = expired
        .map(|it| {
            it.split(r#""moved_to":{"type":""#)
                .nth(1)
                .expect("a target")
        })
        .map(|it| it.split('"').next().unwrap_or_default())
        .collect();
    targets.sort_unstable();
    assert_eq!(targets, ["donor", "fund", "organisation"]);
}

fn from_the_board(cafe: &Cafe) -> Redeem {
    Redeem {
        venue_id: cafe.venue_id,
        by: By::Board {
            item_id: cafe.item_id,
            count: 1,
        },
        source: RedemptionSource::OfflineTill,
    }
}

#[tokio::test]
async fn a_use_from_before_counts_until_the_window_is_over() {
    let bench = Bench::new(start()).await;
    let (cafe, _) = story(&bench).await;
    let (before, late) = (
        at(EXPIRES_AT) - TimeDelta::minutes(1),
        due() - TimeDelta::minutes(1),
    );
    let told = bench.told().await;
    bench.settle(late).await;
    assert_eq!(bench.told().await, told, "nothing expires before its time");
    let used = bench.act(late, Some(before), from_the_board(&cafe)).await;
    assert_eq!(used.expect("it is used").redemptions.len(), 1);
    bench.settle(due()).await;
    let told = bench.told().await;
    let expired = told.iter().filter(|it| it.starts_with("voucher.expired"));
    assert_eq!(expired.count(), 2);
    let too_late = bench.act(due(), Some(before), from_the_board(&cafe)).await;
    match too_late {
        Err(Failure::Refused(refused)) => assert_eq!(refused.code, "nothing_on_board"),
        other => panic!("it should be refused, and is {other:?}"),
    }
}
