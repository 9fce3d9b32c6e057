//! Where is help wanted, and what can I take on?
//!
//! A row holds the whole state of its request or task, with sealed texts as they are: so who may
//! open them is said by the same rules as in the aggregate, and nowhere a second time.

mod entries;
pub mod query;

use domain::Entity;
use domain::event::{Act, Event};
use domain::help_request::{HelpRequest, HelpRequestEvent, Terms};
use domain::network::{Initiative, NetworkEvent};
use domain::task::{Task, TaskEvent};

use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};
use crate::time::micros;

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "help_board",
    version: 2,
};

row! {
    /// A network's policies.
    pub struct Network in "help_board_network" indexes [] {
        /// The slug.
        key: String,
        /// As founded, with its policies.
        initiative: Json<Initiative>,
    }
}

row! {
    /// A request for help.
    pub struct RequestRow in "help_board_request" indexes [
        (network, wanted, until, key), (network, district_code, until)
    ] {
        /// The request's id.
        key: String,
        /// The network's slug.
        network: String,
        /// What kind of help.
        category: String,
        /// The official code of the district.
        district_code: String,
        /// From when help is wanted, in microseconds; null = at any time.
        window_from: Option<i64>,
        /// The end of that time, exclusive, in microseconds.
        window_to: Option<i64>,
        /// From when it is no longer offered, in microseconds.
        until: i64,
        /// 1 = it did not end, whether somebody has taken it on or not.
        wanted: i64,
        /// 1 = somebody has taken it on.
        claimed: i64,
        /// When it was recorded, in microseconds: the public learns of it the day after.
        known_from: i64,
        /// When its end was recorded, in microseconds; null = it did not end.
        known_until: Option<i64>,
        /// All that is known of it.
        state: Json<HelpRequest>,
    }
}

row! {
    /// A task.
    pub struct TaskRow in "help_board_task" indexes [
        (network, wanted, until, key), (network, wanted, district_code, until)
    ] {
        /// The task's id.
        key: String,
        /// The network's slug.
        network: String,
        /// What kind of help.
        category: String,
        /// The official code of the district.
        district_code: String,
        /// From when it is to be done, in microseconds.
        window_from: i64,
        /// The end of that time, exclusive, in microseconds: from then on it is no longer offered.
        until: i64,
        /// 1 = work is left to do.
        wanted: i64,
        /// How many more people can claim it.
        free_slots: i64,
        /// 1 = it serves a request for help, and so tells of one.
        for_request: i64,
        /// All that is known of it.
        state: Json<Task>,
    }
}

/// The fold of this read model.
pub struct HelpBoard;

impl Fold for HelpBoard {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![Network::TABLE, RequestRow::TABLE, TaskRow::TABLE]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        match &act.event {
            Event::Network(event) => network(act, event, rows),
            Event::HelpRequest(event) => help_request(act, event, rows),
            Event::Task(event) => task(act, event, rows),
            Event::Access(_)
            | Event::District(_)
            | Event::Donor(_)
            | Event::Fund(_)
            | Event::Member(_)
            | Event::Organisation(_)
            | Event::Place(_)
            | Event::Service(_)
            | Event::Subject(_)
            | Event::Venue(_)
            | Event::Voucher(_) => Ok(()),
        }
    }
}

fn network(act: &Act, event: &NetworkEvent, rows: &mut Rows) -> Result<(), Stop> {
    match event {
        NetworkEvent::Founded(founded) => rows.put(Network {
            key: act.network.clone(),
            initiative: Json(Initiative {
                founded: founded.clone(),
                policies: Vec::new(),
            }),
        }),
        NetworkEvent::PolicySet(set) => {
            rows.change::<Network>(&act.network, |network| {
                network.initiative.0.policies.push(set.clone());
            })?;
        }
    }
    Ok(())
}

fn help_request(act: &Act, event: &HelpRequestEvent, rows: &mut Rows) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    let before = rows.get::<RequestRow>(&key)?;
    let known_at = micros(act.recorded_at);
    let known = before.map_or((known_at, None), |row| (row.known_from, row.known_until));
    let state = before.map(|row| row.state.0.clone()).unwrap_or_default();
    let state = after(state, event.clone());
    let known_until = known.1.or(Some(known_at)).filter(|_| !state.is_open());
    let Some(terms) = state.need().map(|need| need.terms.clone()) else {
        return Err(Stop::Broken(format!("help request {key} was never made")));
    };
    rows.put(request_row(act, state, &terms, (known.0, known_until)));
    Ok(())
}

fn request_row(
    act: &Act,
    state: HelpRequest,
    terms: &Terms,
    (known_from, known_until): (i64, Option<i64>),
) -> RequestRow {
    RequestRow {
        key: act.aggregate_id.to_string(),
        network: act.network.clone(),
        category: terms.category.to_string(),
        district_code: terms.district_code.to_string(),
        window_from: terms.window.map(|window| micros(window.from)),
        window_to: terms.window.map(|window| micros(window.to)),
        until: micros(terms.expires_at),
        wanted: i64::from(state.is_open()),
        claimed: i64::from(state.claim().is_some()),
        known_from,
        known_until,
        state: Json(state),
    }
}

fn task(act: &Act, event: &TaskEvent, rows: &mut Rows) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    let before = rows.get::<TaskRow>(&key)?;
    let state = before.map(|row| row.state.0.clone()).unwrap_or_default();
    let state = after(state, event.clone());
    let Some(work) = state.work() else {
        return Err(Stop::Broken(format!("task {key} was never created")));
    };
    let created = &work.created;
    rows.put(TaskRow {
        key,
        network: act.network.clone(),
        category: created.category.to_string(),
        district_code: created.district_code.to_string(),
        window_from: micros(created.window.from),
        until: micros(created.window.to),
        wanted: i64::from(matches!(state, Task::Open(_))),
        free_slots: i64::from(work.free_slots()),
        for_request: i64::from(created.help_request.is_some()),
        state: Json(state.clone()),
    });
    Ok(())
}

/// The aggregate after one more event.
fn after<A: Entity>(mut state: A, event: A::Event) -> A {
    state.apply(event);
    state
}
