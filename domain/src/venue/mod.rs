//! A venue: a café, shop, theatre or other house that takes part.

pub mod admit;
pub mod announce_closure;
pub mod cancel_closure;
pub mod confirm;
pub mod delist_item;
pub mod dispose_vouchers;
pub mod give_item;
pub mod leave;
pub mod list_item;
pub mod reprice_item;
pub mod resume;
pub mod set_hours;
pub mod suspend;
pub mod turn_away;

pub mod disposal;
mod house;

#[cfg(test)]
pub(crate) mod examples;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::announce_closure::ClosureAnnounced;
use self::confirm::Confirmable;
use self::disposal::Disposed;
use crate::hours::Hours;
use crate::ids::{ClosureId, ItemId, VenueId};
use crate::money::Minor;
use crate::text::{Name, Slug};

aggregate! {
    Venue "venue", VenueCommand, VenueEvent {
        admit: Admit => Admitted "admitted" "1",
        set_hours: SetHours => HoursSet "hours_set" "1",
        announce_closure: AnnounceClosure => ClosureAnnounced "closure_announced" "1",
        cancel_closure: CancelClosure => ClosureCancelled "closure_cancelled" "1",
        confirm: Confirm => Confirmed "confirmed" "1",
        list_item: ListItem => ItemListed "item_listed" "1",
        reprice_item: RepriceItem => ItemRepriced "item_repriced" "1",
        delist_item: DelistItem => ItemDelisted "item_delisted" "1",
        turn_away: TurnAway => TurnedAway "turned_away" "1",
        give_item: GiveItem => ItemGiven "item_given" "1",
        suspend: Suspend => Suspended "suspended" "1",
        resume: Resume => Resumed "resumed" "1",
        leave: Leave => Left "left" "1",
        dispose_vouchers: DisposeVouchers => VouchersDisposed "vouchers_disposed" "1",
    }
}

/// The life of a venue in the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
#[allow(
    clippy::large_enum_variant,
    reason = "every venue but the unknown one is admitted"
)]
pub enum Venue {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It was admitted; its standing says whether it still takes part.
    Admitted(House),
}

/// What is known of a venue from its admission on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct House {
    /// As admitted.
    pub admitted: admit::Admitted,
    /// Whether it takes part now.
    pub standing: Standing,
    /// What becomes of its vouchers when it takes none any more.
    pub disposal: Disposed,
    /// When it is usually open; absent = nobody said.
    pub opening_hours: Option<Hours>,
    /// The announced closures; those that are over are forgotten when the next is announced.
    pub closures: BTreeMap<ClosureId, Closure>,
    /// When it last said that what is shown is true.
    pub confirmed: BTreeMap<Confirmable, DateTime<Utc>>,
    /// What it sells, and what it sold before.
    pub items: BTreeMap<ItemId, ListedItem>,
}

/// An announced closure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// As announced.
    pub announced: ClosureAnnounced,
    /// Whether the venue is open after all.
    pub cancelled: bool,
}

/// Why an act that needs a venue of the network finds none. Each act names these in its own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotTakingPart {
    Unknown,
    Left,
}

/// Lets an act's `decide` say `venue.require_taking_part()?`: its list has both answers.
macro_rules! refused_when_not_taking_part {
    ($refusal:ident) => {
        impl From<super::NotTakingPart> for $refusal {
            fn from(why: super::NotTakingPart) -> Self {
                match why {
                    super::NotTakingPart::Unknown => Self::UnknownVenue,
                    super::NotTakingPart::Left => Self::VenueLeft,
                }
            }
        }
    };
}
use refused_when_not_taking_part;

/// Whether a venue takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Standing {
    /// It takes part.
    Open,
    /// It takes no vouchers from this instant on, until it is resumed.
    Suspended {
        /// From when.
        effective_at: DateTime<Utc>,
    },
    /// It takes no vouchers from this instant on, for good.
    Left {
        /// From when.
        effective_at: DateTime<Utc>,
    },
}

/// The kinds of priced items.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ItemKind {
    /// Coffee, tea, chocolate.
    HotDrink,
    /// A soup.
    Soup,
    /// A whole meal.
    Meal,
    /// A baguette or sandwich.
    Baguette,
    /// A piece of clothing.
    Clothing,
    /// A ticket to a play, film or concert.
    Ticket,
    /// Anything else.
    Other,
}

/// An item as the venue sells it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedItem {
    /// Its id.
    pub item_id: ItemId,
    /// Its kind.
    pub kind: ItemKind,
    /// Its name.
    pub name: Name,
    /// Its price, in minor units.
    pub price_minor: Minor,
    /// The most that the venue hands out in a day.
    pub daily_limit: Option<u32>,
    /// Whether the venue took it off its list: no voucher is prepaid for it any more, and those
    /// that are prepaid keep their promise.
    pub delisted: bool,
}

/// The venue as another act sees it: whether it takes part, and the item in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The venue.
    pub venue_id: VenueId,
    /// Whether it takes part.
    pub standing: Standing,
    /// The item in question, if the venue has it.
    pub item: Option<ListedItem>,
}

impl Counter {
    /// Whether the venue has left for good by that time.
    #[must_use]
    pub fn has_left_at(&self, at: DateTime<Utc>) -> bool {
        matches!(self.standing, Standing::Left { effective_at } if effective_at <= at)
    }

    /// Whether the venue is suspended at that time.
    #[must_use]
    pub fn is_suspended_at(&self, at: DateTime<Utc>) -> bool {
        matches!(self.standing, Standing::Suspended { effective_at } if effective_at <= at)
    }
}

impl Venue {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.house().map(|house| &house.admitted.network)
    }

    /// What is known of it.
    #[must_use]
    pub fn house(&self) -> Option<&House> {
        match self {
            Self::Unknown => None,
            Self::Admitted(house) => Some(house),
        }
    }

    /// How it looks to an act about an item; `None` if there is no such venue.
    #[must_use]
    pub fn counter(&self, venue_id: VenueId, item: Option<ItemId>) -> Option<Counter> {
        let house = self.house()?;
        let item = item.and_then(|id| house.items.get(&id)).cloned();
        Some(Counter {
            venue_id,
            standing: house.standing,
            item,
        })
    }

    /// What is known of it while it has not left. Suspended, it still looks after its own page.
    fn require_taking_part(&self) -> Result<&House, NotTakingPart> {
        let house = self.house().ok_or(NotTakingPart::Unknown)?;
        match house.standing {
            Standing::Open | Standing::Suspended { .. } => Ok(house),
            Standing::Left { .. } => Err(NotTakingPart::Left),
        }
    }

    fn evolve(&mut self, event: VenueEvent) {
        match (event, self) {
            (VenueEvent::Admitted(admitted), venue) => {
                *venue = Self::Admitted(House::new(admitted));
            }
            (_, Self::Unknown)
            | (VenueEvent::TurnedAway(_) | VenueEvent::ItemGiven(_), Self::Admitted(_)) => {}
            (VenueEvent::HoursSet(e), Self::Admitted(house)) => {
                house.opening_hours = Some(e.opening_hours);
            }
            (VenueEvent::ClosureAnnounced(e), Self::Admitted(house)) => house.announce(e),
            (VenueEvent::ClosureCancelled(e), Self::Admitted(house)) => house.cancel(e.closure_id),
            (VenueEvent::Confirmed(e), Self::Admitted(house)) => house.confirm(e),
            (VenueEvent::ItemListed(e), Self::Admitted(house)) => house.list(e),
            (VenueEvent::ItemRepriced(e), Self::Admitted(house)) => house.reprice(e),
            (VenueEvent::ItemDelisted(e), Self::Admitted(house)) => house.delist(e.item_id),
            (VenueEvent::Suspended(e), Self::Admitted(house)) => house.suspend(e),
            (VenueEvent::Resumed(_), Self::Admitted(house)) => house.resume(),
            (VenueEvent::Left(e), Self::Admitted(house)) => house.leave(e),
            (VenueEvent::VouchersDisposed(disposed), Self::Admitted(house)) => {
                house.vouchers_disposed(disposed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_venue_leaves_and_pauses_at_the_time_that_was_said() {
        let effective_at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let counter = |standing| Counter {
            venue_id: VenueId(Uuid::from_u128(1)),
            standing,
            item: None,
        };
        let left = counter(Standing::Left { effective_at });
        let suspended = counter(Standing::Suspended { effective_at });
        for (seconds, is_over) in [(-1, false), (0, true), (1, true)] {
            let at = effective_at + TimeDelta::seconds(seconds);
            assert_eq!(left.has_left_at(at), is_over, "{seconds}");
            assert!(!left.is_suspended_at(at));
            assert_eq!(suspended.is_suspended_at(at), is_over, "{seconds}");
            assert!(!suspended.has_left_at(at));
        }
    }
}
