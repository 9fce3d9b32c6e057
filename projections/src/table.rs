//! Tables of read models, declared beside the fold that fills them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::store::{Arg, StoreError};

/// What a column holds. Both engines have these and no more: money is minor units, instants are
/// microseconds, coordinates are millionths of a degree, ids and lists are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, compared byte by byte.
    Text,
    /// A whole number of 64 bits.
    Integer,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether it may be null; null is "not known" or "none", never zero.
    pub nullable: bool,
}

/// One table. The first column is called `key` and is its primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name in queries; begins with the name of its read model.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// The columns of each further index, separated by commas.
    pub indexes: &'static [&'static str],
}

/// A row of a table.
pub trait Row: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static {
    /// Its table.
    const TABLE: Table;

    /// Its primary key.
    fn key(&self) -> &str;

    /// The values of its columns, in order of declaration.
    ///
    /// # Errors
    /// If something in it cannot be written as JSON.
    fn values(&self) -> Result<Vec<Arg>, StoreError>;

    /// Whether it stands where the other does in every index but that of the keys.
    fn is_in_place_of(&self, other: &Self) -> bool;
}

/// A type that fits into a column.
pub trait Cell {
    /// The column's kind.
    const KIND: ColumnKind;
    /// Whether it may be null.
    const NULLABLE: bool = false;

    /// What is stored.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    fn value(&self) -> Result<Arg, StoreError>;
}

impl Cell for String {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Result<Arg, StoreError> {
        Ok(Arg::Text(self.clone()))
    }
}

impl Cell for i64 {
    const KIND: ColumnKind = ColumnKind::Integer;

    fn value(&self) -> Result<Arg, StoreError> {
        Ok(Arg::Integer(*self))
    }
}

impl<C: Cell> Cell for Option<C> {
    const KIND: ColumnKind = C::KIND;
    const NULLABLE: bool = true;

    fn value(&self) -> Result<Arg, StoreError> {
        self.as_ref().map_or(Ok(Arg::Null), Cell::value)
    }
}

/// A list or structure that queries need only as a whole: JSON in a text column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize> Cell for Json<T> {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Result<Arg, StoreError> {
        let text = serde_json::to_string(&self.0).map_err(StoreError::broken)?;
        Ok(Arg::Text(text))
    }
}

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// Declares a row: its table's name, its indexes and its columns.
///
/// ```text
/// row! {
///     /// A voucher as the board shows it.
///     pub struct OnBoard in "voucher_board_voucher" indexes [(venue_id, item_id)] {
///         /// The voucher's id.
///         key: String,
///         /// The venue; null for a voucher that every venue takes.
///         venue_id: Option<String>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* pub struct $row:ident in $table:literal indexes [$(($first:ident $(, $further:ident)*)),*] {
        $($(#[$doc:meta])* $column:ident: $cell:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $row { $($(#[$doc])* pub $column: $cell,)+ }

        impl $crate::table::Row for $row {
            const TABLE: $crate::table::Table = $crate::table::Table {
                name: $table,
                columns: &[$($crate::table::Column {
                    name: stringify!($column),
                    kind: <$cell as $crate::table::Cell>::KIND,
                    nullable: <$cell as $crate::table::Cell>::NULLABLE,
                },)+],
                indexes: &[$(concat!(stringify!($first) $(, ", ", stringify!($further))*)),*],
            };

            fn key(&self) -> &str { &self.key }

            fn values(&self) -> Result<Vec<$crate::store::Arg>, $crate::store::StoreError> {
                Ok(vec![$($crate::table::Cell::value(&self.$column)?),+])
            }

            fn is_in_place_of(&self, _other: &Self) -> bool {
                true $(&& self.$first == _other.$first $(&& self.$further == _other.$further)*)*
            }
        }
    };
}
