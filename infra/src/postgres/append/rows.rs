//! The batch as columns: the arrays of `log.append`, in the order of its parameters.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use commands::log::{Append, Expect, KeptAnswer};
use commands::lookup::{LookupWrite, VoucherPlace};
use domain::envelope::Record;
use domain::ids::VoucherId;
use domain::venue::ItemKind;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use uuid::Uuid;

type Call<'a> = Query<'a, Postgres, PgArguments>;

/// All rows of a batch, by the table that they go to.
#[derive(Default)]
pub(super) struct Rows<'a> {
    command_done: Vec<i32>,
    answers: Answers<'a>,
    expects: Expects,
    events: Events<'a>,
    keys: Keys<'a>,
    moved: Moved,
    places: Places<'a>,
    past: Past<'a>,
    dues: Dues<'a>,
}

impl<'a> Rows<'a> {
    pub fn of(batch: &'a [Append], log_id: Uuid) -> Self {
        let mut rows = Self::default();
        for (command, append) in (1..).zip(batch) {
            if let Some(answer) = &append.answer {
                rows.answers.push(command, answer);
            }
            let begun = begun(append);
            for expect in &append.expects {
                let begins = begun.contains(&expect.stream.id);
                rows.expects.push(command, expect, begins);
            }
            for record in &append.records {
                rows.events.push(command, record, log_id);
            }
            rows.push_lookups(command, &append.lookups, &begun);
            let done = i32::try_from(rows.events.command.len()).unwrap_or(i32::MAX);
            rows.command_done.push(done);
        }
        rows
    }

    /// The last word about a voucher or a due date is the one that counts. Of what begins with this
    /// command nothing was said before.
    fn push_lookups(&mut self, command: i32, lookups: &'a [LookupWrite], begun: &[Uuid]) {
        let mut said = HashSet::new();
        for lookup in lookups.iter().rev() {
            match lookup {
                LookupWrite::Key { kind, key, value } => {
                    self.keys.push(command, kind.as_str(), key, value);
                }
                LookupWrite::Places { voucher_id, places } => {
                    if said.insert(("place", voucher_id.0)) {
                        if !begun.contains(&voucher_id.0) {
                            self.moved.push(command, voucher_id.0);
                        }
                        for place in places {
                            self.places.push(command, *voucher_id, place);
                        }
                    }
                }
                LookupWrite::Due {
                    kind,
                    network,
                    id,
                    at,
                } => {
                    if said.insert((kind.as_str(), *id)) {
                        if !begun.contains(id) {
                            self.past.push(command, kind.as_str(), *id);
                        }
                        if let Some(at) = at {
                            self.dues.push(command, kind.as_str(), network, *id, *at);
                        }
                    }
                }
            }
        }
    }

    pub fn bind(self, call: Call<'a>) -> Call<'a> {
        let call = call.bind(self.command_done);
        let call = self.answers.bind(call);
        let call = self.expects.bind(call);
        let call = self.events.bind(call);
        let call = self.keys.bind(call);
        let call = self.moved.bind(call);
        let call = self.places.bind(call);
        let call = self.past.bind(call);
        self.dues.bind(call)
    }
}

/// The streams whose first event this command writes.
fn begun(append: &Append) -> Vec<Uuid> {
    let first = append.records.iter().filter(|record| record.sequence == 1);
    first.map(|record| record.aggregate_id).collect()
}

/// Columns that are bound in the order in which they stand here.
macro_rules! columns {
    ($name:ident<$lifetime:lifetime> { $($column:ident: $type:ty,)+ }) => {
        #[derive(Default)]
        struct $name<$lifetime> { $($column: Vec<$type>,)+ }

        impl<$lifetime> $name<$lifetime> {
            fn bind(self, call: Call<$lifetime>) -> Call<$lifetime> {
                call$(.bind(self.$column))+
            }
        }
    };
    ($name:ident { $($column:ident: $type:ty,)+ }) => {
        #[derive(Default)]
        struct $name { $($column: Vec<$type>,)+ }

        impl $name {
            fn bind(self, call: Call<'_>) -> Call<'_> { call$(.bind(self.$column))+ }
        }
    };
}

columns! { Answers<'a> {
    command: i32,
    command_id: Uuid,
    request_hash: &'a str,
    body: &'a str,
    for_ever: bool,
} }

columns! { Expects {
    command: i32,
    stream: String,
    version: i64,
    begins: bool,
} }

columns! { Events<'a> {
    command: i32,
    network: &'a str,
    aggregate_type: &'a str,
    aggregate_id: String,
    sequence: i64,
    event_type: &'a str,
    event_version: &'a str,
    payload: &'a str,
    metadata: &'a str,
    event_id: Uuid,
    occurred_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    leaf_hash: Vec<u8>,
} }

columns! { Keys<'a> {
    command: i32,
    kind: &'a str,
    key: &'a str,
    value: &'a str,
} }

columns! { Moved {
    command: i32,
    voucher: Uuid,
} }

columns! { Places<'a> {
    command: i32,
    voucher: Uuid,
    network: &'a str,
    venue: Option<Uuid>,
    item: Option<Uuid>,
    kind: Option<&'static str>,
    max_price: i64,
    on_board: bool,
    since: DateTime<Utc>,
    ordinal: i64,
    expires_at: Option<DateTime<Utc>>,
} }

columns! { Past<'a> {
    command: i32,
    kind: &'a str,
    id: Uuid,
} }

columns! { Dues<'a> {
    command: i32,
    kind: &'a str,
    network: &'a str,
    id: Uuid,
    at: DateTime<Utc>,
} }

impl<'a> Answers<'a> {
    fn push(&mut self, command: i32, answer: &'a KeptAnswer) {
        self.command.push(command);
        self.command_id.push(answer.command_id);
        self.request_hash.push(&answer.request_hash);
        self.body.push(&answer.body);
        self.for_ever.push(answer.for_ever);
    }
}

impl Expects {
    fn push(&mut self, command: i32, expect: &Expect, begins: bool) {
        self.command.push(command);
        self.stream.push(expect.stream.id.to_string());
        self.version.push(expect.version);
        self.begins.push(begins);
    }
}

impl<'a> Events<'a> {
    fn push(&mut self, command: i32, record: &'a Record, log_id: Uuid) {
        self.command.push(command);
        self.network.push(&record.network);
        self.aggregate_type.push(&record.aggregate_type);
        self.aggregate_id.push(record.aggregate_id.to_string());
        self.sequence.push(record.sequence);
        self.event_type.push(&record.event_type);
        self.event_version.push(&record.event_version);
        self.payload.push(&record.payload);
        self.metadata.push(&record.metadata);
        self.event_id.push(record.event_id);
        self.occurred_at.push(record.occurred_at);
        self.recorded_at.push(record.recorded_at);
        self.leaf_hash.push(record.leaf_hash(log_id).to_vec());
    }
}

impl Moved {
    fn push(&mut self, command: i32, voucher: Uuid) {
        self.command.push(command);
        self.voucher.push(voucher);
    }
}

impl<'a> Past<'a> {
    fn push(&mut self, command: i32, kind: &'a str, id: Uuid) {
        self.command.push(command);
        self.kind.push(kind);
        self.id.push(id);
    }
}

impl<'a> Keys<'a> {
    fn push(&mut self, command: i32, kind: &'static str, key: &'a str, value: &'a str) {
        self.command.push(command);
        self.kind.push(kind);
        self.key.push(key);
        self.value.push(value);
    }
}

impl<'a> Places<'a> {
    fn push(&mut self, command: i32, voucher: VoucherId, place: &'a VoucherPlace) {
        self.command.push(command);
        self.voucher.push(voucher.0);
        self.network.push(&place.network);
        self.venue.push(place.venue_id.map(|venue| venue.0));
        self.item.push(place.item_id.map(|item| item.0));
        self.kind.push(place.item_kind.map(ItemKind::into));
        self.max_price.push(place.max_price_minor);
        self.on_board.push(place.on_board);
        self.since.push(place.since);
        self.ordinal.push(i64::from(place.ordinal));
        self.expires_at.push(place.expires_at);
    }
}

impl<'a> Dues<'a> {
    fn push(&mut self, command: i32, kind: &'a str, network: &'a str, id: Uuid, at: DateTime<Utc>) {
        self.command.push(command);
        self.kind.push(kind);
        self.network.push(network);
        self.id.push(id);
        self.at.push(at);
    }
}
