//! What is bought and used in the three years, drawn from a seed: how many, where, on which day.
//!
//! The totals are the real ones of the network's own publications: 170 purchased in 2019, 2,255
//! purchased in 2020, 1,337 prepaid in 2021 and all of those used.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::city::{HOUSES, lunch_houses};

/// Vouchers purchased in 2019, 2020 and 2021.
pub const PURCHASED: [(i32, u32); 3] = [(2019, 170), (2020, 2_255), (2021, 1_337)];
/// Lunches for shelters in the seven weeks of spring 2020, among those of 2020.
const CRISIS_LUNCHES: u32 = 2_000;
/// At most so many of those of 2021 are handed out by an organisation, by code.
const BY_CODE: u32 = 60;
/// Those of 2019 and 2020 that nobody used in time.
const LEFT_OVER: u32 = 38;

/// A number of vouchers of one item of one venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Batch {
    /// The day.
    pub day: NaiveDate,
    /// The minute of the day, local time.
    pub minute: u32,
    /// The venue, by its place in the list.
    pub house: usize,
    /// The item, by its place in the venue's list.
    pub item: usize,
    /// How many.
    pub count: u32,
    /// Who pays for them and who uses them.
    pub way: Way,
}

/// Who pays for vouchers and who uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// A guest at the till; anybody from the board.
    Board,
    /// A donation to the network; a shelter, by twenties.
    Shelter,
    /// A guest at the till; somebody to whom an organisation hands a code.
    Code,
}

/// What is bought and what is used.
pub struct Plan {
    /// In order of time.
    pub bought: Vec<Batch>,
    /// In order of time; never more than was bought before.
    pub used: Vec<Batch>,
}

/// The plan of one year.
///
/// Of the years 2019 and 2020 some vouchers are left over; of 2021 all are used within the year.
#[must_use]
pub fn year(year: i32, seed: u64) -> Plan {
    let mut chance = StdRng::seed_from_u64(seed ^ u64::from(year.unsigned_abs()));
    let total = PURCHASED
        .iter()
        .find(|(of, _)| *of == year)
        .map_or(0, |(_, total)| *total);
    let crisis = if year == 2020 { CRISIS_LUNCHES } else { 0 };
    let mut plan = Plan {
        bought: guests(year, total - crisis, &mut chance),
        used: Vec::new(),
    };
    plan.bought.extend(shelters(crisis, &mut chance));
    if year == 2021 {
        hand_out(&mut plan.bought);
    }
    let keep = match year {
        2019 => 8,
        2020 => LEFT_OVER - 8,
        _ => 0,
    };
    plan.used = uses(&plan.bought, year, keep, &mut chance);
    plan.bought.sort();
    plan.used.sort();
    plan
}

/// What guests buy at the till: one to eight at a time, on working days between January (2019:
/// September) and the middle of December.
fn guests(year: i32, mut left: u32, chance: &mut StdRng) -> Vec<Batch> {
    let first = if year == 2019 { 244 } else { 4 };
    let mut bought = Vec::new();
    while left > 0 {
        let count = chance.random_range(1..=8).min(left);
        left -= count;
        let house = chance.random_range(0..HOUSES.len());
        bought.push(Batch {
            day: working_day(year, chance.random_range(first..345)),
            minute: chance.random_range(11 * 60..14 * 60),
            house,
            item: chance.random_range(0..HOUSES[house].items.len()),
            count,
            way: Way::Board,
        });
    }
    bought
}

/// Lunches for shelters, paid from donations to the network, in seven weeks of spring 2020.
fn shelters(mut left: u32, chance: &mut StdRng) -> Vec<Batch> {
    let houses = lunch_houses();
    let mut bought = Vec::new();
    for week in 0..7 {
        let day = NaiveDate::from_ymd_opt(2020, 3, 23).unwrap_or_default() + Days::new(7 * week);
        let share = if week == 6 {
            left
        } else {
            (left / (7 - u32::try_from(week).unwrap_or(0))).min(left)
        };
        left -= share;
        if share == 0 {
            continue;
        }
        let house = houses[chance.random_range(0..houses.len())];
        let item = HOUSES[house]
            .items
            .iter()
            .position(|item| item.2 == 13_500)
            .unwrap_or_default();
        bought.push(Batch {
            day,
            minute: 10 * 60 + 40,
            house,
            item,
            count: share,
            way: Way::Shelter,
        });
    }
    bought
}

/// Some purchases are handed out by an organisation instead of waiting on the board.
fn hand_out(bought: &mut [Batch]) {
    let mut left = BY_CODE;
    for batch in bought.iter_mut().filter(|batch| batch.count >= 5) {
        if left >= batch.count {
            left -= batch.count;
            batch.way = Way::Code;
        }
    }
}

/// Each purchase is used by guests one to four at a time in the days after it, lunches for
/// shelters by twenties in the same week; `keep` are left over.
fn uses(bought: &[Batch], year: i32, keep: u32, chance: &mut StdRng) -> Vec<Batch> {
    let last = NaiveDate::from_ymd_opt(year, 12, 30).unwrap_or_default();
    let mut keep = keep;
    let mut used = Vec::new();
    for batch in bought {
        let shelter = batch.way == Way::Shelter;
        let kept = if shelter {
            0
        } else {
            keep.min(batch.count / 2)
        };
        keep -= kept;
        let mut left = batch.count - kept;
        let mut day = batch.day;
        while left > 0 {
            let count = if shelter {
                20
            } else {
                chance.random_range(1..=4)
            }
            .min(left);
            left -= count;
            if !shelter {
                day = (day + Days::new(chance.random_range(1..6))).min(last);
            }
            let minute = chance.random_range(14 * 60 + 5..14 * 60 + 55);
            used.push(Batch {
                day: open_day(day, batch.day),
                minute,
                count,
                ..*batch
            });
        }
    }
    used
}

fn working_day(year: i32, ordinal: u32) -> NaiveDate {
    let day = NaiveDate::from_yo_opt(year, ordinal.clamp(1, 365)).unwrap_or_default();
    open_day(day, day)
}

/// The day itself, or the Monday or Friday next to it that is not before `first`.
fn open_day(day: NaiveDate, first: NaiveDate) -> NaiveDate {
    let back = match day.weekday() {
        Weekday::Sat => 1,
        Weekday::Sun => 2,
        _ => 0,
    };
    let earlier = day - Days::new(back);
    if earlier >= first {
        earlier
    } else {
        day + Days::new(3 - back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_totals_of_the_years_are_the_real_ones() {
        for (of, total) in PURCHASED {
            let bought: u32 = year(of, 7).bought.iter().map(|batch| batch.count).sum();
            assert_eq!(bought, total, "{of}");
        }
        let used = |of| {
            year(of, 7)
                .used
                .iter()
                .map(|batch| batch.count)
                .sum::<u32>()
        };
        assert_eq!(used(2019) + used(2020), 170 + 2_255 - LEFT_OVER);
        assert_eq!(used(2021), 1_337);
    }

    #[test]
    fn nothing_is_used_before_it_is_bought() {
        for (of, _) in PURCHASED {
            let plan = year(of, 7);
            let mut acts: Vec<_> = plan.bought.iter().map(|batch| (batch, 1)).collect();
            acts.extend(plan.used.iter().map(|batch| (batch, -1)));
            acts.sort_by_key(|(batch, sign)| (batch.day, batch.minute, -sign));
            let mut boards = BTreeMap::new();
            for (batch, sign) in acts {
                let board: &mut i64 = boards.entry((batch.house, batch.item)).or_default();
                *board += sign * i64::from(batch.count);
                assert!(*board >= 0, "{of}: {batch:?}");
                assert_eq!(batch.day.year(), of, "{batch:?}");
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_plan() {
        assert_eq!(year(2020, 7).used, year(2020, 7).used);
    }
}
