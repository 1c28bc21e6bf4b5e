//! Encrypting with OpenSSL's CMS, as the recipient's system can take it.

use super::certificate::Certificate;
use super::cms::CmsError;
use crate::domain::encryption::{Cipher as ContentCipher, KeyTransport};
use foreign_types::ForeignType;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::error::ErrorStack;
use openssl::pkey::Id;
use openssl::stack::Stack;
use openssl::symm::Cipher;
use std::ffi::{c_int, c_uint, c_void};

/// How a message is encrypted. The usual way is the one that every partner's software can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealing {
    pub key_transport: KeyTransport,
    pub cipher: ContentCipher,
}

/// Encrypts to one certificate: one structure a recipient, so that none sees the others. With a certificate of elliptic curves
/// the key is agreed (ECDH), whatever the key transport says.
pub fn encrypt(content: &[u8], recipient: &Certificate, sealing: Sealing) -> Result<Vec<u8>, CmsError> {
    let cipher = match sealing.cipher {
        ContentCipher::Aes128 => Cipher::aes_128_cbc(),
        ContentCipher::Aes256 => Cipher::aes_256_cbc(),
    };
    let is_rsa = recipient.x509().public_key()?.id() == Id::RSA;
    let enveloped = match sealing.key_transport {
        KeyTransport::RsaOaep if is_rsa => with_oaep(content, recipient, cipher)?,
        KeyTransport::RsaOaep | KeyTransport::RsaV15 => {
            let mut recipients = Stack::new()?;
            recipients.push(recipient.x509().clone())?;
            CmsContentInfo::encrypt(&recipients, content, cipher, CMSOptions::BINARY)?
        }
    };
    Ok(enveloped.to_der()?)
}

#[expect(unsafe_code, reason = "the openssl crate binds none of them")]
unsafe extern "C" {
    /// Adds a recipient; what it returns belongs to the structure.
    fn CMS_add1_recipient_cert(
        cms: *mut openssl_sys::CMS_ContentInfo,
        recipient: *mut openssl_sys::X509,
        flags: c_uint,
    ) -> *mut c_void;
    /// The key's context of a recipient that was added with `CMS_KEY_PARAM`; it belongs to the structure.
    fn CMS_RecipientInfo_get0_pkey_ctx(recipient: *mut c_void) -> *mut openssl_sys::EVP_PKEY_CTX;
    /// Encrypts the content of a structure that was begun with `PARTIAL`.
    fn CMS_final(
        cms: *mut openssl_sys::CMS_ContentInfo,
        data: *mut openssl_sys::BIO,
        content: *mut openssl_sys::BIO,
        flags: c_uint,
    ) -> c_int;
}

const CMS_KEY_PARAM: c_uint = 0x4_0000;

/// RSAES-OAEP with SHA-256, also in its mask (RFC 8017 A.2.1): the mask's digest follows the other unless told.
#[expect(unsafe_code, reason = "sets the padding of a recipient through its key's context")]
fn with_oaep(content: &[u8], recipient: &Certificate, cipher: Cipher) -> Result<CmsContentInfo, ErrorStack> {
    let nobody = Stack::new()?;
    let flags = CMSOptions::BINARY | CMSOptions::PARTIAL;
    let cms = CmsContentInfo::encrypt(&nobody, b"", cipher, flags)?;
    // SAFETY: the structure and the certificate are live; the recipient and its context stay theirs and are not freed
    // here. The buffer outlives the BIO that reads it, which is freed on every way out.
    unsafe {
        let added = CMS_add1_recipient_cert(cms.as_ptr(), recipient.x509().as_ptr(), CMS_KEY_PARAM);
        if added.is_null() {
            return Err(ErrorStack::get());
        }
        let context = CMS_RecipientInfo_get0_pkey_ctx(added);
        if context.is_null()
            || openssl_sys::EVP_PKEY_CTX_set_rsa_padding(context, openssl_sys::RSA_PKCS1_OAEP_PADDING) <= 0
            || openssl_sys::EVP_PKEY_CTX_set_rsa_oaep_md(context, openssl_sys::EVP_sha256().cast_mut()) <= 0
        {
            return Err(ErrorStack::get());
        }
        let length = c_int::try_from(content.len()).map_err(|_| ErrorStack::get())?;
        let data = openssl_sys::BIO_new_mem_buf(content.as_ptr().cast(), length);
        if data.is_null() {
            return Err(ErrorStack::get());
        }
        let done = CMS_final(cms.as_ptr(), data, std::ptr::null_mut(), flags.bits());
        openssl_sys::BIO_free_all(data);
        if done <= 0 {
            return Err(ErrorStack::get());
        }
    }
    Ok(cms)
}
