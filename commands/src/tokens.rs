//! Access tokens: 256 random bits that are shown once and stored as a digest.

use sha2::{Digest, Sha256};

/// What every token begins with, so that a leaked one can be recognised.
const PREFIX: &str = "sps_";

/// A token of these random bytes.
#[must_use]
pub fn token(random: [u8; 32]) -> String {
    format!("{PREFIX}{}", hex::encode(random))
}

/// What stands for a token in the log and the lookup.
#[must_use]
pub fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A new token.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the chance of tokens comes in"
)]
pub fn draw() -> String {
    token(rand::random())
}
