//! The same history under other rules.

use std::sync::Arc;

use domain::network::set_policy::{Policy, PriceRiseBorneBy};
use domain::venue::ItemKind;
use domain::voucher::redeem::{DifferenceBorneBy, MeansKind, Redeemed, RedemptionSource};
use domain::voucher::{Voucher, VoucherEvent};
use projections::answer::Seen;
use projections::fold::Fold;
use projections::ledger::Ledger;
use projections::ledger::reconcile::reconcile;
use projections::replay::Standing;
use projections::replay::diff::{Count, diff};
use projections::replay::otherwise::{Otherwise, Rule, Rules, flush};
use tests::acts::{Story, minor};

use super::standing;

/// Three coffees of January with a year to be used, by the default: one is used in March, one in
/// August, and one is not. A fourth has a last day of its own.
fn story() -> Story {
    let mut story = Story::new("praha");
    let venue = story.at("2026-01-10T09:00:00Z").venue("Na Rohu");
    let coffee = story.item(venue, "Coffee", ItemKind::HotDrink, 6500);
    let vouchers = story.prepay(3, |paid| paid.for_item(venue, coffee).until("2027-01-09"));
    story.prepay(1, |paid| paid.for_item(venue, coffee).until("2027-06-30"));
    story
        .at("2026-03-01T09:00:00Z")
        .redeem(vouchers[0], venue, coffee);
    let late = Redeemed {
        redemption_id: story.id(),
        at: domain::time::micros(tests::acts::instant("2026-08-01T09:00:00Z")),
        group_id: None,
        group_size: 1,
        venue_id: venue,
        item_id: Some(coffee),
        used_minor: minor(6500),
        settled_minor: minor(6500),
        venue_price_minor: minor(7000),
        difference_borne_by: DifferenceBorneBy::Venue,
        means: MeansKind::Board,
        source: RedemptionSource::Counter,
        remaining_minor: minor(0),
        of_the_day: None,
    };
    story.at("2026-08-01T09:00:00Z");
    story.act::<Voucher>(vouchers[1], VoucherEvent::from(late));
    story.at("2026-09-01T09:00:00Z").venue("U Lva");
    story
}

fn rules(rules: &[&str]) -> Rules {
    let rules: Vec<Rule> = rules.iter().map(|it| it.parse().expect("a rule")).collect();
    Rules::of(&rules).expect("rules")
}

async fn under(said: &[&str], fold: Arc<dyn Fold>) -> (Standing, u64) {
    let (story, other) = (story(), Otherwise::new(fold, rules(said)));
    let standing = standing(Arc::new(other), &story.log(), None)
        .await
        .expect("a log");
    let expired = flush(&standing, &story.log()).await.expect("a store");
    (standing, expired)
}

async fn differs(said: &[&str], fold: Arc<dyn Fold>) -> (Count, Vec<String>) {
    let was = standing(Arc::clone(&fold), &story().log(), None)
        .await
        .expect("a log");
    let tables = was.header(tests::acts::LOG_ID, None).tables;
    let (other, _) = under(said, Arc::clone(&fold)).await;
    let mut told = Vec::new();
    let (mut old, mut new) = (was.rows(), other.rows_of(fold.tables()));
    let count = diff(&tables, &mut old, &mut new, |difference| {
        told.push(difference.to_string());
        Ok(())
    });
    (count.await.expect("two stores"), told)
}

#[tokio::test]
async fn the_rules_that_were_change_nothing_but_that_they_were_said() {
    let policy = Policy::default();
    assert_eq!(policy.price_rise_borne_by, PriceRiseBorneBy::Venue);
    let same = [
        "default_expiry_months=12",
        "late_record_window_h=72",
        "price_rise_borne_by=venue",
    ];
    let (count, told) = differs(&same, Arc::new(Ledger)).await;
    assert!(count.is_same(), "{told:#?}");
}

#[tokio::test]
async fn three_months_instead_of_twelve_let_two_coffees_expire() {
    let (count, told) = differs(&["default_expiry_months=3"], Arc::new(Ledger)).await;
    assert!(!count.is_same());
    let network = told
        .iter()
        .find(|it| it.starts_with("~ ledger_total praha|CZK|network|"));
    let network = network.unwrap_or_else(|| panic!("{told:#?}"));
    for change in [
        "redeemed_minor 13000 -> 6500;",
        "expired_units 0 -> 2;",
        "expired_minor 0 -> 13000;",
        "outstanding_units 2 -> 1;",
    ] {
        assert!(network.contains(change), "{change}: {network}");
    }
    let (other, expired) = under(&["default_expiry_months=3"], Arc::new(Ledger)).await;
    assert_eq!(expired, 1, "nothing happened to it any more");
    let network = story().network();
    let checked = reconcile(&*other.store, &network, Seen::default()).await;
    assert!(
        checked.expect("an answer").balanced,
        "other rules add up too"
    );
}

#[tokio::test]
async fn the_fund_bears_what_the_venue_bore() {
    let (_, told) = differs(&["price_rise_borne_by=fund"], Arc::new(Ledger)).await;
    let network = told
        .iter()
        .find(|it| it.starts_with("~ ledger_total praha|CZK|network|"));
    let network = network.unwrap_or_else(|| panic!("{told:#?}"));
    assert!(
        network.contains("settled_minor 13000 -> 13500;"),
        "{network}"
    );
    assert!(
        network.contains("borne_by_venue_minor 500 -> 0;"),
        "{network}"
    );
}

#[tokio::test]
async fn every_read_model_can_be_folded_under_other_rules() {
    for fold in projections::folds() {
        let (standing, _) = under(&["default_expiry_months=1", "small_count=9"], fold).await;
        assert_eq!(standing.moment.position, 10);
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    for bad in [
        "default_expiry_months",
        "default_expiry_months=x",
        "colour=red",
        "small_count=99",
    ] {
        assert!(bad.parse::<Rule>().is_err(), "{bad}");
    }
}
