//! One act, one file, the same stem in every crate it passes through, so that one grep shows a slice.

use std::path::Path;

use tests::workspace;

use super::{obey, text, tree};

/// Acts that nobody asks for from outside, with the reason.
const NOT_IN_THE_GATEWAY: &[(&str, &str)] = &[
    (
        "network/found",
        "whoever holds the machine does it: `sospeso init`",
    ),
    ("voucher/expire", "a reaction to the date issues it"),
    ("help_request/expire", "a reaction to the date issues it"),
    ("task/expire", "a reaction to the date issues it"),
    (
        "help_request/erase_texts",
        "a reaction to the date issues it",
    ),
    ("task/erase_note", "a reaction to the date issues it"),
    (
        "subject/set_retention",
        "a reaction to the leaving of a member issues it",
    ),
    (
        "venue/dispose_vouchers",
        "a reaction to the leaving of a venue issues it",
    ),
];

/// Every `domain/src/<aggregate>/<act>.rs` that decides something.
fn acts() -> Vec<String> {
    tree()
        .iter()
        .filter_map(|file| {
            let slice = file.strip_prefix("domain/src").ok()?;
            let decides = text(file)?.contains("pub fn decide(");
            (slice.iter().count() == 2 && decides)
                .then(|| slice.with_extension("").to_string_lossy().into_owned())
        })
        .collect()
}

/// The acts that lack their file in `folder`, of the aggregates that have arrived there.
fn missing_in(folder: &str, excused: &[(&str, &str)]) -> Vec<String> {
    let folder = workspace::root().join(folder);
    acts()
        .into_iter()
        .filter(|act| !excused.iter().any(|(name, _)| name == act))
        .filter(|act| {
            Path::new(act)
                .parent()
                .is_some_and(|aggregate| folder.join(aggregate).is_dir())
        })
        .filter(|act| !folder.join(format!("{act}.rs")).is_file())
        .collect()
}

#[test]
fn every_act_has_its_use_case() {
    let missing = missing_in("commands/src", &[]);
    obey(
        "Write the use case as commands/src/<aggregate>/<act>.rs for:",
        &missing,
    );
}

#[test]
fn every_act_can_be_asked_for() {
    let missing = missing_in("gateway/src", NOT_IN_THE_GATEWAY);
    obey(
        "Write the route as gateway/src/<aggregate>/<act>.rs, or give a reason here, for:",
        &missing,
    );
}
