//! What whoever holds the machine may do without a token.

use std::sync::Arc;

use commands::clock::Clock;
use commands::executor::{Desk, Done, Failure, Request, UseCase};
use commands::principal::Principal;
use domain::envelope::Channel;
use domain::text::Slug;

use super::Common;
use crate::settings::Secrets;
use crate::wiring;

/// The desk that the settings ask for.
pub(super) async fn desk(common: &Common) -> anyhow::Result<Arc<Desk>> {
    let secrets = Secrets::load(&common.data)?;
    let settings = common.settings()?;
    let engines = wiring::engines(&common.data, &settings, &secrets, Clock::system()).await?;
    Ok(engines.desk)
}

/// Does an act as whoever holds the machine. The same key does nothing twice.
pub(super) async fn act<U: UseCase>(
    desk: &Arc<Desk>,
    network: &Slug,
    key: String,
    act: U,
) -> Result<Done<U::Answer>, Failure> {
    let principal = Principal::system("set-up", network.clone());
    let request = Request::new(principal, key, String::new(), Channel::Cli);
    desk.execute(request, act).await
}

/// A key of its own, for what may be done as often as it is asked for.
pub(super) fn new_key() -> String {
    commands::tokens::digest(&commands::tokens::draw())
}
