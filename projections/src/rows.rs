//! The rows that a batch of acts touches, held in memory while the fold works on them.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};

use crate::fold::Stop;
use crate::store::{Change, StoreError};
use crate::table::{Row, Table};

mod typed;
mod written;

use typed::{AnyTable, Typed};
use written::Written;

/// A table with less than this part of the rows that may stay is not worth forgetting: names and boards,
/// which every act asks for.
const FEW: usize = 15;

/// A working set of rows. A fold asks for rows by key; one that was not loaded yet interrupts the
/// act, is fetched together with all others that the batch needs, and the act is applied anew.
#[derive(Default)]
pub struct Rows {
    /// By the types of their rows, in order of name: a fold has few, and asks for one all the time.
    tables: Vec<(TypeId, Box<dyn AnyTable>)>,
    /// Of a copy that began empty: the rows that were written and are no longer in memory. What is
    /// neither here nor there does not exist.
    written: Option<Written>,
    /// Grows with every page of a long build, so that what was not touched for long is known.
    age: u32,
}

impl Rows {
    /// The rows of a copy that began empty.
    pub(crate) fn of_nothing() -> Self {
        Self {
            written: Some(Written::default()),
            ..Self::default()
        }
    }

    /// The row with this key.
    ///
    /// # Errors
    /// `Stop::Missing` if it must be fetched first: pass it on with `?`.
    pub fn get<R: Row>(&self, key: &str) -> Result<Option<&R>, Stop> {
        let mut tables = self.tables.iter();
        let table = tables.find(|(rows, _)| *rows == TypeId::of::<R>());
        let table = table.and_then(|(_, table)| typed_ref::<R>(table.as_ref()));
        match table.and_then(|table| table.slots.get(key)) {
            Some(slot) => Ok(slot.row.as_deref()),
            None => match &self.written {
                Some(written) if !written.may_hold(R::TABLE.name, key) => Ok(None),
                Some(_) | None => Err(missing::<R>(key)),
            },
        }
    }

    /// Changes the row with this key, if there is one; says whether there was.
    ///
    /// # Errors
    /// `Stop::Missing` if it must be fetched first: pass it on with `?`.
    pub fn change<R: Row>(&mut self, key: &str, change: impl FnOnce(&mut R)) -> Result<bool, Stop> {
        if self.get::<R>(key)?.is_none() {
            return Ok(false);
        }
        let age = self.age;
        self.table().change(key, age, change);
        Ok(true)
    }

    /// Changes the row with this key, which is made by `new` if there is none.
    ///
    /// # Errors
    /// `Stop::Missing` if it must be fetched first: pass it on with `?`.
    pub fn upsert<R: Row>(
        &mut self,
        key: &str,
        new: impl FnOnce() -> R,
        change: impl FnOnce(&mut R),
    ) -> Result<(), Stop> {
        let age = self.age;
        if self.get::<R>(key)?.is_some() {
            self.table().change(key, age, change);
        } else {
            let mut row = new();
            change(&mut row);
            self.table().set(key.into(), Some(row), age);
        }
        Ok(())
    }

    /// Writes a row, whatever was there before.
    pub fn put<R: Row>(&mut self, row: R) {
        let (key, age) = (row.key().into(), self.age);
        self.table().set(key, Some(row), age);
    }

    /// Deletes the row with this key.
    pub fn delete<R: Row>(&mut self, key: &str) {
        let age = self.age;
        self.table::<R>().set(key.into(), None, age);
    }

    fn table<R: Row>(&mut self) -> &mut Typed<R> {
        let new = || Box::new(Typed::<R>::new()) as Box<dyn AnyTable>;
        let table = self.table_of(TypeId::of::<R>(), new);
        typed(table).expect("a table has rows of one type")
    }

    fn table_of(
        &mut self,
        rows: TypeId,
        new: impl FnOnce() -> Box<dyn AnyTable>,
    ) -> &mut dyn AnyTable {
        let place = self.tables.iter().position(|(known, _)| *known == rows);
        let place = place.unwrap_or_else(|| {
            let new = new();
            let before = |(_, table): &(_, Box<dyn AnyTable>)| table.name() < new.name();
            let place = self.tables.partition_point(before);
            self.tables.insert(place, (rows, new));
            place
        });
        self.tables[place].1.as_mut()
    }

    /// Applies one act: all of its changes, or none if it must wait for rows.
    pub(crate) fn whole(
        &mut self,
        apply: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.settle();
        let result = apply(self);
        if result.is_err() {
            self.roll_back();
        }
        result
    }

    /// What the act would still have to wait for; changes nothing.
    pub(crate) fn probe(
        &mut self,
        apply: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Option<Need> {
        self.settle();
        let result = apply(self);
        self.roll_back();
        match result {
            Err(Stop::Missing(need)) => Some(need),
            Ok(()) | Err(Stop::Broken(_)) => None,
        }
    }

    fn roll_back(&mut self) {
        for (_, table) in &mut self.tables {
            table.roll_back();
        }
    }

    /// What was applied stays.
    fn settle(&mut self) {
        for (_, table) in &mut self.tables {
            table.settle();
        }
    }

    pub(crate) fn fill(&mut self, need: &Needs, found: Vec<String>) -> Result<(), StoreError> {
        let (age, make) = (self.age, need.make);
        let keys: Vec<String> = need.keys.iter().cloned().collect();
        let table = self.table_of(need.rows, || make().0);
        table.fill(&keys, found, age)
    }

    /// What must be written of a copy that did not begin empty.
    pub(crate) fn changes(&self) -> Result<Vec<Change>, StoreError> {
        let changes = self.tables.iter().map(|(_, table)| table.changes());
        Ok(some(changes.collect::<Result<_, _>>()?))
    }

    /// How many rows are in memory.
    pub(crate) fn len(&self) -> usize {
        self.tables.iter().map(|(_, table)| table.len()).sum()
    }

    /// What is touched from here on is younger than all before. Rows that came and went without ever
    /// being written are forgotten.
    pub(crate) fn grow_older(&mut self) {
        self.age += 1;
        self.settle();
        if let Some(written) = &self.written {
            for (_, table) in &mut self.tables {
                table.forget_absent(written);
            }
        }
    }

    /// Forgets the rows that were not touched for longest, so that at most `most` stay, or those of small
    /// tables, unless none may; answers with what must be written of them.
    pub(crate) fn spill(&mut self, most: usize) -> Result<Vec<Change>, StoreError> {
        self.settle();
        let before = self.oldest_to_keep(most);
        let written = self.written.get_or_insert_default();
        let large = self.tables.iter_mut().map(|(_, table)| table);
        let large = large.filter(|table| table.len() > most / FEW);
        let changes = large.map(|table| table.take_older(before, written));
        let changes: Vec<_> = changes.collect::<Result<_, _>>()?;
        Ok(some(changes.into_iter().flatten().collect()))
    }

    fn oldest_to_keep(&self, most: usize) -> u32 {
        let mut by_age = BTreeMap::new();
        for (_, table) in &self.tables {
            table.count_by_age(&mut by_age);
        }
        let (mut kept, mut before) = (0, u32::MAX);
        for (age, count) in by_age.into_iter().rev() {
            kept += count;
            if kept > most {
                break;
            }
            before = age;
        }
        before
    }

    /// After all changes were written. Of more rows than `most`, those that changed last stay, and
    /// small tables, which every act asks for.
    pub(crate) fn clean(&mut self, most: usize) {
        let (all, few) = (self.len(), most / FEW);
        let before = (all > most).then(|| self.oldest_to_keep(most / 2));
        for (_, table) in &mut self.tables {
            table.clean();
            if let Some(before) = before.filter(|_| table.len() > few) {
                table.drop_older(before);
            }
        }
        self.age += 1;
        self.settle();
    }
}

/// Without those that change nothing.
fn some(mut changes: Vec<Change>) -> Vec<Change> {
    changes.retain(|change| !change.rows.is_empty() || !change.deleted.is_empty());
    changes
}

/// A row that a fold asked for and that is not in memory.
#[derive(Clone)]
pub struct Need {
    table: Table,
    rows: TypeId,
    key: String,
    make: fn() -> Erased,
}

/// A table of rows of a type that only the fold knows.
pub struct Erased(Box<dyn AnyTable>);

impl std::fmt::Debug for Need {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.table.name, self.key)
    }
}

/// All rows of one table that a batch asked for.
pub(crate) struct Needs {
    pub table: Table,
    pub keys: HashSet<String>,
    rows: TypeId,
    make: fn() -> Erased,
}

impl Needs {
    /// Sorts what acts asked for by table.
    pub fn sorted(needs: impl IntoIterator<Item = Need>) -> Vec<Self> {
        let mut tables: BTreeMap<&'static str, Self> = BTreeMap::new();
        for need in needs {
            let needs = Self {
                table: need.table,
                keys: HashSet::new(),
                rows: need.rows,
                make: need.make,
            };
            let needs = tables.entry(need.table.name).or_insert(needs);
            needs.keys.insert(need.key);
        }
        tables.into_values().collect()
    }
}

fn missing<R: Row>(key: &str) -> Stop {
    let make = || Erased(Box::new(Typed::<R>::new()));
    Stop::Missing(Need {
        table: R::TABLE,
        rows: TypeId::of::<R>(),
        key: key.to_owned(),
        make,
    })
}

fn typed<R: Row>(table: &mut dyn AnyTable) -> Option<&mut Typed<R>> {
    table.any().downcast_mut()
}

fn typed_ref<R: Row>(table: &dyn AnyTable) -> Option<&Typed<R>> {
    table.any_ref().downcast_ref()
}
