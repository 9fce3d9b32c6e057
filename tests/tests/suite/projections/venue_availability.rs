//! Where one can go, as time passes and things happen.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::ids::{ClosureId, OrganisationId, PlaceId, VenueId};
use domain::network::set_policy::Policy;
use domain::organisation::Organisation;
use domain::service::pause::Paused;
use domain::service::{Provider, Service, ServiceKind};
use domain::venue::announce_closure::{ClosureAnnounced, ClosureReason};
use domain::venue::cancel_closure::ClosureCancelled;
use domain::venue::confirm::{Confirmable, Confirmed};
use domain::venue::disposal::Disposal;
use domain::venue::leave::Left;
use domain::venue::suspend::Suspended;
use domain::venue::{ItemKind, Venue};
use projections::answer::Seen;
use projections::geography::Point;
use projections::opening::Opening;
use projections::venue_availability::VenueAvailability;
use projections::venue_availability::query::{
    Filter, HostAvailability, Near, VenueAvailabilityAnswer, venue_availability,
};
use tests::acts::{Story, instant};
use tests::views::{folded, is_the_same_however_it_is_built, stops_at_what_it_does_not_know};

/// A Monday, ten o'clock in Prague.
const MONDAY: &str = "2026-11-02T09:00:00Z";

/// A café that is open on weekdays and has a toilet, told on Monday morning.
struct Cafe {
    story: Story,
    place: PlaceId,
    venue: VenueId,
}

fn cafe() -> Cafe {
    let mut story = Story::new("praha");
    let place = story.at(MONDAY).place("Žižkov", "500054", 50.087, 14.45);
    let venue = story.venue_at("Kavárna Na Rohu", place);
    story.hours(venue, "Mo-Fr 08:00-18:00; PH off");
    story.free_at(venue, place, ServiceKind::Toilet);
    Cafe {
        story,
        place,
        venue,
    }
}

async fn ask(story: &Story, now: &str, say: impl FnOnce(&mut Filter)) -> VenueAvailabilityAnswer {
    let views = folded(Arc::new(VenueAvailability), story).await;
    let mut filter = Filter {
        network: "praha".parse().expect("a slug"),
        service_kind: None,
        item_kind: None,
        on_board: false,
        district_code: None,
        open_at: None,
        near: None,
        text: None,
        limit: 20,
        cursor: None,
    };
    say(&mut filter);
    venue_availability(&views, &filter, Seen::default(), instant(now))
        .await
        .expect("an answer")
}

async fn only(story: &Story, now: &str) -> HostAvailability {
    let mut answer = ask(story, now, |_| ()).await;
    assert_eq!(answer.hosts.len(), 1);
    answer.hosts.remove(0)
}

async fn names(story: &Story, say: impl FnOnce(&mut Filter)) -> Vec<String> {
    let answer = ask(story, MONDAY, say).await;
    answer.hosts.into_iter().map(|host| host.name).collect()
}

#[tokio::test]
async fn a_host_says_where_it_is_when_it_is_open_and_what_is_free() {
    let host = only(&cafe().story, MONDAY).await;
    let until = Some(instant("2026-11-02T17:00:00Z"));
    assert_eq!(host.opening, Opening::Open { until });
    assert_eq!(host.services[0].kind, ServiceKind::Toilet);
    assert_eq!(host.services[0].opening, Opening::Open { until });
    let place = host.place.expect("a place");
    assert_eq!(
        (place.latitude_microdegrees, place.longitude_microdegrees),
        (50_087_000, 14_450_000)
    );
    assert_eq!(host.last_confirmed_at, instant(MONDAY));
    assert!(host.takes_vouchers && !host.stale);
}

#[tokio::test]
async fn what_nobody_confirmed_for_too_long_is_unknown_until_somebody_does() {
    let mut cafe = cafe();
    let (on_time, late) = ("2026-11-16T09:00:00Z", "2026-11-16T09:00:01Z");
    assert!(!only(&cafe.story, on_time).await.stale);
    let stale = only(&cafe.story, late).await;
    assert!(stale.stale);
    assert_eq!(stale.opening, Opening::Unknown);
    assert_eq!(stale.services[0].opening, Opening::Unknown);
    let at = instant("2026-11-16T08:00:00Z");
    let confirmed = Confirmed {
        at,
        what: Confirmable::All,
    };
    cafe.story
        .at("2026-11-16T08:00:00Z")
        .act::<Venue>(cafe.venue, confirmed);
    let fresh = only(&cafe.story, late).await;
    assert_eq!((fresh.stale, fresh.last_confirmed_at), (false, at));
}

#[tokio::test]
async fn a_use_of_a_voucher_shows_that_the_venue_is_there() {
    let mut cafe = cafe();
    let coffee = cafe
        .story
        .item(cafe.venue, "Coffee", ItemKind::HotDrink, 6500);
    let venue = cafe.venue;
    let vouchers = cafe.story.prepay(2, |paid| paid.for_item(venue, coffee));
    cafe.story
        .at("2026-11-10T09:00:00Z")
        .redeem(vouchers[0], venue, coffee);
    let host = only(&cafe.story, "2026-11-20T09:00:00Z").await;
    assert_eq!((host.stale, host.items[0].on_board), (false, 1));
}

#[tokio::test]
async fn the_policy_of_the_day_says_how_long_a_word_lasts() {
    let mut cafe = cafe();
    cafe.story.at("2026-11-05T00:00:00Z").policy(Policy {
        stale_after_days: 2,
        ..Policy::default()
    });
    assert!(!only(&cafe.story, "2026-11-04T23:59:59Z").await.stale);
    assert!(only(&cafe.story, "2026-11-05T00:00:00Z").await.stale);
}

#[tokio::test]
async fn an_announced_closure_is_shown_until_it_is_over_or_cancelled() {
    let mut cafe = cafe();
    let (from, to) = (
        instant("2026-11-02T09:30:00Z"),
        instant("2026-11-03T09:30:00Z"),
    );
    let closure_id: ClosureId = cafe.story.id();
    cafe.story.act::<Venue>(
        cafe.venue,
        ClosureAnnounced {
            at: instant(MONDAY),
            closure_id,
            from,
            to: Some(to),
            reason: ClosureReason::Staff,
        },
    );
    let during = only(&cafe.story, "2026-11-02T10:00:00Z").await;
    let Opening::Closed { opens_at, closure } = during.opening else {
        panic!("{:?}", during.opening);
    };
    assert_eq!(opens_at, Some(to));
    assert_eq!(closure.and_then(|closure| closure.until), Some(to));
    assert!(
        only(&cafe.story, "2026-11-03T10:00:00Z")
            .await
            .closures
            .is_empty()
    );
    cafe.story
        .act::<Venue>(cafe.venue, ClosureCancelled { closure_id });
    let open = only(&cafe.story, "2026-11-02T10:00:00Z").await.opening;
    assert!(matches!(open, Opening::Open { .. }), "{open:?}");
}

#[tokio::test]
async fn who_is_suspended_is_shown_so_and_who_left_is_not_shown() {
    let mut cafe = cafe();
    let effective_at = instant("2026-11-02T12:00:00Z");
    let vouchers = Disposal::Refund;
    cafe.story.act::<Venue>(
        cafe.venue,
        Suspended {
            effective_at,
            vouchers: vouchers.clone(),
        },
    );
    let before = only(&cafe.story, MONDAY).await;
    assert!(before.takes_vouchers);
    let after = only(&cafe.story, "2026-11-02T12:00:00Z").await;
    assert_eq!(
        (after.opening, after.takes_vouchers),
        (Opening::Suspended, false)
    );
    cafe.story.act::<Venue>(
        cafe.venue,
        Left {
            effective_at,
            vouchers,
        },
    );
    let answer = ask(&cafe.story, "2026-11-02T12:00:00Z", |_| ()).await;
    assert!(answer.hosts.is_empty());
}

/// A place at which an organisation serves soup.
fn soup_kitchen(story: &mut Story) -> (OrganisationId, PlaceId) {
    let organisation_id = story.organisation("Naděje");
    let place = story.place("Nádraží", "500054", 50.083, 14.435);
    let provider = Provider::Organisation { organisation_id };
    story.free(
        provider,
        place,
        ServiceKind::Meal,
        Some("Mo-Su 11:00-13:00"),
    );
    (organisation_id, place)
}

#[tokio::test]
async fn a_place_of_an_organisation_is_a_host_until_a_venue_stands_there() {
    let mut cafe = cafe();
    let (organisation, place) = soup_kitchen(&mut cafe.story);
    assert_eq!(
        names(&cafe.story, |_| ()).await,
        ["Kavárna Na Rohu", "Nádraží"]
    );
    let answer = ask(&cafe.story, "2026-11-02T11:00:00Z", |filter| {
        filter.service_kind = Some(ServiceKind::Meal);
    });
    let host = answer.await.hosts.remove(0);
    assert_eq!(host.venue_id, None);
    let until = Some(instant("2026-11-02T12:00:00Z"));
    assert_eq!(host.opening, Opening::Open { until });
    let by = host.services[0]
        .organisation
        .as_ref()
        .map(|by| by.name.as_str());
    assert_eq!(by, Some("Naděje"));

    cafe.story.venue_at("Bufet", place);
    assert_eq!(
        names(&cafe.story, |_| ()).await,
        ["Bufet", "Kavárna Na Rohu"]
    );
    cafe.story
        .act::<Organisation>(organisation, domain::organisation::leave::Left {});
    let meals = names(&cafe.story, |filter| {
        filter.service_kind = Some(ServiceKind::Meal);
    })
    .await;
    assert!(meals.is_empty());
}

#[tokio::test]
async fn a_paused_service_is_not_found_until_it_is_there_again() {
    let mut cafe = cafe();
    let shower = cafe
        .story
        .free_at(cafe.venue, cafe.place, ServiceKind::Shower);
    let until = Some(instant("2026-11-02T12:00:00Z"));
    cafe.story.act::<Service>(shower, Paused { until });
    let with_shower = |now: &'static str| {
        ask(&cafe.story, now, |filter| {
            filter.service_kind = Some(ServiceKind::Shower);
        })
    };
    assert!(with_shower(MONDAY).await.hosts.is_empty());
    assert_eq!(with_shower("2026-11-02T12:00:00Z").await.hosts.len(), 1);
}

#[tokio::test]
async fn filters_and_order() {
    let mut cafe = cafe();
    let far = cafe.story.place("Smíchov", "500003", 50.07, 14.40);
    let lion = cafe.story.venue_at("U Lva", far);
    cafe.story.hours(lion, "Mo-Fr 20:00-23:00");
    let soup = cafe.story.item(lion, "Soup", ItemKind::Soup, 8000);
    let story = &mut cafe.story;

    assert_eq!(
        names(story, |f| f.text = Some("ROHU".into())).await,
        ["Kavárna Na Rohu"]
    );
    assert_eq!(
        names(story, |f| f.text = Some("smichov 1".into())).await,
        ["U Lva"]
    );
    assert_eq!(names(story, |f| f.text = Some("%".into())).await, [""; 0]);
    let district = "500003".parse().ok();
    assert_eq!(
        names(story, |f| f.district_code = district).await,
        ["U Lva"]
    );
    let evening = Some(instant("2026-11-02T20:00:00Z"));
    assert_eq!(names(story, |f| f.open_at = evening).await, ["U Lva"]);
    assert_eq!(
        names(story, |f| f.item_kind = Some(ItemKind::Soup)).await,
        ["U Lva"]
    );
    assert_eq!(names(story, |f| f.on_board = true).await, [""; 0]);
    story.prepay(1, |paid| paid.anywhere(ItemKind::Soup, 8000));
    assert_eq!(names(story, |f| f.on_board = true).await, ["U Lva"]);
    let mut answer = ask(story, MONDAY, |f| f.on_board = true).await;
    let item = answer.hosts.remove(0).items.remove(0);
    assert_eq!((item.item_id, item.on_board, item.shared), (soup, 0, 1));
}

#[tokio::test]
async fn the_nearest_come_first_and_the_far_ones_not_at_all() {
    let mut cafe = cafe();
    for (name, east) in [("Near", 14.451), ("Nearer", 14.4501), ("Far", 14.6)] {
        let place = cafe.story.place(name, "500054", 50.087, east);
        cafe.story.venue_at(name, place);
    }
    let near = Near {
        point: Point {
            latitude: 50_087_000,
            longitude: 14_450_200,
        },
        radius_m: 1_000,
    };
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = ask(&cafe.story, MONDAY, |filter| {
            (filter.near, filter.limit, filter.cursor) = (Some(near), 1, cursor);
        });
        let page = page.await;
        found.extend(
            page.hosts
                .into_iter()
                .map(|host| (host.name, host.distance_m)),
        );
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Nearer", "Kavárna Na Rohu", "Near"]);
    assert_eq!(found[1].1, Some(14));
}

/// More than a batch in the first circles, and some far outside of them.
#[tokio::test]
async fn circles_that_grow_miss_nobody_and_name_nobody_twice() {
    let mut cafe = cafe();
    for number in 0..130_i32 {
        let away = f64::from(number * number) * 4e-6;
        let place = cafe
            .story
            .place(&number.to_string(), "500054", 50.087, 14.45 + away);
        cafe.story.venue_at(&format!("Venue {number:03}"), place);
    }
    let near = Near {
        point: Point {
            latitude: 50_087_000,
            longitude: 14_450_000,
        },
        radius_m: 4_000,
    };
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = ask(&cafe.story, MONDAY, |filter| {
            (filter.near, filter.limit, filter.cursor) = (Some(near), 40, cursor);
        });
        let page = page.await;
        found.extend(
            page.hosts
                .into_iter()
                .map(|host| (host.distance_m, host.name)),
        );
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert!(found.is_sorted_by_key(|(distance, _)| *distance));
    let names: BTreeSet<&str> = found.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names.len(), found.len(), "nobody twice");
    // 0.056 degrees east are four kilometres here: the square root of 0.056 / 4e-6 is 118.
    let venues = names.iter().filter(|name| name.starts_with("Venue"));
    assert_eq!(venues.count(), 119);
}

#[tokio::test]
async fn pages_go_on_where_the_last_ended() {
    let mut cafe = cafe();
    for number in 0..130 {
        cafe.story.venue(&format!("Venue {number:03}"));
    }
    let whole = names(&cafe.story, |filter| filter.limit = 50).await;
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = ask(&cafe.story, MONDAY, |filter| {
            (filter.limit, filter.cursor) = (30, cursor);
        });
        let page = page.await;
        found.extend(page.hosts.into_iter().map(|host| host.name));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 131);
    assert_eq!(found[..50], whole);
}

#[tokio::test]
async fn it_is_the_same_however_it_is_built_and_stops_at_what_it_does_not_know() {
    let mut cafe = cafe();
    let coffee = cafe
        .story
        .item(cafe.venue, "Coffee", ItemKind::HotDrink, 6500);
    let venue = cafe.venue;
    let vouchers = cafe.story.prepay(5, |paid| paid.for_item(venue, coffee));
    for voucher in &vouchers[..3] {
        cafe.story
            .after(TimeDelta::hours(1))
            .redeem(*voucher, venue, coffee);
    }
    soup_kitchen(&mut cafe.story);
    is_the_same_however_it_is_built(Arc::new(VenueAvailability), &cafe.story).await;
    stops_at_what_it_does_not_know(Arc::new(VenueAvailability), cafe.story).await;
}
