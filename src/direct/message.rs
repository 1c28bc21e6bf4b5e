//! Making a Direct message: compose the inner message, wrap it, sign it, envelop it.
//!
//! Nothing leaves this module for a Direct address but [`Composed::seal`]'s output. Outside stand From, To, Date and
//! Message-ID, no Subject: it might name a patient.

use super::address::Address;
use super::certificate::{Certificate, CertificateProblem, Use};
use super::cms::{self, CmsError};
use super::context::{self, Context};
use super::envelope::{self, Sealing};
use super::identity::Identity;
use super::mime::Entity;
use super::split;
use chrono::{DateTime, Utc};
use std::fmt::{self, Write as _};

/// The name by which a message is known to both sides, angle brackets included. Made from an id of ours, so that it is
/// unique, and stays the same however often the message is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageId(String);

impl MessageId {
    /// `unique` is an id as `dlv_01J…`; `domain` is our Direct domain.
    pub fn new(unique: &str, domain: &str) -> Self {
        let part = |text: &str| -> String {
            text.chars()
                .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
                .collect()
        };
        Self(format!("<{}@{}>", part(unique), part(domain)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A file that travels with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// As shown to the receiver; never PHI, since some receivers log it.
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Whether bytes are TNEF, the `winmail.dat` in which Outlook hides the files of a message. Told by its signature (MS-OXTNEF
/// 2.1.3.1), since it comes under many names.
pub fn is_tnef(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x78, 0x9F, 0x3E, 0x22])
}

/// Whether raw bytes are a message that nobody on the way can read: enveloped, with no Subject outside.
pub fn is_sealed(raw: &[u8]) -> bool {
    let Ok(outer) = Entity::parse(raw) else { return false };
    let kind = outer.content_type();
    let says_so = kind.is_ok_and(|kind| kind.is("application/pkcs7-mime"));
    says_so && outer.headers.first("Subject").is_none() && outer.decoded().is_ok_and(|body| cms::is_enveloped(&body))
}

/// What we ask the receiver to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// Nothing: for a message that is itself a report.
    Nothing,
    /// That it reached its final destination (Delivery Notification IG).
    Delivery,
}

/// A message to be sent, before it is wrapped.
#[derive(Clone)]
pub struct Letter<'a> {
    pub from: &'a Address,
    pub to: &'a Address,
    pub subject: &'a str,
    pub text: &'a str,
    pub attachments: &'a [Attachment],
    pub message_id: &'a MessageId,
    pub date: DateTime<Utc>,
    pub report: Report,
    /// The Message-ID that it answers, angle brackets included; empty for a message of its own.
    pub in_reply_to: &'a str,
}

/// A finished inner message, ready to be sealed for its one recipient.
#[derive(Clone)]
pub struct Composed {
    pub from: Address,
    pub to: Address,
    pub message_id: MessageId,
    pub date: DateTime<Utc>,
    inner: Vec<u8>,
}

/// Why a message was not sealed. Each is for a person to resolve; none goes away by trying again.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("our certificate does not speak for the sender's address")]
    SenderNotBound,
    #[error("our certificate can not sign")]
    SenderCertificate(#[source] CertificateProblem),
    #[error("the certificate does not belong to the recipient's address")]
    RecipientNotBound,
    #[error("the recipient's certificate can not be used")]
    RecipientCertificate(#[source] CertificateProblem),
    #[error(transparent)]
    Cms(#[from] CmsError),
}

impl SealError {
    /// A code for logs and the delivery's row.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SenderNotBound => "sender_not_bound",
            Self::SenderCertificate(_) => "sender_certificate",
            Self::RecipientNotBound => "recipient_not_bound",
            Self::RecipientCertificate(_) => "recipient_certificate",
            Self::Cms(_) => "cms",
        }
    }
}

/// Composes a message of a text and its attachments.
pub fn compose(letter: &Letter<'_>) -> Composed {
    compose_in_context(letter, None)
}

/// As [`compose`], with a part that says to machines what the message is about.
pub fn compose_in_context(letter: &Letter<'_>, context: Option<&Context>) -> Composed {
    let boundary = boundary("mixed", letter.message_id);
    let context_id = letter.message_id.as_str().replacen('<', "<context.", 1);
    let mut extra = String::new();
    if letter.report == Report::Delivery {
        let _ = write!(
            extra,
            "Disposition-Notification-To: {}\r\n\
             Disposition-Notification-Options: X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true\r\n",
            letter.from
        );
    }
    let replied: String = letter.in_reply_to.chars().filter(char::is_ascii_graphic).collect();
    if !replied.is_empty() {
        let _ = write!(extra, "In-Reply-To: {replied}\r\n");
    }
    if context.is_some() {
        let _ = write!(extra, "{}: {context_id}\r\n", context::HEADER);
    }
    let _ = write!(extra, "Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n");
    let mut body = format!("--{boundary}\r\n{}", text_part(letter.text));
    if let Some(context) = context {
        let _ = write!(body, "--{boundary}\r\n{}", context_part(context, &context_id));
    }
    for attachment in letter.attachments {
        let _ = write!(body, "--{boundary}\r\n{}", attachment_part(attachment));
    }
    let _ = write!(body, "--{boundary}--\r\n");
    Composed::new(
        letter.from,
        letter.to,
        letter.message_id,
        letter.date,
        letter.subject,
        &extra,
        &body,
    )
}

impl Composed {
    /// `headers` are whole lines; `body` is ASCII with CRLF.
    pub(super) fn new(
        from: &Address,
        to: &Address,
        message_id: &MessageId,
        date: DateTime<Utc>,
        subject: &str,
        headers: &str,
        body: &str,
    ) -> Self {
        let inner = format!(
            "{}Subject: {}\r\nMIME-Version: 1.0\r\n{headers}\r\n{body}",
            routing_headers(from, to, message_id, date),
            encoded_words(subject),
        );
        let (from, to, message_id) = (from.clone(), to.clone(), message_id.clone());
        Self {
            from,
            to,
            message_id,
            date,
            inner: inner.into_bytes(),
        }
    }

    /// The message that the receiver's person will see.
    pub fn inner(&self) -> &[u8] {
        &self.inner
    }

    /// Wraps, signs and encrypts, and only with certificates that belong to both addresses and are good now.
    pub fn seal(&self, signer: &Identity, recipient: &Certificate, now: DateTime<Utc>) -> Result<Vec<u8>, SealError> {
        self.seal_as(Sealing::default(), signer, recipient, now)
    }

    /// As [`Composed::seal`], encrypted as the recipient's system wants it.
    pub fn seal_as(
        &self,
        sealing: Sealing,
        signer: &Identity,
        recipient: &Certificate,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, SealError> {
        if !signer.certificate().binds(&self.from) {
            return Err(SealError::SenderNotBound);
        }
        signer
            .certificate()
            .check(Use::Signing, now)
            .map_err(SealError::SenderCertificate)?;
        if !recipient.binds(&self.to) {
            return Err(SealError::RecipientNotBound);
        }
        recipient
            .check(Use::Encrypting, now)
            .map_err(SealError::RecipientCertificate)?;
        let signed = self.sign(signer)?;
        let enveloped = envelope::encrypt(&signed, recipient, sealing)?;
        Ok(format!(
            "{}MIME-Version: 1.0\r\n\
             Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\r\n name=smime.p7m\r\n\
             Content-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=smime.p7m\r\n\r\n{}",
            routing_headers(&self.from, &self.to, &self.message_id, self.date),
            split::base64_lines(&enveloped),
        )
        .into_bytes())
    }

    /// The multipart/signed entity around the wrapped message: what the envelope encrypts.
    fn sign(&self, signer: &Identity) -> Result<Vec<u8>, CmsError> {
        let mut wrapped = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\n".to_vec();
        wrapped.extend_from_slice(&self.inner);
        let signature = cms::sign_detached(&wrapped, signer)?;
        let boundary = boundary("signed", &self.message_id);
        let mut signed = format!(
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n \
             micalg=sha-256; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n"
        )
        .into_bytes();
        signed.extend_from_slice(&wrapped);
        let signature = format!(
            "\r\n--{boundary}\r\n\
             Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\
             Content-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=smime.p7s\r\n\r\n{}--{boundary}--\r\n",
            split::base64_lines(&signature),
        );
        signed.extend_from_slice(signature.as_bytes());
        Ok(signed)
    }
}

/// What they hold is PHI, and a log must never show it by accident.
impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Letter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("to", self.to)
            .field("message_id", self.message_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Composed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composed")
            .field("to", &self.to)
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

fn routing_headers(from: &Address, to: &Address, message_id: &MessageId, date: DateTime<Utc>) -> String {
    format!(
        "From: {from}\r\nTo: {to}\r\nDate: {}\r\nMessage-ID: {}\r\n",
        date.to_rfc2822(),
        message_id.as_str()
    )
}

/// A boundary that can't occur in the parts: `=_` is in no base64, and our texts don't begin a line with it. Derived
/// from the Message-ID, so that composing again gives the same bytes.
pub(super) fn boundary(kind: &str, message_id: &MessageId) -> String {
    let digest = openssl::sha::sha256(format!("{kind} {}", message_id.as_str()).as_bytes());
    format!("=_{kind}_{}", hex::encode(&digest[..12]))
}

/// A text/plain part with its headers: as it is when plain ASCII in short lines, else base64.
pub(super) fn text_part(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    let plain = text.is_ascii() && text.lines().all(|line| line.len() <= 200 && !line.starts_with("--=_"));
    if plain {
        format!("Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{text}\r\n")
    } else {
        format!(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            split::base64_lines(text.as_bytes())
        )
    }
}

fn attachment_part(attachment: &Attachment) -> String {
    let safe = |text: &str, allowed: &str| -> String {
        text.chars()
            .filter(|c| c.is_ascii_alphanumeric() || allowed.contains(*c))
            .collect()
    };
    let (name, media_type) = (safe(&attachment.name, " ._-"), safe(&attachment.media_type, "/.+-"));
    format!(
        "Content-Type: {media_type}; name=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}",
        split::base64_lines(&attachment.bytes)
    )
}

/// In base64, so that no relay changes a byte of it.
fn context_part(context: &Context, id: &str) -> String {
    format!(
        "Content-Type: text/plain; charset=utf-8; name=\"metadata.txt\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-ID: {id}\r\n\
         Content-Disposition: attachment; filename=\"metadata.txt\"\r\n\r\n{}",
        split::base64_lines(context.write().as_bytes())
    )
}

/// A header text in RFC 2047 encoded words when it isn't plain ASCII; never with a line break of its own.
fn encoded_words(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_ascii() && text.len() <= 200 {
        return text;
    }
    let mut words: Vec<String> = Vec::new();
    let mut chunk = String::new();
    for character in text.chars() {
        // 45 bytes become 60 characters; with its frame a word must stay within 75.
        if chunk.len() + character.len_utf8() > 45 {
            words.push(encoded_word(&chunk));
            chunk.clear();
        }
        chunk.push(character);
    }
    words.push(encoded_word(&chunk));
    words.join("\r\n ")
}

fn encoded_word(chunk: &str) -> String {
    format!("=?utf-8?B?{}?=", split::base64_lines(chunk.as_bytes()).trim_end())
}
