//! Who seals and opens our messages: we ourselves, as a security and trust agent, or our HISP, at whose edge we stand.

use super::certificate::Certificate;
use super::envelope::Sealing;
use super::identity::Identity;
use super::incoming::{self, Answer, Envelope, Judge, Message, Refused};
use super::mdn::Disposition;
use super::message::{Composed, SealError};
use crate::domain::mail_mode::MailMode;
use chrono::{DateTime, Utc};

/// One way of exchanging messages with partners.
pub trait Agent: Send + Sync {
    /// Takes a raw message through every step that is ours to take.
    fn open(&self, raw: &[u8], envelope: &Envelope, judge: &Judge<'_>) -> Result<Message, Refused>;

    /// The bytes that leave for the one recipient. `keys` are needed where [`Agent::seals`].
    fn close(&self, composed: &Composed, keys: Option<Keys<'_>>, now: DateTime<Utc>) -> Result<Vec<u8>, SealError>;

    /// Whether a certificate of the partner's, and one of ours, are needed to send.
    fn seals(&self) -> bool;

    /// Which notifications are ours to send, of those that the sender gets.
    fn owes(&self, answer: Answer) -> &'static [Disposition];
}

/// Whose key signs, to whom it is encrypted, and how.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub signer: &'a Identity,
    pub recipient: &'a Certificate,
    pub sealing: Sealing,
}

pub fn of(mode: MailMode) -> &'static dyn Agent {
    match mode {
        MailMode::Agent => &SecurityTrustAgent,
        MailMode::Edge => &Edge,
    }
}

/// We ourselves: sealed messages in and out.
pub struct SecurityTrustAgent;

impl Agent for SecurityTrustAgent {
    fn open(&self, raw: &[u8], envelope: &Envelope, judge: &Judge<'_>) -> Result<Message, Refused> {
        incoming::open_by_steps(raw, envelope, judge)
    }

    fn close(&self, composed: &Composed, keys: Option<Keys<'_>>, now: DateTime<Utc>) -> Result<Vec<u8>, SealError> {
        let keys = keys.ok_or(SealError::RecipientNotBound)?;
        composed.seal_as(keys.sealing, keys.signer, keys.recipient, now)
    }

    fn seals(&self) -> bool {
        true
    }

    fn owes(&self, answer: Answer) -> &'static [Disposition] {
        match answer {
            Answer::Nothing => &[],
            Answer::Processed => &[Disposition::Processed],
            Answer::ProcessedAndDispatched => &[Disposition::Processed, Disposition::Dispatched],
        }
    }
}

/// At the edge of a HISP, which opens, verifies and seals, and says `processed` itself; the final destination is ours to
/// confirm.
pub struct Edge;

impl Agent for Edge {
    fn open(&self, raw: &[u8], envelope: &Envelope, _: &Judge<'_>) -> Result<Message, Refused> {
        incoming::open_plain(raw, envelope)
    }

    fn close(&self, composed: &Composed, _: Option<Keys<'_>>, _: DateTime<Utc>) -> Result<Vec<u8>, SealError> {
        Ok(composed.inner().to_vec())
    }

    fn seals(&self) -> bool {
        false
    }

    fn owes(&self, answer: Answer) -> &'static [Disposition] {
        match answer {
            Answer::Nothing | Answer::Processed => &[],
            Answer::ProcessedAndDispatched => &[Disposition::Dispatched],
        }
    }
}
