//! What districts have and lack.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::help::Category;
use domain::help_request::HelpRequest;
use domain::help_request::close_unmet::{ClosedUnmet, UnmetReason};
use domain::ids::{PlaceId, VenueId};
use domain::place::Place;
use domain::place::close::Closed;
use domain::service::{Provider, Service, ServiceKind};
use domain::venue::announce_closure::{ClosureAnnounced, ClosureReason};
use domain::venue::disposal::Disposal;
use domain::venue::suspend::Suspended;
use domain::venue::turn_away::{AskedFor, TurnedAway, TurnedAwayReason};
use domain::venue::{ItemKind, Venue};
use projections::answer::Seen;
use projections::district_coverage::DistrictCoverage;
use projections::district_coverage::geojson::feature_collection;
use projections::district_coverage::query::{
    DistrictCoverageAnswer, DistrictReport, Filter, district_coverage,
};
use tests::acts::{Story, instant};
use tests::views::{folded, is_the_same_however_it_is_built, stops_at_what_it_does_not_know};

/// A Monday, ten o'clock in Prague, in week 45.
const MONDAY: &str = "2026-11-02T09:00:00Z";

/// Two districts; in the first a café with water, open forty hours a week.
struct City {
    story: Story,
    place: PlaceId,
    venue: VenueId,
}

fn city() -> City {
    let mut story = Story::new("praha");
    story.at(MONDAY);
    story
        .district("1", "Praha 1", 20_000)
        .district("3", "Praha 3", 80_000);
    let place = story.place("Žižkov", "1", 50.087, 14.45);
    let venue = story.venue_at("Na Rohu", place);
    story.hours(venue, "Mo-Fr 08:00-16:00; PH off");
    story.free_at(venue, place, ServiceKind::Water);
    City {
        story,
        place,
        venue,
    }
}

async fn ask(story: &Story, say: impl FnOnce(&mut Filter)) -> DistrictCoverageAnswer {
    ask_at(story, story.now(), say).await
}

async fn ask_at(
    story: &Story,
    now: DateTime<Utc>,
    say: impl FnOnce(&mut Filter),
) -> DistrictCoverageAnswer {
    let views = folded(Arc::new(DistrictCoverage), story).await;
    let mut filter = Filter {
        network: "praha".parse().expect("a slug"),
        district_code: None,
        week: None,
        boundaries: false,
        exact: false,
        limit: 100,
        cursor: None,
    };
    say(&mut filter);
    let answer = district_coverage(&views, &filter, Seen::default(), now).await;
    answer.expect("an answer").expect("a network")
}

async fn first(story: &Story) -> DistrictReport {
    ask(story, |_| ()).await.districts.remove(0)
}

async fn water_hours(story: &Story, week: &str) -> i64 {
    let week = week.parse().expect("a week");
    let answer = ask(story, |filter| filter.week = Some(week)).await;
    answer.districts[0].services[0].open_minutes / 60
}

#[tokio::test]
async fn a_district_says_what_it_has_and_what_it_lacks() {
    let answer = ask(&city().story, |_| ()).await;
    assert_eq!(answer.week, "2026-W45");
    let [first, third] = answer.districts.as_slice() else {
        panic!("{answer:?}");
    };
    assert_eq!((first.places, first.venues), (1, 1));
    assert_eq!(first.venue_open_minutes, 40 * 60);
    assert_eq!(
        (first.services[0].kind, first.services[0].services),
        (ServiceKind::Water, 1)
    );
    assert!(!first.missing_services.contains(&ServiceKind::Water));
    let rates = first.per_10000.expect("people live there");
    assert!((rates.venues - 0.5).abs() < 1e-9);
    assert_eq!((third.places, third.services.len()), (0, 0));
    assert_eq!(third.missing_services.len(), 10);
}

#[tokio::test]
async fn a_public_holiday_and_a_closure_shorten_the_week() {
    let mut city = city();
    assert_eq!(water_hours(&city.story, "2026-W45").await, 40);
    assert_eq!(water_hours(&city.story, "2026-W47").await, 32);
    let closure_id = city.story.id();
    city.story.act::<Venue>(
        city.venue,
        ClosureAnnounced {
            at: instant(MONDAY),
            closure_id,
            from: instant("2026-11-05T11:00:00Z"),
            to: Some(instant("2026-11-06T11:00:00Z")),
            reason: ClosureReason::Repairs,
        },
    );
    assert_eq!(water_hours(&city.story, "2026-W45").await, 32);
    assert_eq!(water_hours(&city.story, "2026-W46").await, 40);
}

#[tokio::test]
async fn hours_in_which_two_are_there_count_once() {
    let mut city = city();
    let organisation_id = city.story.organisation("Naděje");
    let provider = Provider::Organisation { organisation_id };
    let street = city.story.place("Nádraží", "1", 50.08, 14.43);
    city.story.free(
        provider,
        street,
        ServiceKind::Water,
        Some("Mo-Fr 12:00-20:00"),
    );
    let district = first(&city.story).await;
    assert_eq!(district.services[0].services, 2);
    assert_eq!(district.services[0].open_minutes, 60 * 60);
    assert_eq!(district.venue_open_minutes, 40 * 60);
    city.story.act::<Place>(street, Closed {});
    assert_eq!(first(&city.story).await.services[0].services, 1);
}

#[tokio::test]
async fn what_is_paused_or_suspended_is_not_there_from_then_on() {
    let mut city = city();
    let service = city
        .story
        .free_at(city.venue, city.place, ServiceKind::Toilet);
    let until = Some(instant("2026-11-04T23:00:00Z"));
    city.story
        .act::<Service>(service, domain::service::pause::Paused { until });
    let services = first(&city.story).await.services;
    // Two hours of Monday are over; Monday's other six, Tuesday's and Wednesday's eight are lost.
    assert_eq!(services[1].open_minutes, (2 + 16) * 60);
    city.story.act::<Venue>(
        city.venue,
        Suspended {
            effective_at: instant("2026-11-06T00:00:00Z"),
            vouchers: Disposal::Refund,
        },
    );
    assert_eq!(first(&city.story).await.venue_open_minutes, 32 * 60);
}

#[tokio::test]
async fn vouchers_and_people_turned_away_count_where_the_venue_is() {
    let mut city = city();
    let (venue, coffee) = (
        city.venue,
        city.story
            .item(city.venue, "Coffee", ItemKind::HotDrink, 6500),
    );
    let vouchers = city.story.prepay(3, |paid| paid.for_item(venue, coffee));
    city.story
        .prepay(2, |paid| paid.for_item(venue, coffee).until("2026-11-02"));
    city.story
        .prepay(4, |paid| paid.anywhere(ItemKind::HotDrink, 7000));
    city.story.redeem(vouchers[0], venue, coffee);
    for reason in [
        TurnedAwayReason::Closed,
        TurnedAwayReason::NothingOnBoard,
        TurnedAwayReason::Closed,
    ] {
        city.story.act::<Venue>(
            venue,
            TurnedAway {
                what: AskedFor::Item {
                    item_kind: ItemKind::Soup,
                },
                reason,
                count: 3,
                come_back_at: None,
            },
        );
    }
    let district = first(&city.story).await;
    assert_eq!(
        (district.vouchers_on_board, district.vouchers_redeemed),
        (4, 1)
    );
    let counts: Vec<i64> = district.turned_away.iter().map(|row| row.count).collect();
    assert_eq!(counts, [6, 3]);
    city.story.at("2026-11-02T23:00:00Z");
    assert_eq!(first(&city.story).await.vouchers_on_board, 2);
}

#[tokio::test]
async fn a_few_requests_are_not_told_exactly_nor_what_follows_from_them() {
    let mut city = city();
    for hours in 1..=4 {
        let request = city.story.request("1", Category::Meals);
        city.story.after(TimeDelta::hours(hours)).fulfil(request);
        city.story.request("1", Category::Meals);
    }
    let help = next_day(&city.story).await.help_requests;
    assert_eq!((help.open.count, help.open.less_than), (None, Some(5)));
    assert_eq!(
        (help.fulfilled.less_than, help.median_minutes_to_fulfilment),
        (Some(5), None)
    );
    assert_eq!(help.unmet.less_than, Some(5), "none looks like a few");
    let rates = next_day(&city.story)
        .await
        .per_10000
        .expect("people live there");
    assert_eq!(rates.help_requests_open, None);

    let exact = ask(&city.story, |filter| filter.exact = true)
        .await
        .districts
        .remove(0);
    assert_eq!(exact.help_requests.open.count, Some(4));
    assert_eq!(exact.help_requests.median_minutes_to_fulfilment, Some(150));

    let request = city.story.request("1", Category::Meals);
    let at = city.story.now();
    let reason = UnmetReason::NobodyFound;
    city.story
        .act::<HelpRequest>(request, ClosedUnmet { reason, at });
    let last = city.story.request("1", Category::Meals);
    city.story.after(TimeDelta::hours(5)).fulfil(last);
    let help = next_day(&city.story).await.help_requests;
    assert_eq!(
        (help.fulfilled.count, help.median_minutes_to_fulfilment),
        (Some(5), Some(180))
    );
    assert_eq!(help.unmet.less_than, Some(5));
}

/// What the public is told the day after.
async fn next_day(story: &Story) -> DistrictReport {
    ask_at(story, story.now() + TimeDelta::days(1), |_| ())
        .await
        .districts
        .remove(0)
}

#[tokio::test]
async fn the_public_hears_of_requests_in_steps_the_day_after_and_at_the_same_places() {
    let mut city = city();
    for _ in 0..9 {
        city.story.request("1", Category::Meals);
    }
    let today = first(&city.story).await.help_requests;
    assert_eq!(today.open.less_than, Some(5));
    let tomorrow = next_day(&city.story).await;
    assert_eq!(tomorrow.help_requests.open.count, Some(5), "not 9");
    city.story.request("1", Category::Meals);
    assert_eq!(
        next_day(&city.story).await.help_requests.open.count,
        Some(10)
    );
}

#[tokio::test]
async fn the_map_is_a_feature_collection() {
    let answer = ask(&city().story, |filter| filter.boundaries = true).await;
    let map = serde_json::to_value(feature_collection(&answer)).expect("JSON");
    assert_eq!(map["type"], "FeatureCollection");
    assert_eq!(map["week"], "2026-W45");
    assert_eq!(map["view"]["reached"], true);
    let feature = &map["features"][0];
    assert_eq!(
        (&feature["type"], &feature["id"]),
        (&"Feature".into(), &"1".into())
    );
    assert_eq!(feature["geometry"]["type"], "Polygon");
    assert_eq!(feature["properties"]["name"], "Praha 1");
    assert!(feature["properties"].get("boundary").is_none());
    let read: geojson::FeatureCollection = serde_json::from_value(map).expect("a map");
    assert_eq!(read.features.len(), 2);
}

#[tokio::test]
async fn pages_and_single_districts() {
    let mut city = city();
    for number in 4..9 {
        city.story.district(&number.to_string(), "Another", 1);
    }
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = ask(&city.story, |filter| {
            (filter.limit, filter.cursor) = (3, cursor);
        })
        .await;
        found.extend(page.districts.into_iter().map(|district| district.code));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(found, ["1", "3", "4", "5", "6", "7", "8"]);
    let third = "3".parse().ok();
    let only = ask(&city.story, |filter| filter.district_code = third)
        .await
        .districts;
    assert_eq!(only.len(), 1);
    assert_eq!(only[0].boundary, None);
}

#[tokio::test]
async fn it_is_the_same_however_it_is_built_and_stops_at_what_it_does_not_know() {
    let mut city = city();
    let (venue, coffee) = (
        city.venue,
        city.story
            .item(city.venue, "Coffee", ItemKind::HotDrink, 6500),
    );
    let vouchers = city.story.prepay(3, |paid| paid.for_item(venue, coffee));
    city.story.redeem(vouchers[0], venue, coffee);
    for _ in 0..3 {
        let request = city.story.request("1", Category::Meals);
        city.story.fulfil(request);
    }
    is_the_same_however_it_is_built(Arc::new(DistrictCoverage), &city.story).await;
    stops_at_what_it_does_not_know(Arc::new(DistrictCoverage), city.story).await;
}
