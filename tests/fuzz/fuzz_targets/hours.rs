//! Opening hours: whatever is taken can be asked for any day.
#![no_main]

use std::cell::LazyCell;

use chrono::{DateTime, TimeDelta, Utc};
use domain::hours::Hours;
use domain::network::Initiative;
use libfuzzer_sys::fuzz_target;
use projections::opening::{Calendar, Span};

const PRAHA: &str = r#"{"founded":{"network":"praha","name":"Praha","currency":"CZK",
    "timezone":"Europe/Prague","country":"CZ","languages":["cs"]},"policies":[]}"#;

thread_local! {
    static NETWORK: LazyCell<Initiative> =
        LazyCell::new(|| serde_json::from_str(PRAHA).expect("a network"));
}

/// Around a change of the clock and of the year, and far away.
const MOMENTS: [i64; 4] = [1_793_494_800, 1_798_758_000, 951_782_400, 4_102_444_800];

fuzz_target!(|text: &str| {
    let Ok(hours) = text.parse::<Hours>() else {
        return;
    };
    assert_eq!(hours.as_str().parse::<Hours>().as_ref(), Ok(&hours));
    let calendar = NETWORK.with(|network| Calendar::of(network));
    for moment in MOMENTS {
        let at: DateTime<Utc> = DateTime::from_timestamp(moment, 0).expect("a time");
        let _any = calendar.opening(Some(hours.as_str()), &[], at);
        let week = Span {
            from: at,
            to: at + TimeDelta::days(7),
        };
        let open = calendar.open_between(hours.as_str(), &[], week);
        assert!(
            open.windows(2).all(|pair| pair[0].to < pair[1].from),
            "{open:?}"
        );
    }
});
