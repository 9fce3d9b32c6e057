//! All that is held about whoever looks, in the words of the log.

use askama::Template;
use axum::response::Response;
use commands::opening::Opened;
use commands::subject::export::Act;
use domain::envelope::instant;
use serde_json::Value;

use super::Person;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::Trouble;
use crate::subject::held::{Held, held as gather};

/// The most acts on the page; the file has all of them.
const MOST_ACTS: usize = 200;
/// The fields that may hold a text of the person's.
const TEXTS: [&str; 3] = ["note", "contact", "in_return"];

#[derive(Template)]
#[template(path = "held.html")]
struct Shown<'a> {
    page: &'a Page,
    person: Option<About>,
    sections: Vec<Section>,
    more: bool,
    file: String,
}

/// Why something is held, and how to reach the person.
struct About {
    erased: bool,
    kind: String,
    basis: String,
    notice: String,
    until: Option<String>,
    contact: Option<String>,
}

/// Acts about one kind of thing.
struct Section {
    title: String,
    acts: Vec<Line>,
}

/// One act.
struct Line {
    when: String,
    what: String,
    who: String,
    texts: Vec<(String, String)>,
    recorded: String,
}

/// Shows it.
pub async fn held(person: Person) -> Result<Response, Trouble> {
    let page = &person.page;
    let Some(subject) = person.subject else {
        return Ok(show(page, &nothing(page)));
    };
    let app = &person.app;
    let _one = app.exports.lock().await;
    let views = app.views.as_ref();
    let held = gather(&app.desk, views, &person.who, subject, |_| ()).await;
    let held = held.map_err(|error| page.failed(error))?;
    Ok(show(page, &shown(page, &held)))
}

fn nothing(page: &Page) -> Shown<'_> {
    Shown {
        page,
        person: None,
        sections: Vec::new(),
        more: false,
        file: String::new(),
    }
}

fn shown<'a>(page: &'a Page, held: &Held) -> Shown<'a> {
    let (export, subject) = (&held.export, &held.export.subject);
    let count: usize = export.acts.values().map(Vec::len).sum();
    let mut left = MOST_ACTS;
    let sections = export.acts.iter().map(|(about, acts)| {
        let acts = &acts[..acts.len().min(left)];
        left -= acts.len();
        Section {
            title: page.kind("held-about-", about),
            acts: acts.iter().map(|act| line(page, act)).collect(),
        }
    });
    Shown {
        page,
        person: Some(About {
            erased: subject.erased,
            kind: page.kind("held-kind-", &subject.kind),
            basis: page.kind("held-basis-", &subject.basis),
            notice: subject.notice_version.clone(),
            until: subject.retain_until.map(instant),
            contact: subject.contact.as_ref().map(|text| words(page, text)),
        }),
        sections: sections
            .filter(|section| !section.acts.is_empty())
            .collect(),
        more: export.more || count > MOST_ACTS,
        file: format!(
            "/api/v1/networks/{}/subjects/{}/export",
            export.network, subject.subject_id
        ),
    }
}

fn line(page: &Page, act: &Act) -> Line {
    let texts = TEXTS.iter().filter_map(|field| {
        let text: Opened = serde_json::from_value(act.recorded.get(*field)?.clone()).ok()?;
        Some((page.kind("held-text-", field), words(page, &text)))
    });
    let who = if act.by_the_person {
        page.t("held-by-you")
    } else {
        page.s("held-by", act.role)
    };
    Line {
        when: instant(act.occurred_at),
        what: act.event_type.clone(),
        who,
        texts: texts.collect(),
        recorded: pretty(&act.recorded),
    }
}

fn words(page: &Page, text: &Opened) -> String {
    match text {
        Opened::Open { text } => text.clone(),
        Opened::Withheld => page.t("held-withheld"),
        Opened::Erased => page.t("erased"),
    }
}

fn pretty(recorded: &Value) -> String {
    serde_json::to_string_pretty(recorded).unwrap_or_default()
}
