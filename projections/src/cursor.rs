//! Cursors: where an answer ended, so that the next one goes on from there.

use crate::store::StoreError;

/// What stands between the parts of a cursor: no name and no id contains it.
const BETWEEN: char = '\u{1f}';

/// A cursor that stands after the row with these values; callers pass it back as it is.
#[must_use]
pub fn write(parts: &[&str]) -> String {
    hex::encode(parts.join(&BETWEEN.to_string()))
}

/// The values of a cursor; empty texts, before every row, if there is none.
///
/// # Errors
/// `StoreError::Cursor` if it was not written by [`write()`].
pub fn read<const N: usize>(cursor: Option<&str>) -> Result<[String; N], StoreError> {
    let Some(cursor) = cursor else {
        return Ok(std::array::from_fn(|_| String::new()));
    };
    let bytes = hex::decode(cursor).map_err(|_| StoreError::Cursor)?;
    let text = String::from_utf8(bytes).map_err(|_| StoreError::Cursor)?;
    let parts: Vec<String> = text.split(BETWEEN).map(str::to_owned).collect();
    parts.try_into().map_err(|_| StoreError::Cursor)
}

/// Leaves `limit` of the rows, of which one more was asked for; says whether there are more.
pub fn cut<T>(rows: &mut Vec<T>, limit: u32) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_written() {
        let cursor = write(&["Kavárna | U lva", "17"]);
        let parts: [String; 2] = read(Some(&cursor)).expect("ours");
        assert_eq!(parts, ["Kavárna | U lva", "17"]);
    }

    #[test]
    fn the_first_answer_needs_none() {
        assert_eq!(read::<2>(None), Ok([String::new(), String::new()]));
    }

    #[test]
    fn what_we_did_not_write_is_refused() {
        for foreign in ["", "zz", "00ff", &write(&["one"])] {
            assert_eq!(
                read::<2>(Some(foreign)),
                Err(StoreError::Cursor),
                "{foreign}"
            );
        }
    }
}
