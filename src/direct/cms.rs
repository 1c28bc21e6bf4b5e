//! Signing, encrypting, decrypting and verifying with OpenSSL's CMS.
//!
//! Decrypting proves nothing: a wrong key gives garbage instead of an error once in a few hundred times. Only
//! [`verify_detached`] and [`verify_opaque`] say who wrote something, and they say it with the certificates that
//! verified.

use super::certificate::Certificate;
use super::identity::Identity;
use super::{algorithms, der, split};
use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::error::ErrorStack;
use openssl::stack::{Stack, StackRef};
use openssl::x509::{X509, X509Ref};

#[derive(Debug, thiserror::Error)]
#[error("OpenSSL could not build the structure")]
pub struct CmsError(#[from] ErrorStack);

/// Why encrypted bytes could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    #[error("not an enveloped structure")]
    Malformed,
    #[error("encrypted with an algorithm no longer accepted")]
    WeakCipher,
    #[error("its key was handed over by an algorithm that is not accepted")]
    WeakKeyTransport,
    #[error("not encrypted to any of our certificates")]
    NotForUs,
    #[error("encrypted to us, but damaged")]
    Damaged,
    #[error("what came out is no message: another key was used, or it was damaged")]
    Garbage,
}

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("not a signed structure")]
    Malformed,
    #[error("the signature uses a digest no longer accepted")]
    WeakDigest,
    #[error("the signature uses an algorithm that is not accepted")]
    WeakAlgorithm,
    #[error("the signer's certificate is not in the message")]
    NoCertificate,
    #[error("the signature carries a content of its own beside the one it should cover")]
    TwoContents,
    #[error("the signature does not fit the content")]
    DoesNotVerify,
}

/// Signs content with SHA-256, leaving it outside the structure. The certificate travels inside.
pub fn sign_detached(content: &[u8], signer: &Identity) -> Result<Vec<u8>, CmsError> {
    let flags = CMSOptions::DETACHED | CMSOptions::BINARY | CMSOptions::NOSMIMECAP;
    let certificate: &X509Ref = signer.certificate().x509();
    let mut issuers = Stack::new()?;
    for issuer in signer.issuers() {
        issuers.push(issuer.x509().clone())?;
    }
    let signed = CmsContentInfo::sign(
        Some(certificate),
        Some(signer.key()),
        Some(&issuers),
        Some(content),
        flags,
    )?;
    Ok(signed.to_der()?)
}

/// Opens an enveloped structure (DER or BER) with the identities that it names, until something `readable` comes out: that
/// a key fits is no proof.
pub fn decrypt(
    enveloped: &[u8],
    identities: &[&Identity],
    readable: impl Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, DecryptError> {
    let enveloped = CmsContentInfo::from_der(enveloped).map_err(|_| DecryptError::Malformed)?;
    let der = enveloped.to_der().map_err(|_| DecryptError::Malformed)?;
    let named = der::enveloped(&der).ok_or(DecryptError::Malformed)?;
    if !algorithms::is_good_cipher(named.cipher) {
        return Err(DecryptError::WeakCipher);
    }
    if !named.recipients.iter().any(algorithms::is_good_recipient) {
        return Err(DecryptError::WeakKeyTransport);
    }
    let mut problem = DecryptError::NotForUs;
    for identity in identities {
        // With the certificate named, OpenSSL looks for that recipient alone; without it, it would try any, and so help
        // an attacker who sends broken paddings.
        match enveloped.decrypt(identity.key(), identity.certificate().x509()) {
            Ok(content) if readable(&content) => return Ok(content),
            Ok(_) => problem = DecryptError::Garbage,
            Err(errors) if is_for_another(&errors) => {}
            Err(_) => problem = DecryptError::Damaged,
        }
    }
    Err(problem)
}

/// Whether a structure is encrypted, whatever its label says.
pub fn is_enveloped(structure: &[u8]) -> bool {
    let der = CmsContentInfo::from_der(structure).and_then(|cms| cms.to_der());
    der.is_ok_and(|der| der::enveloped(&der).is_some())
}

/// OpenSSL says so by a reason of its own or, of late, by none at all.
fn is_for_another(errors: &ErrorStack) -> bool {
    let errors = errors.errors();
    errors.is_empty()
        || errors
            .iter()
            .any(|error| error.reason() == Some("no matching recipient"))
}

/// The certificates of a signature that fits.
#[derive(Debug)]
pub struct Signers {
    /// Exactly those that verified; whether they may speak for the sender is another question.
    pub verified: Vec<Certificate>,
    /// What else travelled in the structure. Nothing vouches for it.
    pub others: Vec<Certificate>,
}

/// Verifies a signature over content that lies outside it.
pub fn verify_detached(signature: &[u8], content: &[u8]) -> Result<Signers, SignatureError> {
    let mut cms = parse_signed(signature, Carries::Nothing)?;
    if verify(&mut cms, Some(content), None).is_ok() {
        return signers(&cms);
    }
    // A relay may have turned CRLF into LF: the form that was signed is CRLF.
    if split::has_bare_line_feed(content) {
        let mut cms = parse_signed(signature, Carries::Nothing)?;
        if verify(&mut cms, Some(&split::canonical_line_ends(content)), None).is_ok() {
            return signers(&cms);
        }
    }
    Err(SignatureError::DoesNotVerify)
}

/// Verifies a structure that carries its content, and gives that content back.
pub fn verify_opaque(signed: &[u8]) -> Result<(Vec<u8>, Signers), SignatureError> {
    let mut cms = parse_signed(signed, Carries::Content)?;
    let mut content = Vec::new();
    verify(&mut cms, None, Some(&mut content)).map_err(|_| SignatureError::DoesNotVerify)?;
    Ok((content, signers(&cms)?))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Carries {
    Content,
    Nothing,
}

fn parse_signed(bytes: &[u8], carries: Carries) -> Result<CmsContentInfo, SignatureError> {
    let cms = CmsContentInfo::from_der(bytes).map_err(|_| SignatureError::Malformed)?;
    let der = cms.to_der().map_err(|_| SignatureError::Malformed)?;
    let signed = der::signed(&der).ok_or(SignatureError::Malformed)?;
    if signed.signers.is_empty() {
        return Err(SignatureError::Malformed);
    }
    if signed.carries_content != (carries == Carries::Content) {
        return Err(if signed.carries_content {
            SignatureError::TwoContents
        } else {
            SignatureError::Malformed
        });
    }
    for signer in &signed.signers {
        if !algorithms::is_good_digest(signer.digest) {
            return Err(SignatureError::WeakDigest);
        }
        if !algorithms::is_good_signature(&signer.signature) {
            return Err(SignatureError::WeakAlgorithm);
        }
    }
    if all_certificates(&cms).is_empty() {
        return Err(SignatureError::NoCertificate);
    }
    // OpenSSL 3.0 fails at a digest that it does not know, and never frees what it had set up until then.
    if !signed.digests.iter().all(|digest| algorithms::is_known_digest(digest)) {
        return Err(SignatureError::DoesNotVerify);
    }
    Ok(cms)
}

/// Checks the mathematics of every signature; the certificates are judged by the caller, by its own rules and clock.
fn verify(cms: &mut CmsContentInfo, content: Option<&[u8]>, output: Option<&mut Vec<u8>>) -> Result<(), ErrorStack> {
    // BINARY, since the text mode also trims blanks at line ends.
    cms.verify(
        None,
        None,
        content,
        output,
        CMSOptions::NO_SIGNER_CERT_VERIFY | CMSOptions::BINARY,
    )
}

#[expect(unsafe_code, reason = "the openssl crate binds neither")]
unsafe extern "C" {
    /// The certificates that a preceding successful `CMS_verify` used, in a stack that the caller frees and
    /// certificates that it does not.
    fn CMS_get0_signers(cms: *mut openssl_sys::CMS_ContentInfo) -> *mut openssl_sys::stack_st_X509;
    /// All certificates of a SignedData, in a stack that the caller frees together with them; null for none.
    fn CMS_get1_certs(cms: *mut openssl_sys::CMS_ContentInfo) -> *mut openssl_sys::stack_st_X509;
}

/// Asked for after a successful verification: `CMS_verify` fails when one of the signers does not verify.
fn signers(cms: &CmsContentInfo) -> Result<Signers, SignatureError> {
    let verified = verified(cms);
    if verified.is_empty() {
        return Err(SignatureError::DoesNotVerify);
    }
    let mut others = all_certificates(cms);
    others.retain(|other| !verified.contains(other));
    Ok(Signers { verified, others })
}

#[expect(unsafe_code, reason = "calls CMS_get0_signers and walks the stack that it returns")]
fn verified(cms: &CmsContentInfo) -> Vec<Certificate> {
    // SAFETY: the pointer comes from a live `CmsContentInfo`, which outlives this function's use of the stack. The
    // stack is null or valid; each certificate in it stays owned by the structure, so `to_owned` takes a reference
    // of its own before the container alone is freed, once.
    let certificates: Vec<X509> = unsafe {
        let stack = CMS_get0_signers(cms.as_ptr());
        if stack.is_null() {
            return Vec::new();
        }
        let certificates = StackRef::<X509>::from_ptr(stack)
            .iter()
            .map(ToOwned::to_owned)
            .collect();
        openssl_sys::OPENSSL_sk_free(stack.cast());
        certificates
    };
    certificates.into_iter().map(Certificate::new).collect()
}

#[expect(
    unsafe_code,
    reason = "calls CMS_get1_certs and takes over the stack that it returns"
)]
fn all_certificates(cms: &CmsContentInfo) -> Vec<Certificate> {
    // SAFETY: the pointer comes from a live `CmsContentInfo`. The stack is null or valid, and with its certificates
    // ours to free: `Stack` does both, once.
    let certificates = unsafe {
        let stack = CMS_get1_certs(cms.as_ptr());
        if stack.is_null() {
            return Vec::new();
        }
        Stack::<X509>::from_ptr(stack)
    };
    certificates.into_iter().map(Certificate::new).collect()
}
