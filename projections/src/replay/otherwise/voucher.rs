//! A voucher's acts as they would have been: a pure change of the stream of acts.

use chrono::{Days, Months};
use domain::event::{Act, Event};
use domain::ids::FundId;
use domain::money::Minor;
use domain::network::set_policy::{Policy, PriceRiseBorneBy};
use domain::time::end_of;
use domain::venue::VenueEvent;
use domain::venue::give_item::{GiftReason, ItemGiven};
use domain::voucher::expire::{Expired, MovedTo};
use domain::voucher::prepay::Prepaid;
use domain::voucher::redeem::{DifferenceBorneBy, Redeemed};
use domain::voucher::rehome::Rehomed;
use domain::voucher::reverse_redemption::RedemptionReversed;
use domain::voucher::{Kind, OnExpiry, VoucherEvent};

use super::{Altered, Life, Rules, Town};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::table::Json;

/// The acts that take the place of this one.
pub(super) fn rewrite(
    rules: &Rules,
    act: &Act,
    event: &VoucherEvent,
    rows: &mut Rows,
) -> Result<Vec<Act>, Stop> {
    let key = act.aggregate_id.to_string();
    if let VoucherEvent::Prepaid(prepaid) = event {
        let (prepaid, life) = begin(rules, act, prepaid, rows)?;
        rows.put(Altered {
            key,
            life: Json(life),
        });
        return Ok(vec![with(act, VoucherEvent::from(prepaid))]);
    }
    let Some(mut life) = rows.get::<Altered>(&key)?.map(|row| row.life.0.clone()) else {
        return Ok(vec![act.clone()]);
    };
    let mut acts = Vec::new();
    if life.has_lapsed(act.recorded_at) {
        acts.push(life.expire(act));
    }
    acts.extend(life.follow(rules, act, event));
    rows.put(Altered {
        key,
        life: Json(life),
    });
    Ok(acts)
}

fn with(act: &Act, event: impl Into<Event>) -> Act {
    Act {
        event: event.into(),
        ..act.clone()
    }
}

fn begin(
    rules: &Rules,
    act: &Act,
    prepaid: &Prepaid,
    rows: &Rows,
) -> Result<(Prepaid, Life), Stop> {
    let mut changed = prepaid.clone();
    let town = rows.get::<Town>(&act.network)?;
    let was = town.map_or_else(Policy::default, |town| policy(town, prepaid));
    if let (Some(town), Some(months)) = (town, rules.default_expiry_months) {
        let zone = town.timezone.0;
        let today = prepaid.at.with_timezone(&zone).date_naive();
        let last = |months: u32| {
            let last = today.checked_add_months(Months::new(months));
            let last = last.and_then(|day| day.checked_sub_days(Days::new(1)));
            last.filter(|_| months > 0)
        };
        if prepaid.expires_on == last(was.default_expiry_months) {
            changed.expires_on = last(months);
            changed.expires_at = changed.expires_on.map(|day| end_of(day, zone));
        }
    }
    let window_h = rules
        .late_record_window_h
        .unwrap_or(was.late_record_window_h);
    let life = Life {
        network: prepaid.network.clone(),
        differs: changed.expires_at != prepaid.expires_at || window_h != was.late_record_window_h,
        expires_at: changed.expires_at,
        window_h,
        on_expiry: changed.on_expiry,
        donor_id: changed.donor_id,
        is_credit: matches!(changed.kind, Kind::Credit { .. }),
        remaining_minor: changed.kind.value_minor().get(),
        ended: false,
        settled_minor: std::collections::BTreeMap::new(),
    };
    Ok((changed, life))
}

/// The policy that really was in force when it was prepaid.
fn policy(town: &Town, prepaid: &Prepaid) -> Policy {
    let sets = &town.policies.0;
    let in_force = sets.iter().rev().filter(|set| set.from <= prepaid.at);
    let latest = in_force.max_by_key(|set| set.from);
    latest.map_or_else(Policy::default, |set| set.policy)
}

impl Life {
    /// Its expiry, when it is due.
    fn expire(&mut self, act: &Act) -> Act {
        let expired = Expired {
            remaining_minor: minor(self.remaining_minor),
            moved_to: match (self.on_expiry, self.donor_id) {
                (OnExpiry::Organisation { organisation_id }, _) => {
                    MovedTo::Organisation { organisation_id }
                }
                (OnExpiry::Refund, Some(donor_id)) => MovedTo::Donor { donor_id },
                (OnExpiry::CommonFund, _) | (OnExpiry::Refund, None) => MovedTo::Fund {
                    fund_id: FundId::common(&self.network),
                },
            },
        };
        self.end();
        Act {
            occurred_at: self.due().unwrap_or(act.occurred_at),
            ..with(act, VoucherEvent::from(expired))
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.remaining_minor = 0;
    }

    /// What becomes of an act; `None` if it would not have happened.
    fn follow(&mut self, rules: &Rules, act: &Act, event: &VoucherEvent) -> Option<Act> {
        match event {
            VoucherEvent::Redeemed(e) if self.ended => Some(self.gift(act, e)),
            VoucherEvent::Redeemed(e) => {
                let over = self.differs && self.expires_at.is_some_and(|at| at <= e.at);
                Some(if over {
                    self.gift(act, e)
                } else {
                    with(act, VoucherEvent::from(self.redeem(rules, e)))
                })
            }
            VoucherEvent::RedemptionReversed(e) if !self.ended => {
                self.reverse(e).map(|e| with(act, VoucherEvent::from(e)))
            }
            VoucherEvent::Expired(_) if !self.ended => {
                // Under rules that differ it was recorded before this, or is not due yet.
                let stands = !self.differs;
                stands.then(|| {
                    self.end();
                    act.clone()
                })
            }
            VoucherEvent::Refunded(e) if !self.ended => {
                let amount_minor = minor(self.remaining_minor);
                self.end();
                Some(with(
                    act,
                    VoucherEvent::from(domain::voucher::refund::Refunded {
                        amount_minor,
                        ..e.clone()
                    }),
                ))
            }
            VoucherEvent::Voided(_) if !self.ended => {
                self.end();
                Some(act.clone())
            }
            VoucherEvent::Rehomed(e) if !self.ended => Some(self.rehome(act, e)),
            VoucherEvent::CodeIssued(_)
            | VoucherEvent::CodeRevoked(_)
            | VoucherEvent::HandedOver(_)
            | VoucherEvent::Allocated(_)
            | VoucherEvent::ReturnedToBoard(_)
                if !self.ended =>
            {
                Some(act.clone())
            }
            VoucherEvent::Prepaid(_)
            | VoucherEvent::RedemptionReversed(_)
            | VoucherEvent::Expired(_)
            | VoucherEvent::Refunded(_)
            | VoucherEvent::Voided(_)
            | VoucherEvent::Rehomed(_)
            | VoucherEvent::CodeIssued(_)
            | VoucherEvent::CodeRevoked(_)
            | VoucherEvent::HandedOver(_)
            | VoucherEvent::Allocated(_)
            | VoucherEvent::ReturnedToBoard(_) => None,
        }
    }

    /// The venue handed it out, and nobody owes it anything for that.
    fn gift(&mut self, act: &Act, e: &Redeemed) -> Act {
        self.settled_minor.insert(e.redemption_id.to_string(), None);
        let given = ItemGiven {
            item_id: e.item_id,
            units: 1,
            reason: GiftReason::VoucherExpired,
        };
        Act {
            aggregate_id: e.venue_id.0,
            ..with(act, VenueEvent::from(given))
        }
    }

    fn redeem(&mut self, rules: &Rules, e: &Redeemed) -> Redeemed {
        let mut redeemed = e.clone();
        let rose = !self.is_credit && e.venue_price_minor > e.used_minor;
        if let (true, Some(who)) = (rose, rules.price_rise_borne_by) {
            (redeemed.settled_minor, redeemed.difference_borne_by) = match who {
                PriceRiseBorneBy::Venue => (e.used_minor, DifferenceBorneBy::Venue),
                PriceRiseBorneBy::Fund => (e.venue_price_minor, DifferenceBorneBy::Fund),
            };
        }
        self.remaining_minor -= e.used_minor.get();
        redeemed.remaining_minor = minor(self.remaining_minor);
        let settled = redeemed.settled_minor.get();
        self.settled_minor
            .insert(e.redemption_id.to_string(), Some(settled));
        redeemed
    }

    fn reverse(&mut self, e: &RedemptionReversed) -> Option<RedemptionReversed> {
        let known = self.settled_minor.remove(&e.redemption_id.to_string());
        let settled = known.unwrap_or(Some(e.settled_minor.get()))?;
        self.remaining_minor += e.used_minor.get();
        Some(RedemptionReversed {
            settled_minor: minor(settled),
            remaining_minor: minor(self.remaining_minor),
            ..e.clone()
        })
    }

    fn rehome(&mut self, act: &Act, e: &Rehomed) -> Act {
        if e.old_value_minor.get() == self.remaining_minor {
            self.remaining_minor = e.new_value_minor.get();
            return act.clone();
        }
        let value = minor(self.remaining_minor);
        let unchanged = Rehomed {
            old_value_minor: value,
            new_value_minor: value,
            difference_to: None,
            ..e.clone()
        };
        with(act, VoucherEvent::from(unchanged))
    }
}

fn minor(amount: i64) -> Minor {
    Minor::try_from(amount).unwrap_or(Minor::ZERO)
}
