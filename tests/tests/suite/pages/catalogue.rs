//! One catalogue: every message in every language, none missing, none left over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use domain::place::{PlaceKind, Wheelchair};
use domain::service::ServiceKind;
use domain::venue::ItemKind;
use domain::venue::admit::VenueKind;
use gateway::pages::texts::FAMILIES;
use strum::VariantArray;
use tests::workspace;

const LANGUAGES: [&str; 3] = ["cs", "pl", "en"];

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

fn texts(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    files(&workspace::root().join(folder), ending, &mut found);
    let read = |path: PathBuf| fs::read_to_string(path).expect("a text");
    found.into_iter().map(read).collect()
}

/// The messages of a language with the values that each takes.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for text in texts(&format!("gateway/locales/{language}"), ".ftl") {
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =")
                && line.starts_with(|c: char| c.is_ascii_lowercase())
            {
                key.clone_into(&mut current);
                assert!(
                    !all.contains_key(key),
                    "{language}: {key} stands there twice"
                );
                all.insert(current.clone(), BTreeSet::new());
            }
            for value in line.split('$').skip(1) {
                let name = value.split(|c: char| !c.is_alphanumeric()).next();
                let values = all.get_mut(&current).expect("a message before its value");
                values.extend(name.map(str::to_owned));
            }
        }
    }
    all
}

/// Every quoted word in templates and in the pages' code.
fn quoted() -> BTreeSet<String> {
    let mut sources = texts("gateway/templates", ".html");
    sources.extend(texts("gateway/src/pages", ".rs"));
    let mut words = BTreeSet::new();
    for source in sources {
        words.extend(source.split('"').map(str::to_owned));
    }
    words
}

#[test]
fn every_language_has_every_message_with_the_same_values() {
    let english = messages("en");
    for language in LANGUAGES {
        let other = messages(language);
        for (key, values) in &english {
            let found = other.get(key);
            assert!(found.is_some(), "{language} has no {key}");
            assert_eq!(found, Some(values), "{language}: the values of {key}");
        }
        let extra: Vec<_> = other
            .keys()
            .filter(|key| !english.contains_key(*key))
            .collect();
        assert!(extra.is_empty(), "only {language} has {extra:?}");
    }
}

#[test]
fn no_message_is_missing_or_left_over() {
    let (messages, words) = (messages("en"), quoted());
    let in_a_family = |key: &str| FAMILIES.iter().any(|family| key.starts_with(family));
    let unused: Vec<_> = messages
        .keys()
        .filter(|key| !words.contains(*key) && !in_a_family(key))
        .collect();
    assert!(unused.is_empty(), "delete from the catalogue: {unused:?}");
    let mut missing = BTreeSet::new();
    let mut sources = texts("gateway/templates", ".html");
    sources.extend(texts("gateway/src/pages", ".rs"));
    for source in sources {
        for call in ["page.t(\"", "page.n(\"", "page.s(\""] {
            for found in source.split(call).skip(1) {
                let key = found.split('"').next().expect("a key");
                if !messages.contains_key(key) && key != "key" {
                    missing.insert(key.to_owned());
                }
            }
        }
    }
    assert!(missing.is_empty(), "add to the catalogue: {missing:?}");
}

#[test]
fn every_word_of_a_closed_list_has_a_message() {
    let messages = messages("en");
    let mut keys = Vec::new();
    let mut family = |family: &str, words: Vec<String>| {
        keys.extend(
            words
                .into_iter()
                .map(|word| format!("{family}{word}").replace('_', "-")),
        );
    };
    family(
        "service-kind-",
        ServiceKind::VARIANTS
            .iter()
            .map(ToString::to_string)
            .collect(),
    );
    family(
        "item-kind-",
        ItemKind::VARIANTS.iter().map(ToString::to_string).collect(),
    );
    family(
        "venue-kind-",
        VenueKind::VARIANTS
            .iter()
            .map(ToString::to_string)
            .collect(),
    );
    family(
        "place-kind-",
        PlaceKind::VARIANTS
            .iter()
            .map(ToString::to_string)
            .collect(),
    );
    let known = Wheelchair::VARIANTS
        .iter()
        .filter(|it| **it != Wheelchair::Unknown);
    family("wheelchair-", known.map(ToString::to_string).collect());
    for key in keys {
        assert!(messages.contains_key(&key), "add to the catalogue: {key}");
    }
}

#[test]
fn no_template_speaks_for_itself() {
    let mut found = Vec::new();
    files(
        &workspace::root().join("gateway/templates"),
        ".html",
        &mut found,
    );
    for path in found {
        let template = fs::read_to_string(&path).expect("a template");
        let mut words = String::new();
        let mut depth = 0_i32;
        for c in template.chars() {
            match c {
                '{' | '<' => depth += 1,
                '}' | '>' => {
                    depth -= 1;
                    words.push(' ');
                }
                other if depth == 0 => words.push(other),
                _ => {}
            }
        }
        let spoken: Vec<&str> = words
            .split_whitespace()
            .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2)
            .collect();
        assert!(
            spoken.is_empty(),
            "{}: into the catalogue with {spoken:?}",
            path.display()
        );
    }
}
