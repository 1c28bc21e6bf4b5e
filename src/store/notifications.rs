//! Which notifications went out, so that none goes out twice, and none in a loop.

use super::{Result, Tx, sql};
use crate::domain::ids::MessageId;
use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The message that it answers.
    pub message: MessageId,
    /// Our address in whose name it goes, in lower case.
    pub recipient: String,
    /// `processed`, `dispatched` or `failed`.
    pub disposition: String,
    /// The domain that hears it, in lower case.
    pub peer: String,
    pub sent_at: DateTime<Utc>,
}

/// A repeated one changes nothing.
pub async fn insert(tx: &mut Tx, notification: &Notification) -> Result<()> {
    sql(
        "insert into notification (message_id, recipient, disposition, peer, sent_at)
         values ($1, $2, $3, $4, $5) on conflict (message_id, recipient, disposition) do nothing",
    )
    .bind(notification.message.clone())
    .bind(notification.recipient.clone())
    .bind(notification.disposition.clone())
    .bind(notification.peer.clone())
    .bind(notification.sent_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The dispositions that went out for the same message and recipient.
pub async fn sent(tx: &mut Tx, notification: &Notification) -> Result<Vec<String>> {
    sql("select disposition from notification where message_id = $1 and recipient = $2")
        .bind(notification.message.clone())
        .bind(notification.recipient.clone())
        .fetch_scalars(tx)
        .await
}

/// How many a domain heard after `since`.
pub async fn count_since(tx: &mut Tx, peer: &str, since: DateTime<Utc>) -> Result<i64> {
    sql("select count(*) from notification where peer = $1 and sent_at > $2")
        .bind(peer.to_owned())
        .bind(since)
        .fetch_scalar(tx)
        .await
}
