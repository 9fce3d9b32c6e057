//! Applying acts to rows that are fetched when a fold asks for them.

use domain::event::Act;

use crate::fold::{Fold, Stop};
use crate::rows::{Needs, Rows};
use crate::store::{Copy, ReadStore, StoreError};

/// How far acts were applied.
pub(crate) struct Applied {
    /// How many of them.
    pub count: usize,
    /// The position and the reason where one could not be.
    pub broken: Option<(i64, String)>,
}

/// Applies acts to the rows of a copy until the end or until one breaks.
pub(crate) async fn apply(
    fold: &dyn Fold,
    copy: &Copy,
    acts: &[Act],
    rows: &mut Rows,
    store: &dyn ReadStore,
) -> Result<Applied, StoreError> {
    let mut applied = Applied {
        count: 0,
        broken: None,
    };
    while let Some(act) = acts.get(applied.count) {
        match rows.whole(|rows| fold.apply(act, rows)) {
            Ok(()) => applied.count += 1,
            Err(Stop::Missing(_)) => {
                fetch(fold, copy, &acts[applied.count..], rows, store).await?;
            }
            Err(Stop::Broken(why)) => {
                tracing::error!(read_model = fold.name(), position = act.position, why);
                applied.broken = Some((act.position, why));
                break;
            }
        }
    }
    Ok(applied)
}

/// Fetches the next row that each act waits for, with one query per table.
async fn fetch(
    fold: &dyn Fold,
    copy: &Copy,
    acts: &[Act],
    rows: &mut Rows,
    store: &dyn ReadStore,
) -> Result<(), StoreError> {
    let needs: Vec<_> = acts
        .iter()
        .filter_map(|act| rows.probe(|rows| fold.apply(act, rows)))
        .collect();
    for need in Needs::sorted(needs) {
        let keys = need.keys.iter().cloned().collect();
        let found = store.load(copy.clone(), need.table, keys).await?;
        rows.fill(&need, found)?;
    }
    Ok(())
}
