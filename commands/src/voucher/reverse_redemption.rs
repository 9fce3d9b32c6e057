//! A use is taken back: by the venue's staff within 15 minutes, by an operator until it is settled.

use domain::Entity;
use domain::ids::{RedemptionId, VenueId, VoucherId};
use domain::venue::Venue;
use domain::venue::disposal::Disposed;
use domain::voucher::refund::{Refund, RefundReason};
use domain::voucher::reverse_redemption::{ReversalReason, ReverseRedemption as Decision};
use domain::voucher::{Voucher, VoucherEvent};
use uuid::Uuid;

use super::of_the_day::taken_back_before;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, May, Principal};
use crate::work::Work;

/// Take a use back.
#[derive(Clone, Copy, Debug)]
pub struct ReverseRedemption {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// The use.
    pub redemption_id: RedemptionId,
    /// Why.
    pub reason: ReversalReason,
}

impl UseCase for ReverseRedemption {
    const NAME: &'static str = "voucher.reverse_redemption";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        match &who.may {
            May::Scope(domain::access::Scope::Venue { .. }) => Ok(()),
            _ => who.operator(),
        }
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let voucher = work.get::<Voucher>(self.voucher_id).await?;
        let holding = voucher.holding().ok_or(Failure::NotFound)?;
        let use_of_it = holding
            .redemption(self.redemption_id)
            .ok_or(Failure::NotFound)?;
        work.who().venue(use_of_it.venue_id)?;
        let taken_back_before = taken_back_before(work, use_of_it).await?;
        let corrected = self.event_id(work).await?;
        work.corrects(corrected);
        let command = Decision {
            redemption_id: self.redemption_id,
            at: work.at(),
            by_operator: work.who().is_operator(),
            // Nothing is settled until settlements exist as acts.
            settled: false,
            taken_back_before,
            reason: self.reason,
        };
        let venue_id = use_of_it.venue_id;
        work.decide::<Voucher>(self.voucher_id, command).await?;
        self.give_back(work, venue_id).await
    }
}

impl ReverseRedemption {
    /// A voucher whose venue's other vouchers went elsewhere already would be stranded there.
    async fn give_back(&self, work: &mut Work, venue_id: VenueId) -> Result<(), Failure> {
        let venue = work.get::<Venue>(venue_id).await?;
        let gone = matches!(
            venue.house().map(|house| &house.disposal),
            Some(Disposed::Done { .. })
        );
        if gone {
            let reason = RefundReason::VenueLeft;
            let refund = Refund {
                at: work.at(),
                to_donor: false,
                reason,
            };
            let id = self.voucher_id;
            work.decide_after::<Voucher>(id, id, refund).await?;
        }
        Ok(())
    }

    /// The event that recorded the use, which the reversal points at.
    async fn event_id(&self, work: &Work) -> Result<Uuid, Failure> {
        let is_it = |event: &VoucherEvent| match event {
            VoucherEvent::Redeemed(redeemed) => redeemed.redemption_id == self.redemption_id,
            _ => false,
        };
        let found = work
            .event_id::<Voucher>(Voucher::stream(self.voucher_id), is_it)
            .await?;
        found.ok_or(Failure::NotFound)
    }
}
