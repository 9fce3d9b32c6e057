//! Somebody uses vouchers: from the board (oldest first, a group all or nothing) or by code.

use domain::ids::{ItemId, RedemptionId, VenueId, VoucherId};
use domain::money::Minor;
use domain::venue::{Counter, ListedItem};
use domain::voucher::code::Code;
use domain::voucher::of_the_day::Tally;
use domain::voucher::redeem::{
    MAX_GROUP, Means, Redeem as Decision, RedemptionSource, Refusal as AtVenue,
};
use domain::voucher::{Voucher, VoucherEvent};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::of_the_day::tally;
use super::prepay::counter;
use crate::executor::{Failure, UseCase};
use crate::lookup::{BoardKey, KeyKind};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Refusals that say that somebody else was faster with this voucher.
pub(super) const LOST: [&str; 6] = [
    "unknown_code",
    "already_redeemed",
    "handed_over",
    "expired",
    "refunded",
    "voided",
];
/// How often a pick may be lost before the caller is asked to come again.
pub(super) const LOSSES: u32 = 256;

/// Use vouchers at a venue.
#[derive(Clone, Debug)]
pub struct Redeem {
    /// The venue that hands something out.
    pub venue_id: VenueId,
    /// From the board or by code.
    pub by: By,
    /// How the record comes in.
    pub source: RedemptionSource,
}

/// From the board or by code.
#[derive(Clone, Debug)]
pub enum By {
    /// The oldest on the board.
    Board {
        /// The item.
        item_id: ItemId,
        /// How many, 1 to [`MAX_GROUP`].
        count: u32,
    },
    /// The voucher of this code.
    Code {
        /// The code.
        code: Code,
        /// What is handed out; `None` = the item that the voucher names.
        item_id: Option<ItemId>,
        /// From a credit: the amount, in minor units.
        amount_minor: Option<Minor>,
    },
}

/// What was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VouchersRedeemed)]
pub struct Answer {
    /// One per voucher, in the order of the board.
    pub redemptions: Vec<Redemption>,
}

/// One use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Redemption {
    /// Its id, for undoing it within 15 minutes.
    pub redemption_id: RedemptionId,
    /// The voucher.
    pub voucher_id: VoucherId,
    /// What the voucher covers, in minor units.
    pub settled_minor: Minor,
    /// What is left on it, in minor units.
    pub remaining_minor: Minor,
}

domain::refusals! {
    /// Why nothing is used.
    pub enum Refusal {
        /// 1 to 20 at once.
        #[error("a group uses 1 to {MAX_GROUP} vouchers at once")]
        GroupSize,
        /// The venue does not have the item.
        #[error("the venue does not have this item")]
        UnknownItem,
        /// Fewer are on the board than asked for.
        #[error("{left} are left on the board")]
        NothingOnBoard {
            /// How many are left.
            left: usize
        },
        /// No voucher has this code.
        #[error("this code is not known")]
        UnknownCode,
    }
}

impl UseCase for Redeem {
    const NAME: &'static str = "voucher.redeem";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        match &self.by {
            By::Board { item_id, count } => self.off_the_board(work, *item_id, *count).await,
            By::Code {
                code,
                item_id,
                amount_minor,
            } => self.by_code(work, *code, *item_id, *amount_minor).await,
        }
    }
}

impl Redeem {
    async fn off_the_board(
        &self,
        work: &mut Work,
        item_id: ItemId,
        count: u32,
    ) -> Result<Answer, Failure> {
        if !(1..=MAX_GROUP).contains(&count) {
            return Err(Failure::Refused(Refusal::GroupSize.into()));
        }
        let counter = counter(work, self.venue_id, Some(item_id)).await?;
        let item = counter
            .item
            .clone()
            .ok_or(Failure::Refused(Refusal::UnknownItem.into()))?;
        // Its board is empty soon, but "nothing left" would not be the reason.
        if counter.has_left_at(work.at()) {
            return Err(Failure::Refused(AtVenue::VenueLeft.into()));
        }
        if counter.is_suspended_at(work.at()) {
            return Err(Failure::Refused(AtVenue::VenueSuspended.into()));
        }
        let key = board_key(work, self.venue_id, &item);
        let tally = tally(work, &counter).await?;
        let group_id = (count > 1).then(|| work.new_id::<Uuid>());
        for _ in 0..LOSSES {
            let picked = work
                .pick(&key, usize::try_from(count).unwrap_or(usize::MAX))
                .await?;
            let vouchers =
                picked.map_err(|left| Failure::Refused(Refusal::NothingOnBoard { left }.into()))?;
            let mut redemptions = Vec::with_capacity(vouchers.len());
            for (place, voucher_id) in (1..).zip(&vouchers) {
                let decision = Decision {
                    group_id,
                    group_size: count,
                    tally: tally.map(|tally| Tally { place, ..tally }),
                    ..self.decision(work, &counter, Means::Board).await?
                };
                redemptions.push(redeem_one(work, *voucher_id, decision).await);
            }
            match redemptions.into_iter().collect() {
                Ok(redemptions) => return Ok(Answer { redemptions }),
                // What stood on the board was used, moved or expired since: take the next.
                Err(Failure::Refused(refused)) if LOST.contains(&refused.code.as_str()) => {
                    work.put_back(&vouchers);
                }
                Err(other) => return Err(other),
            }
        }
        Err(Failure::Contended)
    }

    async fn by_code(
        &self,
        work: &mut Work,
        code: Code,
        item_id: Option<ItemId>,
        amount_minor: Option<Minor>,
    ) -> Result<Answer, Failure> {
        let (voucher_id, issue_no) = find(work, code).await?;
        let voucher = work.get::<Voucher>(voucher_id).await?;
        let named = voucher
            .holding()
            .and_then(|holding| holding.terms.kind.item_id());
        let counter = counter(work, self.venue_id, item_id.or(named)).await?;
        let means = Means::Code { issue_no };
        let decision = Decision {
            amount_minor,
            tally: tally(work, &counter).await?,
            ..self.decision(work, &counter, means).await?
        };
        let redemption = redeem_one(work, voucher_id, decision).await?;
        Ok(Answer {
            redemptions: vec![redemption],
        })
    }

    async fn decision(
        &self,
        work: &mut Work,
        counter: &Counter,
        means: Means,
    ) -> Result<Decision, Failure> {
        Ok(Decision {
            redemption_id: work.new_id(),
            at: work.at(),
            group_id: None,
            group_size: 1,
            counter: counter.clone(),
            amount_minor: None,
            means,
            source: self.source,
            price_rise_borne_by: work.policy().await?.price_rise_borne_by,
            tally: None,
        })
    }
}

/// The voucher and the issue that a code stands for.
///
/// # Errors
/// `unknown_code` if nobody has it.
pub async fn find(work: &Work, code: Code) -> Result<(VoucherId, u32), Failure> {
    let digest = work.codes().digest(work.network(), code);
    let value = work.lookup().key(KeyKind::Code, digest).await?;
    let known = value.as_deref().and_then(parse_issue);
    known.ok_or(Failure::Refused(Refusal::UnknownCode.into()))
}

/// What the lookup holds for a code: `voucher id/issue number`.
pub(super) fn parse_issue(value: &str) -> Option<(VoucherId, u32)> {
    let (id, issue_no) = value.split_once('/')?;
    Some((id.parse().ok()?, issue_no.parse().ok()?))
}

pub(super) fn board_key(work: &Work, venue_id: VenueId, item: &ListedItem) -> BoardKey {
    BoardKey {
        network: work.network().to_string(),
        venue_id,
        item_id: item.item_id,
        item_kind: item.kind,
        price_minor: item.price_minor.get(),
    }
}

async fn redeem_one(
    work: &mut Work,
    voucher_id: VoucherId,
    decision: Decision,
) -> Result<Redemption, Failure> {
    let redemption_id = decision.redemption_id;
    let events = work.decide::<Voucher>(voucher_id, decision).await?;
    let Some(VoucherEvent::Redeemed(redeemed)) = events.first() else {
        return Err(Failure::NotFound);
    };
    let (settled_minor, remaining_minor) = (redeemed.settled_minor, redeemed.remaining_minor);
    Ok(Redemption {
        redemption_id,
        voucher_id,
        settled_minor,
        remaining_minor,
    })
}
