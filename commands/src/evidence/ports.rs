//! Where tiles and signed checkpoints are kept, and where else checkpoints go.

use domain::evidence::tile::Tile;
use domain::evidence::tree::Hash;
use futures::future::BoxFuture;

use crate::log::LogError;

/// A checkpoint as the log signed it, with what witnesses added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// How many events it covers: the last of them has this position.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// The signed note, as it was signed.
    pub note: String,
    /// Cosignatures of witnesses: signature lines without their newlines, in the order in which
    /// they came.
    pub cosignatures: Vec<String>,
}

impl SignedCheckpoint {
    /// The signed note with all its signatures, as it is served.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.note.clone();
        for line in &self.cosignatures {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// Whatever has tiles: the store, or a copy that somebody kept.
pub trait TileReader: Send + Sync {
    /// Those of these tiles (level and index) that are there, each as wide as it is by now.
    fn tiles(&self, ids: Vec<(u8, u64)>) -> BoxFuture<'_, Result<Vec<Tile>, LogError>>;
}

/// Where tiles and signed checkpoints are kept: beside the log, but in tables of their own for
/// which no append waits.
pub trait Seals: TileReader {
    /// The last checkpoint; `None` if nothing was sealed.
    fn last(&self) -> BoxFuture<'_, Result<Option<SignedCheckpoint>, LogError>>;

    /// Up to `limit` checkpoints of more than `size` events, the smallest first.
    fn after(
        &self,
        size: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<SignedCheckpoint>, LogError>>;

    /// Keeps a checkpoint that follows on that of `old_size` events (0 = the first) and the tiles
    /// that changed with it, durably, all or nothing. `false`: the last one is of another size, and
    /// nothing was kept.
    fn save(
        &self,
        old_size: u64,
        tiles: Vec<Tile>,
        checkpoint: SignedCheckpoint,
    ) -> BoxFuture<'_, Result<bool, LogError>>;

    /// Adds the signature line of a witness to the checkpoint of this size. The same line twice is
    /// kept once.
    fn add_cosignature(&self, size: u64, line: String) -> BoxFuture<'_, Result<(), LogError>>;
}

/// An outlet did not take a checkpoint. The text is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OutletError(pub String);

/// A place outside the database to which checkpoints go: whoever can change the database should
/// not be able to change what lies there. A witness is one too: its `publish` shows the checkpoint
/// with the proof that it is consistent, and gives the cosignature to [`Seals::add_cosignature`].
///
/// Sealing does not wait for an outlet. One that was away gets the newest checkpoint, not all that
/// it missed: the newest vouches for what it covers.
pub trait Outlet: Send + Sync {
    /// Its name in metrics and messages: short, and the same after every start.
    fn name(&self) -> &str;

    /// Takes a checkpoint. The same one may come again.
    fn publish<'a>(
        &'a self,
        checkpoint: &'a SignedCheckpoint,
    ) -> BoxFuture<'a, Result<(), OutletError>>;
}
