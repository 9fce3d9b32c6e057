//! Who holds a token: what every request asks before anything else.

use std::sync::Arc;

use domain::Entity;
use domain::access::Access;
use domain::ids::AccessId;

use crate::executor::{Desk, Failure};
use crate::lookup::KeyKind;
use crate::principal::Principal;
use crate::store::replay;
use crate::tokens;

/// The access that this token belongs to, whether it opens anything or not.
///
/// # Errors
/// If the lookups are away.
pub async fn access_of(desk: &Arc<Desk>, token: &str) -> Result<Option<AccessId>, Failure> {
    let digest = tokens::digest(token);
    let known = desk.lookup().key(KeyKind::Token, digest).await?;
    Ok(known.and_then(|id| id.parse().ok()))
}

/// The access as it is in the log at this moment, of whatever network.
///
/// # Errors
/// If the log is away.
pub async fn access(desk: &Arc<Desk>, id: AccessId) -> Result<Access, Failure> {
    let events = desk.log().load(Access::stream(id), 0).await?;
    Ok(replay(Access::default(), events)?)
}

/// Whoever holds this access now; `None` when it was revoked or is over.
#[must_use]
pub fn holder(desk: &Arc<Desk>, id: AccessId, access: &Access) -> Option<Principal> {
    let granted = access.valid_at(desk.clock().now())?;
    Some(Principal::of(
        id,
        granted.network.clone(),
        granted.scope.clone(),
    ))
}
