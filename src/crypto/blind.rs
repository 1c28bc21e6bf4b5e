//! Blind indexes: keyed hashes that find equal values without showing them.

use super::{DataKey, length_prefixed, mac::hmac_sha256};

const INDEX_BYTES: usize = 16;

/// HMAC-SHA-256 under its own key, cut to 128 bits. Equal values leak that they are equal, so index only what must be
/// found exactly: identifiers, and a birth date only together with a name.
#[derive(Debug)]
pub struct BlindIndex(DataKey);

impl BlindIndex {
    pub fn new(key: DataKey) -> Self {
        Self(key)
    }

    /// `purpose` keeps equal values of different columns apart; the caller has brought the value to one spelling.
    pub fn index(&self, purpose: &str, normalised: &str) -> Vec<u8> {
        let mut message = length_prefixed(&[purpose.as_bytes()]);
        message.extend_from_slice(normalised.as_bytes());
        hmac_sha256(self.0.as_bytes(), &message)[..INDEX_BYTES].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_meet_only_under_the_same_key_and_purpose() {
        let index = BlindIndex::new(DataKey::from_bytes([1; 32]));
        let other = BlindIndex::new(DataKey::from_bytes([2; 32]));
        let npi = index.index("npi", "1234567893");
        assert_eq!(npi.len(), INDEX_BYTES);
        assert_eq!(npi, index.index("npi", "1234567893"));
        assert_ne!(npi, index.index("npi", "1234567894"));
        assert_ne!(npi, index.index("mrn", "1234567893"));
        assert_ne!(npi, other.index("npi", "1234567893"));
        assert_ne!(index.index("ab", "c"), index.index("a", "bc"));
    }

    /// Computed by Python's `hmac`.
    #[test]
    fn an_independent_implementation_agrees() {
        let index = BlindIndex::new(DataKey::from_bytes([1; 32]));
        assert_eq!(
            hex::encode(index.index("npi", "1234567893")),
            "7edb0cc46960aebe2c79d0fabdd943f7"
        );
    }
}
