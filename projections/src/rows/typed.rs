//! The rows of one table in memory: which changed, what to undo, and where they stand in the indexes.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use super::written::Written;
use crate::store::{Change, StoreError};
use crate::table::Row;

pub(super) struct Typed<R: Row> {
    pub slots: HashMap<Arc<str>, Slot<R>>,
    /// The keys of all rows that changed, and perhaps of others, so that few changes among many rows
    /// are found at once.
    changed: Vec<Arc<str>>,
    /// What stood there before the act that is being applied; `None` = nothing was known.
    journal: Vec<(Arc<str>, Option<Slot<R>>)>,
}

#[derive(Clone)]
pub(super) struct Slot<R> {
    /// Apart, because many slots are free and because a slot moves often.
    pub row: Option<Box<R>>,
    dirty: bool,
    /// Whether it may stand elsewhere in an index than what is written.
    moved: bool,
    touched: u32,
}

pub(super) trait AnyTable: Any + Send {
    fn fill(&mut self, keys: &[String], found: Vec<String>, age: u32) -> Result<(), StoreError>;
    fn changes(&self, touched_before: u32) -> Result<Change, StoreError>;
    fn forget(&mut self, touched_before: u32, written: &mut Written);
    fn forget_absent(&mut self, written: &Written);
    fn name(&self) -> &'static str;
    fn count_by_age(&self, counts: &mut BTreeMap<u32, usize>);
    fn clean(&mut self);
    fn settle(&mut self);
    fn roll_back(&mut self);
    fn drop_older(&mut self, touched_before: u32);
    fn len(&self) -> usize;
    fn any(&mut self) -> &mut dyn Any;
    fn any_ref(&self) -> &dyn Any;
}

impl<R: Row> Slot<R> {
    fn is_moved_from(&self, before: &Self) -> bool {
        match (&self.row, &before.row) {
            (Some(row), Some(other)) => before.moved || !row.is_in_place_of(other),
            _ => true,
        }
    }
}

impl<R: Row> Typed<R> {
    pub fn new() -> Self {
        Self {
            slots: HashMap::new(),
            changed: Vec::new(),
            journal: Vec::new(),
        }
    }

    pub fn set(&mut self, key: Arc<str>, row: Option<R>, age: u32) {
        let mut slot = Slot {
            row: row.map(Box::new),
            dirty: true,
            moved: true,
            touched: age,
        };
        let before = match self.slots.entry(Arc::clone(&key)) {
            Entry::Occupied(mut entry) => {
                slot.moved = slot.is_moved_from(entry.get());
                Some(entry.insert(slot))
            }
            Entry::Vacant(entry) => {
                entry.insert(slot);
                None
            }
        };
        self.note(key, before);
    }

    /// Changes a row that is there.
    pub fn change(&mut self, key: &str, age: u32, change: impl FnOnce(&mut R)) {
        let Some((key, slot)) = self.slots.get_key_value_mut(key) else {
            return;
        };
        let (key, before) = (Arc::clone(key), slot.clone());
        slot.row.as_deref_mut().map(change);
        slot.dirty = true;
        slot.moved = slot.is_moved_from(&before);
        slot.touched = age;
        self.note(key, Some(before));
    }

    fn note(&mut self, key: Arc<str>, before: Option<Slot<R>>) {
        if before.as_ref().is_none_or(|slot| !slot.dirty) {
            self.changed.push(Arc::clone(&key));
        }
        self.journal.push((key, before));
    }

    /// What is no longer in memory did not change, or is written.
    fn prune(&mut self) {
        if self.changed.len() > 2 * self.slots.len() {
            self.changed.sort_unstable();
            self.changed.dedup();
            self.changed.retain(|key| self.slots.contains_key(key));
        }
    }
}

impl<R: Row> AnyTable for Typed<R> {
    fn fill(&mut self, keys: &[String], found: Vec<String>, age: u32) -> Result<(), StoreError> {
        for key in keys {
            self.slots.entry(key.as_str().into()).or_insert(Slot {
                row: None,
                dirty: false,
                moved: false,
                touched: age,
            });
        }
        for json in found {
            let row: R = serde_json::from_str(&json).map_err(StoreError::broken)?;
            let key = row.key().into();
            let slot = Slot {
                row: Some(Box::new(row)),
                dirty: false,
                moved: false,
                touched: age,
            };
            self.slots.insert(key, slot);
        }
        Ok(())
    }

    fn changes(&self, touched_before: u32) -> Result<Change, StoreError> {
        let mut change = Change {
            table: R::TABLE,
            rows: Vec::new(),
            in_place: 0,
            new: false,
            deleted: Vec::new(),
        };
        let mut keys: Vec<&Arc<str>> = self.changed.iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let mut in_place = Vec::new();
        for key in keys {
            let slot = self.slots.get(key);
            match slot.filter(|slot| slot.dirty && slot.touched < touched_before) {
                Some(Slot { row: None, .. }) => change.deleted.push(key.to_string()),
                Some(Slot {
                    row: Some(row),
                    moved: true,
                    ..
                }) => change.rows.push(row.values()?),
                Some(Slot { row: Some(row), .. }) => in_place.push(row.values()?),
                None => {}
            }
        }
        change.in_place = in_place.len();
        change.rows.append(&mut in_place);
        Ok(change)
    }

    fn forget(&mut self, touched_before: u32, written: &mut Written) {
        self.slots.retain(|key, slot| {
            let stays = slot.touched >= touched_before;
            if !stays && slot.row.is_some() {
                written.add(R::TABLE.name, key);
            }
            stays
        });
        self.prune();
    }

    fn forget_absent(&mut self, written: &Written) {
        let name = R::TABLE.name;
        self.slots
            .retain(|key, slot| slot.row.is_some() || written.may_hold(name, key));
        self.prune();
    }

    fn name(&self) -> &'static str {
        R::TABLE.name
    }

    fn count_by_age(&self, counts: &mut BTreeMap<u32, usize>) {
        for slot in self.slots.values() {
            *counts.entry(slot.touched).or_default() += 1;
        }
    }

    fn clean(&mut self) {
        for key in self.changed.drain(..) {
            if let Some(slot) = self.slots.get_mut(&key) {
                (slot.dirty, slot.moved) = (false, false);
            }
        }
    }

    fn settle(&mut self) {
        self.journal.clear();
    }

    fn roll_back(&mut self) {
        while let Some((key, before)) = self.journal.pop() {
            match before {
                Some(slot) => self.slots.insert(key, slot),
                None => self.slots.remove(&key),
            };
        }
    }

    fn drop_older(&mut self, touched_before: u32) {
        self.slots.retain(|_, slot| slot.touched >= touched_before);
    }

    fn len(&self) -> usize {
        self.slots.len()
    }

    fn any(&mut self) -> &mut dyn Any {
        self
    }

    fn any_ref(&self) -> &dyn Any {
        self
    }
}
