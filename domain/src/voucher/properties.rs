//! Whatever is asked of a voucher in whatever order: no value appears, vanishes or is used twice.

use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::hand_over::HandOver;
use super::redeem::{Means, Redeem};
use super::rehome::Rehome;
use super::return_to_board::ReturnToBoard;
use super::revoke_code::RevokeCode;
use super::void::{Void, VoidReason};
use super::{Voucher, VoucherCommand, VoucherEvent, examples};
use crate::Entity;
use crate::ids::RedemptionId;
use crate::network::set_policy::PriceRiseBorneBy;

/// The voucher as an accountant sees it: what came in, and what went where.
#[derive(Debug, Default)]
struct Account {
    prepaid: i64,
    rehomed: i64,
    redeemed: i64,
    given_back: i64,
    uses: usize,
    ended: bool,
}

impl Account {
    fn book(&mut self, event: &VoucherEvent) {
        let may_be_used = !self.ended;
        match event {
            VoucherEvent::Prepaid(e) => self.prepaid += e.kind.value_minor().get(),
            VoucherEvent::Redeemed(e) => {
                assert!(may_be_used, "used after its end");
                self.redeemed += e.used_minor.get();
                self.uses += 1;
            }
            VoucherEvent::RedemptionReversed(e) => {
                assert!(may_be_used, "taken back after its end");
                self.redeemed -= e.used_minor.get();
                self.uses -= 1;
            }
            VoucherEvent::Rehomed(e) => {
                self.rehomed += e.new_value_minor.get() - e.old_value_minor.get();
            }
            VoucherEvent::Expired(e) => self.end(e.remaining_minor.get()),
            VoucherEvent::Refunded(e) => self.end(e.amount_minor.get()),
            VoucherEvent::Voided(e) => {
                assert_eq!(self.uses, 0, "voided after a use");
                self.end(e.amount_minor.get());
            }
            VoucherEvent::CodeIssued(_)
            | VoucherEvent::CodeRevoked(_)
            | VoucherEvent::HandedOver(_)
            | VoucherEvent::Allocated(_)
            | VoucherEvent::ReturnedToBoard(_) => {}
        }
    }

    fn end(&mut self, amount: i64) {
        assert!(!self.ended, "ended twice");
        self.ended = true;
        self.given_back += amount;
    }
}

fn means() -> impl Strategy<Value = Means> {
    prop_oneof![
        Just(Means::Board),
        (1u32..5).prop_map(|issue_no| Means::Code { issue_no }),
    ]
}

fn redeem() -> impl Strategy<Value = VoucherCommand> {
    (0u128..6, means(), 0i64..4000, 0i64..80, any::<bool>()).prop_map(
        |(id, means, amount, day, elsewhere)| {
            let counter = if elsewhere {
                examples::other_counter(6000)
            } else {
                examples::counter()
            };
            let redeem = Redeem {
                redemption_id: RedemptionId(Uuid::from_u128(id)),
                at: examples::redeem().at + TimeDelta::days(day),
                amount_minor: Some(examples::price(amount)),
                means,
                counter,
                ..examples::redeem()
            };
            redeem.into()
        },
    )
}

fn reverse() -> impl Strategy<Value = VoucherCommand> {
    (0u128..6, any::<bool>()).prop_map(|(id, settled)| {
        let mut reverse = examples::reverse_redemption();
        reverse.redemption_id = RedemptionId(Uuid::from_u128(id));
        reverse.by_operator = true;
        reverse.settled = settled;
        reverse.into()
    })
}

fn rehome() -> impl Strategy<Value = VoucherCommand> {
    (any::<bool>(), 5000i64..8000, any::<bool>()).prop_map(|(back, minor, fund_pays)| {
        let mut rehome = examples::rehome(minor);
        if back {
            rehome = Rehome {
                from_venue: examples::OTHER_VENUE,
                to: Some(examples::counter()),
                ..rehome
            };
        }
        if fund_pays {
            rehome.price_rise_borne_by = PriceRiseBorneBy::Fund;
        }
        rehome.into()
    })
}

fn command() -> impl Strategy<Value = VoucherCommand> {
    let revoke = (1u32..5).prop_map(|issue_no| {
        let mut revoke: RevokeCode = examples::revoke_code();
        revoke.revoked.issue_no = issue_no;
        revoke.into()
    });
    let hand_over: HandOver = examples::hand_over();
    prop_oneof![
        6 => redeem(),
        3 => reverse(),
        2 => rehome(),
        2 => Just(examples::issue_code().into()),
        2 => revoke,
        1 => Just(hand_over.into()),
        1 => Just(examples::allocate().into()),
        2 => Just(ReturnToBoard {}.into()),
        1 => Just(examples::expire().into()),
        1 => Just(examples::refund().into()),
        1 => Just(Void { reason: VoidReason::EntryError }.into()),
    ]
}

fn check(voucher: &Voucher, account: &Account) {
    let holding = voucher.holding().expect("prepaid");
    let outstanding = holding.remaining_minor.get();
    let went = outstanding + account.redeemed + account.given_back;
    assert_eq!(account.prepaid + account.rehomed, went, "{account:?}");
    assert!(account.redeemed >= 0, "{account:?}");
    assert_eq!(
        account.ended,
        voucher.usable().is_none() && !is_used(voucher)
    );
    if !is_credit(voucher) {
        assert!(account.uses <= 1, "one item was used twice");
    }
}

fn is_used(voucher: &Voucher) -> bool {
    matches!(voucher, Voucher::Used(_))
}

fn is_credit(voucher: &Voucher) -> bool {
    let holding = voucher.holding();
    holding.is_some_and(|holding| matches!(holding.terms.kind, super::Kind::Credit { .. }))
}

proptest! {
    #[test]
    fn no_value_appears_vanishes_or_is_used_twice(
        credit in any::<bool>(),
        commands in prop::collection::vec(command(), 0..40),
    ) {
        let prepay = if credit { examples::prepay_credit() } else { examples::prepay() };
        let mut voucher = Voucher::Unknown;
        let mut account = Account::default();
        for command in std::iter::once(prepay.into()).chain(commands) {
            // A refusal changes nothing; what is allowed is booked as any reader would book it.
            for event in voucher.decide(&command).unwrap_or_default() {
                account.book(&event);
                voucher.evolve(event);
            }
            check(&voucher, &account);
        }
    }
}
