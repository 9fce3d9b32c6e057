//! What each act of a voucher books, and in which totals it stands.

use std::collections::BTreeMap;

use domain::event::Act;
use domain::voucher::expire::MovedTo;
use domain::voucher::prepay::Prepaid;
use domain::voucher::redeem::Redeemed;
use domain::voucher::refund::RefundedTo;
use domain::voucher::rehome::Rehomed;
use domain::voucher::reverse_redemption::RedemptionReversed;
use domain::voucher::{HeldBy, Kind, Source, ValidAt, VoucherEvent};

use super::books::{Account, Flow, Line, Side, post, tally};
use super::{Carried, Total};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::table::Json;

impl Carried {
    /// A voucher that was just prepaid.
    pub(super) fn of(key: String, prepaid: &Prepaid) -> Self {
        let (account, of) = source(prepaid);
        Self {
            key,
            network: prepaid.network.to_string(),
            currency: String::from(prepaid.currency),
            venue_id: home(&prepaid.valid_at),
            donor_id: prepaid
                .donor_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            fund_id: prepaid.fund_id.to_string(),
            held_in: account.to_string(),
            held_of: of,
            is_credit: i64::from(matches!(prepaid.kind, Kind::Credit { .. })),
            outstanding_units: 1,
            remaining_minor: prepaid.kind.value_minor().get(),
            valid_at: Json(prepaid.valid_at.clone()),
            borne_minor: Json(BTreeMap::new()),
        }
    }

    fn source(&self) -> Side {
        let account = self.held_in.parse().unwrap_or(Account::NetworkAccount);
        (account, self.held_of.clone())
    }

    fn outstanding(&self) -> Side {
        (Account::Outstanding, self.venue_id.clone())
    }

    /// Whose money is used at a venue: its own till's, if the voucher was paid there, without any
    /// debt; otherwise the network owes it.
    fn payer(&self, venue: &str) -> Side {
        let own_till = (Account::VenueTill, venue.to_owned());
        if self.source() == own_till {
            own_till
        } else {
            (Account::DueToVenue, venue.to_owned())
        }
    }

    fn set_left(&mut self, minor: i64) {
        self.remaining_minor = minor;
        self.outstanding_units = i64::from(self.is_credit == 1 && minor > 0);
    }
}

/// The account in which the money of a voucher lies. What the fund `common` pays lies there
/// already, and cash that is valid at several venues is counted as the network's.
fn source(prepaid: &Prepaid) -> Side {
    let venue = home(&prepaid.valid_at);
    match (prepaid.funding.source, prepaid.funding.held_by) {
        (Source::CommonFund, _) => (Account::Fund, prepaid.fund_id.to_string()),
        (_, HeldBy::Venue) if !venue.is_empty() => (Account::VenueTill, venue),
        (_, HeldBy::Venue | HeldBy::Network) => (Account::NetworkAccount, String::new()),
    }
}

fn home(valid_at: &ValidAt) -> String {
    match valid_at {
        ValidAt::Venue { venue_id } => venue_id.to_string(),
        ValidAt::Venues { .. } | ValidAt::Network { .. } => String::new(),
    }
}

/// Books a prepayment.
pub(super) fn prepay(act: &Act, carried: &Carried, rows: &mut Rows) -> Result<(), Stop> {
    let minor = carried.remaining_minor;
    let line = Line {
        flow: Flow::Prepaid,
        debit: carried.source(),
        credit: carried.outstanding(),
        minor,
    };
    post(act, carried, &[line], rows)?;
    tally(carried, rows, &|total| {
        total.prepaid_units += 1;
        total.prepaid_minor += minor;
        total.outstanding_units += 1;
        total.outstanding_minor += minor;
    })
}

/// Books what happens to a voucher later; answers with what it is then, if it changed.
pub(super) fn book(
    act: &Act,
    event: &VoucherEvent,
    carried: Carried,
    rows: &mut Rows,
) -> Result<Option<Carried>, Stop> {
    let after = match event {
        VoucherEvent::Prepaid(_)
        | VoucherEvent::CodeIssued(_)
        | VoucherEvent::CodeRevoked(_)
        | VoucherEvent::HandedOver(_)
        | VoucherEvent::Allocated(_)
        | VoucherEvent::ReturnedToBoard(_) => return Ok(None),
        VoucherEvent::Redeemed(redeemed) => redeem(act, redeemed, carried, rows)?,
        VoucherEvent::RedemptionReversed(reversed) => reverse(act, reversed, carried, rows)?,
        VoucherEvent::Rehomed(rehomed) => rehome(act, rehomed, &carried, rows)?,
        VoucherEvent::Expired(expired) => {
            let credit = moved_to(expired.moved_to);
            let minor = expired.remaining_minor.get();
            end(
                act,
                (Flow::Expired, credit, minor),
                carried,
                rows,
                |total| (&mut total.expired_units, &mut total.expired_minor),
            )?
        }
        VoucherEvent::Refunded(refunded) => {
            let credit = refunded_to(refunded.to);
            let minor = refunded.amount_minor.get();
            end(
                act,
                (Flow::Refunded, credit, minor),
                carried,
                rows,
                |total| (&mut total.refunded_units, &mut total.refunded_minor),
            )?
        }
        VoucherEvent::Voided(voided) => {
            let credit = carried.source();
            let minor = voided.amount_minor.get();
            end(act, (Flow::Voided, credit, minor), carried, rows, |total| {
                (&mut total.voided_units, &mut total.voided_minor)
            })?
        }
    };
    Ok(Some(after))
}

fn redeem(
    act: &Act,
    redeemed: &Redeemed,
    mut carried: Carried,
    rows: &mut Rows,
) -> Result<Carried, Stop> {
    let used = redeemed.used_minor.get();
    let settled = redeemed.settled_minor.get();
    let borne = (redeemed.venue_price_minor.get() - used.max(settled)).max(0);
    let lines = use_lines(
        &carried,
        &redeemed.venue_id.to_string(),
        used,
        settled,
        borne,
    );
    post(act, &carried, &lines, rows)?;
    let units = carried.outstanding_units;
    if borne > 0 {
        let use_id = redeemed.redemption_id.to_string();
        carried.borne_minor.0.insert(use_id, borne);
    }
    carried.set_left(redeemed.remaining_minor.get());
    let units = units - carried.outstanding_units;
    tally_use(&carried, rows, units, used, settled, borne)?;
    Ok(carried)
}

fn reverse(
    act: &Act,
    reversed: &RedemptionReversed,
    mut carried: Carried,
    rows: &mut Rows,
) -> Result<Carried, Stop> {
    let (used, settled) = (reversed.used_minor.get(), reversed.settled_minor.get());
    let use_id = reversed.redemption_id.to_string();
    let borne = carried.borne_minor.0.remove(&use_id).unwrap_or(0);
    let mut lines = use_lines(
        &carried,
        &reversed.venue_id.to_string(),
        used,
        settled,
        borne,
    );
    for line in &mut lines {
        std::mem::swap(&mut line.debit, &mut line.credit);
        line.flow = Flow::Reversed;
    }
    post(act, &carried, &lines, rows)?;
    let units = carried.outstanding_units - 1;
    carried.remaining_minor = reversed.remaining_minor.get();
    carried.outstanding_units = 1;
    tally_use(&carried, rows, units, -used, -settled, -borne)?;
    Ok(carried)
}

/// A use is one line to the venue, and one for a difference between the two prices.
fn use_lines(carried: &Carried, venue: &str, used: i64, settled: i64, borne: i64) -> Vec<Line> {
    let fund = (Account::Fund, carried.fund_id.clone());
    let of_venue = |account| (account, venue.to_owned());
    let line = |flow, debit, credit, minor| Line {
        flow,
        debit,
        credit,
        minor,
    };
    vec![
        line(
            Flow::Redeemed,
            carried.outstanding(),
            carried.payer(venue),
            used.min(settled),
        ),
        line(
            Flow::FallToFund,
            carried.outstanding(),
            fund.clone(),
            (used - settled).max(0),
        ),
        // More than its till ever held: this part is owed to the venue in any case.
        line(
            Flow::RiseBorneByFund,
            fund,
            of_venue(Account::DueToVenue),
            (settled - used).max(0),
        ),
        line(
            Flow::RiseBorneByVenue,
            of_venue(Account::PriceRise),
            of_venue(Account::VenueGift),
            borne,
        ),
    ]
}

fn tally_use(
    carried: &Carried,
    rows: &mut Rows,
    units: i64,
    used: i64,
    settled: i64,
    borne: i64,
) -> Result<(), Stop> {
    tally(carried, rows, &|total| {
        total.redeemed_units += units;
        total.redeemed_minor += used;
        total.settled_minor += settled;
        total.borne_by_venue_minor += borne;
        total.outstanding_units -= units;
        total.outstanding_minor -= used;
    })
}

fn rehome(
    act: &Act,
    rehomed: &Rehomed,
    carried: &Carried,
    rows: &mut Rows,
) -> Result<Carried, Stop> {
    let (old, new) = (rehomed.old_value_minor.get(), rehomed.new_value_minor.get());
    let mut after = carried.clone();
    if let Some(moved) = carried
        .valid_at
        .0
        .moved(rehomed.from_venue, rehomed.to_venue)
    {
        after.venue_id = home(&moved);
        after.valid_at = Json(moved);
    }
    after.remaining_minor = new;
    let fund_id = rehomed.difference_to.map(|fund| fund.to_string());
    let fund = (
        Account::Fund,
        fund_id.unwrap_or_else(|| carried.fund_id.clone()),
    );
    let line = |flow, debit, credit, minor| Line {
        flow,
        debit,
        credit,
        minor,
    };
    let lines = [
        line(
            Flow::Rehomed,
            carried.outstanding(),
            after.outstanding(),
            old.min(new),
        ),
        line(
            Flow::RehomedToFund,
            carried.outstanding(),
            fund.clone(),
            (old - new).max(0),
        ),
        line(
            Flow::RehomedFromFund,
            fund,
            after.outstanding(),
            (new - old).max(0),
        ),
    ];
    post(act, carried, &lines, rows)?;
    tally(carried, rows, &|total| {
        total.rehomed_out_units += 1;
        total.rehomed_out_minor += old;
        total.rehomed_to_fund_minor += old - new;
        total.outstanding_units -= 1;
        total.outstanding_minor -= old;
    })?;
    tally(&after, rows, &|total| {
        total.rehomed_in_units += 1;
        total.rehomed_in_minor += new;
        total.outstanding_units += 1;
        total.outstanding_minor += new;
    })?;
    Ok(after)
}

fn end(
    act: &Act,
    (flow, credit, minor): (Flow, Side, i64),
    mut carried: Carried,
    rows: &mut Rows,
    ended: fn(&mut Total) -> (&mut i64, &mut i64),
) -> Result<Carried, Stop> {
    let line = Line {
        flow,
        debit: carried.outstanding(),
        credit,
        minor,
    };
    post(act, &carried, &[line], rows)?;
    let units = carried.outstanding_units;
    tally(&carried, rows, &|total| {
        let (ended_units, ended_minor) = ended(total);
        *ended_units += units;
        *ended_minor += minor;
        total.outstanding_units -= units;
        total.outstanding_minor -= minor;
    })?;
    carried.remaining_minor = 0;
    carried.outstanding_units = 0;
    Ok(carried)
}

fn moved_to(to: MovedTo) -> Side {
    match to {
        MovedTo::Fund { fund_id } => (Account::Fund, fund_id.to_string()),
        MovedTo::Organisation { organisation_id } => {
            (Account::DueToOrganisation, organisation_id.to_string())
        }
        MovedTo::Donor { donor_id } => (Account::DueToDonor, donor_id.to_string()),
    }
}

fn refunded_to(to: RefundedTo) -> Side {
    match to {
        RefundedTo::Fund { fund_id } => (Account::Fund, fund_id.to_string()),
        RefundedTo::Donor { donor_id } => (Account::DueToDonor, donor_id.to_string()),
    }
}
