//! Read models of stories: given acts, expected answers.

mod voucher_board;
