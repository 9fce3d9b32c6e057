//! Short texts that may stand in the log in clear: slugs, names, language tags.

use serde::{Deserialize, Serialize};

/// Why a text is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A slug is `[a-z0-9-]{2,32}`.
    #[error("a slug is 2 to 32 of a-z, 0-9 and '-'")]
    Slug,
    /// A name is one line of 1 to 80 characters.
    #[error("a name is one line of 1 to 80 characters, without control or direction characters")]
    Name,
    /// A language is a tag of two or three lower-case letters.
    #[error("a language is a tag of two or three lower-case letters, e.g. cs")]
    Language,
    /// A code is 1 to 32 letters, digits, '-', '.' or '_'.
    #[error("a code is 1 to 32 letters, digits, '-', '.' or '_'")]
    Label,
}

macro_rules! texts {
    ($($(#[$meta:meta])* $name:ident if $valid:ident else $error:ident)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[derive(utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                if $valid(&text) { Ok(Self(text)) } else { Err(TextError::$error) }
            }
        }
        impl std::str::FromStr for $name {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, TextError> { Self::try_from(text.to_owned()) }
        }
        impl From<$name> for String { fn from(text: $name) -> Self { text.0 } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )+};
}

texts! {
    /// A network's short name in addresses and subjects, `[a-z0-9-]{2,32}`.
    Slug if is_slug else Slug
    /// The name of something public, one line of 1 to 80 characters.
    Name if is_name else Name
    /// The language of a text, e.g. `cs`.
    Language if is_language else Language
    /// A short official or internal code, e.g. a district's `500054` or a campaign's `winter-2026`.
    Label if is_label else Label
}

fn is_slug(text: &str) -> bool {
    (2..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_name(text: &str) -> bool {
    text.trim() == text && (1..=80).contains(&text.chars().count()) && !text.chars().any(is_hidden)
}

fn is_language(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_label(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

/// Characters that change how the text around them is shown, and so could make a name lie.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_two_to_thirty_two_plain_characters() {
        for good in ["praha", "lodz-2", "zs"] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
        for bad in ["", "p", "Praha", "praha 1", "pr/aha", &"a".repeat(33)] {
            assert_eq!(bad.parse::<Slug>(), Err(TextError::Slug), "{bad:?}");
        }
    }

    #[test]
    fn a_language_is_two_or_three_small_letters() {
        for good in ["cs", "rue"] {
            assert!(good.parse::<Language>().is_ok(), "{good}");
        }
        for bad in ["", "c", "CS", "c1", "cs-CZ", "česky"] {
            assert_eq!(bad.parse::<Language>(), Err(TextError::Language), "{bad:?}");
        }
    }

    #[test]
    fn a_label_is_up_to_thirty_two_plain_characters() {
        for good in ["500054", "winter-2026", "a.B_c", &"a".repeat(32)] {
            assert!(good.parse::<Label>().is_ok(), "{good}");
        }
        for bad in ["", "a b", "zima/2026", "ž", &"a".repeat(33)] {
            assert_eq!(bad.parse::<Label>(), Err(TextError::Label), "{bad:?}");
        }
    }

    #[test]
    fn a_name_is_one_visible_line() {
        assert!("Kavárna U Zlatého lva".parse::<Name>().is_ok());
        for bad in ["", " a", "a\nb", "a\u{202e}b", "a\0", &"á".repeat(81)] {
            assert_eq!(bad.parse::<Name>(), Err(TextError::Name), "{bad:?}");
        }
    }
}
