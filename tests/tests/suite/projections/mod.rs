//! Read models of stories: given acts, expected answers.

mod ledger;
mod voucher_board;
