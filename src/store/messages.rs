//! Messages that came in by mail, so that a repeated one changes nothing.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::{DeliveryId, MessageId, ObjectId, TransmissionId};
use crate::domain::mail_mode::MailMode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

const TABLE: &str = "inbound_message";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MessageKind {
    /// Spooled, not yet looked into.
    Received,
    Document,
    Mdn,
    Refused,
}

/// Who handed the message over to whom, by SMTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEnvelope {
    /// `None` is the null sender of a report.
    pub mail_from: Option<String>,
    pub rcpt_to: Vec<String>,
}

/// A message as it was spooled, and what it turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundMessage {
    pub id: MessageId,
    pub kind: MessageKind,
    /// How it came: what is judged by whom does not change with the settings.
    pub mode: MailMode,
    pub envelope: StoredEnvelope,
    pub object: ObjectId,
    pub transmission: Option<TransmissionId>,
    pub delivery: Option<DeliveryId>,
    pub arrived_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: MessageId,
    kind: MessageKind,
    mode: MailMode,
    envelope_sealed: Vec<u8>,
    object_id: ObjectId,
    transmission_id: Option<TransmissionId>,
    delivery_id: Option<DeliveryId>,
    arrived_at: DateTime<Utc>,
}

impl MessageRow {
    fn message(self, tx: &Tx) -> Result<InboundMessage> {
        Ok(InboundMessage {
            envelope: tx.unseal_json(
                Cell::new(TABLE, self.id.as_str(), "envelope_sealed"),
                &self.envelope_sealed,
            )?,
            id: self.id,
            kind: self.kind,
            mode: self.mode,
            object: self.object_id,
            transmission: self.transmission_id,
            delivery: self.delivery_id,
            arrived_at: self.arrived_at,
        })
    }
}

/// Spools a message under a digest of its bytes and its envelope. Gives the id, and whether it is new.
pub async fn spool(
    tx: &mut Tx,
    digest: &str,
    mode: MailMode,
    envelope: &StoredEnvelope,
    object: &ObjectId,
    now: DateTime<Utc>,
) -> Result<(MessageId, bool)> {
    let id = MessageId::new(now);
    let index = tx.keys().blind.index("inbound_message.content", digest);
    let written = sql(
        "insert into inbound_message (id, content_index, kind, envelope_sealed, object_id, arrived_at, mode)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (content_index) do nothing",
    )
    .bind(id.clone())
    .bind(index.clone())
    .bind(MessageKind::Received)
    .bind(tx.seal_json(Cell::new(TABLE, id.as_str(), "envelope_sealed"), envelope))
    .bind(object.clone())
    .bind(now)
    .bind(mode)
    .execute(tx)
    .await?;
    if written == 1 {
        return Ok((id, true));
    }
    let known = sql("select id from inbound_message where content_index = $1")
        .bind(index)
        .fetch_scalar(tx)
        .await?;
    Ok((known, false))
}

pub async fn find(tx: &mut Tx, id: &MessageId) -> Result<Option<InboundMessage>> {
    sql(
        "select id, kind, mode, envelope_sealed, object_id, transmission_id, delivery_id, arrived_at
         from inbound_message where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<MessageRow>(tx)
    .await?
    .map(|row| row.message(tx))
    .transpose()
}

/// Notes what a message turned out to be.
pub async fn settle(
    tx: &mut Tx,
    id: &MessageId,
    kind: MessageKind,
    transmission: Option<&TransmissionId>,
    delivery: Option<&DeliveryId>,
) -> Result<()> {
    sql("update inbound_message set kind = $2, transmission_id = $3, delivery_id = $4 where id = $1")
        .bind(id.clone())
        .bind(kind)
        .bind(transmission.cloned())
        .bind(delivery.cloned())
        .execute(tx)
        .await?;
    Ok(())
}
