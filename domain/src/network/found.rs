//! Somebody founds a network.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Network, NetworkEvent};
use crate::money::CurrencyCode;
use crate::text::{Label, Language, Name, Slug};

/// Found a network.
#[derive(Clone, Debug)]
pub struct Found {
    /// What will be recorded.
    pub founded: Founded,
}

/// A network was founded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founded {
    /// Its slug.
    pub network: Slug,
    /// Its public name.
    pub name: Name,
    /// The currency of all its money.
    pub currency: CurrencyCode,
    /// The time zone of its days.
    pub timezone: Tz,
    /// Its country, as an ISO 3166 code.
    pub country: Label,
    /// The languages of its pages, the first is the default.
    pub languages: Vec<Language>,
}

refusals! {
    /// Why a network is not founded.
    pub enum Refusal {
        /// The slug is taken.
        #[error("a network with this slug exists")]
        AlreadyFounded,
        /// A network speaks at least one language.
        #[error("a network needs one to eight languages")]
        Languages,
    }
}

/// Whether the network is founded.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(network: &Network, command: &Found) -> Result<Vec<NetworkEvent>, Refusal> {
    match network.initiative() {
        Some(initiative) if initiative.founded == command.founded => Ok(vec![]),
        Some(_) => Err(Refusal::AlreadyFounded),
        None if !(1..=8).contains(&command.founded.languages.len()) => Err(Refusal::Languages),
        None => Ok(vec![command.founded.clone().into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::examples::{found, founded};

    #[test]
    fn a_free_slug_is_founded() {
        assert_eq!(
            decide(&Network::Unknown, &found()),
            Ok(vec![found().founded.into()])
        );
    }

    #[test]
    fn a_network_has_one_to_eight_languages() {
        let of = |count| {
            let mut command = found();
            let language = command.founded.languages[0].clone();
            command.founded.languages = vec![language; count];
            decide(&Network::Unknown, &command)
        };
        assert!(of(1).is_ok() && of(8).is_ok());
        for count in [0, 9] {
            assert_eq!(of(count), Err(Refusal::Languages), "{count}");
        }
    }

    #[test]
    fn a_taken_slug_is_refused() {
        let mut other = found();
        other.founded.name = "Another".parse().expect("a name");
        assert_eq!(decide(&founded(), &other), Err(Refusal::AlreadyFounded));
    }

    #[test]
    fn the_same_founding_again_changes_nothing() {
        assert_eq!(decide(&founded(), &found()), Ok(vec![]));
    }
}
