//! A donor reads what became of a gift, and nothing about whoever got it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::fund::open::{FundKind, Opened};
use domain::fund::{Fund, FundEvent};
use domain::ids::{FundId, OrganisationId, SheetId};
use domain::network::set_policy::PriceRiseBorneBy;
use domain::organisation::join::{Joined, OrganisationKind};
use domain::organisation::{Organisation, OrganisationEvent};
use domain::voucher::Holder;
use infra::views::sqlite::SqliteViews;
use projections::answer::Seen;
use projections::donor_impact::DonorImpact;
use projections::donor_impact::query::{DonorImpactAnswer, Filter, Stage, donor_impact};
use proptest::prelude::*;
use serde_json::{Value, json};
use tests::acts::{Story, instant};
use tests::lives::{Lives, donor, lived, organisation, step};
use tests::views::{folded, is_the_same_however_it_is_built, stops_at_what_it_does_not_know};
use uuid::Uuid;

fn new_year() -> DateTime<Utc> {
    instant("2027-01-01T12:00:00Z")
}

async fn answer_at(lives: &Lives, now: DateTime<Utc>) -> DonorImpactAnswer {
    let views = folded(Arc::new(DonorImpact), &lives.story).await;
    asked(&views, lives, None, now).await
}

async fn asked(
    views: &SqliteViews,
    lives: &Lives,
    cursor: Option<String>,
    now: DateTime<Utc>,
) -> DonorImpactAnswer {
    let filter = Filter {
        network: lives.story.network(),
        donor_id: donor(0),
        limit: 3,
        cursor,
    };
    let answer = donor_impact(views, &filter, Seen::default(), now).await;
    answer.expect("an answer")
}

/// The timeline of the donor's latest voucher.
async fn timeline(lives: &Lives) -> Vec<Value> {
    let answer = answer_at(lives, lives.story.now()).await;
    let moments = answer.vouchers[0].timeline.iter();
    moments
        .map(|moment| serde_json::to_value(moment).expect("JSON"))
        .collect()
}

/// A network with an organisation and a named fund.
fn told() -> Lives {
    let mut lives = Lives::new();
    let network = lives.story.network();
    let joined = Joined {
        network: network.clone(),
        name: "Naděje".parse().expect("a name"),
        kind: OrganisationKind::Ngo,
        agreement: None,
    };
    let organisation: OrganisationId = organisation();
    lives
        .story
        .act::<Organisation>(organisation, OrganisationEvent::from(joined));
    let fund = Opened {
        network: network.clone(),
        kind: FundKind::Common,
        name: "Společný fond".parse().expect("a name"),
        funder: None,
        purpose: None,
        from: None,
        to: None,
    };
    lives
        .story
        .act::<Fund>(FundId::common(&network), FundEvent::from(fund));
    lives
}

fn by_organisation() -> Holder {
    Holder::Organisation {
        organisation_id: organisation(),
    }
}

fn use_now(lives: &mut Lives, voucher: usize, cafe: usize, price: i64) {
    let redeem = lives.redeem(voucher, cafe, price);
    assert!(lives.ask(voucher, redeem));
}

#[tokio::test]
async fn from_the_board_the_venue_and_the_day_are_told() {
    let mut lives = told();
    let voucher = lives.prepay(0, |paid| paid.by(donor(0)));
    lives.story.at("2026-11-30T23:30:00Z");
    use_now(&mut lives, voucher, 0, 6500);
    let venue = json!({"id": lives.venue(0), "name": "Na Rohu"});
    let expected = [
        json!({"month": "2026-11", "day": "2026-11-02", "what": "prepaid", "held_by": "board",
               "venue": venue, "organisation": null}),
        json!({"month": "2026-12", "day": "2026-12-01", "what": "used", "means": "board",
               "venue": venue, "used_minor": 6500}),
    ];
    assert_eq!(timeline(&lives).await, expected);
}

#[tokio::test]
async fn by_code_only_the_month_is_told() {
    let mut lives = told();
    let venue = lives.venue(0);
    let voucher = lives.prepay(0, |paid| paid.credit(venue, 10_000).by(donor(0)));
    let issue = lives.issue(by_organisation(), None);
    assert!(lives.ask(voucher, issue));
    lives.story.at("2026-11-20T12:00:00Z");
    use_now(&mut lives, voucher, 0, 7300);
    assert!(lives.ask(voucher, lives.reverse(voucher)));
    let naděje = json!({"id": organisation(), "name": "Naděje"});
    let expected = [
        json!({"month": "2026-11", "day": null, "what": "code_issued", "held_by": "organisation",
               "organisation": naděje}),
        json!({"month": "2026-11", "day": null, "what": "used", "means": "code", "venue": null,
               "used_minor": null}),
        json!({"month": "2026-11", "day": null, "what": "taken_back"}),
    ];
    assert_eq!(timeline(&lives).await[1..], expected);
}

/// Whatever happens to a voucher off the board, no day and no venue of a use by code is told.
#[tokio::test]
async fn nothing_off_the_board_has_a_day() {
    let mut lives = told();
    let voucher = lives.prepay(0, |paid| paid.by(donor(0)));
    assert!(lives.ask(voucher, lives.issue(by_organisation(), None)));
    use_now(&mut lives, voucher, 0, 6500);
    for moment in &timeline(&lives).await[1..] {
        assert_eq!(moment["day"], Value::Null, "{moment}");
    }
}

#[tokio::test]
async fn the_venue_is_told_once_five_codes_were_used() {
    for by_sheet in [true, false] {
        let mut lives = told();
        let sheet = SheetId(Uuid::from_u128(0x5e));
        let mut first = None;
        let prepayment = lives.story.id();
        let mut vouchers = Vec::new();
        for number in 1..=5 {
            let voucher = lives.prepay(0, |paid| {
                paid.by(donor(0)).but(|prepaid| {
                    if !by_sheet {
                        prepaid.prepayment_id = prepayment;
                    }
                })
            });
            let place = by_sheet.then_some((sheet, number));
            assert!(lives.ask(voucher, lives.issue(Holder::Donor, place)));
            vouchers.push(voucher);
        }
        for voucher in &vouchers {
            use_now(&mut lives, *voucher, 0, 6500);
            first.get_or_insert(*voucher);
            let used = timeline(&lives).await;
            let named = used
                .iter()
                .any(|moment| moment["what"] == "used" && !moment["venue"].is_null());
            assert_eq!(named, *voucher == vouchers[4], "by sheet: {by_sheet}");
        }
        // Four that stand are not enough again.
        let fifth = vouchers[4];
        let first = first.expect("a voucher");
        assert!(lives.ask(first, lives.reverse(first)));
        let used = timeline(&lives).await;
        let last = used.last().expect("a moment");
        assert_eq!(last["what"], "used", "of voucher {fifth}");
        assert_eq!(last["venue"], Value::Null);
        assert_eq!(last["day"], Value::Null);
    }
}

#[tokio::test]
async fn what_expired_and_what_then() {
    let mut lives = told();
    lives.prepay(0, |paid| paid.by(donor(0)).until("2026-12-31"));
    let lapsed = answer_at(&lives, new_year()).await;
    assert_eq!(lapsed.vouchers[0].stage, Stage::Lapsed);
    let totals = &lapsed.totals[0];
    assert_eq!((totals.waiting, totals.waiting_minor), (0, 0));
    assert_eq!((totals.lapsed, totals.lapsed_minor), (1, 6500));

    lives.story.at("2027-01-05T12:00:00Z");
    assert!(lives.ask(0, lives.expire()));
    let network = lives.story.network();
    let expired = json!({
        "month": "2027-01", "day": "2027-01-05", "what": "expired", "to": "fund",
        "receiver": {"id": FundId::common(&network), "name": "Společný fond"},
        "amount_minor": 6500,
    });
    assert_eq!(timeline(&lives).await[1..], [expired]);
    let totals = answer_at(&lives, new_year()).await.totals;
    assert_eq!(
        (totals[0].expired, totals[0].expired_to_fund_minor),
        (1, 6500)
    );
    assert_eq!((totals[0].lapsed, totals[0].lapsed_minor), (0, 0));
}

#[tokio::test]
async fn a_voucher_that_moved_says_from_where_to_where() {
    let mut lives = told();
    let voucher = lives.prepay(0, |paid| paid.by(donor(0)));
    assert!(lives.ask(voucher, lives.rehome(0, 1, 6000, PriceRiseBorneBy::Venue)));
    let moved = json!({
        "month": "2026-11", "day": "2026-11-02", "what": "rehomed",
        "from_venue": {"id": lives.venue(0), "name": "Na Rohu"},
        "to_venue": {"id": lives.venue(1), "name": "U Lva"},
        "old_value_minor": 6500, "new_value_minor": 6000,
    });
    assert_eq!(timeline(&lives).await[1..], [moved]);
    let totals = answer_at(&lives, lives.story.now()).await.totals;
    assert_eq!(
        (totals[0].rehomed, totals[0].rehomed_to_fund_minor),
        (1, 500)
    );
}

#[tokio::test]
async fn a_donor_sees_own_vouchers_only_the_latest_first() {
    let mut lives = Lives::new();
    let own: Vec<usize> = (0..7)
        .filter_map(|number| {
            let voucher = lives.prepay(0, |paid| paid.by(donor(number % 2)));
            (number % 2 == 0).then_some(voucher)
        })
        .collect();
    let views = folded(Arc::new(DonorImpact), &lives.story).await;
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = asked(&views, &lives, cursor, new_year()).await;
        assert_eq!(page.totals[0].prepaid, 4);
        found.extend(page.vouchers.into_iter().map(|life| life.voucher_id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = own.iter().rev().map(|voucher| lives.id(*voucher)).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn donor_impact_stops_at_what_it_does_not_know() {
    stops_at_what_it_does_not_know(Arc::new(DonorImpact), Story::new("praha")).await;
}

/// The totals of a donor add up, and no use by code has a day.
fn check(answer: &DonorImpactAnswer) {
    for t in &answer.totals {
        let went = t.used_minor
            + t.waiting_minor
            + t.lapsed_minor
            + t.expired_minor
            + t.refunded_minor
            + t.voided_minor
            + t.rehomed_to_fund_minor;
        assert_eq!(t.prepaid_minor, went, "{t:?}");
        let units = t.used + t.waiting + t.lapsed + t.expired + t.refunded + t.voided;
        assert_eq!(t.prepaid, units, "{t:?}");
    }
    for voucher in &answer.vouchers {
        for moment in &voucher.timeline {
            let json = serde_json::to_value(moment).expect("JSON");
            let by_code = json["what"] == "used" && json["means"] == "code";
            assert!(!by_code || json["day"].is_null(), "{json}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn totals_add_up_in_any_life(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let lives = lived(&steps);
            is_the_same_however_it_is_built(Arc::new(DonorImpact), &lives.story).await;
            check(&answer_at(&lives, lives.story.now()).await);
        });
    }
}
