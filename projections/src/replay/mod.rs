//! Looking back: a read model as it stood, folded anew into a store that is thrown away.
//!
//! A replay is whole or it is an error: an act that cannot be read, a position that is missing, a
//! log that ends too early and a database that goes away all end it.

mod dense;
pub mod diff;
pub mod otherwise;
pub mod state;
pub mod within;

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::envelope::Recorded;

use self::dense::Dense;
use crate::fold::Fold;
use crate::log::Log;
use crate::rebuild;
use crate::store::{Copy, ReadStore, StoreError};
use crate::table::Row;

/// How far the order of `recorded_at` may differ from that of the positions: it is set before the
/// append. Gateways refuse to append when their clocks are more than seconds off, and a command
/// waits for seconds at most.
const DISORDER: TimeDelta = TimeDelta::minutes(2);
/// How long after an instant a command may still be on its way that is recorded as of before it.
pub const SETTLES_AFTER: TimeDelta = TimeDelta::seconds(30);
/// How many events one step of a search reads.
const STEP: usize = 1_000;
/// How many rows one look at a table brings.
const SCAN: usize = 2_000;

/// As of what one looks back: a position, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum AsOf {
    /// After this position; 0 = before the first act.
    Position(i64),
    /// The prefix before the first event that was recorded after it. An event behind that one
    /// counts as recorded after it too, whatever its gateway's clock said: so the answer is the
    /// same whenever one asks.
    Time(DateTime<Utc>),
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(position) = text.parse::<i64>() {
            return if position < 0 {
                Err("a position is 0 or more".to_owned())
            } else {
                Ok(Self::Position(position))
            };
        }
        let at = text.parse::<DateTime<Utc>>();
        at.map(Self::Time)
            .map_err(|_| "a position, or an instant as in 2026-11-20T08:15:00Z".to_owned())
    }
}

impl TryFrom<String> for AsOf {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A moment of the log: a prefix of it, and what its last event was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The last position of the prefix; 0 = nothing.
    pub position: i64,
    /// When that event was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// Its leaf hash, hexadecimal.
    pub leaf_hash: Option<String>,
    /// Whether it is final. One of an instant after which nothing was recorded yet is not, until
    /// [`SETTLES_AFTER`] has passed.
    pub settled: bool,
}

impl Moment {
    fn of(last: Option<&Recorded>, settled: bool) -> Self {
        Self {
            settled,
            position: last.map_or(0, |last| last.position),
            recorded_at: last.map(|last| last.record.recorded_at),
            leaf_hash: last.map(|last| hex::encode(last.leaf_hash)),
        }
    }

    /// How long one must wait until the moment of this instant is final; `None` if it is.
    #[must_use]
    pub fn settles_in(&self, as_of: Option<AsOf>, now: DateTime<Utc>) -> Option<TimeDelta> {
        let Some(AsOf::Time(time)) = as_of.filter(|_| !self.settled) else {
            return None;
        };
        let settled = time.checked_add_signed(SETTLES_AFTER)?;
        Some(settled - now).filter(|left| *left > TimeDelta::zero())
    }
}

/// The moment that is meant. `None` = the head as it is now.
///
/// # Errors
/// If the log is away, does not reach so far, or lacks that position.
pub async fn moment(log: &dyn Log, as_of: Option<AsOf>) -> Result<Moment, StoreError> {
    let head = log.head().await?;
    match as_of.unwrap_or(AsOf::Position(head)) {
        AsOf::Position(0) => Ok(Moment::of(None, true)),
        AsOf::Position(position) if position > head => Err(StoreError::Broken(format!(
            "the log ends at position {head}, before {position}"
        ))),
        AsOf::Position(position) => Ok(Moment::of(Some(&at(log, position).await?), true)),
        AsOf::Time(time) => recorded_by(log, head, time).await,
    }
}

/// What stands before the first event that was recorded after this time. The search halves the log,
/// probing the same positions however long it is by now, and then looks at every event of the last
/// minutes, because their order may differ.
async fn recorded_by(log: &dyn Log, head: i64, time: DateTime<Utc>) -> Result<Moment, StoreError> {
    // Before all that a calendar knows there is nothing.
    let surely = time.checked_sub_signed(DISORDER);
    let surely = surely.unwrap_or(DateTime::<Utc>::MIN_UTC);
    let mut known = 0;
    let mut step = head.checked_ilog2().map_or(0, |bits| 1_i64 << bits);
    while step > 0 {
        let probe = known + step;
        if probe <= head && at(log, probe).await?.record.recorded_at <= surely {
            known = probe;
        }
        step /= 2;
    }
    let mut last = match known {
        0 => None,
        known => Some(at(log, known).await?),
    };
    loop {
        let after = last.as_ref().map_or(0, |last| last.position);
        let page = log.read(after, STEP).await?;
        if page.is_empty() {
            return Ok(Moment::of(last.as_ref(), after < head));
        }
        for event in page {
            if event.record.recorded_at > time {
                return Ok(Moment::of(last.as_ref(), true));
            }
            last = Some(event);
        }
    }
}

async fn at(log: &dyn Log, position: i64) -> Result<Recorded, StoreError> {
    let found = log.read(position - 1, 1).await?.into_iter().next();
    found
        .filter(|event| event.position == position)
        .ok_or_else(|| StoreError::Broken(format!("position {position} is missing in the log")))
}

/// A read model as it stood.
pub struct Standing {
    /// Its fold.
    pub fold: Arc<dyn Fold>,
    /// Where its rows are; queries see them.
    pub store: Arc<dyn ReadStore>,
    /// Their copy.
    pub copy: Copy,
    /// When.
    pub moment: Moment,
}

impl Standing {
    /// Goes through the rows of one of its tables in order of key, a few at a time.
    ///
    /// # Errors
    /// If the store is away, or `tell` fails.
    pub async fn each<R: Row>(
        &self,
        mut tell: impl FnMut(R) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let copy = self.copy.clone();
            let rows = self.store.scan(copy, R::TABLE, after.clone(), SCAN).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                let row: R = serde_json::from_str(&row).map_err(StoreError::broken)?;
                row.key().clone_into(&mut after);
                tell(row)?;
            }
        }
    }
}

/// Folds the log up to a moment into an empty store, in which queries then see the read model.
///
/// # Errors
/// If a database is away, an act cannot be read or applied, a position is missing, or the log ends
/// before the moment.
pub async fn stand(
    fold: Arc<dyn Fold>,
    moment: Moment,
    log: &dyn Log,
    store: Arc<dyn ReadStore>,
    progress: impl FnMut(i64, i64),
) -> Result<Standing, StoreError> {
    let copy = store.beside(fold.model(), fold.tables()).await?;
    if moment.position > 0 {
        let (log, until) = (Dense(log), moment.position);
        let reached = rebuild::fill(&fold, copy.clone(), &log, &*store, until, progress).await?;
        if reached != until {
            return Err(StoreError::Broken(format!(
                "the log ended at position {reached}, before {until}"
            )));
        }
    }
    store.switch(copy.clone(), fold.tables()).await?;
    Ok(Standing {
        fold,
        store,
        copy,
        moment,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_position_or_an_instant() {
        assert_eq!("17".parse(), Ok(AsOf::Position(17)));
        let at = "2026-11-20T08:15:00Z".parse().expect("an instant");
        assert_eq!("2026-11-20T08:15:00Z".parse(), Ok(AsOf::Time(at)));
        for bad in ["", "-1", "yesterday", "2026-11-20"] {
            assert!(bad.parse::<AsOf>().is_err(), "{bad}");
        }
    }
}
