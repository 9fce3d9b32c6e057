use chrono::TimeDelta;
use domain::access::Scope;
use domain::ids::{AccessId, VenueId};

use super::*;

/// The shortest time that the log knows.
const MOMENT: TimeDelta = TimeDelta::microseconds(1);

fn now() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().expect("a time")
}

fn request(scope: Scope) -> Request {
    let id = Uuid::from_u128(1);
    let network = "praha".parse().expect("a slug");
    let principal = Principal::of(AccessId(id), network, scope);
    Request::new(principal, "key".to_owned(), String::new(), Channel::Api)
}

fn operator() -> Request {
    request(Scope::Operator { import: false })
}

#[test]
fn a_key_is_visible_and_not_too_long() {
    let is_good = |key: String| {
        let request = Request { key, ..operator() };
        request.check(now()).is_ok()
    };
    for good in ["k".to_owned(), "a b".to_owned(), "k".repeat(MAX_KEY)] {
        assert!(is_good(good.clone()), "{good}");
    }
    for bad in [
        String::new(),
        "a\tb".to_owned(),
        "ž".to_owned(),
        "k".repeat(MAX_KEY + 1),
    ] {
        assert!(!is_good(bad.clone()), "{bad}");
    }
}

#[test]
fn an_act_is_dated_as_far_back_as_the_role_may_and_hardly_ahead() {
    let venue = Scope::Venue {
        venue_id: VenueId(Uuid::from_u128(1)),
    };
    let import = Scope::Operator { import: true };
    let table = [
        (operator(), Some(MAX_BACK_OPERATOR)),
        (request(venue), Some(MAX_BACK_VENUE)),
        (request(import), None),
    ];
    for (request, back) in table {
        let is_good = |at| {
            let request = Request {
                occurred_at: Some(at),
                ..request.clone()
            };
            request.check(now()).is_ok()
        };
        let role = request.principal.role();
        assert!(is_good(now() + MAX_AHEAD), "{role}");
        assert!(!is_good(now() + MAX_AHEAD + MOMENT), "{role}");
        let oldest = now() - back.unwrap_or(MAX_BACK_OPERATOR * 2);
        assert!(is_good(oldest), "{role}");
        assert_eq!(is_good(oldest - MOMENT), back.is_none(), "{role}");
    }
}
