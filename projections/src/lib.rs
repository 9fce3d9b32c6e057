//! Read models: pure folds over the acts, and the questions that they answer.
//!
//! A folder is named by its question. It declares its tables, its fold and its queries. The fold
//! is a pure function: the engine brings the rows that it asks for and writes back what it changed,
//! together with the checkpoint, in one transaction.
#![warn(clippy::wildcard_enum_match_arm)]

#[macro_use]
pub mod table;
#[macro_use]
pub mod waiting;
pub mod answer;
mod applying;
mod builder;
pub mod cursor;
pub mod fold;
pub mod follower;
pub mod geography;
pub mod log;
pub mod opening;
pub mod plain;
pub mod progress;
pub mod projector;
pub mod rebuild;
pub mod replay;
pub mod rows;
pub mod small;
pub mod store;
pub mod time;

pub mod campaign_totals;
pub mod conserve;
pub mod district_coverage;
pub mod donor_impact;
pub mod event_index;
pub mod help_board;
pub mod ledger;
pub mod venue_availability;
pub mod voucher_board;

use std::sync::Arc;

/// Every read model. A new one gets a line here.
#[must_use]
pub fn folds() -> Vec<Arc<dyn fold::Fold>> {
    vec![
        Arc::new(campaign_totals::CampaignTotals),
        Arc::new(district_coverage::DistrictCoverage),
        Arc::new(help_board::HelpBoard),
        Arc::new(donor_impact::DonorImpact),
        Arc::new(event_index::EventIndex),
        Arc::new(ledger::Ledger),
        Arc::new(venue_availability::VenueAvailability),
        Arc::new(voucher_board::VoucherBoard),
    ]
}
