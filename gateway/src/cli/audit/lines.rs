//! The lines of a replay: written to a file or the terminal, and read back; and lines of whatever
//! somebody hands in.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, ensure};
use futures::future::BoxFuture;
use projections::replay::state::{Digest, FORMAT, Footer, Header, Line, Lines, Row};
use projections::store::StoreError;
use serde_json::value::RawValue;

/// The longest line that is read, in bytes: more than any event or row takes.
const MAX_LINE: u64 = 8 * 1024 * 1024;

/// The lines of a file that may not be ours: one that is too long is an error and not held in memory.
pub(super) fn lines_of(file: impl Read) -> impl Iterator<Item = io::Result<String>> {
    let mut file = BufReader::new(file);
    std::iter::from_fn(move || {
        let mut line = String::new();
        match file.by_ref().take(MAX_LINE).read_line(&mut line) {
            Ok(0) => return None,
            Ok(_) if line.ends_with('\n') => _ = line.pop(),
            Ok(read) if read as u64 == MAX_LINE => {
                return Some(Err(io::Error::other("it has a line that is too long")));
            }
            Ok(_) => {}
            Err(error) => return Some(Err(error)),
        }
        Some(Ok(line))
    })
}

/// Writes all lines; answers with the last one.
pub(super) async fn write(
    out: &mut dyn Write,
    header: &Header,
    rows: &mut dyn Lines,
) -> anyhow::Result<Footer> {
    writeln!(out, "{}", serde_json::to_string(header)?)?;
    let mut digest = Digest::of(&header.tables);
    while let Some(line) = rows.next().await? {
        digest.add(&line);
        let table = header.tables.get(line.table);
        let row: &RawValue = serde_json::from_str(&line.row)?;
        let table = table.map(String::as_str).unwrap_or_default();
        writeln!(out, "{}", serde_json::to_string(&Row { table, row })?)?;
    }
    let footer = digest.finish();
    writeln!(out, "{}", serde_json::to_string(&footer)?)?;
    Ok(footer)
}

/// A new file that only its owner reads, written through to the disk at the end.
pub(super) async fn write_file(
    path: &Path,
    header: &Header,
    rows: &mut dyn Lines,
) -> anyhow::Result<Footer> {
    let context = || format!("writing {}", path.display());
    let mut out = BufWriter::new(super::super::new_file(path).with_context(context)?);
    let footer = write(&mut out, header, rows).await.with_context(context)?;
    let file = out
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all().with_context(context)?;
    Ok(footer)
}

/// A file that a replay wrote. Its end is checked: what was cut off or changed is an error.
pub(super) struct FileLines {
    /// What it is.
    pub header: Header,
    lines: Box<dyn Iterator<Item = io::Result<String>> + Send>,
    digest: Option<Digest>,
}

impl FileLines {
    /// Opens it and reads its first line.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let mut lines: Box<dyn Iterator<Item = _> + Send> = Box::new(lines_of(file));
        let first = lines.next().transpose()?.unwrap_or_default();
        let header: Header = serde_json::from_str(&first)
            .with_context(|| format!("{} is no output of a replay", path.display()))?;
        ensure!(
            header.format == FORMAT,
            "{} is in the format {}, not {FORMAT}",
            path.display(),
            header.format
        );
        let digest = Some(Digest::of(&header.tables));
        Ok(Self {
            header,
            lines,
            digest,
        })
    }

    fn read(&mut self) -> Result<Option<Line>, StoreError> {
        let Some(mut digest) = self.digest.take() else {
            return Ok(None);
        };
        let text = self.lines.next().transpose().map_err(StoreError::broken)?;
        let text = text.ok_or_else(|| damaged("it ends before its last line"))?;
        if let Ok(footer) = serde_json::from_str::<Footer>(&text) {
            return if footer == digest.finish() {
                Ok(None)
            } else {
                Err(damaged("its rows are not those of its digest"))
            };
        }
        let row: Row<'_> = serde_json::from_str(&text).map_err(StoreError::broken)?;
        let table = self.header.tables.iter().position(|name| name == row.table);
        let line = Line {
            table: table.ok_or_else(|| damaged("it has a row of an unknown table"))?,
            key: projections::rebuild::key_of(row.row.get())?,
            row: row.row.get().to_owned(),
        };
        digest.add(&line);
        self.digest = Some(digest);
        Ok(Some(line))
    }
}

impl Lines for FileLines {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Line>, StoreError>> {
        let line = self.read();
        Box::pin(async { line })
    }
}

fn damaged(why: &str) -> StoreError {
    StoreError::Broken(format!("the file is damaged: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_an_end_is_not_held_in_memory() {
        let mut lines = lines_of("one\n\nlast".as_bytes());
        let mut next = || lines.next().map(|line| line.expect("a line"));
        assert_eq!(next().as_deref(), Some("one"));
        assert_eq!(next().as_deref(), Some(""));
        assert_eq!(next().as_deref(), Some("last"));
        assert_eq!(next(), None);
        let mut endless = lines_of(io::repeat(b'x'));
        let first = endless.next().expect("a line");
        assert!(first.is_err());
    }
}
