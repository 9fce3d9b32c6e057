//! The opening of a commitment (`sospeso-opening/1`): what the ledger shows to an auditor of the
//! network of an event that a receipt only commits to. It is not for the donor.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::line;
use super::tlog_proof::TlogProof;
use super::tree::Hash;

/// The format's name and version.
pub const FORMAT: &str = "sospeso-opening/1";

/// What opens a commitment. Nothing of it is checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReceiptOpening)]
pub struct Opening {
    /// `sospeso-opening/1`.
    pub format: String,
    /// The blinding, in base64.
    pub blinding: String,
    /// The bytes of the event's entry, in base64.
    pub entry: String,
    /// The exact text of its payload.
    pub payload: String,
    /// A `c2sp.org/tlog-proof@v1` that the entry stands in the log.
    pub proof: String,
}

impl Opening {
    /// The blinding, the entry and the proof, if it is of this format.
    #[must_use]
    pub fn parts(&self) -> Option<(Hash, Vec<u8>, TlogProof)> {
        let known = self.format == FORMAT;
        let blinding = line::hash(&self.blinding)?;
        let entry = line::decoded(&self.entry)?;
        known.then_some((blinding, entry, self.proof.parse().ok()?))
    }
}
