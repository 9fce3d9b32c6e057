//! What begins and ends COPY's binary format: <https://www.postgresql.org/docs/current/sql-copy.html>.

/// The signature, no flags, no extension of the header.
pub(crate) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// In place of a row's number of fields.
pub(crate) const END: &[u8] = &[0xff, 0xff];
