//! The one table per aggregate: each row is an act, and names its file, its command and its event.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::Slug;

/// A stream in the log. `id` alone is unique in the whole log; the type says what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stream {
    /// The aggregate's type, e.g. `voucher`.
    #[serde(skip_deserializing)]
    pub aggregate_type: &'static str,
    /// The aggregate's id.
    pub id: Uuid,
}

/// An aggregate of this domain: what the executor must know beside `cqrs_es::Aggregate`.
pub trait Entity:
    cqrs_es::Aggregate<Error = crate::Refused, Services = ()> + Clone + Send + Sync + 'static
{
    /// The network that it belongs to; `None` while nothing has happened in its stream.
    fn network(&self) -> Option<&Slug>;

    /// What it would do on `command`, without doing it.
    ///
    /// # Errors
    /// The refusal of the act's own closed list.
    fn decide(&self, command: &Self::Command) -> Result<Vec<Self::Event>, crate::Refused>;

    /// The union of all events, for the read models.
    fn event(event: Self::Event) -> crate::Event;

    /// The stream with this id.
    #[must_use]
    fn stream(id: impl Into<Uuid>) -> Stream {
        Stream {
            aggregate_type: Self::TYPE,
            id: id.into(),
        }
    }
}

/// Declares an aggregate's acts.
///
/// A row `redeem: Redeem => Redeemed "redeemed" "1",` says: the file `redeem.rs` beside this one
/// has the command `Redeem`, the event `Redeemed`, stored as `<aggregate>.redeemed` in version 1,
/// and `pub fn decide(&Aggregate, &Redeem) -> Result<Vec<Event>, Refusal>`. The macro makes the
/// command enum, the event enum and the dispatch of cqrs-es; `network()` and `evolve` stay in the
/// aggregate's own file, because they are the aggregate.
macro_rules! aggregate {
    ($aggregate:ident $type:literal, $command:ident, $event:ident {
        $($act:ident: $imperative:ident => $past:ident $tag:literal $version:literal,)+
    }) => {
        /// What can be asked of this aggregate: one variant per act.
        #[derive(Clone, Debug)]
        #[allow(clippy::large_enum_variant, reason = "a command lives for one decision")]
        pub enum $command {
            $(#[doc = concat!("See [`", stringify!($act), "`].")] $imperative($act::$imperative),)+
        }

        /// What can happen to this aggregate: one variant per act, stored under its tag for ever.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[allow(clippy::large_enum_variant, reason = "events are read one at a time")]
        pub enum $event {
            $(#[doc = concat!("See [`", stringify!($act), "`].")] #[serde(rename = $tag)] $past($act::$past),)+
        }

        impl $event {
            /// Every event type with the version that is written today.
            pub const TYPES: &'static [(&'static str, &'static str)] =
                &[$((concat!($type, ".", $tag), $version)),+];

            fn type_and_version(&self) -> (&'static str, &'static str) {
                match self { $(Self::$past(_) => (concat!($type, ".", $tag), $version),)+ }
            }
        }

        $(impl From<$act::$imperative> for $command {
            fn from(command: $act::$imperative) -> Self { Self::$imperative(command) }
        })+

        $(impl From<$act::$past> for $event {
            fn from(event: $act::$past) -> Self { Self::$past(event) }
        })+

        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String { self.type_and_version().0.to_owned() }
            fn event_version(&self) -> String { self.type_and_version().1.to_owned() }
        }

        impl cqrs_es::Aggregate for $aggregate {
            const TYPE: &'static str = $type;
            type Command = $command;
            type Event = $event;
            type Error = $crate::Refused;
            type Services = ();

            async fn handle(
                &mut self,
                command: $command,
                _services: &(),
                sink: &cqrs_es::event_sink::EventSink<Self>,
            ) -> Result<(), $crate::Refused> {
                for event in $crate::Entity::decide(self, &command)? {
                    sink.write(event, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, event: $event) { self.evolve(event); }
        }

        impl $crate::Entity for $aggregate {
            fn network(&self) -> Option<&$crate::text::Slug> { $aggregate::network(self) }

            fn decide(&self, command: &$command) -> Result<Vec<$event>, $crate::Refused> {
                match command { $($command::$imperative(command) => Ok($act::decide(self, command)?),)+ }
            }

            fn event(event: $event) -> $crate::Event { event.into() }
        }
    };
}
