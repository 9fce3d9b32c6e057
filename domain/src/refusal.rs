//! A refusal is an answer, not a fault: a stable code, a sentence, and the facts that go with it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The closed list of reasons for which one act is refused. Each act's file has its own.
pub trait Refusal: std::error::Error + Serialize + strum::VariantNames {}

/// A refusal of any act, as the aggregate, the executor and the stored answer carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// Stable code in `snake_case`, part of the public API.
    pub code: String,
    /// One plain English sentence.
    pub message: String,
    /// What else the caller needs in order to go on, e.g. `left`: how many are on the board.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub facts: Map<String, Value>,
}

impl<R: Refusal> From<R> for Refused {
    fn from(refusal: R) -> Self {
        let mut facts = match serde_json::to_value(&refusal) {
            Ok(Value::Object(map)) => map,
            Ok(_) | Err(_) => Map::new(),
        };
        let code = match facts.remove("code") {
            Some(Value::String(code)) => code,
            Some(_) | None => "refused".to_owned(),
        };
        Self {
            code,
            message: refusal.to_string(),
            facts,
        }
    }
}

/// Declares an act's closed list of refusals: an error enum whose variant names are the codes.
#[macro_export]
macro_rules! refusals {
    ($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, strum::VariantNames)]
        #[serde(tag = "code", rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($body)* }
        impl $crate::Refusal for $name {}
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    refusals! {
        /// Why.
        pub enum Why {
            #[error("only {left} are left on the board")]
            NothingOnBoard { left: u32 },
            #[error("the venue has left")]
            VenueLeft,
        }
    }

    #[test]
    fn a_refusal_keeps_its_code_its_sentence_and_its_facts() {
        let refused = Refused::from(Why::NothingOnBoard { left: 2 });
        assert_eq!(refused.code, "nothing_on_board");
        assert_eq!(refused.message, "only 2 are left on the board");
        assert_eq!(refused.facts["left"], 2);
        assert_eq!(Refused::from(Why::VenueLeft).code, "venue_left");
    }

    #[test]
    fn codes_can_be_listed_for_the_documentation() {
        assert_eq!(
            <Why as strum::VariantNames>::VARIANTS,
            ["nothing_on_board", "venue_left"]
        );
    }
}
