//! What breaks an invariant is found and named, whoever wrote it into the log: nothing of these
//! acts was decided, as nothing is that an owner of the database adds.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::access::grant::Granted;
use domain::access::{Access, AccessEvent, Scope};
use domain::envelope::Recorded;
use domain::ids::{AccessId, FundId, ItemId, RedemptionId, VenueId, VoucherId};
use domain::venue::disposal::Disposal;
use domain::venue::dispose_vouchers::{How, VouchersDisposed};
use domain::venue::leave::Left;
use domain::venue::{ItemKind, Venue, VenueEvent};
use domain::voucher::expire::{Expired, MovedTo};
use domain::voucher::redeem::{DifferenceBorneBy, MeansKind};
use domain::voucher::refund::{RefundReason, Refunded, RefundedTo};
use domain::voucher::rehome::Rehomed;
use domain::voucher::reverse_redemption::{RedemptionReversed, ReversalReason};
use domain::voucher::void::{VoidReason, Voided};
use domain::voucher::{Voucher, VoucherEvent};
use projections::conserve::report::report;
use projections::conserve::{Conserve, Invariant};
use projections::ledger::Ledger;
use tests::acts::{ListLog, Story, minor};
use tests::lives::Lives;

use super::standing;

/// A café, its coffee for 65.00 and a second café.
struct Town {
    story: Story,
    venue: VenueId,
    coffee: ItemId,
    other: VenueId,
}

impl Town {
    fn new() -> Self {
        let mut story = Story::new("praha");
        let venue = story.at("2026-11-02T09:00:00Z").venue("Na Rohu");
        let coffee = story.item(venue, "Coffee", ItemKind::HotDrink, 6500);
        let other = story.venue("U Lva");
        Self {
            story,
            venue,
            coffee,
            other,
        }
    }

    fn prepay(&mut self) -> VoucherId {
        let (venue, coffee) = (self.venue, self.coffee);
        self.story.prepay(1, |paid| paid.for_item(venue, coffee))[0]
    }

    fn credit(&mut self, amount: i64) -> VoucherId {
        let venue = self.venue;
        self.story.prepay(1, |paid| paid.credit(venue, amount))[0]
    }

    fn redeem(&mut self, voucher: VoucherId) -> RedemptionId {
        self.story
            .redeem_part(voucher, self.venue, Some(self.coffee), 6500)
    }

    /// A use that says whatever this makes of it.
    fn redeem_but(
        &mut self,
        voucher: VoucherId,
        change: impl FnOnce(&mut domain::voucher::redeem::Redeemed),
    ) {
        let mut redeemed = domain::voucher::redeem::Redeemed {
            redemption_id: self.story.id(),
            at: self.story.now(),
            group_id: None,
            group_size: 1,
            venue_id: self.venue,
            item_id: Some(self.coffee),
            used_minor: minor(6500),
            settled_minor: minor(6500),
            venue_price_minor: minor(6500),
            difference_borne_by: DifferenceBorneBy::None,
            means: MeansKind::Board,
            source: domain::voucher::redeem::RedemptionSource::Counter,
            remaining_minor: minor(0),
            of_the_day: None,
        };
        change(&mut redeemed);
        self.act(voucher, redeemed);
    }

    fn act(&mut self, voucher: VoucherId, event: impl Into<VoucherEvent>) {
        self.story.act::<Voucher>(voucher, event.into());
    }

    fn refund(&mut self, voucher: VoucherId) {
        let refunded = Refunded {
            amount_minor: minor(6500),
            to: RefundedTo::Fund {
                fund_id: FundId::common(&self.story.network()),
            },
            reason: RefundReason::DonorsWish,
        };
        self.act(voucher, refunded);
    }

    fn void(&mut self, voucher: VoucherId) {
        let voided = Voided {
            amount_minor: minor(6500),
            reason: VoidReason::EntryError,
        };
        self.act(voucher, voided);
    }

    fn leave(&mut self) {
        let left = Left {
            effective_at: self.story.now(),
            vouchers: Disposal::Refund,
        };
        self.story.act::<Venue>(self.venue, VenueEvent::from(left));
    }

    fn rehome(&mut self, voucher: VoucherId, new_value: i64, difference_to: Option<FundId>) {
        let rehomed = Rehomed {
            from_venue: self.venue,
            to_venue: Some(self.other),
            old_item: None,
            new_item: None,
            new_item_name: None,
            old_value_minor: minor(6500),
            new_value_minor: minor(new_value),
            difference_to,
        };
        self.act(voucher, rehomed);
    }
}

/// What is broken where: the invariant and the position.
async fn broken(events: Vec<Recorded>) -> Vec<(Invariant, i64)> {
    let log = ListLog::of(events.clone());
    let checked = standing(Arc::new(Conserve), &log, None).await;
    let checked = checked.expect("a log that can be read");
    let ledger = standing(Arc::new(Ledger), &log, None).await;
    let ledger = ledger.as_ref().map_err(ToString::to_string);
    let mut broken = Vec::new();
    let told = report(&checked, ledger, |violation| {
        let at = violation.position;
        if let Ok(place) = usize::try_from(at - 1) {
            let event = &events[place].record;
            assert_eq!(violation.stream, event.aggregate_id.to_string());
            assert_eq!(violation.act, event.event_type);
        }
        broken.push((violation.invariant.parse().expect("a name"), at));
        Ok(())
    });
    let told = told.await.expect("a store");
    assert_eq!(told.holds(), broken.is_empty());
    broken
}

/// Checks that the last act breaks this invariant, and that nothing was broken before it.
async fn names(invariant: Invariant, town: &Town) {
    names_in(invariant, town.story.recorded().to_vec()).await;
}

async fn names_in(invariant: Invariant, events: Vec<Recorded>) {
    let last = events.last().expect("an act").position;
    let before = events[..events.len() - 1].to_vec();
    assert_eq!(broken(before).await, [], "{invariant}: the story is sound");
    let found = broken(events).await;
    assert!(found.contains(&(invariant, last)), "{invariant}: {found:?}");
    let elsewhere = found.iter().any(|(_, at)| *at != last && *at != 0);
    assert!(!elsewhere, "{invariant}: {found:?}");
}

#[tokio::test]
async fn lives_that_were_decided_break_nothing() {
    let mut lives = Lives::new();
    let a_coffee = lives.prepay(0, |paid| paid);
    let dearer = lives.prepay(0, |paid| paid);
    lives.prepay(1, |paid| paid.credit(VenueId(uuid::Uuid::nil()), 20_000));
    for (voucher, price) in [(a_coffee, 6500), (dearer, 7000)] {
        let redeem = lives.redeem(voucher, 0, price);
        assert!(lives.ask(voucher, redeem));
    }
    let found = broken(lives.story.recorded().to_vec()).await;
    // The credit names a venue that nobody admitted.
    let unknown: Vec<_> = found.iter().map(|(invariant, _)| *invariant).collect();
    assert_eq!(unknown, [Invariant::NotStranded]);
}

#[tokio::test]
async fn a_second_use_is_named() {
    let mut town = Town::new();
    let voucher = town.prepay();
    town.redeem(voucher);
    town.redeem_but(voucher, |_| ());
    names(Invariant::RedeemedOnce, &town).await;
    names(Invariant::MoneyEquation, &town).await;
    names(Invariant::WithinBalance, &town).await;
}

#[tokio::test]
async fn a_credit_beyond_its_balance_is_named() {
    let mut town = Town::new();
    let credit = town.credit(10_000);
    town.redeem_but(credit, |e| {
        e.used_minor = minor(10_001);
        e.settled_minor = minor(10_001);
        e.venue_price_minor = minor(10_001);
    });
    names(Invariant::WithinBalance, &town).await;
    names(Invariant::MoneyEquation, &town).await;
}

#[tokio::test]
async fn what_was_never_prepaid_is_named() {
    let mut town = Town::new();
    let nowhere: VoucherId = town.story.id();
    town.redeem_but(nowhere, |_| ());
    names(Invariant::PrepaidFirst, &town).await;
    names(Invariant::StageEntered, &town).await;
}

#[tokio::test]
async fn a_use_after_its_end_is_named() {
    let mut town = Town::new();
    let (refunded, voided) = (town.prepay(), town.prepay());
    town.refund(refunded);
    town.void(voided);
    let sound = town.story.recorded().to_vec();
    town.redeem_but(refunded, |_| ());
    names(Invariant::NotAfterRefunded, &town).await;
    let mut town = Town::new();
    let (refunded, voided) = (town.prepay(), town.prepay());
    town.refund(refunded);
    town.void(voided);
    assert_eq!(town.story.recorded(), sound);
    town.refund(voided);
    names(Invariant::NotAfterVoided, &town).await;
}

#[tokio::test]
async fn a_use_after_expiry_is_named_whether_it_was_recorded_or_not() {
    let mut town = Town::new();
    let (venue, coffee) = (town.venue, town.coffee);
    let until = |paid: tests::acts::Paid| paid.for_item(venue, coffee).until("2026-11-10");
    let voucher = town.story.prepay(1, until)[0];
    town.story.at("2026-11-12T09:00:00Z");
    town.redeem_but(voucher, |_| ());
    names(Invariant::NotAfterExpired, &town).await;

    let mut town = Town::new();
    let voucher = town.story.prepay(1, until)[0];
    town.story.at("2026-11-20T09:00:00Z");
    let fund_id = FundId::common(&town.story.network());
    let expired = Expired {
        remaining_minor: minor(6500),
        moved_to: MovedTo::Fund { fund_id },
    };
    town.act(voucher, expired);
    town.rehome(voucher, 6500, None);
    names(Invariant::NotAfterExpired, &town).await;
}

#[tokio::test]
async fn a_flow_with_one_side_is_named() {
    let mut town = Town::new();
    let voucher = town.prepay();
    town.redeem_but(voucher, |e| e.settled_minor = minor(9900));
    names(Invariant::TwoSided, &town).await;

    let mut town = Town::new();
    let voucher = town.prepay();
    town.rehome(voucher, 6000, None);
    names(Invariant::TwoSided, &town).await;
    names(Invariant::RehomedEquation, &town).await;
}

#[tokio::test]
async fn a_use_where_it_is_not_valid_is_named() {
    let mut town = Town::new();
    let (voucher, other) = (town.prepay(), town.other);
    town.redeem_but(voucher, |e| e.venue_id = other);
    names(Invariant::ValidThere, &town).await;
}

#[tokio::test]
async fn a_use_that_is_taken_back_twice_is_named() {
    let mut town = Town::new();
    let voucher = town.prepay();
    let redemption_id = town.redeem(voucher);
    let reversed = RedemptionReversed {
        redemption_id,
        venue_id: town.venue,
        used_minor: minor(6500),
        settled_minor: minor(6500),
        reason: ReversalReason::Mistake,
        returned_to: MeansKind::Board,
        remaining_minor: minor(6500),
        of_the_day: None,
    };
    town.act(voucher, reversed.clone());
    town.act(voucher, reversed);
    names(Invariant::ReversedOnce, &town).await;
}

#[tokio::test]
async fn a_stranded_voucher_is_named() {
    let mut town = Town::new();
    let left_over = town.prepay();
    town.leave();
    let disposed = VouchersDisposed {
        how: How::Refunded,
        to: None,
        count: 0,
        all: true,
    };
    town.story
        .act::<Venue>(town.venue, VenueEvent::from(disposed));
    names(Invariant::NotStranded, &town).await;

    // Nobody has said that all went, and a day later one still waits.
    let mut town = Town::new();
    assert_eq!(town.prepay(), left_over);
    town.leave();
    town.story.after(TimeDelta::days(1)).venue("Za Vodou");
    let found = broken(town.story.recorded().to_vec()).await;
    assert_eq!(found, [(Invariant::NotStranded, 0)]);
}

#[tokio::test]
async fn more_claims_than_slots_are_named() {
    let mut town = Town::new();
    let task = town.story.task("500054", "Soup", 1);
    let (first, second) = (town.story.id(), town.story.id());
    town.story.claim_task(task, first);
    town.story.claim_task(task, second);
    names(Invariant::WithinSlots, &town).await;
}

#[tokio::test]
async fn a_stream_that_begins_twice_or_in_the_middle_is_named() {
    let mut town = Town::new();
    let (voucher, venue) = (town.prepay(), town.venue);
    let again = town
        .story
        .recorded()
        .last()
        .expect("a voucher")
        .record
        .payload
        .clone();
    town.story
        .stored("voucher", voucher.0, "voucher.prepaid", "1", again);
    names(Invariant::StageEntered, &town).await;
    names(Invariant::PrepaidFirst, &town).await;

    let mut events = Town::new().story.recorded().to_vec();
    let last = events.last_mut().expect("an act");
    last.record.aggregate_id = venue.0;
    names_in(Invariant::StageEntered, events).await;
}

#[tokio::test]
async fn a_number_that_is_left_out_and_another_network_are_named() {
    let mut town = Town::new();
    town.prepay();
    let changes: [fn(&mut Recorded); 2] = [
        |event| event.record.sequence += 1,
        |event| event.record.network = "brno".into(),
    ];
    for change in changes {
        let mut events = town.story.recorded().to_vec();
        change(events.last_mut().expect("an act"));
        names_in(Invariant::SequenceMonotone, events).await;
    }
}

#[tokio::test]
async fn an_act_that_happened_too_late_or_too_early_is_named() {
    let mut town = Town::new();
    town.prepay();
    for by in [TimeDelta::minutes(6), -TimeDelta::days(31)] {
        let mut events = town.story.recorded().to_vec();
        events.last_mut().expect("an act").record.occurred_at += by;
        names_in(Invariant::OccurredInBounds, events).await;
    }
}

/// Records of before are dated back without a bound by whoever may import them.
#[tokio::test]
async fn an_import_may_date_back() {
    let mut town = Town::new();
    let access: AccessId = town.story.id();
    let granted = Granted {
        network: town.story.network(),
        scope: Scope::Operator { import: true },
        token_digest: "00".repeat(32),
        until: None,
    };
    town.story.act::<Access>(access, AccessEvent::from(granted));
    town.prepay();
    let mut events = town.story.recorded().to_vec();
    let record = &mut events.last_mut().expect("an act").record;
    record.occurred_at -= TimeDelta::days(400);
    let by_anybody = record.metadata.clone();
    let actor = uuid::Uuid::from_u128(1).to_string();
    record.metadata = by_anybody.replace(&actor, &access.to_string());
    assert_eq!(broken(events.clone()).await, []);
    events.last_mut().expect("an act").record.metadata = by_anybody;
    names_in(Invariant::OccurredInBounds, events).await;
}

#[tokio::test]
async fn what_the_ledger_cannot_follow_is_said_too() {
    let mut town = Town::new();
    let nowhere: VoucherId = town.story.id();
    town.redeem_but(nowhere, |_| ());
    let found = broken(town.story.recorded().to_vec()).await;
    assert!(found.contains(&(Invariant::LedgerAgrees, 0)), "{found:?}");
}
