//! When something is open: hours in the words of OpenStreetMap, read in the network's time zone and
//! with the public holidays of its country, less the announced closures. The clock is an argument.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{LazyLock, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::network::Initiative;
use domain::venue::announce_closure::{ClosureAnnounced, ClosureReason};
use lru::LruCache;
use opening_hours::localization::{Country, TzLocation};
use opening_hours::{Context, OpeningHours, RuleKind};
use serde::Serialize;
use utoipa::ToSchema;

/// How far ahead the next change is looked for.
pub const HORIZON: TimeDelta = TimeDelta::days(31);

/// How a place stands at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Opening {
    /// One can go there.
    Open {
        /// Until then; absent = not within a month.
        until: Option<DateTime<Utc>>,
    },
    /// One cannot.
    Closed {
        /// The next opening; absent = not within a month.
        opens_at: Option<DateTime<Utc>>,
        /// The announced closure, if it is closed for that reason.
        closure: Option<Closure>,
    },
    /// It takes part no more for the time being.
    Suspended,
    /// Nobody said, or nobody said for too long, or the hours themselves leave it open.
    Unknown,
}

/// An announced closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Closure {
    /// From when.
    pub from: DateTime<Utc>,
    /// The instant from which it is over; absent = until it is cancelled.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: ClosureReason,
}

impl From<&ClosureAnnounced> for Closure {
    fn from(announced: &ClosureAnnounced) -> Self {
        Self {
            from: announced.from,
            until: announced.to,
            reason: announced.reason,
        }
    }
}

impl Closure {
    fn covers(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// What is left of these times.
    #[must_use]
    pub fn cut_from(&self, spans: Vec<Span>) -> Vec<Span> {
        let over = self.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let pieces = spans.into_iter().flat_map(|span| {
            let before = Span {
                to: span.to.min(self.from),
                ..span
            };
            let after = Span {
                from: span.from.max(over),
                ..span
            };
            [before, after]
        });
        pieces.filter(|span| span.from < span.to).collect()
    }
}

/// A time from one instant to another, exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first instant.
    pub from: DateTime<Utc>,
    /// The end, exclusive.
    pub to: DateTime<Utc>,
}

/// The most texts of hours that are kept parsed.
const KEPT: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");

/// Hours as they were parsed, by their text, because thousands of venues share few texts and every
/// question meets them again. What cannot be parsed is kept too.
static PARSED: LazyLock<Mutex<LruCache<String, Option<OpeningHours>>>> =
    LazyLock::new(|| Mutex::new(LruCache::new(KEPT)));

/// The clock and the holidays of a network, for one answer.
pub struct Calendar {
    timezone: Tz,
    context: Context<TzLocation<Tz>>,
    /// How hours without closures stand, because many hosts of an answer have the same.
    known: Mutex<HashMap<(String, DateTime<Utc>), Opening>>,
}

impl Calendar {
    /// The calendar of this network. Of a country whose holidays nobody knows, none are.
    #[must_use]
    pub fn of(initiative: &Initiative) -> Self {
        let country: Option<Country> = initiative.founded.country.as_str().parse().ok();
        let holidays = country.map(Country::holidays).unwrap_or_default();
        let timezone = initiative.founded.timezone;
        let context = Context::default()
            .with_holidays(holidays)
            .with_locale(TzLocation::new(timezone));
        Self {
            timezone,
            context,
            known: Mutex::default(),
        }
    }

    /// The time zone of the network's days.
    #[must_use]
    pub fn timezone(&self) -> Tz {
        self.timezone
    }

    /// How something with these hours stands at a time.
    #[must_use]
    pub fn opening(&self, hours: Option<&str>, closures: &[Closure], at: DateTime<Utc>) -> Opening {
        let Some(text) = hours.filter(|_| closures.is_empty()) else {
            return self.work_out(hours, closures, at);
        };
        let key = (text.to_owned(), at);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opening) = known().get(&key) {
            return opening.clone();
        }
        let opening = self.work_out(hours, closures, at);
        known().insert(key, opening.clone());
        opening
    }

    fn work_out(&self, hours: Option<&str>, closures: &[Closure], at: DateTime<Utc>) -> Opening {
        let closure = closures.iter().find(|closure| closure.covers(at)).copied();
        let parsed = hours.and_then(|hours| self.parse(hours));
        let Some(parsed) = parsed else {
            return closure.map_or(Opening::Unknown, |closure| Opening::Closed {
                opens_at: None,
                closure: Some(closure),
            });
        };
        let until = at + HORIZON;
        if closure.is_none() && self.is_left_open(&parsed, at) {
            return Opening::Unknown;
        }
        match self.next_open(&parsed, closures, at, until) {
            Some(first) if first.from <= at => Opening::Open {
                until: Some(first.to).filter(|to| *to < until),
            },
            next => Opening::Closed {
                opens_at: next.map(|next| next.from),
                closure,
            },
        }
    }

    /// The times between two instants at which something with these hours is open, in order and
    /// apart from one another; none if the hours are not understood.
    #[must_use]
    pub fn open_between(&self, hours: &str, closures: &[Closure], within: Span) -> Vec<Span> {
        let parsed = self.parse(hours);
        parsed.map_or_else(Vec::new, |parsed| {
            self.spans(&parsed, closures, within.from, within.to)
        })
    }

    fn parse(&self, hours: &str) -> Option<OpeningHours<TzLocation<Tz>>> {
        let kept = || PARSED.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().get(hours).cloned();
        let parsed: Option<OpeningHours> = known.unwrap_or_else(|| {
            let parsed = hours.parse().ok();
            kept().put(hours.to_owned(), parsed.clone());
            parsed
        });
        Some(parsed?.with_context(self.context.clone()))
    }

    fn is_left_open(&self, hours: &OpeningHours<TzLocation<Tz>>, at: DateTime<Utc>) -> bool {
        hours.state(at.with_timezone(&self.timezone)).0 == RuleKind::Unknown
    }

    fn spans(
        &self,
        hours: &OpeningHours<TzLocation<Tz>>,
        closures: &[Closure],
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<Span> {
        let open = union(self.usual(hours, from, to).collect());
        closures
            .iter()
            .fold(open, |open, closure| closure.cut_from(open))
    }

    /// The first time from then on; the days after it are not looked at.
    fn next_open(
        &self,
        hours: &OpeningHours<TzLocation<Tz>>,
        closures: &[Closure],
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Option<Span> {
        let mut usual = self.usual(hours, from, to).peekable();
        while let Some(mut span) = usual.next() {
            while let Some(more) = usual.next_if(|next| next.from <= span.to) {
                span.to = span.to.max(more.to);
            }
            let cut = |open, closure: &Closure| closure.cut_from(open);
            let open = closures.iter().fold(vec![span], cut);
            if let Some(first) = open.into_iter().min() {
                return Some(first);
            }
        }
        None
    }

    /// The usual times in order, where two may meet; closures are not looked at.
    fn usual(
        &self,
        hours: &OpeningHours<TzLocation<Tz>>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = Span> {
        let local = |at: DateTime<Utc>| at.with_timezone(&self.timezone);
        hours
            .iter_range(local(from), local(to))
            .filter(|range| range.kind == RuleKind::Open)
            .map(move |range| Span {
                from: range.range.start.with_timezone(&Utc).max(from),
                to: range.range.end.with_timezone(&Utc).min(to),
            })
    }
}

/// All of them together, in order and apart from one another.
#[must_use]
pub fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.into_iter().filter(|span| span.from < span.to) {
        match apart.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => apart.push(span),
        }
    }
    apart
}

/// How long they are together, if they are apart from one another.
#[must_use]
pub fn length(spans: &[Span]) -> TimeDelta {
    spans.iter().map(|span| span.to - span.from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::network::found::Founded;

    fn prague() -> Calendar {
        let founded = Founded {
            network: "praha".parse().expect("a slug"),
            name: "Místní místním".parse().expect("a name"),
            currency: "CZK".parse().expect("a currency"),
            timezone: chrono_tz::Europe::Prague,
            country: "CZ".parse().expect("a country"),
            languages: vec!["cs".parse().expect("a language")],
        };
        Calendar::of(&Initiative {
            founded,
            policies: vec![],
        })
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn closure(from: &str, until: Option<&str>) -> Closure {
        Closure {
            from: at(from),
            until: until.map(at),
            reason: ClosureReason::Repairs,
        }
    }

    const USUAL: &str = "Mo-Fr 08:00-18:00; PH off";

    #[test]
    fn it_is_open_and_closes_at_local_time() {
        let open = prague().opening(Some(USUAL), &[], at("2026-11-02T16:59:00Z"));
        let until = Some(at("2026-11-02T17:00:00Z"));
        assert_eq!(open, Opening::Open { until });
    }

    #[test]
    fn it_opens_again_after_the_weekend() {
        let closed = prague().opening(Some(USUAL), &[], at("2026-11-06T17:00:00Z"));
        let opens_at = Some(at("2026-11-09T07:00:00Z"));
        let closure = None;
        assert_eq!(closed, Opening::Closed { opens_at, closure });
    }

    #[test]
    fn a_public_holiday_of_the_country_counts() {
        // 17 November is a holiday in Czechia, and a Tuesday in 2026.
        let closed = prague().opening(Some(USUAL), &[], at("2026-11-17T10:00:00Z"));
        let opens_at = Some(at("2026-11-18T07:00:00Z"));
        let closure = None;
        assert_eq!(closed, Opening::Closed { opens_at, closure });
    }

    #[test]
    fn an_announced_closure_comes_on_top_of_the_hours() {
        let repairs = closure("2026-11-02T10:00:00Z", Some("2026-11-03T10:00:00Z"));
        let before = prague().opening(Some(USUAL), &[repairs], at("2026-11-02T09:00:00Z"));
        let until = Some(at("2026-11-02T10:00:00Z"));
        assert_eq!(before, Opening::Open { until });
        let during = prague().opening(Some(USUAL), &[repairs], at("2026-11-02T11:00:00Z"));
        let opens_at = Some(at("2026-11-03T10:00:00Z"));
        let closure = Some(repairs);
        assert_eq!(during, Opening::Closed { opens_at, closure });
    }

    #[test]
    fn a_closure_without_an_end_lasts() {
        let ordered = closure("2026-11-02T10:00:00Z", None);
        let closed = prague().opening(Some("24/7"), &[ordered], at("2026-12-24T11:00:00Z"));
        let (opens_at, closure) = (None, Some(ordered));
        assert_eq!(closed, Opening::Closed { opens_at, closure });
    }

    #[test]
    fn what_nobody_said_is_not_known() {
        for hours in [None, Some("whenever"), Some("Mo-Fr unknown")] {
            let opening = prague().opening(hours, &[], at("2026-11-02T11:00:00Z"));
            assert_eq!(opening, Opening::Unknown, "{hours:?}");
        }
    }

    #[test]
    fn a_night_in_which_the_clock_is_set_back_is_an_hour_longer() {
        let night = Span {
            from: at("2026-10-24T12:00:00Z"),
            to: at("2026-10-25T12:00:00Z"),
        };
        let open = prague().open_between("Sa 22:00-06:00", &[], night);
        assert_eq!(length(&open), TimeDelta::hours(9));
    }

    #[test]
    fn hours_that_meet_or_overlap_are_one() {
        let span = |from: &str, to: &str| Span {
            from: at(&format!("2026-11-02T{from}:00Z")),
            to: at(&format!("2026-11-02T{to}:00Z")),
        };
        let spans = vec![
            span("10:00", "12:00"),
            span("08:00", "09:00"),
            span("09:00", "11:00"),
        ];
        assert_eq!(union(spans), [span("08:00", "12:00")]);
    }
}
