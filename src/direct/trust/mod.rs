//! Whether a recipient of ours trusts who signed. "The signature fits" is not "the signer is trusted": this is the second
//! question, and each recipient answers it for itself.

pub mod anchors;
pub mod bundle;
pub mod chain;
pub mod parsed;
pub mod revocation;

use super::address::Address;
use super::certificate::Certificate;

/// Judges the signer of a message. The signature has verified, and the certificate speaks for the sender and may be used
/// now; what is left is whether the recipient has a reason to believe it.
pub trait Trust {
    /// `others` are the certificates that travel in the message besides the signer's: they may complete a path, and are
    /// a reason for nothing.
    fn of_signer(
        &self,
        recipient: &Address,
        sender: &Address,
        signer: &Certificate,
        others: &[Certificate],
    ) -> Result<TrustedBy, Distrust>;

    /// As [`Trust::of_signer`], for one who reports on a message of ours: whom we may write to may also say what became of it,
    /// even where nothing else of its community is believed.
    fn of_reporter(
        &self,
        recipient: &Address,
        sender: &Address,
        signer: &Certificate,
        others: &[Certificate],
    ) -> Result<TrustedBy, Distrust> {
        self.of_signer(recipient, sender, signer, others)
    }
}

/// What a trusted signer is trusted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustedBy {
    /// The directory holds this very certificate.
    Pinned,
    /// It leads to an anchor of the recipient's: the anchor's fingerprint.
    Anchor(String),
}

/// Why a recipient does not trust a signer. About the signer's certificate or one on its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    #[error("the directory does not know the sender's certificate")]
    UnknownSender,
    #[error("the certificate leads to no anchor that our address trusts")]
    NoPath,
    #[error("a certificate on the way to the anchor is out of its time")]
    Expired,
    #[error("the certificate, or one on the way to the anchor, was revoked")]
    Revoked,
    #[error("whether the certificate was revoked could not be found out")]
    RevocationUnknown,
    #[error("a certificate on the way to the anchor was issued with a signature algorithm no longer accepted")]
    WeakSignature,
    #[error("a certificate on the way to the anchor has a key that is too short or of a kind not accepted")]
    WeakKey,
    #[error("a certificate on the way to the anchor is not meant for mail")]
    NotForThisUse,
    #[error("a certificate on the way to the anchor may not issue others")]
    NotAuthority,
}

impl Distrust {
    /// A code for logs, metrics and the quarantine.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownSender => "unknown_sender",
            Self::NoPath => "no_trust_path",
            Self::Expired => "path_expired",
            Self::Revoked => "revoked",
            Self::RevocationUnknown => "revocation_unknown",
            Self::WeakSignature => "path_weak_signature",
            Self::WeakKey => "path_weak_key",
            Self::NotForThisUse => "path_not_for_mail",
            Self::NotAuthority => "path_not_authority",
        }
    }
}

/// Trusts exactly the certificates that the directory holds, whoever the recipient is.
#[derive(Clone, Debug, Default)]
pub struct Pinned {
    fingerprints: Vec<String>,
}

impl Pinned {
    /// Takes [`Certificate::fingerprint`]s.
    pub fn new(fingerprints: impl IntoIterator<Item = String>) -> Self {
        Self {
            fingerprints: fingerprints.into_iter().collect(),
        }
    }

    fn holds(&self, certificate: &Certificate) -> bool {
        self.fingerprints.contains(&certificate.fingerprint())
    }
}

impl Trust for Pinned {
    fn of_signer(
        &self,
        _recipient: &Address,
        _sender: &Address,
        signer: &Certificate,
        _others: &[Certificate],
    ) -> Result<TrustedBy, Distrust> {
        if self.holds(signer) {
            Ok(TrustedBy::Pinned)
        } else {
            Err(Distrust::UnknownSender)
        }
    }
}
