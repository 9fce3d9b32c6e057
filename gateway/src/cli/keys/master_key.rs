//! `sospeso keys change-master-key`: the keys of personal text are wrapped with another master key.

use anyhow::ensure;
use serde_json::json;

use crate::cli::Common;
use crate::settings::{Secrets, master_key as change};
use crate::wiring::keys::Keys;

/// Draws the new master key; the old one unwraps on.
pub(super) fn begin(common: &Common) -> anyhow::Result<()> {
    change::begin(&common.data)?;
    let text = "Start all gateways again: then they know both master keys, and wrap with the new \
                one. After that: sospeso keys change-master-key --finish";
    common.say(text, &json!({"begun": true}));
    Ok(())
}

/// Wraps all keys with the new one, and forgets the old one.
pub(super) async fn finish(common: &Common) -> anyhow::Result<()> {
    let secrets = Secrets::load(&common.data)?;
    ensure!(
        secrets.master_before.is_some(),
        "the master key is not being changed"
    );
    let keys = Keys::open(&common.data, &common.settings()?).await?;
    let rewrapped = keys.rewrap(&secrets).await?;
    change::finish(&common.data)?;
    let text = format!(
        "{rewrapped} keys are wrapped with the new master key, and the old one is forgotten here. \
         Backups of keys from before open only with the old one: take a new backup. `sospeso keys \
         scrub` writes the table anew, without what the old one had wrapped."
    );
    common.say(&text, &json!({"rewrapped": rewrapped}));
    Ok(())
}
