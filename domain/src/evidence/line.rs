//! What the lines of the public text formats hold: a decimal number, a hash in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::tree::Hash;

/// A number as these formats write it: ASCII digits without a leading zero.
#[must_use]
pub fn number(line: &str) -> Option<u64> {
    let digits = line.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = line.len() > 1 && line.starts_with('0');
    (digits && !leading_zero).then(|| line.parse().ok())?
}

/// A hash as these formats write it: 32 bytes in standard base64.
#[must_use]
pub fn hash(line: &str) -> Option<Hash> {
    decoded(line)?.try_into().ok()
}

/// A hash as a line without its newline.
#[must_use]
pub fn of_hash(hash: &Hash) -> String {
    encoded(hash)
}

/// Bytes from standard base64 with padding; anything that does not encode back to the same text
/// is refused.
#[must_use]
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Bytes in standard base64 with padding.
#[must_use]
pub fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_way_to_be_written() {
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("20852163"), Some(20_852_163));
        for wrong in [
            "",
            "00",
            "01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "18446744073709551616",
        ] {
            assert_eq!(number(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn hashes_have_one_way_to_be_written() {
        let line = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        assert_eq!(of_hash(&hash(line).expect("a hash")), line);
        for wrong in [
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=",
            "CsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=",
            "QUJD",
            "",
        ] {
            assert_eq!(hash(wrong), None, "{wrong:?}");
        }
    }
}
