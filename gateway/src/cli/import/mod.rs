//! `sospeso import`: districts and venues from a file, all or nothing.
//!
//! The whole file is read and checked before the first act; then each line becomes the ordinary
//! acts of an operator. What is there already is left as it is, so that an import that was
//! interrupted is simply done again.

mod districts;
mod file;
mod venues;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use commands::executor::{Done, Failure, UseCase};
use domain::envelope::Channel;
use domain::ids::NetworkId;
use domain::network::Network;
use domain::text::Slug;
use indicatif::ProgressBar;
use serde_json::json;

use super::{Common, set_up};
pub use file::Format;
use file::Problems;

const EXAMPLE: &str = "Examples:
  sospeso import districts praha.geojson --network praha --format geojson
  sospeso import venues venues.csv --network praha --format csv";

const VENUES: &str = "Columns of the CSV, in any order, with a first line of names:
  name           the public name, one line of up to 80 characters
  kind           cafe, bistro, second_hand, theatre, bookshop, cultural_centre,
                 community_centre or other
  address        in one line of up to 80 characters
  district_code  the code of a district that is drawn
  latitude       degrees north, e.g. 50.0755
  longitude      degrees east, e.g. 14.4378
  wheelchair     yes, limited, no or unknown; may be empty or missing
  opening_hours  as in OpenStreetMap, e.g. Mo-Fr 08:00-18:00; may be empty or missing

GeoJSON: a FeatureCollection of Points with the same properties, without the coordinates.
A venue is known by its name and address: one that is there is left as it is.

Examples:
  sospeso import venues venues.csv --network praha --format csv
  sospeso import venues venues.geojson --network praha --format geojson";

const DISTRICTS: &str = "GeoJSON: a FeatureCollection of Polygons with the properties
  code           the official code: up to 32 letters, digits, '-', '.' or '_'
  name           the public name
  population     how many people live there

CSV: the same columns, and `boundary` with the Polygon as GeoJSON text.
A district is known by its code: one that is there is drawn anew if anything differs.

Examples:
  sospeso import districts praha.geojson --network praha --format geojson
  sospeso import districts praha.csv --network praha --format csv";

/// Bring districts or venues in from a file, all or nothing.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Admit venues, each at a place of its own.
    #[command(after_help = VENUES)]
    Venues(Source),
    /// Draw districts.
    #[command(after_help = DISTRICTS)]
    Districts(Source),
}

#[derive(Args, Debug)]
struct Source {
    /// The file.
    file: PathBuf,
    /// The network.
    #[arg(long)]
    network: Slug,
    /// How the file is written.
    #[arg(long)]
    format: Format,
}

/// Reads a file of venues as the import does, without a ledger; answers how many there are.
///
/// # Errors
/// Whatever is wrong in the file by itself.
pub fn venues_in(text: &str, format: Format) -> anyhow::Result<usize> {
    let mut problems = Problems::default();
    let rows = venues::read(text, format, &mut problems)?;
    problems.none().map(|()| rows.len())
}

/// The same of a file of districts.
///
/// # Errors
/// As [`venues_in`].
pub fn districts_in(text: &str, format: Format) -> anyhow::Result<usize> {
    let mut problems = Problems::default();
    let rows = districts::read(text, format, &mut problems)?;
    problems.none().map(|()| rows.len())
}

/// Where acts of an import are done.
struct Desk {
    desk: Arc<commands::executor::Desk>,
    network: Slug,
}

/// What an import came to.
#[derive(Default)]
struct Tally {
    new: usize,
    unchanged: usize,
}

impl Import {
    /// Imports.
    ///
    /// # Errors
    /// If the file cannot be read, anything in it is wrong, or the log is away.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let (What::Venues(source) | What::Districts(source)) = &self.what;
        let text = std::fs::read_to_string(&source.file);
        let text = text.with_context(|| format!("reading {}", source.file.display()))?;
        let desk = Desk {
            desk: set_up::desk(common).await?,
            network: source.network.clone(),
        };
        desk.must_be_founded().await?;
        let bar = set_up::bar(common, "importing")?;
        let done = match &self.what {
            What::Venues(_) => venues::import(&desk, &text, source.format, &bar).await,
            What::Districts(_) => districts::import(&desk, &text, source.format, &bar).await,
        };
        bar.finish_and_clear();
        let Tally { new, unchanged } = done?;
        let text = format!("{new} imported, {unchanged} were there already.");
        common.say(&text, &json!({"imported": new, "unchanged": unchanged}));
        Ok(())
    }
}

impl Desk {
    async fn must_be_founded(&self) -> anyhow::Result<()> {
        let id = NetworkId::of(&self.network);
        match self.desk.read::<Network>(&self.network, id).await? {
            Some(_) => Ok(()),
            None => bail!(
                "there is no network {}: `sospeso init` founds one",
                self.network
            ),
        }
    }

    /// An ordinary act of the import; the same key does nothing twice.
    async fn act<U: UseCase>(&self, key: &str, act: U) -> Result<Done<U::Answer>, Failure> {
        let key = commands::tokens::digest(&format!("import\n{key}"));
        set_up::act_through(Channel::Import, &self.desk, &self.network, key, act).await
    }
}

/// Refuses the file with everything that is wrong in it.
fn must_be_right(problems: &Problems, bar: &ProgressBar, count: usize) -> anyhow::Result<()> {
    bar.set_length(u64::try_from(count).unwrap_or(u64::MAX));
    problems.none()
}
