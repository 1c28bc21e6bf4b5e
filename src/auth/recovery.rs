//! Recovery codes: for who has lost the phone. Ten, each good once, kept as hashes.

use super::totp::{base32, in_groups};
use crate::crypto::token::hash_token;

pub const HOW_MANY: usize = 10;
/// 120 bits: from 112 on a plain hash is enough (ASVS 6.5.2), since nobody can try them all.
const BYTES: usize = 15;

/// Ten new codes as people write them down. They are shown once.
pub fn make() -> Vec<String> {
    let one = || {
        let bytes: [u8; BYTES] = rand::random();
        in_groups(&base32(&bytes), '-')
    };
    (0..HOW_MANY).map(|_| one()).collect()
}

/// What is kept of a code, however it was typed.
pub fn hash(typed: &str) -> Vec<u8> {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    // The alphabet has none of these digits: whoever types one read a letter so.
    let read = |letter: char| match letter.to_ascii_uppercase() {
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        other => other,
    };
    hash_token(&letters.map(read).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_long_codes_all_different() {
        let codes = make();
        let hashes: std::collections::BTreeSet<_> = codes.iter().map(|code| hash(code)).collect();
        assert_eq!(hashes.len(), HOW_MANY);
        assert!(codes.iter().all(|code| code.len() == 24 + 5), "{codes:?}");
    }

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        assert_eq!(hash("ABOI-CDEF"), hash(" ab01 cdef"));
        assert_ne!(hash("ABOI-CDEF"), hash("ABOI-CDEG"));
    }
}
