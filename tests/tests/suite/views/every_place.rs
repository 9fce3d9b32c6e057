//! Where to go, where help is wanted and what districts lack: each engine says the same.

use domain::help::{Category, Window};
use domain::ids::MemberId;
use domain::service::{Provider, ServiceKind};
use domain::text::Slug;
use domain::venue::ItemKind;
use projections::answer::Seen;
use projections::geography::Point;
use projections::help_board::query::Viewer;
use projections::store::ReadStore;
use projections::venue_availability::query::Near;
use projections::{district_coverage, help_board, rebuild, venue_availability, voucher_board};
use serde::Serialize;
use tests::acts::{Story, instant};
use tests::views::shown;

use super::engines;

const HELPER: MemberId = MemberId(uuid::Uuid::from_u128(71));

fn city() -> Story {
    let mut story = Story::new("praha");
    story.at("2026-11-02T09:00:00Z");
    story
        .district("1", "Praha 1", 20_000)
        .district("3", "Praha 3", 80_000);
    let organisation_id = story.organisation("Naděje");
    for number in 0..9u32 {
        let district = if number % 2 == 0 { "1" } else { "3" };
        let place = story.place(
            &format!("Ulice {number}"),
            district,
            50.08 + f64::from(number) / 100.0,
            14.45,
        );
        let provider = Provider::Organisation { organisation_id };
        story.free(
            provider,
            place,
            ServiceKind::Meal,
            Some("Mo-Su 11:00-13:00"),
        );
        if number % 3 == 0 {
            continue;
        }
        let venue = story.venue_at(&format!("Kavárna {number}"), place);
        story.hours(venue, "Mo-Fr 08:00-18:00; PH off");
        story.free_at(venue, place, ServiceKind::Water);
        let coffee = story.item(venue, "Coffee", ItemKind::HotDrink, 6500);
        let vouchers = story.prepay(3, |paid| paid.for_item(venue, coffee).until("2026-11-02"));
        story.redeem(vouchers[0], venue, coffee);
        story.prepay(1, |paid| paid.credit(venue, 50000));
        let request = story.request(district, Category::Meals);
        story.claim_request(request, HELPER);
        story.task(district, "Cook", number);
    }
    story.prepay(2, |paid| paid.anywhere(ItemKind::HotDrink, 7000));
    story
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string_pretty(answer).expect("JSON")
}

async fn hosts(store: &dyn ReadStore, network: &Slug, now: &str) -> Vec<String> {
    use venue_availability::query::{Filter, venue_availability};
    let all = Filter {
        network: network.clone(),
        service_kind: None,
        item_kind: None,
        on_board: false,
        district_code: None,
        open_at: None,
        near: None,
        text: None,
        limit: 4,
        cursor: None,
    };
    let near = Near {
        point: Point {
            latitude: 50_080_000,
            longitude: 14_450_000,
        },
        radius_m: 4_000,
    };
    let filters = [
        all.clone(),
        Filter {
            near: Some(near),
            on_board: true,
            open_at: Some(instant("2026-11-02T10:30:00Z")),
            ..all.clone()
        },
        Filter {
            service_kind: Some(ServiceKind::Meal),
            item_kind: Some(ItemKind::HotDrink),
            district_code: "1".parse().ok(),
            text: Some("KAVÁRNA".into()),
            ..all
        },
    ];
    let mut answers = Vec::new();
    for filter in filters {
        let answer = venue_availability(store, &filter, Seen::default(), instant(now)).await;
        let answer = answer.expect("an answer");
        let cursor = answer.next_cursor.clone();
        answers.push(json(&answer));
        let next = Filter { cursor, ..filter };
        let answer = venue_availability(store, &next, Seen::default(), instant(now)).await;
        answers.push(json(&answer.expect("an answer")));
    }
    answers
}

async fn boards(store: &dyn ReadStore, network: &Slug, now: &str) -> Vec<String> {
    use voucher_board::query::{Filter, voucher_board};
    let mut answers = Vec::new();
    let (mut cursor, mut venue_id) = (None, None);
    for item_kind in [None, Some(ItemKind::HotDrink), None] {
        let filter = Filter {
            network: network.clone(),
            venue_id,
            item_kind,
            limit: 5,
            cursor: cursor.take(),
        };
        let answer = voucher_board(store, &filter, Seen::default(), instant(now)).await;
        let answer = answer.expect("an answer");
        cursor.clone_from(&answer.next_cursor);
        venue_id = answer
            .boards
            .first()
            .filter(|_| item_kind.is_some())
            .map(|board| board.venue_id);
        answers.push(json(&answer));
    }
    answers
}

async fn help(store: &dyn ReadStore, network: &Slug, now: &str) -> Vec<String> {
    use help_board::query::{Filter, help_board};
    let all = Filter {
        network: network.clone(),
        district_code: None,
        category: None,
        window: None,
        limit: 2,
        cursor: None,
    };
    let (from, to) = (
        instant("2026-11-03T00:00:00Z"),
        instant("2026-11-04T00:00:00Z"),
    );
    let narrow = Filter {
        district_code: "1".parse().ok(),
        category: Some(Category::Meals),
        window: Some(Window { from, to }),
        ..all.clone()
    };
    let mut answers = Vec::new();
    for viewer in [
        Viewer::Public,
        Viewer::Member(HELPER),
        Viewer::Coordinator { districts: None },
    ] {
        for filter in [&all, &narrow] {
            let answer = help_board(store, filter, &viewer, Seen::default(), instant(now)).await;
            let answer = answer.expect("an answer");
            let next = Filter {
                cursor: answer.next_cursor.clone(),
                ..filter.clone()
            };
            answers.push(json(&answer));
            let answer = help_board(store, &next, &viewer, Seen::default(), instant(now)).await;
            answers.push(json(&answer.expect("an answer")));
        }
    }
    answers
}

async fn districts(store: &dyn ReadStore, network: &Slug, now: &str) -> Vec<String> {
    use district_coverage::query::{Filter, district_coverage};
    let mut answers = Vec::new();
    for (week, limit) in [(None, 1), ("2026-W47".parse().ok(), 100)] {
        let filter = Filter {
            network: network.clone(),
            district_code: None,
            week,
            boundaries: week.is_some(),
            exact: limit == 1,
            limit,
            cursor: None,
        };
        let answer = district_coverage(store, &filter, Seen::default(), instant(now)).await;
        answers.push(json(&answer.expect("an answer").expect("a network")));
    }
    answers
}

#[tokio::test]
async fn every_engine_says_the_same_of_places_and_of_help() {
    let story = city();
    let (log, network) = (story.log(), story.network());
    let mut first: Option<Vec<String>> = None;
    for engine in engines().await {
        let views = &*engine.store;
        for fold in projections::folds() {
            let copy = shown(fold.model(), fold.tables(), views).await;
            let filled = rebuild::fill(&fold, copy, &log, views, i64::MAX, |_, _| ()).await;
            filled.expect("folded");
        }
        let mut said = Vec::new();
        for now in ["2026-11-02T11:30:00Z", "2026-11-02T23:00:00Z"] {
            said.extend(hosts(views, &network, now).await);
            said.extend(boards(views, &network, now).await);
            said.extend(help(views, &network, now).await);
            said.extend(districts(views, &network, now).await);
        }
        match &first {
            None => first = Some(said),
            Some(expected) => {
                for (answer, expected) in said.iter().zip(expected) {
                    assert_eq!(answer, expected, "{}", engine.name);
                }
            }
        }
    }
}
