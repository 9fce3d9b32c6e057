//! A request for help by a neighbour: one person at a time takes it on.

pub mod claim;
pub mod close_unmet;
pub mod edit;
pub mod erase_texts;
pub mod expire;
pub mod fulfil;
pub mod partly_fulfil;
pub mod release;
pub mod reopen;
pub mod request;
pub mod withdraw;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod properties;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::help::{Category, Effort, INVOLVED_AFTER, Window};
use crate::ids::{ClaimId, MemberId};
use crate::sealed::Sealed;
use crate::text::{Label, Language, Slug};

/// How long a request without a window stays open, unless it says otherwise.
pub const OPEN_FOR: TimeDelta = TimeDelta::days(30);
/// The longest time for which a request stays open without being looked at again.
pub const MAX_OPEN: TimeDelta = TimeDelta::days(366);
/// The most claims on one request, one after the other.
pub const MAX_CLAIMS: usize = 50;
/// The most times that a part of one request is fulfilled.
pub const MAX_PARTS: u32 = 200;
/// The most times that one request is opened again.
pub const MAX_REOPENED: u32 = 50;

aggregate! {
    HelpRequest "help_request", HelpRequestCommand, HelpRequestEvent {
        request: Request => Requested "requested" "1",
        edit: Edit => Edited "edited" "1",
        claim: Claim => Claimed "claimed" "1",
        release: Release => Released "released" "1",
        partly_fulfil: PartlyFulfil => PartlyFulfilled "partly_fulfilled" "1",
        fulfil: Fulfil => Fulfilled "fulfilled" "1",
        reopen: Reopen => Reopened "reopened" "1",
        withdraw: Withdraw => Withdrawn "withdrawn" "1",
        expire: Expire => Expired "expired" "1",
        close_unmet: CloseUnmet => ClosedUnmet "closed_unmet" "1",
        erase_texts: EraseTexts => TextsErased "texts_erased" "1",
    }
}

/// The life of a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
#[allow(
    clippy::large_enum_variant,
    reason = "every request but the unknown one is large"
)]
pub enum HelpRequest {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Somebody is wanted.
    Open(Need),
    /// Somebody has taken it on.
    Claimed {
        /// What is needed.
        need: Need,
        /// By whom.
        claim: Held,
    },
    /// Help was given.
    Fulfilled(Need),
    /// It is no longer needed, or no longer wanted from here.
    Withdrawn(Need),
    /// Its time was over.
    Expired(Need),
    /// A coordinator closed it: help could not be found.
    ClosedUnmet(Need),
}

/// What is known of a request in every stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// As first requested.
    pub requested: request::Requested,
    /// What is asked for now.
    pub terms: Terms,
    /// How many times a part of it was fulfilled.
    pub parts: u32,
    /// When the last part was fulfilled.
    pub last_part_at: Option<DateTime<Utc>>,
    /// How many times it was opened again.
    pub reopened: u32,
    /// The claims that ended, oldest first; at most [`MAX_CLAIMS`].
    pub past: Vec<Past>,
    /// When it ended; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether a text was ever sealed for it.
    #[serde(default)]
    pub had_texts: bool,
    /// Whether the texts under its own key were erased.
    #[serde(default)]
    pub texts_erased: bool,
}

/// What is asked for. An edit replaces it as a whole. The texts are sealed under the subject's key,
/// or, where there is no subject, under a key of this one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: Label,
    /// When; absent = at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// How much time it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// The language of the sealed texts. Present wherever there is a note or something in return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What is needed, in the person's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Sealed>,
    /// How to reach the person, where it is not the subject's own contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Sealed>,
    /// What the person can give in return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_return: Option<Sealed>,
    /// The instant from which it is no longer offered, at most [`MAX_OPEN`] ahead.
    pub expires_at: DateTime<Utc>,
}

/// What is wrong with what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// The window is over, empty or too long.
    #[error("a window lies ahead, has a length and is at most 366 days long")]
    Window,
    /// It would never be open, or for too long.
    #[error("a request expires later than now and within 366 days")]
    ExpiresAt,
    /// Nobody knows which language the text is.
    #[error("a text carries its language")]
    LanguageMissing,
}

/// The claim that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its id.
    pub claim_id: ClaimId,
    /// Who holds it.
    pub member: MemberId,
    /// The instant from which it may be released because nothing was heard.
    pub lapses_at: DateTime<Utc>,
}

/// A claim that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Its id.
    pub claim_id: ClaimId,
    /// Who held it.
    pub member: MemberId,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
}

/// When a request expires unless it says otherwise: at the end of its window, or after 30 days.
#[must_use]
pub fn expires_at(at: DateTime<Utc>, window: Option<Window>) -> DateTime<Utc> {
    window.map_or(at + OPEN_FOR, |window| window.to)
}

impl Terms {
    /// What is wrong with them at that time, if anything.
    fn flaw(&self, at: DateTime<Utc>) -> Option<Flaw> {
        let says_something = self.note.is_some() || self.in_return.is_some();
        if self
            .window
            .is_some_and(|window| !window.is_within_bounds() || window.to <= at)
        {
            Some(Flaw::Window)
        } else if !expires_within_bounds(at, self.expires_at) {
            Some(Flaw::ExpiresAt)
        } else if says_something && self.language.is_none() {
            Some(Flaw::LanguageMissing)
        } else {
            None
        }
    }

    fn has_texts(&self) -> bool {
        self.note.is_some() || self.contact.is_some() || self.in_return.is_some()
    }
}

fn expires_within_bounds(at: DateTime<Utc>, expires_at: DateTime<Utc>) -> bool {
    at < expires_at && expires_at - at <= MAX_OPEN
}

impl Need {
    fn new(requested: request::Requested) -> Self {
        Self {
            terms: requested.terms.clone(),
            had_texts: requested.terms.has_texts(),
            requested,
            parts: 0,
            last_part_at: None,
            reopened: 0,
            past: Vec::new(),
            ended_at: None,
            texts_erased: false,
        }
    }

    /// Whether texts are sealed under the request's own key, because no person stands behind it,
    /// and can still be read.
    #[must_use]
    pub fn holds_texts_of_its_own(&self) -> bool {
        self.requested.subject.is_none() && self.had_texts && !self.texts_erased
    }

    /// The ended claim with this id.
    #[must_use]
    pub fn past(&self, claim: ClaimId) -> Option<&Past> {
        self.past.iter().find(|past| past.claim_id == claim)
    }
}

impl HelpRequest {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.need().map(|need| &need.requested.network)
    }

    /// What is known of it, in whatever stage.
    #[must_use]
    pub fn need(&self) -> Option<&Need> {
        match self {
            Self::Unknown => None,
            Self::Open(need)
            | Self::Claimed { need, .. }
            | Self::Fulfilled(need)
            | Self::Withdrawn(need)
            | Self::Expired(need)
            | Self::ClosedUnmet(need) => Some(need),
        }
    }

    /// The claim that somebody holds now.
    #[must_use]
    pub fn claim(&self) -> Option<&Held> {
        match self {
            Self::Claimed { claim, .. } => Some(claim),
            Self::Unknown
            | Self::Open(_)
            | Self::Fulfilled(_)
            | Self::Withdrawn(_)
            | Self::Expired(_)
            | Self::ClosedUnmet(_) => None,
        }
    }

    /// Whether help is still wanted, so that a task for it makes sense.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open(_) | Self::Claimed { .. })
    }

    /// Whether this member may read at that time what only the involved may read: a claim is held,
    /// or ended less than [`INVOLVED_AFTER`] ago.
    #[must_use]
    pub fn involves(&self, member: MemberId, at: DateTime<Utc>) -> bool {
        let holds = self.claim().is_some_and(|claim| claim.member == member);
        let held = |past: &Past| {
            past.member == member && at.signed_duration_since(past.ended_at) < INVOLVED_AFTER
        };
        holds || self.need().is_some_and(|need| need.past.iter().any(held))
    }

    fn evolve(&mut self, event: HelpRequestEvent) {
        let before = std::mem::take(self);
        *self = match event {
            HelpRequestEvent::Requested(requested) => Self::Open(Need::new(requested)),
            HelpRequestEvent::Edited(edited) => before.with(|need| {
                need.had_texts |= edited.terms.has_texts();
                need.terms = edited.terms;
            }),
            HelpRequestEvent::Claimed(claimed) => before.claimed(&claimed),
            HelpRequestEvent::Released(released) => before.ended(released.at, Self::Open),
            HelpRequestEvent::PartlyFulfilled(partly) => before.partly_fulfilled(&partly),
            HelpRequestEvent::Fulfilled(fulfilled) => before.closed(fulfilled.at, Self::Fulfilled),
            HelpRequestEvent::Reopened(reopened) => before.reopened(&reopened),
            HelpRequestEvent::Withdrawn(withdrawn) => before.closed(withdrawn.at, Self::Withdrawn),
            HelpRequestEvent::Expired(expired) => before.closed(expired.at, Self::Expired),
            HelpRequestEvent::ClosedUnmet(closed) => before.closed(closed.at, Self::ClosedUnmet),
            HelpRequestEvent::TextsErased(_) => before.with(|need| need.texts_erased = true),
        };
    }

    /// The same stage with something else known.
    fn with(mut self, change: impl FnOnce(&mut Need)) -> Self {
        match &mut self {
            Self::Unknown => {}
            Self::Open(need)
            | Self::Claimed { need, .. }
            | Self::Fulfilled(need)
            | Self::Withdrawn(need)
            | Self::Expired(need)
            | Self::ClosedUnmet(need) => change(need),
        }
        self
    }

    /// The next stage; a claim that is held ends with the last one.
    fn ended(self, at: DateTime<Utc>, next: impl FnOnce(Need) -> Self) -> Self {
        match self {
            Self::Unknown => Self::Unknown,
            Self::Claimed { mut need, claim } => {
                need.past.push(Past {
                    claim_id: claim.claim_id,
                    member: claim.member,
                    ended_at: at,
                });
                next(need)
            }
            Self::Open(need)
            | Self::Fulfilled(need)
            | Self::Withdrawn(need)
            | Self::Expired(need)
            | Self::ClosedUnmet(need) => next(need),
        }
    }

    /// The last stage, at least until it is opened again.
    fn closed(self, at: DateTime<Utc>, next: impl FnOnce(Need) -> Self) -> Self {
        self.ended(at, |mut need| {
            need.ended_at = Some(at);
            next(need)
        })
    }

    fn claimed(self, claimed: &claim::Claimed) -> Self {
        let claim = Held {
            claim_id: claimed.claim_id,
            member: claimed.member,
            lapses_at: claimed.lapses_at,
        };
        self.ended(claimed.at, |need| Self::Claimed { need, claim })
    }

    fn partly_fulfilled(self, partly: &partly_fulfil::PartlyFulfilled) -> Self {
        let mut after = self.with(|need| {
            need.parts += 1;
            need.last_part_at = Some(partly.at);
        });
        if let Self::Claimed { claim, .. } = &mut after {
            claim.lapses_at = partly.lapses_at;
        }
        after
    }

    fn reopened(self, reopened: &reopen::Reopened) -> Self {
        self.ended(reopened.at, |mut need| {
            need.reopened += 1;
            need.ended_at = None;
            need.terms.expires_at = reopened.expires_at;
            Self::Open(need)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sealed_text_opens_for_who_holds_a_claim_and_thirty_days_after() {
        let claimed = examples::claimed();
        let (helper, other) = (examples::claim().helper.member, examples::other().member);
        let at = examples::at("2026-11-03T10:00:00Z");
        assert!(claimed.involves(helper, at));
        assert!(!claimed.involves(other, at));

        let fulfilled = examples::fulfilled();
        let ended = examples::fulfil().at;
        assert!(fulfilled.involves(helper, ended + TimeDelta::days(29)));
        assert!(!fulfilled.involves(helper, ended + TimeDelta::days(30)));
    }

    #[test]
    fn a_request_expires_with_its_window_or_after_thirty_days() {
        let at = examples::at("2026-11-02T09:00:00Z");
        let window = examples::request()
            .requested
            .terms
            .window
            .expect("a window");
        assert_eq!(expires_at(at, Some(window)), window.to);
        assert_eq!(expires_at(at, None), at + OPEN_FOR);
    }
}
