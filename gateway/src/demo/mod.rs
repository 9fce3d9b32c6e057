//! The demo: one network whose districts and totals are real and whose venues, organisations and
//! days are invented, told through the ordinary command path.

mod city;
mod districts;
mod fortnight;
mod founding;
mod history;
mod importer;
mod neighbours;
mod plan;
mod teller;
pub mod tokens;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use commands::donor::register::Register;
use commands::executor::Desk;
use commands::log::{EventLog, LogError};
use domain::envelope::Metadata;
use domain::ids::{DonorId, VenueId};
use domain::text::Slug;

use teller::{Teller, minute};

/// The slug of the demo's network.
pub const NETWORK: &str = "praha";

/// As whom the demo does what no role may.
const ACTOR: &str = "demo";

/// What the tokens of the demo are about.
pub struct Cast {
    /// A venue with vouchers on its board.
    pub venue_id: VenueId,
    /// An organisation that hands out vouchers.
    pub organisation_id: domain::ids::OrganisationId,
    /// A neighbour who helps.
    pub member_id: domain::ids::MemberId,
    /// A donor with a history.
    pub donor_id: DonorId,
}

/// Tells the whole story up to `today`; what was told before is not told again.
///
/// # Errors
/// If an act is refused that should not be, or the log is away.
pub async fn tell(
    desk: Arc<Desk>,
    today: NaiveDate,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> anyhow::Result<Cast> {
    let network: Slug = NETWORK.parse()?;
    let now = desk.clock().now();
    let teller = Teller::new(desk, network);
    let town = founding::tell(&teller).await?;
    let begin = minute(
        NaiveDate::from_ymd_opt(2019, 8, 20).unwrap_or_default(),
        600,
    );
    let donor_id = teller
        .tell("donor", begin, Register { subject: None })
        .await?
        .answer
        .donor_id;
    history::tell(&teller, &town, donor_id, progress).await?;
    let member_id = neighbours::tell(&teller, &town, today, now).await?;
    fortnight::tell(&teller, &town, donor_id, today, now).await?;
    Ok(Cast {
        venue_id: town.venues[4].venue_id,
        organisation_id: town.organisations[1],
        member_id,
        donor_id,
    })
}

/// Whether this log is empty, or was begun by the demo.
///
/// # Errors
/// If the log is away.
pub async fn is_ours(log: &dyn EventLog) -> Result<bool, LogError> {
    let first = log.read(0, 1).await?;
    let begun = first.first().map(|event| &event.record.metadata);
    let by_us = |metadata: &String| {
        let metadata: Result<Metadata, _> = serde_json::from_str(metadata);
        metadata.is_ok_and(|metadata| metadata.actor == ACTOR)
    };
    Ok(begun.is_none_or(by_us))
}

/// The instant at which the demo's clock starts when a day is named: the morning of that day.
#[must_use]
pub fn morning(today: NaiveDate) -> DateTime<Utc> {
    minute(today, 10 * 60 + 30)
}
