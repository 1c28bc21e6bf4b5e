//! Whether to believe an incoming message, step by step; only what has passed them all becomes a referral.
//!
//! Decrypt, verify over the raw bytes, bind the signer to the inner From, know the sender's certificate, hold the
//! envelope against the inner headers. Each step has its own refusal, so that a person sees which one it was. Outer
//! headers are never believed.

mod belief;
mod delivered;
mod fields;
mod layers;
mod parts;
mod plain;
mod refusal;
mod trail;

use super::address::Address;
use super::certificate::Certificate;
use super::context::Context;
use super::identity::Identity;
use super::mdn::Report;
use super::message::Attachment;
use super::mime::Entity;
use super::trust::Trust;
use chrono::{DateTime, Utc};
use std::fmt;
use trail::Trail;

pub use plain::open_plain;
pub use refusal::{Refusal, Refused, Step};
pub use trail::Finding;

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
    pub policy: Policy,
    pub now: DateTime<Utc>,
}

/// Which forms are taken besides the one that everybody must send: wrapped, with the signature beside the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A signature that carries its content: an option of Outlook's.
    pub accept_opaque: bool,
    /// A signed part that is no whole message: the form of before 2021. Nobody has signed its To, Subject and Date.
    pub accept_unwrapped: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            accept_opaque: true,
            accept_unwrapped: false,
        }
    }
}

/// A message that has passed every step.
#[derive(Clone)]
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
    /// The certificate that signed; `None` where our HISP has verified it.
    pub signer: Option<Certificate>,
    /// SHA-256 of the inner message without what servers on the way wrote into it, lower-case hex: with sender and Message-ID it
    /// tells a repeat from a new message.
    pub inner_sha256: String,
    pub answer: Answer,
    pub content: Content,
    /// What it says of itself to machines, where it does.
    pub context: Option<Context>,
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

#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// A text and files, in the order of the message.
    Document {
        text: Option<String>,
        attachments: Vec<Attachment>,
    },
    /// What became of a message of ours.
    Report(Report),
}

/// Subject, text and files are PHI, and a log must never show them by accident.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("sender", &self.sender)
            .field("recipients", &self.recipients)
            .field("refused", &self.refused)
            .field("message_id", &self.message_id)
            .field("signer", &self.signer)
            .field("answer", &self.answer)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document { attachments, .. } => f.debug_tuple("Document").field(attachments).finish(),
            Self::Report(report) => f.debug_tuple("Report").field(report).finish(),
        }
    }
}

impl Message {
    /// Whether the sender may report on a message that we sent to `recipient`: the same domain, and if the report names
    /// a recipient, that one. Our HISP may report on all that it took from us, as when nobody could be found to seal it for.
    pub fn may_report_on(&self, recipient: &Address) -> bool {
        let speaks_of_it = match &self.content {
            Content::Report(report) => report.about(recipient).is_some(),
            Content::Document { .. } => false,
        };
        let speaks_for_it = self.signer.is_none() || self.sender.same_domain(recipient);
        speaks_of_it && speaks_for_it
    }
}

/// As large as a message may be: CMS works in memory, three times over.
pub const MESSAGE_BYTES_MAX: usize = 35 * 1024 * 1024;

/// Takes a raw message through every step.
pub fn open(raw: &[u8], envelope: &Envelope, judge: &Judge<'_>) -> Result<Message, Refusal> {
    walk(raw, envelope, judge, &mut Trail::default())
}

/// As [`open`], with the step at which it was refused.
pub fn open_by_steps(raw: &[u8], envelope: &Envelope, judge: &Judge<'_>) -> Result<Message, Refused> {
    let mut trail = Trail::default();
    let outcome = walk(raw, envelope, judge, &mut trail);
    outcome.map_err(|refusal| Refused {
        step: trail.reached,
        refusal,
    })
}

/// As [`open`], with what was found at each step.
#[derive(Debug)]
pub struct Explanation {
    pub findings: Vec<Finding>,
    /// The last step: where it was refused, if it was.
    pub reached: Step,
    pub outcome: Result<Message, Refusal>,
}

pub fn explain(raw: &[u8], envelope: &Envelope, judge: &Judge<'_>) -> Explanation {
    let mut trail = Trail {
        findings: Some(Vec::new()),
        ..Trail::default()
    };
    let outcome = walk(raw, envelope, judge, &mut trail);
    Explanation {
        findings: trail.findings.unwrap_or_default(),
        reached: trail.reached,
        outcome,
    }
}

fn walk(raw: &[u8], envelope: &Envelope, judge: &Judge<'_>, trail: &mut Trail) -> Result<Message, Refusal> {
    if raw.len() > MESSAGE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let outer = Entity::parse(raw)?;
    let decrypted = layers::decrypt(&outer, envelope, judge, trail)?;
    let (signed, signers) = layers::verify(&decrypted, judge, trail)?;
    let inner = layers::inner(&signed, judge.policy, trail)?;
    let message = Entity::parse(&inner)?;
    let headers = layers::headers(&message, &outer, judge.policy);
    let sender = belief::sender(headers, trail)?;
    let kind = if Report::is_one(&message)? {
        belief::Kind::Report
    } else {
        belief::Kind::Document
    };
    let believed = belief::believe(&signers, &sender, envelope, judge, kind, trail)?;
    trail.at(Step::Content);
    if layers::is_nested(&message)? {
        return Err(Refusal::Nested);
    }
    let (content, context) = parts::read_content(&message)?;
    let message_id = headers
        .once("Message-ID")?
        .filter(|id| !id.is_empty())
        .ok_or(Refusal::NoMessageId)?;
    trail.note("Message-ID", || message_id.to_owned());
    belief::check_envelope(envelope, headers, &sender, &content, trail)?;
    let (subject, date) = fields::subject_and_date(headers);
    Ok(Message {
        recipients: believed.recipients,
        refused: believed.refused,
        message_id: message_id.to_owned(),
        subject,
        date,
        signer: Some(believed.signer.clone()),
        inner_sha256: hex::encode(openssl::sha::sha256(&inner)),
        references: fields::references(headers),
        answer: fields::answer(headers, envelope, &content),
        sender,
        content,
        context,
    })
}
