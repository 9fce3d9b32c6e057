//! Three years of vouchers whose totals are the real ones, with everything around them.

use std::collections::{BTreeMap, HashMap, VecDeque};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, TimeDelta};
use commands::lookup::BoardKey;
use commands::venue::dispose_vouchers::DisposeVouchers;
use commands::venue::resume::Resume;
use commands::venue::suspend::Suspend;
use commands::voucher::expire::Expire;
use commands::voucher::hand_over::HandOver;
use commands::voucher::issue_code::{IssueCode, Vouchers};
use commands::voucher::prepay::{Giver, Prepay, What};
use commands::voucher::redeem::{By, Redeem};
use commands::voucher::refund::Refund;
use commands::voucher::reverse_redemption::ReverseRedemption;
use domain::ids::DonorId;
use domain::text::Label;
use domain::venue::disposal::Disposal;
use domain::voucher::code::Code;
use domain::voucher::redeem::RedemptionSource;
use domain::voucher::refund::RefundReason;
use domain::voucher::reverse_redemption::ReversalReason;
use domain::voucher::{HeldBy, Holder, OnExpiry, Placed, Source};

use super::city::HOUSES;
use super::founding::Town;
use super::plan::{self, Batch, Way};
use super::teller::{Teller, minute};

/// Everything that is drawn by chance follows from this.
const SEED: u64 = 2019;
/// Codes that were handed out and not used yet, by venue and item.
type Codes = HashMap<(usize, usize), VecDeque<Code>>;

/// A purchase or a use, in order of time.
enum Act<'a> {
    Bought(&'a Batch),
    Used(&'a Batch),
}

/// Tells the three years.
///
/// # Errors
/// If an act is refused that should not be.
pub async fn tell(
    teller: &Teller,
    town: &Town,
    donor_id: DonorId,
    progress: &dyn Fn(u64, u64),
) -> anyhow::Result<()> {
    let plans: Vec<_> = plan::PURCHASED
        .iter()
        .map(|(year, _)| (*year, plan::year(*year, SEED)))
        .collect();
    let total: usize = plans
        .iter()
        .map(|(_, plan)| plan.bought.len() + plan.used.len())
        .sum();
    let mut told = 0;
    let mut codes = Codes::new();
    for (year, plan) in &plans {
        let mut acts: Vec<_> = plan.bought.iter().map(Act::Bought).collect();
        acts.extend(plan.used.iter().map(Act::Used));
        acts.sort_by_key(Act::order);
        for (number, act) in acts.iter().enumerate() {
            let key = format!("{year}/{number}");
            match act {
                Act::Bought(batch) if batch.way == Way::Code => {
                    let issued = hand_out(teller, town, &key, batch, donor_id).await?;
                    codes
                        .entry((batch.house, batch.item))
                        .or_default()
                        .extend(issued);
                }
                Act::Bought(batch) => buy(teller, town, &key, batch, donor_id).await?,
                Act::Used(batch) if batch.way == Way::Code => {
                    let codes = codes.entry((batch.house, batch.item)).or_default();
                    show_codes(teller, town, &key, batch, codes).await?;
                }
                Act::Used(batch) => take(teller, town, &key, batch).await?,
            }
            told += 1;
            progress(told, u64::try_from(total)?);
        }
        if *year == 2020 {
            move_house(teller, town).await?;
            expire(teller, town).await?;
        }
    }
    Ok(())
}

impl Act<'_> {
    fn order(&self) -> (NaiveDate, u32, Batch) {
        match self {
            Self::Bought(batch) | Self::Used(batch) => (batch.day, batch.minute, **batch),
        }
    }
}

async fn buy(
    teller: &Teller,
    town: &Town,
    key: &str,
    batch: &Batch,
    donor_id: DonorId,
) -> anyhow::Result<()> {
    let at = minute(batch.day, batch.minute);
    let giver = if batch.count == 8 {
        Giver::Known(donor_id)
    } else {
        Giver::Nobody
    };
    teller
        .tell(
            format!("buy/{key}"),
            at,
            prepay(town, batch, Placed::Board, giver)?,
        )
        .await?;
    Ok(())
}

fn prepay(town: &Town, batch: &Batch, placed: Placed, giver: Giver) -> anyhow::Result<Prepay> {
    let venue = &town.venues[batch.house];
    let shelter = batch.way == Way::Shelter;
    let last_day = date(
        if batch.day < date(2021, 1, 1) {
            2020
        } else {
            2021
        },
        12,
        31,
    );
    let campaign: Option<Label> = shelter.then(|| "crisis-2020".parse()).transpose()?;
    Ok(Prepay {
        quantity: batch.count,
        what: What::Item {
            venue_id: venue.venue_id,
            item_id: venue.items[batch.item],
        },
        placed,
        giver,
        fund_id: None,
        source: if shelter {
            Source::Platform
        } else {
            Source::TillCash
        },
        held_by: if shelter {
            HeldBy::Network
        } else {
            HeldBy::Venue
        },
        campaign,
        expires_on: Some(last_day),
        on_expiry: OnExpiry::CommonFund,
    })
}

/// Taken from the board.
async fn take(teller: &Teller, town: &Town, key: &str, batch: &Batch) -> anyhow::Result<()> {
    let at = minute(batch.day, batch.minute);
    let venue = &town.venues[batch.house];
    let by = By::Board {
        item_id: venue.items[batch.item],
        count: batch.count,
    };
    let act = Redeem {
        venue_id: venue.venue_id,
        by,
        source: RedemptionSource::Counter,
    };
    let used = teller.tell(format!("use/{key}"), at, act.clone()).await?;
    // Now and then somebody presses the button once too often, takes it back and presses again.
    if batch.count == 1 && key.ends_with("77") {
        for redemption in used.answer.redemptions {
            let back = ReverseRedemption {
                voucher_id: redemption.voucher_id,
                redemption_id: redemption.redemption_id,
                reason: ReversalReason::Mistake,
            };
            teller
                .tell(format!("undo/{key}"), at + TimeDelta::minutes(2), back)
                .await?;
        }
        teller
            .tell(format!("again/{key}"), at + TimeDelta::minutes(3), act)
            .await?;
    }
    Ok(())
}

/// An organisation gets a sheet of codes and hands them out.
async fn hand_out(
    teller: &Teller,
    town: &Town,
    key: &str,
    batch: &Batch,
    donor_id: DonorId,
) -> anyhow::Result<Vec<Code>> {
    let at = minute(batch.day, batch.minute);
    let organisation_id = town.organisations[1];
    let placed = Placed::Organisation { organisation_id };
    let act = prepay(town, batch, placed, Giver::Known(donor_id))?;
    let prepaid = teller.tell(format!("buy/{key}"), at, act).await?.answer;
    let act = IssueCode {
        vouchers: Vouchers::OfPrepayment(prepaid.prepayment_id),
        to: Holder::Organisation { organisation_id },
        on_a_sheet: true,
    };
    let issued = teller.tell(format!("sheet/{key}"), at, act).await?.answer;
    let mut codes = Vec::new();
    for issue in issued.issues {
        let voucher_id = issue.voucher_id;
        let district = HOUSES[batch.house].district.parse()?;
        let hand_over = HandOver {
            voucher_id,
            district: Some(district),
        };
        teller
            .tell(
                format!("hand/{voucher_id}"),
                at + TimeDelta::hours(1),
                hand_over,
            )
            .await?;
        codes.push(
            teller
                .desk
                .codes()
                .code(&teller.network, voucher_id, issue.issue_no),
        );
    }
    Ok(codes)
}

/// Somebody shows a code at the counter; the first one is shown twice.
async fn show_codes(
    teller: &Teller,
    town: &Town,
    key: &str,
    batch: &Batch,
    codes: &mut VecDeque<Code>,
) -> anyhow::Result<()> {
    let at = minute(batch.day, batch.minute);
    let venue = &town.venues[batch.house];
    for number in 0..batch.count {
        let code = codes.pop_front().context("a code that was handed out")?;
        let by = By::Code {
            code,
            item_id: Some(venue.items[batch.item]),
            amount_minor: None,
        };
        let act = Redeem {
            venue_id: venue.venue_id,
            by,
            source: RedemptionSource::Counter,
        };
        teller
            .tell(format!("show/{key}/{number}"), at, act.clone())
            .await?;
        if number == 0 {
            let refused = teller.refused(format!("twice/{key}"), at, act).await?;
            anyhow::ensure!(refused.code == "already_redeemed", "not {}", refused.code);
        }
    }
    Ok(())
}

/// At the end of 2020 a venue is suspended for repairs; what is on its board moves to another.
async fn move_house(teller: &Teller, town: &Town) -> anyhow::Result<()> {
    let (from, to) = (town.venues[0].venue_id, town.venues[8].venue_id);
    let at = minute(date(2020, 12, 30), 16 * 60);
    let vouchers = Disposal::RehomeTo {
        venue_id: to,
        items: BTreeMap::new(),
    };
    let suspend = Suspend {
        venue_id: from,
        effective_at: None,
        vouchers,
    };
    teller.tell("suspend", at, suspend).await?;
    let later = at + TimeDelta::minutes(1);
    teller
        .follow("dispose", later, DisposeVouchers { venue_id: from })
        .await?;
    let resumed = minute(date(2021, 1, 4), 8 * 60);
    teller
        .tell("resume", resumed, Resume { venue_id: from })
        .await?;
    Ok(())
}

/// What nobody used by the end of 2020 goes to the fund, after the window for late records; two
/// donors wish it earlier.
async fn expire(teller: &Teller, town: &Town) -> anyhow::Result<()> {
    let before = minute(date(2020, 12, 31), 10 * 60);
    let after = minute(date(2021, 1, 4), 6 * 60);
    let mut wishes = 2;
    for (house, venue) in town.venues.iter().enumerate() {
        for (item, item_id) in venue.items.iter().enumerate() {
            let (kind, _, price) = HOUSES[house].items[item];
            let key = BoardKey {
                network: teller.network.to_string(),
                venue_id: venue.venue_id,
                item_id: *item_id,
                item_kind: kind,
                price_minor: price,
            };
            let left = teller
                .desk
                .lookup()
                .board(key, DateTime::UNIX_EPOCH, 500)
                .await;
            for voucher_id in left.context("looking at a board")? {
                if wishes > 0 {
                    wishes -= 1;
                    let reason = RefundReason::DonorsWish;
                    let act = Refund {
                        voucher_id,
                        to_donor: false,
                        reason,
                    };
                    teller
                        .tell(format!("refund/{voucher_id}"), before, act)
                        .await?;
                } else {
                    let act = Expire { voucher_id };
                    teller
                        .follow(format!("expire/{voucher_id}"), after, act)
                        .await?;
                }
            }
        }
    }
    Ok(())
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}
