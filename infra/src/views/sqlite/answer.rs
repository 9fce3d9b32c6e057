//! Questions and what they find.

use projections::store::{Arg, Found, Query};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};

/// A value as SQLite takes it.
pub(super) fn value(arg: &Arg) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match arg {
        Arg::Text(text) => ValueRef::Text(text.as_bytes()),
        Arg::Integer(number) => ValueRef::Integer(*number),
        Arg::Null => ValueRef::Null,
    })
}

/// What the query finds, as PostgreSQL's `json_agg` answers it.
pub(super) fn answer(on: &Connection, query: &Query) -> rusqlite::Result<Found> {
    let mut statement = on.prepare_cached(query.sql)?;
    for place in 1..=statement.parameter_count() {
        // `$2` is a name to SQLite, and the first one that it meets has the first place.
        let number = statement.parameter_name(place);
        let number = number.and_then(|name| name[1..].parse().ok());
        let arg = query.args.get(number.unwrap_or(place) - 1);
        let arg = arg.ok_or(rusqlite::Error::InvalidParameterCount(
            query.args.len(),
            place,
        ))?;
        statement.raw_bind_parameter(place, value(arg))?;
    }
    let names: Result<Vec<_>, _> = statement
        .column_names()
        .iter()
        .map(serde_json::to_string)
        .collect();
    let names = names.map_err(unsaid)?;
    let mut json = b"[".to_vec();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        json.extend(if json.len() > 1 { b",{" } else { &b"{"[..] });
        for (place, name) in names.iter().enumerate() {
            if place > 0 {
                json.push(b',');
            }
            json.extend(name.as_bytes());
            json.push(b':');
            write_value(&mut json, row, place)?;
        }
        json.push(b'}');
    }
    json.push(b']');
    String::from_utf8(json).map(Found).map_err(unsaid)
}

fn write_value(json: &mut Vec<u8>, row: &Row<'_>, place: usize) -> rusqlite::Result<()> {
    let written = match row.get_ref(place)? {
        ValueRef::Null => serde_json::to_writer(json, &()),
        ValueRef::Integer(number) => serde_json::to_writer(json, &number),
        ValueRef::Real(number) => serde_json::to_writer(json, &number),
        text => serde_json::to_writer(json, text.as_str()?),
    };
    written.map_err(unsaid)
}

/// What does not become JSON.
pub(super) fn unsaid(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
