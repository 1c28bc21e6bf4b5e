//! Passwords: which may be set, Argon2id, and nothing that tells a known name from an unknown one.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use flate2::read::GzDecoder;
use std::collections::HashSet;
use std::io::Read;
use std::sync::LazyLock;

/// Shorter ones are refused when a password is set. There are no rules of composition and no forced changes (ASVS 6.2.5,
/// 6.2.10): they make people write passwords down.
pub const SHORTEST: usize = 12;
/// What people are advised to take (ASVS 6.2.1).
pub const ADVISED: usize = 15;
/// Longer ones are refused: a megabyte of password would be a cheap way to keep us busy.
pub const LONGEST: usize = 256;

/// A password that cannot be set.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasswordError {
    #[error("the password must have at least {SHORTEST} characters")]
    TooShort,
    #[error("the password must have at most {LONGEST} bytes")]
    TooLong,
    #[error("this password is among those that are tried first: take another, several words for instance")]
    Common,
    #[error("this password is little more than a name that everybody here knows: add words of your own")]
    Names,
    #[error("the password could not be hashed")]
    Hashing,
}

fn argon2() -> Argon2<'static> {
    // 19 MiB, two passes, one lane: the OWASP minimum for Argon2id, about 20 ms here.
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The product's own name, which nobody needs to guess.
const PRODUCT: &str = "referloop";
/// Shorter names stand in many words by chance.
const SHORTEST_NAME: usize = 4;
/// What must be left of a password without the names in it.
const LEFT_WITHOUT_NAMES: usize = 8;

/// Whether this password may be set. `names` are the account's and the clinic's: they count for nothing in it (ASVS 6.2.11).
pub fn check(password: &str, names: &[&str]) -> Result<(), PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::TooLong);
    }
    let lower = password.to_lowercase();
    if is_common(&lower) {
        return Err(PasswordError::Common);
    }
    if without_names(&lower, names).chars().count() < LEFT_WITHOUT_NAMES {
        return Err(PasswordError::Names);
    }
    Ok(())
}

fn without_names(lower: &str, names: &[&str]) -> String {
    let mut left = lower.to_owned();
    for name in names.iter().chain(&[PRODUCT]) {
        let name = name.to_lowercase();
        // "West Clinic" is written in one word, too.
        for part in std::iter::once(name.as_str()).chain(name.split_whitespace()) {
            if part.chars().count() >= SHORTEST_NAME {
                left = left.replace(part, "");
            }
        }
    }
    left
}

/// The commonest passwords, packed; see `common-passwords-LICENSE.txt`.
static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut text = String::new();
    GzDecoder::new(&include_bytes!("common-passwords.txt.gz")[..])
        .read_to_string(&mut text)
        .expect("the embedded list is text");
    text.lines().map(str::to_owned).collect()
});

/// Few of the commonest are as long as we ask for: digits and signs at the end, or the same twice, make no other of them.
fn is_common(lower: &str) -> bool {
    let stem = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let half = lower.get(..lower.len() / 2).filter(|half| half.repeat(2) == lower);
    let letters: HashSet<char> = lower.chars().collect();
    letters.len() <= 2
        || [Some(lower), Some(stem), half]
            .iter()
            .flatten()
            .any(|text| COMMON.contains(*text))
}

/// The PHC string that is stored, of a password that passes [`check`]. Takes about 20 ms of CPU: call it off the async threads.
pub fn hash(password: &str, names: &[&str]) -> Result<String, PasswordError> {
    check(password, names)?;
    hash_unchecked(password).ok_or(PasswordError::Hashing)
}

fn hash_unchecked(password: &str) -> Option<String> {
    let salt: [u8; 16] = rand::random();
    let hash = argon2().hash_password_with_salt(password.as_bytes(), &salt).ok()?;
    Some(hash.to_string())
}

/// The hash that an unknown name is checked against, so that it costs the same time as a known one.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash_unchecked("nobody has this password").expect("constant input within Argon2's bounds"));

/// Whether the password fits the stored hash. `None` (no such person) takes as long and is always false.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let nobody = NOBODY.as_str();
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(nobody)) else {
        return false;
    };
    let fits = password.len() <= LONGEST && argon2().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let stored = hash("correct horse battery", &[]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse battery", Some(&stored)));
        assert!(!verify("correct horse batterz", Some(&stored)));
        assert!(!verify("nobody has this password", None));
    }

    #[test]
    fn lengths_are_bounded() {
        let long = "a phrase of some words, ".repeat(11);
        assert_eq!(check("eleven char", &[]), Err(PasswordError::TooShort));
        assert_eq!(check(&long[..LONGEST], &[]), Ok(()));
        assert_eq!(check(&long[..=LONGEST], &[]), Err(PasswordError::TooLong));
    }

    #[test]
    fn the_commonest_are_refused_however_they_are_lengthened() {
        for common in [
            "1q2w3e4r5t6y",
            "1Q2W3E4R5T6Y",
            "Password2024!",
            "passwordpassword",
            "aaaaaaaaaaaaaaaa",
            "sonyericsson",
        ] {
            assert_eq!(check(common, &[]), Err(PasswordError::Common), "{common}");
        }
        for fine in ["a long enough password", "harbor-lantern-42", "correct horse battery"] {
            assert_eq!(check(fine, &[]), Ok(()), "{fine}");
        }
    }

    #[test]
    fn a_name_counts_for_nothing() {
        let names = ["coordinator", "West Clinic", "ana"];
        for thin in ["Referloop2026", "coordinator-123", "westclinic2026", "ReferloopWest1"] {
            assert_eq!(check(thin, &names), Err(PasswordError::Names), "{thin}");
        }
        for fine in ["coordinator of nine lanterns", "banana-canal-savanna"] {
            assert_eq!(check(fine, &names), Ok(()), "{fine}");
        }
    }
}
