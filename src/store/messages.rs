//! Messages that came in by mail, so that a repeated one changes nothing.

use super::{Result, Tx, sql};
use crate::domain::ids::{DeliveryId, MessageId, ObjectId, TransmissionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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

/// A message as it was spooled, and what it turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InboundMessage {
    pub id: MessageId,
    pub kind: MessageKind,
    pub object_id: Option<ObjectId>,
    pub transmission_id: Option<TransmissionId>,
    pub delivery_id: Option<DeliveryId>,
    pub arrived_at: DateTime<Utc>,
}

/// Spools a message under the SHA-256 of its bytes. Gives the earlier one where the same bytes came before.
pub async fn spool(tx: &mut Tx, sha256: &str, object: &ObjectId, now: DateTime<Utc>) -> Result<(InboundMessage, bool)> {
    let index = tx.keys().blind.index("inbound_message.content", sha256);
    let written = sql(
        "insert into inbound_message (id, message_id_index, kind, object_id, arrived_at)
         values ($1, $2, $3, $4, $5) on conflict (message_id_index) do nothing",
    )
    .bind(MessageId::new(now))
    .bind(index.clone())
    .bind(MessageKind::Received)
    .bind(object.clone())
    .bind(now)
    .execute(tx)
    .await?;
    let message = sql("select id, kind, object_id, transmission_id, delivery_id, arrived_at
         from inbound_message where message_id_index = $1")
    .bind(index)
    .fetch_one(tx)
    .await?;
    Ok((message, written == 1))
}

pub async fn find(tx: &mut Tx, id: &MessageId) -> Result<Option<InboundMessage>> {
    sql("select id, kind, object_id, transmission_id, delivery_id, arrived_at from inbound_message where id = $1")
        .bind(id.clone())
        .fetch_optional(tx)
        .await
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
