//! A message that comes again, since its sender did not hear that it arrived: filed once, answered again. Another message under
//! the same number is held for a person; which of the two counts, nobody here can know.

use super::notify::{Cause, owe};
use super::{judge, refused};
use crate::app::App;
use crate::direct::incoming::Message;
use crate::domain::ids::MessageId;
use crate::domain::transmission::QuarantineReason;
use crate::jobs::{Claim, JobError};
use crate::store::filed_messages::{Filed, Known};
use crate::store::messages::{InboundMessage, MessageKind};
use crate::store::{self, Tx};

/// The job that answers a message once more; its subject is the message.
pub const ANSWER_AGAIN: &str = "answer_again";

/// A message under the same number that is here, for one of the recipients at least.
pub(super) async fn look_up(app: &App, message: &Message) -> store::Result<Option<Known>> {
    let mut tx = app.db.read().await?;
    let mut same = None;
    for filed in filed(message) {
        match store::filed_messages::find(&mut tx, filed).await? {
            Some(other) if !other.has_same_content => return Ok(Some(other)),
            Some(known) => same = Some(known),
            None => {}
        }
    }
    Ok(same)
}

pub(super) async fn remember(tx: &mut Tx, id: &MessageId, message: &Message) -> store::Result<()> {
    for filed in filed(message) {
        store::filed_messages::insert(tx, filed, id).await?;
    }
    Ok(())
}

fn filed(message: &Message) -> impl Iterator<Item = Filed<'_>> {
    message.recipients.iter().map(|recipient| Filed {
        sender: message.sender.as_str(),
        message_id: &message.message_id,
        recipient: recipient.as_str(),
        inner_sha256: &message.inner_sha256,
    })
}

/// It is what the first one was, and the sender hears so. A recipient who was not among the first one's is remembered.
pub(super) async fn settle(
    app: &App,
    stored: &InboundMessage,
    message: &Message,
    first: &MessageId,
) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let first = store::messages::find(&mut tx, first).await?;
    let transmission = first.and_then(|first| first.transmission);
    store::messages::settle(&mut tx, &stored.id, MessageKind::Document, transmission.as_ref(), None).await?;
    remember(&mut tx, &stored.id, message).await?;
    owe(&mut tx, stored, message, Cause::Again, now).await?;
    tx.commit().await?;
    tracing::info!(message.id = %stored.id, "message `{}` came again", stored.id);
    Ok(())
}

/// The sender hears nothing: neither that it arrived, which nobody has decided, nor that it failed.
pub(super) async fn hold(app: &App, stored: &InboundMessage, raw: &[u8]) -> Result<(), JobError> {
    let item = refused::Item {
        object: stored.object.clone(),
        fax_id: refused::fax_id(&stored.id),
        to: &stored.envelope.rcpt_to,
        reason: QuarantineReason::OtherContent,
        problem: "other_content",
        problem_step: None,
    };
    let transmission = refused::row(app, stored, raw, item).await?;
    let mut tx = app.db.begin().await?;
    store::transmissions::insert(&mut tx, &transmission).await?;
    store::messages::settle(&mut tx, &stored.id, MessageKind::Refused, Some(&transmission.id), None).await?;
    tx.commit().await?;
    tracing::warn!(message.id = %stored.id, "message `{}` came under the number of an earlier one", stored.id);
    Ok(())
}

/// Answers a message once more, if it was filed and is still believed. Runs as a job.
pub async fn answer_again(app: App, claim: Claim) -> Result<(), JobError> {
    let id: MessageId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    let (stored, opened, _) = judge(&app, &id).await?;
    let (MessageKind::Document, Ok(message)) = (stored.kind, opened) else {
        return Ok(());
    };
    let mut tx = app.db.begin().await?;
    owe(&mut tx, &stored, &message, Cause::Again, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
