//! The master key is changed: every key of the table is wrapped with the new one.

use commands::vault::VaultError;

use super::keys::KeyTable;
use super::master::MasterKey;
use super::sealing;

/// How many rows are read at once.
const PAGE: usize = 1_000;

/// Wraps the keys that only the master key of before unwraps with the newest one, and says how many
/// those were. It may be stopped anywhere and done again. What is destroyed meanwhile stays so.
///
/// # Errors
/// If neither master key unwraps a key, or the table is away.
pub async fn rewrap(table: &dyn KeyTable, master: &MasterKey) -> Result<u64, VaultError> {
    let newest = master.newest();
    let (mut after, mut count) = (None, 0);
    loop {
        let page = table.page(after, PAGE).await?;
        let Some((last, _)) = page.last() else {
            return Ok(count);
        };
        after = Some(*last);
        for (key_id, kept) in page {
            let Some(old) = kept.wrapped else { continue };
            if sealing::unwrap(&newest, key_id, &old).is_ok() {
                continue;
            }
            let key = sealing::unwrap(master, key_id, &old)?;
            let new = sealing::wrap(&newest, key_id, &key)?;
            count += u64::from(table.rewrap(key_id, old, new).await?);
        }
    }
}
