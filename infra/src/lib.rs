//! The ports' implementations: engines of the log, the vault, and what carries events away.

pub mod group_commit;
pub mod nats;
pub mod outlets;
pub mod postgres;
pub mod seals;
pub mod sqlite;
pub mod vault;
pub mod views;
