//! Whether to believe an incoming message, step by step; only what has passed them all becomes a referral.
//!
//! Decrypt, verify over the raw bytes, bind the signer to the inner From, know the sender's certificate, hold the
//! envelope against the inner headers. Each step has its own refusal, so that a person sees which one it was. Outer
//! headers are never believed.

use super::address::Address;
use super::certificate::{Certificate, CertificateProblem, Use};
use super::cms::{self, DecryptError, SignatureError, Signers};
use super::identity::Identity;
use super::mdn::Report;
use super::message::Attachment;
use super::mime::{ContentType, Entity, Headers, MimeError};
use super::split;
use super::trust::{Distrust, Trust};
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// The SMTP envelope of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// `None` is the null sender of a report.
    pub mail_from: Option<Address>,
    pub rcpt_to: Vec<Address>,
}

/// What a message is judged by.
pub struct Judge<'a> {
    /// Our certificates with their keys.
    pub identities: &'a [Identity],
    /// Whom each of our recipients trusts.
    pub trust: &'a dyn Trust,
    pub now: DateTime<Utc>,
}

/// A message that has passed every step.
#[derive(Clone, Debug)]
pub struct Message {
    /// The inner From, which the signer's certificate speaks for.
    pub sender: Address,
    /// Our addresses that it came to and that trust the sender; never none.
    pub recipients: Vec<Address>,
    /// Our addresses that it came to and that do not, each with its reason. For them it did not arrive.
    pub refused: Vec<(Address, Refusal)>,
    /// Verbatim, from the inner message.
    pub message_id: String,
    pub subject: String,
    /// The Message-IDs that it replies to, angle brackets included, the closest first.
    pub references: Vec<String>,
    pub date: Option<DateTime<Utc>>,
    /// Fingerprint of the certificate that signed.
    pub signer: String,
    /// SHA-256 of the inner message, lower-case hex: with sender and Message-ID it tells a repeat from a new message.
    pub inner_sha256: String,
    pub answer: Answer,
    pub content: Content,
}

/// Which notifications the sender gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None: it is a report, or was sent by a machine.
    Nothing,
    Processed,
    /// The sender also asks to hear of the final destination.
    ProcessedAndDispatched,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text and files, in the order of the message.
    Document {
        text: Option<String>,
        attachments: Vec<Attachment>,
    },
    /// What became of a message of ours.
    Report(Report),
}

impl Message {
    /// Whether the sender may report on a message that we sent to `recipient`: the same domain, and if the report names
    /// a recipient, that one.
    pub fn may_report_on(&self, recipient: &Address) -> bool {
        let named = match &self.content {
            Content::Report(report) => report.recipient.as_ref(),
            Content::Document { .. } => return false,
        };
        self.sender.same_domain(recipient) && named.is_none_or(|named| named == recipient)
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
    #[error("the message has no Message-ID")]
    NoMessageId,
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
            Self::Decrypt(DecryptError::NotForUs) => "not_for_us",
            Self::NotSigned => "not_signed",
            Self::Signature(SignatureError::WeakDigest) => "weak_digest",
            Self::Signature(SignatureError::TwoContents) => "two_contents",
            Self::Signature(SignatureError::Malformed) => "signature_malformed",
            Self::Signature(SignatureError::DoesNotVerify) => "signature_invalid",
            Self::NotWrapped => "not_wrapped",
            Self::NoSender => "no_sender",
            Self::SignerNotBound => "signer_not_bound",
            Self::SignerCertificate(CertificateProblem::Expired) => "signer_expired",
            Self::SignerCertificate(CertificateProblem::NotYetValid) => "signer_not_yet_valid",
            Self::SignerCertificate(_) => "signer_certificate",
            Self::Untrusted(distrust) => distrust.code(),
            Self::EnvelopeMismatch => "envelope_mismatch",
            Self::NoMessageId => "no_message_id",
        }
    }
}

impl From<MimeError> for Refusal {
    fn from(error: MimeError) -> Self {
        Self::Malformed(error)
    }
}

/// As large as a message may be: CMS works in memory, three times over.
pub const MESSAGE_BYTES_MAX: usize = 35 * 1024 * 1024;
const DEPTH_MAX: usize = 8;
const PARTS_MAX: usize = 100;

/// No reply to us has a longer thread behind it.
const REFERENCES_MAX: usize = 50;

/// `In-Reply-To`, then `References` from its end: the last is the message that is answered.
fn references(headers: &Headers) -> Vec<String> {
    let ids = |name| -> Vec<String> {
        let values = headers.all(name).flat_map(|value| value.split('<').skip(1));
        let ids = values.filter_map(|rest| rest.split_once('>').map(|(id, _)| format!("<{}>", id.trim())));
        ids.collect()
    };
    let mut all = ids("In-Reply-To");
    all.extend(ids("References").into_iter().rev());
    all.truncate(REFERENCES_MAX);
    all
}

/// Takes a raw message through every step.
pub fn open(raw: &[u8], envelope: &Envelope, judge: &Judge<'_>) -> Result<Message, Refusal> {
    if raw.len() > MESSAGE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let decrypted = decrypt(raw, envelope, judge.identities)?;
    let (signed, signers) = verify(&decrypted)?;
    let entity = Entity::parse(&signed)?;
    if !entity.content_type()?.is("message/rfc822") {
        return Err(Refusal::NotWrapped);
    }
    let inner = entity.decoded()?;
    let message = Entity::parse(&inner)?;
    let sender = sender(&message.headers)?;
    let believed = believe(&signers, &sender, envelope, judge)?;
    let content = read_content(&message)?;
    check_envelope(envelope, &message.headers, &sender, &content)?;
    let message_id = message
        .headers
        .once("Message-ID")?
        .filter(|id| !id.is_empty())
        .ok_or(Refusal::NoMessageId)?;
    let parsed = parsed_headers(&message.headers, &["Subject", "Date"]);
    let parsed = parsed
        .as_deref()
        .and_then(|text| mail_parser::MessageParser::new().parse_headers(text));
    Ok(Message {
        recipients: believed.recipients,
        refused: believed.refused,
        message_id: message_id.to_owned(),
        subject: parsed
            .as_ref()
            .and_then(|parsed| parsed.subject())
            .unwrap_or_default()
            .to_owned(),
        date: parsed
            .as_ref()
            .and_then(|p| p.date())
            .and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        signer: believed.signer.fingerprint(),
        inner_sha256: hex::encode(openssl::sha::sha256(&inner)),
        references: references(&message.headers),
        answer: answer(&message.headers, envelope, &content),
        sender,
        content,
    })
}

/// Step 1: it is enveloped, and for us.
fn decrypt(raw: &[u8], envelope: &Envelope, identities: &[Identity]) -> Result<Vec<u8>, Refusal> {
    let outer = Entity::parse(raw)?;
    let kind = outer.content_type()?;
    let smime_type = kind
        .parameter("smime-type")
        .unwrap_or("enveloped-data")
        .to_ascii_lowercase();
    let enveloped = ["enveloped-data", "authenveloped-data"].contains(&smime_type.as_str());
    if !is_pkcs7_mime(&kind) || !enveloped {
        return Err(Refusal::NotEncrypted);
    }
    let ours: Vec<&Identity> = identities
        .iter()
        .filter(|identity| {
            envelope
                .rcpt_to
                .iter()
                .any(|recipient| identity.certificate().binds(recipient))
        })
        .collect();
    if ours.is_empty() {
        return Err(Refusal::UnknownRecipient);
    }
    cms::decrypt(&outer.decoded()?, &ours).map_err(Refusal::Decrypt)
}

fn is_pkcs7_mime(kind: &ContentType) -> bool {
    kind.is("application/pkcs7-mime") || kind.is("application/x-pkcs7-mime")
}

fn is_pkcs7_signature(name: &str) -> bool {
    ["application/pkcs7-signature", "application/x-pkcs7-signature"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Step 2: it is signed, and the signature fits the raw bytes. Gives the signed bytes and nothing else.
fn verify(decrypted: &[u8]) -> Result<(Cow<'_, [u8]>, Signers), Refusal> {
    // A wrong key can give garbage instead of an error: then this is where it ends.
    let entity = Entity::parse(decrypted)?;
    let kind = entity.content_type()?;
    if is_pkcs7_mime(&kind) {
        let (content, signers) = cms::verify_opaque(&entity.decoded()?).map_err(|error| match error {
            SignatureError::Malformed => Refusal::NotSigned,
            other => Refusal::Signature(other),
        })?;
        return Ok((Cow::Owned(content), signers));
    }
    if !kind.is("multipart/signed") || !kind.parameter("protocol").is_none_or(is_pkcs7_signature) {
        return Err(Refusal::NotSigned);
    }
    let boundary = kind.parameter("boundary").ok_or(MimeError::Structure)?;
    let found = split::parts(entity.body, boundary).ok_or(MimeError::Structure)?;
    let (true, &[content, signature]) = (found.closed, found.parts.as_slice()) else {
        return Err(Refusal::Malformed(MimeError::Structure));
    };
    let signature = Entity::parse(signature)?;
    if !is_pkcs7_signature(&signature.content_type()?.name) {
        return Err(Refusal::Signature(SignatureError::Malformed));
    }
    let signers = cms::verify_detached(&signature.decoded()?, content).map_err(Refusal::Signature)?;
    Ok((Cow::Borrowed(content), signers))
}

/// The one mailbox of the inner From.
fn sender(headers: &Headers) -> Result<Address, Refusal> {
    headers.once("From")?.ok_or(Refusal::NoSender)?;
    let mut senders = addresses(headers, "From").into_iter();
    match (senders.next(), senders.next()) {
        (Some(sender), None) => sender.parse().map_err(|_| Refusal::NoSender),
        _ => Err(Refusal::NoSender),
    }
}

/// A signer whom at least one recipient trusts.
struct Believed<'a> {
    signer: &'a Certificate,
    recipients: Vec<Address>,
    refused: Vec<(Address, Refusal)>,
}

/// Steps 3 and 4: one of the certificates that verified speaks for the sender, is good now, and is trusted. Each recipient
/// judges for itself; one that refuses does not spoil it for the others.
fn believe<'a>(
    signers: &'a Signers,
    sender: &Address,
    envelope: &Envelope,
    judge: &Judge<'_>,
) -> Result<Believed<'a>, Refusal> {
    let mut refusal = Refusal::SignerNotBound;
    let mut usable = Vec::new();
    for signer in signers.verified.iter().filter(|signer| signer.binds(sender)) {
        match signer.check(Use::Signing, judge.now) {
            Ok(()) => usable.push(signer),
            Err(problem) => refusal = Refusal::SignerCertificate(problem),
        }
    }
    let (mut trusted, mut recipients, mut refused) = (None, Vec::new(), Vec::new());
    for recipient in &envelope.rcpt_to {
        match trusted_signer(&usable, &signers.others, sender, recipient, judge) {
            Some(Ok(signer)) => {
                trusted.get_or_insert(signer);
                recipients.push(recipient.clone());
            }
            Some(Err(distrust)) => refused.push((recipient.clone(), Refusal::Untrusted(distrust))),
            None => refused.push((recipient.clone(), refusal)),
        }
    }
    match (trusted, refused.first()) {
        (Some(signer), _) => Ok(Believed {
            signer,
            recipients,
            refused,
        }),
        (None, Some((_, refusal))) => Err(*refusal),
        (None, None) => Err(Refusal::EnvelopeMismatch),
    }
}

/// The first signer whom the recipient trusts, else why not the last; `None` when there is nobody to judge.
fn trusted_signer<'a>(
    usable: &[&'a Certificate],
    others: &[Certificate],
    sender: &Address,
    recipient: &Address,
    judge: &Judge<'_>,
) -> Option<Result<&'a Certificate, Distrust>> {
    let mut answer = None;
    for signer in usable {
        match judge.trust.of_signer(recipient, sender, signer, others) {
            Ok(_) => return Some(Ok(signer)),
            Err(distrust) => answer = Some(Err(distrust)),
        }
    }
    answer
}

/// Step 5: the envelope says the same as the signed headers. A blind copy does not count as addressed. The null
/// sender is for reports alone.
fn check_envelope(envelope: &Envelope, headers: &Headers, sender: &Address, content: &Content) -> Result<(), Refusal> {
    let sender_fits = match (&envelope.mail_from, content) {
        (Some(mail_from), _) => mail_from == sender,
        (None, Content::Report(_)) => true,
        (None, Content::Document { .. }) => false,
    };
    let mut addressed = addresses(headers, "To");
    addressed.extend(addresses(headers, "Cc"));
    let recipients_fit = !envelope.rcpt_to.is_empty()
        && envelope
            .rcpt_to
            .iter()
            .all(|recipient| addressed.iter().any(|to| to.parse().as_ref() == Ok(recipient)));
    if sender_fits && recipients_fit {
        Ok(())
    } else {
        Err(Refusal::EnvelopeMismatch)
    }
}

fn answer(headers: &Headers, envelope: &Envelope, content: &Content) -> Answer {
    let by_machine = headers
        .first("Auto-Submitted")
        .is_some_and(|value| !value.trim().eq_ignore_ascii_case("no"));
    if matches!(content, Content::Report(_)) || envelope.mail_from.is_none() || by_machine {
        return Answer::Nothing;
    }
    let options = headers.first("Disposition-Notification-Options").unwrap_or_default();
    let options: String = options
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    if options.contains("x-direct-final-destination-delivery=optional,true") {
        Answer::ProcessedAndDispatched
    } else {
        Answer::Processed
    }
}

fn read_content(message: &Entity<'_>) -> Result<Content, Refusal> {
    if let Some(report) = Report::read(message)? {
        return Ok(Content::Report(report));
    }
    let mut parts = Parts {
        text: None,
        attachments: Vec::new(),
        count: 0,
    };
    parts.read(message, 0)?;
    Ok(Content::Document {
        text: parts.text,
        attachments: parts.attachments,
    })
}

/// Walks the parts of a verified message.
struct Parts {
    text: Option<String>,
    attachments: Vec<Attachment>,
    count: usize,
}

impl Parts {
    fn read(&mut self, entity: &Entity<'_>, depth: usize) -> Result<(), MimeError> {
        self.count += 1;
        if depth > DEPTH_MAX || self.count > PARTS_MAX {
            return Err(MimeError::Limit);
        }
        let kind = entity.content_type()?;
        if kind.is_multipart() {
            let boundary = kind.parameter("boundary").ok_or(MimeError::Structure)?;
            for part in split::parts(entity.body, boundary).ok_or(MimeError::Structure)?.parts {
                self.read(&Entity::parse(part)?, depth + 1)?;
            }
            return Ok(());
        }
        let decoded = entity.decoded()?;
        if kind.is("message/rfc822") {
            return self.read(&Entity::parse(&decoded)?, depth + 1);
        }
        if kind.is("text/plain") && !entity.is_attachment() && self.text.is_none() {
            self.text = Some(String::from_utf8_lossy(&decoded).into_owned());
        } else if !kind.is("text/html") || entity.is_attachment() {
            self.attachments.push(Attachment {
                name: entity.file_name().unwrap_or_default(),
                media_type: kind.name,
                bytes: decoded.into_owned(),
            });
        }
        Ok(())
    }
}

/// The addresses in a header, groups opened; comments and display names dropped.
fn addresses(headers: &Headers, name: &str) -> Vec<String> {
    let Some(text) = parsed_headers(headers, &[name]) else {
        return Vec::new();
    };
    let Some(parsed) = mail_parser::MessageParser::new().parse_headers(&text) else {
        return Vec::new();
    };
    let value = match name {
        "From" => parsed.from(),
        "To" => parsed.to(),
        _ => parsed.cc(),
    };
    let found = value.into_iter().flat_map(mail_parser::Address::iter);
    // A mailbox that could not be read still counts as one, so that it can't hide behind another.
    found
        .map(|address| address.address().unwrap_or_default().to_owned())
        .collect()
}

/// The named fields as a header section of their own, for mail-parser to read their values. It sees only these bytes.
fn parsed_headers(headers: &Headers, names: &[&str]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    for name in names {
        let value = headers.all(name).collect::<Vec<_>>().join(", ");
        if !value.is_empty() {
            text.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
    }
    text.extend_from_slice(b"\r\n");
    (text.len() > 2).then_some(text)
}
