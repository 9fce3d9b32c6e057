//! An item of which a venue hands out so many a day: which use of the day this is.
//!
//! The day is the network's own. A use that is taken back makes room again. The venue's own gift
//! is its own affair: it is neither counted nor limited.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::redeem::RedemptionSource;

/// Which one of the day it was, recorded for items with a daily limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfTheDay {
    /// The day, in the network's time zone.
    pub day: NaiveDate,
    /// The number of the day, from 1: of uses those taken back too, of those taken back on its own.
    pub number: u32,
}

/// How far the day of an item with a limit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The day, in the network's time zone.
    pub day: NaiveDate,
    /// The most that the venue hands out that day.
    pub limit: u32,
    /// How many were used before this group.
    pub used: u32,
    /// How many of those were taken back.
    pub taken_back: u32,
    /// The place of this use in its group, from 1.
    pub place: u32,
}

impl Tally {
    /// How many are left for that day.
    #[must_use]
    pub fn left(&self) -> u32 {
        let standing = self.used.saturating_sub(self.taken_back);
        self.limit.saturating_sub(standing)
    }

    /// Which one of the day this use is; an error says how many are left, fewer than the group
    /// wants. What was handed out already, and is only recorded now, is counted and never refused.
    pub(super) fn number(
        &self,
        group_size: u32,
        source: RedemptionSource,
    ) -> Result<OfTheDay, u32> {
        let is_decided_now = match source {
            RedemptionSource::Counter => true,
            RedemptionSource::OfflineTill
            | RedemptionSource::PaperTally
            | RedemptionSource::Import => false,
        };
        if is_decided_now && group_size > self.left() {
            return Err(self.left());
        }
        Ok(OfTheDay {
            day: self.day,
            number: self.used.saturating_add(self.place),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::redeem::{Redeem, Refusal, decide};
    use crate::voucher::reverse_redemption;
    use crate::voucher::{VoucherEvent, examples};

    /// The limit, used before, taken back, how many are wanted, and whether it is recorded now.
    #[test]
    fn a_day_has_an_end() {
        use RedemptionSource::{Counter, Import, OfflineTill, PaperTally};
        let table = [
            (2, 0, 0, 2, Counter, Ok(1)),
            (2, 0, 0, 3, Counter, Err(2)),
            (2, 2, 0, 1, Counter, Err(0)),
            (2, 2, 1, 1, Counter, Ok(3)),
            (2, 3, 0, 1, Counter, Err(0)),
            (0, 0, 0, 1, Counter, Err(0)),
            (2, 2, 0, 1, OfflineTill, Ok(3)),
            (2, 2, 0, 1, PaperTally, Ok(3)),
            (2, 2, 0, 1, Import, Ok(3)),
        ];
        for (limit, used, taken_back, group_size, source, expected) in table {
            let tally = Tally {
                limit,
                used,
                taken_back,
                ..examples::tally()
            };
            let command = Redeem {
                group_size,
                source,
                tally: Some(tally),
                ..examples::redeem()
            };
            let found = match decide(&examples::on_the_board(), &command).as_deref() {
                Ok([VoucherEvent::Redeemed(redeemed)]) => {
                    Ok(redeemed.of_the_day.expect("a number").number)
                }
                Err(Refusal::SoldOut { left }) => Err(*left),
                other => panic!("{other:?}"),
            };
            assert_eq!(found, expected, "{limit} {used} {taken_back} {source:?}");
        }
    }

    #[test]
    fn nothing_is_counted_without_a_limit_or_twice() {
        let limited = Redeem {
            tally: Some(examples::tally()),
            ..examples::redeem()
        };
        assert_eq!(decide(&examples::used(), &limited), Ok(vec![]));
        let free = decide(&examples::on_the_board(), &examples::redeem());
        assert!(matches!(
            free.as_deref(),
            Ok([VoucherEvent::Redeemed(redeemed)]) if redeemed.of_the_day.is_none()
        ));
    }

    #[test]
    fn what_is_taken_back_is_counted_only_if_its_use_was() {
        let limited = Redeem {
            tally: Some(examples::tally()),
            ..examples::redeem()
        };
        let back = reverse_redemption::ReverseRedemption {
            taken_back_before: 4,
            ..examples::reverse_redemption()
        };
        let day = examples::tally().day;
        let table = [
            (examples::redeem(), None),
            (limited, Some(OfTheDay { day, number: 5 })),
        ];
        for (used, expected) in table {
            let voucher = examples::after([examples::prepay().into(), used.into()]);
            match reverse_redemption::decide(&voucher, &back).as_deref() {
                Ok([VoucherEvent::RedemptionReversed(reversed)]) => {
                    assert_eq!(reversed.of_the_day, expected);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
