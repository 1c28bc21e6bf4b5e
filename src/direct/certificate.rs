//! A partner's certificate: whom it is bound to, whether it may be used now, and for what.

use super::address::Address;
use chrono::{DateTime, Utc};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::x509::{GeneralNameRef, X509, X509KeyUsage, X509VerifyResult};
use std::fmt;

/// An X.509 certificate, with what its names bind it to.
#[derive(Clone)]
pub struct Certificate {
    x509: X509,
    addresses: Vec<String>,
    domains: Vec<String>,
}

/// What a certificate is about to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It signed something, or is to sign.
    Signing,
    /// Something is to be encrypted to it.
    Encrypting,
}

/// Why a certificate may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateProblem {
    #[error("the certificate can not be read")]
    Malformed,
    #[error("the certificate is not valid yet")]
    NotYetValid,
    #[error("the certificate has expired")]
    Expired,
    #[error("the certificate's key is too short or of a kind not accepted")]
    WeakKey,
    #[error("the certificate was issued with a signature algorithm no longer accepted")]
    WeakSignature,
    #[error("the certificate's key usage does not allow this")]
    KeyUsage,
    #[error("the certificate is bound to no address and no domain")]
    Unbound,
}

const RSA_BITS_MIN: u32 = 2048;
const EC_BITS_MIN: u32 = 256;

impl Certificate {
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateProblem> {
        X509::from_der(der)
            .map(Self::new)
            .map_err(|_| CertificateProblem::Malformed)
    }

    /// Reads the first certificate of a PEM text.
    pub fn from_pem(pem: &[u8]) -> Result<Self, CertificateProblem> {
        X509::from_pem(pem)
            .map(Self::new)
            .map_err(|_| CertificateProblem::Malformed)
    }

    /// Reads PEM or DER, told apart by content.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateProblem> {
        if is_pem(bytes) {
            Self::from_pem(bytes)
        } else {
            Self::from_der(bytes)
        }
    }

    /// Reads every certificate of a PEM text, or the one of a DER file.
    pub fn parse_all(bytes: &[u8]) -> Result<Vec<Self>, CertificateProblem> {
        if !is_pem(bytes) {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        let all = X509::stack_from_pem(bytes).map_err(|_| CertificateProblem::Malformed)?;
        Ok(all.into_iter().map(Self::new).collect())
    }

    /// Binding reads the SAN alone: an e-mail address in the subject is not accepted since v1.3 of the standard.
    /// Wildcards bind nothing.
    pub(super) fn new(x509: X509) -> Self {
        let names = x509.subject_alt_names();
        let collect = |pick: fn(&GeneralNameRef) -> Option<&str>| -> Vec<String> {
            let names = names
                .iter()
                .flatten()
                .filter_map(|name| pick(name).map(str::to_ascii_lowercase));
            names.filter(|name| !name.contains('*')).collect()
        };
        let addresses = collect(GeneralNameRef::email);
        let domains = collect(GeneralNameRef::dnsname);
        Self {
            x509,
            addresses,
            domains,
        }
    }

    /// PEM, as people exchange it.
    pub fn to_pem(&self) -> String {
        self.x509
            .to_pem()
            .ok()
            .and_then(|pem| String::from_utf8(pem).ok())
            .expect("a certificate that was read can be written, in ASCII")
    }

    pub fn to_der(&self) -> Vec<u8> {
        self.x509
            .to_der()
            .expect("a certificate that was parsed can be written")
    }

    pub(super) fn x509(&self) -> &X509 {
        &self.x509
    }

    /// SHA-256 over the whole certificate, as lower-case hex: the name by which the directory knows it.
    pub fn fingerprint(&self) -> String {
        hex::encode(openssl::sha::sha256(&self.to_der()))
    }

    /// The one name that a directory files it under: its address, else its domain. Lower case.
    pub fn bound_to(&self) -> Option<&str> {
        self.addresses.first().or(self.domains.first()).map(String::as_str)
    }

    /// Whether the certificate speaks for this address: by the address itself, or by exactly its domain. One that names
    /// an address speaks for no whole domain, even if it names that too: an organisation's certificate holds none.
    pub fn binds(&self, address: &Address) -> bool {
        let bound = |names: &[String], name: &str| names.iter().any(|bound| bound.eq_ignore_ascii_case(name));
        if self.addresses.is_empty() {
            bound(&self.domains, address.domain())
        } else {
            bound(&self.addresses, address.as_str())
        }
    }

    /// Whether that one's key signed this one, and the names fit. Whether it may issue is asked elsewhere.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        let named = issuer.x509.issued(&self.x509) == X509VerifyResult::OK;
        let signed = || issuer.x509.public_key().and_then(|key| self.x509.verify(&key));
        named && signed().unwrap_or(false)
    }

    /// Who is named in it, on one line: for people, who know an authority by its name.
    pub fn subject(&self) -> String {
        let entries = self.x509.subject_name().entries();
        let parts = entries.filter_map(|entry| {
            let text = entry.data().to_string().ok()?;
            let text: String = text.chars().filter(|character| !character.is_control()).collect();
            Some(format!("{}={text}", entry.object().nid().short_name().ok()?))
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    pub fn not_before(&self) -> Option<DateTime<Utc>> {
        to_utc(self.x509.not_before())
    }

    pub fn not_after(&self) -> Option<DateTime<Utc>> {
        to_utc(self.x509.not_after())
    }

    /// Whether it may be used now: time, key, the issuer's signature algorithm, key usage, and that it is bound at all.
    pub fn check(&self, purpose: Use, now: DateTime<Utc>) -> Result<(), CertificateProblem> {
        if self.bound_to().is_none() {
            return Err(CertificateProblem::Unbound);
        }
        if self.not_before().is_none_or(|start| now < start) {
            return Err(CertificateProblem::NotYetValid);
        }
        if self.not_after().is_none_or(|end| now > end) {
            return Err(CertificateProblem::Expired);
        }
        let wanted = self.check_key(purpose)?;
        let algorithm = self.x509.signature_algorithm().object().nid();
        if [
            Nid::SHA1WITHRSAENCRYPTION,
            Nid::MD5WITHRSAENCRYPTION,
            Nid::ECDSA_WITH_SHA1,
        ]
        .contains(&algorithm)
        {
            return Err(CertificateProblem::WeakSignature);
        }
        // Without the extension every use is allowed.
        if self.x509.key_usage().is_some_and(|usage| !usage.intersects(wanted)) {
            return Err(CertificateProblem::KeyUsage);
        }
        Ok(())
    }

    /// Checks the key's strength; says which key usage the purpose needs with this kind of key.
    fn check_key(&self, purpose: Use) -> Result<X509KeyUsage, CertificateProblem> {
        let key = self.x509.public_key().map_err(|_| CertificateProblem::WeakKey)?;
        let (bits_min, encrypting) = match key.id() {
            Id::RSA => (RSA_BITS_MIN, X509KeyUsage::KEY_ENCIPHERMENT),
            Id::EC => (EC_BITS_MIN, X509KeyUsage::KEY_AGREEMENT),
            _ => return Err(CertificateProblem::WeakKey),
        };
        if key.bits() < bits_min {
            return Err(CertificateProblem::WeakKey);
        }
        Ok(match purpose {
            Use::Signing => X509KeyUsage::DIGITAL_SIGNATURE | X509KeyUsage::NON_REPUDIATION,
            Use::Encrypting => encrypting,
        })
    }
}

/// PEM may begin with lines of explanation.
pub(super) fn is_pem(bytes: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN ";
    bytes.windows(BEGIN.len()).any(|window| window == BEGIN)
}

pub(super) fn to_utc(time: &Asn1TimeRef) -> Option<DateTime<Utc>> {
    let seconds = || -> Result<i64, ErrorStack> {
        let passed = Asn1Time::from_unix(0)?.diff(time)?;
        Ok(i64::from(passed.days) * 86_400 + i64::from(passed.secs))
    };
    DateTime::from_timestamp(seconds().ok()?, 0)
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("bound_to", &self.bound_to())
            .field("sha256", &self.fingerprint())
            .finish()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        let digest = |certificate: &Self| {
            certificate
                .x509
                .digest(MessageDigest::sha256())
                .ok()
                .map(|d| d.to_vec())
        };
        digest(self) == digest(other)
    }
}

impl Eq for Certificate {}
