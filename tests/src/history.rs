//! A history of a town, as long as one likes: the same seed tells the same events. For figures, and
//! for whatever must be looked at with many events in the log.
//!
//! It has the shape of a real one: most of it is vouchers that are prepaid and used, some of them by
//! known donors, some expired; beside them requests for help, tasks, and venues that say how they are.

use std::collections::VecDeque;

use chrono::TimeDelta;
use commands::log::{Append, Appended, EventLog, Expect};
use domain::Stream;
use domain::envelope::Recorded;
use domain::help::Category;
use domain::ids::{DonorId, FundId, HelpRequestId, ItemId, MemberId, VenueId, VoucherId};
use domain::service::ServiceKind;
use domain::task::complete::Completed;
use domain::task::{Task, TaskEvent};
use domain::venue::confirm::{Confirmable, Confirmed};
use domain::venue::turn_away::{AskedFor, TurnedAway, TurnedAwayReason};
use domain::venue::{ItemKind, Venue, VenueEvent};
use domain::voucher::expire::{Expired, MovedTo};
use domain::voucher::{Voucher, VoucherEvent};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use crate::acts::{Story, minor};

/// When it begins. An act every twenty seconds or so fills three years with five million.
const BEGIN: &str = "2019-08-01T07:00:00Z";
const SEED: u64 = 0x5105_9e50;
/// How many districts the venues lie in.
const DISTRICTS: usize = 22;
/// How many of the vouchers wait before the oldest is used.
const STOCK: usize = 2_000;
/// About how many events one command writes when a log is filled, and the most.
const AT_ONCE: usize = 400;
const MOST_AT_ONCE: usize = 512;
/// Usual hours of venues, by turns.
const HOURS: [&str; 5] = [
    "Mo-Fr 07:30-19:00; Sa 09:00-14:00",
    "Mo-Su 09:00-22:00; PH off",
    "Tu-Sa 11:00-23:00; Su 11:00-18:00",
    "Mo-Th 08:00-12:00,13:00-17:00; Fr 08:00-14:00",
    "Mo-Su,PH 10:00-20:00; Dec 24 off",
];
/// What costs what at every venue.
const ITEMS: [(&str, ItemKind, i64); 3] = [
    ("Káva", ItemKind::HotDrink, 6500),
    ("Polévka", ItemKind::Soup, 7500),
    ("Oběd", ItemKind::Meal, 16900),
];
const SERVICES: [ServiceKind; 3] = [
    ServiceKind::Water,
    ServiceKind::Toilet,
    ServiceKind::PhoneCharging,
];

/// What happens in a town, one act after another.
pub struct History {
    story: Story,
    chance: StdRng,
    venues: Vec<(VenueId, ItemId, i64)>,
    waiting: VecDeque<(VoucherId, VenueId, ItemId, i64)>,
    requests: VecDeque<HelpRequestId>,
    donors: u128,
}

impl History {
    /// A town with so many venues, each with three items and a free service, for the log with this id.
    #[must_use]
    pub fn new(log_id: Uuid, venues: usize) -> Self {
        let mut history = Self {
            story: Story::begun(log_id, "praha", BEGIN),
            chance: StdRng::seed_from_u64(SEED),
            venues: Vec::new(),
            waiting: VecDeque::new(),
            requests: VecDeque::new(),
            donors: 20,
        };
        for district in 0..DISTRICTS {
            let (code, name) = (code(district), format!("Praha {}", district + 1));
            history.story.district(&code, &name, 30_000);
        }
        for number in 0..venues {
            history.admit(number);
        }
        history
    }

    /// The next events, at least so many.
    pub fn tell(&mut self, least: usize) -> Vec<Recorded> {
        while self.story.recorded().len() < least {
            let later = TimeDelta::seconds(self.chance.random_range(1..40));
            self.story.after(later);
            match self.chance.random_range(0..100) {
                0..=23 => self.prepay(),
                24..=80 => self.use_oldest(),
                81..=82 => self.expire_oldest(),
                83..=88 => self.request(),
                89..=93 => self.fulfil(),
                94..=96 => self.task(),
                97..=98 => self.confirm(),
                _ => self.turn_away(),
            }
        }
        self.story.take()
    }

    /// A voucher's donor, of those who are known so far.
    #[must_use]
    pub fn donor(number: u128) -> DonorId {
        DonorId(Uuid::from_u128(0xd0_0000 + number))
    }

    fn admit(&mut self, number: usize) {
        // A spiral over the town, so that near and far are both many.
        let turn = f64::from(u32::try_from(number % 3600).unwrap_or(0));
        let (north, east) = (turn.to_radians().sin(), turn.to_radians().cos());
        let reach = 0.001 + turn / 3600.0 * 0.12;
        let name = format!("Kavárna {number}");
        let district = code(number % DISTRICTS);
        let (latitude, longitude) = (50.08 + north * reach, 14.43 + east * reach * 1.5);
        let place = self.story.place(&name, &district, latitude, longitude);
        let venue = self.story.venue_at(&name, place);
        self.story.hours(venue, HOURS[number % HOURS.len()]);
        self.story
            .free_at(venue, place, SERVICES[number % SERVICES.len()]);
        for (item, kind, price) in ITEMS {
            let item = self.story.item(venue, item, kind, price);
            self.venues.push((venue, item, price));
        }
    }

    fn prepay(&mut self) {
        let (venue, item, price) = self.venues[self.chance.random_range(0..self.venues.len())];
        let count = self.chance.random_range(1..=4);
        // Now and then somebody gives for the first time.
        self.donors += u128::from(self.chance.random_range(0..4) == 0);
        let donor = Self::donor(self.chance.random_range(0..self.donors));
        let known = self.chance.random_range(0..3) > 0;
        let vouchers = self.story.prepay(count, |paid| {
            let paid = paid.for_item(venue, item);
            if known {
                paid.by(donor)
            } else {
                paid.in_cash()
            }
        });
        let all = vouchers.into_iter().map(|id| (id, venue, item, price));
        self.waiting.extend(all);
    }

    fn use_oldest(&mut self) {
        if self.waiting.len() < STOCK {
            return self.prepay();
        }
        if let Some((voucher, venue, item, _)) = self.waiting.pop_front() {
            self.story.redeem(voucher, venue, item);
        }
    }

    fn expire_oldest(&mut self) {
        if self.waiting.len() < STOCK {
            return;
        }
        if let Some((voucher, _, _, price)) = self.waiting.pop_front() {
            let fund_id = FundId::common(&self.story.network());
            let expired = Expired {
                remaining_minor: minor(price),
                moved_to: MovedTo::Fund { fund_id },
            };
            self.story
                .act::<Voucher>(voucher, VoucherEvent::from(expired));
        }
    }

    fn request(&mut self) {
        let district = code(self.chance.random_range(0..DISTRICTS));
        let request = self.story.request(&district, Category::Groceries);
        self.requests.push_back(request);
    }

    fn fulfil(&mut self) {
        if let Some(request) = self.requests.pop_front() {
            self.story.fulfil(request);
        }
    }

    fn task(&mut self) {
        let district = code(self.chance.random_range(0..DISTRICTS));
        let member = MemberId(Uuid::from_u128(self.chance.random_range(1..500)));
        let task = self.story.task(&district, "Vaření polévky", 1);
        let claim_id = self.story.claim_task(task, member);
        let completed = Completed {
            claim_id,
            member: Some(member),
            at: self.story.now(),
            minutes: 90,
            without_claim: false,
        };
        self.story.act::<Task>(task, TaskEvent::from(completed));
    }

    fn confirm(&mut self) {
        let (venue, ..) = self.venues[self.chance.random_range(0..self.venues.len())];
        let confirmed = Confirmed {
            at: self.story.now(),
            what: Confirmable::All,
        };
        self.story.act::<Venue>(venue, VenueEvent::from(confirmed));
    }

    fn turn_away(&mut self) {
        let (venue, ..) = self.venues[self.chance.random_range(0..self.venues.len())];
        let turned_away = TurnedAway {
            what: AskedFor::Item {
                item_kind: ItemKind::Meal,
            },
            reason: TurnedAwayReason::NothingOnBoard,
            count: 1,
            come_back_at: None,
        };
        self.story
            .act::<Venue>(venue, VenueEvent::from(turned_away));
    }
}

/// Writes a history of so many events into an empty log, in order; without lookups, as after a
/// restore, and `told` hears how far it is.
///
/// # Panics
/// If an append is not done.
pub async fn fill(log: &dyn EventLog, venues: usize, events: usize, mut told: impl FnMut(usize)) {
    let mut history = History::new(log.log_id(), venues);
    let mut left = events;
    while left > 0 {
        let mut page = history.tell(AT_ONCE.min(left));
        page.truncate(left);
        left -= page.len();
        for some in page.chunks(MOST_AT_ONCE) {
            let done = log.append(append(some)).await;
            assert!(matches!(done, Ok(Appended::Done { .. })), "{done:?}");
        }
        told(events - left);
    }
}

/// All of these in one command.
fn append(events: &[Recorded]) -> Append {
    let mut append = Append::default();
    for event in events {
        let (id, version) = (event.record.aggregate_id, event.record.sequence - 1);
        if append.expects.iter().all(|expect| expect.stream.id != id) {
            let stream = Stream {
                aggregate_type: of_type(&event.record.aggregate_type),
                id,
            };
            append.expects.push(Expect { stream, version });
        }
        append.records.push(event.record.clone());
    }
    append
}

/// The type as the program names it.
fn of_type(stored: &str) -> &'static str {
    domain::with_aggregate!(stored, Entity => <Entity as cqrs_es::Aggregate>::TYPE, else { "unknown" })
}

fn code(district: usize) -> String {
    (500_000 + district).to_string()
}
