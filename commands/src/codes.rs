//! Voucher codes: computed from secrets, so that a reprint needs no copy of them.

use domain::ids::VoucherId;
use domain::text::Slug;
use domain::voucher::code::Code;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// The two secrets: one makes codes, the other hides them in the lookup.
#[derive(Clone)]
pub struct CodeKeys {
    code: [u8; 32],
    digest: [u8; 32],
}

/// The secrets never show themselves in logs.
impl std::fmt::Debug for CodeKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeKeys(…)")
    }
}

impl CodeKeys {
    /// The keys of this installation.
    #[must_use]
    pub fn new(code: [u8; 32], digest: [u8; 32]) -> Self {
        Self { code, digest }
    }

    /// The code of this issue of this voucher.
    #[must_use]
    pub fn code(&self, network: &Slug, voucher: VoucherId, issue_no: u32) -> Code {
        let text = format!("{network}\n{voucher}\n{issue_no}");
        let hash = mac(&self.code, text.as_bytes());
        let bits = hash
            .iter()
            .take(8)
            .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        Code::from_bits(bits)
    }

    /// What stands for a code in the lookup: without the key nobody can try out all codes.
    #[must_use]
    pub fn digest(&self, network: &Slug, code: Code) -> String {
        hex::encode(mac(
            &self.digest,
            format!("code\n{network}\n{}", code.bits()).as_bytes(),
        ))
    }

    /// A keyed hash of a request: it may hold personal text, which a bare hash would give away to
    /// whoever guesses it.
    #[must_use]
    pub fn request_hash(&self, act: &str, request: &[u8]) -> String {
        let mut text = format!("request\n{act}\n").into_bytes();
        text.extend_from_slice(request);
        hex::encode(mac(&self.digest, &text))
    }

    /// What hides an event in a receipt that only commits to it: known to this installation alone,
    /// another for each event, and the same whenever it is asked for.
    #[must_use]
    pub fn blinding(&self, event_id: Uuid) -> [u8; 32] {
        mac(&self.digest, format!("blinding\n{event_id}").as_bytes())
    }
}

fn mac(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reprint_gives_the_same_code_and_another_issue_another() {
        let keys = CodeKeys::new([1; 32], [2; 32]);
        let network: Slug = "praha".parse().expect("a slug");
        let voucher = VoucherId(Uuid::from_u128(1));
        assert_eq!(
            keys.code(&network, voucher, 1),
            keys.code(&network, voucher, 1)
        );
        assert_ne!(
            keys.code(&network, voucher, 1),
            keys.code(&network, voucher, 2)
        );
    }

    /// What is printed stays valid, and what was committed to can be opened, whatever the program:
    /// HMAC-SHA256 as any other software computes it.
    #[test]
    fn what_follows_from_the_secrets_follows_as_ever() {
        let keys = CodeKeys::new([1; 32], [2; 32]);
        let network: Slug = "praha".parse().expect("a slug");
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let code = keys.code(&network, VoucherId(id), 1);
        assert_eq!(code, Code::from_bits(0x4c71_a3b1_cca1_c8a8));
        let digest = keys.digest(&network, code);
        assert_ne!(digest, keys.digest(&"brno".parse().expect("a slug"), code));
        let hash = keys.request_hash("redeem", b"{}");
        let known = "a51e199055b80efef5e7b652bbd1399d3d479fc72d1b680a4abcc981d8dba09d";
        assert_eq!(hash, known);
        let known = "2abb4fdcd08fe53e3bd74a1f7b00a977f98137898176454a6b554318f0ccf1e0";
        assert_eq!(hex::encode(keys.blinding(id)), known);
        assert_ne!(keys.blinding(id), keys.blinding(other));
        assert_eq!(format!("{keys:?}"), "CodeKeys(…)");
    }
}
