//! Which text a query has in PostgreSQL, where a text is prepared and planned once.

use std::borrow::Cow;

use projections::store::{Arg, Query};

/// A statement is prepared once per text, with the types of its first values. Null has the type of
/// text, so a text with a null is another one than the same with a number.
///
/// A condition that holds where its value is null, as in `CAST($3 AS TEXT) IS NULL OR code = $3`, would
/// keep a plan for any value from using an index, so whether the value is null stands in the text.
pub(super) fn text_of(query: &Query) -> Cow<'static, str> {
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
