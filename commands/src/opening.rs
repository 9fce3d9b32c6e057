//! Opens sealed texts at reading time, for those who may read them. What is opened stands in one
//! answer and nowhere else.

use domain::Entity;
use domain::sealed::{Audience, Sealed, SealedField, SealedSpec};
use domain::text::Slug;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::executor::{Desk, Failure};
use crate::vault::VaultError;

/// A sealed text as one reader sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Opened {
    /// It is open.
    Open {
        /// The text.
        text: String,
    },
    /// There is a text, and it is not for this reader.
    Withheld,
    /// It was erased for good.
    Erased,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open { .. } => "Open(…)",
            Self::Withheld => "Withheld",
            Self::Erased => "Erased",
        })
    }
}

/// How far a reader is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reader {
    /// Takes part in the network, or runs it.
    pub is_member: bool,
    /// Holds a claim (or did a short time ago), is the person, or coordinates the district.
    pub is_involved: bool,
}

impl Reader {
    /// Somebody who may read all.
    pub(crate) const INVOLVED: Self = Self {
        is_member: true,
        is_involved: true,
    };

    /// Whether a field for this audience is for this reader.
    pub(crate) fn reads(self, audience: Audience) -> bool {
        match audience {
            Audience::Public => true,
            Audience::Members => self.is_member || self.is_involved,
            Audience::Involved => self.is_involved,
        }
    }
}

/// Who may read a field, as its event's type says; a field that is not listed is for the involved.
pub(crate) fn audience(specs: &[SealedSpec], field: &str) -> Audience {
    let spec = specs.iter().find(|spec| spec.field == field);
    spec.map_or(Audience::Involved, |spec| spec.audience)
}

/// The record in which a sealed text stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    network: Slug,
    aggregate_type: &'static str,
    aggregate_id: Uuid,
}

impl Place {
    /// An aggregate of this network.
    pub(crate) fn of<A: Entity>(network: &Slug, id: impl Into<Uuid>) -> Self {
        Self {
            network: network.clone(),
            aggregate_type: A::TYPE,
            aggregate_id: id.into(),
        }
    }

    /// Opens a field for somebody who may read it, or says why not. Nothing is sealed: nothing.
    pub(crate) async fn open(
        &self,
        desk: &Desk,
        field: &'static str,
        reads: bool,
        sealed: Option<&Sealed>,
    ) -> Result<Option<Opened>, Failure> {
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        if !reads {
            return Ok(Some(Opened::Withheld));
        }
        let place = SealedField {
            network: self.network.clone(),
            aggregate_type: self.aggregate_type,
            aggregate_id: self.aggregate_id,
            field,
        };
        match desk.vault().open(place, sealed.clone()).await {
            Ok(text) => Ok(Some(Opened::Open { text })),
            Err(VaultError::Erased) => Ok(Some(Opened::Erased)),
            Err(other) => Err(other.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_audience_reads_its_own() {
        let stranger = Reader {
            is_member: false,
            is_involved: false,
        };
        let member = Reader {
            is_member: true,
            ..stranger
        };
        let table = [
            (Audience::Public, [true, true, true]),
            (Audience::Members, [false, true, true]),
            (Audience::Involved, [false, false, true]),
        ];
        for (audience, expected) in table {
            let reads = [stranger, member, Reader::INVOLVED].map(|reader| reader.reads(audience));
            assert_eq!(reads, expected, "{audience:?}");
        }
    }

    #[test]
    fn an_opened_text_is_not_in_its_debug_form() {
        let text = "Zvonek vlevo".to_owned();
        let forms = [Opened::Open { text }, Opened::Withheld, Opened::Erased];
        let forms = forms.map(|opened| format!("{opened:?}"));
        assert_eq!(forms, ["Open(…)", "Withheld", "Erased"]);
    }
}
