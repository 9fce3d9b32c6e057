//! The installation gets another master key: both unwrap until all keys are wrapped with the new one.

use std::path::Path;

use anyhow::ensure;

use super::change::change;
use super::{MASTER, MASTER_BEFORE, Secrets};

/// Draws another master key; the one of before unwraps on beside it.
///
/// # Errors
/// If a change is under way, or the keys do not come from the file.
pub fn begin(data: &Path) -> anyhow::Result<()> {
    change(data, [MASTER, MASTER_BEFORE], |keys| {
        ensure!(
            keys.master_before.is_none(),
            "the master key is being changed: --finish ends that"
        );
        let new = hex::encode(Secrets::draw().master);
        keys.master_before = keys.master.replace(new);
        Ok(())
    })
}

/// Forgets the master key of before, with which nothing is wrapped any more.
///
/// # Errors
/// If no change is under way, or the keys do not come from the file.
pub fn finish(data: &Path) -> anyhow::Result<()> {
    change(data, [MASTER, MASTER_BEFORE], |keys| {
        ensure!(
            keys.master_before.take().is_some(),
            "the master key is not being changed"
        );
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_master_keys_are_there_until_the_change_is_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        Secrets::make(folder.path()).expect("made");
        let load = || Secrets::load(folder.path()).expect("the secrets");
        let first = load();
        assert!(finish(folder.path()).is_err(), "nothing was begun");
        begin(folder.path()).expect("begun");
        let both = load();
        assert_eq!(both.master_before, Some(first.master));
        assert_ne!(both.master, first.master);
        assert!(begin(folder.path()).is_err(), "one at a time");
        finish(folder.path()).expect("finished");
        let after = load();
        assert_eq!((after.master, after.master_before), (both.master, None));
        assert_eq!(after.seal, first.seal, "the others stay");
    }
}
