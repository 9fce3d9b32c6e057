use std::sync::Arc;

use domain::envelope::Recorded;
use projections::answer::Seen;
use projections::event_index::EventIndex;
use projections::event_index::query::event;
use serde_json::Value;
use tests::acts::{ListLog, Story};
use tests::views::{is_the_same_however_it_is_built, stops_at_what_it_does_not_know};

use crate::audit::standing;

/// Three venues; the second was caused by the first, and the third corrects it.
fn story() -> (Story, Vec<Recorded>) {
    let mut story = Story::new("praha");
    for name in ["Na Rohu", "U Lva", "Za Vodou"] {
        story.venue(name);
    }
    let mut events = story.recorded().to_vec();
    let first = events[1].record.event_id.to_string();
    for (place, field) in [(2, "causation"), (3, "corrects")] {
        let record = &mut events[place].record;
        let mut metadata: Value = serde_json::from_str(&record.metadata).expect("JSON");
        metadata[field] = first.clone().into();
        record.metadata = metadata.to_string();
    }
    (story, events)
}

#[tokio::test]
async fn what_an_event_caused_and_what_corrects_it_is_found() {
    let (story, events) = story();
    let log = ListLog::of(events.clone());
    let standing = standing(Arc::new(EventIndex), &log, None)
        .await
        .expect("a log");
    let (network, id) = (story.network(), events[1].record.event_id);
    let found = event(&*standing.store, &network, None, id, Seen::default()).await;
    let found = found.expect("a store").expect("the event");
    let positions = |events: &[projections::event_index::query::EventLine]| {
        events
            .iter()
            .map(|event| event.position)
            .collect::<Vec<_>>()
    };
    assert_eq!(positions(&found.effects), [3]);
    assert_eq!(positions(&found.corrected_by), [4]);
    assert_eq!(found.event.act, "venue.admitted");
    let elsewhere = "brno".parse().expect("a slug");
    let foreign = event(&*standing.store, &elsewhere, None, id, Seen::default()).await;
    assert_eq!(foreign.expect("a store"), None);
}

#[tokio::test]
async fn it_does_not_depend_on_how_it_was_built() {
    is_the_same_however_it_is_built(Arc::new(EventIndex), &story().0).await;
    stops_at_what_it_does_not_know(Arc::new(EventIndex), story().0).await;
}
