//! A read model of one network alone, folded from a log that holds others too.

use std::sync::Arc;

use domain::event::Act;
use domain::text::Slug;

use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::Table;

/// The same fold, blind to the acts of other networks.
pub struct Within {
    fold: Arc<dyn Fold>,
    network: Slug,
}

impl Within {
    /// The fold, for this network; as it is without one.
    #[must_use]
    pub fn of(fold: Arc<dyn Fold>, network: Option<Slug>) -> Arc<dyn Fold> {
        match network {
            Some(network) => Arc::new(Self { fold, network }),
            None => fold,
        }
    }
}

impl Fold for Within {
    fn model(&self) -> Model {
        self.fold.model()
    }

    fn tables(&self) -> Vec<Table> {
        self.fold.tables()
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        if act.network == self.network.as_str() {
            self.fold.apply(act, rows)
        } else {
            Ok(())
        }
    }
}
