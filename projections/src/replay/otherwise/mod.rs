//! What would have been under other rules: the same acts, folded as if a network's policy had been
//! another one from its founding on. What this takes for granted stands in [`ASSUMES`].

mod flush;
mod voucher;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::event::{Act, Event};
use domain::network::NetworkEvent;
use domain::network::set_policy::{Policy, PolicySet, PriceRiseBorneBy};
use domain::voucher::OnExpiry;
use serde::{Deserialize, Serialize};

pub use self::flush::flush;
use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};

/// What a run under other rules takes for granted, in words.
pub const ASSUMES: [&str; 6] = [
    "everybody did what they did: nobody prepays, comes or gives otherwise because rules differ",
    "a last day that was the default of its day is the default of these rules; one that was chosen \
     stays",
    "a use after its new last day is the venue's own gift, and what is left goes where the donor \
     had said; an expiry that these rules do not have yet did not happen",
    "after a voucher has ended under these rules, nothing that happened to it later counts",
    "a price that had risen at its use is borne as these rules say; what was re-homed keeps the \
     value that it got",
    "days until stale and small counts change answers, and so only the row that holds the policy",
];

/// The rules that are other than they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    stale_after_days: Option<u32>,
    late_record_window_h: Option<u32>,
    default_expiry_months: Option<u32>,
    price_rise_borne_by: Option<PriceRiseBorneBy>,
    small_count: Option<u32>,
}

/// One rule, as `default_expiry_months=3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule(String, String);

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or("a rule is key=value")?;
        let rule = Self(key.trim().to_owned(), value.trim().to_owned());
        Rules::of(std::slice::from_ref(&rule)).map(|_| rule)
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.0, self.1)
    }
}

impl Rules {
    /// All of these together.
    ///
    /// # Errors
    /// If one is not known or out of its bounds.
    pub fn of(rules: &[Rule]) -> Result<Self, String> {
        let mut all = Self::default();
        for Rule(key, value) in rules {
            let number = || {
                value
                    .parse::<u32>()
                    .map_err(|_| format!("{key} is a number"))
            };
            match key.as_str() {
                "stale_after_days" => all.stale_after_days = Some(number()?),
                "late_record_window_h" => all.late_record_window_h = Some(number()?),
                "default_expiry_months" => all.default_expiry_months = Some(number()?),
                "small_count" => all.small_count = Some(number()?),
                "price_rise_borne_by" => {
                    let who = serde_json::from_value(value.as_str().into());
                    let who = who.map_err(|_| format!("{key} is venue or fund"))?;
                    all.price_rise_borne_by = Some(who);
                }
                other => {
                    return Err(format!(
                        "{other} is none of stale_after_days, late_record_window_h, \
                         default_expiry_months, small_count, price_rise_borne_by"
                    ));
                }
            }
        }
        if all.over(Policy::default()).is_within_bounds() {
            Ok(all)
        } else {
            Err("a number is out of its bounds".to_owned())
        }
    }

    fn over(&self, policy: Policy) -> Policy {
        Policy {
            stale_after_days: self.stale_after_days.unwrap_or(policy.stale_after_days),
            late_record_window_h: self
                .late_record_window_h
                .unwrap_or(policy.late_record_window_h),
            default_expiry_months: self
                .default_expiry_months
                .unwrap_or(policy.default_expiry_months),
            price_rise_borne_by: self
                .price_rise_borne_by
                .unwrap_or(policy.price_rise_borne_by),
            small_count: self.small_count.unwrap_or(policy.small_count),
            ..policy
        }
    }
}

row! {
    /// A network with its policies as they really were.
    pub struct Town in "otherwise_network" indexes [] {
        /// Its slug.
        key: String,
        /// Its clocks.
        timezone: Json<Tz>,
        /// In the order in which they were set.
        policies: Json<Vec<PolicySet>>,
    }
}

row! {
    /// A voucher as it stands under the other rules.
    pub struct Altered in "otherwise_voucher" indexes [] {
        /// Its id.
        key: String,
        /// How it stands.
        life: Json<Life>,
    }
}

/// How a voucher stands under the other rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    network: domain::text::Slug,
    /// Whether its last day, or how long a late record counts, is not what it was.
    differs: bool,
    expires_at: Option<DateTime<Utc>>,
    /// How many hours after that a late record still counts.
    window_h: u32,
    on_expiry: OnExpiry,
    donor_id: Option<domain::ids::DonorId>,
    is_credit: bool,
    remaining_minor: i64,
    ended: bool,
    /// The uses that are gifts here, and what the venue got for the others.
    settled_minor: BTreeMap<String, Option<i64>>,
}

impl Life {
    /// From when its expiry is recorded.
    fn due(&self) -> Option<DateTime<Utc>> {
        let window = TimeDelta::hours(i64::from(self.window_h));
        self.expires_at.map(|at| at + window)
    }

    /// Whether its expiry must be recorded by then.
    fn has_lapsed(&self, by: DateTime<Utc>) -> bool {
        self.differs
            && !self.ended
            && self.remaining_minor > 0
            && self.due().is_some_and(|due| due <= by)
    }
}

/// A fold under other rules.
pub struct Otherwise {
    fold: Arc<dyn Fold>,
    rules: Rules,
}

impl Otherwise {
    /// This fold under these rules.
    #[must_use]
    pub fn new(fold: Arc<dyn Fold>, rules: Rules) -> Self {
        Self { fold, rules }
    }

    fn network(&self, act: &Act, event: &NetworkEvent, rows: &mut Rows) -> Result<Vec<Act>, Stop> {
        let changed = |set: PolicySet| Act {
            event: NetworkEvent::from(PolicySet {
                policy: self.rules.over(set.policy),
                ..set
            })
            .into(),
            ..act.clone()
        };
        match event {
            NetworkEvent::Founded(founded) => {
                rows.put(Town {
                    key: act.network.clone(),
                    timezone: Json(founded.timezone),
                    policies: Json(Vec::new()),
                });
                let from_the_start = PolicySet {
                    network: founded.network.clone(),
                    from: DateTime::UNIX_EPOCH,
                    policy: Policy::default(),
                };
                Ok(vec![act.clone(), changed(from_the_start)])
            }
            NetworkEvent::PolicySet(set) => {
                rows.change::<Town>(&act.network, |town| town.policies.0.push(set.clone()))?;
                Ok(vec![changed(set.clone())])
            }
        }
    }
}

impl Fold for Otherwise {
    fn model(&self) -> Model {
        self.fold.model()
    }

    fn tables(&self) -> Vec<Table> {
        let mut tables = self.fold.tables();
        tables.extend([Town::TABLE, Altered::TABLE]);
        tables
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        let acts = match &act.event {
            Event::Network(event) => self.network(act, event, rows)?,
            Event::Voucher(event) => voucher::rewrite(&self.rules, act, event, rows)?,
            Event::Access(_)
            | Event::District(_)
            | Event::Donor(_)
            | Event::Fund(_)
            | Event::HelpRequest(_)
            | Event::Member(_)
            | Event::Organisation(_)
            | Event::Place(_)
            | Event::Service(_)
            | Event::Subject(_)
            | Event::Task(_)
            | Event::Venue(_) => return self.fold.apply(act, rows),
        };
        acts.iter().try_for_each(|act| self.fold.apply(act, rows))
    }
}
