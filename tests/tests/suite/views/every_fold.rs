//! One log, folded by every read model on every engine: the same rows, and the same answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::DonorId;
use projections::answer::Seen;
use projections::follower::Follower;
use projections::ledger::query::{Dimension, Part};
use projections::store::ReadStore;
use projections::{campaign_totals, donor_impact, ledger, rebuild};
use proptest::collection::vec;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde::Serialize;
use tests::lives::{Lives, donor, lived, step};
use tests::views::shown;

use super::engines;

/// The same random lives each time.
fn lives() -> Lives {
    let steps = vec(step(), 600).new_tree(&mut TestRunner::deterministic());
    lived(&steps.expect("steps").current())
}

async fn fold_all(store: &dyn ReadStore, lives: &Lives) -> BTreeMap<&'static str, String> {
    let mut digests = BTreeMap::new();
    let log = lives.story.log();
    let head = i64::try_from(lives.story.recorded().len()).expect("a short story");
    assert!(head > 200, "{head} acts are few");
    for fold in projections::folds() {
        let copy = shown(fold.model(), fold.tables(), store).await;
        let filled = rebuild::fill(&fold, copy.clone(), &log, store, i64::MAX, |_, _| ()).await;
        assert_eq!(filled.expect("folded"), head, "{}", fold.name());
        let digest = rebuild::digest(&*fold, &copy, store).await;
        digests.insert(fold.name(), digest.expect("a digest"));
        // What was saved is where the next process goes on.
        let again = Follower::resume(Arc::clone(&fold), copy, store, &log).await;
        assert_eq!(again.expect("resumed").position(), head);
    }
    digests
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string_pretty(answer).expect("JSON")
}

async fn money(store: &dyn ReadStore, lives: &Lives) -> Vec<String> {
    let (network, seen) = (lives.story.network(), Seen::default());
    let mut answers = Vec::new();
    let checked = ledger::reconcile::reconcile(store, &network, seen).await;
    let checked = checked.expect("an answer");
    assert!(checked.balanced, "{checked:#?}");
    answers.push(json(&checked));
    for fund_id in [None, Some(uuid::Uuid::from_u128(0xf0))] {
        let part = Part {
            network: network.clone(),
            fund_id,
            limit: 7,
            cursor: None,
        };
        for dimension in [
            Dimension::Network,
            Dimension::Venue,
            Dimension::Donor,
            Dimension::Fund,
        ] {
            let totals = ledger::query::totals(store, &part, dimension, seen).await;
            answers.push(json(&totals.expect("an answer")));
        }
        let accounts = ledger::query::accounts(store, &part, seen).await;
        answers.push(json(&accounts.expect("an answer")));
        let postings = ledger::query::postings(store, &part, seen).await;
        let postings = postings.expect("an answer");
        let next = Part {
            cursor: postings.next_cursor.clone(),
            ..part
        };
        answers.push(json(&postings));
        let postings = ledger::query::postings(store, &next, seen).await;
        answers.push(json(&postings.expect("an answer")));
    }
    answers
}

async fn impact(store: &dyn ReadStore, lives: &Lives, donor_id: DonorId) -> String {
    let filter = donor_impact::query::Filter {
        network: lives.story.network(),
        donor_id,
        limit: 100,
        cursor: None,
    };
    let now = lives.story.now();
    let answer = donor_impact::query::donor_impact(store, &filter, Seen::default(), now).await;
    json(&answer.expect("an answer"))
}

async fn years(store: &dyn ReadStore, lives: &Lives, year: Option<i32>) -> String {
    let filter = campaign_totals::query::Filter {
        network: lives.story.network(),
        year,
        campaign: None,
        limit: 100,
        cursor: None,
    };
    let answer = campaign_totals::query::campaign_totals(store, &filter, Seen::default()).await;
    json(&answer.expect("an answer"))
}

#[tokio::test]
async fn every_engine_holds_and_says_the_same() {
    let lives = lives();
    let mut first: Option<(BTreeMap<_, _>, Vec<String>)> = None;
    for engine in engines().await {
        let store = &*engine.store;
        let digests = fold_all(store, &lives).await;
        let mut answers = money(store, &lives).await;
        for number in 0..3 {
            answers.push(impact(store, &lives, donor(number)).await);
        }
        for year in [None, Some(2026), Some(1999), None] {
            answers.push(years(store, &lives, year).await);
        }
        match &first {
            None => first = Some((digests, answers)),
            Some((expected, said)) => {
                assert_eq!(&digests, expected, "{}", engine.name);
                for (answer, expected) in answers.iter().zip(said) {
                    assert_eq!(answer, expected, "{}", engine.name);
                }
            }
        }
    }
}
