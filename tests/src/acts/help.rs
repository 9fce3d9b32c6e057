//! Requests for help and tasks in a story.

use chrono::TimeDelta;
use domain::help::{Category, Window, lapses_at};
use domain::help_request::claim::Claimed;
use domain::help_request::fulfil::Fulfilled;
use domain::help_request::request::Requested;
use domain::help_request::{HelpRequest, HelpRequestEvent, OPEN_FOR, Terms};
use domain::ids::{ClaimId, HelpRequestId, MemberId, TaskId};
use domain::sealed::Sealed;
use domain::task::create::Created;
use domain::task::{Task, TaskEvent};
use uuid::Uuid;

use super::Story;

impl Story {
    /// Somebody asks for help at any time within a month, with a note, a contact and something to
    /// give in return, all sealed.
    pub fn request(&mut self, district_code: &str, category: Category) -> HelpRequestId {
        self.request_but(district_code, category, |_| ())
    }

    /// The same with other terms.
    pub fn request_but(
        &mut self,
        district_code: &str,
        category: Category,
        change: impl FnOnce(&mut Terms),
    ) -> HelpRequestId {
        let id: HelpRequestId = self.id();
        let mut terms = Terms {
            category,
            district_code: district_code.parse().expect("a code"),
            window: None,
            effort: None,
            language: Some("cs".parse().expect("a language")),
            note: Some(sealed(id.0, "note")),
            contact: Some(sealed(id.0, "contact")),
            in_return: Some(sealed(id.0, "in_return")),
            expires_at: self.now() + OPEN_FOR,
        };
        change(&mut terms);
        let requested = Requested {
            network: self.network(),
            at: self.now(),
            subject: None,
            organisation: None,
            terms,
        };
        self.act::<HelpRequest>(id, HelpRequestEvent::from(requested));
        id
    }

    /// Somebody takes a request on.
    pub fn claim_request(&mut self, request: HelpRequestId, member: MemberId) -> ClaimId {
        let claim_id = self.id();
        let claimed = Claimed {
            claim_id,
            member,
            at: self.now(),
            lapses_at: lapses_at(self.now(), None),
        };
        self.act::<HelpRequest>(request, HelpRequestEvent::from(claimed));
        claim_id
    }

    /// Somebody outside helped.
    pub fn fulfil(&mut self, request: HelpRequestId) -> &mut Self {
        let fulfilled = Fulfilled {
            claim_id: None,
            member: None,
            at: self.now(),
        };
        self.act::<HelpRequest>(request, HelpRequestEvent::from(fulfilled))
    }

    /// A task for so many people, tomorrow at the same time for two hours, with a sealed note.
    pub fn task(&mut self, district_code: &str, title: &str, slots: u32) -> TaskId {
        self.task_but(district_code, title, slots, |_| ())
    }

    /// The same, but different.
    pub fn task_but(
        &mut self,
        district_code: &str,
        title: &str,
        slots: u32,
        change: impl FnOnce(&mut Created),
    ) -> TaskId {
        let id: TaskId = self.id();
        let from = self.now() + TimeDelta::days(1);
        let mut created = Created {
            network: self.network(),
            at: self.now(),
            title: title.parse().expect("a title"),
            language: "cs".parse().expect("a language"),
            category: Category::Meals,
            district_code: district_code.parse().expect("a code"),
            window: Window {
                from,
                to: from + TimeDelta::hours(2),
            },
            slots,
            help_request: None,
            organisation: None,
            note: Some(sealed(id.0, "task_note")),
        };
        change(&mut created);
        self.act::<Task>(id, TaskEvent::from(created));
        id
    }

    /// Somebody takes a slot of a task.
    pub fn claim_task(&mut self, task: TaskId, member: MemberId) -> ClaimId {
        let claim_id = self.id();
        let claimed = domain::task::claim::Claimed {
            claim_id,
            member,
            at: self.now(),
            lapses_at: lapses_at(self.now(), None),
        };
        self.act::<Task>(task, TaskEvent::from(claimed));
        claim_id
    }
}

/// A text that no key opens, and by whose ciphertext a test recognises it.
fn sealed(key_id: Uuid, field: &str) -> Sealed {
    Sealed {
        v: 1,
        key_id,
        nonce: "00".repeat(24),
        text: hex::encode(field),
    }
}
