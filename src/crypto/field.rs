//! Seals single values of the database: a name, a note, a door's secret.
//!
//! Sealed bytes: format u8 = 1 | key version u32 big-endian | nonce 12 | ciphertext | tag 16. The place is associated
//! data, so a value copied to another row, column or installation does not open. Random nonces keep AES-GCM safe for
//! 2^32 values a key, more than a clinic writes in centuries; a new key version starts the count again.

use super::{DataKey, OpenError, length_prefixed, open_with_nonce, seal_with_random_nonce};
use crate::domain::ids::TenantId;

const FORMAT: u8 = 1;

/// Where a sealed value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub table: &'a str,
    pub row: &'a str,
    pub column: &'a str,
}

/// Seals under its first key; opens under any of them.
#[derive(Debug)]
pub struct FieldSealer {
    tenant: TenantId,
    keys: Vec<(u32, DataKey)>,
}

impl FieldSealer {
    /// Keys with their versions, the one to seal with first.
    pub fn new(tenant: TenantId, keys: Vec<(u32, DataKey)>) -> Self {
        assert!(!keys.is_empty(), "a sealer needs a key");
        Self { tenant, keys }
    }

    /// Of the key that seals.
    pub fn version(&self) -> u32 {
        self.keys[0].0
    }

    /// How many there are.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let (version, key) = &self.keys[0];
        let mut sealed = vec![FORMAT];
        sealed.extend_from_slice(&version.to_be_bytes());
        seal_with_random_nonce(key, &self.aad(place, *version), plain, &mut sealed);
        sealed
    }

    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let rest = sealed.strip_prefix(&[FORMAT]).ok_or(OpenError::Format)?;
        let (version, rest) = rest.split_first_chunk::<4>().ok_or(OpenError::Format)?;
        let version = u32::from_be_bytes(*version);
        let (_, key) = self
            .keys
            .iter()
            .find(|(known, _)| *known == version)
            .ok_or_else(|| OpenError::UnknownKey(version.to_string()))?;
        open_with_nonce(key, &self.aad(place, version), rest)
    }

    fn aad(&self, place: Place<'_>, version: u32) -> Vec<u8> {
        length_prefixed(&[
            self.tenant.as_str().as_bytes(),
            place.table.as_bytes(),
            place.row.as_bytes(),
            place.column.as_bytes(),
            &version.to_be_bytes(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    const PLACE: Place<'static> = Place {
        table: "note",
        row: "nte_1",
        column: "text_sealed",
    };

    fn tenant() -> TenantId {
        TenantId::new(DateTime::UNIX_EPOCH)
    }

    fn key(byte: u8) -> DataKey {
        DataKey::from_bytes([byte; 32])
    }

    #[test]
    fn a_value_opens_only_in_its_place() {
        let home = tenant();
        let sealer = FieldSealer::new(home.clone(), vec![(1, key(1))]);
        let sealed = sealer.seal(PLACE, b"seen on Tuesday");
        assert_eq!(sealer.open(PLACE, &sealed).unwrap(), b"seen on Tuesday");
        for other in [
            Place {
                table: "referral",
                ..PLACE
            },
            Place { row: "nte_2", ..PLACE },
            Place {
                column: "proof_sealed",
                ..PLACE
            },
            // The same letters, cut elsewhere.
            Place {
                table: "noten",
                row: "te_1",
                ..PLACE
            },
        ] {
            assert_eq!(sealer.open(other, &sealed), Err(OpenError::Damaged), "{other:?}");
        }
        let elsewhere = FieldSealer::new(tenant(), vec![(1, key(1))]);
        assert_eq!(elsewhere.open(PLACE, &sealed), Err(OpenError::Damaged));
        let under_another_key = FieldSealer::new(home.clone(), vec![(1, key(2))]);
        assert_eq!(under_another_key.open(PLACE, &sealed), Err(OpenError::Damaged));
    }

    #[test]
    fn the_first_key_seals_and_all_open() {
        let home = tenant();
        let old = FieldSealer::new(home.clone(), vec![(1, key(1))]);
        let both = FieldSealer::new(home.clone(), vec![(2, key(2)), (1, key(1))]);
        let new = FieldSealer::new(home, vec![(2, key(2))]);
        let before = old.seal(PLACE, b"x");
        let after = both.seal(PLACE, b"y");
        assert_eq!(both.open(PLACE, &before).unwrap(), b"x");
        assert_eq!(new.open(PLACE, &after).unwrap(), b"y");
        assert_eq!(new.open(PLACE, &before), Err(OpenError::UnknownKey("1".into())));
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let sealer = FieldSealer::new(tenant(), vec![(1, key(1))]);
        let sealed = sealer.seal(PLACE, b"some text");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open(PLACE, &changed).is_err(), "byte {at} changed");
            assert!(sealer.open(PLACE, &sealed[..at]).is_err(), "cut at {at}");
        }
        let longer = [sealed.as_slice(), &[0]].concat();
        assert!(sealer.open(PLACE, &longer).is_err());
    }

    #[test]
    fn equal_values_look_different_and_an_empty_one_works() {
        let sealer = FieldSealer::new(tenant(), vec![(1, key(1))]);
        assert_ne!(sealer.seal(PLACE, b"same"), sealer.seal(PLACE, b"same"));
        assert_eq!(sealer.open(PLACE, &sealer.seal(PLACE, b"")).unwrap(), b"");
    }

    /// Sealed by Python's `cryptography`, see `tests/vectors/make.py`.
    #[test]
    fn an_independent_implementation_agrees() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../tests/vectors/field.json")).unwrap();
        for vector in vectors.as_array().unwrap() {
            let text = |name: &str| vector[name].as_str().unwrap();
            let key: [u8; 32] = hex::decode(text("key")).unwrap().try_into().unwrap();
            let version = u32::try_from(vector["key_version"].as_u64().unwrap()).unwrap();
            let sealer = FieldSealer::new(
                text("tenant").parse().unwrap(),
                vec![(version, DataKey::from_bytes(key))],
            );
            let place = Place {
                table: text("table"),
                row: text("row"),
                column: text("column"),
            };
            let opened = sealer.open(place, &hex::decode(text("sealed")).unwrap()).unwrap();
            assert_eq!(opened, text("plain").as_bytes());
        }
    }
}
