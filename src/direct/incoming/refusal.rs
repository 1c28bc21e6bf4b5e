//! The steps that a message is taken through, and why it can be refused at each.

use crate::direct::certificate::CertificateProblem;
use crate::direct::cms::{DecryptError, SignatureError};
use crate::direct::mime::MimeError;
use crate::direct::trust::Distrust;

/// The steps, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It is a message, and encrypted.
    #[default]
    Outer,
    /// It is encrypted to us.
    Decrypt,
    /// It is signed, and the signature fits the bytes.
    Verify,
    /// Inside is a whole message.
    Inner,
    /// The signer's certificate speaks for the one sender, and may be used now.
    Signer,
    /// At least one recipient trusts it.
    Trust,
    /// The content can be read.
    Content,
    /// The envelope names the same people as the signed headers.
    Envelope,
}

impl Step {
    pub const ALL: [Self; 8] = [
        Self::Outer,
        Self::Decrypt,
        Self::Verify,
        Self::Inner,
        Self::Signer,
        Self::Trust,
        Self::Content,
        Self::Envelope,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outer => "outer",
            Self::Decrypt => "decrypt",
            Self::Verify => "verify",
            Self::Inner => "inner",
            Self::Signer => "signer",
            Self::Trust => "trust",
            Self::Content => "content",
            Self::Envelope => "envelope",
        }
    }
}

/// Why a message was refused: one a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the message is larger than the limit")]
    TooLarge,
    #[error("the message is not well formed: {0}")]
    Malformed(MimeError),
    #[error("the message is not encrypted")]
    NotEncrypted,
    #[error("the message is addressed to no certificate of ours")]
    UnknownRecipient,
    #[error("the message could not be decrypted: {0}")]
    Decrypt(DecryptError),
    #[error("the message is not signed")]
    NotSigned,
    #[error("the message is signed or encrypted more than once")]
    Nested,
    #[error("the message is signed in the opaque form, which `direct.accept_opaque` refuses")]
    Opaque,
    #[error("the signature was refused: {0}")]
    Signature(SignatureError),
    #[error("the signed part is not a whole message with headers of its own")]
    NotWrapped,
    #[error("the message does not name one sender")]
    NoSender,
    #[error("the signer's certificate does not speak for the sender")]
    SignerNotBound,
    #[error("the signer's certificate was refused: {0}")]
    SignerCertificate(CertificateProblem),
    #[error("the signer is not trusted: {0}")]
    Untrusted(Distrust),
    #[error("the envelope and the message name different senders or recipients")]
    EnvelopeMismatch,
    #[error("the message is still sealed: our HISP has not opened it")]
    Sealed,
    #[error("the message has no Message-ID")]
    NoMessageId,
}

/// A refusal, and the step at which the message was refused: several codes can come at more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub step: Step,
    pub refusal: Refusal,
}

impl Refusal {
    /// A code for logs, metrics and the quarantine.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Malformed(_) => "malformed",
            Self::NotEncrypted => "not_encrypted",
            Self::UnknownRecipient => "unknown_recipient",
            Self::Decrypt(DecryptError::Malformed) => "decrypt_malformed",
            Self::Decrypt(DecryptError::WeakCipher) => "weak_cipher",
            Self::Decrypt(DecryptError::WeakKeyTransport) => "weak_key_transport",
            Self::Decrypt(DecryptError::NotForUs) => "not_for_us",
            Self::Decrypt(DecryptError::Damaged) => "decrypt_damaged",
            Self::Decrypt(DecryptError::Garbage) => "decrypt_garbage",
            Self::NotSigned => "not_signed",
            Self::Nested => "nested",
            Self::Opaque => "opaque",
            Self::Signature(SignatureError::WeakDigest) => "weak_digest",
            Self::Signature(SignatureError::WeakAlgorithm) => "weak_signature",
            Self::Signature(SignatureError::NoCertificate) => "signer_missing",
            Self::Signature(SignatureError::TwoContents) => "two_contents",
            Self::Signature(SignatureError::Malformed) => "signature_malformed",
            Self::Signature(SignatureError::DoesNotVerify) => "signature_invalid",
            Self::NotWrapped => "not_wrapped",
            Self::NoSender => "no_sender",
            Self::SignerNotBound | Self::SignerCertificate(CertificateProblem::Unbound) => "signer_not_bound",
            Self::SignerCertificate(CertificateProblem::Expired) => "signer_expired",
            Self::SignerCertificate(CertificateProblem::NotYetValid) => "signer_not_yet_valid",
            Self::SignerCertificate(CertificateProblem::WeakKey) => "signer_weak_key",
            Self::SignerCertificate(CertificateProblem::WeakSignature) => "signer_weak_signature",
            Self::SignerCertificate(CertificateProblem::KeyUsage) => "signer_key_usage",
            Self::SignerCertificate(CertificateProblem::Malformed) => "signer_malformed",
            Self::Untrusted(distrust) => distrust.code(),
            Self::EnvelopeMismatch => "envelope_mismatch",
            Self::Sealed => "sealed",
            Self::NoMessageId => "no_message_id",
        }
    }
}

impl From<MimeError> for Refusal {
    fn from(error: MimeError) -> Self {
        Self::Malformed(error)
    }
}
