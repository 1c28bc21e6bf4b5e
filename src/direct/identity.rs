//! Our own side: a certificate with its private key, for one address or for a whole domain.

use super::address::{Address, is_domain};
use super::certificate::{Certificate, CertificateProblem, is_pem};
use chrono::{DateTime, TimeDelta, Utc};
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::stack::Stack;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509NameBuilder, X509ReqBuilder};
use std::fmt;
use zeroize::Zeroizing;

/// A certificate that we hold the private key of.
#[derive(Clone)]
pub struct Identity {
    certificate: Certificate,
    key: PKey<Private>,
    issuers: Vec<Certificate>,
}

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("the certificate can not be used")]
    Certificate(#[from] CertificateProblem),
    #[error("the private key can not be read")]
    Key,
    #[error("the private key does not belong to the certificate")]
    Mismatch,
    #[error("the PKCS#12 file can not be read: the passphrase is another, it holds no key, or it is of an old kind")]
    Pkcs12,
    #[error("an identity is bound to an address or to a domain")]
    Name,
    #[error("making a key or a certificate failed")]
    OpenSsl(#[from] ErrorStack),
}

const RSA_BITS: u32 = 3072;

/// A key of ours that has no certificate yet.
pub struct PrivateKey(PKey<Private>);

impl PrivateKey {
    /// Takes a while: not to be called where others wait.
    pub fn generate() -> Result<Self, IdentityError> {
        Ok(Self(PKey::from_rsa(Rsa::generate(RSA_BITS)?)?))
    }

    pub fn from_der(der: &[u8]) -> Result<Self, IdentityError> {
        PKey::private_key_from_der(der)
            .map(Self)
            .map_err(|_| IdentityError::Key)
    }

    /// As PKCS#8, to be sealed before it is stored.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        Ok(Zeroizing::new(self.0.private_key_to_pkcs8()?))
    }

    /// A request for a certificate (PKCS#10, PEM) that is bound to this address or domain. The name stands in the alternative
    /// names alone, where it binds; authorities fill the subject as they see fit.
    pub fn request(&self, bound_to: &str) -> Result<String, IdentityError> {
        let names = alternative_names(bound_to)?;
        let mut builder = X509ReqBuilder::new()?;
        builder.set_version(0)?;
        let mut subject = X509NameBuilder::new()?;
        // A common name has at most 64 characters (RFC 5280, ub-common-name).
        if bound_to.len() <= 64 {
            subject.append_entry_by_nid(openssl::nid::Nid::COMMONNAME, bound_to)?;
        }
        builder.set_subject_name(&subject.build())?;
        builder.set_pubkey(&self.0)?;
        let mut extensions = Stack::new()?;
        extensions.push(names.build(&builder.x509v3_context(None))?)?;
        extensions.push(usage().build()?)?;
        builder.add_extensions(&extensions)?;
        builder.sign(&self.0, MessageDigest::sha256())?;
        String::from_utf8(builder.build().to_pem()?).map_err(|_| IdentityError::Key)
    }
}

/// The one name that binds a certificate.
fn alternative_names(bound_to: &str) -> Result<SubjectAlternativeName, IdentityError> {
    let mut names = SubjectAlternativeName::new();
    if bound_to.parse::<Address>().is_ok() {
        names.email(bound_to);
    } else if is_domain(bound_to) {
        names.dns(bound_to);
    } else {
        return Err(IdentityError::Name);
    }
    Ok(names)
}

/// To sign and to be encrypted to.
fn usage() -> KeyUsage {
    let mut usage = KeyUsage::new();
    usage.critical().digital_signature().key_encipherment();
    usage
}

impl Identity {
    /// Takes the certificate and the key, each PEM or DER (PKCS#8), and checks that they belong together.
    pub fn new(certificate: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let certificate = Certificate::parse(certificate)?;
        let key = if is_pem(key) {
            PKey::private_key_from_pem(key)
        } else {
            PKey::private_key_from_der(key)
        };
        let key = key.map_err(|_| IdentityError::Key)?;
        if !certificate.x509().public_key()?.public_eq(&key) {
            return Err(IdentityError::Mismatch);
        }
        Ok(Self {
            certificate,
            key,
            issuers: Vec::new(),
        })
    }

    /// Takes a PKCS#12 file, as authorities hand out certificates with their keys.
    pub fn from_pkcs12(file: &[u8], passphrase: &str) -> Result<Self, IdentityError> {
        let parsed = Pkcs12::from_der(file).and_then(|file| file.parse2(passphrase));
        let parsed = parsed.map_err(|_| IdentityError::Pkcs12)?;
        let (Some(x509), Some(key)) = (parsed.cert, parsed.pkey) else {
            return Err(IdentityError::Pkcs12);
        };
        if !x509.public_key()?.public_eq(&key) {
            return Err(IdentityError::Mismatch);
        }
        let issuers = parsed.ca.into_iter().flatten().map(Certificate::new).collect();
        Ok(Self {
            certificate: Certificate::new(x509),
            key,
            issuers,
        })
    }

    /// Makes a key and a self-signed certificate for an address or a domain: for a demo, a test, or a first exchange
    /// with a partner who accepts certificates by their fingerprint.
    pub fn self_signed(bound_to: &str, now: DateTime<Utc>, valid: TimeDelta) -> Result<Self, IdentityError> {
        let names = alternative_names(bound_to)?;
        let key = PKey::from_rsa(Rsa::generate(RSA_BITS)?)?;
        let x509 = build_self_signed(&key, &names, now, valid)?;
        Ok(Self {
            certificate: Certificate::new(x509),
            key,
            issuers: Vec::new(),
        })
    }

    /// With the certificates that lead from ours towards an anchor of the partners'. Our signatures carry them: a partner that
    /// knows the anchor alone can follow.
    #[must_use]
    pub fn with_issuers(self, issuers: Vec<Certificate>) -> Self {
        Self { issuers, ..self }
    }

    /// The certificates that came with ours, or were put beside it.
    pub fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }

    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    pub(super) fn key(&self) -> &PKey<Private> {
        &self.key
    }

    /// The private key as PKCS#8, to be sealed before it is stored.
    pub fn private_key_der(&self) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        Ok(Zeroizing::new(self.key.private_key_to_pkcs8()?))
    }
}

fn build_self_signed(
    key: &PKey<Private>,
    names: &SubjectAlternativeName,
    now: DateTime<Utc>,
    valid: TimeDelta,
) -> Result<X509, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(openssl::nid::Nid::COMMONNAME, "Referloop Direct")?;
    let name = name.build();
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
    let mut builder = X509Builder::new()?;
    builder.set_version(2)?;
    builder.set_serial_number(serial.to_asn1_integer()?.as_ref())?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(key)?;
    // A partner's clock may be behind ours.
    builder.set_not_before(Asn1Time::from_unix((now - TimeDelta::hours(1)).timestamp())?.as_ref())?;
    builder.set_not_after(Asn1Time::from_unix((now + valid).timestamp())?.as_ref())?;
    builder.append_extension(BasicConstraints::new().critical().build()?)?;
    builder.append_extension(usage().build()?)?;
    builder.append_extension(ExtendedKeyUsage::new().email_protection().build()?)?;
    let san = names.build(&builder.x509v3_context(None, None))?;
    builder.append_extension(san)?;
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("certificate", &self.certificate)
            .field("key", &"***")
            .field("issuers", &self.issuers)
            .finish()
    }
}
