//! Files of rows: CSV with a line of names, or GeoJSON, with all that is wrong in them.

use std::fmt::{self, Display, Write as _};

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The most errors that are listed.
const MOST: usize = 50;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Values separated by commas, with a first line of names.
    Csv,
    /// A `FeatureCollection`.
    Geojson,
}

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// A line, from 1.
    Line(u64),
    /// A feature, from 1.
    Feature(u64),
}

impl At {
    /// The line on which a record begins: its position is the end of the one before it, and blank
    /// lines may lie between.
    fn of(text: &str, position: Option<&::csv::Position>) -> Self {
        let Some(position) = position else {
            return Self::Line(0);
        };
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let lines = blank.filter(|byte| **byte == b'\n').map(|_| 1);
        Self::Line(position.line() + lines.sum::<u64>())
    }
}

impl Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Feature(number) => write!(f, "feature {number}"),
        }
    }
}

/// Everything that is wrong in a file.
#[derive(Debug, Default)]
pub(super) struct Problems {
    first: Vec<String>,
    count: usize,
}

impl Problems {
    /// Notes one.
    pub(super) fn add(&mut self, at: At, what: impl Display) {
        if self.count < MOST {
            self.first.push(format!("{at}: {what}"));
        }
        self.count += 1;
    }

    /// Refuses the file if anything is wrong in it.
    pub(super) fn none(&self) -> anyhow::Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let mut text = format!("nothing was imported, {} errors:", self.count);
        for problem in &self.first {
            let _ = write!(text, "\n  {problem}");
        }
        if self.count > MOST {
            let _ = write!(text, "\n  and {} more", self.count - MOST);
        }
        bail!(text)
    }
}

#[derive(Deserialize)]
struct Collection {
    r#type: String,
    features: Vec<Value>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Map<String, Value>,
    geometry: Map<String, Value>,
}

/// The rows of a CSV file that can be read; the others are problems.
pub(super) fn csv<Row: DeserializeOwned>(
    text: &str,
    problems: &mut Problems,
) -> anyhow::Result<Vec<(At, Row)>> {
    // What spreadsheets write before the first name.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().context("reading the names")?.clone();
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.add(At::of(text, error.position()), error);
                continue;
            }
        };
        let at = At::of(text, record.position());
        match record.deserialize(Some(&names)) {
            Ok(row) => rows.push((at, row)),
            Err(error) => problems.add(at, explained(&error, &names)),
        }
    }
    Ok(rows)
}

fn explained(error: &::csv::Error, names: &::csv::StringRecord) -> String {
    let ::csv::ErrorKind::Deserialize { err, .. } = error.kind() else {
        return error.to_string();
    };
    let field = err.field().and_then(|field| usize::try_from(field).ok());
    match field.and_then(|field| names.get(field)) {
        Some(name) => format!("{name}: {}", err.kind()),
        None => err.kind().to_string(),
    }
}

/// The rows of a `FeatureCollection`: each feature's properties, to which `place` adds what its
/// geometry says.
pub(super) fn geojson<Row: DeserializeOwned>(
    text: &str,
    problems: &mut Problems,
    place: impl Fn(&Map<String, Value>, &mut Map<String, Value>) -> Result<(), &'static str>,
) -> anyhow::Result<Vec<(At, Row)>> {
    let collection: Collection = serde_json::from_str(text).context("reading GeoJSON")?;
    if collection.r#type != "FeatureCollection" {
        bail!("this is no FeatureCollection");
    }
    let mut rows = Vec::new();
    for (feature, number) in collection.features.into_iter().zip(1..) {
        let at = At::Feature(number);
        let row = Feature::deserialize(feature).map_err(|error| error.to_string());
        let row = row.and_then(|feature| {
            let mut properties = feature.properties;
            place(&feature.geometry, &mut properties)?;
            serde_path_to_error::deserialize(Value::Object(properties))
                .map_err(|error| error.to_string())
        });
        match row {
            Ok(row) => rows.push((at, row)),
            Err(why) => problems.add(at, why),
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Row {
        name: String,
        population: u32,
    }

    #[test]
    fn each_error_names_its_line_and_column() {
        let mut problems = Problems::default();
        let text = "\u{feff}name,population\nPraha 1, 29\nPraha 2,many\n\nPraha 3\n";
        let rows = csv::<Row>(text, &mut problems).expect("a header");
        assert_eq!(rows.len(), 1);
        assert_eq!(
            (rows[0].1.name.as_str(), rows[0].1.population),
            ("Praha 1", 29)
        );
        let text = problems.none().expect_err("two errors").to_string();
        assert!(text.contains("line 3: population: "), "{text}");
        assert!(text.contains("line 5: "), "{text}");
    }

    #[test]
    fn only_the_first_errors_are_listed() {
        let mut problems = Problems::default();
        for line in 0..60 {
            problems.add(At::Line(line), "wrong");
        }
        let text = problems.none().expect_err("errors").to_string();
        assert!(
            text.contains("60 errors") && text.contains("line 49"),
            "{text}"
        );
        assert!(
            !text.contains("line 50") && text.contains("and 10 more"),
            "{text}"
        );
    }
}
