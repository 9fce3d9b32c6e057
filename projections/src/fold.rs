//! A fold: how one read model follows from the acts.

use domain::event::Act;

use crate::rows::{Need, Rows};
use crate::table::Table;

/// A read model in one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name; its tables' names begin with it.
    pub name: &'static str,
    /// Grows whenever the tables or the fold change: the read model is then built anew beside the old
    /// one, which answers nobody any more.
    pub version: u32,
}

/// A read model's fold. It is pure: the same acts give the same rows, on every engine.
pub trait Fold: Send + Sync + 'static {
    /// The read model's name and the version of this fold.
    fn model(&self) -> Model;

    /// The read model's name.
    fn name(&self) -> &'static str {
        self.model().name
    }

    /// All of its tables.
    fn tables(&self) -> Vec<Table>;

    /// Applies one act. Acts are facts: none is rejected, and none is left out by a wildcard.
    ///
    /// # Errors
    /// `Missing` to be given a row (the engine brings it and calls again); `Broken` if the act
    /// cannot be applied, which stops this read model visibly.
    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop>;
}

/// Why an act was not applied.
#[derive(Clone, Debug)]
pub enum Stop {
    /// A row must be fetched first.
    Missing(Need),
    /// The act makes no sense to this read model.
    Broken(String),
}
