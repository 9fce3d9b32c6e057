use domain::envelope::Record;
use uuid::Uuid;

use super::*;

const LOG: Uuid = Uuid::from_u128(1);

/// An event that owns its texts.
#[derive(Clone)]
struct Event {
    position: i64,
    id: String,
    sequence: i64,
    leaf: Hash,
}

impl Event {
    /// The event at this position, of this stream, as it is appended.
    fn new(position: i64, stream: u128, sequence: i64) -> Self {
        let id = Uuid::from_u128(stream).to_string();
        let mut event = Self {
            position,
            id,
            sequence,
            leaf: Hash::default(),
        };
        event.leaf = Leaves::of(LOG).hash(&event.stored());
        event
    }

    fn stored(&self) -> Stored<'_> {
        let stream = self.id.parse().expect("an id");
        Stored {
            position: self.position,
            network: "praha",
            aggregate_type: "voucher",
            aggregate_id: &self.id,
            sequence: self.sequence,
            event_type: "voucher.redeemed",
            event_version: "1",
            payload: "{\"redeemed\":{}}",
            metadata: "{}",
            event_id: Record::event_id(LOG, stream, self.sequence),
            occurred_at: 1_763_626_500_000_000,
            recorded_at: 1_763_626_500_000_001,
            leaf_hash: &self.leaf,
        }
    }
}

/// Six events in three streams.
fn log() -> Vec<Event> {
    let streams = [(1, 1), (2, 1), (1, 2), (3, 1), (2, 2), (1, 3)];
    let events = (1..).zip(streams);
    let events =
        events.map(|(position, (stream, sequence))| Event::new(position, stream, sequence));
    events.collect()
}

/// The root over the first events.
fn root(of: &[Event]) -> Hash {
    let mut edge = Edge::default();
    for event in of {
        edge.push(event.leaf, |_, _| {});
    }
    edge.root()
}

fn mark(of: &[Event], kept: Option<&str>) -> Mark {
    Mark {
        size: of.len() as u64,
        root: root(of),
        kept: kept.map(str::to_owned),
    }
}

/// One that the log does not lead to.
fn other_mark(of: &[Event], kept: Option<&str>) -> Mark {
    Mark {
        root: [7; 32],
        ..mark(of, kept)
    }
}

fn count(of: &[Event]) -> i64 {
    i64::try_from(of.len()).expect("few")
}

/// A head that names the last of these.
fn head(of: &[Event]) -> Head {
    Head {
        log_id: LOG,
        position: count(of),
        leaf_hash: of.last().map(|last| last.leaf.to_vec()),
    }
}

fn checked(events: &[Event], marks: Vec<Mark>, before: &Head, after: &Head) -> Report {
    let mut verifier = Verifier::new(before, marks);
    for event in events {
        verifier.take(&event.stored());
    }
    assert_eq!(verifier.position(), count(events));
    assert!(verifier.rest().is_none());
    verifier.finish(before, after)
}

/// Where the fault is, and whether it names a stream.
fn place(report: &Report) -> Option<(i64, bool)> {
    let fault = report.fault.as_ref()?;
    Some((fault.position, fault.stream.is_some()))
}

#[test]
fn a_sound_log_leads_to_its_checkpoints() {
    let log = log();
    let marks = vec![mark(&log[..5], Some("a file")), mark(&log[..2], None)];
    let report = checked(&log, marks, &head(&log), &head(&log));
    assert_eq!(report.fault, None);
    assert_eq!((report.events, report.streams), (6, 3));
    assert_eq!((report.checkpoints, report.sound_up_to), (2, 5));
    assert!(!report.signed_twice);
}

#[test]
fn what_an_event_tells_of_itself_is_looked_at() {
    let log = log();
    let (before, after) = (head(&log), head(&log));
    let mut gap = log.clone();
    gap.remove(1);
    // Which stream the lost event was of cannot be told.
    assert_eq!(
        place(&checked(&gap, vec![], &before, &after)),
        Some((2, false))
    );
    let mut hash = log.clone();
    hash[2].leaf = [7; 32];
    assert_eq!(
        place(&checked(&hash, vec![], &before, &after)),
        Some((3, true))
    );
    let mut number = log.clone();
    number[2] = Event::new(3, 1, 4);
    assert_eq!(
        place(&checked(&number, vec![], &before, &after)),
        Some((3, true))
    );
}

#[test]
fn the_head_names_the_last_event() {
    let log = log();
    let (of_five, of_all) = (head(&log[..5]), head(&log));
    let five = &log[..5];
    let more = Head {
        position: 7,
        ..of_all.clone()
    };
    let forged = Head {
        leaf_hash: Some(vec![7; 32]),
        ..of_five.clone()
    };
    let table = [
        // Nothing came while it was read, something did, or something came that was read.
        (five, &of_five, &of_five, None),
        (five, &of_five, &of_all, None),
        (&log[..], &of_five, &of_all, None),
        (&log[..], &of_five, &more, None),
        (five, &of_all, &of_all, Some(6)),
        (&log[..], &of_five, &of_five, Some(6)),
        (five, &forged, &of_all, Some(5)),
        (five, &forged, &forged, Some(5)),
        (five, &head(&log[..4]), &forged, Some(5)),
    ];
    for (number, (events, before, after, expected)) in table.into_iter().enumerate() {
        let report = checked(events, vec![], before, after);
        let found = report
            .fault
            .as_ref()
            .map(|fault| (fault.position, fault.until));
        assert_eq!(found, expected.map(|at| (at, at)), "{number}: {report:?}");
    }
    let short = checked(five, vec![], &of_all, &of_all)
        .fault
        .expect("a fault");
    assert!(short.says.contains("names position 6") && short.says.contains("event is 5"));
}

#[test]
fn a_checkpoint_that_the_log_does_not_lead_to_says_where_to_look() {
    let log = log();
    let at_its_end = head(&log);
    let check = |marks| checked(&log, marks, &at_its_end, &at_its_end);
    let report = check(vec![mark(&log[..2], None), other_mark(&log[..4], None)]);
    let fault = report.fault.expect("a fault");
    assert_eq!((fault.position, fault.until), (3, 4));
    assert!(fault.says.contains("4 events"), "{}", fault.says);
    // One that covers more than there is.
    let mut longer = mark(&log, None);
    longer.size = 9;
    assert_eq!(place(&check(vec![longer])), Some((7, false)));
    // What an event tells of itself is nearer, if it is before the end of the checkpoint.
    for (wrong, expected) in [(3, (4, 4)), (4, (5, 5)), (5, (1, 5))] {
        let mut events = log.clone();
        events[wrong].leaf = [7; 32];
        let marks = vec![other_mark(&log[..5], None)];
        let report = checked(&events, marks, &at_its_end, &at_its_end);
        let fault = report.fault.expect("a fault");
        assert_eq!((fault.position, fault.until), expected);
    }
}

/// A checkpoint that somebody kept is wrong, and one that is stored and came later is right: both were
/// signed, so somebody signed two histories.
#[test]
fn two_histories_are_told_from_one_that_was_changed() {
    let log = log();
    let (kept, stored) = (Some("a file"), None);
    let table = [
        (
            vec![other_mark(&log[..2], kept), mark(&log[..4], stored)],
            true,
        ),
        (
            vec![other_mark(&log[..2], kept), mark(&log[..4], kept)],
            false,
        ),
        (
            vec![mark(&log[..2], stored), other_mark(&log[..4], kept)],
            false,
        ),
        (
            vec![other_mark(&log[..2], stored), mark(&log[..4], stored)],
            false,
        ),
        (vec![other_mark(&log[..2], kept)], false),
    ];
    for (number, (marks, expected)) in table.into_iter().enumerate() {
        let report = checked(&log, marks, &head(&log), &head(&log));
        assert_eq!(report.signed_twice, expected, "{number}");
    }
}

/// However few streams fit: the first fault of all readings counts.
#[test]
fn streams_that_do_not_fit_are_followed_in_further_readings() {
    let mut log: Vec<Event> = (1..=40)
        .map(|at| Event::new(at, at.unsigned_abs().into(), 1))
        .collect();
    log.extend((41..=80).map(|at| Event::new(at, (at - 40).unsigned_abs().into(), 2)));
    let gap = Event::new(81, 7, 4);
    for last in [None, Some(gap)] {
        let expected = last.as_ref().map(|gap| gap.position);
        let events: Vec<Event> = log.iter().cloned().chain(last).collect();
        let at_its_end = head(&events);
        let mut verifier = Verifier::following(3, &at_its_end, vec![]);
        for event in &events {
            verifier.take(&event.stored());
        }
        let (mut rest, mut readings) = (verifier.rest(), 1);
        while let Some(mut streams) = rest {
            let found = events
                .iter()
                .filter_map(|event| streams.take(&event.stored()));
            let first = found.collect::<Vec<_>>().into_iter().next();
            rest = verifier.followed(streams, first);
            readings += 1;
        }
        assert!(readings > 5);
        let report = verifier.finish(&at_its_end, &at_its_end);
        assert_eq!(report.streams, 40);
        assert_eq!(report.fault.map(|fault| fault.position), expected);
    }
}

#[test]
fn of_two_readings_the_earlier_fault_counts() {
    let log = log();
    let fault = |position, says: &str| nowhere(position, says.to_owned());
    let mut verifier = Verifier::new(&head(&log), vec![]);
    let readings = [
        (fault(5, "first"), 5),
        (fault(6, "later"), 5),
        (fault(5, "same"), 5),
        (fault(4, "earlier"), 4),
    ];
    for (found, expected) in readings {
        let rest = verifier.followed(Streams::of(1), Some(found));
        assert!(rest.is_none());
        let known = verifier.fault.as_ref().expect("a fault");
        assert_eq!(known.position, expected);
        assert_ne!(known.says, "same");
    }
}
