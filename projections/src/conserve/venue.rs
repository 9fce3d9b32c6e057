//! A venue that leaves or is suspended strands no voucher.

use chrono::{DateTime, Utc};
use domain::event::Act;
use domain::venue::VenueEvent;

use super::{Found, Invariant, Venue};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::time::micros;

pub(super) fn check(
    act: &Act,
    event: &VenueEvent,
    rows: &mut Rows,
    found: &mut Found,
) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    match event {
        VenueEvent::Admitted(_) => rows.put(Venue {
            key,
            network: act.network.clone(),
            closed_from: None,
            left: 0,
            bound: 0,
        }),
        VenueEvent::Suspended(e) => close(&key, Some(e.effective_at), false, rows)?,
        VenueEvent::Left(e) => close(&key, Some(e.effective_at), true, rows)?,
        VenueEvent::Resumed(_) => close(&key, None, false, rows)?,
        VenueEvent::VouchersDisposed(disposed) if disposed.all => {
            let bound = rows.get::<Venue>(&key)?.map_or(0, |venue| venue.bound);
            found.check(bound == 0, Invariant::NotStranded, || {
                format!("all its vouchers are said to have gone, and {bound} can be used only here")
            });
        }
        VenueEvent::VouchersDisposed(_)
        | VenueEvent::HoursSet(_)
        | VenueEvent::ClosureAnnounced(_)
        | VenueEvent::ClosureCancelled(_)
        | VenueEvent::Confirmed(_)
        | VenueEvent::ItemListed(_)
        | VenueEvent::ItemRepriced(_)
        | VenueEvent::ItemDelisted(_)
        | VenueEvent::TurnedAway(_)
        | VenueEvent::ItemGiven(_) => {}
    }
    Ok(())
}

fn close(key: &str, from: Option<DateTime<Utc>>, left: bool, rows: &mut Rows) -> Result<(), Stop> {
    rows.change::<Venue>(key, |venue| {
        venue.closed_from = from.map(micros);
        venue.left = i64::from(left);
    })?;
    Ok(())
}

/// One voucher more or fewer can be used at this venue and nowhere else.
pub(super) fn bind(venue: &str, by: i64, rows: &mut Rows) -> Result<(), Stop> {
    if by != 0 && !venue.is_empty() {
        rows.change::<Venue>(venue, |row| row.bound += by)?;
    }
    Ok(())
}

/// Whether a venue takes vouchers at that time; one that nobody admitted takes none.
pub(super) fn takes_vouchers(venue: &str, at: DateTime<Utc>, rows: &Rows) -> Result<bool, Stop> {
    let closed_from = match rows.get::<Venue>(venue)? {
        None => return Ok(false),
        Some(venue) => venue.closed_from,
    };
    Ok(closed_from.is_none_or(|from| micros(at) < from))
}
