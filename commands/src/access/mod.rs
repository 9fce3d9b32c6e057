//! Access: a token's grant of a role in a scope.

pub mod grant;
pub mod revoke;

pub mod holder;

use domain::Stream;
use domain::access::{Access, AccessEvent};

use crate::codes::CodeKeys;
use crate::lookup::{Indexed, KeyKind, LookupWrite};

impl Indexed for Access {
    fn lookups(
        &self,
        stream: Stream,
        events: &[AccessEvent],
        _keys: &CodeKeys,
    ) -> Vec<LookupWrite> {
        let granted = events.iter().filter_map(|event| match event {
            AccessEvent::Granted(granted) => Some(granted),
            AccessEvent::Revoked(_) => None,
        });
        granted
            .map(|granted| LookupWrite::Key {
                kind: KeyKind::Token,
                key: granted.token_digest.clone(),
                value: stream.id.to_string(),
            })
            .collect()
    }
}
