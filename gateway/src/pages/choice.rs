//! A list to choose from in a form.

use std::fmt::Display;

use super::layout::Page;

/// One line of a list.
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The words of a closed list, in the page's language.
#[must_use]
pub fn choices<T: Display>(page: &Page, family: &str, all: &[T], chosen: &str) -> Vec<Choice> {
    let choice = |word: &T| Choice {
        value: word.to_string(),
        text: page.kind(family, word),
        chosen: word.to_string() == chosen,
    };
    all.iter().map(choice).collect()
}
