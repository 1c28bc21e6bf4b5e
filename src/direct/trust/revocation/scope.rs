//! Which certificates a revocation list is for. That a certificate isn't named tells nothing if the list is for others.

use super::crl_urls;
use crate::direct::certificate::Certificate;
use crate::direct::der::{Algorithm, next};
use openssl::x509::X509KeyUsage;

const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1D, 0x1C];
const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
const BOOLEAN: u8 = 0x01;
const OCTET_STRING: u8 = 0x04;
const EXPLICIT_0: u8 = 0xA0;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All certificates of the issuer.
    All,
    /// Those that the extension describes (RFC 5280 §5.2.5).
    Some { kind: Kind, urls: Vec<String> },
    /// A delta, some reasons only, other issuers' certificates, or what we do not understand: good for no "not revoked".
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Any,
    /// Those who issue nothing.
    Ends,
    Authorities,
}

pub struct Read<'a> {
    pub signature: Algorithm<'a>,
    pub scope: Scope,
}

impl Scope {
    pub fn covers(&self, certificate: &Certificate) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Some { kind, urls } => {
                let usage = certificate.x509().key_usage();
                let issues = usage.map(|usage| usage.contains(X509KeyUsage::KEY_CERT_SIGN));
                // Without a key usage it could be either.
                let right_kind = match kind {
                    Kind::Any => true,
                    Kind::Ends => issues == Some(false),
                    Kind::Authorities => issues == Some(true),
                };
                // An issuer may spread its certificates over several lists.
                right_kind && (urls.is_empty() || crl_urls(certificate).iter().any(|url| urls.contains(url)))
            }
        }
    }
}

/// Reads a CertificateList as OpenSSL wrote it.
pub fn read(mut der: &[u8]) -> Option<Read<'_>> {
    let mut list = value(&mut der, SEQUENCE)?;
    let mut signed = value(&mut list, SEQUENCE)?;
    let mut algorithm = value(&mut list, SEQUENCE)?;
    let signature = Algorithm {
        oid: value(&mut algorithm, OBJECT_IDENTIFIER)?,
        parameters: algorithm,
    };
    let mut scope = Scope::All;
    while !signed.is_empty() {
        let (tag, mut content) = next(&mut signed)?;
        if tag == EXPLICIT_0 {
            scope = scope_of(value(&mut content, SEQUENCE)?)?;
        }
    }
    Some(Read { signature, scope })
}

fn scope_of(mut extensions: &[u8]) -> Option<Scope> {
    let mut scope = Scope::All;
    while !extensions.is_empty() {
        let mut extension = value(&mut extensions, SEQUENCE)?;
        let name = value(&mut extension, OBJECT_IDENTIFIER)?;
        let (tag, mut content) = next(&mut extension)?;
        let critical = tag == BOOLEAN && content != [0];
        if tag == BOOLEAN {
            content = value(&mut extension, OCTET_STRING)?;
        }
        if name == ISSUING_DISTRIBUTION_POINT {
            scope = described(content)?;
        } else if critical {
            // RFC 5280 §5.2: a list with what we do not understand must not be used to say "not revoked".
            return Some(Scope::Nothing);
        }
    }
    Some(scope)
}

fn described(mut extension: &[u8]) -> Option<Scope> {
    let mut point = value(&mut extension, SEQUENCE)?;
    let (mut kind, mut urls) = (Kind::Any, Vec::new());
    while !point.is_empty() {
        let (tag, content) = next(&mut point)?;
        let set = content != [0];
        match tag {
            0xA0 => match urls_of(content) {
                Some(found) if !found.is_empty() => urls = found,
                // A name relative to the issuer's: nobody uses it.
                _ => return Some(Scope::Nothing),
            },
            0x81 if set => kind = Kind::Ends,
            0x82 if set => kind = Kind::Authorities,
            0x81 | 0x82 => {}
            // Some reasons only; indirect; attribute certificates.
            0x84 | 0x85 if !set => {}
            _ => return Some(Scope::Nothing),
        }
    }
    Some(Scope::Some { kind, urls })
}

fn urls_of(mut name: &[u8]) -> Option<Vec<String>> {
    const FULL_NAME: u8 = 0xA0;
    const URI: u8 = 0x86;
    let mut names = value(&mut name, FULL_NAME)?;
    let mut urls = Vec::new();
    while !names.is_empty() {
        let (tag, content) = next(&mut names)?;
        if tag == URI {
            urls.push(String::from_utf8(content.to_vec()).ok()?);
        }
    }
    Some(urls)
}

fn value<'a>(input: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    next(input).filter(|(found, _)| *found == tag).map(|(_, value)| value)
}
