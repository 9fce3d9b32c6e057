//! Tiles that somebody kept, as files of the paths that tlog-tiles gives them.

use std::path::{Path, PathBuf};

use commands::evidence::ports::TileReader;
use commands::log::LogError;
use domain::evidence::tile::{Tile, TileId, WIDTH};
use futures::future::BoxFuture;

/// A directory that has a directory `tile`.
pub(super) struct Directory(pub PathBuf);

impl Directory {
    /// The tile, as wide as it was kept.
    fn read(&self, level: u8, index: u64) -> std::io::Result<Option<Tile>> {
        let width = WIDTH;
        let id = TileId {
            level,
            index,
            width,
        };
        let full = self.0.join(id.to_string());
        let Some(file) = full
            .is_file()
            .then(|| full.clone())
            .or_else(|| widest(&full))
        else {
            return Ok(None);
        };
        Ok(Tile::from_bytes(level, index, &std::fs::read(file)?))
    }
}

/// The widest of the partial tiles, which lie in `<number>.p/`.
fn widest(full: &Path) -> Option<PathBuf> {
    let mut partial = full.as_os_str().to_owned();
    partial.push(".p");
    let files = std::fs::read_dir(PathBuf::from(partial)).ok()?;
    let width = |file: &Path| file.file_name()?.to_str()?.parse::<u16>().ok();
    files
        .filter_map(|file| Some(file.ok()?.path()))
        .max_by_key(|file| width(file))
}

impl TileReader for Directory {
    fn tiles(&self, ids: Vec<(u8, u64)>) -> BoxFuture<'_, Result<Vec<Tile>, LogError>> {
        let read = ids
            .into_iter()
            .map(|(level, index)| self.read(level, index));
        let found: std::io::Result<Vec<Option<Tile>>> = read.collect();
        let found = found.map_err(|error| LogError::Broken(error.to_string()));
        Box::pin(async { Ok(found?.into_iter().flatten().collect()) })
    }
}
