//! Codes that an authenticator app shows: TOTP (RFC 6238) with SHA-1, steps of 30 seconds and six digits, which every app knows.

use crate::crypto::mac;
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

/// As long as SHA-1's output, which RFC 4226 §4 recommends.
pub const SECRET_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
/// A code of the step before or after is taken too: clocks differ, and people type slowly.
const STEPS_AROUND: i64 = 1;

/// The code of one step. SHA-1's weakness is collisions, which an HMAC doesn't need.
fn code(secret: &[u8], step: i64) -> u32 {
    let mac = mac::hmac_sha1(secret, &step.to_be_bytes());
    // RFC 4226 §5.3: the last four bits say where the code stands.
    let at = usize::from(mac[19] & 0x0f);
    let bits = u32::from_be_bytes([mac[at], mac[at + 1], mac[at + 2], mac[at + 3]]) & 0x7fff_ffff;
    bits % 1_000_000
}

/// The step that a code belongs to, if it is one of now and later than `last_step`: each code counts once (ASVS 6.5.1).
pub fn step_of(secret: &[u8], typed: &str, last_step: i64, now: DateTime<Utc>) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let current = now.timestamp().div_euclid(STEP_SECONDS);
    let mut found = None;
    // All are compared, so that the time says nothing.
    for step in current - STEPS_AROUND..=current + STEPS_AROUND {
        let expected = format!("{:06}", code(secret, step));
        let fits = is_code && mac::constant_time_eq(expected.as_bytes(), digits.as_bytes());
        if fits && step > last_step {
            found = Some(step);
        }
    }
    found
}

/// What is offered for setting up: made of the browser's own secret token, so that it stays the same when the page is loaded
/// again, needs no place to wait in, and nobody who opened the page elsewhere knows it. `before` is when the person's second
/// factor changed last: the next one is another.
pub fn offered_secret(token: &str, before: Option<DateTime<Utc>>) -> Zeroizing<Vec<u8>> {
    let message = format!(
        "referloop totp v1 {}",
        before.map_or(0, |before| before.timestamp_micros())
    );
    let bytes = mac::hmac_sha256(token.as_bytes(), message.as_bytes());
    Zeroizing::new(bytes[..SECRET_BYTES].to_vec())
}

/// What the QR code says. `issuer` and `account` are what the app shows.
pub fn uri(secret: &[u8], issuer: &str, account: &str) -> String {
    let (issuer, account) = (percent_encoded(issuer), percent_encoded(account));
    // Colon and parameter say the same: apps read one or the other.
    format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
        base32(secret)
    )
}

/// For who types it: in groups of four.
pub fn grouped(secret: &[u8]) -> String {
    in_groups(&base32(secret), ' ')
}

pub(super) fn in_groups(text: &str, between: char) -> String {
    let mut grouped = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(between);
        }
        grouped.push(letter);
    }
    grouped
}

/// RFC 4648 §6, without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| {
        bytes
            .get(at / 8)
            .map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1))
    };
    (0..bytes.len() * 8)
        .step_by(5)
        .map(|at| (at..at + 5).fold(0, |value, at| value << 1 | bit(at)))
        .map(|value| char::from(ALPHABET[value]))
        .collect()
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                step_of(SECRET, expected, 0, at(seconds)),
                Some(seconds / 30),
                "{seconds}"
            );
        }
    }

    #[test]
    fn a_neighbouring_step_is_taken_and_a_further_one_is_not() {
        let now = 1_111_111_111;
        let of = |steps: i64| format!("{:06}", code(SECRET, now / 30 + steps));
        for (steps, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            assert_eq!(step_of(SECRET, &of(steps), 0, at(now)).is_some(), taken, "{steps}");
        }
    }

    #[test]
    fn a_code_counts_once() {
        let now = at(59);
        assert_eq!(step_of(SECRET, "287 082", 0, now), Some(1));
        assert_eq!(step_of(SECRET, "287082", 1, now), None);
        assert_eq!(step_of(SECRET, "28708", 0, now), None);
        assert_eq!(step_of(SECRET, "", 0, now), None);
    }

    #[test]
    fn a_secret_is_written_as_apps_read_it() {
        // RFC 4648 §10.
        for (bytes, text) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foob", "MZXW6YQ"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(grouped(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            uri(SECRET, "West Clinic", "ana@x"),
            "otpauth://totp/West%20Clinic:ana%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=West%20Clinic"
        );
    }

    #[test]
    fn what_is_offered_belongs_to_the_browser_and_is_another_each_time() {
        let offered = offered_secret("token", None);
        assert_eq!(offered.len(), SECRET_BYTES);
        assert_eq!(offered, offered_secret("token", None));
        assert_ne!(offered, offered_secret("other", None));
        assert_ne!(offered, offered_secret("token", Some(at(59))));
    }
}
