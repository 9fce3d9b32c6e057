//! The vouchers of a venue that leaves or is suspended: nobody's is stranded.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use commands::executor::Failure;
use commands::venue::delist_item::DelistItem;
use commands::venue::dispose_vouchers::DisposeVouchers;
use commands::venue::leave::Leave;
use commands::venue::suspend::Suspend;
use commands::voucher::issue_code::{IssueCode, Vouchers};
use commands::voucher::prepay::{Prepay, What};
use commands::voucher::redeem::{By, Redeem};
use commands::voucher::reverse_redemption::ReverseRedemption;
use domain::ids::{ItemId, VenueId};
use domain::venue::ItemKind;
use domain::venue::Venue;
use domain::venue::disposal::{Disposal, Disposed};
use domain::voucher::code::Code;
use domain::voucher::redeem::RedemptionSource;
use domain::voucher::reverse_redemption::ReversalReason;
use domain::voucher::{Holder, Placed};

use super::bench::{Bench, Engine, at, the_same_wherever_it_ends};
use super::house::{Cafe, a_cafe, an_item, coffees, minor};

fn start() -> DateTime<Utc> {
    at("2026-11-20T08:00:00Z")
}

/// The venue takes no vouchers from the next morning on.
fn due() -> DateTime<Utc> {
    at("2026-11-21T08:00:00Z")
}

/// Two cafés, and the codes of coffees in the old one that were handed out.
struct Town {
    old: Cafe,
    new: Cafe,
    codes: Vec<Code>,
}

/// At the old café 246 coffees wait on the board, 3 are out as codes, and the new one has nothing
/// like the one ticket.
async fn town(bench: &Bench) -> Town {
    let old = a_cafe(bench, start(), "U Lva", 6500).await;
    let new = a_cafe(bench, start(), "U Medvídka", 6000).await;
    bench.done(start(), coffees(&old, 246)).await;
    let item_id = an_item(bench, start(), old.venue_id, ItemKind::Ticket, 20_000).await;
    let ticket = Cafe { item_id, ..old };
    bench.done(start(), coffees(&ticket, 1)).await;
    let out = Prepay {
        placed: Placed::Donor,
        ..coffees(&old, 3)
    };
    let out = bench.done(start(), out).await.voucher_ids;
    let issue = IssueCode {
        vouchers: Vouchers::These(out),
        to: Holder::Donor,
        on_a_sheet: true,
    };
    let issues = bench.done(start(), issue).await.issues;
    let (desk, network) = (bench.process(start()), "praha".parse().expect("a slug"));
    let code = |voucher, issue| desk.codes().code(&network, voucher, issue);
    let codes = issues.iter().map(|it| code(it.voucher_id, it.issue_no));
    let codes = codes.collect();
    Town { old, new, codes }
}

async fn leaves(bench: &Bench) -> Town {
    let town = town(bench).await;
    let leave = Leave {
        venue_id: town.old.venue_id,
        effective_at: Some(due()),
        vouchers: Disposal::RehomeTo {
            venue_id: town.new.venue_id,
            items: BTreeMap::new(),
        },
    };
    bench.done(start(), leave).await;
    town
}

fn count(told: &[String], event: &str) -> usize {
    let name = format!("{event} ");
    told.iter().filter(|it| it.starts_with(&name)).count()
}

#[tokio::test]
async fn two_hundred_and_fifty_vouchers_move_in_batches_wherever_the_process_ends() {
    move_in_batches(Engine::Memory).await;
}

#[tokio::test]
async fn they_move_in_batches_wherever_the_process_ends_on_postgresql() {
    move_in_batches(Engine::Postgres).await;
}

async fn move_in_batches(engine: Engine) {
    let told = the_same_wherever_it_ends(engine, start(), due(), async |bench| {
        leaves(bench).await;
    });
    let told = told.await;
    assert_eq!(count(&told, "voucher.rehomed"), 249);
    assert_eq!(count(&told, "voucher.refunded"), 1);
    assert_eq!(count(&told, "venue.vouchers_disposed"), 3);
}

#[tokio::test]
async fn codes_that_were_handed_out_stay_valid_at_the_new_venue() {
    let bench = Bench::new(start()).await;
    let town = leaves(&bench).await;
    let told = bench.told().await;
    bench.settle(due() - TimeDelta::minutes(1)).await;
    assert_eq!(
        bench.told().await,
        told,
        "they go when the venue takes none"
    );
    bench.settle(due()).await;
    assert_eq!(left_at(&bench, town.old.venue_id).await, 0);
    assert_eq!(disposed(&bench, town.old.venue_id).await, Some(250));
    for code in town.codes {
        let used = bench.act(due(), None, by_code(&town.new, code)).await;
        let used = used.expect("it is used").redemptions;
        assert_eq!(used[0].settled_minor, minor(6000));
    }
    let group = bench.act(due(), None, off_board(&town.new, 20)).await;
    assert_eq!(group.expect("they are used").redemptions.len(), 20);
    match bench.act(due(), None, off_board(&town.old, 1)).await {
        Err(Failure::Refused(refused)) => assert_eq!(refused.code, "venue_left"),
        other => panic!("nothing should be left at the old venue: {other:?}"),
    }
}

async fn is_suspended(bench: &Bench) -> Town {
    let town = town(bench).await;
    let credit = Prepay {
        what: What::Credit {
            venue_ids: vec![town.old.venue_id, town.new.venue_id],
            amount_minor: minor(50_000),
        },
        ..coffees(&town.old, 1)
    };
    bench.done(start(), credit).await;
    let suspend = Suspend {
        venue_id: town.old.venue_id,
        effective_at: Some(due()),
        vouchers: Disposal::Refund,
    };
    bench.done(start(), suspend).await;
    town
}

#[tokio::test]
async fn vouchers_of_a_suspended_venue_are_refunded_wherever_the_process_ends() {
    are_refunded(Engine::Memory).await;
}

#[tokio::test]
async fn they_are_refunded_wherever_the_process_ends_on_postgresql() {
    are_refunded(Engine::Postgres).await;
}

async fn are_refunded(engine: Engine) {
    let told = the_same_wherever_it_ends(engine, start(), due(), async |bench| {
        is_suspended(bench).await;
    });
    let told = told.await;
    assert_eq!(count(&told, "voucher.refunded"), 250);
    // A credit that is valid elsewhere too only loses the venue.
    assert_eq!(count(&told, "voucher.rehomed"), 1);
    assert_eq!(count(&told, "venue.vouchers_disposed"), 3);
}

fn redeem(venue_id: VenueId, by: By) -> Redeem {
    let source = RedemptionSource::Counter;
    Redeem {
        venue_id,
        by,
        source,
    }
}

fn by_code(cafe: &Cafe, code: Code) -> Redeem {
    let item_id: Option<ItemId> = None;
    let by = By::Code {
        code,
        item_id,
        amount_minor: None,
    };
    redeem(cafe.venue_id, by)
}

fn off_board(cafe: &Cafe, count: u32) -> Redeem {
    let item_id = cafe.item_id;
    redeem(cafe.venue_id, By::Board { item_id, count })
}

async fn left_at(bench: &Bench, venue: VenueId) -> usize {
    let left = bench.lookup.vouchers_at("praha".into(), venue, None, 1_000);
    left.await.expect("the lookups").len()
}

/// How many vouchers went, once all have.
async fn disposed(bench: &Bench, venue: VenueId) -> Option<u32> {
    let network = "praha".parse().expect("a slug");
    let venue = bench.process(due()).read::<Venue>(&network, venue).await;
    match venue.expect("the log")?.house()?.disposal {
        Disposed::Done { count, .. } => Some(count),
        Disposed::NotAsked | Disposed::Pending { .. } => None,
    }
}

/// Of what the new venue sells, the nearest in price of the same kind, however much else is nearer.
#[tokio::test]
async fn a_voucher_moves_to_what_is_nearest_of_its_kind() {
    let bench = Bench::new(start()).await;
    let old = a_cafe(&bench, start(), "U Lva", 6500).await;
    let new = a_cafe(&bench, start(), "U Medvídka", 6000).await;
    bench.done(start(), coffees(&old, 1)).await;
    let (venue_id, kind) = (new.venue_id, ItemKind::HotDrink);
    an_item(&bench, start(), venue_id, kind, 7100).await;
    an_item(&bench, start(), venue_id, ItemKind::Meal, 6500).await;
    let item_id = an_item(&bench, start(), venue_id, kind, 6500).await;
    bench.done(start(), DelistItem { venue_id, item_id }).await;
    let leave = Leave {
        venue_id: old.venue_id,
        effective_at: Some(due()),
        vouchers: Disposal::RehomeTo {
            venue_id,
            items: BTreeMap::new(),
        },
    };
    bench.done(start(), leave).await;
    bench.settle(due()).await;
    let used = bench.act(due(), None, off_board(&new, 1)).await;
    let used = used.expect("it is used").redemptions;
    assert_eq!(used[0].settled_minor, minor(6000));
}

/// A use that is taken back where all others went already: nobody could use the voucher there.
#[tokio::test]
async fn a_voucher_that_comes_back_to_a_venue_that_left_is_refunded() {
    let bench = Bench::new(start()).await;
    let cafe = a_cafe(&bench, start(), "U Lva", 6500).await;
    bench.done(start(), coffees(&cafe, 1)).await;
    let used = bench.done(start(), off_board(&cafe, 1)).await.redemptions;
    let leave = Leave {
        venue_id: cafe.venue_id,
        effective_at: Some(due()),
        vouchers: Disposal::Refund,
    };
    bench.done(start(), leave).await;
    bench.settle(due()).await;
    assert_eq!(disposed(&bench, cafe.venue_id).await, Some(0));
    let reverse = ReverseRedemption {
        voucher_id: used[0].voucher_id,
        redemption_id: used[0].redemption_id,
        reason: ReversalReason::Mistake,
    };
    bench.done(due(), reverse).await;
    assert_eq!(count(&bench.told().await, "voucher.refunded"), 1);
}

#[tokio::test]
async fn no_voucher_goes_before_the_venue_takes_none() {
    let bench = Bench::new(start()).await;
    let left = leaves(&bench).await.old.venue_id;
    let suspended = is_suspended(&bench).await.old.venue_id;
    for venue_id in [left, suspended] {
        let there = left_at(&bench, venue_id).await;
        let early = due() - TimeDelta::microseconds(1);
        bench.done(early, DisposeVouchers { venue_id }).await;
        assert_eq!(left_at(&bench, venue_id).await, there);
        bench.done(due(), DisposeVouchers { venue_id }).await;
        assert!(left_at(&bench, venue_id).await < there);
    }
}
