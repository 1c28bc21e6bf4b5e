//! Blind indexes: keyed hashes that find equal values without showing them.

use super::{DataKey, length_prefixed, mac::hmac_sha256};

const INDEX_BYTES: usize = 16;
/// 4,096 different buckets.
const BUCKET_BITS: u32 = 12;

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

    /// So short that different values share one: for values of which there are few, whose frequency would tell them. What
    /// is found by it must be opened and compared.
    pub fn bucket(&self, purpose: &str, normalised: &str) -> Vec<u8> {
        let index = self.index(purpose, normalised);
        let bits = u16::from_be_bytes([index[0], index[1]]) >> (16 - BUCKET_BITS);
        bits.to_be_bytes().to_vec()
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

    #[test]
    fn a_bucket_holds_several_values() {
        let index = BlindIndex::new(DataKey::from_bytes([1; 32]));
        let dates = || (0..36_500).map(|day| format!("day {day}"));
        let buckets: std::collections::BTreeSet<_> = dates().map(|day| index.bucket("birth_date", &day)).collect();
        assert!((4_000..=4_096).contains(&buckets.len()), "{} buckets", buckets.len());
        assert!(buckets.iter().all(|bucket| bucket.len() == 2));
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
