//! Neighbours who ask for help and help: some in the years before, some today.

use anyhow::Context;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use commands::help_request::claim::Claim;
use commands::help_request::close_unmet::CloseUnmet;
use commands::help_request::fulfil::Fulfil;
use commands::help_request::request::Request;
use commands::member::register::Register;
use commands::subject::introduce::Introduce;
use commands::task;
use domain::help::{Category, Effort, Window};
use domain::help_request::close_unmet::UnmetReason;
use domain::ids::{HelpRequestId, MemberId};
use domain::member::Profile;
use domain::sealed::PersonalText;
use domain::subject::introduce::{Basis, SubjectKind};

use super::founding::Town;
use super::teller::{Teller, minute};

/// Invented requests: what, in which district.
const ASKED: [(Category, &str, &str); 8] = [
    (
        Category::Groceries,
        "500097",
        "Nákup jednou týdně, čtvrté patro bez výtahu.",
    ),
    (Category::Transport, "500208", "Odvoz k lékaři a zpátky."),
    (Category::Company, "500186", "Procházka a povídání."),
    (Category::Paperwork, "500089", "Vyplnit žádost na úřadě."),
    (Category::Technology, "500143", "Nastavit telefon."),
    (Category::Repairs, "500178", "Kape kohoutek."),
    (
        Category::Meals,
        "500054",
        "Teplé jídlo po návratu z nemocnice.",
    ),
    (
        Category::Pets,
        "500097",
        "Vyvenčit psa, než se zahojí noha.",
    ),
];
/// How many requests lie in the past.
const PAST: usize = 24;
/// How many members help.
const MEMBERS: usize = 6;

/// Tells of them; says who one of the members is.
///
/// # Errors
/// If an act is refused.
pub async fn tell(
    teller: &Teller,
    town: &Town,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> anyhow::Result<MemberId> {
    let mut members = Vec::new();
    for number in 0..MEMBERS {
        members.push(member(teller, number).await?);
    }
    for number in 0..PAST {
        past(teller, number, members[number % MEMBERS]).await?;
    }
    current(teller, today, now, &members).await?;
    work(teller, town, today, now, &members).await?;
    members.first().copied().context("a member")
}

async fn member(teller: &Teller, number: usize) -> anyhow::Result<MemberId> {
    let at = minute(
        NaiveDate::from_ymd_opt(2020, 3, 16).unwrap_or_default(),
        600,
    );
    let introduce = Introduce {
        kind: SubjectKind::Member,
        basis: Basis::Consent,
        notice_version: "2020-03".parse()?,
        retain_until: None,
    };
    let introduced = teller
        .tell(format!("subject/{number}"), at, introduce)
        .await?;
    let profile = Profile {
        districts: [ASKED[number].1.parse()?].into(),
        categories: [ASKED[number].0].into(),
        languages: ["cs".parse()?].into(),
    };
    let register = Register {
        subject_id: introduced.answer.subject_id,
        profile,
    };
    Ok(teller
        .tell(format!("member/{number}"), at, register)
        .await?
        .answer
        .member_id)
}

/// A request of the years before: most were met within some days.
async fn past(teller: &Teller, number: usize, member_id: MemberId) -> anyhow::Result<()> {
    let first = NaiveDate::from_ymd_opt(2020, 3, 20).unwrap_or_default();
    let asked = minute(first + Days::new(27 * u64::try_from(number)?), 10 * 60);
    let help_request_id = ask(teller, &format!("past/{number}"), number, asked).await?;
    if number % 6 == 5 {
        let act = CloseUnmet {
            help_request_id,
            reason: UnmetReason::NobodyFound,
        };
        teller
            .tell(format!("unmet/{number}"), asked + TimeDelta::days(10), act)
            .await?;
        return Ok(());
    }
    let hours = TimeDelta::hours(4 + 5 * i64::try_from(number % 7)?);
    let claim = Claim {
        help_request_id,
        member_id: Some(member_id),
    };
    let claimed = teller
        .tell(format!("claim/{number}"), asked + hours, claim)
        .await?;
    let claim_id = Some(claimed.answer.claim_id);
    let act = Fulfil {
        help_request_id,
        claim_id,
    };
    teller
        .tell(format!("fulfil/{number}"), asked + hours * 2, act)
        .await?;
    Ok(())
}

/// What is asked for today: some of it is taken on already.
async fn current(
    teller: &Teller,
    today: NaiveDate,
    now: DateTime<Utc>,
    members: &[MemberId],
) -> anyhow::Result<()> {
    for number in 0..ASKED.len() {
        let day = today - Days::new(u64::try_from(number)?);
        let at = minute(day, 9 * 60 + 15);
        if at + TimeDelta::minutes(30) > now {
            continue;
        }
        let key = format!("now/{day}/{number}");
        let help_request_id = ask(teller, &key, number, at).await?;
        if number % 3 == 2 {
            let member_id = Some(members[number % MEMBERS]);
            let claim = Claim {
                help_request_id,
                member_id,
            };
            teller
                .tell(format!("claim/{key}"), at + TimeDelta::minutes(30), claim)
                .await?;
        }
    }
    Ok(())
}

async fn ask(
    teller: &Teller,
    key: &str,
    number: usize,
    at: DateTime<Utc>,
) -> anyhow::Result<HelpRequestId> {
    let (category, district, note) = ASKED[number % ASKED.len()];
    let act = Request {
        subject_id: None,
        category,
        district_code: district.parse()?,
        window: None,
        effort: Some(Effort::Short),
        language: Some("cs".parse()?),
        note: Some(PersonalText::try_from(note.to_owned())?),
        contact: None,
        in_return: None,
        expires_at: None,
    };
    Ok(teller
        .tell(format!("ask/{key}"), at, act)
        .await?
        .answer
        .help_request_id)
}

/// Tasks of an organisation: one was done last week, one is open.
async fn work(
    teller: &Teller,
    town: &Town,
    today: NaiveDate,
    now: DateTime<Utc>,
    members: &[MemberId],
) -> anyhow::Result<()> {
    for (number, ahead) in [(0, -5), (1, 3)] {
        let day = today + TimeDelta::days(ahead);
        let created = minute(today - Days::new(9), 11 * 60).min(now);
        let window = Window {
            from: minute(day, 13 * 60),
            to: minute(day, 16 * 60),
        };
        let act = task::create::Create {
            title: "Rozdávání polévky".parse()?,
            language: "cs".parse()?,
            category: Category::Meals,
            district_code: "500186".parse()?,
            window,
            slots: 4,
            help_request_id: None,
            organisation_id: Some(town.organisations[0]),
            note: None,
        };
        let key = format!("task/{today}/{number}");
        let task_id = teller.tell(key.clone(), created, act).await?.answer.task_id;
        for member_id in &members[..2] {
            let claim = task::claim::Claim {
                task_id,
                member_id: Some(*member_id),
            };
            let at = created + TimeDelta::hours(1);
            let claimed = teller
                .tell(format!("{key}/claim/{member_id}"), at, claim)
                .await?;
            if ahead < 0 {
                let claim_id = claimed.answer.claim_id;
                let by = task::complete::By::Claim { claim_id };
                let act = task::complete::Complete {
                    task_id,
                    by,
                    minutes: 180,
                };
                teller
                    .tell(format!("{key}/done/{member_id}"), window.to, act)
                    .await?;
            }
        }
    }
    Ok(())
}
