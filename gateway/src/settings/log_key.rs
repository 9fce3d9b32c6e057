//! The log gets another key: both sign for a while, and then the old one is only known as one that
//! signed before.

use std::path::Path;

use anyhow::ensure;
use domain::evidence::note::VerifierKey;

use super::change::change;
use super::{SEAL, SEAL_BEFORE, Secrets};

/// Draws another key; the one of before signs on beside it.
///
/// # Errors
/// If a change is under way, or the keys do not come from the file.
pub fn begin(data: &Path) -> anyhow::Result<()> {
    change(data, [SEAL, SEAL_BEFORE], |keys| {
        ensure!(
            keys.seal_before.is_none(),
            "the log's key is being changed: --finish ends that"
        );
        let new = hex::encode(Secrets::draw().seal);
        keys.seal_before = keys.seal.replace(new);
        Ok(())
    })
}

/// The key of before signs no more; its public half stays known, for what it signed.
///
/// # Errors
/// If no change is under way, or the keys do not come from the file.
pub fn finish(data: &Path, before: &VerifierKey) -> anyhow::Result<()> {
    change(data, [SEAL, SEAL_BEFORE], |keys| {
        ensure!(
            keys.seal_before.take().is_some(),
            "the log's key is not being changed"
        );
        keys.seal_former.push(before.to_string());
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use domain::evidence::note::{Purpose, Signer};

    use super::*;

    #[test]
    fn both_keys_are_there_until_the_change_is_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        Secrets::make(folder.path()).expect("made");
        let load = || Secrets::load(folder.path()).expect("the secrets");
        let first = load();
        let old = Signer::new("log.example", Purpose::Note, &first.seal);
        let old = old.expect("a name").verifier();
        assert!(finish(folder.path(), &old).is_err(), "nothing was begun");
        begin(folder.path()).expect("begun");
        let both = load();
        assert_eq!(both.seal_before, Some(first.seal));
        assert_ne!(both.seal, first.seal);
        assert!(begin(folder.path()).is_err(), "one at a time");
        finish(folder.path(), &old).expect("finished");
        let after = load();
        assert_eq!((after.seal, after.seal_before), (both.seal, None));
        assert_eq!(after.seal_former, [old]);
        assert_eq!(after.master, first.master, "the others stay");
    }
}
