//! Hashes, HMACs, and the audit log's MAC.

use super::DataKey;
use aws_lc_rs::{constant_time, digest, hmac};

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes)
        .as_ref()
        .try_into()
        .expect("SHA-256 has 32 bytes")
}

/// SHA-256 of what comes piece by piece.
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Sha256 {
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    pub fn finish(self) -> [u8; 32] {
        self.0.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, message)
        .as_ref()
        .try_into()
        .expect("HMAC-SHA-256 has 32 bytes")
}

/// For carriers that sign their webhooks so, and for the codes of authenticator apps, most of which know nothing else.
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    hmac::sign(&key, message)
        .as_ref()
        .try_into()
        .expect("HMAC-SHA-1 has 20 bytes")
}

/// Takes the same time wherever two secrets of equal length differ.
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

/// MAC of an audit row: key version u32 big-endian, then HMAC-SHA-256. The first key signs, all verify.
#[derive(Debug)]
pub struct AuditMac(Vec<(u32, DataKey)>);

impl AuditMac {
    /// Keys with their versions, the one to sign with first.
    pub fn new(keys: Vec<(u32, DataKey)>) -> Self {
        assert!(!keys.is_empty(), "an audit MAC needs a key");
        Self(keys)
    }

    pub fn mac(&self, canonical: &[u8]) -> Vec<u8> {
        let (version, key) = &self.0[0];
        tagged(*version, key, canonical)
    }

    pub fn verify(&self, canonical: &[u8], mac: &[u8]) -> bool {
        let Some(version) = mac.first_chunk().map(|bytes| u32::from_be_bytes(*bytes)) else {
            return false;
        };
        self.0
            .iter()
            .filter(|(known, _)| *known == version)
            .any(|(_, key)| constant_time_eq(&tagged(version, key, canonical), mac))
    }
}

fn tagged(version: u32, key: &DataKey, canonical: &[u8]) -> Vec<u8> {
    // The version is inside the MAC too, so that it can't be changed without notice.
    let versioned = [version.to_be_bytes().as_slice(), canonical].concat();
    [
        version.to_be_bytes().as_slice(),
        &hmac_sha256(key.as_bytes(), &versioned),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 test case 2, RFC 2202 test case 2, FIPS 180-4's "abc".
    #[test]
    fn published_vectors() {
        assert_eq!(
            hex::encode(hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex::encode(hmac_sha1(b"Jefe", b"what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        assert_eq!(
            hex::encode(sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn the_first_key_signs_and_all_verify() {
        let old = AuditMac::new(vec![(1, DataKey::from_bytes([1; 32]))]);
        let both = AuditMac::new(vec![
            (2, DataKey::from_bytes([2; 32])),
            (1, DataKey::from_bytes([1; 32])),
        ]);
        let row = b"aud_1|released";
        let (before, after) = (old.mac(row), both.mac(row));
        assert!(both.verify(row, &before) && both.verify(row, &after));
        assert!(!old.verify(row, &after));
        assert!(!both.verify(b"aud_1|rejected", &after));
        assert!(!both.verify(row, &[]));
        for at in 0..after.len() {
            let mut changed = after.clone();
            changed[at] ^= 1;
            assert!(!both.verify(row, &changed), "byte {at}");
        }
    }

    #[test]
    fn equality_looks_at_all_of_it() {
        assert!(constant_time_eq(b"same", b"same"));
        assert!(!constant_time_eq(b"same", b"sam"));
        assert!(!constant_time_eq(b"same", b"sane"));
    }
}
