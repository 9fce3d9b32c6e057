//! Where help is wanted, and who sees what of it.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::help::{Category, ReleaseReason, Window};
use domain::help_request::HelpRequest;
use domain::help_request::release::Released;
use domain::ids::{DistrictId, HelpRequestId, MemberId};
use domain::network::set_policy::Policy;
use domain::task::Task;
use domain::task::complete::Completed;
use projections::answer::Seen;
use projections::help_board::HelpBoard;
use projections::help_board::query::{Filter, HelpBoardAnswer, Viewer, help_board, help_request};
use projections::small::SmallCount;
use tests::acts::{Story, instant};
use tests::views::{folded, is_the_same_however_it_is_built, stops_at_what_it_does_not_know};
use uuid::Uuid;

const MORNING: &str = "2026-11-02T09:00:00Z";
/// From when on the public hears of what was recorded that morning.
const NEXT_DAY: &str = "2026-11-03T00:00:00Z";
const HELPER: MemberId = MemberId(Uuid::from_u128(71));
const OTHER: MemberId = MemberId(Uuid::from_u128(72));

fn everywhere() -> Viewer {
    Viewer::Coordinator { districts: None }
}

fn story() -> Story {
    let mut story = Story::new("praha");
    story.at(MORNING);
    story
}

async fn ask(
    story: &Story,
    viewer: &Viewer,
    now: &str,
    say: impl FnOnce(&mut Filter),
) -> HelpBoardAnswer {
    let views = folded(Arc::new(HelpBoard), story).await;
    let mut filter = Filter {
        network: "praha".parse().expect("a slug"),
        district_code: None,
        category: None,
        window: None,
        limit: 50,
        cursor: None,
    };
    say(&mut filter);
    help_board(&views, &filter, viewer, Seen::default(), instant(now))
        .await
        .expect("an answer")
}

async fn requests(story: &Story, say: impl FnOnce(&mut Filter)) -> Vec<HelpRequestId> {
    let answer = ask(story, &Viewer::Member(HELPER), MORNING, say).await;
    answer
        .requests
        .iter()
        .map(|request| request.help_request_id)
        .collect()
}

fn is_few(count: SmallCount) -> bool {
    count.count.is_none() && count.less_than == Some(5)
}

#[tokio::test]
async fn the_public_sees_counts_and_small_ones_not_exactly() {
    let mut story = story();
    for _ in 0..4 {
        story.request("1", Category::Groceries);
    }
    for _ in 0..5 {
        story.request("2", Category::Pets);
    }
    story.task("2", "Cook soup", 3);
    let today = ask(&story, &Viewer::Public, MORNING, |_| ()).await;
    let [second] = today.districts.as_slice() else {
        panic!("work is told at once: {:?}", today.districts);
    };
    assert!(is_few(second.requests) && second.categories.is_empty());
    assert_eq!((second.tasks, second.free_slots), (1, 3));

    let answer = ask(&story, &Viewer::Public, NEXT_DAY, |_| ()).await;
    let [second] = answer.districts.as_slice() else {
        panic!("a few are not told: {:?}", answer.districts);
    };
    assert_eq!(second.district_code, "2");
    assert_eq!(second.requests.count, Some(5));
    assert_eq!(second.categories, [Category::Pets]);
    assert!(answer.requests.is_empty() && answer.tasks.is_empty());
    let json = serde_json::to_string(&answer).expect("JSON");
    assert!(!json.contains("nonce"), "{json}");
}

#[tokio::test]
async fn what_is_a_small_count_is_the_policy_of_the_day() {
    let mut story = story();
    for _ in 0..4 {
        story.request("1", Category::Groceries);
    }
    story.policy(Policy {
        small_count: 4,
        ..Policy::default()
    });
    let answer = ask(&story, &Viewer::Public, NEXT_DAY, |_| ()).await;
    assert_eq!(answer.districts[0].requests.count, Some(4));
}

#[tokio::test]
async fn filters_do_not_narrow_public_counts() {
    let mut story = story();
    for category in [
        Category::Pets,
        Category::Pets,
        Category::Meals,
        Category::Meals,
        Category::Meals,
    ] {
        story.request("1", category);
    }
    let answer = ask(&story, &Viewer::Public, NEXT_DAY, |f| {
        f.category = Some(Category::Pets);
    });
    assert_eq!(answer.await.districts[0].requests.count, Some(5));
}

#[tokio::test]
async fn a_member_sees_what_is_offered_in_return_but_no_note_before_taking_it_on() {
    let mut story = story();
    let request = story.request("1", Category::Repairs);
    let claim_id = story.claim_request(request, HELPER);
    let seen_by = |viewer: Viewer| {
        let story = &story;
        async move {
            ask(story, &viewer, MORNING, |_| ())
                .await
                .requests
                .remove(0)
        }
    };
    let helper = seen_by(Viewer::Member(HELPER)).await;
    assert!(helper.involved && helper.sealed.note.is_some() && helper.sealed.contact.is_some());
    let mine = helper.claim.expect("a claim");
    assert_eq!(
        (mine.mine, mine.claim_id, mine.member_id),
        (true, Some(claim_id), None)
    );

    let other = seen_by(Viewer::Member(OTHER)).await;
    assert!(!other.involved && other.sealed.note.is_none() && other.sealed.contact.is_none());
    assert!(other.sealed.in_return.is_some());
    let theirs = other.claim.expect("a claim");
    assert_eq!(
        (theirs.mine, theirs.claim_id, theirs.member_id),
        (false, None, None)
    );

    let coordinator = seen_by(everywhere()).await;
    assert!(coordinator.sealed.contact.is_some());
    assert_eq!(
        coordinator.claim.and_then(|claim| claim.member_id),
        Some(HELPER)
    );
    let elsewhere = Viewer::Coordinator {
        districts: Some(vec![DistrictId::of(&story.network(), "2")]),
    };
    let elsewhere = seen_by(elsewhere).await;
    assert!(!elsewhere.involved && elsewhere.sealed.note.is_none());
}

#[tokio::test]
async fn whoever_held_a_claim_may_read_on_for_thirty_days() {
    let mut story = story();
    let request = story.request("1", Category::Repairs);
    let claim_id = story.claim_request(request, HELPER);
    story.act::<HelpRequest>(
        request,
        Released {
            claim_id,
            member: HELPER,
            reason: ReleaseReason::GivenUp,
            at: story.now(),
        },
    );
    story.fulfil(request);
    let views = folded(Arc::new(HelpBoard), &story).await;
    let network = story.network();
    let looked = |viewer: Viewer, now| {
        let (views, network) = (&views, &network);
        async move {
            let seen = Seen::default();
            let found = help_request(views, network, request, &viewer, seen, now).await;
            found.expect("an answer").1
        }
    };
    let last_day = story.now() + TimeDelta::days(30) - TimeDelta::seconds(1);
    let entry = looked(Viewer::Member(HELPER), last_day)
        .await
        .expect("involved");
    assert!(entry.sealed.contact.is_some() && !entry.wanted);
    let over = last_day + TimeDelta::seconds(1);
    assert_eq!(looked(Viewer::Member(HELPER), over).await, None);
    assert_eq!(looked(Viewer::Member(OTHER), story.now()).await, None);
    assert_eq!(looked(Viewer::Public, story.now()).await, None);
}

#[tokio::test]
async fn what_ended_or_is_over_by_the_clock_is_not_wanted() {
    let mut story = story();
    let fulfilled = story.request("1", Category::Repairs);
    story.fulfil(fulfilled);
    let open = story.request("1", Category::Repairs);
    assert_eq!(requests(&story, |_| ()).await, [open]);
    let later = ask(&story, &everywhere(), "2026-12-02T09:00:00Z", |_| ()).await;
    assert!(later.requests.is_empty() && later.districts.is_empty());
}

#[tokio::test]
async fn requests_are_found_by_district_category_and_window() {
    let mut story = story();
    let window = |from: &str, to: &str| {
        let (from, to) = (instant(from), instant(to));
        Some(Window { from, to })
    };
    let any_time = story.request("1", Category::Meals);
    let tuesday = story.request_but("2", Category::Pets, |terms| {
        terms.window = window("2026-11-03T08:00:00Z", "2026-11-03T12:00:00Z");
        terms.expires_at = instant("2026-11-03T12:00:00Z");
    });
    assert_eq!(requests(&story, |_| ()).await, [tuesday, any_time]);
    let district = "2".parse().ok();
    assert_eq!(
        requests(&story, |f| f.district_code = district).await,
        [tuesday]
    );
    assert_eq!(
        requests(&story, |f| f.category = Some(Category::Meals)).await,
        [any_time]
    );
    let noon = window("2026-11-03T11:00:00Z", "2026-11-03T14:00:00Z");
    assert_eq!(
        requests(&story, |f| f.window = noon).await,
        [tuesday, any_time]
    );
    let evening = window("2026-11-03T12:00:00Z", "2026-11-03T14:00:00Z");
    assert_eq!(requests(&story, |f| f.window = evening).await, [any_time]);
}

#[tokio::test]
async fn a_task_is_on_the_board_while_it_has_free_slots() {
    let mut story = story();
    let task = story.task("1", "Carry chairs", 2);
    let claim_id = story.claim_task(task, HELPER);
    let entry = ask(&story, &Viewer::Member(HELPER), MORNING, |_| ())
        .await
        .tasks
        .remove(0);
    assert_eq!(
        (entry.slots, entry.free_slots, entry.claims[0].mine),
        (2, 1, true)
    );
    assert!(entry.sealed.note.is_some());
    let others = ask(&story, &Viewer::Member(OTHER), MORNING, |_| ())
        .await
        .tasks
        .remove(0);
    assert!(others.sealed.note.is_none() && others.claims.is_empty());
    story.act::<Task>(
        task,
        Completed {
            claim_id,
            member: Some(HELPER),
            at: story.now(),
            minutes: 30,
            without_claim: false,
        },
    );
    story.claim_task(task, OTHER);
    assert!(
        ask(&story, &everywhere(), MORNING, |_| ())
            .await
            .tasks
            .is_empty()
    );
}

#[tokio::test]
async fn a_task_for_one_request_is_not_counted_in_public() {
    let mut story = story();
    let request = story.request("1", Category::Repairs);
    story.task_but("1", "Mend a tap", 1, |created| {
        created.help_request = Some(request);
    });
    let answer = ask(&story, &Viewer::Public, MORNING, |_| ()).await;
    assert!(answer.districts.is_empty(), "{:?}", answer.districts);
    assert_eq!(
        ask(&story, &everywhere(), MORNING, |_| ())
            .await
            .tasks
            .len(),
        1
    );
}

#[tokio::test]
async fn pages_follow_one_another_without_gaps() {
    let mut story = story();
    for number in 0..5 {
        story.request("1", Category::Repairs);
        if number < 2 {
            story.task("1", "Cook", 1);
        }
    }
    let viewer = everywhere();
    let (mut found, mut tasks, mut cursor) = (Vec::new(), 0, None);
    loop {
        let page = ask(&story, &viewer, MORNING, |filter| {
            (filter.limit, filter.cursor) = (2, cursor);
        });
        let page = page.await;
        found.extend(
            page.requests
                .into_iter()
                .map(|request| request.help_request_id),
        );
        tasks += page.tasks.len();
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let whole = ask(&story, &everywhere(), MORNING, |_| ()).await.requests;
    let whole: Vec<_> = whole
        .iter()
        .map(|request| request.help_request_id)
        .collect();
    assert_eq!((found, tasks), (whole, 2));
}

#[tokio::test]
async fn it_is_the_same_however_it_is_built_and_stops_at_what_it_does_not_know() {
    let mut story = story();
    for _ in 0..3 {
        let request = story.request("1", Category::Repairs);
        story.claim_request(request, HELPER);
        story.fulfil(request);
        let task = story.task("1", "Cook", 2);
        story.claim_task(task, HELPER);
    }
    is_the_same_however_it_is_built(Arc::new(HelpBoard), &story).await;
    stops_at_what_it_does_not_know(Arc::new(HelpBoard), story).await;
}
