//! Which voucher is used where, by which means and for how much; and how it is refused.

use super::*;
use crate::venue::ItemKind;
use crate::voucher::{ValidAt, examples};

fn redeemed(command: &Redeem) -> Redeemed {
    match decide(&examples::on_the_board(), command).as_deref() {
        Ok([VoucherEvent::Redeemed(redeemed)]) => redeemed.clone(),
        other => panic!("one redemption, not {other:?}"),
    }
}

#[test]
fn a_voucher_on_the_board_is_used_at_its_venue() {
    let redeemed = redeemed(&examples::redeem());
    assert_eq!(redeemed.settled_minor, examples::price(6500));
    assert_eq!(redeemed.difference_borne_by, DifferenceBorneBy::None);
    assert_eq!(redeemed.remaining_minor, Minor::ZERO);
}

/// What the venue is owed when its price changed since the prepayment of 65.00.
#[test]
fn a_changed_price_is_borne_as_the_policy_says() {
    use DifferenceBorneBy::{Fund, Venue};
    let table = [
        (7000, PriceRiseBorneBy::Venue, 6500, Venue),
        (7000, PriceRiseBorneBy::Fund, 7000, Fund),
        (6000, PriceRiseBorneBy::Venue, 6000, Fund),
        (6000, PriceRiseBorneBy::Fund, 6000, Fund),
    ];
    for (today, policy, settled, borne_by) in table {
        let mut command = examples::redeem();
        command.price_rise_borne_by = policy;
        command.counter.item.as_mut().expect("an item").price_minor = examples::price(today);
        let redeemed = redeemed(&command);
        assert_eq!(
            redeemed.settled_minor,
            examples::price(settled),
            "{today} {policy:?}"
        );
        assert_eq!(redeemed.difference_borne_by, borne_by, "{today} {policy:?}");
    }
}

#[test]
fn a_voucher_is_used_once() {
    let mut again = examples::redeem();
    again.redemption_id = RedemptionId(Uuid::from_u128(99));
    let refusal = decide(&examples::used(), &again);
    assert_eq!(
        refusal,
        Err(Refusal::AlreadyRedeemed {
            at: examples::redeem().at
        })
    );
}

#[test]
fn a_voucher_is_not_used_from_its_last_instant_on() {
    let mut late = examples::redeem();
    late.at = examples::prepay().prepaid.expires_at.expect("a last day");
    assert_eq!(
        decide(&examples::on_the_board(), &late),
        Err(Refusal::Expired)
    );
    late.at -= chrono::TimeDelta::microseconds(1);
    assert!(decide(&examples::on_the_board(), &late).is_ok());
}

#[test]
fn another_venue_cannot_use_it() {
    let mut elsewhere = examples::redeem();
    elsewhere.counter.venue_id = VenueId(Uuid::from_u128(77));
    assert_eq!(
        decide(&examples::on_the_board(), &elsewhere),
        Err(Refusal::WrongVenue)
    );
}

#[test]
fn a_code_that_was_never_issued_is_refused() {
    let mut by_code = examples::redeem();
    by_code.means = Means::Code { issue_no: 1 };
    assert_eq!(
        decide(&examples::on_the_board(), &by_code),
        Err(Refusal::CodeRevoked)
    );
}

#[test]
fn a_voucher_that_ended_says_how() {
    use crate::voucher::void::{Void, VoidReason};
    let void = Void {
        reason: VoidReason::Fraud,
    };
    let ends: [(crate::voucher::VoucherCommand, Refusal); 3] = [
        (examples::expire().into(), Refusal::Expired),
        (examples::refund().into(), Refusal::Refunded),
        (void.into(), Refusal::Voided),
    ];
    for (end, refusal) in ends {
        let voucher = examples::after([examples::prepay().into(), end]);
        assert_eq!(decide(&voucher, &examples::redeem()), Err(refusal));
    }
}

#[test]
fn an_older_code_stops_being_valid_when_the_next_is_issued() {
    let commands = [
        examples::prepay().into(),
        examples::issue_code().into(),
        examples::issue_code().into(),
    ];
    let voucher = examples::after(commands);
    let by = |issue_no| Redeem {
        means: Means::Code { issue_no },
        ..examples::redeem()
    };
    assert_eq!(decide(&voucher, &by(1)), Err(Refusal::CodeRevoked));
    assert!(decide(&voucher, &by(2)).is_ok());
}

#[test]
fn a_credit_is_used_in_parts_and_never_beyond_its_balance() {
    let left = |commands: &[i64]| {
        let uses = commands
            .iter()
            .map(|minor| examples::redeem_amount(*minor).into());
        examples::after([examples::prepay_credit().into()].into_iter().chain(uses))
    };
    let voucher = left(&[4000, 5000]);
    let remaining_minor = examples::price(1000);
    assert_eq!(
        decide(&voucher, &examples::redeem_amount(1001)),
        Err(Refusal::InsufficientBalance { remaining_minor })
    );
    assert!(left(&[4000, 5000, 1000]).usable().is_none());
}

#[test]
fn the_same_redemption_again_changes_nothing() {
    assert_eq!(decide(&examples::used(), &examples::redeem()), Ok(vec![]));
}

#[test]
fn what_left_the_board_is_not_used_from_it() {
    let handed_over = Err(Refusal::HandedOver);
    assert_eq!(
        decide(&examples::with_a_code(), &examples::redeem()),
        handed_over
    );
}

#[test]
fn another_item_of_the_same_kind_is_not_handed_out_for_it() {
    let mut other = examples::redeem();
    other.counter.item.as_mut().expect("an item").item_id = ItemId(Uuid::from_u128(78));
    let refusal = decide(&examples::on_the_board(), &other);
    assert_eq!(refusal, Err(Refusal::WrongItem));
}

#[test]
fn nothing_of_a_credit_is_no_amount() {
    let credit = examples::after([examples::prepay_credit().into()]);
    let refusal = decide(&credit, &examples::redeem_amount(0));
    assert_eq!(refusal, Err(Refusal::AmountMissing));
}

#[test]
fn any_venue_hands_out_one_of_its_kind_up_to_its_price() {
    let mut prepay = examples::prepay();
    prepay.counters.clear();
    prepay.prepaid.valid_at = ValidAt::Network {
        item_kind: ItemKind::HotDrink,
        max_price_minor: examples::price(6500),
    };
    prepay.prepaid.kind = Kind::Item {
        item_id: None,
        item_kind: ItemKind::HotDrink,
        name: "Coffee".parse().expect("a name"),
        price_minor: examples::price(6500),
    };
    prepay.prepaid.placed = Placed::Donor;
    let voucher = examples::after([prepay.into(), examples::issue_code().into()]);
    let of = |kind, minor| {
        let mut command = examples::redeem();
        command.means = Means::Code { issue_no: 1 };
        let item = command.counter.item.as_mut().expect("an item");
        (item.kind, item.price_minor) = (kind, examples::price(minor));
        decide(&voucher, &command).map(|events| events.len())
    };
    assert_eq!(of(ItemKind::HotDrink, 6500), Ok(1));
    assert_eq!(of(ItemKind::HotDrink, 6501), Err(Refusal::WrongVenue));
    assert_eq!(of(ItemKind::Soup, 6500), Err(Refusal::WrongVenue));
}
