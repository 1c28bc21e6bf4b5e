//! Whether a certificate was revoked, by lists (CRLs) that were fetched before. A list counts only when the very issuer
//! signed it, it is for certificates of this kind, and it is of today.

use super::Distrust;
use super::chain::Path;
use crate::direct::algorithms;
use crate::direct::certificate::{Certificate, is_pem, to_utc};
use chrono::{DateTime, Utc};
use openssl::nid::Nid;
use openssl::x509::{CrlStatus, GeneralNameRef, X509Crl, X509KeyUsage};
use std::sync::Arc;

mod scope;

use scope::Scope;

/// A list of revoked certificates. Cloning it is cheap.
#[derive(Clone)]
pub struct Crl {
    crl: Arc<X509Crl>,
    scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrlProblem {
    #[error("the revocation list is larger than 20 MB")]
    TooLarge,
    #[error("the revocation list can not be read")]
    Malformed,
    #[error("the revocation list is signed with an algorithm no longer accepted")]
    WeakSignature,
}

/// What the lists say of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Good,
    Revoked,
    /// No list of its issuer that covers it and is of today.
    Unknown,
}

/// What to do when it can not be found out whether a certificate was revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenUnknown {
    #[default]
    Refuse,
    Accept,
}

/// The lists at hand, and what to do without one.
#[derive(Clone, Copy)]
pub struct Revocation<'a> {
    pub crls: &'a [Crl],
    pub when_unknown: WhenUnknown,
}

const BYTES_MAX: usize = 20 * 1024 * 1024;
const URLS_MAX: usize = 8;
const URL_BYTES_MAX: usize = 2048;

impl Crl {
    /// Reads DER or PEM, told apart by content.
    pub fn parse(bytes: &[u8]) -> Result<Self, CrlProblem> {
        if bytes.len() > BYTES_MAX {
            return Err(CrlProblem::TooLarge);
        }
        let crl = if is_pem(bytes) {
            X509Crl::from_pem(bytes)
        } else {
            X509Crl::from_der(bytes)
        };
        let crl = crl.map_err(|_| CrlProblem::Malformed)?;
        let der = crl.to_der().map_err(|_| CrlProblem::Malformed)?;
        let read = scope::read(&der).ok_or(CrlProblem::Malformed)?;
        if !algorithms::is_good_signature(&read.signature) {
            return Err(CrlProblem::WeakSignature);
        }
        Ok(Self {
            crl: Arc::new(crl),
            scope: read.scope,
        })
    }

    /// Until when it may be kept instead of fetched again.
    pub fn next_update(&self) -> Option<DateTime<Utc>> {
        self.crl.next_update().and_then(to_utc)
    }

    /// When its issuer made it.
    pub fn issued_at(&self) -> Option<DateTime<Utc>> {
        to_utc(self.crl.last_update())
    }

    /// Whether this issuer signed it and may.
    pub fn is_by(&self, issuer: &Certificate) -> bool {
        let x509 = issuer.x509();
        let named = self.crl.issuer_name().try_cmp(x509.subject_name());
        let may = x509
            .key_usage()
            .is_none_or(|usage| usage.contains(X509KeyUsage::CRL_SIGN));
        let signed = || x509.public_key().and_then(|key| self.crl.verify(&key));
        may && named.is_ok_and(std::cmp::Ordering::is_eq) && signed().unwrap_or(false)
    }

    fn is_current(&self, now: DateTime<Utc>) -> bool {
        let issued = self.issued_at();
        // RFC 5280 §5.1.2.5 demands a next update; a list without one would count for ever.
        issued.is_some_and(|issued| issued <= now) && self.next_update().is_some_and(|next| now <= next)
    }

    fn names(&self, certificate: &Certificate) -> bool {
        match self.crl.get_by_cert(certificate.x509()) {
            CrlStatus::Revoked(_) => true,
            CrlStatus::NotRevoked | CrlStatus::RemoveFromCrl(_) => false,
        }
    }
}

impl Revocation<'_> {
    /// Judges every certificate of a path but the anchor, which is trusted in itself.
    pub fn check(&self, path: &Path, now: DateTime<Utc>) -> Result<(), Distrust> {
        let mut unknown = false;
        for (certificate, issuer) in path.links() {
            match self.standing(certificate, issuer, now) {
                Standing::Good => {}
                Standing::Revoked => return Err(Distrust::Revoked),
                Standing::Unknown => unknown = true,
            }
        }
        match self.when_unknown {
            WhenUnknown::Refuse if unknown => Err(Distrust::RevocationUnknown),
            WhenUnknown::Refuse | WhenUnknown::Accept => Ok(()),
        }
    }

    pub fn standing(&self, certificate: &Certificate, issuer: &Certificate, now: DateTime<Utc>) -> Standing {
        let mut standing = Standing::Unknown;
        for crl in self.crls.iter().filter(|crl| crl.is_by(issuer)) {
            // What was revoked stays so, even if the list is old or for a part only.
            if crl.names(certificate) {
                return Standing::Revoked;
            }
            if crl.is_current(now) && crl.scope.covers(certificate) {
                standing = Standing::Good;
            }
        }
        standing
    }
}

/// Where the lists are that would name this certificate: http(s) alone. Told by the certificate, hence by anybody.
pub fn crl_urls(certificate: &Certificate) -> Vec<String> {
    let Some(points) = certificate.x509().crl_distribution_points() else {
        return Vec::new();
    };
    let names = points
        .iter()
        .filter_map(|point| point.distpoint().and_then(|name| name.fullname()))
        .flatten();
    names.filter_map(fetchable).take(URLS_MAX).collect()
}

/// Where the certificate of its issuer is: http(s) alone. Told by the certificate, hence by anybody.
pub fn issuer_urls(certificate: &Certificate) -> Vec<String> {
    let Some(descriptions) = certificate.x509().authority_info() else {
        return Vec::new();
    };
    descriptions
        .iter()
        .filter(|description| description.method().nid() == Nid::AD_CA_ISSUERS)
        .filter_map(|description| fetchable(description.location()))
        .take(URLS_MAX)
        .collect()
}

fn fetchable(name: &GeneralNameRef) -> Option<String> {
    name.uri().filter(|url| is_fetchable(url)).map(str::to_owned)
}

/// Whether a URL that a stranger named may be looked at more closely at all. Whom it leads to, who fetches it checks.
pub fn is_fetchable(url: &str) -> bool {
    let scheme = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    url.len() <= URL_BYTES_MAX
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && (scheme("http://") || scheme("https://"))
}
