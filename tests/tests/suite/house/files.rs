//! What may lie where, how long it may be and what it may be called.

use std::collections::BTreeSet;
use std::path::Path;

use tests::workspace;

use super::{has_extension, obey, text, tree};

const TOP_LEVEL: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "commands",
    "docker-compose.yml",
    "domain",
    "gateway",
    "infra",
    "projections",
    "tests",
];

/// Read by people; data and lock files are not.
const READ_BY_PEOPLE: &[&str] = &["rs", "sql", "js", "mjs", "css", "html", "sh", "py", "md"];

const LONGEST_FILE_LINES: usize = 500;

#[test]
fn the_visible_top_level_is_a_table_of_contents() {
    let found: BTreeSet<String> = std::fs::read_dir(workspace::root())
        .expect("the root")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    let expected: BTreeSet<String> = TOP_LEVEL.iter().map(ToString::to_string).collect();
    let difference: Vec<String> = found.symmetric_difference(&expected).cloned().collect();
    obey(
        "Put it into the crate whose business it is, or restore what is missing:",
        &difference,
    );
}

#[test]
fn no_file_is_longer_than_a_sitting() {
    let broken: Vec<String> = tree()
        .iter()
        .filter(|file| has_extension(file, READ_BY_PEOPLE))
        .filter_map(|file| {
            let lines = text(file)?.lines().count();
            (lines > LONGEST_FILE_LINES).then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    obey(
        &format!("Split by subject; {LONGEST_FILE_LINES} lines are the limit:"),
        &broken,
    );
}

#[test]
fn names_say_what_is_inside() {
    const SAY_NOTHING: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];
    let says_nothing = |part: &str| {
        let stem = part.split('.').next().unwrap_or(part);
        stem.split(['_', '-'])
            .any(|word| SAY_NOTHING.contains(&word))
    };
    let broken: Vec<String> = tree()
        .iter()
        .filter(|file| {
            file.iter()
                .any(|part| part.to_str().is_some_and(says_nothing))
        })
        .map(|file| file.display().to_string())
        .collect();
    obey(
        "Name it after its subject; code without a subject belongs to its only user:",
        &broken,
    );
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    // Written in two parts, so that this file obeys its own rule.
    let paths = [
        concat!("/wo", "rk/"),
        concat!("/tmp", "/w/"),
        concat!("/ro", "ot/"),
    ];
    let mut broken = Vec::new();
    for file in tree() {
        let Some(text) = text(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            if paths.iter().any(|path| names_path(line, path)) {
                broken.push(place(&file, number));
            }
        }
    }
    obey(
        "Take the path from the environment, an argument or the workspace's root:",
        &broken,
    );
}

/// Whether an absolute path begins with `path`, as against a route that has it in the middle.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || "}_-./".contains(before))
    })
}

fn place(file: &Path, line_index: usize) -> String {
    format!("{}:{}", file.display(), line_index + 1)
}
