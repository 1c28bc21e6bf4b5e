//! A Direct message on its way in: spooled durably before the sender hears 250, then believed only after every check, and
//! answered. What is not believed stands before a person; it never becomes a referral by itself.

mod attachments;

use crate::app::App;
use crate::crypto::mac::sha256;
use crate::direct::address::Address;
use crate::direct::identity::Identity;
use crate::direct::incoming::{self, Answer, Content, Envelope, Judge, Message, Policy, Refusal};
use crate::direct::mdn::{self, Disposition, Notification};
use crate::direct::message::MessageId as MailId;
use crate::disk::DiskError;
use crate::domain::ids::{MessageId, TransmissionId};
use crate::domain::object::ObjectKind;
use crate::domain::site::SiteKey;
use crate::domain::transmission::{QuarantineReason, Stage, TransmissionDetails};
use crate::doors::mail::Outcome;
use crate::jobs::{self, Claim, JobError, Lane};
use crate::referrals::answer::{self, Bearing};
use crate::referrals::delivery;
use crate::referrals::trust::{Known, lacking};
use crate::store::identities::StoredIdentity;
use crate::store::messages::{InboundMessage, MessageKind, StoredEnvelope};
use crate::store::transmissions::Transmission;
use crate::store::{self, Tx};
use crate::vault::VaultError;
use chrono::{DateTime, Utc};

/// The job that opens a spooled message; its subject is the message.
pub const OPEN: &str = "open_message";
/// The job that answers one; its subject is the message and the disposition, as `msg_…:processed`.
pub const NOTIFY: &str = "notify_sender";

/// The door's name for what came by Direct.
pub const DOOR: &str = "direct";

#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Makes a message durable. Only after this has returned may the sender hear that we have it.
pub async fn spool(app: &App, envelope: &Envelope, raw: &[u8]) -> Result<MessageId, SpoolError> {
    app.disks.check()?;
    let now = app.clock.now();
    let object = app.vault.put(ObjectKind::Message, raw, now).await?;
    let envelope = StoredEnvelope {
        mail_from: envelope.mail_from.as_ref().map(ToString::to_string),
        rcpt_to: envelope.rcpt_to.iter().map(ToString::to_string).collect(),
    };
    let mut tx = app.db.begin().await?;
    store::objects::insert(&mut tx, &object).await?;
    let (id, is_new) = store::messages::spool(&mut tx, &hex::encode(sha256(raw)), &envelope, &object.id, now).await?;
    if !is_new {
        // Dropped: the object's row is not needed twice.
        return Ok(id);
    }
    enqueue(&mut tx, OPEN, id.as_str(), now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Opens a spooled message. Runs as a job.
pub async fn open(app: App, claim: Claim) -> Result<(), JobError> {
    let id: MessageId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    let (stored, opened, raw) = judge(&app, &id).await?;
    if stored.kind != MessageKind::Received {
        return Ok(());
    }
    match opened {
        Ok(message) => {
            tell_of_refused(&id, &message);
            match &message.content {
                Content::Document { text, attachments } => {
                    let mut tx = app.db.read().await?;
                    let bearing = answer::bearing(&mut tx, &message).await?;
                    drop(tx);
                    let taken =
                        attachments::take_in(&app, &message, text.as_deref(), attachments, bearing.as_ref()).await?;
                    settle_document(&app, &id, &message, &taken, bearing.as_ref()).await
                }
                Content::Report(report) => {
                    let mut tx = app.db.begin().await?;
                    let delivery = delivery::report(&app, &mut tx, &message, report).await?;
                    store::messages::settle(&mut tx, &id, MessageKind::Mdn, None, delivery.as_ref()).await?;
                    tx.commit().await?;
                    Ok(())
                }
            }
        }
        Err(refusal) => set_aside(&app, &stored, &raw, refusal).await,
    }
}

/// Some of our addresses may trust a sender whom others do not: those miss a message, and the log says why.
fn tell_of_refused(id: &MessageId, message: &Message) {
    for (recipient, refusal) in &message.refused {
        let reason = refusal.code();
        tracing::warn!(message.id = %id, reason, "message `{id}` was refused for `{recipient}`");
    }
}

/// Reads a message from the spool and takes it through every check.
async fn judge(app: &App, id: &MessageId) -> Result<(InboundMessage, Result<Message, Refusal>, Vec<u8>), JobError> {
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
    let (mut opened, grounds, mut raw) = judge_by(grounds, envelope.clone(), raw, app.clock.now()).await?;
    if lacking::fetch(app, &grounds.trust).await? {
        let mut tx = app.db.read().await?;
        let grounds = self::grounds(app, &mut tx).await?;
        drop(tx);
        (opened, _, raw) = judge_by(grounds, envelope, raw, app.clock.now()).await?;
    }
    Ok((stored, opened, raw))
}

/// Off the threads that serve: decrypting takes a while.
async fn judge_by(
    grounds: Grounds,
    envelope: Envelope,
    raw: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(Result<Message, Refusal>, Grounds, Vec<u8>), JobError> {
    let task = move || (incoming::open(&raw, &envelope, &grounds.judge(now)), grounds, raw);
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
    id: &MessageId,
    message: &Message,
    taken: &[TransmissionId],
    bearing: Option<&Bearing>,
) -> Result<(), JobError> {
    let now = app.clock.now();
    let first = taken.first().ok_or_else(|| JobError::fail("empty_message"))?;
    let mut tx = app.db.begin().await?;
    store::messages::settle(&mut tx, id, MessageKind::Document, Some(first), None).await?;
    if let Some(bearing) = bearing {
        for transmission in taken {
            answer::take(app, &mut tx, bearing, transmission, now).await?;
        }
    }
    let dispositions: &[Disposition] = match message.answer {
        Answer::Nothing => &[],
        Answer::Processed => &[Disposition::Processed],
        Answer::ProcessedAndDispatched => &[Disposition::Processed, Disposition::Dispatched],
    };
    for disposition in dispositions {
        enqueue(&mut tx, NOTIFY, &format!("{id}:{}", disposition.as_str()), now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A message that is not believed is a visible item, and its sender hears nothing: whoever it was.
async fn set_aside(app: &App, stored: &InboundMessage, raw: &[u8], refusal: Refusal) -> Result<(), JobError> {
    let now = app.clock.now();
    let digest = hex::encode(sha256(raw));
    let transmission = Transmission {
        id: TransmissionId::new(now),
        door: DOOR.to_owned(),
        site: site_of(app, &stored.envelope.rcpt_to).await?,
        fax_id: format!("sha256:{digest}"),
        sha256: digest,
        bytes: raw.len() as u64,
        object: stored.object.clone(),
        media_type: Some("message/rfc822".to_owned()),
        details: TransmissionDetails {
            problem: Some(refusal.code().to_owned()),
            ..TransmissionDetails::default()
        },
        pages: None,
        pages_read: 0,
        pages_unreadable: 0,
        stage: Stage::Quarantined,
        reason: Some(QuarantineReason::Untrusted),
        conflicts: 0,
        received_at: stored.arrived_at,
        arrived_at: now,
    };
    let mut tx = app.db.begin().await?;
    store::transmissions::insert(&mut tx, &transmission).await?;
    store::messages::settle(&mut tx, &stored.id, MessageKind::Refused, Some(&transmission.id), None).await?;
    tx.commit().await?;
    tracing::warn!(message.id = %stored.id, reason = refusal.code(), "message `{}` was refused", stored.id);
    Ok(())
}

/// Answers a message. Runs as a job, once for each disposition.
pub async fn notify(app: App, claim: Claim) -> Result<(), JobError> {
    let bad = || JobError::fail("bad_subject");
    let (id, disposition) = claim.job.subject.split_once(':').ok_or_else(bad)?;
    let id: MessageId = id.parse().map_err(|_| bad())?;
    let disposition = [Disposition::Processed, Disposition::Dispatched, Disposition::Failed]
        .into_iter()
        .find(|known| known.as_str() == disposition)
        .ok_or_else(bad)?;
    let (_, opened, _) = judge(&app, &id).await?;
    let message = opened.map_err(|refusal| JobError::fail(refusal.code()))?;
    for recipient in &message.recipients {
        send_notification(&app, &message, recipient, disposition, &id).await?;
    }
    Ok(())
}

async fn send_notification(
    app: &App,
    message: &Message,
    recipient: &Address,
    disposition: Disposition,
    id: &MessageId,
) -> Result<(), JobError> {
    let now = app.clock.now();
    let Some(mail) = &app.mail else {
        return Err(JobError::fail("mail_off"));
    };
    let mut tx = app.db.read().await?;
    let identity = delivery::identity_for(&mut tx, recipient, now)
        .await?
        .ok_or_else(|| JobError::fail("no_identity"))?;
    drop(tx);
    let certificate = delivery::certificate_to(app, recipient, &message.sender).await?;
    let unique = format!("{id}.{}.{}", disposition.as_str(), recipient.local());
    let composed = mdn::compose(&Notification {
        disposition,
        recipient,
        to: &message.sender,
        original_message_id: &message.message_id,
        message_id: &MailId::new(&unique, recipient.domain()),
        date: now,
    });
    let sealed = composed
        .seal(&identity, &certificate, now)
        .map_err(|error| JobError::fail(error.code()).because(error))?;
    match mail.submit(None, &message.sender, &sealed).await {
        // A notification that may have gone out is not sent twice: the partner's timer is the lesser harm.
        Outcome::Accepted | Outcome::Uncertain => Ok(()),
        Outcome::TemporaryRefusal(reason) => Err(JobError::retry(reason.code())),
        Outcome::PermanentRefusal(reason) => Err(JobError::fail(reason.code())),
    }
}

async fn enqueue(tx: &mut Tx, name: &'static str, subject: &str, now: DateTime<Utc>) -> store::Result<()> {
    let job = jobs::NewJob {
        name,
        lane: Lane::Quick,
        subject,
        payload: serde_json::json!({}),
        due_at: now,
        priority: 0,
    };
    jobs::enqueue(tx, job, now).await
}
