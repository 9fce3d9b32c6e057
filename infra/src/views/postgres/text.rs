//! Which text a query has in PostgreSQL, where a text is prepared and planned once.

use std::borrow::Cow;
use std::fmt::Write as _;

use projections::store::{Arg, Query};

use crate::views::LIVE_CHECKPOINT;

/// How many values [`LIVE_CHECKPOINT`] has.
const OF_LIVE: usize = 2;
/// How many columns.
pub(super) const OF_CHECKPOINT: usize = 4;

/// One statement that answers with the checkpoint of the live copy and, for each query, its rows as a
/// JSON array. The values of all queries follow those of [`LIVE_CHECKPOINT`].
pub(super) fn all_of(queries: &[Query]) -> String {
    let (columns, from) = LIVE_CHECKPOINT.split_once("FROM").unwrap_or_default();
    let mut sql = columns.to_owned();
    let mut values = OF_LIVE;
    for query in queries {
        // What is said of types ends with the line.
        let text = renumbered(&text_of(query), values);
        let _ = write!(
            sql,
            ", (SELECT coalesce(json_agg(q), '[]')::text FROM ({text}\n) q)"
        );
        values += query.args.len();
    }
    sql + " FROM" + from
}

/// The text with the numbers of its values that much higher.
fn renumbered(sql: &str, by: usize) -> String {
    let mut parts = sql.split('$');
    let mut renumbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let number = &part[..part.len() - rest.len()];
        match number.parse::<usize>() {
            Ok(number) => _ = write!(renumbered, "${}{rest}", number + by),
            Err(_) => _ = write!(renumbered, "${part}"),
        }
    }
    renumbered
}

/// A statement is prepared once per text, with the types of its first values. Null has the type of
/// text, so a text with a null is another one than the same with a number.
///
/// A condition that holds where its value is null, as in `CAST($3 AS TEXT) IS NULL OR code = $3`, would
/// keep a plan for any value from using an index, so whether the value is null stands in the text.
fn text_of(query: &Query) -> Cow<'static, str> {
    let mut sql = Cow::Borrowed(query.sql);
    for (arg, number) in query.args.iter().zip(1..) {
        for kind in ["TEXT", "BIGINT"] {
            let asked = format!("CAST(${number} AS {kind}) IS NULL");
            if sql.contains(&asked) {
                let is_null = if *arg == Arg::Null { "TRUE" } else { "FALSE" };
                sql = Cow::Owned(sql.replace(&asked, is_null));
            }
        }
        // Values that may be null come before those that are only listed.
        if number == MOST_OPTIONAL {
            break;
        }
    }
    if !query.args.contains(&Arg::Null) {
        return sql;
    }
    let letter = |arg: &Arg| match arg {
        Arg::Text(_) | Arg::Null => 't',
        Arg::Integer(_) => 'n',
    };
    let types: String = query.args.iter().map(letter).collect();
    Cow::Owned(format!("{sql} -- {types}"))
}

/// How many of a query's first values are looked at.
const MOST_OPTIONAL: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_has_its_own_values() {
        let one = Query {
            sql: "SELECT key FROM t WHERE a = $1 AND b IN ($2, $10)",
            args: vec!["x".into(), Arg::Null],
        };
        let other = Query {
            sql: "SELECT '$' || key FROM t WHERE $1 = a",
            args: vec!["y".into()],
        };
        let sql = all_of(&[one, other]);
        assert!(
            sql.contains("a = $3 AND b IN ($4, $12) -- tt\n) q)"),
            "{sql}"
        );
        assert!(
            sql.contains("'$' || key FROM t WHERE $5 = a\n) q)"),
            "{sql}"
        );
        assert!(
            sql.contains("WHERE m.name = $1 AND c.version = $2"),
            "{sql}"
        );
    }

    #[test]
    fn whether_a_value_is_null_stands_in_the_text() {
        let sql = "SELECT key FROM t WHERE (CAST($1 AS TEXT) IS NULL OR code = $1)
            AND (CAST($2 AS BIGINT) IS NULL OR year = CAST($2 AS BIGINT))";
        let text = |args| text_of(&Query { sql, args }).into_owned();
        let both = text(vec!["1".into(), 2026.into()]);
        assert!(both.contains("(FALSE OR code = $1)"), "{both}");
        assert!(
            both.contains("(FALSE OR year = CAST($2 AS BIGINT))"),
            "{both}"
        );
        let first = text(vec!["1".into(), Arg::Null]);
        assert!(first.contains("(FALSE OR code = $1)"), "{first}");
        assert!(first.contains("(TRUE OR year"), "{first}");
    }
}
