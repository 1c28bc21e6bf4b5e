//! What the sender of a message hears: `processed` and `dispatched` once the documents are durable, `failed` when what was
//! accepted could not be filed. Never in answer to a report, to a machine or to somebody whom nobody here trusts.

use super::{enqueue, judge};
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::agent;
use crate::direct::incoming::{Answer, Message};
use crate::direct::mdn::{self, Disposition};
use crate::direct::message::{Composed, MessageId as MailId};
use crate::domain::ids::MessageId;
use crate::domain::mail_mode::MailMode;
use crate::doors::mail::{Outcome, Submitter};
use crate::faults::{self, Point};
use crate::jobs::{Claim, JobError};
use crate::referrals::delivery;
use crate::store::jobs::Job;
use crate::store::messages::{InboundMessage, MessageKind};
use crate::store::notifications::{self, Notification};
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// The job that answers a message; its subject is the message and the disposition, as `msg_…:processed`.
pub const NOTIFY: &str = "notify_sender";

/// More notifications than this a partner's domain hears in an hour only in a loop that nothing else caught.
const HOURLY_MAX: i64 = 2000;

/// Why a notification is sent.
#[derive(Clone, Copy)]
pub(super) enum Cause<'a> {
    /// The message was filed.
    Filed,
    /// It came again: its sender did not hear the first one.
    Again,
    /// It could not be filed, by this code.
    GaveUp(&'a str),
}

/// Asks for the notifications that are ours to send.
pub(super) async fn owe(
    tx: &mut Tx,
    stored: &InboundMessage,
    message: &Message,
    cause: Cause<'_>,
    now: DateTime<Utc>,
) -> store::Result<()> {
    for disposition in agent::of(stored.mode).owes(message.answer) {
        ask_for(tx, &stored.id, *disposition, cause, now).await?;
    }
    Ok(())
}

async fn ask_for(
    tx: &mut Tx,
    id: &MessageId,
    disposition: Disposition,
    cause: Cause<'_>,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let subject = format!("{id}:{}", disposition.as_str());
    let payload = match cause {
        Cause::Filed => serde_json::json!({}),
        Cause::Again => serde_json::json!({ "again": true }),
        Cause::GaveUp(code) => serde_json::json!({ "code": code }),
    };
    enqueue(tx, NOTIFY, &subject, payload, now).await
}

/// The job that opens a message gave up. Its sender was told 250 and must hear that it did not arrive; the message stays
/// on the desk, among the work that failed.
pub async fn give_up(app: &App, tx: &mut Tx, job: &Job, code: &str) -> store::Result<()> {
    let Ok(id) = job.subject.parse::<MessageId>() else {
        return Ok(());
    };
    let stored = store::messages::find(tx, &id).await?;
    if stored.is_some_and(|stored| stored.kind == MessageKind::Received) {
        ask_for(tx, &id, Disposition::Failed, Cause::GaveUp(code), app.clock.now()).await?;
    }
    Ok(())
}

/// Answers a message. Runs as a job, once for each disposition.
pub async fn notify(app: App, claim: Claim) -> Result<(), JobError> {
    let bad = || JobError::fail("bad_subject");
    let (id, disposition) = claim.job.subject.split_once(':').ok_or_else(bad)?;
    let id: MessageId = id.parse().map_err(|_| bad())?;
    let disposition = Disposition::ALL
        .into_iter()
        .find(|known| known.as_str() == disposition)
        .ok_or_else(bad)?;
    let (stored, opened, _) = judge(&app, &id).await?;
    if disposition == Disposition::Failed && stored.kind != MessageKind::Received {
        // Somebody had it tried again, and it was filed.
        return Ok(());
    }
    let message = match opened {
        Ok(message) => message,
        // Nobody whom we don't believe hears that his message failed, or of anything else.
        Err(_) if disposition == Disposition::Failed => return Ok(()),
        Err(refused) => return Err(JobError::fail(refused.refusal.code())),
    };
    if message.answer == Answer::Nothing {
        return Ok(());
    }
    let cause = if claim.job.payload["again"].as_bool().unwrap_or_default() {
        Cause::Again
    } else if disposition == Disposition::Failed {
        Cause::GaveUp(claim.job.payload["code"].as_str().unwrap_or_default())
    } else {
        Cause::Filed
    };
    let mut failed = None;
    for recipient in &message.recipients {
        let notification = Notification {
            message: id.clone(),
            recipient: recipient.as_str().to_lowercase(),
            disposition: disposition.as_str().to_owned(),
            peer: message.sender.domain().to_lowercase(),
            sent_at: app.clock.now(),
        };
        // One that can't be sent is no reason to be silent for the others.
        if let Err(error) = send(&app, &message, recipient, &notification, disposition, cause).await {
            failed.get_or_insert(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Once for each recipient, and nothing more after a final word.
async fn send(
    app: &App,
    message: &Message,
    recipient: &Address,
    notification: &Notification,
    disposition: Disposition,
    cause: Cause<'_>,
) -> Result<(), JobError> {
    let now = app.clock.now();
    let Some(mail) = &app.mail else {
        return Err(JobError::fail("mail_off"));
    };
    let mut tx = app.db.read().await?;
    let sent = notifications::sent(&mut tx, notification).await?;
    if is_over(disposition, cause, &sent) {
        return Ok(());
    }
    if notifications::count_since(&mut tx, &notification.peer, now - TimeDelta::hours(1)).await? >= HOURLY_MAX {
        return Err(JobError::retry_after("too_many_notifications", TimeDelta::minutes(10)));
    }
    drop(tx);
    let signer = message.signer.as_ref();
    let closing = delivery::closing_in_answer(app, recipient, &message.sender, signer, now).await?;
    let composed = composed(message, recipient, disposition, cause, &notification.message, now);
    let sealed = closing.close(&composed, now)?;
    // A server that we sign in at takes mail only from the account's own address; ours says that no machine may answer it.
    let from = (app.config.mail.mode == MailMode::Edge).then_some(recipient);
    faults::reach(Point::NotificationSealed);
    submit(mail, from, message, &sealed).await?;
    faults::reach(Point::NotificationSent);
    let mut tx = app.db.begin().await?;
    notifications::insert(&mut tx, notification).await?;
    tx.commit().await?;
    Ok(())
}

/// Said already and heard, or contradicted by a final word that was: whoever heard `failed` has gone another way.
fn is_over(disposition: Disposition, cause: Cause<'_>, sent: &[String]) -> bool {
    let was_sent = |known: Disposition| sent.iter().any(|sent| sent == known.as_str());
    let was_heard = was_sent(disposition) && !matches!(cause, Cause::Again);
    was_heard
        || was_sent(Disposition::Failed)
        || (disposition == Disposition::Failed && was_sent(Disposition::Dispatched))
}

fn composed(
    message: &Message,
    recipient: &Address,
    disposition: Disposition,
    cause: Cause<'_>,
    id: &MessageId,
    now: DateTime<Utc>,
) -> Composed {
    let reason = match cause {
        Cause::GaveUp(code) => format!("it was verified, but could not be filed ({code})"),
        Cause::Filed | Cause::Again => String::new(),
    };
    let unique = format!("{id}.{}.{}", disposition.as_str(), recipient.local());
    mdn::compose(&mdn::Notification {
        disposition,
        reason: &reason,
        recipient,
        to: &message.sender,
        original_message_id: &message.message_id,
        message_id: &MailId::new(&unique, recipient.domain()),
        date: now,
    })
}

async fn submit(mail: &Submitter, from: Option<&Address>, message: &Message, sealed: &[u8]) -> Result<(), JobError> {
    match mail.submit(from, &message.sender, sealed).await {
        // A notification that may have gone out is not sent twice: the partner's timer is the lesser harm.
        Outcome::Accepted | Outcome::Uncertain => Ok(()),
        Outcome::TemporaryRefusal(reason) => Err(JobError::retry(reason.code())),
        Outcome::PermanentRefusal(reason) => Err(JobError::fail(reason.code())),
    }
}
