//! Places.

pub mod add;
pub mod change;
pub mod close;

use domain::district::District;
use domain::ids::DistrictId;
use domain::text::Label;

use crate::executor::Failure;
use crate::work::Work;

impl crate::lookup::Indexed for domain::place::Place {}

/// Whether the network has drawn the district with this code.
async fn is_drawn(work: &mut Work, code: &Label) -> Result<bool, Failure> {
    let id = DistrictId::of(work.network(), code.as_str());
    Ok(work.look::<District>(id).await?.drawn().is_some())
}
