//! The life of one voucher, told a second time: what each act may do to it, and what it moves.

use std::collections::BTreeMap;

use domain::event::Act;
use domain::voucher::prepay::Prepaid;
use domain::voucher::redeem::{DifferenceBorneBy, Redeemed};
use domain::voucher::rehome::Rehomed;
use domain::voucher::reverse_redemption::RedemptionReversed;
use domain::voucher::{Kind, ValidAt, VoucherEvent};
use serde::{Deserialize, Serialize};

use super::money::Change;
use super::{Found, Invariant, Sum, Voucher, money, venue};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::table::Json;
use crate::time::micros;

/// What is known of a voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The network's slug.
    pub network: String,
    /// The code of ISO 4217.
    pub currency: String,
    /// The donor; empty if nobody knows who gave it.
    pub donor_id: String,
    /// The fund that carries it.
    pub fund_id: String,
    /// The venues that it names; none = every venue of the network.
    pub venues: Vec<String>,
    /// What is left, in minor units, as the last act said.
    pub left: i64,
    /// Whether it is used in parts.
    pub is_credit: bool,
    /// From when it is expired, in microseconds.
    pub expires_at: Option<i64>,
    /// How it stands.
    pub stage: Stage,
    /// What left it by each use that stands, in minor units, and what the venue got.
    pub uses: BTreeMap<String, (i64, i64)>,
}

/// How a voucher stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// It can be used.
    Usable,
    /// It is used up.
    Used,
    /// Its time was over.
    Expired,
    /// It was given back.
    Refunded,
    /// It should never have been.
    Voided,
}

impl State {
    fn of(prepaid: &Prepaid) -> Self {
        let venues = match &prepaid.valid_at {
            ValidAt::Venue { venue_id } => vec![venue_id.to_string()],
            ValidAt::Venues { venue_ids } => venue_ids.iter().map(ToString::to_string).collect(),
            ValidAt::Network { .. } => Vec::new(),
        };
        Self {
            network: prepaid.network.to_string(),
            currency: String::from(prepaid.currency),
            donor_id: prepaid
                .donor_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            fund_id: prepaid.fund_id.to_string(),
            venues,
            left: prepaid.kind.value_minor().get(),
            is_credit: matches!(prepaid.kind, Kind::Credit { .. }),
            expires_at: prepaid.expires_at.map(micros),
            stage: Stage::Usable,
            uses: BTreeMap::new(),
        }
    }

    /// The one venue at which it is valid; empty if there are several.
    pub(super) fn home(&self) -> &str {
        match self.venues.as_slice() {
            [only] => only,
            [] | [_, ..] => "",
        }
    }

    /// The venue at which alone it can still be used.
    fn bound_to(&self) -> &str {
        if self.stage == Stage::Usable {
            self.home()
        } else {
            ""
        }
    }
}

pub(super) fn check(
    act: &Act,
    event: &VoucherEvent,
    rows: &mut Rows,
    found: &mut Found,
) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    let known = rows.get::<Voucher>(&key)?.map(|row| row.state.0.clone());
    let Some(before) = known else {
        let VoucherEvent::Prepaid(prepaid) = event else {
            found.broken(Invariant::PrepaidFirst, "this voucher was never prepaid");
            return Ok(());
        };
        return begin(key, State::of(prepaid), act, rows, found);
    };
    let mut after = before.clone();
    match event {
        VoucherEvent::Prepaid(_) => {
            found.broken(Invariant::PrepaidFirst, "this voucher was prepaid before");
        }
        VoucherEvent::CodeIssued(_)
        | VoucherEvent::CodeRevoked(_)
        | VoucherEvent::HandedOver(_)
        | VoucherEvent::Allocated(_)
        | VoucherEvent::ReturnedToBoard(_) => before.must_be_usable(found),
        VoucherEvent::Redeemed(e) => redeem(e, &mut after, rows, found)?,
        VoucherEvent::RedemptionReversed(e) => reverse(e, &mut after, rows, found)?,
        VoucherEvent::Rehomed(e) => rehome(e, &mut after, rows, found)?,
        VoucherEvent::Expired(e) => {
            let over = before
                .expires_at
                .is_some_and(|at| at <= micros(act.recorded_at));
            found.check(over, Invariant::StageEntered, || {
                "it is said to have expired before its last day was over".to_owned()
            });
            let ended = (Stage::Expired, e.remaining_minor.get());
            end(ended, |sum| &mut sum.expired_minor, &mut after, rows, found)?;
        }
        VoucherEvent::Refunded(e) => {
            let ended = (Stage::Refunded, e.amount_minor.get());
            end(
                ended,
                |sum| &mut sum.refunded_minor,
                &mut after,
                rows,
                found,
            )?;
        }
        VoucherEvent::Voided(e) => {
            found.check(before.uses.is_empty(), Invariant::RedeemedOnce, || {
                "it is voided although it was used".to_owned()
            });
            let ended = (Stage::Voided, e.amount_minor.get());
            end(ended, |sum| &mut sum.voided_minor, &mut after, rows, found)?;
        }
    }
    money::check(&before, rows, found)?;
    if after.home() != before.home() {
        money::check(&after, rows, found)?;
    }
    if after.bound_to() != before.bound_to() {
        venue::bind(before.bound_to(), -1, rows)?;
        venue::bind(after.bound_to(), 1, rows)?;
    }
    let state = Json(after);
    rows.put(Voucher { key, state });
    Ok(())
}

fn begin(
    key: String,
    state: State,
    act: &Act,
    rows: &mut Rows,
    found: &mut Found,
) -> Result<(), Stop> {
    found.check(
        state.network == act.network,
        Invariant::SequenceMonotone,
        || format!("it carries the network {}", state.network),
    );
    for venue in &state.venues {
        let takes = venue::takes_vouchers(venue, act.occurred_at, rows)?;
        found.check(takes, Invariant::NotStranded, || {
            format!("it is prepaid for the venue {venue}, which takes no vouchers")
        });
    }
    venue::bind(state.home(), 1, rows)?;
    money::add(
        &state.change(|sum| &mut sum.prepaid_minor, state.left, state.left),
        rows,
    )?;
    money::check(&state, rows, found)?;
    let state = Json(state);
    rows.put(Voucher { key, state });
    Ok(())
}

impl State {
    fn change(&self, into: fn(&mut Sum) -> &mut i64, by: i64, outstanding: i64) -> Change<'_> {
        Change {
            of: self,
            outstanding,
            into,
            by,
            to_fund: 0,
        }
    }

    fn must_be_usable(&self, found: &mut Found) {
        let invariant = match self.stage {
            Stage::Usable => return,
            Stage::Used => Invariant::RedeemedOnce,
            Stage::Expired => Invariant::NotAfterExpired,
            Stage::Refunded => Invariant::NotAfterRefunded,
            Stage::Voided => Invariant::NotAfterVoided,
        };
        found.broken(invariant, format!("it was {:?} before", self.stage));
    }
}

fn redeem(e: &Redeemed, state: &mut State, rows: &mut Rows, found: &mut Found) -> Result<(), Stop> {
    state.must_be_usable(found);
    let (used, settled) = (e.used_minor.get(), e.settled_minor.get());
    let (price, left) = (e.venue_price_minor.get(), e.remaining_minor.get());
    found.check(
        used <= state.left && left == state.left - used,
        Invariant::WithinBalance,
        || {
            format!(
                "{used} is used of {}, and {left} is said to be left",
                state.left
            )
        },
    );
    let over = state.expires_at.is_some_and(|at| at <= micros(e.at));
    found.check(!over, Invariant::NotAfterExpired, || {
        "it is used after its last day".to_owned()
    });
    let two_sided = match e.difference_borne_by {
        DifferenceBorneBy::None => settled == used && price == used,
        DifferenceBorneBy::Venue => settled == used && price > used,
        DifferenceBorneBy::Fund => settled == price && price != used,
    };
    found.check(two_sided, Invariant::TwoSided, || {
        let borne_by = e.difference_borne_by;
        format!("{used} leaves it, the venue gets {settled} at the price {price}, {borne_by:?}")
    });
    let place = e.venue_id.to_string();
    let named = state.venues.is_empty() || state.venues.contains(&place);
    let takes = venue::takes_vouchers(&place, e.at, rows)?;
    found.check(named && takes, Invariant::ValidThere, || {
        format!("it is used at {place}, where it is not valid then")
    });
    let again = state
        .uses
        .insert(e.redemption_id.to_string(), (used, settled));
    found.check(again.is_none(), Invariant::RedeemedOnce, || {
        "this use stands in the log before".to_owned()
    });
    let grew = left - state.left;
    money::add(
        &state.change(|sum| &mut sum.redeemed_minor, used, grew),
        rows,
    )?;
    state.left = left;
    if state.stage == Stage::Usable && (!state.is_credit || left <= 0) {
        state.stage = Stage::Used;
    }
    Ok(())
}

fn reverse(
    e: &RedemptionReversed,
    state: &mut State,
    rows: &mut Rows,
    found: &mut Found,
) -> Result<(), Stop> {
    if state.stage != Stage::Used {
        state.must_be_usable(found);
    }
    let known = state.uses.remove(&e.redemption_id.to_string());
    let (used, left) = (e.used_minor.get(), e.remaining_minor.get());
    let same = known == Some((used, e.settled_minor.get()));
    found.check(
        same && left == state.left + used,
        Invariant::ReversedOnce,
        || format!("no use of {used} stands that could be taken back to {left}"),
    );
    let grew = left - state.left;
    money::add(
        &state.change(|sum| &mut sum.redeemed_minor, -used, grew),
        rows,
    )?;
    state.left = left;
    if state.stage == Stage::Used {
        state.stage = Stage::Usable;
    }
    Ok(())
}

fn rehome(e: &Rehomed, state: &mut State, rows: &mut Rows, found: &mut Found) -> Result<(), Stop> {
    state.must_be_usable(found);
    let (old, new) = (e.old_value_minor.get(), e.new_value_minor.get());
    found.check(old == state.left, Invariant::WithinBalance, || {
        format!("{old} is said to be left, and it is {}", state.left)
    });
    let from = e.from_venue.to_string();
    found.check(state.venues.contains(&from), Invariant::ValidThere, || {
        format!("it loses the venue {from}, which it does not name")
    });
    let to_fund = if e.difference_to.is_some() {
        old - new
    } else {
        0
    };
    found.check(to_fund == old - new, Invariant::TwoSided, || {
        format!("it was worth {old} and is worth {new}, and nobody got or paid the difference")
    });
    let away = Change {
        to_fund,
        ..state.change(|sum| &mut sum.rehomed_out_minor, old, -state.left)
    };
    money::add(&away, rows)?;
    state.venues.retain(|venue| *venue != from);
    if let Some(to) = e.to_venue.map(|to| to.to_string())
        && !state.venues.contains(&to)
    {
        state.venues.push(to);
    }
    state.left = new;
    money::add(
        &state.change(|sum| &mut sum.rehomed_in_minor, new, new),
        rows,
    )
}

fn end(
    (ended, amount): (Stage, i64),
    into: fn(&mut Sum) -> &mut i64,
    state: &mut State,
    rows: &mut Rows,
    found: &mut Found,
) -> Result<(), Stop> {
    state.must_be_usable(found);
    found.check(amount == state.left, Invariant::WithinBalance, || {
        format!("{amount} goes from it, and {} is left", state.left)
    });
    money::add(&state.change(into, amount, -state.left), rows)?;
    state.left = 0;
    state.stage = ended;
    Ok(())
}
