//! Years as people remember them: in the network's time zone, by when it happened.

use std::sync::Arc;

use domain::voucher::void::{Void, VoidReason};
use projections::answer::Seen;
use projections::campaign_totals::CampaignTotals;
use projections::campaign_totals::query::{CampaignTotalsAnswer, Filter, Totals, campaign_totals};
use proptest::prelude::*;
use tests::acts::Story;
use tests::lives::{Lives, lived, step};
use tests::views::{folded, is_the_same_however_it_is_built, stops_at_what_it_does_not_know};

fn every_year(story: &Story) -> Filter {
    Filter {
        network: story.network(),
        year: None,
        campaign: None,
        limit: 200,
        cursor: None,
    }
}

async fn answer(story: &Story, filter: &Filter) -> CampaignTotalsAnswer {
    let views = folded(Arc::new(CampaignTotals), story).await;
    let answer = campaign_totals(&views, filter, Seen::default()).await;
    answer.expect("an answer")
}

/// Year, bought, used, used of the same year, expired, refunded, voided.
async fn units(lives: &Lives) -> Vec<[i64; 7]> {
    let answer = answer(&lives.story, &every_year(&lives.story)).await;
    let row = |year: i32, totals: &Totals| {
        [
            i64::from(year),
            totals.purchased_units,
            totals.redeemed_units,
            totals.redeemed_same_year_units,
            totals.expired_units,
            totals.refunded_units,
            totals.voided_units,
        ]
    };
    let years = answer.years.iter();
    years.map(|year| row(year.year, &year.totals)).collect()
}

fn use_at(lives: &mut Lives, voucher: usize, at: &str) {
    lives.story.at(at);
    let redeem = lives.redeem(voucher, 0, 6500);
    assert!(lives.ask(voucher, redeem), "{at}");
}

/// On 31 December at 23:00 in London it is already the next year in Prague.
#[tokio::test]
async fn a_year_begins_when_it_begins_in_the_network() {
    let mut lives = Lives::new();
    lives.story.at("2025-12-31T22:59:59Z");
    let old = lives.prepay(0, |paid| paid);
    lives.story.at("2025-12-31T23:00:00Z");
    let new = lives.prepay(0, |paid| paid);
    use_at(&mut lives, old, "2026-12-31T22:59:59Z");
    use_at(&mut lives, new, "2026-12-31T23:00:00Z");
    let expected = [
        [2027, 0, 1, 0, 0, 0, 0],
        [2026, 1, 1, 0, 0, 0, 0],
        [2025, 1, 0, 0, 0, 0, 0],
    ];
    assert_eq!(units(&lives).await, expected);
}

#[tokio::test]
async fn what_is_taken_back_was_not_used_in_that_year() {
    let mut lives = Lives::new();
    lives.story.at("2026-12-30T12:00:00Z");
    let voucher = lives.prepay(0, |paid| paid);
    use_at(&mut lives, voucher, "2026-12-31T12:00:00Z");
    assert_eq!(units(&lives).await, [[2026, 1, 1, 1, 0, 0, 0]]);
    lives.story.at("2027-01-02T12:00:00Z");
    assert!(lives.ask(voucher, lives.reverse(voucher)));
    assert_eq!(units(&lives).await, [[2026, 1, 0, 0, 0, 0, 0]]);
}

#[tokio::test]
async fn each_end_counts_in_its_year() {
    let mut lives = Lives::new();
    let ends = [0, 0, 0].map(|cafe| lives.prepay(cafe, |paid| paid.until("2026-12-31")));
    assert!(lives.ask(ends[0], lives.refund(false)));
    let reason = VoidReason::EntryError;
    assert!(lives.ask(ends[1], Void { reason }));
    lives.story.at("2027-01-05T12:00:00Z");
    assert!(lives.ask(ends[2], lives.expire()));
    let expected = [[2027, 0, 0, 0, 1, 0, 0], [2026, 3, 0, 0, 0, 1, 1]];
    assert_eq!(units(&lives).await, expected);
}

#[tokio::test]
async fn a_credit_counts_as_one_when_it_is_used_up_and_as_money_with_each_use() {
    let mut lives = Lives::new();
    let venue = lives.venue(0);
    let credit = lives.prepay(0, |paid| paid.credit(venue, 10_000));
    for (amount, units, minor) in [(4000, 0, 4000), (6000, 1, 10_000)] {
        let redeem = lives.redeem(credit, 0, amount);
        assert!(lives.ask(credit, redeem));
        let answer = answer(&lives.story, &every_year(&lives.story)).await;
        let totals = &answer.years[0].totals;
        assert_eq!(
            (totals.redeemed_units, totals.redeemed_minor),
            (units, minor)
        );
    }
}

#[tokio::test]
async fn campaigns_are_told_apart_and_come_in_pages() {
    let mut lives = Lives::new();
    for campaign in [None, Some("winter"), Some("advent"), Some("winter")] {
        lives.prepay(0, |paid| {
            let campaign = campaign.map(|name| name.parse().expect("a label"));
            paid.but(|prepaid| prepaid.campaign = campaign)
        });
    }
    let mut filter = Filter {
        limit: 1,
        ..every_year(&lives.story)
    };
    let mut found = Vec::new();
    loop {
        let page = answer(&lives.story, &filter).await;
        assert_eq!(page.years[0].totals.purchased_units, 4);
        assert_eq!(page.currency.as_deref(), Some("CZK"));
        for row in page.campaigns {
            found.push((row.campaign, row.totals.purchased_units));
        }
        filter.cursor = page.next_cursor;
        if filter.cursor.is_none() {
            break;
        }
    }
    let expected = [("", 1), ("advent", 1), ("winter", 2)];
    assert_eq!(
        found,
        expected.map(|(name, units)| (name.to_owned(), units))
    );

    filter.campaign = Some("winter".parse().expect("a label"));
    filter.year = Some(2026);
    let winter = answer(&lives.story, &filter).await;
    assert_eq!(winter.years[0].totals.purchased_minor, 13_000);
    filter.year = Some(2025);
    assert_eq!(answer(&lives.story, &filter).await.years, []);
}

#[tokio::test]
async fn campaign_totals_stop_at_what_they_do_not_know() {
    stops_at_what_it_does_not_know(Arc::new(CampaignTotals), Story::new("praha")).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_life_is_counted_the_same_however_it_is_built(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let lives = lived(&steps);
            is_the_same_however_it_is_built(Arc::new(CampaignTotals), &lives.story).await;
            for [year, bought, used, same_year, ..] in units(&lives).await {
                assert!(used >= same_year && bought >= same_year && same_year >= 0, "{year}");
            }
        });
    }
}
