//! What holds for every stream: its numbers, its network, its first act, and when acts happened.

use domain::access::{AccessEvent, Scope};
use domain::envelope::Role;
use domain::event::{Act, Event};
use domain::time::{MAX_AHEAD, MAX_BACK_OPERATOR, MAX_BACK_VENUE};

use super::{Found, Importer, Invariant, Stream};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::time::micros;

/// The act with which each kind of stream begins, and whether it may come again.
const ENTERING: &[(&str, bool)] = &[
    ("access.granted", false),
    ("district.drawn", true),
    ("donor.registered", false),
    ("fund.opened", false),
    ("help_request.requested", false),
    ("member.registered", false),
    ("network.founded", false),
    ("organisation.joined", false),
    ("place.added", false),
    ("service.offered", false),
    ("subject.introduced", false),
    ("task.created", false),
    ("venue.admitted", false),
    ("voucher.prepaid", false),
];

pub(super) fn check(act: &Act, rows: &mut Rows, found: &mut Found) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    let known = rows.get::<Stream>(&key)?.cloned();
    let name = act.event.name();
    let (aggregate, _) = name.split_once('.').unwrap_or((&name, ""));
    check_numbers(act, aggregate, known.as_ref(), found);
    check_entering(&name, known.is_none(), found);
    check_time(act, rows, found)?;
    if let Event::Access(AccessEvent::Granted(granted)) = &act.event
        && granted.scope == (Scope::Operator { import: true })
    {
        rows.put(Importer {
            key: key.clone(),
            granted_at: micros(act.recorded_at),
        });
    }
    rows.put(Stream {
        key,
        network: act.network.clone(),
        aggregate: aggregate.to_owned(),
        sequence: act.sequence,
    });
    Ok(())
}

fn check_numbers(act: &Act, aggregate: &str, known: Option<&Stream>, found: &mut Found) {
    let expected = known.map_or(1, |known| known.sequence + 1);
    found.check(
        act.sequence == expected,
        Invariant::SequenceMonotone,
        || format!("it is number {} where {expected} follows", act.sequence),
    );
    if let Some(known) = known {
        let same = known.network == act.network && known.aggregate == aggregate;
        found.check(same, Invariant::SequenceMonotone, || {
            let Stream {
                network, aggregate, ..
            } = known;
            format!("its stream was of {aggregate} in {network} before")
        });
    }
}

fn check_entering(name: &str, is_first: bool, found: &mut Found) {
    let entering = ENTERING.iter().find(|(entering, _)| *entering == name);
    let holds = match entering {
        Some((_, again)) => is_first || *again,
        None => !is_first,
    };
    found.check(holds, Invariant::StageEntered, || {
        if is_first {
            format!("a stream cannot begin with {name}")
        } else {
            format!("{name} comes a second time")
        }
    });
}

fn check_time(act: &Act, rows: &Rows, found: &mut Found) -> Result<(), Stop> {
    let ahead = act.occurred_at - act.recorded_at;
    found.check(ahead <= MAX_AHEAD, Invariant::OccurredInBounds, || {
        format!(
            "it happened {} s after it was recorded",
            ahead.num_seconds()
        )
    });
    let back = match act.metadata.role {
        Role::System => return Ok(()),
        Role::Operator => MAX_BACK_OPERATOR,
        Role::Coordinator
        | Role::Venue
        | Role::Organisation
        | Role::Member
        | Role::Donor
        | Role::Subject
        | Role::Auditor
        | Role::Analyst => MAX_BACK_VENUE,
    };
    if -ahead > back && rows.get::<Importer>(&act.metadata.actor)?.is_none() {
        let role = act.metadata.role;
        let detail = format!("{role} dated it back by {} h", -ahead.num_hours());
        found.broken(Invariant::OccurredInBounds, detail);
    }
    Ok(())
}
