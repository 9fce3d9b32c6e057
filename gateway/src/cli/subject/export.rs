//! All that is held about a person, for whoever holds the machine and hands it to the person.

use std::fmt::Write as _;

use commands::opening::Opened;
use commands::principal::Principal;
use domain::envelope::instant;
use serde_json::Value;

use super::Person;
use crate::cli::{Common, set_up};
use crate::subject::held::{Held, held};

/// Prints it: as text for people, as JSON for programs.
pub(super) async fn run(common: &Common, person: &Person) -> anyhow::Result<()> {
    let engines = set_up::engines(common).await?;
    let desk = &engines.desk;
    let bar = set_up::bar(common, "reading the log")?;
    bar.set_length(desk.log().head().await?.unsigned_abs());
    let who = Principal::system("set-up", person.network.clone());
    let read = |position: i64| bar.set_position(position.unsigned_abs());
    let held = held(desk, engines.views.as_ref(), &who, person.subject_id, read).await?;
    bar.finish_and_clear();
    common.say(&told(&held)?, &serde_json::to_value(&held)?);
    Ok(())
}

/// The same as plain text.
fn told(held: &Held) -> anyhow::Result<String> {
    let subject = &held.export.subject;
    let mut text = format!("What is held about {}\n", subject.subject_id);
    if subject.erased {
        text += "It was erased.\n";
    }
    writeln!(text, "As: {}, because of: {}", subject.kind, subject.basis)?;
    if let Some(until) = subject.retain_until {
        writeln!(text, "Until: {}", instant(until))?;
    }
    for (about, acts) in &held.export.acts {
        writeln!(text, "\n{}", about.replace('_', " "))?;
        for act in acts {
            let when = instant(act.occurred_at);
            writeln!(text, "  {when} {} by {}", act.event_type, act.role)?;
            tell_fields(&mut text, &act.recorded)?;
        }
    }
    for gifts in &held.gifts {
        let (donor, count) = (gifts.donor_id, gifts.vouchers.len());
        writeln!(text, "\nGifts of the donor {donor}: {count}")?;
    }
    if held.export.more {
        text += "\nThere is more than is told here.\n";
    }
    Ok(text)
}

fn tell_fields(text: &mut String, recorded: &Value) -> std::fmt::Result {
    for (name, value) in recorded.as_object().into_iter().flatten() {
        let said = match serde_json::from_value::<Opened>(value.clone()) {
            Ok(Opened::Open { text }) => text,
            Ok(Opened::Withheld) => "(somebody else's)".to_owned(),
            Ok(Opened::Erased) => "erased".to_owned(),
            Err(_) => value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        };
        writeln!(text, "    {name}: {said}")?;
    }
    Ok(())
}
