//! Object format v1, field seal, blind index, key wrap, MAC, tokens. Pure: bytes in, bytes out.
//!
//! Never holds a key's place or name beyond what is bound into a seal; where keys lie is the vault's business.

pub mod blind;
pub mod field;
pub mod mac;
pub mod object_v1;
pub mod passphrase;
pub mod token;
pub mod wrap;

use crate::domain::ids::TenantId;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::fmt;
use zeroize::Zeroizing;

pub use blind::BlindIndex;
pub use field::{FieldSealer, Place};
pub use mac::AuditMac;

const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// 32 secret bytes: for one object, one purpose inside, or the master. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    pub fn random() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        fill_random(bytes.as_mut_slice());
        Self(bytes)
    }

    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(***)")
    }
}

/// Why sealed bytes were not opened. Says nothing about their content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("not in a format that this version writes")]
    Format,
    #[error("sealed under another key, or for another place")]
    WrongKeyOrPlace,
    #[error("changed or cut short after it was sealed")]
    Damaged,
    #[error("sealed under key `{0}`, which is not among the keys given")]
    UnknownKey(String),
}

/// The keys that work inside one installation, opened.
#[derive(Debug)]
pub struct TenantKeys {
    pub tenant: TenantId,
    pub field: FieldSealer,
    pub blind: BlindIndex,
    /// What patients are found by, with the keys' versions, the one to write with first. Older ones still find.
    pub search: Vec<(u32, BlindIndex)>,
    pub audit: AuditMac,
}

impl TenantKeys {
    /// Fresh keys that are kept nowhere: for tests and for what is thrown away.
    pub fn random(tenant: TenantId) -> Self {
        Self {
            field: FieldSealer::new(tenant.clone(), vec![(1, DataKey::random())]),
            blind: BlindIndex::new(DataKey::random()),
            search: vec![(0, BlindIndex::new(DataKey::random()))],
            audit: AuditMac::new(vec![(1, DataKey::random())]),
            tenant,
        }
    }
}

fn fill_random(bytes: &mut [u8]) {
    aws_lc_rs::rand::fill(bytes).expect("the system's random source does not fail once it has started");
}

fn aes_key(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("AES-256 takes 32 bytes"))
}

/// Random nonce, ciphertext and tag, appended to `out`.
fn seal_with_random_nonce(key: &DataKey, aad: &[u8], plain: &[u8], out: &mut Vec<u8>) {
    let mut nonce = [0; NONCE_BYTES];
    fill_random(&mut nonce);
    out.extend_from_slice(&nonce);
    let start = out.len();
    out.extend_from_slice(plain);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = aes_key(key.as_bytes())
        .seal_in_place_separate_tag(nonce, Aad::from(aad), &mut out[start..])
        .expect("a field or a key is far below AES-GCM's length limit");
    out.extend_from_slice(tag.as_ref());
}

fn open_with_nonce(key: &DataKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(OpenError::Format)?;
    let plain_bytes = rest.len().checked_sub(TAG_BYTES).ok_or(OpenError::Format)?;
    let mut plain = vec![0; plain_bytes];
    aes_key(key.as_bytes())
        .open_separate_gather(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(aad),
            &rest[..plain_bytes],
            &rest[plain_bytes..],
            &mut plain,
        )
        .map_err(|_| OpenError::Damaged)?;
    Ok(plain)
}

/// Parts with a u16 big-endian length before each, so that no two lists of parts read the same.
fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| part.len() + 2).sum());
    for part in parts {
        let length = u16::try_from(part.len()).expect("ids, names of tables and kinds are short");
        all.extend_from_slice(&length.to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}
