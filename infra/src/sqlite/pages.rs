//! Many rows of the log as few values, for whoever reads it from one end to the other.

use commands::evidence::scan::{Chunk, Stored, unreadable};
use commands::log::LogError;

/// How many rows a page has. Values of other lengths cost more for each row.
pub(super) const ROWS: i64 = 32;

/// A page of rows as one value, which costs half of one value a row: of each row the numbers and the
/// lengths of the rest, each with a comma after it, then the rest. Whatever stands in a column cannot
/// be taken for another. Each page ends at a row that is there, so that no gap between positions,
/// however large, is walked through. `$3` is how many rows a page has, `$4` how many pages are wanted,
/// -1 for all.
pub(super) const PAGES: &str = "
    WITH RECURSIVE page (after, last) AS (
        SELECT $1, (SELECT max(position) FROM
            (SELECT position FROM events WHERE position > $1 AND position <= $2
             ORDER BY position LIMIT $3))
        UNION ALL
        SELECT page.last, (SELECT max(position) FROM
            (SELECT position FROM events WHERE position > page.last AND position <= $2
             ORDER BY position LIMIT $3))
        FROM page WHERE page.last IS NOT NULL
    )
    SELECT page.after, (
        SELECT CAST(group_concat(event, '') AS BLOB)
        FROM (
            SELECT concat(
                printf('%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,',
                    position, sequence, occurred_at, recorded_at,
                    octet_length(network), octet_length(aggregate_type),
                    octet_length(aggregate_id), octet_length(event_type),
                    octet_length(event_version), octet_length(event_id),
                    octet_length(payload), octet_length(metadata), octet_length(leaf_hash)),
                network, aggregate_type, aggregate_id, event_type, event_version, event_id,
                payload, metadata, leaf_hash) AS event
            FROM events WHERE position > page.after AND position <= page.last ORDER BY position))
    FROM page WHERE page.last IS NOT NULL LIMIT $4";

/// Some pages, and where each event stands in them.
#[derive(Default)]
pub(super) struct Pages {
    texts: Vec<Vec<u8>>,
    events: Vec<Event>,
    bytes: usize,
}

struct Event {
    page: usize,
    numbers: [i64; 4],
    /// Where the rest of it begins.
    begins: usize,
    /// How long each part of that is.
    lengths: [usize; 9],
}

impl Pages {
    /// How many bytes they have together.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes the page that comes after a position.
    ///
    /// # Errors
    /// If it is none.
    pub fn push(&mut self, after: i64, page: Vec<u8>) -> Result<(), LogError> {
        self.bytes += page.len();
        self.find(&page).ok_or_else(|| unreadable(after))?;
        self.texts.push(page);
        Ok(())
    }

    /// Finds the events of the page that is pushed next.
    fn find(&mut self, page: &[u8]) -> Option<()> {
        let mut rest = page;
        while !rest.is_empty() {
            let numbers_of_it = numbers(&mut rest)?;
            let mut lengths = [0; 9];
            for (length, number) in lengths.iter_mut().zip(numbers::<9>(&mut rest)?) {
                *length = usize::try_from(number).ok()?;
            }
            self.events.push(Event {
                page: self.texts.len(),
                numbers: numbers_of_it,
                begins: page.len() - rest.len(),
                lengths,
            });
            (_, rest) = rest.split_at_checked(lengths.iter().sum())?;
        }
        Some(())
    }

    fn stored(&self, event: &Event) -> Option<Stored<'_>> {
        let rest = self.texts.get(event.page)?.get(event.begins..)?;
        let [lengths @ .., hash_length] = event.lengths;
        let (texts, rest) = rest.split_at_checked(lengths.iter().sum())?;
        let (leaf_hash, _) = rest.split_at_checked(hash_length)?;
        let mut texts = str::from_utf8(texts).ok()?;
        let mut parts = [texts; 8];
        for (part, length) in parts.iter_mut().zip(lengths) {
            (*part, texts) = texts.split_at_checked(length)?;
        }
        let [
            network,
            aggregate_type,
            aggregate_id,
            event_type,
            event_version,
            event_id,
            payload,
            metadata,
        ] = parts;
        let [position, sequence, occurred_at, recorded_at] = event.numbers;
        Some(Stored {
            position,
            network,
            aggregate_type,
            aggregate_id,
            sequence,
            event_type,
            event_version,
            payload,
            metadata,
            event_id: event_id.parse().ok()?,
            occurred_at,
            recorded_at,
            leaf_hash,
        })
    }
}

impl Chunk for Pages {
    fn len(&self) -> usize {
        self.events.len()
    }

    fn event(&self, at: usize) -> Result<Stored<'_>, LogError> {
        let event = self.events.get(at).ok_or(LogError::Unavailable)?;
        self.stored(event)
            .ok_or_else(|| unreadable(event.numbers[0] - 1))
    }
}

/// Takes numbers with a comma after each off the beginning.
fn numbers<const MANY: usize>(rest: &mut &[u8]) -> Option<[i64; MANY]> {
    let mut numbers = [0; MANY];
    for number in &mut numbers {
        let comma = rest.iter().position(|byte| *byte == b',')?;
        *number = number_of(&rest[..comma])?;
        *rest = &rest[comma + 1..];
    }
    Some(numbers)
}

/// The number with these digits. There are thirteen in a row, and reading them as any text costs a
/// tenth of all reading.
fn number_of(digits: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match digits {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // Below zero there is one number more than above.
    let below = digits.iter().try_fold(0_i64, |below, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        below.checked_mul(10)?.checked_sub(digit)
    });
    let below = below.filter(|_| !digits.is_empty())?;
    if is_negative {
        Some(below)
    } else {
        below.checked_neg()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_its_digits_say() {
        for number in [0, 1, -1, 10, 1_763_626_500_000_001, i64::MAX, i64::MIN] {
            assert_eq!(number_of(number.to_string().as_bytes()), Some(number));
        }
        for none in [
            "",
            "-",
            "1 ",
            "+1",
            "1.0",
            "9223372036854775808",
            "-9223372036854775809",
        ] {
            assert_eq!(number_of(none.as_bytes()), None, "{none}");
        }
    }
}
