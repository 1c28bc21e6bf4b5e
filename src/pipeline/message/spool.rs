//! The spool: a message is durable before anybody hears that we have it.

use super::{ANSWER_AGAIN, OPEN, enqueue};
use crate::app::App;
use crate::crypto::mac::sha256;
use crate::direct::incoming::Envelope;
use crate::disk::DiskError;
use crate::domain::ids::MessageId;
use crate::domain::object::ObjectKind;
use crate::faults::{self, Point};
use crate::store;
use crate::store::messages::StoredEnvelope;
use crate::vault::VaultError;

#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Makes a message durable. Only after this has returned may the sender hear that we have it. One that is here already did not
/// get through to the sender's knowledge: it is answered again.
pub async fn spool(app: &App, envelope: &Envelope, raw: &[u8]) -> Result<MessageId, SpoolError> {
    let (id, is_new) = store_once(app, envelope, raw).await?;
    if !is_new {
        let mut tx = app.db.begin().await?;
        enqueue(
            &mut tx,
            ANSWER_AGAIN,
            id.as_str(),
            serde_json::json!({}),
            app.clock.now(),
        )
        .await?;
        tx.commit().await?;
    }
    Ok(id)
}

/// As [`spool`], for a message that lies in a mailbox: that we see it again says nothing of its sender.
pub async fn spool_from_mailbox(app: &App, envelope: &Envelope, raw: &[u8]) -> Result<MessageId, SpoolError> {
    let (id, _) = store_once(app, envelope, raw).await?;
    Ok(id)
}

/// By what a message is known: its bytes and its envelope. The same bytes under another envelope are another message: many
/// senders make one transaction a recipient, and a wrong envelope must not stand in for the right one.
fn digest(envelope: &StoredEnvelope, raw: &[u8]) -> String {
    let mut addresses: Vec<String> = envelope.rcpt_to.iter().map(|to| to.to_lowercase()).collect();
    addresses.sort_unstable();
    addresses.push(envelope.mail_from.as_deref().unwrap_or_default().to_lowercase());
    // No address holds a line's end.
    let addresses = addresses.join("\n");
    hex::encode(sha256(&[addresses.as_bytes(), b"\n", &sha256(raw)].concat()))
}

async fn store_once(app: &App, envelope: &Envelope, raw: &[u8]) -> Result<(MessageId, bool), SpoolError> {
    app.disks.check()?;
    let now = app.clock.now();
    let object = app.vault.put(ObjectKind::Message, raw, now).await?;
    let envelope = StoredEnvelope {
        mail_from: envelope.mail_from.as_ref().map(ToString::to_string),
        rcpt_to: envelope.rcpt_to.iter().map(ToString::to_string).collect(),
    };
    let (digest, mode) = (digest(&envelope, raw), app.config.mail.mode);
    let mut tx = app.db.begin().await?;
    store::objects::insert(&mut tx, &object).await?;
    let (id, is_new) = store::messages::spool(&mut tx, &digest, mode, &envelope, &object.id, now).await?;
    if !is_new {
        // Dropped: the object's row is not needed twice.
        return Ok((id, false));
    }
    enqueue(&mut tx, OPEN, id.as_str(), serde_json::json!({}), now).await?;
    faults::reach(Point::MessageCommitting);
    tx.commit().await?;
    faults::reach(Point::MessageCommitted);
    Ok((id, true))
}
