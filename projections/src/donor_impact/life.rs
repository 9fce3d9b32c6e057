//! The life of one voucher, as each act continues it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::event::Act;
use domain::ids::{RedemptionId, VenueId};
use domain::voucher::expire::MovedTo;
use domain::voucher::prepay::Prepaid;
use domain::voucher::redeem::{MeansKind, Redeemed};
use domain::voucher::refund::{RefundReason, RefundedTo};
use domain::voucher::rehome::Rehomed;
use domain::voucher::reverse_redemption::RedemptionReversed;
use domain::voucher::revoke_code::RevokeReason;
use domain::voucher::void::VoidReason;
use domain::voucher::{Holder, Kind, Placed, ValidAt, VoucherEvent};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Life, Network, PublicName, Receipt};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::table::Json;
use crate::time::micros;

/// Something that happened to a voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Whether somebody was about to get it, or got it, without a board: then a donor reads no day.
    pub off_board: bool,
    /// What.
    pub what: What,
    /// The public name of the venue, organisation or fund that it names first.
    pub name: Option<String>,
    /// The public name of the venue that it names second.
    pub second_name: Option<String>,
}

/// What happened to a voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It was paid for, and waits there.
    Prepaid {
        /// Where it waits.
        placed: Placed,
        /// The venue at which it is valid, if it is one.
        venue_id: Option<VenueId>,
    },
    /// A code was issued.
    CodeIssued {
        /// To whom.
        to: Holder,
    },
    /// A code stopped being valid.
    CodeRevoked {
        /// Why.
        reason: RevokeReason,
    },
    /// Its holder said that it was given to somebody.
    HandedOver {
        /// Who gave it.
        by: Holder,
    },
    /// An organisation got it to hand out.
    Allocated {
        /// To which.
        to: Holder,
    },
    /// It is on the board again.
    ReturnedToBoard,
    /// It was used.
    Used {
        /// The use.
        redemption_id: RedemptionId,
        /// Where.
        venue_id: VenueId,
        /// From the board or by code.
        means: MeansKind,
        /// What left it, in minor units.
        used_minor: i64,
    },
    /// A use was taken back.
    TakenBack {
        /// The use.
        redemption_id: RedemptionId,
    },
    /// It is valid at another venue.
    Rehomed {
        /// The venue that it lost.
        from_venue: VenueId,
        /// The venue that it got, if any.
        to_venue: Option<VenueId>,
        /// What was on it, in minor units.
        old_value_minor: i64,
        /// What is on it, in minor units.
        new_value_minor: i64,
    },
    /// Its time was over.
    Expired {
        /// Where its value went.
        to: MovedTo,
        /// How much that was, in minor units.
        amount_minor: i64,
    },
    /// It was refunded.
    Refunded {
        /// Where its value went.
        to: RefundedTo,
        /// Why.
        reason: RefundReason,
        /// How much that was, in minor units.
        amount_minor: i64,
    },
    /// It should never have been.
    Voided {
        /// Why.
        reason: VoidReason,
        /// How much was on it, in minor units.
        amount_minor: i64,
    },
}

/// What the other rows say about an act.
pub(super) struct Context {
    timezone: Tz,
    name: Option<String>,
    second_name: Option<String>,
}

impl Context {
    pub(super) fn of(act: &Act, event: &VoucherEvent, rows: &Rows) -> Result<Self, Stop> {
        let network = &act.network;
        let Some(known) = rows.get::<Network>(network)? else {
            return Err(Stop::Broken(format!("network {network} was never founded")));
        };
        let unknown = |_| Stop::Broken(format!("time zone {} is not known", known.timezone));
        let timezone = known.timezone.parse().map_err(unknown)?;
        let (first, second) = named(event);
        Ok(Self {
            timezone,
            name: name(first, rows)?,
            second_name: name(second, rows)?,
        })
    }
}

fn name(id: Option<Uuid>, rows: &Rows) -> Result<Option<String>, Stop> {
    let Some(id) = id else { return Ok(None) };
    let known = rows.get::<PublicName>(&id.to_string())?;
    Ok(known.map(|known| known.name.clone()))
}

/// The venues, the organisation or the fund that an act names.
fn named(event: &VoucherEvent) -> (Option<Uuid>, Option<Uuid>) {
    match event {
        VoucherEvent::Prepaid(e) => (only_venue(&e.valid_at).map(|id| id.0), holder(e.placed)),
        VoucherEvent::CodeIssued(e) => (holder(e.to.into()), None),
        VoucherEvent::HandedOver(e) => (holder(e.by.into()), None),
        VoucherEvent::Allocated(e) => (Some(e.organisation_id.0), None),
        VoucherEvent::Redeemed(e) => (Some(e.venue_id.0), None),
        VoucherEvent::Rehomed(e) => (Some(e.from_venue.0), e.to_venue.map(|id| id.0)),
        VoucherEvent::Expired(e) => match e.moved_to {
            MovedTo::Fund { fund_id } => (Some(fund_id.0), None),
            MovedTo::Organisation { organisation_id } => (Some(organisation_id.0), None),
            MovedTo::Donor { .. } => (None, None),
        },
        VoucherEvent::Refunded(e) => match e.to {
            RefundedTo::Fund { fund_id } => (Some(fund_id.0), None),
            RefundedTo::Donor { .. } => (None, None),
        },
        VoucherEvent::CodeRevoked(_)
        | VoucherEvent::ReturnedToBoard(_)
        | VoucherEvent::RedemptionReversed(_)
        | VoucherEvent::Voided(_) => (None, None),
    }
}

fn holder(placed: Placed) -> Option<Uuid> {
    match placed {
        Placed::Organisation { organisation_id } => Some(organisation_id.0),
        Placed::Board | Placed::Donor => None,
    }
}

fn only_venue(valid_at: &ValidAt) -> Option<VenueId> {
    match valid_at {
        ValidAt::Venue { venue_id } => Some(*venue_id),
        ValidAt::Venues { .. } | ValidAt::Network { .. } => None,
    }
}

impl Life {
    pub(super) fn begin(key: String, act: &Act, prepaid: &Prepaid, context: Context) -> Self {
        let (item_kind, item_name) = match &prepaid.kind {
            Kind::Item {
                item_kind, name, ..
            } => (Some(item_kind.to_string()), Some(name.to_string())),
            Kind::Credit { .. } => (None, None),
        };
        let minor = prepaid.kind.value_minor().get();
        let venue_id = only_venue(&prepaid.valid_at);
        let mut life = Self {
            key,
            network: act.network.clone(),
            donor_id: prepaid.donor_id.map(|id| id.to_string()),
            since_position: act.position,
            prepayment_id: prepaid.prepayment_id.to_string(),
            ordinal: i64::from(prepaid.ordinal),
            campaign: prepaid.campaign.as_ref().map(ToString::to_string),
            item_kind,
            item_name,
            venue_id: venue_id.map(|id| id.to_string()),
            currency: String::from(prepaid.currency),
            paid_minor: minor,
            used_minor: 0,
            remaining_minor: minor,
            ended_minor: 0,
            rehomed_to_fund_minor: 0,
            rehomings: 0,
            stage: "waiting".to_owned(),
            expired_to: None,
            prepaid_at: micros(act.occurred_at),
            expires_on: prepaid.expires_on.map(|day| day.to_string()),
            expires_at: prepaid.expires_at.map(micros),
            used_month: None,
            used_by_code: 0,
            issued_sheet_id: None,
            used_sheet_id: None,
            valid_at: Json(prepaid.valid_at.clone()),
            moments: Json(Vec::new()),
            acts: Json(Vec::new()),
        };
        let what = What::Prepaid {
            placed: prepaid.placed,
            venue_id,
        };
        life.note(act, false, what, context);
        life
    }

    /// The batches in which it counts as used by code.
    pub(super) fn counted_in(&self) -> Vec<String> {
        if self.used_by_code == 0 {
            return Vec::new();
        }
        let sheet = self.used_sheet_id.iter().map(|id| format!("sheet|{id}"));
        std::iter::once(format!("prepayment|{}", self.prepayment_id))
            .chain(sheet)
            .collect()
    }

    pub(super) fn go_on(&mut self, act: &Act, event: &VoucherEvent, context: Context) {
        match event {
            VoucherEvent::Prepaid(_) => {}
            VoucherEvent::CodeIssued(e) => {
                self.issued_sheet_id = e.sheet_id.map(|id| id.to_string());
                self.note(act, true, What::CodeIssued { to: e.to }, context);
            }
            VoucherEvent::CodeRevoked(e) => {
                self.note(act, true, What::CodeRevoked { reason: e.reason }, context);
            }
            VoucherEvent::HandedOver(e) => {
                self.note(act, true, What::HandedOver { by: e.by }, context);
            }
            VoucherEvent::Allocated(e) => {
                let organisation_id = e.organisation_id;
                let to = Holder::Organisation { organisation_id };
                self.note(act, true, What::Allocated { to }, context);
            }
            VoucherEvent::ReturnedToBoard(_) => {
                self.note(act, true, What::ReturnedToBoard, context);
            }
            VoucherEvent::Redeemed(e) => self.use_up(act, e, context),
            VoucherEvent::RedemptionReversed(e) => self.take_back(act, e, context),
            VoucherEvent::Rehomed(e) => self.rehome(act, e, context),
            VoucherEvent::Expired(e) => {
                let amount_minor = e.remaining_minor.get();
                let to = match e.moved_to {
                    MovedTo::Fund { .. } => "fund",
                    MovedTo::Organisation { .. } => "organisation",
                    MovedTo::Donor { .. } => "donor",
                };
                self.expired_to = Some(to.to_owned());
                self.end("expired", amount_minor);
                let to = e.moved_to;
                self.note(act, false, What::Expired { to, amount_minor }, context);
            }
            VoucherEvent::Refunded(e) => {
                let amount_minor = e.amount_minor.get();
                self.end("refunded", amount_minor);
                let what = What::Refunded {
                    to: e.to,
                    reason: e.reason,
                    amount_minor,
                };
                self.note(act, false, what, context);
            }
            VoucherEvent::Voided(e) => {
                let amount_minor = e.amount_minor.get();
                self.end("voided", amount_minor);
                let reason = e.reason;
                self.note(
                    act,
                    false,
                    What::Voided {
                        reason,
                        amount_minor,
                    },
                    context,
                );
            }
        }
    }

    fn use_up(&mut self, act: &Act, redeemed: &Redeemed, context: Context) {
        let by_code = redeemed.means == MeansKind::Code;
        if by_code {
            self.used_by_code += 1;
            if self.used_by_code == 1 {
                self.used_sheet_id.clone_from(&self.issued_sheet_id);
            }
        }
        let used_minor = redeemed.used_minor.get();
        self.used_minor += used_minor;
        self.remaining_minor = redeemed.remaining_minor.get();
        let is_credit = self.item_kind.is_none();
        if !is_credit || self.remaining_minor == 0 {
            "used".clone_into(&mut self.stage);
        }
        let what = What::Used {
            redemption_id: redeemed.redemption_id,
            venue_id: redeemed.venue_id,
            means: redeemed.means,
            used_minor,
        };
        self.note(act, by_code, what, context);
    }

    fn take_back(&mut self, act: &Act, reversed: &RedemptionReversed, context: Context) {
        let redemption_id = reversed.redemption_id;
        let by_code = self.moments.0.iter().any(|moment| {
            matches!(&moment.what, What::Used { redemption_id: id, means, .. }
                if *id == redemption_id && *means == MeansKind::Code)
        });
        if by_code {
            self.used_by_code -= 1;
            if self.used_by_code == 0 {
                self.used_sheet_id = None;
            }
        }
        self.used_minor -= reversed.used_minor.get();
        self.remaining_minor = reversed.remaining_minor.get();
        "waiting".clone_into(&mut self.stage);
        self.note(act, by_code, What::TakenBack { redemption_id }, context);
    }

    fn rehome(&mut self, act: &Act, rehomed: &Rehomed, context: Context) {
        let moved = self.valid_at.0.moved(rehomed.from_venue, rehomed.to_venue);
        if let Some(moved) = moved {
            self.venue_id = only_venue(&moved).map(|id| id.to_string());
            self.valid_at = Json(moved);
        }
        if let (Some(_), Some(name)) = (&self.item_name, &rehomed.new_item_name) {
            self.item_name = Some(name.to_string());
        }
        let (old, new) = (rehomed.old_value_minor.get(), rehomed.new_value_minor.get());
        self.remaining_minor = new;
        self.rehomed_to_fund_minor += old - new;
        self.rehomings += 1;
        let what = What::Rehomed {
            from_venue: rehomed.from_venue,
            to_venue: rehomed.to_venue,
            old_value_minor: old,
            new_value_minor: new,
        };
        self.note(act, false, what, context);
    }

    fn end(&mut self, stage: &str, minor: i64) {
        stage.clone_into(&mut self.stage);
        self.ended_minor = minor;
        self.remaining_minor = 0;
    }

    /// Notes a moment; `off_board` where a day could tell when somebody got or used it.
    fn note(&mut self, act: &Act, off_board: bool, what: What, context: Context) {
        self.moments.0.push(Moment {
            at: act.occurred_at,
            off_board,
            what,
            name: context.name,
            second_name: context.second_name,
        });
        self.acts.0.push(Receipt {
            position: act.position,
            event_id: act.event_id.to_string(),
        });
        let month = |moment: &Moment| month(moment.at, context.timezone);
        self.used_month = self.uses().last().map(month);
    }

    /// Its uses that stand.
    fn uses(&self) -> impl Iterator<Item = &Moment> {
        let taken_back = |id: &RedemptionId| {
            let back = |moment: &Moment| matches!(&moment.what, What::TakenBack { redemption_id } if redemption_id == id);
            self.moments.0.iter().any(back)
        };
        self.moments.0.iter().filter(move |moment| {
            matches!(&moment.what, What::Used { redemption_id, .. } if !taken_back(redemption_id))
        })
    }
}

/// A month as `2026-11`, in the network's time zone.
pub(super) fn month(at: DateTime<Utc>, timezone: Tz) -> String {
    at.with_timezone(&timezone).format("%Y-%m").to_string()
}
