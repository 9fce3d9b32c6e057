//! Read models of stories: given acts, expected answers.

mod campaign_totals;
mod district_coverage;
mod donor_impact;
mod event_index;
mod help_board;
mod ledger;
mod venue_availability;
mod voucher_board;
