//! Where the vouchers of a venue shall go, as that venue stands now.

use domain::ids::VenueId;
use domain::venue::disposal::{Destination, Disposal};
use domain::venue::{Standing, Venue};

use crate::executor::Failure;
use crate::work::Work;

/// The fact on which it is decided whether the vouchers of `venue_id` would be safe there.
pub(super) async fn destination(
    work: &mut Work,
    venue_id: VenueId,
    vouchers: &Disposal,
) -> Result<Destination, Failure> {
    let to = match vouchers {
        Disposal::Refund => return Ok(Destination::None),
        Disposal::RehomeTo { venue_id: to, .. } if *to == venue_id => {
            return Ok(Destination::Itself);
        }
        Disposal::RehomeTo { venue_id: to, .. } => *to,
    };
    let venue = work.look::<Venue>(to).await?;
    Ok(match venue.house().map(|house| house.standing) {
        None => Destination::None,
        Some(Standing::Open) => Destination::Open,
        Some(Standing::Suspended { .. } | Standing::Left { .. }) => Destination::NotTakingPart,
    })
}
