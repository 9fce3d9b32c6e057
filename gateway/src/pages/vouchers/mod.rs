//! Vouchers on paper: sheets of codes, and what a scanned code opens.

pub mod sheet;
pub mod shown;
