//! The vouchers of a venue that takes none any more go elsewhere, a batch at a time, each batch in
//! one append with the venue's record of it. Only the reaction does this.

use chrono::{DateTime, Utc};
use domain::ids::{ItemId, VenueId, VoucherId};
use domain::money::Minor;
use domain::venue::disposal::{Disposal, Disposed};
use domain::venue::dispose_vouchers::DisposeVouchers as Decision;
use domain::venue::{House, ItemKind, Standing, Venue};
use domain::voucher::refund::{Refund, RefundReason};
use domain::voucher::rehome::Rehome;
use domain::voucher::{Holding, Kind, Voucher};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::reaction::BATCH;
use crate::work::Work;

/// Move or refund the next batch.
#[derive(Clone, Copy, Debug)]
pub struct DisposeVouchers {
    /// The venue.
    pub venue_id: VenueId,
}

impl UseCase for DisposeVouchers {
    const NAME: &'static str = "venue.dispose_vouchers";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let venue = work.get::<Venue>(self.venue_id).await?;
        let house = venue.house().ok_or(Failure::NotFound)?;
        let Disposed::Pending { vouchers, .. } = &house.disposal else {
            return Ok(());
        };
        let Some(reason) = reason(house, work.at()) else {
            return Ok(());
        };
        let network = work.network().to_string();
        let batch = work
            .lookup()
            .vouchers_at(network, self.venue_id, None, BATCH)
            .await?;
        let mut count = 0;
        for voucher_id in &batch {
            count += u32::from(self.dispose(work, *voucher_id, vouchers, reason).await?);
        }
        let command = Decision {
            count,
            all: batch.len() < BATCH,
        };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}

/// Why its vouchers go, once the venue takes none.
fn reason(house: &House, now: DateTime<Utc>) -> Option<RefundReason> {
    match house.standing {
        Standing::Suspended { effective_at } if effective_at <= now => {
            Some(RefundReason::VenueSuspended)
        }
        Standing::Left { effective_at } if effective_at <= now => Some(RefundReason::VenueLeft),
        Standing::Open | Standing::Suspended { .. } | Standing::Left { .. } => None,
    }
}

impl DisposeVouchers {
    /// Moves one voucher, or refunds it where it cannot be moved; says whether it was still there.
    async fn dispose(
        &self,
        work: &mut Work,
        voucher_id: VoucherId,
        disposal: &Disposal,
        reason: RefundReason,
    ) -> Result<bool, Failure> {
        let voucher = work.get::<Voucher>(voucher_id).await?;
        let Some(holding) = voucher.usable() else {
            return Ok(false);
        };
        let rehome = self.rehome(work, holding, disposal).await?;
        if was_done(work.decide::<Voucher>(voucher_id, rehome).await)? {
            return Ok(true);
        }
        // Whoever paid can be given back what was paid; the money of the others stays in the fund.
        let refund = Refund {
            at: work.at(),
            to_donor: false,
            reason,
        };
        was_done(work.decide::<Voucher>(voucher_id, refund).await)
    }

    async fn rehome(
        &self,
        work: &mut Work,
        holding: &Holding,
        disposal: &Disposal,
    ) -> Result<Rehome, Failure> {
        let to = match disposal {
            // What is valid elsewhere too only loses this venue; anything else cannot, and is refunded.
            Disposal::Refund => None,
            Disposal::RehomeTo { venue_id, items } => {
                let venue = work.get::<Venue>(*venue_id).await?;
                let item = counterpart(&venue, holding, |kind| items.get(&kind).copied());
                venue.counter(*venue_id, item)
            }
        };
        Ok(Rehome {
            from_venue: self.venue_id,
            to,
            price_rise_borne_by: work.policy().await?.price_rise_borne_by,
            difference_to: holding.terms.fund_id,
        })
    }
}

/// The item that takes the place of the voucher's: the one that was named for its kind, or the one
/// of its kind that is nearest in price.
fn counterpart(
    venue: &Venue,
    holding: &Holding,
    named: impl Fn(ItemKind) -> Option<ItemId>,
) -> Option<ItemId> {
    let Kind::Item {
        item_kind,
        price_minor,
        ..
    } = &holding.terms.kind
    else {
        return None;
    };
    let items = venue
        .house()
        .into_iter()
        .flat_map(|house| house.items.values());
    let of_kind = items.filter(|item| item.kind == *item_kind && !item.delisted);
    let apart = |price: Minor| price.get().abs_diff(price_minor.get());
    let nearest = of_kind
        .min_by_key(|item| apart(item.price_minor))
        .map(|item| item.item_id);
    named(*item_kind).or(nearest)
}

/// A refusal by the voucher is an answer here: it is dealt with in another way.
fn was_done<T>(decided: Result<T, Failure>) -> Result<bool, Failure> {
    match decided {
        Ok(_) => Ok(true),
        Err(Failure::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
