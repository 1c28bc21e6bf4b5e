//! A Direct message on its way in: spooled durably before the sender hears 250, then believed only after every check, and
//! answered. What is not believed stands before a person; it never becomes a referral by itself.

mod attachments;
mod notify;
mod refused;
mod repeat;
mod spool;

pub use notify::{NOTIFY, give_up, notify};
pub(super) use refused::{Untaken, set_aside_in_mailbox};
pub use repeat::{ANSWER_AGAIN, answer_again};
pub use spool::{SpoolError, spool, spool_from_mailbox};

use self::notify::Cause;
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::agent;
use crate::direct::identity::Identity;
use crate::direct::incoming::{Content, Envelope, Judge, Message, Policy, Refused};
use crate::domain::ids::{MessageId, TransmissionId};
use crate::domain::mail_mode::MailMode;
use crate::domain::site::SiteKey;
use crate::domain::transmission::QuarantineReason;
use crate::faults::{self, Point};
use crate::jobs::{self, Claim, JobError, Lane};
use crate::referrals::answer::{self, Bearing};
use crate::referrals::delivery;
use crate::referrals::trust::{Known, lacking};
use crate::store::identities::StoredIdentity;
use crate::store::messages::{InboundMessage, MessageKind, StoredEnvelope};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// The job that opens a spooled message; its subject is the message.
pub const OPEN: &str = "open_message";

/// The door's name for what came by Direct.
pub const DOOR: &str = "direct";

/// Opens a spooled message. Runs as a job.
pub async fn open(app: App, claim: Claim) -> Result<(), JobError> {
    let id: MessageId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    let (stored, opened, raw) = judge(&app, &id).await?;
    if stored.kind != MessageKind::Received {
        return Ok(());
    }
    match opened {
        Ok(message) => {
            refused::set_aside(&app, &stored, &raw, &message).await?;
            match &message.content {
                Content::Document { text, attachments } => match repeat::look_up(&app, &message).await? {
                    Some(known) if known.has_same_content => {
                        repeat::settle(&app, &stored, &message, &known.first).await
                    }
                    Some(_) => repeat::hold(&app, &stored, &raw).await,
                    None => {
                        let mut tx = app.db.read().await?;
                        let bearing = answer::bearing(&app, &mut tx, &message).await?;
                        drop(tx);
                        let text = text.as_deref();
                        let taken = attachments::take_in(&app, &message, text, attachments, bearing.as_ref()).await?;
                        faults::reach(Point::MessageFiled);
                        if taken.is_in_conflict {
                            return repeat::hold(&app, &stored, &raw).await;
                        }
                        let transmissions = &taken.transmissions;
                        settle_document(&app, &stored, &message, transmissions, bearing.as_ref()).await?;
                        faults::reach(Point::MessageSettled);
                        Ok(())
                    }
                },
                Content::Report(report) => {
                    let mut tx = app.db.begin().await?;
                    let delivery = delivery::report(&app, &mut tx, &id, &message, report).await?;
                    store::messages::settle(&mut tx, &id, MessageKind::Mdn, None, delivery.as_ref()).await?;
                    tx.commit().await?;
                    Ok(())
                }
            }
        }
        Err(refused) => set_aside(&app, &stored, &raw, refused).await,
    }
}

/// Reads a message from the spool and takes it through every check.
async fn judge(app: &App, id: &MessageId) -> Result<(InboundMessage, Result<Message, Refused>, Vec<u8>), JobError> {
    let mut tx = app.db.read().await?;
    let stored = store::messages::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_message"))?;
    let object = store::objects::find(&mut tx, &stored.object)
        .await?
        .ok_or_else(|| JobError::fail("no_object"))?;
    let grounds = grounds(app, &mut tx).await?;
    drop(tx);
    let raw = app.vault.get(&object).await?;
    let envelope = envelope(&stored.envelope)?;
    let (mut opened, grounds, mut raw) = judge_by(stored.mode, grounds, envelope.clone(), raw, app.clock.now()).await?;
    if lacking::fetch(app, &grounds.trust).await? {
        let mut tx = app.db.read().await?;
        let grounds = self::grounds(app, &mut tx).await?;
        drop(tx);
        (opened, _, raw) = judge_by(stored.mode, grounds, envelope, raw, app.clock.now()).await?;
    }
    Ok((stored, opened, raw))
}

/// Off the threads that serve: decrypting takes a while.
async fn judge_by(
    mode: MailMode,
    grounds: Grounds,
    envelope: Envelope,
    raw: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(Result<Message, Refused>, Grounds, Vec<u8>), JobError> {
    let task = move || (agent::of(mode).open(&raw, &envelope, &grounds.judge(now)), grounds, raw);
    let judged = tokio::task::spawn_blocking(task).await;
    judged.map_err(|error| JobError::crash("message").because(error))
}

/// What messages are judged by, as it stands now.
pub struct Grounds {
    /// Our certificates with their keys.
    pub identities: Vec<Identity>,
    /// Whom our addresses trust.
    pub trust: Known,
    policy: Policy,
}

impl Grounds {
    pub fn judge(&self, now: DateTime<Utc>) -> Judge<'_> {
        Judge {
            identities: &self.identities,
            trust: &self.trust,
            policy: self.policy,
            now,
        }
    }
}

pub async fn grounds(app: &App, tx: &mut Tx) -> Result<Grounds, JobError> {
    let identity = |row: &StoredIdentity| {
        Identity::new(&row.certificate, &row.private_key).map_err(|error| JobError::fail("bad_identity").because(error))
    };
    let identities = store::identities::list(tx)
        .await?
        .iter()
        .map(identity)
        .collect::<Result<_, _>>()?;
    let config = &app.config.direct;
    Ok(Grounds {
        identities,
        trust: Known::load(app, tx).await?,
        policy: Policy {
            accept_opaque: config.accept_opaque,
            accept_unwrapped: config.accept_unwrapped,
        },
    })
}

fn envelope(stored: &StoredEnvelope) -> Result<Envelope, JobError> {
    let address = |text: &String| text.parse::<Address>().map_err(|_| JobError::fail("bad_envelope"));
    Ok(Envelope {
        mail_from: stored.mail_from.as_ref().map(address).transpose()?,
        rcpt_to: stored.rcpt_to.iter().map(address).collect::<Result<_, _>>()?,
    })
}

/// The site of the first of our addresses that was given one; else it is everybody's.
async fn site_of(app: &App, to: &[String]) -> store::Result<SiteKey> {
    let mut tx = app.db.read().await?;
    for address in to {
        if let Some(site) = store::sites::of_address(&mut tx, address).await? {
            return Ok(site);
        }
    }
    Ok(SiteKey::main())
}

/// Only now, with the documents durable, may the sender hear that they arrived.
async fn settle_document(
    app: &App,
    stored: &InboundMessage,
    message: &Message,
    taken: &[TransmissionId],
    bearing: Option<&Bearing>,
) -> Result<(), JobError> {
    let now = app.clock.now();
    let first = taken.first().ok_or_else(|| JobError::fail("empty_message"))?;
    let mut tx = app.db.begin().await?;
    store::messages::settle(&mut tx, &stored.id, MessageKind::Document, Some(first), None).await?;
    repeat::remember(&mut tx, &stored.id, message).await?;
    if let Some(bearing) = bearing {
        for transmission in taken {
            answer::take(app, &mut tx, bearing, transmission, now).await?;
        }
    }
    notify::owe(&mut tx, stored, message, Cause::Filed, now).await?;
    tx.commit().await?;
    Ok(())
}

/// A message that is not believed is a visible item, and its sender hears nothing: whoever it was.
async fn set_aside(app: &App, stored: &InboundMessage, raw: &[u8], refused: Refused) -> Result<(), JobError> {
    let (step, reason) = (refused.step.as_str(), refused.refusal.code());
    let item = refused::Item {
        object: stored.object.clone(),
        fax_id: refused::fax_id(&stored.id),
        to: &stored.envelope.rcpt_to,
        reason: QuarantineReason::Untrusted,
        problem: reason,
        problem_step: Some(step),
    };
    let transmission = refused::row(app, stored, raw, item).await?;
    let mut tx = app.db.begin().await?;
    store::transmissions::insert(&mut tx, &transmission).await?;
    store::messages::settle(&mut tx, &stored.id, MessageKind::Refused, Some(&transmission.id), None).await?;
    tx.commit().await?;
    tracing::warn!(message.id = %stored.id, reason, "message `{}` was refused at the step `{step}`", stored.id);
    Ok(())
}

async fn enqueue(
    tx: &mut Tx,
    name: &'static str,
    subject: &str,
    payload: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let job = jobs::NewJob {
        name,
        lane: Lane::Quick,
        subject,
        payload,
        due_at: now,
        priority: 0,
    };
    jobs::enqueue(tx, job, now).await
}
