//! A secret sealed under a passphrase, for what leaves the machine.
//!
//! Header: `RLP1` | memory in KiB, passes, lanes, each u32 big-endian | salt 16. Then nonce 12 | AES-256-GCM | tag 16, AAD =
//! header. Argon2id makes 64 bytes of passphrase and salt: the first half seals, the second makes MACs of what lies beside.

use super::{DataKey, OpenError, fill_random, mac, open_with_nonce, seal_with_random_nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// A passphrase guards the master key against whoever holds the backup, who may guess for years.
pub const SHORTEST: usize = 16;

const MAGIC: &[u8; 4] = b"RLP1";
const HEADER_BYTES: usize = 32;

#[derive(Clone, Copy)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// The second recommendation of RFC 9106, section 4: 64 MiB, three passes, four lanes.
const USUAL: Cost = Cost {
    memory_kib: 64 * 1024,
    passes: 3,
    lanes: 4,
};

/// What a header may ask for: a forged one must not take all memory.
const MOST: Cost = Cost {
    memory_kib: 1024 * 1024,
    passes: 64,
    lanes: 64,
};

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PassphraseError {
    #[error("the passphrase must have at least {SHORTEST} characters: six words chosen by dice make a good one")]
    TooShort,
    #[error("no key could be made of the passphrase: is there too little memory?")]
    NotDerived,
    #[error("what was sealed under the passphrase was not opened")]
    Open(#[from] OpenError),
}

/// The keys that a passphrase and a salt make.
#[derive(Debug)]
pub struct PassphraseKeys {
    header: [u8; HEADER_BYTES],
    sealing: DataKey,
    mac: DataKey,
}

impl PassphraseKeys {
    /// With a fresh salt, to seal with.
    pub fn fresh(passphrase: &str) -> Result<Self, PassphraseError> {
        if passphrase.chars().count() < SHORTEST {
            return Err(PassphraseError::TooShort);
        }
        let mut header = [0; HEADER_BYTES];
        header[..4].copy_from_slice(MAGIC);
        for (at, number) in [USUAL.memory_kib, USUAL.passes, USUAL.lanes].into_iter().enumerate() {
            header[4 + 4 * at..8 + 4 * at].copy_from_slice(&number.to_be_bytes());
        }
        fill_random(&mut header[16..]);
        Self::derived(passphrase, header, USUAL)
    }

    /// Those that sealed this, if the passphrase is the same. Whether it is shows when it is opened.
    pub fn of(passphrase: &str, sealed: &[u8]) -> Result<Self, PassphraseError> {
        let header = *sealed.first_chunk::<HEADER_BYTES>().ok_or(OpenError::Format)?;
        let number = |at: usize| u32::from_be_bytes(*header[at..].first_chunk().expect("the header is 32 bytes long"));
        let cost = Cost {
            memory_kib: number(4),
            passes: number(8),
            lanes: number(12),
        };
        let bearable = cost.memory_kib <= MOST.memory_kib && cost.passes <= MOST.passes && cost.lanes <= MOST.lanes;
        if !header.starts_with(MAGIC) || !bearable {
            return Err(OpenError::Format.into());
        }
        Self::derived(passphrase, header, cost)
    }

    fn derived(passphrase: &str, header: [u8; HEADER_BYTES], cost: Cost) -> Result<Self, PassphraseError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(64)).map_err(|_| OpenError::Format)?;
        let mut made = Zeroizing::new([0; 64]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &header[16..], made.as_mut_slice())
            .map_err(|_| PassphraseError::NotDerived)?;
        let half = |at: usize| DataKey::from_bytes(*made[at..].first_chunk().expect("each half is 32 bytes long"));
        Ok(Self {
            header,
            sealing: half(0),
            mac: half(32),
        })
    }

    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let mut sealed = self.header.to_vec();
        seal_with_random_nonce(&self.sealing, &self.header, plain, &mut sealed);
        sealed
    }

    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (header, rest) = sealed.split_first_chunk::<HEADER_BYTES>().ok_or(OpenError::Format)?;
        open_with_nonce(&self.sealing, header, rest).map(Zeroizing::new)
    }

    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        mac::hmac_sha256(self.mac.as_bytes(), message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "correct horse battery staple";

    #[test]
    fn only_the_same_words_open_it() {
        let sealed = PassphraseKeys::fresh(WORDS).unwrap().seal(b"master key");
        let open = |words: &str, sealed: &[u8]| {
            PassphraseKeys::of(words, sealed)?
                .open(sealed)
                .map_err(PassphraseError::Open)
        };
        assert_eq!(open(WORDS, &sealed).unwrap().as_slice(), b"master key");
        let refused = |words: &str, sealed: &[u8], why: OpenError| {
            assert_eq!(open(words, sealed).unwrap_err(), PassphraseError::Open(why));
        };
        refused("correct horse battery stable", &sealed, OpenError::Damaged);
        refused(WORDS, &sealed[..31], OpenError::Format);
        let changed = |at: usize| {
            let mut bytes = sealed.clone();
            bytes[at] ^= 1;
            bytes
        };
        refused(WORDS, &changed(0), OpenError::Format);
        // The salt, the nonce, the text, the tag.
        for at in [16, 31, 32, 44, sealed.len() - 1] {
            refused(WORDS, &changed(at), OpenError::Damaged);
        }
        // Two GiB of memory.
        refused(
            WORDS,
            &[&sealed[..4], &[0, 0x20, 0, 0], &sealed[8..]].concat(),
            OpenError::Format,
        );
    }

    #[test]
    fn a_salt_makes_other_keys_of_the_same_words() {
        let (one, other) = (
            PassphraseKeys::fresh(WORDS).unwrap(),
            PassphraseKeys::fresh(WORDS).unwrap(),
        );
        assert_ne!(one.mac(b"x"), other.mac(b"x"));
        let again = PassphraseKeys::of(WORDS, &one.seal(b"")).unwrap();
        assert_eq!(one.mac(b"x"), again.mac(b"x"));
        assert_eq!(
            PassphraseKeys::fresh("too short").unwrap_err(),
            PassphraseError::TooShort
        );
    }

    /// Sealed by Python's `cryptography` under keys by `argon2-cffi`, see `tests/vectors/make.py`.
    #[test]
    fn an_independent_implementation_agrees() {
        let vectors = include_str!("../../tests/vectors/passphrase.json");
        let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
        for vector in vectors.as_array().unwrap() {
            let text = |name: &str| vector[name].as_str().unwrap();
            let sealed = hex::decode(text("sealed")).unwrap();
            let keys = PassphraseKeys::of(text("words"), &sealed).unwrap();
            assert_eq!(keys.open(&sealed).unwrap().as_slice(), text("plain").as_bytes());
            assert_eq!(hex::encode(keys.mac(text("plain").as_bytes())), text("mac_of_plain"));
        }
        assert_eq!(vectors.as_array().unwrap().len(), 3);
    }
}
