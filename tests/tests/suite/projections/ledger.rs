//! The ledger adds up, in every case of money and in every life of a voucher.

use std::sync::Arc;

use domain::ids::FundId;
use domain::network::set_policy::PriceRiseBorneBy;
use domain::voucher::redeem::Redeem;
use domain::voucher::void::{Void, VoidReason};
use infra::views::sqlite::SqliteViews;
use projections::answer::Seen;
use projections::follower::{Follower, Page};
use projections::ledger::Ledger;
use projections::ledger::query::{
    Account, AccountBalance, Dimension, Flow, Part, Totals, accounts, postings, totals,
};
use projections::ledger::reconcile::reconcile;
use proptest::prelude::*;
use tests::acts::{Paid, Story};
use tests::lives::{Lives, donor, lived, step};
use tests::views::{
    folded, is_the_same_however_it_is_built, shown, stops_at_what_it_does_not_know,
};
use uuid::Uuid;

async fn ledger_of(story: &Story) -> SqliteViews {
    folded(Arc::new(Ledger), story).await
}

fn all(story: &Story) -> Part {
    Part {
        network: story.network(),
        fund_id: None,
        limit: 500,
        cursor: None,
    }
}

async fn accounts_of(lives: &Lives) -> Vec<AccountBalance> {
    let views = ledger_of(&lives.story).await;
    assert_balanced(&views, &lives.story).await;
    let answer = accounts(&views, &all(&lives.story), Seen::default()).await;
    answer.expect("an answer").accounts
}

fn balance(accounts: &[AccountBalance], account: Account, of: Option<Uuid>) -> i64 {
    let its = |known: &&AccountBalance| known.account == account && known.of_id == of;
    accounts
        .iter()
        .find(its)
        .map_or(0, |known| known.balance_minor)
}

async fn totals_of(lives: &Lives, dimension: Dimension) -> Vec<Totals> {
    let views = ledger_of(&lives.story).await;
    let answer = totals(&views, &all(&lives.story), dimension, Seen::default()).await;
    answer.expect("an answer").totals
}

async fn assert_balanced(views: &SqliteViews, story: &Story) {
    let checked = reconcile(views, &story.network(), Seen::default()).await;
    let checked = checked.expect("an answer");
    assert!(checked.balanced, "{checked:#?}");
}

/// The rows of a table in text: the cells of each line after the first.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table.trim().lines().skip(1);
    lines
        .map(|line| line.split('|').map(str::trim).collect())
        .collect()
}

fn crowns(cell: &str) -> i64 {
    cell.parse::<i64>().expect("whole crowns") * 100
}

/// A coffee that was prepaid for 65 crowns is used when it costs something else. What is in the
/// till, owed to the venue and in the fund afterwards, and what the venue gave of its own?
#[tokio::test]
async fn a_changed_price_is_booked_as_the_policy_says() {
    const CASES: &str = "
        paid   | today | rise borne by | in the till | owed | on account | in the fund | venue gave
        cash   | 65    | venue         | 0           | 0    | 0          | 0           | 0
        cash   | 70    | venue         | 0           | 0    | 0          | 0           | 5
        cash   | 70    | fund          | 0           | 5    | 0          | -5          | 0
        cash   | 60    | venue         | 5           | 0    | 0          | 5           | 0
        bank   | 65    | venue         | 0           | 65   | 65         | 0           | 0
        bank   | 70    | venue         | 0           | 65   | 65         | 0           | 5
        bank   | 70    | fund          | 0           | 70   | 65         | -5          | 0
        bank   | 60    | fund          | 0           | 60   | 65         | 5           | 0";
    for case in rows(CASES) {
        let mut lives = Lives::new();
        let cash = case[0] == "cash";
        let voucher = lives.prepay(0, |paid| if cash { paid.in_cash() } else { paid });
        let mut redeem = lives.redeem(voucher, 0, crowns(case[1]));
        if case[2] == "fund" {
            redeem.price_rise_borne_by = PriceRiseBorneBy::Fund;
        }
        assert!(lives.ask(voucher, redeem), "{case:?}");
        let (books, venue) = (accounts_of(&lives).await, Some(lives.venue(0).0));
        let fund = Some(FundId::common(&lives.story.network()).0);
        let expected: Vec<i64> = case[3..].iter().map(|cell| crowns(cell)).collect();
        let booked = [
            balance(&books, Account::VenueTill, venue),
            balance(&books, Account::DueToVenue, venue),
            balance(&books, Account::NetworkAccount, None),
            balance(&books, Account::Fund, fund),
            balance(&books, Account::VenueGift, venue),
        ];
        assert_eq!(booked[..], expected, "{case:?}");
        // Taken back, nothing is left of it but the promise.
        assert!(lives.ask(voucher, lives.reverse(voucher)), "{case:?}");
        let books = accounts_of(&lives).await;
        assert_eq!(
            balance(&books, Account::Outstanding, venue),
            6500,
            "{case:?}"
        );
        let paid_in = if cash {
            Account::VenueTill
        } else {
            Account::NetworkAccount
        };
        assert_eq!(
            balance(&books, paid_in, venue.filter(|_| cash)),
            6500,
            "{case:?}"
        );
        for account in [Account::DueToVenue, Account::Fund, Account::VenueGift] {
            assert_eq!(balance(&books, account, venue), 0, "{case:?}");
        }
    }
}

/// A coffee of 65 crowns that was paid in cash at one venue moves to another, and is used there.
#[tokio::test]
async fn a_voucher_that_moves_takes_its_value_along() {
    const CASES: &str = "
        price there | rise borne by | value there | to the fund | owed there | venue there gave
        65          | venue         | 65          | 0           | 65         | 0
        60          | venue         | 60          | 5           | 60         | 0
        70          | venue         | 65          | 0           | 65         | 5
        70          | fund          | 70          | -5          | 70         | 0";
    for case in rows(CASES) {
        let mut lives = Lives::new();
        let voucher = lives.prepay(0, Paid::in_cash);
        let rise = match case[1] {
            "fund" => PriceRiseBorneBy::Fund,
            _ => PriceRiseBorneBy::Venue,
        };
        assert!(lives.ask(voucher, lives.rehome(0, 1, crowns(case[0]), rise)));
        let by_venue = totals_of(&lives, Dimension::Venue).await;
        let at = |cafe| {
            let id = Some(lives.venue(cafe).0);
            let mut found = by_venue.iter().filter(|totals| totals.of_id == id);
            found.next().expect("totals").clone()
        };
        assert_eq!(at(0).rehomed_out_minor, 6500, "{case:?}");
        assert_eq!(at(0).outstanding_minor, 0, "{case:?}");
        assert_eq!(at(1).rehomed_in_minor, crowns(case[2]), "{case:?}");
        assert_eq!(at(1).outstanding_minor, crowns(case[2]), "{case:?}");
        let network = totals_of(&lives, Dimension::Network).await;
        assert_eq!(
            network[0].rehomed_to_fund_minor,
            crowns(case[3]),
            "{case:?}"
        );

        let redeem = lives.redeem(voucher, 1, crowns(case[0]));
        let redeem = Redeem {
            price_rise_borne_by: rise,
            ..redeem
        };
        assert!(lives.ask(voucher, redeem), "{case:?}");
        let books = accounts_of(&lives).await;
        let fund = Some(FundId::common(&lives.story.network()).0);
        let there = Some(lives.venue(1).0);
        assert_eq!(
            balance(&books, Account::VenueTill, Some(lives.venue(0).0)),
            6500
        );
        assert_eq!(
            balance(&books, Account::Fund, fund),
            crowns(case[3]),
            "{case:?}"
        );
        assert_eq!(
            balance(&books, Account::DueToVenue, there),
            crowns(case[4]),
            "{case:?}"
        );
        assert_eq!(
            balance(&books, Account::VenueGift, there),
            crowns(case[5]),
            "{case:?}"
        );
    }
}

/// A coffee that nobody used: where its 65 crowns end up.
#[tokio::test]
async fn what_nobody_used_goes_where_it_should() {
    const CASES: &str = "
        end             | in the till | in the fund | owed to the donor
        expired         | 65          | 65          | 0
        refunded        | 65          | 0           | 65
        given up        | 65          | 65          | 0
        voided          | 0           | 0           | 0";
    for case in rows(CASES) {
        let mut lives = Lives::new();
        let voucher = lives.prepay(0, |paid| paid.in_cash().by(donor(1)).until("2026-11-03"));
        match case[0] {
            "expired" => {
                lives.story.at("2026-11-20T09:00:00Z");
                assert!(lives.ask(voucher, lives.expire()));
            }
            "voided" => {
                let reason = VoidReason::PaymentFailed;
                assert!(lives.ask(voucher, Void { reason }));
            }
            other => assert!(lives.ask(voucher, lives.refund(other == "refunded"))),
        }
        let books = accounts_of(&lives).await;
        let fund = Some(FundId::common(&lives.story.network()).0);
        let expected: Vec<i64> = case[1..].iter().map(|cell| crowns(cell)).collect();
        let booked = [
            balance(&books, Account::VenueTill, Some(lives.venue(0).0)),
            balance(&books, Account::Fund, fund),
            balance(&books, Account::DueToDonor, Some(donor(1).0)),
        ];
        assert_eq!(booked[..], expected, "{case:?}");
        assert_eq!(
            balance(&books, Account::Outstanding, Some(lives.venue(0).0)),
            0
        );
    }
}

#[tokio::test]
async fn a_credit_is_one_unit_until_it_is_used_up() {
    let mut lives = Lives::new();
    let venue = lives.venue(0);
    let credit = lives.prepay(0, |paid| paid.credit(venue, 10_000));
    for (amount, outstanding, redeemed) in [(4000, 1, 0), (6000, 0, 1)] {
        let redeem = lives.redeem(credit, 0, amount);
        assert!(lives.ask(credit, redeem));
        let network = totals_of(&lives, Dimension::Network).await;
        assert_eq!(network[0].outstanding_units, outstanding);
        assert_eq!(network[0].redeemed_units, redeemed);
    }
    assert!(lives.ask(credit, lives.reverse(credit)));
    let network = totals_of(&lives, Dimension::Network).await;
    let network = &network[0];
    assert_eq!(
        (network.outstanding_units, network.outstanding_minor),
        (1, 4000)
    );
    assert_eq!((network.redeemed_units, network.redeemed_minor), (0, 6000));
}

#[tokio::test]
async fn postings_come_in_pages_and_for_one_fund() {
    let mut lives = Lives::new();
    let grant = FundId(Uuid::from_u128(0xf0));
    for number in 0..5 {
        lives.prepay(number % 3, |paid| {
            paid.but(|prepaid| {
                if number == 4 {
                    prepaid.fund_id = grant;
                }
            })
        });
    }
    let views = ledger_of(&lives.story).await;
    let mut part = Part {
        limit: 2,
        ..all(&lives.story)
    };
    let mut positions = Vec::new();
    loop {
        let page = postings(&views, &part, Seen::default()).await;
        let page = page.expect("a page");
        assert!(page.postings.iter().all(|line| line.flow == Flow::Prepaid));
        positions.extend(page.postings.iter().map(|line| line.position));
        part.cursor = page.next_cursor;
        if part.cursor.is_none() {
            break;
        }
    }
    assert_eq!(positions, [8, 9, 10, 11, 12]);
    part.fund_id = Some(grant.0);
    let of_grant = postings(&views, &part, Seen::default()).await;
    let of_grant = of_grant.expect("a page").postings;
    assert_eq!(of_grant.len(), 1);
    assert_eq!((of_grant[0].position, of_grant[0].amount_minor), (12, 6000));
}

#[tokio::test]
async fn the_ledger_stops_at_what_it_does_not_know() {
    stops_at_what_it_does_not_know(Arc::new(Ledger), Story::new("praha")).await;
}

/// Folds one act after the other, and checks every equation after each.
async fn adds_up_at_every_position(lives: &Lives) {
    let (views, log) = (
        SqliteViews::memory().await.expect("memory"),
        lives.story.log(),
    );
    let fold: Arc<dyn projections::fold::Fold> = Arc::new(Ledger);
    let copy = shown(fold.model(), fold.tables(), &views).await;
    let mut follower = Follower::resume(fold, copy, &views, &log)
        .await
        .expect("a store");
    for event in lives.story.recorded() {
        let page = Page::of(vec![event.clone()]);
        follower.follow(&page, &log, &views).await.expect("a store");
        assert_balanced(&views, &lives.story).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_adds_up_at_every_position_of_any_life(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let lives = lived(&steps);
            adds_up_at_every_position(&lives).await;
            is_the_same_however_it_is_built(Arc::new(Ledger), &lives.story).await;
        });
    }
}
