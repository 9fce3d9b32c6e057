//! What the log says of keys: which texts need one, and which were to be destroyed.

use std::collections::{BTreeSet, HashSet};

use commands::log::{EventLog, LogError};
use commands::reaction::erase::ERASING;
use domain::envelope::Record;
use uuid::Uuid;

/// How many events are in memory at once.
const PAGE: usize = 1_000;
/// How a sealed text names its key in a payload.
const NAMED: &str = "\"key_id\":\"";

/// What the log says of keys. It is as large as the number of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The keys under which something was sealed.
    pub sealing: HashSet<Uuid>,
    /// The keys that were to be destroyed.
    pub erased: BTreeSet<Uuid>,
}

impl History {
    /// Reads the whole log.
    ///
    /// # Errors
    /// If the log is away.
    pub async fn of(log: &dyn EventLog) -> Result<Self, LogError> {
        let (mut history, mut after) = (Self::default(), 0);
        loop {
            let page = log.read(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(history);
            };
            after = last.position;
            for event in &page {
                history.add(&event.record);
            }
        }
    }

    fn add(&mut self, record: &Record) {
        if ERASING.contains(&record.event_type.as_str()) {
            self.erased.insert(record.aggregate_id);
        }
        let named = record.payload.split(NAMED).skip(1);
        let ids = named.filter_map(|rest| rest.get(..36)?.parse::<Uuid>().ok());
        self.sealing.extend(ids);
    }
}
