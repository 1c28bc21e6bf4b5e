//! Which of the certificates found for an address may be encrypted to. Those that may not are passed over, each with its
//! reason: the directory of a partner often holds old ones beside the right one.

use crate::direct::address::Address;
use crate::direct::certificate::{Certificate, CertificateProblem, Use};
use crate::direct::trust::{Distrust, TrustedBy};
use chrono::{DateTime, Utc};

/// What one step of the search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub chosen: Option<Chosen>,
    /// The others: those that may not be used in the order in which they were found, then older ones that might.
    pub passed_over: Vec<PassedOver>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub certificate: Certificate,
    pub trusted_by: TrustedBy,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Nothing for what could not be read.
    pub certificate: Option<Certificate>,
    pub reason: Reason,
}

/// Why a certificate is not encrypted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("it is bound to another address or domain, or to none")]
    NotBound,
    #[error(transparent)]
    Unusable(CertificateProblem),
    #[error(transparent)]
    Untrusted(Distrust),
    #[error("another one was issued later")]
    Older,
}

impl Reason {
    /// Whether it may go better later.
    pub fn is_passing(self) -> bool {
        self == Self::Untrusted(Distrust::RevocationUnknown)
    }
}

/// Looks at every candidate (DER or PEM) and takes the one that may be used and was issued last. `trust` says whether a
/// certificate leads to an anchor for outgoing mail and was not revoked.
pub fn choose<'a>(
    candidates: impl IntoIterator<Item = &'a [u8]>,
    recipient: &Address,
    now: DateTime<Utc>,
    trust: impl Fn(&Certificate) -> Result<TrustedBy, Distrust>,
) -> Choice {
    let mut usable: Vec<Chosen> = Vec::new();
    let mut passed_over = Vec::new();
    for candidate in candidates {
        match Certificate::parse(candidate) {
            Err(problem) => passed_over.push(PassedOver {
                certificate: None,
                reason: Reason::Unusable(problem),
            }),
            Ok(certificate) => match judge(&certificate, recipient, now, &trust) {
                Ok(trusted_by) => usable.push(Chosen {
                    certificate,
                    trusted_by,
                }),
                Err(reason) => passed_over.push(PassedOver {
                    certificate: Some(certificate),
                    reason,
                }),
            },
        }
    }
    usable.sort_by_key(|each| each.certificate.not_before());
    let chosen = usable.pop();
    passed_over.extend(usable.into_iter().map(|older| PassedOver {
        certificate: Some(older.certificate),
        reason: Reason::Older,
    }));
    Choice { chosen, passed_over }
}

fn judge(
    certificate: &Certificate,
    recipient: &Address,
    now: DateTime<Utc>,
    trust: impl Fn(&Certificate) -> Result<TrustedBy, Distrust>,
) -> Result<TrustedBy, Reason> {
    if !certificate.binds(recipient) {
        return Err(Reason::NotBound);
    }
    certificate.check(Use::Encrypting, now).map_err(Reason::Unusable)?;
    trust(certificate).map_err(Reason::Untrusted)
}
