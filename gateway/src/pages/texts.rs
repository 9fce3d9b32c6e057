//! The words of the pages: one catalogue, `gateway/locales`, with the plurals of each language.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

use super::language::Lang;

fluent_templates::static_loader! {
    static CATALOGUE = {
        locales: "./locales",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Beginnings of keys that are put together from a closed list, such as `service-` + `water`.
pub const FAMILIES: [&str; 14] = [
    "service-kind-",
    "item-kind-",
    "venue-kind-",
    "place-kind-",
    "wheelchair-",
    "closure-reason-",
    "counter-reason-",
    "measure-",
    "state-",
    "life-",
    "held-kind-",
    "held-basis-",
    "held-about-",
    "held-text-",
];

/// What stands where a text is missing; tests look for it.
pub const MISSING: &str = "⟦";

/// A value in a text.
pub type Value = FluentValue<'static>;

/// The text of a key.
#[must_use]
pub fn text(lang: Lang, key: &str) -> String {
    let found = CATALOGUE.try_lookup(&id(lang), key);
    found.unwrap_or_else(|| missing(key))
}

/// The text of a key with named values.
#[must_use]
pub fn text_with<const N: usize>(
    lang: Lang,
    key: &str,
    values: [(&'static str, Value); N],
) -> String {
    let named = values.map(|(name, value)| (Cow::Borrowed(name), value));
    let values: HashMap<Cow<'static, str>, Value> = HashMap::from(named);
    let found = CATALOGUE.try_lookup_with_args(&id(lang), key, &values);
    found.unwrap_or_else(|| missing(key))
}

fn id(lang: Lang) -> LanguageIdentifier {
    match lang {
        Lang::Cs => langid!("cs"),
        Lang::Pl => langid!("pl"),
        Lang::En => langid!("en"),
    }
}

fn missing(key: &str) -> String {
    tracing::error!(key, "a text is missing");
    format!("{MISSING}{key}⟧")
}
