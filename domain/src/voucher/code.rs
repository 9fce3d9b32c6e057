//! The code of a voucher as people read it: 12 characters and a check character.

use std::fmt;
use std::str::FromStr;

/// Crockford's base 32, and the five further check symbols of modulus 37.
const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/// 60 bits that stand for one issue of one voucher.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(u64);

/// A code that was mistyped: the check character does not fit, or a character is none of the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a voucher code: please look at it again")]
pub struct NotACode;

impl Code {
    /// The code of these bits; only the lowest 60 count.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << 60) - 1))
    }

    /// The 60 bits.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }
}

/// A code never shows itself in logs.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// Groups of four, as on paper: `ABCD-EFGH-JKMN-P`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..12u32).rev() {
            f.write_str(symbol((self.0 >> (place * 5)) & 31))?;
            if place % 4 == 0 {
                f.write_str("-")?;
            }
        }
        f.write_str(symbol(self.0 % 37))
    }
}

fn symbol(value: u64) -> &'static str {
    let index = usize::try_from(value).unwrap_or_default();
    std::str::from_utf8(&ALPHABET[index..=index]).unwrap_or_default()
}

impl FromStr for Code {
    type Err = NotACode;

    /// Takes what people type: lower case, spaces and dashes anywhere, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let values: Vec<u64> = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—'))
            .take(14)
            .map(value)
            .collect::<Option<_>>()
            .ok_or(NotACode)?;
        let [digits @ .., check] = values.as_slice() else {
            return Err(NotACode);
        };
        if digits.len() != 12 || digits.iter().any(|digit| *digit > 31) {
            return Err(NotACode);
        }
        let bits = digits.iter().fold(0, |bits, digit| bits << 5 | digit);
        if bits % 37 == *check {
            Ok(Self(bits))
        } else {
            Err(NotACode)
        }
    }
}

fn value(typed: char) -> Option<u64> {
    let typed = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET
        .iter()
        .position(|symbol| char::from(*symbol) == typed)?;
    u64::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_reads_as_people_write_it() {
        let code = Code::from_bits(0x0123_4567_89ab_cdef);
        let shown = code.to_string();
        assert_eq!(shown.len(), 16);
        for written in [
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('0', "o"),
        ] {
            assert_eq!(written.parse::<Code>(), Ok(code), "{written}");
        }
    }

    #[test]
    fn what_is_no_code_is_said_to_be_none() {
        for wrong in [
            "",
            "ABCD",
            "0000-0000-0000-1",
            "0000-0000-0000-00",
            "u000-0000-0000-0",
        ] {
            assert_eq!(wrong.parse::<Code>(), Err(NotACode), "{wrong}");
        }
    }

    #[test]
    fn a_code_does_not_show_itself_in_logs() {
        assert_eq!(format!("{:?}", Code::from_bits(5)), "Code(…)");
    }

    proptest! {
        #[test]
        fn every_code_comes_back(bits in 0u64..1 << 60) {
            let code = Code::from_bits(bits);
            prop_assert_eq!(code.bits(), bits);
            prop_assert_eq!(code.to_string().parse::<Code>(), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_always_noticed(bits in 0u64..1 << 60, place in 0usize..12, by in 1u64..32) {
            let shift = place * 5;
            let digit = (bits >> shift) & 31;
            let wrong = bits & !(31 << shift) | ((digit + by) % 32) << shift;
            let mut text = Code::from_bits(wrong).to_string();
            text.pop();
            text.push_str(symbol(bits % 37));
            prop_assert_eq!(text.parse::<Code>(), Err(NotACode));
        }
    }
}
