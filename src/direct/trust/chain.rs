//! A path from a certificate to an anchor: found and checked by OpenSSL, then judged by rules of ours, since OpenSSL lets
//! pass what Direct does not (a certificate signed with SHA-1, a short key).
//!
//! The system's store is never asked: who is trusted for web pages is no one to send patients' papers to.

use super::Distrust;
use crate::direct::certificate::Certificate;
use chrono::{DateTime, Utc};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509ExtendedKeyUsage, X509KeyUsage, X509StoreContext, X509VerifyResult};

/// A certificate, who issued it, and so on up to an anchor. At least one long: an anchor may be the certificate itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(Vec<Certificate>);

/// Real paths have two to four certificates.
const PATH_MAX: i32 = 8;
const RSA_BITS_MIN: u32 = 2048;
const EC_BITS_MIN: u32 = 256;

const SIGNATURES: [Nid; 6] = [
    Nid::SHA256WITHRSAENCRYPTION,
    Nid::SHA384WITHRSAENCRYPTION,
    Nid::SHA512WITHRSAENCRYPTION,
    Nid::ECDSA_WITH_SHA256,
    Nid::ECDSA_WITH_SHA384,
    Nid::ECDSA_WITH_SHA512,
];

impl Path {
    pub fn anchor(&self) -> &Certificate {
        &self.0[self.0.len() - 1]
    }

    /// Each certificate below the anchor, with its issuer.
    pub fn links(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.0.iter().zip(self.0.iter().skip(1))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Never: a path holds its anchor.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Finds a path from a certificate to one of the anchors that holds at `now`. `intermediates` may complete it, wherever
/// they come from; they are a reason for nothing. Each is looked at, so the caller bounds how many a stranger brings.
pub fn find<'a>(
    certificate: &Certificate,
    intermediates: impl IntoIterator<Item = &'a Certificate>,
    anchors: &[&Certificate],
    now: DateTime<Utc>,
) -> Result<Path, Distrust> {
    // Without a way to look, there is no path.
    let path = build(certificate, intermediates, anchors, now).unwrap_or(Err(Distrust::NoPath))?;
    judge(&path, now)?;
    Ok(path)
}

fn build<'a>(
    certificate: &Certificate,
    intermediates: impl IntoIterator<Item = &'a Certificate>,
    anchors: &[&Certificate],
    now: DateTime<Utc>,
) -> Result<Result<Path, Distrust>, ErrorStack> {
    let store = store_of(anchors, now)?;
    let mut untrusted = Stack::new()?;
    for intermediate in intermediates {
        untrusted.push(intermediate.x509().clone())?;
    }
    X509StoreContext::new()?.init(&store, certificate.x509(), &untrusted, |context| {
        if !context.verify_cert()? {
            return Ok(Err(distrust_of(context.error())));
        }
        let chain = context.chain().into_iter().flatten();
        let path: Vec<Certificate> = chain.map(|x509| Certificate::new(x509.to_owned())).collect();
        Ok(if path.is_empty() {
            Err(Distrust::NoPath)
        } else {
            Ok(Path(path))
        })
    })
}

/// A store of the anchors alone. Many published anchors are not self-signed: without PARTIAL_CHAIN OpenSSL would look for
/// who issued them.
fn store_of(anchors: &[&Certificate], now: DateTime<Utc>) -> Result<X509Store, ErrorStack> {
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
    parameters.set_time(now.timestamp());
    parameters.set_depth(PATH_MAX);
    let mut store = X509StoreBuilder::new()?;
    for anchor in anchors {
        store.add_cert(anchor.x509().clone())?;
    }
    store.set_param(&parameters)?;
    Ok(store.build())
}

fn distrust_of(result: X509VerifyResult) -> Distrust {
    match result.as_raw() {
        openssl_sys::X509_V_ERR_CERT_HAS_EXPIRED | openssl_sys::X509_V_ERR_CERT_NOT_YET_VALID => Distrust::Expired,
        openssl_sys::X509_V_ERR_INVALID_CA
        | openssl_sys::X509_V_ERR_INVALID_NON_CA
        | openssl_sys::X509_V_ERR_PATH_LENGTH_EXCEEDED
        | openssl_sys::X509_V_ERR_KEYUSAGE_NO_CERTSIGN
        | openssl_sys::X509_V_ERR_PERMITTED_VIOLATION
        | openssl_sys::X509_V_ERR_EXCLUDED_VIOLATION => Distrust::NotAuthority,
        openssl_sys::X509_V_ERR_INVALID_PURPOSE | openssl_sys::X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION => {
            Distrust::NotForThisUse
        }
        _ => Distrust::NoPath,
    }
}

/// The rules for every certificate of a path.
fn judge(path: &Path, now: DateTime<Utc>) -> Result<(), Distrust> {
    for (depth, certificate) in path.0.iter().enumerate() {
        let x509 = certificate.x509();
        let started = certificate.not_before().is_some_and(|start| start <= now);
        if !started || certificate.not_after().is_none_or(|end| end < now) {
            return Err(Distrust::Expired);
        }
        if !has_good_key(x509) {
            return Err(Distrust::WeakKey);
        }
        // An anchor is trusted because it was configured, not for who signed it (RFC 5280 §6.1).
        let is_anchor = depth + 1 == path.0.len();
        if !is_anchor && !SIGNATURES.contains(&x509.signature_algorithm().object().nid()) {
            return Err(Distrust::WeakSignature);
        }
        if depth == 0 {
            is_for_mail(x509)?;
        } else {
            may_issue(x509)?;
        }
    }
    Ok(())
}

fn has_good_key(x509: &X509) -> bool {
    x509.public_key().is_ok_and(|key| match key.id() {
        Id::RSA => key.bits() >= RSA_BITS_MIN,
        Id::EC => key.bits() >= EC_BITS_MIN,
        _ => false,
    })
}

/// Most certificates of Direct name no extended use, which allows any; one that names some must name mail (RFC 8550
/// §4.4.4).
fn is_for_mail(x509: &X509) -> Result<(), Distrust> {
    let mail = X509ExtendedKeyUsage::SMIME | X509ExtendedKeyUsage::ANYEKU;
    if x509.extended_key_usage().is_none_or(|usage| usage.intersects(mail)) {
        Ok(())
    } else {
        Err(Distrust::NotForThisUse)
    }
}

/// That it is an authority at all (basicConstraints) OpenSSL has seen to.
fn may_issue(x509: &X509) -> Result<(), Distrust> {
    if x509
        .key_usage()
        .is_none_or(|usage| usage.contains(X509KeyUsage::KEY_CERT_SIGN))
    {
        Ok(())
    } else {
        Err(Distrust::NotAuthority)
    }
}
