//! Tiles and signed checkpoints on both engines. The statements are the same but for the schema's
//! name and how a list of tiles is asked for.

mod postgres;
mod sqlite;

pub use postgres::PgSeals;
pub use sqlite::SqliteSeals;

use commands::evidence::ports::SignedCheckpoint;
use domain::evidence::tile::Tile;

/// A row of `checkpoints` with its cosignatures, joined by newlines, as the database has it.
type Row = (i64, Vec<u8>, String, Option<String>);

/// The signed part and the cosignatures of a checkpoint.
fn checkpoint((size, root, note, lines): Row) -> Result<SignedCheckpoint, sqlx::Error> {
    let undecodable = |what: &str| sqlx::Error::Decode(format!("a {what} of {size} events").into());
    Ok(SignedCheckpoint {
        size: size.try_into().map_err(|_| undecodable("size"))?,
        root: root.try_into().map_err(|_| undecodable("root"))?,
        note,
        cosignatures: lines
            .map_or_else(Vec::new, |lines| lines.lines().map(str::to_owned).collect()),
    })
}

/// A row of `tiles`.
fn tile((level, index, hashes): (i64, i64, Vec<u8>)) -> Result<Tile, sqlx::Error> {
    let id = u8::try_from(level).ok().zip(u64::try_from(index).ok());
    id.and_then(|(level, index)| Tile::from_bytes(level, index, &hashes))
        .ok_or_else(|| sqlx::Error::Decode(format!("tile {level}/{index}").into()))
}

/// A number as a database counts.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
