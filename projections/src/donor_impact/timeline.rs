//! What of a moment a donor's page may say.

use domain::voucher::Placed;
use domain::voucher::expire::MovedTo;
use domain::voucher::redeem::MeansKind;
use domain::voucher::refund::{RefundReason, RefundedTo};
use domain::voucher::revoke_code::RevokeReason;
use domain::voucher::void::VoidReason;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::life::{Moment, What};

/// A venue, organisation or fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PublicName)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its public name.
    pub name: Option<String>,
}

/// Who holds a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VoucherHeldBy)]
pub enum HeldBy {
    /// It waits on the board.
    Board,
    /// An organisation hands it out.
    Organisation,
    /// The donor gives it to somebody.
    Donor,
}

/// Where the value of a voucher went that nobody used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ValueWentTo)]
pub enum WentTo {
    /// To a fund.
    Fund,
    /// To an organisation.
    Organisation,
    /// Back to the donor.
    Donor,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
#[schema(as = VoucherHappened)]
pub enum Happened {
    /// It was paid for.
    Prepaid {
        /// Who holds it.
        held_by: HeldBy,
        /// The venue at which it is valid; absent if there are several.
        venue: Option<Named>,
        /// The organisation that holds it.
        organisation: Option<Named>,
    },
    /// A code was issued.
    CodeIssued {
        /// Who holds it.
        held_by: HeldBy,
        /// The organisation that holds it.
        organisation: Option<Named>,
    },
    /// A code stopped being valid.
    CodeRevoked {
        /// Why.
        reason: RevokeReason,
    },
    /// Its holder said that it was given to somebody.
    HandedOver {
        /// Who gave it.
        held_by: HeldBy,
        /// The organisation that gave it.
        organisation: Option<Named>,
    },
    /// An organisation got it to hand out.
    Allocated {
        /// The organisation.
        organisation: Option<Named>,
    },
    /// It is on the board again.
    ReturnedToBoard,
    /// It was used.
    Used {
        /// From the board or by code.
        means: MeansKind,
        /// Where; by code only once enough codes were used.
        venue: Option<Named>,
        /// What was used, in minor units; of a credit by code only once enough codes were used,
        /// because an amount can tell the venue.
        used_minor: Option<i64>,
    },
    /// A use was taken back.
    TakenBack,
    /// It is valid at another venue.
    Rehomed {
        /// The venue that it lost.
        from_venue: Named,
        /// The venue that it got; absent where it was dropped from a list.
        to_venue: Option<Named>,
        /// What was on it, in minor units.
        old_value_minor: i64,
        /// What is on it, in minor units. The fund got or paid the difference.
        new_value_minor: i64,
    },
    /// Its time was over.
    Expired {
        /// Where its value went.
        to: WentTo,
        /// The fund or organisation that got it.
        receiver: Option<Named>,
        /// How much that was, in minor units.
        amount_minor: i64,
    },
    /// It was refunded.
    Refunded {
        /// Where its value went.
        to: WentTo,
        /// The fund that got it.
        receiver: Option<Named>,
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

/// A moment as a donor reads it; `enough` codes were used to name a venue without naming a person.
pub(super) fn happened(moment: Moment, enough: bool, is_credit: bool) -> Happened {
    let (name, second_name) = (moment.name, moment.second_name);
    match moment.what {
        What::Prepaid { placed, venue_id } => {
            let (held_by, organisation) = held(placed, second_name);
            Happened::Prepaid {
                held_by,
                organisation,
                venue: venue_id.map(|id| named(id.0, name)),
            }
        }
        What::CodeIssued { to } => {
            let (held_by, organisation) = held(to.into(), name);
            Happened::CodeIssued {
                held_by,
                organisation,
            }
        }
        What::CodeRevoked { reason } => Happened::CodeRevoked { reason },
        What::HandedOver { by } => {
            let (held_by, organisation) = held(by.into(), name);
            Happened::HandedOver {
                held_by,
                organisation,
            }
        }
        What::Allocated { to } => Happened::Allocated {
            organisation: held(to.into(), name).1,
        },
        What::ReturnedToBoard => Happened::ReturnedToBoard,
        What::Used {
            venue_id,
            means,
            used_minor,
            ..
        } => used(
            means,
            named(venue_id.0, name),
            used_minor,
            enough,
            is_credit,
        ),
        What::TakenBack { .. } => Happened::TakenBack,
        What::Rehomed {
            from_venue,
            to_venue,
            old_value_minor,
            new_value_minor,
        } => Happened::Rehomed {
            from_venue: named(from_venue.0, name),
            to_venue: to_venue.map(|id| named(id.0, second_name)),
            old_value_minor,
            new_value_minor,
        },
        What::Expired { to, amount_minor } => expired(to, name, amount_minor),
        What::Refunded {
            to,
            reason,
            amount_minor,
        } => refunded(to, name, reason, amount_minor),
        What::Voided {
            reason,
            amount_minor,
        } => Happened::Voided {
            reason,
            amount_minor,
        },
    }
}

fn named(id: Uuid, name: Option<String>) -> Named {
    Named { id, name }
}

fn used(means: MeansKind, venue: Named, minor: i64, enough: bool, is_credit: bool) -> Happened {
    let open = means == MeansKind::Board || enough;
    Happened::Used {
        means,
        venue: open.then_some(venue),
        used_minor: (open || !is_credit).then_some(minor),
    }
}

fn refunded(
    to: RefundedTo,
    name: Option<String>,
    reason: RefundReason,
    amount_minor: i64,
) -> Happened {
    let (to, receiver) = match to {
        RefundedTo::Fund { fund_id } => (WentTo::Fund, Some(fund_id.0)),
        RefundedTo::Donor { .. } => (WentTo::Donor, None),
    };
    Happened::Refunded {
        to,
        receiver: receiver.map(|id| named(id, name)),
        reason,
        amount_minor,
    }
}

fn expired(to: MovedTo, name: Option<String>, amount_minor: i64) -> Happened {
    let (to, receiver) = match to {
        MovedTo::Fund { fund_id } => (WentTo::Fund, Some(fund_id.0)),
        MovedTo::Organisation { organisation_id } => {
            (WentTo::Organisation, Some(organisation_id.0))
        }
        MovedTo::Donor { .. } => (WentTo::Donor, None),
    };
    Happened::Expired {
        to,
        receiver: receiver.map(|id| named(id, name)),
        amount_minor,
    }
}

fn held(placed: Placed, name: Option<String>) -> (HeldBy, Option<Named>) {
    match placed {
        Placed::Board => (HeldBy::Board, None),
        Placed::Donor => (HeldBy::Donor, None),
        Placed::Organisation { organisation_id } => {
            let id = organisation_id.0;
            (HeldBy::Organisation, Some(named(id, name)))
        }
    }
}
