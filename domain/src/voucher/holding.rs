//! How a voucher changes by what happens to it. Nothing here refuses: an event is a fact.

use chrono::{DateTime, Utc};

use super::allocate::Allocated;
use super::issue_code::CodeIssued;
use super::prepay::Prepaid;
use super::redeem::Redeemed;
use super::rehome::Rehomed;
use super::reverse_redemption::RedemptionReversed;
use super::revoke_code::CodeRevoked;
use super::{Holder, Holding, Kind, Placed, Redemption, ValidAt, Voucher};
use crate::ids::{RedemptionId, VenueId};
use crate::money::Minor;

impl Holding {
    pub(super) fn new(terms: Prepaid) -> Self {
        Self {
            remaining_minor: terms.kind.value_minor(),
            placed: terms.placed,
            issue_no: None,
            last_issue: None,
            handed_over: false,
            return_by: None,
            redemptions: Vec::new(),
            rehomings: 0,
            terms,
        }
    }

    /// Whether its last day is over by the clock; `expired` is recorded later.
    #[must_use]
    pub fn is_over_at(&self, at: DateTime<Utc>) -> bool {
        self.terms
            .expires_at
            .is_some_and(|expires_at| expires_at <= at)
    }

    /// Who holds it; `None` on the board.
    #[must_use]
    pub fn holder(&self) -> Option<Holder> {
        match self.placed {
            Placed::Board => None,
            Placed::Organisation { organisation_id } => {
                Some(Holder::Organisation { organisation_id })
            }
            Placed::Donor => Some(Holder::Donor),
        }
    }

    /// The use with this id, also when it was taken back.
    #[must_use]
    pub fn redemption(&self, id: RedemptionId) -> Option<&Redemption> {
        self.redemptions
            .iter()
            .find(|known| known.redemption_id == id)
    }

    /// The highest number of a code so far; 0 = none was issued.
    #[must_use]
    pub fn last_issue_no(&self) -> u32 {
        self.last_issue.as_ref().map_or(0, |issue| issue.issue_no)
    }

    /// When the latest use that still stands happened; without one, when it was prepaid.
    pub(super) fn last_use(&self) -> DateTime<Utc> {
        let standing = self.redemptions.iter().rev().find(|use_| !use_.reversed);
        standing.map_or(self.terms.at, |use_| use_.at)
    }

    pub(super) fn is_partly_used(&self) -> bool {
        self.redemptions.iter().any(|use_| !use_.reversed)
    }

    pub(super) fn issue(self, issued: CodeIssued) -> Self {
        Self {
            placed: issued.to.into(),
            issue_no: Some(issued.issue_no),
            last_issue: Some(issued),
            handed_over: false,
            ..self
        }
    }

    pub(super) fn revoke(self, revoked: &CodeRevoked) -> Self {
        Self {
            issue_no: self.issue_no.filter(|valid| *valid != revoked.issue_no),
            handed_over: false,
            ..self
        }
    }

    pub(super) fn hand_over(self) -> Self {
        Self {
            handed_over: true,
            ..self
        }
    }

    pub(super) fn allocate(self, allocated: &Allocated) -> Self {
        Self {
            placed: Placed::Organisation {
                organisation_id: allocated.organisation_id,
            },
            return_by: allocated.return_by,
            ..self
        }
    }

    pub(super) fn put_back(self) -> Self {
        Self {
            placed: Placed::Board,
            return_by: None,
            handed_over: false,
            ..self
        }
    }

    pub(super) fn redeem(mut self, redeemed: &Redeemed) -> Voucher {
        self.remaining_minor = redeemed.remaining_minor;
        self.redemptions.push(Redemption {
            redemption_id: redeemed.redemption_id,
            at: redeemed.at,
            venue_id: redeemed.venue_id,
            item_id: redeemed.item_id,
            of_the_day: redeemed.of_the_day,
            used_minor: redeemed.used_minor,
            settled_minor: redeemed.settled_minor,
            reversed: false,
        });
        match self.terms.kind {
            Kind::Credit { .. } if self.remaining_minor > Minor::ZERO => Voucher::Usable(self),
            Kind::Credit { .. } | Kind::Item { .. } => Voucher::Used(self),
        }
    }

    pub(super) fn reverse(mut self, reversed: &RedemptionReversed) -> Self {
        for known in &mut self.redemptions {
            known.reversed |= known.redemption_id == reversed.redemption_id;
        }
        self.remaining_minor = reversed.remaining_minor;
        self
    }

    pub(super) fn rehome(mut self, rehomed: Rehomed) -> Self {
        if let Some(moved) = self
            .terms
            .valid_at
            .moved(rehomed.from_venue, rehomed.to_venue)
        {
            self.terms.valid_at = moved;
        }
        if let Kind::Item {
            item_id,
            name,
            price_minor,
            ..
        } = &mut self.terms.kind
        {
            *item_id = rehomed.new_item.or(*item_id);
            *price_minor = rehomed.new_value_minor;
            if let Some(new_name) = rehomed.new_item_name {
                *name = new_name;
            }
        }
        self.remaining_minor = rehomed.new_value_minor;
        self.rehomings = self.rehomings.saturating_add(1);
        self
    }

    pub(super) fn emptied(self) -> Self {
        Self {
            remaining_minor: Minor::ZERO,
            issue_no: None,
            ..self
        }
    }
}

impl From<Holder> for Placed {
    fn from(holder: Holder) -> Self {
        match holder {
            Holder::Organisation { organisation_id } => Self::Organisation { organisation_id },
            Holder::Donor => Self::Donor,
        }
    }
}

impl ValidAt {
    /// The same with one venue replaced by another, or dropped from a list; `None` if it does not
    /// name that venue, or would name none any more.
    #[must_use]
    pub fn moved(&self, from: VenueId, to: Option<VenueId>) -> Option<Self> {
        match self {
            Self::Venue { venue_id } if *venue_id == from => {
                to.map(|venue_id| Self::Venue { venue_id })
            }
            Self::Venues { venue_ids } if venue_ids.contains(&from) => {
                Self::of_list(replaced(venue_ids, from, to))
            }
            Self::Venue { .. } | Self::Venues { .. } | Self::Network { .. } => None,
        }
    }

    fn of_list(venue_ids: Vec<VenueId>) -> Option<Self> {
        match venue_ids.as_slice() {
            [] => None,
            [venue_id] => Some(Self::Venue {
                venue_id: *venue_id,
            }),
            [..] => Some(Self::Venues { venue_ids }),
        }
    }
}

fn replaced(venue_ids: &[VenueId], from: VenueId, to: Option<VenueId>) -> Vec<VenueId> {
    let to = to.filter(|to| !venue_ids.contains(to));
    venue_ids
        .iter()
        .filter_map(|id| if *id == from { to } else { Some(*id) })
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::voucher::examples;

    fn handed_over() -> Holding {
        let with_a_code = examples::with_a_code();
        with_a_code.usable().expect("usable").clone().hand_over()
    }

    #[test]
    fn what_comes_back_or_gets_another_code_is_in_nobodys_hands() {
        let issued = handed_over().last_issue.expect("a code");
        assert!(!handed_over().issue(issued).handed_over);
        let revoked = handed_over().revoke(&examples::revoke_code().revoked);
        assert!(!revoked.handed_over);
        let allocated = handed_over().allocate(&examples::allocate().allocated);
        let back = allocated.put_back();
        assert!(!back.handed_over && back.return_by.is_none());
    }

    #[test]
    fn no_code_opens_what_is_empty() {
        assert_eq!(handed_over().emptied().issue_no, None);
    }

    #[test]
    fn the_item_that_it_names_is_known() {
        let item_id = examples::counter().item.map(|item| item.item_id);
        assert_eq!(examples::prepay().prepaid.kind.item_id(), item_id);
        assert_eq!(examples::prepay_credit().prepaid.kind.item_id(), None);
    }

    #[test]
    fn a_venue_takes_the_place_of_one_that_is_named() {
        let [a, b, c, d] = [1, 2, 3, 4].map(|number| VenueId(Uuid::from_u128(number)));
        let only = ValidAt::Venue { venue_id: a };
        let list = |venue_ids: &[VenueId]| ValidAt::Venues {
            venue_ids: venue_ids.to_vec(),
        };
        assert_eq!(only.moved(b, Some(c)), None);
        assert_eq!(list(&[a, b]).moved(c, Some(d)), None);
        assert_eq!(list(&[a, b]).moved(a, Some(c)), Some(list(&[c, b])));
        let merged = ValidAt::Venue { venue_id: b };
        assert_eq!(list(&[a, b]).moved(a, Some(b)), Some(merged));
    }
}
