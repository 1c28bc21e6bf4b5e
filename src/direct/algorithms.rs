//! Which algorithms are accepted in what comes in, and their names for people.

use super::certificate::to_utc;
use super::der::{self, Algorithm, Recipient, Signer};
use chrono::{DateTime, Utc};
use openssl::asn1::{Asn1Object, Asn1Time};
use openssl::cms::CmsContentInfo;
use openssl::nid::Nid;

/// SHA-256, SHA-384, SHA-512.
const DIGESTS: [Nid; 3] = [Nid::SHA256, Nid::SHA384, Nid::SHA512];

const CIPHERS: [Nid; 6] = [
    Nid::AES_128_CBC,
    Nid::AES_192_CBC,
    Nid::AES_256_CBC,
    Nid::AES_128_GCM,
    Nid::AES_192_GCM,
    Nid::AES_256_GCM,
];

/// `rsaEncryption` leaves the digest to the field before it, which is judged by itself.
const SIGNATURES: [Nid; 7] = [
    Nid::RSAENCRYPTION,
    Nid::SHA256WITHRSAENCRYPTION,
    Nid::SHA384WITHRSAENCRYPTION,
    Nid::SHA512WITHRSAENCRYPTION,
    Nid::ECDSA_WITH_SHA256,
    Nid::ECDSA_WITH_SHA384,
    Nid::ECDSA_WITH_SHA512,
];

/// RFC 3394 with AES, which a key agreement wraps the content's key with.
const AES_KEY_WRAPS: [&str; 3] = [
    "2.16.840.1.101.3.4.1.5",
    "2.16.840.1.101.3.4.1.25",
    "2.16.840.1.101.3.4.1.45",
];

pub(super) fn is_good_cipher(oid: &[u8]) -> bool {
    nid(oid).is_some_and(|nid| CIPHERS.contains(&nid))
}

pub(super) fn is_good_digest(oid: &[u8]) -> bool {
    nid(oid).is_some_and(|nid| DIGESTS.contains(&nid))
}

/// Whether OpenSSL can compute it, for better or worse.
pub(super) fn is_known_digest(oid: &[u8]) -> bool {
    const OTHERS: [Nid; 3] = [Nid::SHA224, Nid::SHA1, Nid::MD5];
    is_good_digest(oid) || nid(oid).is_some_and(|nid| OTHERS.contains(&nid))
}

pub(super) fn is_good_signature(algorithm: &Algorithm<'_>) -> bool {
    match nid(algorithm.oid) {
        Some(Nid::RSASSAPSS) => der::hash_of(algorithm).is_some_and(is_good_digest),
        Some(nid) => SIGNATURES.contains(&nid),
        None => false,
    }
}

/// SHA-1 inside OAEP is no signature: nobody has to find a collision there, and partners use it.
pub(super) fn is_good_recipient(recipient: &Recipient<'_>) -> bool {
    match recipient {
        Recipient::Transport(algorithm) => match nid(algorithm.oid) {
            Some(Nid::RSAENCRYPTION) => true,
            Some(Nid::RSAESOAEP) => {
                der::hash_of(algorithm).is_none_or(|hash| is_good_digest(hash) || nid(hash) == Some(Nid::SHA1))
            }
            _ => false,
        },
        Recipient::Agreement(algorithm) => {
            der::inner_of(algorithm).is_some_and(|wrap| AES_KEY_WRAPS.contains(&dotted(wrap).as_str()))
        }
        Recipient::Other => false,
    }
}

/// What a CMS structure names, for a person to read: kind and name.
pub(super) fn describe(cms: &[u8]) -> Vec<(&'static str, String)> {
    let Some(der) = CmsContentInfo::from_der(cms).ok().and_then(|cms| cms.to_der().ok()) else {
        return vec![("structure", "can not be read".to_owned())];
    };
    let mut found = Vec::new();
    if let Some(enveloped) = der::enveloped(&der) {
        found.push(("cipher", name(enveloped.cipher)));
        found.extend(enveloped.recipients.iter().map(|each| ("key", recipient_name(each))));
    } else if let Some(signed) = der::signed(&der) {
        let form = if signed.carries_content { "opaque" } else { "detached" };
        found.push(("form", form.to_owned()));
        for Signer { digest, signature, .. } in &signed.signers {
            found.push(("digest", name(digest)));
            found.push(("signature", with_hash(signature)));
        }
    } else {
        found.push(("structure", "neither enveloped nor signed".to_owned()));
    }
    found
}

/// When the signers of a structure say that they signed.
pub(super) fn signing_times(cms: &[u8]) -> Vec<DateTime<Utc>> {
    let Some(der) = CmsContentInfo::from_der(cms).ok().and_then(|cms| cms.to_der().ok()) else {
        return Vec::new();
    };
    let signers = der::signed(&der).map(|signed| signed.signers).unwrap_or_default();
    let texts = signers
        .iter()
        .filter_map(|signer| std::str::from_utf8(signer.signing_time?).ok());
    texts
        .filter_map(|text| Asn1Time::from_str(text).ok().and_then(|time| to_utc(&time)))
        .collect()
}

fn recipient_name(recipient: &Recipient<'_>) -> String {
    match recipient {
        Recipient::Transport(algorithm) => with_hash(algorithm),
        Recipient::Agreement(algorithm) => {
            let wrap = der::inner_of(algorithm).map_or_else(|| "?".to_owned(), name);
            format!("{} with {wrap}", name(algorithm.oid))
        }
        Recipient::Other => "a shared key or a password".to_owned(),
    }
}

fn with_hash(algorithm: &Algorithm<'_>) -> String {
    let plain = name(algorithm.oid);
    if [Some(Nid::RSAESOAEP), Some(Nid::RSASSAPSS)].contains(&nid(algorithm.oid)) {
        let hash = der::hash_of(algorithm).map_or_else(|| "SHA1".to_owned(), name);
        format!("{plain} with {hash}")
    } else {
        plain
    }
}

/// The short name that OpenSSL knows an algorithm by, else its dotted numbers.
pub(super) fn name(oid: &[u8]) -> String {
    nid(oid)
        .and_then(|nid| nid.short_name().ok())
        .map_or_else(|| dotted(oid), str::to_owned)
}

fn nid(oid: &[u8]) -> Option<Nid> {
    let nid = Asn1Object::from_str(&dotted(oid)).ok()?.nid();
    (nid != Nid::UNDEF).then_some(nid)
}

/// The numbers of an encoded object identifier.
fn dotted(oid: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number: u64 = 0;
    for &byte in oid {
        number = number.wrapping_shl(7) | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (number / 40).min(2);
                numbers.push(first);
                number -= first * 40;
            }
            numbers.push(number);
            number = 0;
        }
    }
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_have_names() {
        let sha256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
        assert_eq!(dotted(sha256), "2.16.840.1.101.3.4.2.1");
        assert_eq!(name(sha256), "SHA256");
        assert!(is_good_digest(sha256) && !is_good_cipher(sha256));
        assert_eq!(name(&[0x2A, 0x03, 0x04]), "1.2.3.4");
        for odd in [&[][..], &[0xFF; 40], &[0x80]] {
            assert!(!is_good_digest(odd) && !is_good_cipher(odd));
            let _ = name(odd);
        }
    }
}
