//! The last two weeks up to today, so that the first page is alive. The historic totals stay.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use commands::service::provide::Provide;
use commands::venue::announce_closure::AnnounceClosure;
use commands::venue::confirm::Confirm;
use commands::venue::turn_away::TurnAway;
use commands::voucher::prepay::{Giver, Prepay, What};
use commands::voucher::redeem::{By, Redeem};
use domain::ids::DonorId;
use domain::service::provide::Method;
use domain::venue::announce_closure::ClosureReason;
use domain::venue::confirm::Confirmable;
use domain::venue::turn_away::{AskedFor, TurnedAwayReason};
use domain::voucher::redeem::RedemptionSource;
use domain::voucher::{HeldBy, OnExpiry, Placed, Source};

use super::city::HOUSES;
use super::founding::{Admitted, Town};
use super::teller::{Teller, minute};

/// How many days it has.
const DAYS: u64 = 14;
/// Venues that said nothing lately: their page says "unknown".
const SILENT: [usize; 2] = [14, 15];

/// Tells the fortnight; nothing is told that lies after `now`.
///
/// # Errors
/// If an act is refused.
pub async fn tell(
    teller: &Teller,
    town: &Town,
    donor_id: DonorId,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    for back in (0..DAYS).rev() {
        let day = today - Days::new(back);
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            continue;
        }
        for (index, venue) in town.venues.iter().enumerate() {
            if SILENT.contains(&index) {
                continue;
            }
            let told = Day {
                teller,
                index,
                venue,
                date: day,
                now,
            };
            told.tell(donor_id).await?;
        }
    }
    close(teller, &town.venues[3], today, now).await
}

/// One day of one venue.
struct Day<'a> {
    teller: &'a Teller,
    index: usize,
    venue: &'a Admitted,
    date: NaiveDate,
    now: DateTime<Utc>,
}

impl Day<'_> {
    async fn tell(&self, donor_id: DonorId) -> anyhow::Result<()> {
        let ordinal = self.date.num_days_from_ce().unsigned_abs();
        let turn = usize::try_from(ordinal)? + self.index;
        if let Some(at) = self.at(9, 5) {
            let act = Confirm {
                venue_id: self.venue.venue_id,
                what: Confirmable::All,
            };
            self.teller.tell(self.key("confirm"), at, act).await?;
        }
        if let Some(at) = self.at(9, 10).filter(|_| turn.is_multiple_of(3)) {
            let count = 3 + u32::try_from(turn % 4)?;
            let giver = if turn.is_multiple_of(2) {
                Giver::Known(donor_id)
            } else {
                Giver::Nobody
            };
            self.teller
                .tell(self.key("buy"), at, self.prepay(turn, count, giver))
                .await?;
        }
        if let Some(at) = self.at(9, 40).filter(|_| turn.is_multiple_of(3)) {
            let item_id = self.venue.items[turn % self.venue.items.len()];
            let count = 1 + u32::try_from(turn % 2)?;
            let by = By::Board { item_id, count };
            let source = RedemptionSource::Counter;
            let act = Redeem {
                venue_id: self.venue.venue_id,
                by,
                source,
            };
            self.teller.tell(self.key("use"), at, act).await?;
        }
        self.serve(turn).await
    }

    /// Free services, and people who were turned away.
    async fn serve(&self, turn: usize) -> anyhow::Result<()> {
        if let (Some(at), Some(service_id)) = (self.at(10, 0), self.venue.services.first()) {
            let act = Provide {
                service_id: *service_id,
                count: 1 + u32::try_from(turn % 5)?,
                from: Some(at - TimeDelta::hours(1)),
                to: Some(at),
                method: Method::Counted,
            };
            self.teller.tell(self.key("provide"), at, act).await?;
        }
        if let Some(at) = self.at(10, 10).filter(|_| turn.is_multiple_of(7)) {
            let item_kind = HOUSES[self.index].items[0].0;
            let act = TurnAway {
                venue_id: self.venue.venue_id,
                what: AskedFor::Item { item_kind },
                reason: TurnedAwayReason::NothingOnBoard,
                count: 1,
                come_back_at: None,
            };
            self.teller.tell(self.key("turn_away"), at, act).await?;
        }
        Ok(())
    }

    fn prepay(&self, turn: usize, quantity: u32, giver: Giver) -> Prepay {
        let item_id = self.venue.items[turn % self.venue.items.len()];
        Prepay {
            quantity,
            what: What::Item {
                venue_id: self.venue.venue_id,
                item_id,
            },
            placed: Placed::Board,
            giver,
            fund_id: None,
            source: Source::TillCash,
            held_by: HeldBy::Venue,
            campaign: None,
            expires_on: None,
            on_expiry: OnExpiry::CommonFund,
        }
    }

    fn at(&self, hour: u32, past: u32) -> Option<DateTime<Utc>> {
        Some(minute(self.date, hour * 60 + past)).filter(|at| *at <= self.now)
    }

    fn key(&self, act: &str) -> String {
        format!("day/{}/{}/{act}", self.date, self.index)
    }
}

/// One venue is closed for some days.
async fn close(
    teller: &Teller,
    venue: &Admitted,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let from = minute(today - Days::new(1), 0);
    let act = AnnounceClosure {
        venue_id: venue.venue_id,
        from: Some(from),
        to: Some(minute(today + Days::new(3), 0)),
        reason: ClosureReason::Repairs,
    };
    let at = minute(today - Days::new(2), 12 * 60).min(now);
    teller.tell(format!("close/{today}"), at, act).await?;
    Ok(())
}
