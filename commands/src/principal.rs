//! Who acts, in which network and role, and what that role may touch.

use domain::access::Scope;
use domain::envelope::Role;
use domain::ids::{
    AccessId, DistrictId, DonorId, FundId, MemberId, OrganisationId, SubjectId, VenueId,
};
use domain::text::Slug;

/// Whoever sends a command or reads something that is not public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// What stands in the log as the actor: the access id, or the name of a reaction.
    pub actor: String,
    /// The only network that it sees.
    pub network: Slug,
    /// What it may.
    pub may: May,
}

/// What somebody may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum May {
    /// What the scope of a grant says.
    Scope(Scope),
    /// A reaction of the software, or the set-up by whoever holds the machine.
    System,
}

/// The caller's role does not reach this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role may not do this at all: 403.
    #[error("your access does not allow this")]
    Role,
    /// The thing belongs to somebody else, which is all that the caller learns: 404.
    #[error("there is no such thing")]
    Foreign,
}

impl Principal {
    /// The holder of a token.
    #[must_use]
    pub fn of(access: AccessId, network: Slug, scope: Scope) -> Self {
        Self {
            actor: access.to_string(),
            network,
            may: May::Scope(scope),
        }
    }

    /// A reaction, or the set-up.
    #[must_use]
    pub fn system(name: &str, network: Slug) -> Self {
        Self {
            actor: name.to_owned(),
            network,
            may: May::System,
        }
    }

    /// The role that stands in the log.
    #[must_use]
    pub fn role(&self) -> Role {
        match &self.may {
            May::System => Role::System,
            May::Scope(Scope::Operator { .. }) => Role::Operator,
            May::Scope(Scope::Coordinator { .. }) => Role::Coordinator,
            May::Scope(Scope::Venue { .. }) => Role::Venue,
            May::Scope(Scope::Organisation { .. }) => Role::Organisation,
            May::Scope(Scope::Member { .. }) => Role::Member,
            May::Scope(Scope::Donor { .. }) => Role::Donor,
            May::Scope(Scope::Subject { .. }) => Role::Subject,
            May::Scope(Scope::Auditor { .. }) => Role::Auditor,
            May::Scope(Scope::Analyst {}) => Role::Analyst,
        }
    }

    /// Whether it runs the network.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        matches!(self.may, May::System | May::Scope(Scope::Operator { .. }))
    }

    /// Whether it may date acts back without a bound.
    #[must_use]
    pub fn may_import(&self) -> bool {
        matches!(
            self.may,
            May::System | May::Scope(Scope::Operator { import: true })
        )
    }

    /// The operator.
    ///
    /// # Errors
    /// For everybody else.
    pub fn operator(&self) -> Result<(), Denied> {
        if self.is_operator() {
            Ok(())
        } else {
            Err(Denied::Role)
        }
    }

    /// The operator, or one of these roles; what of theirs it is shows later.
    ///
    /// # Errors
    /// For everybody else.
    pub fn any_of(&self, roles: &[Role]) -> Result<(), Denied> {
        if roles.contains(&self.role()) {
            Ok(())
        } else {
            self.operator()
        }
    }

    /// A reaction of the software.
    ///
    /// # Errors
    /// For everybody else.
    pub fn system_only(&self) -> Result<(), Denied> {
        if self.may == May::System {
            Ok(())
        } else {
            Err(Denied::Role)
        }
    }

    /// The operator, or the staff of this venue.
    ///
    /// # Errors
    /// For everybody else; the staff of another venue learns nothing.
    pub fn venue(&self, venue: VenueId) -> Result<(), Denied> {
        match &self.may {
            May::Scope(Scope::Venue { venue_id }) if *venue_id == venue => Ok(()),
            May::Scope(Scope::Venue { .. }) => Err(Denied::Foreign),
            _ => self.operator(),
        }
    }

    /// The operator, or a worker of this organisation.
    ///
    /// # Errors
    /// For everybody else; a worker of another organisation learns nothing.
    pub fn organisation(&self, organisation: OrganisationId) -> Result<(), Denied> {
        match &self.may {
            May::Scope(Scope::Organisation { organisation_id })
                if *organisation_id == organisation =>
            {
                Ok(())
            }
            May::Scope(Scope::Organisation { .. }) => Err(Denied::Foreign),
            _ => self.operator(),
        }
    }

    /// The operator, or a coordinator who looks after this district.
    ///
    /// # Errors
    /// For everybody else; a coordinator of another district learns nothing.
    pub fn coordinator(&self, district: DistrictId) -> Result<(), Denied> {
        match &self.may {
            May::Scope(Scope::Coordinator { district_ids })
                if district_ids.is_empty() || district_ids.contains(&district) =>
            {
                Ok(())
            }
            May::Scope(Scope::Coordinator { .. }) => Err(Denied::Foreign),
            _ => self.operator(),
        }
    }

    /// The operator, or the donor with this link.
    ///
    /// # Errors
    /// For everybody else; another donor learns nothing.
    pub fn donor(&self, donor: DonorId) -> Result<(), Denied> {
        match &self.may {
            May::Scope(Scope::Donor { donor_id }) if *donor_id == donor => Ok(()),
            May::Scope(Scope::Donor { .. }) => Err(Denied::Foreign),
            _ => self.operator(),
        }
    }

    /// Its donor, if it is one.
    #[must_use]
    pub fn donor_id(&self) -> Option<DonorId> {
        match &self.may {
            May::Scope(Scope::Donor { donor_id }) => Some(*donor_id),
            _ => None,
        }
    }

    /// The person whose private link it holds, if it came by one.
    #[must_use]
    pub fn subject_id(&self) -> Option<SubjectId> {
        match &self.may {
            May::Scope(Scope::Subject { subject_id }) => Some(*subject_id),
            _ => None,
        }
    }

    /// Its organisation, if it works for one.
    #[must_use]
    pub fn organisation_id(&self) -> Option<OrganisationId> {
        match &self.may {
            May::Scope(Scope::Organisation { organisation_id }) => Some(*organisation_id),
            _ => None,
        }
    }

    /// The one fund that it may audit, if it is an auditor of one fund.
    #[must_use]
    pub fn fund_id(&self) -> Option<FundId> {
        match &self.may {
            May::Scope(Scope::Auditor { fund_id }) => *fund_id,
            _ => None,
        }
    }

    /// Its member, if it is one.
    #[must_use]
    pub fn member_id(&self) -> Option<MemberId> {
        match &self.may {
            May::Scope(Scope::Member { member_id }) => Some(*member_id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// The one to whom something belongs, and another.
    const OWN: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn every() -> [(&'static str, May); 13] {
        let coordinator = |district_ids| May::Scope(Scope::Coordinator { district_ids });
        let auditor = |fund_id| May::Scope(Scope::Auditor { fund_id });
        let venue_id = OWN.into();
        let organisation_id = OWN.into();
        let (member_id, donor_id, subject_id) = (OWN.into(), OWN.into(), OWN.into());
        [
            ("system", May::System),
            ("import", May::Scope(Scope::Operator { import: true })),
            ("operator", May::Scope(Scope::Operator { import: false })),
            ("town", coordinator(Vec::new())),
            ("district", coordinator(vec![OWN.into()])),
            ("venue", May::Scope(Scope::Venue { venue_id })),
            (
                "organisation",
                May::Scope(Scope::Organisation { organisation_id }),
            ),
            ("member", May::Scope(Scope::Member { member_id })),
            ("donor", May::Scope(Scope::Donor { donor_id })),
            ("subject", May::Scope(Scope::Subject { subject_id })),
            ("fund", auditor(Some(OWN.into()))),
            ("auditor", auditor(None)),
            ("analyst", May::Scope(Scope::Analyst {})),
        ]
    }

    /// Who may, and to whom it is as if there were nothing; all others hear that their role may not.
    fn assert_only(
        may: &[&str],
        foreign: &[&str],
        rule: impl Fn(&Principal) -> Result<(), Denied>,
    ) {
        for (name, scope) in every() {
            let network: Slug = "praha".parse().expect("a slug");
            let principal = Principal {
                actor: name.into(),
                network,
                may: scope,
            };
            let expected = if may.contains(&name) {
                Ok(())
            } else if foreign.contains(&name) {
                Err(Denied::Foreign)
            } else {
                Err(Denied::Role)
            };
            assert_eq!(rule(&principal), expected, "{name}");
        }
    }

    const OPERATORS: [&str; 3] = ["system", "import", "operator"];

    fn operators_and<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&OPERATORS, more].concat()
    }

    #[test]
    fn a_rule_lets_in_the_operator_and_whom_it_names() {
        assert_only(&OPERATORS, &[], Principal::operator);
        assert_only(&["system"], &[], Principal::system_only);
        let named = operators_and(&["member", "donor"]);
        assert_only(&named, &[], |it| it.any_of(&[Role::Member, Role::Donor]));
        let yes = |truth| if truth { Ok(()) } else { Err(Denied::Role) };
        assert_only(&OPERATORS, &[], |it| yes(it.is_operator()));
        assert_only(&["system", "import"], &[], |it| yes(it.may_import()));
    }

    #[test]
    fn what_is_somebody_elses_is_not_there() {
        let own = operators_and(&["venue"]);
        assert_only(&own, &[], |it| it.venue(OWN.into()));
        assert_only(&OPERATORS, &["venue"], |it| it.venue(OTHER.into()));

        let own = operators_and(&["organisation"]);
        assert_only(&own, &[], |it| it.organisation(OWN.into()));
        let foreign = |it: &Principal| it.organisation(OTHER.into());
        assert_only(&OPERATORS, &["organisation"], foreign);

        let own = operators_and(&["town", "district"]);
        assert_only(&own, &[], |it| it.coordinator(OWN.into()));
        let town = operators_and(&["town"]);
        assert_only(&town, &["district"], |it| it.coordinator(OTHER.into()));

        let own = operators_and(&["donor"]);
        assert_only(&own, &[], |it| it.donor(OWN.into()));
        assert_only(&OPERATORS, &["donor"], |it| it.donor(OTHER.into()));
    }

    #[test]
    fn only_whoever_is_one_has_its_id() {
        let is = |found: Option<Uuid>| {
            if found == Some(OWN) {
                Ok(())
            } else {
                Err(Denied::Role)
            }
        };
        assert_only(&["donor"], &[], |it| is(it.donor_id().map(Into::into)));
        assert_only(&["subject"], &[], |it| is(it.subject_id().map(Into::into)));
        assert_only(&["member"], &[], |it| is(it.member_id().map(Into::into)));
        assert_only(&["fund"], &[], |it| is(it.fund_id().map(Into::into)));
        let organisation = |it: &Principal| is(it.organisation_id().map(Into::into));
        assert_only(&["organisation"], &[], organisation);
    }
}
