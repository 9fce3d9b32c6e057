//! The log gets another key: both sign for a while, and then the old one is only known as one that
//! signed before.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use domain::evidence::note::VerifierKey;

use super::{SEAL, SEAL_BEFORE, SECRETS, Secrets, Written, write_private, written};

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

/// Changes the secrets in the file, unless these come from the environment: the key that is changed,
/// and the one of before.
pub(super) fn change(
    data: &Path,
    [newest, before]: [&str; 2],
    how: impl FnOnce(&mut Written) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for variable in [newest, before] {
        ensure!(
            std::env::var_os(variable).is_none(),
            "the key comes from {variable}: put the old one into {before} and a new one into \
             {newest} yourself"
        );
    }
    let lock = std::fs::File::open(data).with_context(|| format!("opening {}", data.display()))?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive)?;
    let file = data.join(SECRETS);
    let Some(mut keys) = written(&file)? else {
        bail!("there is no {}", file.display());
    };
    how(&mut keys)?;
    write_private(&file, &toml::to_string(&keys)?)
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
