//! What is not believed stands before a person: a whole message, or what one recipient did not get.

use super::{DOOR, site_of};
use crate::app::App;
use crate::crypto::mac::sha256;
use crate::direct::address::Address;
use crate::direct::incoming::Message;
use crate::domain::ids::{MessageId, ObjectId, TransmissionId};
use crate::domain::object::ObjectKind;
use crate::domain::transmission::{QuarantineReason, Stage, TransmissionDetails};
use crate::jobs::JobError;
use crate::store;
use crate::store::messages::InboundMessage;
use crate::store::transmissions::Transmission;

/// What is set aside.
pub(super) struct Item<'a> {
    pub object: ObjectId,
    /// The same however often it is set aside.
    pub fax_id: String,
    /// Our addresses that it came to.
    pub to: &'a [String],
    pub reason: QuarantineReason,
    /// A code.
    pub problem: &'a str,
    /// The step at which the whole message was refused.
    pub problem_step: Option<&'a str>,
}

/// Of a message that only some of our addresses trust, each that does not gets an item of its own: for it nothing arrived, and the
/// sender may believe that it did.
pub(super) async fn set_aside(
    app: &App,
    stored: &InboundMessage,
    raw: &[u8],
    message: &Message,
) -> Result<(), JobError> {
    for (recipient, refusal) in &message.refused {
        let (to, reason) = ([recipient.to_string()], refusal.code());
        // A copy: the item and what the others got are kept for their own times.
        let object = app.vault.put(ObjectKind::Message, raw, app.clock.now()).await?;
        let item = Item {
            object: object.id.clone(),
            fax_id: format!("{} {}", fax_id(&stored.id), recipient.as_str().to_lowercase()),
            to: &to,
            reason: QuarantineReason::Untrusted,
            problem: reason,
            problem_step: None,
        };
        let row = row(app, stored, raw, item).await?;
        let mut tx = app.db.begin().await?;
        store::objects::insert(&mut tx, &object).await?;
        if store::transmissions::insert(&mut tx, &row).await? == store::transmissions::Inserted::New {
            tx.commit().await?;
        }
        tracing::warn!(message.id = %stored.id, reason, "message `{}` was refused for one of its recipients", stored.id);
    }
    Ok(())
}

/// The same however often the message is opened. Not of its bytes: they may come under several envelopes, and each of these is
/// refused for itself.
pub(super) fn fax_id(id: &MessageId) -> String {
    format!("message:{id}")
}

pub(super) async fn row(
    app: &App,
    stored: &InboundMessage,
    raw: &[u8],
    item: Item<'_>,
) -> Result<Transmission, JobError> {
    let now = app.clock.now();
    Ok(Transmission {
        id: TransmissionId::new(now),
        door: DOOR.to_owned(),
        site: site_of(app, item.to).await?,
        fax_id: item.fax_id,
        sha256: hex::encode(sha256(raw)),
        bytes: raw.len() as u64,
        object: item.object,
        media_type: Some("message/rfc822".to_owned()),
        details: TransmissionDetails {
            to: Some(item.to.join(", ")),
            problem: Some(item.problem.to_owned()),
            problem_step: item.problem_step.map(str::to_owned),
            ..TransmissionDetails::default()
        },
        pages: None,
        pages_read: 0,
        pages_unreadable: 0,
        stage: Stage::Quarantined,
        reason: Some(item.reason),
        conflicts: 0,
        received_at: stored.arrived_at,
        arrived_at: now,
    })
}

/// Why a message can't be taken out of a mailbox.
#[derive(Clone, Copy)]
pub enum Untaken {
    TooLarge {
        bytes: u32,
    },
    /// The server names it, and does not give it.
    NotGiven,
}

/// A message that lies in a mailbox and can't be taken: what stands before a person is a note of where it lies.
pub async fn set_aside_in_mailbox(app: &App, own: &Address, place: &str, why: Untaken) -> Result<(), JobError> {
    let now = app.clock.now();
    let (reason, problem, note) = match why {
        Untaken::TooLarge { bytes } => (
            QuarantineReason::TooLarge,
            "too_large",
            format!("A message of {bytes} bytes lies in the mailbox, too large to be taken: {place}\n"),
        ),
        Untaken::NotGiven => (
            QuarantineReason::LeftInMailbox,
            "not_given",
            format!("A message lies in the mailbox, and its server does not hand it over: {place}\n"),
        ),
    };
    let object = app.vault.put(ObjectKind::Message, note.as_bytes(), now).await?;
    let to = [own.to_string()];
    let transmission = Transmission {
        id: TransmissionId::new(now),
        door: DOOR.to_owned(),
        site: site_of(app, &to).await?,
        fax_id: format!("mailbox:{place}"),
        sha256: hex::encode(sha256(note.as_bytes())),
        bytes: note.len() as u64,
        object: object.id.clone(),
        media_type: Some("text/plain".to_owned()),
        details: TransmissionDetails {
            to: to.first().cloned(),
            problem: Some(problem.to_owned()),
            ..TransmissionDetails::default()
        },
        pages: None,
        pages_read: 0,
        pages_unreadable: 0,
        stage: Stage::Quarantined,
        reason: Some(reason),
        conflicts: 0,
        received_at: now,
        arrived_at: now,
    };
    let mut tx = app.db.begin().await?;
    store::objects::insert(&mut tx, &object).await?;
    if store::transmissions::insert(&mut tx, &transmission).await? == store::transmissions::Inserted::New {
        tx.commit().await?;
    }
    Ok(())
}
