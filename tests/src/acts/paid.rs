//! What was paid for, said piece by piece.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{DonorId, FundId, ItemId, OrganisationId, PrepaymentId, VenueId};
use domain::text::Slug;
use domain::time::end_of;
use domain::venue::ItemKind;
use domain::venue::list_item::ItemListed;
use domain::voucher::prepay::Prepaid;
use domain::voucher::{Funding, HeldBy, Kind, OnExpiry, Placed, Source, ValidAt};

use super::{day, minor};

/// The terms of the vouchers of one prepayment.
#[must_use]
pub struct Paid {
    pub(super) prepaid: Prepaid,
    items: Arc<HashMap<ItemId, ItemListed>>,
}

impl Paid {
    pub(super) fn new(
        network: Slug,
        at: DateTime<Utc>,
        prepayment_id: PrepaymentId,
        items: Arc<HashMap<ItemId, ItemListed>>,
    ) -> Self {
        let prepaid = Prepaid {
            fund_id: FundId::common(&network),
            network,
            at,
            prepayment_id,
            ordinal: 1,
            kind: Kind::Item {
                item_id: None,
                item_kind: ItemKind::HotDrink,
                name: "Coffee".parse().expect("a name"),
                price_minor: minor(6500),
            },
            currency: "CZK".parse().expect("a currency"),
            valid_at: ValidAt::Network {
                item_kind: ItemKind::HotDrink,
                max_price_minor: minor(6500),
            },
            placed: Placed::Board,
            donor_id: None,
            funding: Funding {
                source: Source::BankTransfer,
                held_by: HeldBy::Network,
                donation_id: None,
            },
            campaign: None,
            expires_on: None,
            expires_at: None,
            on_expiry: OnExpiry::CommonFund,
            origin_voucher: None,
        };
        Self { prepaid, items }
    }

    /// An item of one venue, at its price when it was listed.
    pub fn for_item(mut self, venue_id: VenueId, item: ItemId) -> Self {
        let listed = &self.items[&item];
        self.prepaid.kind = Kind::Item {
            item_id: Some(item),
            item_kind: listed.kind,
            name: listed.name.clone(),
            price_minor: listed.price_minor,
        };
        self.prepaid.valid_at = ValidAt::Venue { venue_id };
        self
    }

    /// A credit at one venue.
    pub fn credit(mut self, venue_id: VenueId, amount: i64) -> Self {
        self.prepaid.kind = Kind::Credit {
            amount_minor: minor(amount),
        };
        self.prepaid.valid_at = ValidAt::Venue { venue_id };
        self
    }

    /// One item of a kind, at every venue of the network that has it for at most this price.
    pub fn anywhere(mut self, item_kind: ItemKind, max_price: i64) -> Self {
        self.prepaid.kind = Kind::Item {
            item_id: None,
            item_kind,
            name: "Anything of the kind".parse().expect("a name"),
            price_minor: minor(max_price),
        };
        self.prepaid.valid_at = ValidAt::Network {
            item_kind,
            max_price_minor: minor(max_price),
        };
        self
    }

    /// One item of a kind, at any of these venues.
    pub fn at_any_of(self, venues: &[VenueId], item_kind: ItemKind, price: i64) -> Self {
        let mut paid = self.anywhere(item_kind, price);
        let venue_ids = venues.to_vec();
        paid.prepaid.valid_at = ValidAt::Venues { venue_ids };
        paid
    }

    /// By this donor.
    pub fn by(mut self, donor: DonorId) -> Self {
        self.prepaid.donor_id = Some(donor);
        self
    }

    /// In cash, which lies in the venue's till.
    pub fn in_cash(mut self) -> Self {
        self.prepaid.funding.source = Source::TillCash;
        self.prepaid.funding.held_by = HeldBy::Venue;
        self
    }

    /// With an organisation that hands them out.
    pub fn with_organisation(mut self, organisation_id: OrganisationId) -> Self {
        self.prepaid.placed = Placed::Organisation { organisation_id };
        self
    }

    /// With the donor, who gives them to somebody.
    pub fn with_donor(mut self) -> Self {
        self.prepaid.placed = Placed::Donor;
        self
    }

    /// Until this day in Prague.
    pub fn until(mut self, last: &str) -> Self {
        let last: NaiveDate = day(last);
        self.prepaid.expires_on = Some(last);
        self.prepaid.expires_at = Some(end_of(last, chrono_tz::Europe::Prague));
        self
    }

    /// Whatever else is to be different.
    pub fn but(mut self, change: impl FnOnce(&mut Prepaid)) -> Self {
        change(&mut self.prepaid);
        self
    }
}
