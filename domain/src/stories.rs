//! Every stage of an aggregate has an act that enters it, and every act a stage from which it is
//! allowed. Each aggregate's `examples::stories` tells how; this test tells what is left out.

use std::collections::BTreeSet;

use cqrs_es::{Aggregate, DomainEvent};
use strum::VariantNames;

use crate::Entity;

/// What the stories of one aggregate reached.
pub struct Told {
    /// The aggregate's type.
    pub aggregate_type: &'static str,
    /// The stages in which some story was.
    pub stages: BTreeSet<String>,
    /// All stages that there are.
    pub all_stages: &'static [&'static str],
    /// The events in the order in which they happened: type, version, payload as stored.
    pub events: Vec<(String, String, String)>,
}

/// All stories. A new aggregate gets a row here.
pub fn told() -> Vec<Told> {
    vec![
        tell::<crate::access::Access>(crate::access::examples::stories()),
        tell::<crate::district::District>(crate::district::examples::stories()),
        tell::<crate::donor::Donor>(crate::donor::examples::stories()),
        tell::<crate::fund::Fund>(crate::fund::examples::stories()),
        tell::<crate::help_request::HelpRequest>(crate::help_request::examples::stories()),
        tell::<crate::member::Member>(crate::member::examples::stories()),
        tell::<crate::network::Network>(crate::network::examples::stories()),
        tell::<crate::organisation::Organisation>(crate::organisation::examples::stories()),
        tell::<crate::place::Place>(crate::place::examples::stories()),
        tell::<crate::service::Service>(crate::service::examples::stories()),
        tell::<crate::subject::Subject>(crate::subject::examples::stories()),
        tell::<crate::task::Task>(crate::task::examples::stories()),
        tell::<crate::venue::Venue>(crate::venue::examples::stories()),
        tell::<crate::voucher::Voucher>(crate::voucher::examples::stories()),
    ]
}

fn tell<A: Entity + VariantNames>(stories: Vec<Vec<A::Command>>) -> Told {
    let mut told = Told {
        aggregate_type: A::TYPE,
        stages: BTreeSet::new(),
        all_stages: A::VARIANTS,
        events: Vec::new(),
    };
    for story in stories {
        let mut state = A::default();
        told.stages.insert(stage(&state));
        for command in story {
            let events = state.decide(&command);
            let events = events.unwrap_or_else(|refused| {
                panic!("{}: refused: {refused}, {:?}", A::TYPE, told.events.last())
            });
            assert!(!events.is_empty(), "{}: an act changed nothing", A::TYPE);
            for event in events {
                let payload = serde_json::to_string(&event).expect("an event is JSON");
                told.events
                    .push((event.event_type(), event.event_version(), payload));
                Aggregate::apply(&mut state, event);
                assert!(state.network().is_some(), "{}: of no network", A::TYPE);
                told.stages.insert(stage(&state));
            }
        }
    }
    told
}

/// The name of the stage, as the state's own JSON says it.
fn stage(state: &impl Aggregate) -> String {
    let json = serde_json::to_value(state).expect("a state is JSON");
    let name = json.as_str().map(str::to_owned);
    let tag = || json.as_object().and_then(|map| map.keys().next().cloned());
    name.or_else(tag).expect("a state is an enum")
}

#[test]
fn every_stage_is_entered_by_an_act() {
    for told in told() {
        for stage in told.all_stages {
            assert!(
                told.stages.contains(*stage),
                "{}: no story enters the stage {stage}; add one to its examples::stories",
                told.aggregate_type
            );
        }
    }
}

#[test]
fn every_act_is_allowed_from_some_stage() {
    let told = told();
    for (event_type, version) in crate::event::types() {
        let (aggregate_type, _) = event_type.split_once('.').expect("aggregate.act");
        let told = told
            .iter()
            .find(|told| told.aggregate_type == aggregate_type);
        let told = told.unwrap_or_else(|| panic!("{aggregate_type}: add a row to told()"));
        assert!(
            told.events
                .iter()
                .any(|(told, told_version, _)| told == event_type && told_version == version),
            "no story tells {event_type} {version}; add it to examples::stories of {aggregate_type}"
        );
    }
}
