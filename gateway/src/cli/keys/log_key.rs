//! `sospeso keys change-log-key`: the log signs with another key, and nobody who knows the old one
//! is cut off meanwhile.

use anyhow::{Context, ensure};
use serde_json::json;

use crate::cli::Common;
use crate::settings::{Secrets, log_key as change};
use crate::wiring;
use crate::wiring::evidence::{log_key, newest_key, to_check};

/// Draws the new key, with which both sign.
pub(super) async fn begin(common: &Common) -> anyhow::Result<()> {
    let settings = common.settings()?;
    let log_id = wiring::log(&common.data, &settings).await?.log_id();
    change::begin(&common.data)?;
    let keys = log_key(log_id, &settings, &Secrets::load(&common.data)?)?;
    let [new, old] = keys.verifiers() else {
        anyhow::bail!("there are not two keys");
    };
    let text = format!(
        "Start all gateways again: then both keys sign.\nThe new key: {new}\nThe old key: {old}\n\
         Give the new one to auditors, and to witnesses, who start with it as --log-key. Once they \
         have it: sospeso keys change-log-key --finish"
    );
    common.say(&text, &json!({"key": new, "before": old}));
    Ok(())
}

/// The old key signs no more.
pub(super) async fn finish(common: &Common) -> anyhow::Result<()> {
    let (settings, secrets) = (common.settings()?, Secrets::load(&common.data)?);
    let log_id = wiring::log(&common.data, &settings).await?.log_id();
    let keys = log_key(log_id, &settings, &secrets)?;
    ensure!(
        secrets.seal_before.is_some(),
        "the log's key is not being changed"
    );
    let new = newest_key(log_id, &settings, &secrets)?;
    if let Some(seals) = to_check(&common.data, &settings, false).await?.seals
        && let Some(last) = seals.last().await?
    {
        let signed = new.check(&last);
        signed.context(
            "the newest checkpoint is not signed with the new key yet: a gateway that was started \
             since signs the next one with both, once something is recorded",
        )?;
    }
    let old = keys.verifiers().last().context("there is no old key")?;
    change::finish(&common.data, old)?;
    let text = format!(
        "Start all gateways again: then only the new key signs.\nThe key: {}\nWhat the old one \
         signed stays signed by it: {old}",
        new.verifier()
    );
    common.say(&text, &json!({"key": new.verifier(), "former": old}));
    Ok(())
}
