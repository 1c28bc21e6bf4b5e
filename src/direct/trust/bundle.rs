//! Trust bundles: the anchors of a community in one file. A `.p7b` is a PKCS#7 of certificates that nobody signed; a
//! `.p7m` is a signed one around it. What describes the bundle (TrustBundleMetadata.xml) is the content of the inner one.

use crate::direct::certificate::{Certificate, is_pem};
use crate::direct::cms::verify_opaque;
use crate::direct::der::next;
use openssl::pkcs7::Pkcs7;

/// The anchors of a bundle, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub anchors: Vec<Certificate>,
    /// TrustBundleMetadata.xml as it came, for a person to read. Nothing of it is believed.
    pub metadata: Option<String>,
    /// Whose signatures verified: all of them did. Empty for a bundle that nobody signed. Whether they may speak for the
    /// community is for the caller to know.
    pub signers: Vec<Certificate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleProblem {
    #[error("the trust bundle is larger than 4 MB")]
    TooLarge,
    #[error("this is no trust bundle: a PKCS#7 of certificates (.p7b) or a signed one (.p7m) is expected")]
    Malformed,
    #[error("the trust bundle holds no certificate")]
    Empty,
    #[error("the trust bundle holds more than 2000 certificates")]
    TooMany,
    #[error("the signature of the trust bundle does not verify, or uses an algorithm no longer accepted")]
    Signature,
}

const BYTES_MAX: usize = 4 * 1024 * 1024;
const ANCHORS_MAX: usize = 2000;
const METADATA_BYTES_MAX: usize = 64 * 1024;

impl Bundle {
    /// Reads DER (or BER) or PEM, signed or not, told apart by content.
    pub fn read(bytes: &[u8]) -> Result<Self, BundleProblem> {
        if bytes.len() > BYTES_MAX {
            return Err(BundleProblem::TooLarge);
        }
        let outer = Container::parse(bytes)?;
        if !outer.is_signed {
            return outer.into_bundle(Vec::new());
        }
        let (payload, signers) = verify_opaque(&outer.der).map_err(|_| BundleProblem::Signature)?;
        let inner = Container::parse(&payload)?;
        // Nobody makes them; and a bundle in a bundle in a bundle has no end.
        if inner.is_signed {
            return Err(BundleProblem::Malformed);
        }
        inner.into_bundle(signers.verified)
    }

    /// Whether exactly this certificate is among those who signed it.
    pub fn is_signed_by(&self, certificate: &Certificate) -> bool {
        self.signers.contains(certificate)
    }
}

struct Container {
    pkcs7: Pkcs7,
    der: Vec<u8>,
    is_signed: bool,
    content: Option<Vec<u8>>,
}

impl Container {
    fn parse(bytes: &[u8]) -> Result<Self, BundleProblem> {
        let pkcs7 = if is_pem(bytes) {
            Pkcs7::from_pem(bytes)
        } else {
            Pkcs7::from_der(bytes)
        };
        let pkcs7 = pkcs7.map_err(|_| BundleProblem::Malformed)?;
        let der = pkcs7.to_der().map_err(|_| BundleProblem::Malformed)?;
        let (content, is_signed) = signed_data(&der).ok_or(BundleProblem::Malformed)?;
        Ok(Self {
            content: content.map(<[u8]>::to_vec),
            is_signed,
            pkcs7,
            der,
        })
    }

    fn into_bundle(self, signers: Vec<Certificate>) -> Result<Bundle, BundleProblem> {
        let certificates = self.pkcs7.signed().and_then(|signed| signed.certificates());
        let certificates = certificates.ok_or(BundleProblem::Empty)?;
        if certificates.len() > ANCHORS_MAX {
            return Err(BundleProblem::TooMany);
        }
        let mut anchors: Vec<Certificate> = certificates
            .iter()
            .map(|x509| Certificate::new(x509.to_owned()))
            .collect();
        anchors.sort_by_cached_key(Certificate::fingerprint);
        anchors.dedup();
        if anchors.is_empty() {
            return Err(BundleProblem::Empty);
        }
        Ok(Bundle {
            anchors,
            metadata: self.content.and_then(metadata_of),
            signers,
        })
    }
}

fn metadata_of(content: Vec<u8>) -> Option<String> {
    if content.len() > METADATA_BYTES_MAX {
        return None;
    }
    String::from_utf8(content)
        .ok()
        .filter(|text| text.contains("TrustBundle"))
}

/// The content that travels in a SignedData, and whether somebody signed it.
fn signed_data(mut der: &[u8]) -> Option<(Option<&[u8]>, bool)> {
    const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
    let mut info = next(&mut der)?.1;
    if next(&mut info)?.1 != SIGNED_DATA {
        return None;
    }
    let mut explicit = next(&mut info)?.1;
    let mut signed = next(&mut explicit)?.1;
    // version, digestAlgorithms
    next(&mut signed)?;
    next(&mut signed)?;
    let mut encapsulated = next(&mut signed)?.1;
    next(&mut encapsulated)?;
    let content = match next(&mut encapsulated) {
        Some((_, mut explicit)) => Some(next(&mut explicit)?.1),
        None => None,
    };
    // [0] certificates, [1] crls, and last the signers
    let mut signers = None;
    while !signed.is_empty() {
        signers = Some(next(&mut signed)?.1);
    }
    Some((content, !signers?.is_empty()))
}
