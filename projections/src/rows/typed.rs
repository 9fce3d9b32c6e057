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
    /// are found at once. Of a copy that began empty only those of the last page.
    changed: Vec<Arc<str>>,
    /// What stood there before the act that is being applied, once for each row that it changes;
    /// `None` = nothing was known. A row that was written twice may be here twice.
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
    fn changes(&self) -> Result<Change, StoreError>;
    fn take_older(
        &mut self,
        touched_before: u32,
        written: &mut Written,
    ) -> Result<[Change; 2], StoreError>;
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
        if before.as_ref().is_none_or(|slot| !slot.dirty) {
            self.changed.push(Arc::clone(&key));
        }
        self.journal.push((key, before));
    }

    /// Changes a row that is there.
    pub fn change(&mut self, key: &str, age: u32, change: impl FnOnce(&mut R)) {
        let Some((key, slot)) = self.slots.get_key_value_mut(key) else {
            return;
        };
        // An act that changes a row twice is undone by what stood there first.
        let noted = |(noted, _): &(Arc<str>, _)| Arc::ptr_eq(noted, key);
        let place = self.journal.iter().position(noted);
        let place = place.unwrap_or_else(|| {
            if !slot.dirty {
                self.changed.push(Arc::clone(key));
            }
            self.journal.push((Arc::clone(key), Some(slot.clone())));
            self.journal.len() - 1
        });
        slot.row.as_deref_mut().map(change);
        (slot.dirty, slot.touched) = (true, age);
        let (_, before) = &self.journal[place];
        let before = before.as_ref();
        slot.moved = before.is_none_or(|before| slot.is_moved_from(before));
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

    fn changes(&self) -> Result<Change, StoreError> {
        let mut keys: Vec<&Arc<str>> = self.changed.iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let (mut change, mut in_place) = (nothing::<R>(false), Vec::new());
        for key in keys {
            match self.slots.get(key).filter(|slot| slot.dirty) {
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

    fn take_older(
        &mut self,
        touched_before: u32,
        written: &mut Written,
    ) -> Result<[Change; 2], StoreError> {
        let name = R::TABLE.name;
        let older = |_: &Arc<str>, slot: &mut Slot<R>| slot.touched < touched_before;
        let mut older: Vec<_> = self.slots.extract_if(older).collect();
        older.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let (mut known, mut new) = (nothing::<R>(false), nothing::<R>(true));
        for (key, slot) in older {
            let is_written = match slot.row {
                Some(_) => written.add(name, &key),
                None => written.may_hold(name, &key),
            };
            match slot.row.filter(|_| slot.dirty) {
                Some(row) if is_written => known.rows.push(row.values()?),
                Some(row) => new.rows.push(row.values()?),
                None if slot.dirty && is_written => known.deleted.push(key.to_string()),
                None => {}
            }
        }
        Ok([known, new])
    }

    fn forget_absent(&mut self, written: &Written) {
        let name = R::TABLE.name;
        self.slots
            .retain(|key, slot| slot.row.is_some() || written.may_hold(name, key));
        // What is written is found by its age.
        self.changed.clear();
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

/// No change of a table.
fn nothing<R: Row>(new: bool) -> Change {
    Change {
        table: R::TABLE,
        rows: Vec::new(),
        in_place: 0,
        new,
        deleted: Vec::new(),
    }
}
