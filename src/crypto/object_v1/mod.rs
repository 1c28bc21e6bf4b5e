//! Format v1 of an encrypted object.
//!
//! `RLV1` | suite u8 = 1 | chunk size u32 | salt 32 | commitment 32, then chunks of AES-256-GCM. All numbers are
//! big-endian. Keys come from HKDF-SHA-512 over the data key with the salt and what the object is bound to, so that a
//! stored object opens only as what it was stored as. The commitment rules out that two keys open the same bytes.

use super::{DataKey, OpenError, TAG_BYTES, aes_key, fill_random, length_prefixed};
use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use aws_lc_rs::hkdf::{HKDF_SHA512, KeyType, Salt};
use zeroize::Zeroizing;

const MAGIC: &[u8; 4] = b"RLV1";
const SUITE: u8 = 1;
const CHUNK_BYTES: usize = 65_536;
const SALT_BYTES: usize = 32;
const COMMITMENT_BYTES: usize = 32;
const COMMITMENT_START: usize = 4 + 1 + 4 + SALT_BYTES;
pub const HEADER_BYTES: usize = COMMITMENT_START + COMMITMENT_BYTES;
const PREFIX_BYTES: usize = 7;
const DERIVED_BYTES: usize = 32 + COMMITMENT_BYTES + PREFIX_BYTES;

/// What an object is bound to. Opening it under any other binding fails.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    pub tenant: &'a str,
    pub object: &'a str,
    pub version: u32,
    pub kind: &'a str,
}

pub fn seal(key: &DataKey, binding: &Binding<'_>, plain: &[u8]) -> Vec<u8> {
    let mut salt = [0; SALT_BYTES];
    fill_random(&mut salt);
    seal_with_salt(key, binding, &salt, plain)
}

pub fn open(key: &DataKey, binding: &Binding<'_>, stored: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (header, body) = stored.split_at_checked(HEADER_BYTES).ok_or(OpenError::Format)?;
    let salt = header_salt(header)?;
    let derived = Derived::new(key, binding, &salt);
    // Before anything is decrypted, and without telling by the time taken how much of it matched.
    if !super::mac::constant_time_eq(derived.commitment(), &header[COMMITMENT_START..]) {
        return Err(OpenError::WrongKeyOrPlace);
    }
    let chunks: Vec<&[u8]> = body.chunks(CHUNK_BYTES + TAG_BYTES).collect();
    let (last, full) = chunks.split_last().ok_or(OpenError::Damaged)?;
    if last.len() < TAG_BYTES || (last.len() == TAG_BYTES && !full.is_empty()) {
        return Err(OpenError::Damaged);
    }
    let opener = Chunks::new(&derived, header);
    let mut plain = vec![0; body.len() - chunks.len() * TAG_BYTES];
    for (number, (chunk, out)) in chunks.iter().zip(plain_chunks(&mut plain)).enumerate() {
        opener.open(number, number == full.len(), chunk, out)?;
    }
    Ok(plain)
}

fn seal_with_salt(key: &DataKey, binding: &Binding<'_>, salt: &[u8; SALT_BYTES], plain: &[u8]) -> Vec<u8> {
    let derived = Derived::new(key, binding, salt);
    let chunk_count = plain.len().div_ceil(CHUNK_BYTES).max(1);
    let mut stored = Vec::with_capacity(HEADER_BYTES + plain.len() + chunk_count * TAG_BYTES);
    stored.extend_from_slice(MAGIC);
    stored.push(SUITE);
    stored.extend_from_slice(&(CHUNK_BYTES as u32).to_be_bytes());
    stored.extend_from_slice(salt);
    stored.extend_from_slice(derived.commitment());
    let sealer = Chunks::new(&derived, &stored);
    for number in 0..chunk_count {
        let from = number * CHUNK_BYTES;
        let chunk = &plain[from..plain.len().min(from + CHUNK_BYTES)];
        sealer.seal(number, number + 1 == chunk_count, chunk, &mut stored);
    }
    stored
}

/// An empty object is one empty chunk.
fn plain_chunks(plain: &mut [u8]) -> impl Iterator<Item = &mut [u8]> {
    let empty: Option<&mut [u8]> = plain.is_empty().then_some(Default::default());
    empty.into_iter().chain(plain.chunks_mut(CHUNK_BYTES))
}

fn header_salt(header: &[u8]) -> Result<[u8; SALT_BYTES], OpenError> {
    let rest = header.strip_prefix(MAGIC).ok_or(OpenError::Format)?;
    let rest = rest.strip_prefix(&[SUITE]).ok_or(OpenError::Format)?;
    let rest = rest
        .strip_prefix(&(CHUNK_BYTES as u32).to_be_bytes())
        .ok_or(OpenError::Format)?;
    rest.first_chunk().copied().ok_or(OpenError::Format)
}

/// Key, commitment and nonce prefix, in this order.
struct Derived(Zeroizing<[u8; DERIVED_BYTES]>);

struct DerivedLength;

impl KeyType for DerivedLength {
    fn len(&self) -> usize {
        DERIVED_BYTES
    }
}

impl Derived {
    fn new(key: &DataKey, binding: &Binding<'_>, salt: &[u8; SALT_BYTES]) -> Self {
        let info = length_prefixed(&[
            b"referloop/v1",
            binding.tenant.as_bytes(),
            binding.object.as_bytes(),
            &binding.version.to_be_bytes(),
            binding.kind.as_bytes(),
        ]);
        let mut derived = Zeroizing::new([0; DERIVED_BYTES]);
        Salt::new(HKDF_SHA512, salt)
            .extract(key.as_bytes())
            .expand(&[&info], DerivedLength)
            .and_then(|okm| okm.fill(derived.as_mut_slice()))
            .expect("71 bytes are below HKDF-SHA-512's limit");
        Self(derived)
    }

    fn key(&self) -> &[u8; 32] {
        self.0.first_chunk().expect("32 of 71 bytes")
    }

    fn commitment(&self) -> &[u8] {
        &self.0[32..32 + COMMITMENT_BYTES]
    }

    fn prefix(&self) -> &[u8] {
        &self.0[32 + COMMITMENT_BYTES..]
    }
}

/// STREAM: the chunk's number and whether it is the last one are in its nonce, the whole header in its AAD.
struct Chunks<'a> {
    key: LessSafeKey,
    prefix: &'a [u8],
    header_hash: [u8; 32],
}

impl<'a> Chunks<'a> {
    fn new(derived: &'a Derived, header: &[u8]) -> Self {
        Self {
            key: aes_key(derived.key()),
            prefix: derived.prefix(),
            header_hash: super::mac::sha256(header),
        }
    }

    fn nonce(&self, number: usize, last: bool) -> Nonce {
        let number = u32::try_from(number).expect("2^32 chunks are 256 TiB, more than memory holds");
        let mut nonce = [0; 12];
        nonce[..PREFIX_BYTES].copy_from_slice(self.prefix);
        nonce[PREFIX_BYTES..11].copy_from_slice(&number.to_be_bytes());
        nonce[11] = u8::from(last);
        Nonce::assume_unique_for_key(nonce)
    }

    fn seal(&self, number: usize, last: bool, plain: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(plain);
        let tag = self
            .key
            .seal_in_place_separate_tag(self.nonce(number, last), Aad::from(self.header_hash), &mut out[start..])
            .expect("64 KiB are below AES-GCM's limit");
        out.extend_from_slice(tag.as_ref());
    }

    fn open(&self, number: usize, last: bool, chunk: &[u8], out: &mut [u8]) -> Result<(), OpenError> {
        let (sealed, tag) = chunk.split_at(out.len());
        self.key
            .open_separate_gather(self.nonce(number, last), Aad::from(self.header_hash), sealed, tag, out)
            .map_err(|_| OpenError::Damaged)
    }
}

#[cfg(test)]
mod tests;
