//! The sums that must be conserved, per currency and network, venue, donor and fund.

use super::voucher::State;
use super::{Found, Invariant, Sum};
use crate::fold::Stop;
use crate::rows::Rows;

/// Where a change of a voucher stands in the sums.
pub(super) struct Change<'a> {
    /// The voucher before or after; its dimensions are those of the sums.
    pub of: &'a State,
    /// By how much what is left on it grew, by what the act itself says.
    pub outstanding: i64,
    /// The sum that the act is about, and by how much that grew.
    pub into: fn(&mut Sum) -> &mut i64,
    /// By how much.
    pub by: i64,
    /// What a fund got by re-homing.
    pub to_fund: i64,
}

/// Adds a change to the four sums of the voucher and checks each equation.
pub(super) fn add(change: &Change<'_>, rows: &mut Rows) -> Result<(), Stop> {
    for (key, dimension) in keys(change.of) {
        let new = || Sum::new(key.clone(), &change.of.network, dimension);
        rows.upsert::<Sum>(&key, new, |sum| {
            *(change.into)(sum) += change.by;
            sum.outstanding_minor += change.outstanding;
            sum.to_fund_minor += change.to_fund;
        })?;
    }
    Ok(())
}

/// Tells which equations of the sums of a voucher do not hold any more, each once.
pub(super) fn check(of: &State, rows: &mut Rows, found: &mut Found) -> Result<(), Stop> {
    for (key, _) in keys(of) {
        let Some(sum) = rows.get::<Sum>(&key)?.cloned() else {
            continue;
        };
        let (off, rehomed_off) = (sum.off(), sum.rehomed_off());
        found.check(off == sum.off_minor, Invariant::MoneyEquation, || {
            let by = off - sum.off_minor;
            format!("{key}: what came in and what is left and went out differ by {by}")
        });
        found.check(
            rehomed_off == sum.rehomed_off_minor,
            Invariant::RehomedEquation,
            || {
                let by = rehomed_off - sum.rehomed_off_minor;
                format!(
                    "{key}: what was re-homed away, and got with the differences, differ by {by}"
                )
            },
        );
        if (off, rehomed_off) != (sum.off_minor, sum.rehomed_off_minor) {
            rows.put(Sum {
                off_minor: off,
                rehomed_off_minor: rehomed_off,
                ..sum
            });
        }
    }
    Ok(())
}

fn keys(of: &State) -> [(String, &'static str); 4] {
    let State {
        network, currency, ..
    } = of;
    let key = |dimension: &'static str, id: &str| {
        (format!("{network}|{currency}|{dimension}|{id}"), dimension)
    };
    [
        key("network", ""),
        key("venue", of.home()),
        key("donor", &of.donor_id),
        key("fund", &of.fund_id),
    ]
}

impl Sum {
    fn new(key: String, network: &str, dimension: &str) -> Self {
        Self {
            key,
            network: network.to_owned(),
            dimension: dimension.to_owned(),
            prepaid_minor: 0,
            rehomed_in_minor: 0,
            outstanding_minor: 0,
            redeemed_minor: 0,
            expired_minor: 0,
            refunded_minor: 0,
            voided_minor: 0,
            rehomed_out_minor: 0,
            to_fund_minor: 0,
            off_minor: 0,
            rehomed_off_minor: 0,
        }
    }

    fn off(&self) -> i64 {
        self.prepaid_minor + self.rehomed_in_minor
            - self.outstanding_minor
            - self.redeemed_minor
            - self.expired_minor
            - self.refunded_minor
            - self.voided_minor
            - self.rehomed_out_minor
    }

    /// Of a network only: what one venue gives another gets.
    fn rehomed_off(&self) -> i64 {
        if self.dimension == "network" {
            self.rehomed_out_minor - self.rehomed_in_minor - self.to_fund_minor
        } else {
            0
        }
    }
}
