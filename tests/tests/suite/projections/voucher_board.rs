//! What waits on the boards, through everything that can happen to a voucher.

use std::sync::Arc;

use domain::ids::{ItemId, OrganisationId, VenueId, VoucherId};
use domain::venue::delist_item::ItemDelisted;
use domain::venue::disposal::Disposal;
use domain::venue::leave::Left;
use domain::venue::{ItemKind, Venue};
use domain::voucher::allocate::Allocated;
use domain::voucher::expire::{Expired, MovedTo};
use domain::voucher::redeem::MeansKind;
use domain::voucher::refund::{RefundReason, Refunded, RefundedTo};
use domain::voucher::rehome::Rehomed;
use domain::voucher::return_to_board::ReturnedToBoard;
use domain::voucher::reverse_redemption::{RedemptionReversed, ReversalReason};
use domain::voucher::void::{VoidReason, Voided};
use domain::voucher::{Voucher, VoucherEvent};
use projections::answer::Seen;
use projections::voucher_board::VoucherBoard;
use projections::voucher_board::query::{Filter, VenueBoard, VoucherBoardAnswer, voucher_board};
use tests::acts::{Story, instant, minor};
use tests::views::{folded, is_the_same_however_it_is_built, stops_at_what_it_does_not_know};

/// A café with coffee and soup, and three coffees and a soup that wait there.
struct Cafe {
    story: Story,
    venue: VenueId,
    coffee: ItemId,
    soup: ItemId,
    coffees: Vec<VoucherId>,
}

fn cafe() -> Cafe {
    let mut story = Story::new("praha");
    let venue = story.at("2026-11-02T09:00:00Z").venue("Na Rohu");
    let coffee = story.item(venue, "Coffee", ItemKind::HotDrink, 6500);
    let soup = story.item(venue, "Soup", ItemKind::Soup, 8000);
    let coffees = story.prepay(3, |paid| paid.for_item(venue, coffee).until("2026-12-31"));
    story.at("2026-11-03T09:00:00Z");
    story.prepay(1, |paid| paid.for_item(venue, soup));
    Cafe {
        story,
        venue,
        coffee,
        soup,
        coffees,
    }
}

impl Cafe {
    fn voucher(&mut self, place: usize, event: impl Into<VoucherEvent>) -> &mut Self {
        self.story.act::<Voucher>(self.coffees[place], event.into());
        self
    }

    fn take(&mut self, place: usize) -> domain::ids::RedemptionId {
        self.story
            .redeem(self.coffees[place], self.venue, self.coffee)
    }

    /// The board of the coffee now.
    async fn coffee(&self) -> VenueBoard {
        let answer = boards(&self.story, "2026-11-04T09:00:00Z", |_| ()).await;
        let coffee = |board: &VenueBoard| board.item_id == Some(self.coffee);
        answer
            .boards
            .into_iter()
            .find(coffee)
            .expect("the coffee's board")
    }

    async fn waiting_and_redeemed(&self) -> (i64, i64) {
        let board = self.coffee().await;
        (board.count.on_board, board.count.redeemed)
    }
}

async fn boards(story: &Story, now: &str, change: impl FnOnce(&mut Filter)) -> VoucherBoardAnswer {
    let views = folded(Arc::new(VoucherBoard), story).await;
    let mut filter = Filter {
        network: "praha".parse().expect("a slug"),
        venue_id: None,
        item_kind: None,
        limit: 50,
        cursor: None,
    };
    change(&mut filter);
    voucher_board(&views, &filter, Seen::default(), instant(now))
        .await
        .expect("an answer")
}

#[tokio::test]
async fn a_board_says_how_many_wait_since_when_and_until_when() {
    let cafe = cafe();
    let board = cafe.coffee().await;
    assert_eq!(board.venue_name, "Na Rohu");
    assert_eq!(board.item_name.as_deref(), Some("Coffee"));
    assert_eq!(
        (board.item_kind, board.price_minor),
        (Some(ItemKind::HotDrink), Some(6500))
    );
    assert_eq!(
        (board.count.on_board, board.count.on_board_minor),
        (3, 19500)
    );
    assert_eq!(
        board.count.oldest_since,
        Some(instant("2026-11-02T09:00:00Z"))
    );
    assert_eq!(
        board.count.next_expires_at,
        Some(instant("2026-12-31T23:00:00Z"))
    );
}

#[tokio::test]
async fn a_use_takes_one_off_and_a_reversal_puts_it_back() {
    let mut cafe = cafe();
    let redemption_id = cafe.take(0);
    cafe.take(1);
    assert_eq!(cafe.waiting_and_redeemed().await, (1, 2));
    let venue_id = cafe.venue;
    cafe.voucher(
        0,
        RedemptionReversed {
            redemption_id,
            venue_id,
            used_minor: minor(6500),
            settled_minor: minor(6500),
            reason: ReversalReason::Mistake,
            returned_to: MeansKind::Board,
            remaining_minor: minor(6500),
            of_the_day: None,
        },
    );
    assert_eq!(cafe.waiting_and_redeemed().await, (2, 1));
}

#[tokio::test]
async fn what_an_organisation_holds_waits_nowhere_until_it_is_back() {
    let mut cafe = cafe();
    let organisation_id = OrganisationId(uuid::Uuid::from_u128(77));
    cafe.voucher(
        0,
        Allocated {
            organisation_id,
            return_by: None,
        },
    );
    assert_eq!(cafe.waiting_and_redeemed().await, (2, 0));
    cafe.voucher(0, ReturnedToBoard {});
    assert_eq!(cafe.waiting_and_redeemed().await, (3, 0));
}

#[tokio::test]
async fn what_ended_waits_no_longer() {
    let mut cafe = cafe();
    let fund_id = domain::ids::FundId::common(&cafe.story.network());
    cafe.voucher(
        0,
        Voided {
            amount_minor: minor(6500),
            reason: VoidReason::EntryError,
        },
    );
    cafe.voucher(
        1,
        Refunded {
            amount_minor: minor(6500),
            to: RefundedTo::Fund { fund_id },
            reason: RefundReason::DonorsWish,
        },
    );
    cafe.voucher(
        2,
        Expired {
            remaining_minor: minor(6500),
            moved_to: MovedTo::Fund { fund_id },
        },
    );
    let board = cafe.coffee().await;
    assert_eq!((board.count.on_board, board.count.on_board_minor), (0, 0));
    assert_eq!(board.count.oldest_since, None);
}

#[tokio::test]
async fn a_voucher_that_moves_waits_on_the_other_board() {
    let mut cafe = cafe();
    let from_venue = cafe.venue;
    let other = cafe.story.venue("U Lva");
    let their_coffee = cafe.story.item(other, "Espresso", ItemKind::HotDrink, 6000);
    let coffee = cafe.coffee;
    cafe.voucher(
        0,
        Rehomed {
            from_venue,
            to_venue: Some(other),
            old_item: Some(coffee),
            new_item: Some(their_coffee),
            new_item_name: None,
            old_value_minor: minor(6500),
            new_value_minor: minor(6000),
            difference_to: None,
        },
    );
    assert_eq!(cafe.waiting_and_redeemed().await, (2, 0));
    let answer = boards(&cafe.story, "2026-11-04T09:00:00Z", |filter| {
        filter.venue_id = Some(other);
    });
    let answer = answer.await;
    assert_eq!(answer.boards.len(), 1);
    assert_eq!(answer.boards[0].count.on_board_minor, 6000);
}

#[tokio::test]
async fn at_the_counter_a_voucher_is_expired_before_anybody_records_it() {
    let cafe = cafe();
    let at = |now: &'static str| boards(&cafe.story, now, |_| ());
    let coffee = |answer: VoucherBoardAnswer| answer.boards[0].count.clone();
    let before = coffee(at("2026-12-31T22:59:59Z").await);
    assert_eq!((before.on_board, before.on_board_minor), (3, 19500));
    let after = coffee(at("2026-12-31T23:00:00Z").await);
    assert_eq!((after.on_board, after.on_board_minor), (0, 0));
    assert_eq!((after.oldest_since, after.next_expires_at), (None, None));
}

#[tokio::test]
async fn a_voucher_for_the_whole_network_counts_where_it_was_used_and_among_the_shared() {
    let mut cafe = cafe();
    let shared = cafe
        .story
        .prepay(2, |paid| paid.anywhere(ItemKind::HotDrink, 7000));
    cafe.story.redeem(shared[0], cafe.venue, cafe.coffee);
    let answer = boards(&cafe.story, "2026-11-04T09:00:00Z", |_| ()).await;
    let board = &answer.shared[0];
    assert_eq!(
        (board.item_kind, board.max_price_minor),
        (Some(ItemKind::HotDrink), Some(7000))
    );
    assert_eq!((board.count.on_board, board.count.redeemed), (1, 1));
    assert_eq!(cafe.waiting_and_redeemed().await, (3, 1));
}

async fn meal_boards(story: &Story) -> VoucherBoardAnswer {
    boards(story, "2026-11-04T09:00:00Z", |filter| {
        filter.item_kind = Some(ItemKind::Meal);
    })
    .await
}

#[tokio::test]
async fn a_voucher_for_several_venues_waits_at_each_until_one_of_them_hands_it_out() {
    let mut cafe = cafe();
    let other = cafe.story.venue("U Lva");
    let venues = [cafe.venue, other];
    let any = cafe
        .story
        .prepay(1, |paid| paid.at_any_of(&venues, ItemKind::Meal, 15000));
    let meals = |answer: VoucherBoardAnswer| -> Vec<i64> {
        answer
            .boards
            .iter()
            .map(|board| board.count.on_board)
            .collect()
    };
    assert_eq!(meals(meal_boards(&cafe.story).await), [1, 1]);
    cafe.story.redeem_part(any[0], other, None, 15000);
    assert_eq!(meals(meal_boards(&cafe.story).await), [0; 0]);
}

#[tokio::test]
async fn a_credit_waits_with_what_is_left_of_it() {
    let mut cafe = cafe();
    let venue = cafe.venue;
    let credit = cafe.story.prepay(1, |paid| paid.credit(venue, 50000))[0];
    cafe.story.redeem_part(credit, venue, None, 20000);
    let answer = boards(&cafe.story, "2026-11-04T09:00:00Z", |_| ()).await;
    let credit = answer
        .boards
        .iter()
        .find(|board| board.item_kind.is_none())
        .expect("a credit");
    assert_eq!(
        (credit.count.on_board, credit.count.on_board_minor),
        (1, 30000)
    );
    assert_eq!(credit.count.redeemed, 1);
}

#[tokio::test]
async fn pages_follow_one_another_without_gaps() {
    let mut cafe = cafe();
    for name in ["Alfa", "Beta", "Beta"] {
        let venue = cafe.story.venue(name);
        cafe.story.item(venue, "Tea", ItemKind::HotDrink, 4000);
    }
    let whole = boards(&cafe.story, "2026-11-04T09:00:00Z", |_| ()).await;
    let (mut pieces, mut cursor) = (Vec::new(), None);
    loop {
        let page = boards(&cafe.story, "2026-11-04T09:00:00Z", |filter| {
            (filter.limit, filter.cursor) = (2, cursor);
        });
        let page = page.await;
        pieces.extend(page.boards);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pieces, whole.boards);
    assert_eq!(pieces.len(), 5);
}

#[tokio::test]
async fn another_network_sees_nothing_of_it() {
    let mut cafe = cafe();
    cafe.story.elsewhere("lodz");
    let answer = boards(&cafe.story, "2026-11-04T09:00:00Z", |filter| {
        filter.network = "lodz".parse().expect("a slug");
    });
    let answer = answer.await;
    assert_eq!((answer.boards.len(), answer.shared.len()), (0, 0));
}

#[tokio::test]
async fn it_is_the_same_however_it_is_built_and_stops_at_what_it_does_not_know() {
    let mut cafe = cafe();
    let (venue, soup) = (cafe.venue, cafe.soup);
    let redemption = cafe.take(0);
    cafe.voucher(
        0,
        RedemptionReversed {
            redemption_id: redemption,
            venue_id: venue,
            used_minor: minor(6500),
            settled_minor: minor(6500),
            reason: ReversalReason::Mistake,
            returned_to: MeansKind::Board,
            remaining_minor: minor(6500),
            of_the_day: None,
        },
    );
    cafe.take(0);
    let soups = cafe.story.prepay(40, |paid| paid.for_item(venue, soup));
    for voucher in &soups[..20] {
        cafe.story.redeem(*voucher, venue, soup);
    }
    is_the_same_however_it_is_built(Arc::new(VoucherBoard), &cafe.story).await;
    stops_at_what_it_does_not_know(Arc::new(VoucherBoard), cafe.story).await;
}

#[tokio::test]
async fn a_venue_that_left_has_no_board_any_more() {
    let mut cafe = cafe();
    let left = Left {
        effective_at: instant("2026-11-04T00:00:00Z"),
        vouchers: Disposal::Refund,
    };
    cafe.story.act::<Venue>(cafe.venue, left);
    let count = |answer: VoucherBoardAnswer| answer.boards.len();
    assert_eq!(
        count(boards(&cafe.story, "2026-11-03T23:59:59Z", |_| ()).await),
        2
    );
    assert_eq!(
        count(boards(&cafe.story, "2026-11-04T00:00:00Z", |_| ()).await),
        0
    );
}

#[tokio::test]
async fn an_item_that_is_no_longer_sold_is_shown_while_something_waits_for_it() {
    let mut cafe = cafe();
    for item_id in [cafe.coffee, cafe.soup] {
        cafe.story
            .act::<Venue>(cafe.venue, ItemDelisted { item_id });
    }
    for place in 0..3 {
        cafe.take(place);
    }
    let answer = boards(&cafe.story, "2026-11-04T09:00:00Z", |_| ()).await;
    let items: Vec<_> = answer
        .boards
        .iter()
        .filter_map(|board| board.item_id)
        .collect();
    assert_eq!(items, [cafe.soup]);
}
