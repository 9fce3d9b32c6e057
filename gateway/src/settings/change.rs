//! One secret of the file is changed for another.

use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::{SECRETS, Written, write_private, written};

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
