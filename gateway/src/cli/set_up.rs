//! What whoever holds the machine may do without a token.

use std::sync::Arc;

use commands::clock::Clock;
use commands::executor::{Desk, Done, Failure, Request, UseCase};
use commands::principal::Principal;
use domain::envelope::Channel;
use domain::text::Slug;
use indicatif::{ProgressBar, ProgressStyle};

use super::Common;
use crate::settings::Secrets;
use crate::wiring::{self, Engines};

/// The engines that the settings ask for.
pub(super) async fn engines(common: &Common) -> anyhow::Result<Engines> {
    let secrets = Secrets::load(&common.data)?;
    let settings = common.settings()?;
    wiring::engines(&common.data, &settings, &secrets, Clock::system()).await
}

/// The desk that the settings ask for.
pub(super) async fn desk(common: &Common) -> anyhow::Result<Arc<Desk>> {
    Ok(engines(common).await?.desk)
}

/// A progress bar on standard error for people, and none for programs.
pub(super) fn bar(common: &Common, what: &str) -> anyhow::Result<ProgressBar> {
    if common.json {
        return Ok(ProgressBar::hidden());
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")?;
    bar.set_style(style);
    bar.set_message(what.to_owned());
    Ok(bar)
}

/// Does an act as whoever holds the machine. The same key does nothing twice.
pub(super) async fn act<U: UseCase>(
    desk: &Arc<Desk>,
    network: &Slug,
    key: String,
    act: U,
) -> Result<Done<U::Answer>, Failure> {
    act_through(Channel::Cli, desk, network, key, act).await
}

/// The same through another channel.
pub(super) async fn act_through<U: UseCase>(
    channel: Channel,
    desk: &Arc<Desk>,
    network: &Slug,
    key: String,
    act: U,
) -> Result<Done<U::Answer>, Failure> {
    let principal = Principal::system("set-up", network.clone());
    let request = Request::new(principal, key, String::new(), channel);
    desk.execute(request, act).await
}

/// A key of its own, for what may be done as often as it is asked for.
pub(super) fn new_key() -> String {
    commands::tokens::digest(&commands::tokens::draw())
}
