//! Members: neighbours, volunteers and coordinators.

pub mod change;
pub mod leave;
pub mod register;

use domain::Stream;
use domain::ids::{DistrictId, MemberId};
use domain::member::{Helper, Member, MemberEvent, Profile};

use crate::codes::CodeKeys;
use crate::executor::Failure;
use crate::lookup::{Indexed, LookupWrite};
use crate::principal::{Denied, Principal};
use crate::work::Work;

impl Indexed for Member {
    /// A person finds the member that the person is.
    fn lookups(
        &self,
        stream: Stream,
        events: &[MemberEvent],
        _keys: &CodeKeys,
    ) -> Vec<LookupWrite> {
        let registered = events.iter().filter_map(|event| match event {
            MemberEvent::Registered(registered) => Some(registered),
            MemberEvent::Changed(_) | MemberEvent::Left(_) => None,
        });
        registered
            .map(|registered| LookupWrite::concern(registered.subject.0, stream, stream.id))
            .collect()
    }
}

/// Whether the network has drawn all districts in which the member helps.
async fn districts_are_drawn(work: &mut Work, profile: &Profile) -> Result<bool, Failure> {
    for code in &profile.districts {
        if !work.is_drawn(code).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The operator, or a coordinator of all districts in which the member helps.
fn coordinates(who: &Principal, profile: &Profile) -> Result<(), Denied> {
    if profile.districts.is_empty() {
        // Who helps everywhere is looked after by whoever looks after everywhere.
        return who.coordinator(DistrictId(uuid::Uuid::nil()));
    }
    let network = &who.network;
    let mut districts = profile.districts.iter();
    districts.try_for_each(|code| who.coordinator(DistrictId::of(network, code.as_str())))
}

/// The member, a coordinator of the member's districts, or the operator.
async fn theirs(work: &mut Work, member_id: MemberId) -> Result<(), Failure> {
    let member = work.get::<Member>(member_id).await?;
    let membership = member.membership().ok_or(Failure::NotFound)?;
    match work.who().member_id() {
        Some(caller) if caller == member_id => Ok(()),
        Some(_) => Err(Denied::Foreign.into()),
        None => Ok(coordinates(work.who(), &membership.profile)?),
    }
}

/// The member who takes something on: the caller, or whoever a coordinator names.
pub(crate) async fn helper(work: &mut Work, named: Option<MemberId>) -> Result<Helper, Failure> {
    let member_id = match (work.who().member_id(), named) {
        (Some(caller), Some(other)) if caller != other => return Err(Denied::Foreign.into()),
        (Some(caller), _) => caller,
        (None, Some(named)) => {
            work.acts_for(named);
            named
        }
        (None, None) => return Err(Failure::Refused(Refusal::UnknownMember.into())),
    };
    let member = work.get::<Member>(member_id).await?;
    member.helper(member_id).ok_or(Failure::NotFound)
}

domain::refusals! {
    /// Why nobody takes something on.
    pub enum Refusal {
        /// Whoever is no member says for which member.
        #[error("please say which member takes this on")]
        UnknownMember,
    }
}
