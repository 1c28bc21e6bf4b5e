//! Passwords: Argon2id, and nothing that tells a known name from an unknown one.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;

/// Shorter ones are refused when a password is set. NIST SP 800-63B asks for no more rules than a length.
pub const SHORTEST: usize = 12;
/// Longer ones are refused: a megabyte of password would be a cheap way to keep us busy.
pub const LONGEST: usize = 256;

/// A password that cannot be set.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasswordError {
    #[error("the password must have at least {SHORTEST} characters")]
    TooShort,
    #[error("the password must have at most {LONGEST} bytes")]
    TooLong,
    #[error("the password could not be hashed")]
    Hashing,
}

fn argon2() -> Argon2<'static> {
    // 19 MiB, two passes, one lane: the OWASP minimum for Argon2id, about 20 ms here.
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The PHC string that is stored. Takes about 20 ms of CPU: call it off the async threads.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::TooLong);
    }
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
        let stored = hash("correct horse battery").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse battery", Some(&stored)));
        assert!(!verify("correct horse batterz", Some(&stored)));
        assert!(!verify("nobody has this password", None));
    }

    #[test]
    fn lengths_are_bounded() {
        assert_eq!(hash("eleven char"), Err(PasswordError::TooShort));
        assert_eq!(hash(&"x".repeat(257)), Err(PasswordError::TooLong));
    }
}
