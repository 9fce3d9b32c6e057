//! A read model as it stood: the same bytes every time, and whole or an error.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::envelope::Recorded;
use domain::venue::ItemKind;
use projections::fold::Fold;
use projections::ledger::Ledger;
use projections::rebuild;
use projections::replay::diff::diff;
use projections::replay::state::{Digest, Lines as _};
use projections::replay::{AsOf, moment};
use tests::acts::{ListLog, Story, instant};
use tests::views::{folded, live};

use super::standing;

/// Three coffees on 2 November, of which one is used each day from the 3rd on.
fn story() -> Story {
    let mut story = Story::new("praha");
    let venue = story.at("2026-11-02T09:00:00Z").venue("Na Rohu");
    let coffee = story.item(venue, "Coffee", ItemKind::HotDrink, 6500);
    let vouchers = story.prepay(3, |paid| paid.for_item(venue, coffee));
    for (day, voucher) in vouchers.into_iter().enumerate() {
        story.at(&format!("2026-11-0{}T09:00:00Z", day + 3));
        story.redeem(voucher, venue, coffee);
    }
    story
}

#[tokio::test]
async fn every_read_model_replayed_is_the_live_one() {
    let story = story();
    let log = story.log();
    for fold in projections::folds() {
        let standing = standing(Arc::clone(&fold), &log, None)
            .await
            .expect("a log");
        let followed = folded(Arc::clone(&fold), &story).await;
        let copy = live(&*fold, &followed).await;
        let expected = rebuild::digest(&*fold, &copy, &followed)
            .await
            .expect("a digest");
        let header = standing.header(log_id(), None);
        let mut digest = Digest::of(&header.tables);
        let mut rows = standing.rows();
        while let Some(line) = rows.next().await.expect("a store") {
            digest.add(&line);
        }
        assert_eq!(digest.finish().digest, expected, "{}", fold.name());
    }
}

fn log_id() -> uuid::Uuid {
    tests::acts::LOG_ID
}

#[tokio::test]
async fn as_of_a_time_is_the_prefix_before_the_first_event_recorded_after_it() {
    let log = story().log();
    let at = |text: &str| AsOf::Time(instant(text));
    let table = [
        ("2025-12-31T00:00:00Z", 0),
        ("2026-01-01T08:00:00Z", 1),
        ("2026-11-02T08:59:59Z", 1),
        ("2026-11-02T09:00:00Z", 6),
        ("2026-11-04T08:59:59Z", 7),
        ("2027-01-01T00:00:00Z", 9),
    ];
    for (time, position) in table {
        let found = moment(&log, Some(at(time))).await.expect("a log");
        assert_eq!(found.position, position, "{time}");
    }
    assert_eq!(moment(&log, None).await.expect("a log").position, 9);
}

/// The position as of an instant, and whether that is final.
async fn as_of(events: &[Recorded], time: DateTime<Utc>) -> (i64, bool) {
    let log = ListLog::of(events.to_vec());
    let found = moment(&log, Some(AsOf::Time(time))).await.expect("a log");
    (found.position, found.settled)
}

#[tokio::test]
async fn clocks_that_differ_by_seconds_do_not_change_an_answer() {
    let mut events = story().recorded().to_vec();
    // The last was recorded by a machine whose clock is four seconds behind.
    let earlier = events[7].record.recorded_at - TimeDelta::seconds(4);
    let (last, later) = (events.remove(8), events[7].record.recorded_at);
    assert_eq!(as_of(&events, earlier).await, (7, true), "before it came");
    let mut behind = last;
    behind.record.recorded_at = earlier;
    events.push(behind);
    assert_eq!(as_of(&events, earlier).await, (7, true), "and afterwards");
    assert_eq!(as_of(&events, later).await, (9, false), "nothing is later");
}

/// Six hundred events whose clocks differ by up to a minute.
#[tokio::test]
async fn an_answer_stays_the_same_however_long_the_log_becomes() {
    let one = story().recorded()[1].clone();
    let start = one.record.recorded_at;
    let recorded = |position: i64| {
        let mut event = one.clone();
        let jitter = position * 7_919 % 61;
        event.position = position;
        event.record.recorded_at = start + TimeDelta::seconds(2 * position - jitter);
        event
    };
    let events: Vec<Recorded> = (1..=600).map(recorded).collect();
    for second in (0..900).step_by(37) {
        let time = start + TimeDelta::seconds(second);
        let later = |event: &&Recorded| event.record.recorded_at > time;
        let expected = events.iter().find(later).expect("a later one").position - 1;
        for length in [500, 511, 512, 513, 600] {
            let found = as_of(&events[..length], time).await;
            assert_eq!(found, (expected, true), "{second} s, of {length} events");
        }
    }
}

#[tokio::test]
async fn a_moment_that_may_still_change_says_how_long() {
    let log = story().log();
    let time = instant("2027-01-01T00:00:00Z");
    let by_then = Some(AsOf::Time(time));
    let found = moment(&log, by_then).await.expect("a log");
    let after = |seconds| found.settles_in(by_then, time + TimeDelta::seconds(seconds));
    assert_eq!(after(0), Some(TimeDelta::seconds(30)));
    assert_eq!(after(29), Some(TimeDelta::seconds(1)));
    assert_eq!(after(30), None);
    let settled = Some(AsOf::Time(instant("2026-11-03T09:00:00Z")));
    let found = moment(&log, settled).await.expect("a log");
    assert_eq!(
        found.settles_in(settled, instant("2026-11-03T09:00:00Z")),
        None
    );
}

#[tokio::test]
async fn what_differs_between_two_moments_is_told() {
    let (log, fold) = (story().log(), Arc::new(Ledger));
    let as_of = |position| Some(AsOf::Position(position));
    let first = standing(fold.clone(), &log, as_of(6)).await.expect("a log");
    let second = standing(fold, &log, as_of(7)).await.expect("a log");
    let tables = first.header(log_id(), None).tables;
    let mut told = Vec::new();
    let (mut old, mut new) = (first.rows(), second.rows());
    let count = diff(&tables, &mut old, &mut new, |difference| {
        told.push(difference.to_string());
        Ok(())
    });
    let count = count.await.expect("two stores");
    assert_eq!((count.came, count.went), (2, 0), "a posting and an account");
    assert!(
        told.iter()
            .any(|it| it.starts_with("~ ledger_total praha|CZK|network|")
                && it.contains("redeemed_minor 0 -> 6500;")),
        "{told:#?}"
    );
    assert!(
        told.iter().any(|it| it.starts_with("+ ledger_posting ")),
        "{told:#?}"
    );
}

#[tokio::test]
async fn what_is_not_whole_is_an_error() {
    let (fold, story): (Arc<dyn Fold>, _) = (Arc::new(Ledger), story());
    let beyond = standing(Arc::clone(&fold), &story.log(), Some(AsOf::Position(10))).await;
    let why = beyond.err().expect("the log is shorter").to_string();
    assert!(why.contains("ends at position 9"), "{why}");

    let mut gap = story.recorded().to_vec();
    gap.remove(4);
    let why = standing(
        Arc::clone(&fold),
        &Gap(ListLog::of(gap)),
        Some(AsOf::Position(9)),
    )
    .await;
    let why = why.err().expect("a position is missing").to_string();
    assert!(why.contains("position 5 is missing"), "{why}");

    let mut unknown = story;
    let id = unknown.id();
    unknown.stored("venue", id, "venue.painted_blue", "1", "{}".to_owned());
    let why = standing(fold, &unknown.log(), None).await;
    let why = why.err().expect("nobody knows this act").to_string();
    assert!(why.contains("venue.painted_blue"), "{why}");
}

/// A list from which an event was taken, read by position.
struct Gap(ListLog);

impl projections::log::Log for Gap {
    fn log_id(&self) -> uuid::Uuid {
        self.0.log_id()
    }

    fn read(
        &self,
        after: i64,
        limit: usize,
    ) -> futures::future::BoxFuture<
        '_,
        Result<Vec<domain::envelope::Recorded>, projections::store::StoreError>,
    > {
        Box::pin(async move {
            let all = self.0.read(0, usize::MAX).await?;
            let later = all.into_iter().filter(|event| event.position > after);
            Ok(later.take(limit).collect())
        })
    }

    fn head(&self) -> futures::future::BoxFuture<'_, Result<i64, projections::store::StoreError>> {
        self.0.head()
    }

    fn changes(&self) -> tokio::sync::watch::Receiver<i64> {
        self.0.changes()
    }
}
