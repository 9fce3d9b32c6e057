//! Things that break on purpose, and what must be true afterwards: nothing that was acknowledged is
//! lost or doubled, positions are dense, money is conserved, and nobody has to restart anything.

mod dice;
mod experiment;
mod extent;
mod history;
mod load;
mod proxy;
mod town;

mod clock;
mod cut;
mod disk_full;
mod killed;
mod models;
mod parsers;
mod poison;
mod postgres_away;
mod postgres_full;
mod rebuilt;
mod requests;
mod slow;
mod twice;
