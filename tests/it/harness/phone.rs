//! The phone of somebody who signs in: an authenticator app that shares no code with the service but HMAC itself.

use chrono::{DateTime, Utc};
use referloop::crypto::mac::hmac_sha1;

/// What the app shows at this time.
pub fn code(secret: &[u8], now: DateTime<Utc>) -> String {
    let counter = u64::try_from(now.timestamp()).unwrap() / 30;
    let mac = hmac_sha1(secret, &counter.to_be_bytes());
    let at = usize::from(mac[19] % 16);
    let bits = mac[at..at + 4]
        .iter()
        .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
        & 0x7fff_ffff;
    format!("{:06}", bits % 1_000_000)
}

/// A code of six digits that is not the one of `right`.
pub fn wrong(right: &str) -> String {
    let number: u32 = right.parse().unwrap();
    format!("{:06}", (number + 500_000) % 1_000_000)
}

/// The key that a page shows for typing.
pub fn secret_on(page: &str) -> Vec<u8> {
    let shown = page.split("data-secret>").nth(1).expect("a page with a key");
    let shown = shown.split('<').next().unwrap();
    let letters = shown.chars().filter(char::is_ascii_alphanumeric);
    let (mut bytes, mut bits, mut have) = (Vec::new(), 0_u32, 0);
    for letter in letters {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).expect("base32");
        bits = (bits << 5 | u32::try_from(value).unwrap()) & 0xffff;
        have += 5;
        if have >= 8 {
            have -= 8;
            bytes.push(u8::try_from(bits >> have & 0xff).unwrap());
        }
    }
    bytes
}
