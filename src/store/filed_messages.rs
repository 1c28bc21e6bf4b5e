//! What was filed of messages, so that a repeat is told from another message under the same number.

use super::{Result, Tx, sql};
use crate::domain::ids::MessageId;

/// One message as one of its recipients got it. None of it is stored but as blind indexes.
#[derive(Clone, Copy, Debug)]
pub struct Filed<'a> {
    pub sender: &'a str,
    /// The inner one, verbatim.
    pub message_id: &'a str,
    pub recipient: &'a str,
    /// Of the inner message, lower-case hex.
    pub inner_sha256: &'a str,
}

/// What is known under a sender, Message-ID and recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The message as it came first.
    pub first: MessageId,
    pub has_same_content: bool,
}

impl Filed<'_> {
    /// A length before each part: no two keys run together.
    fn key(&self) -> String {
        let parts = [
            &self.sender.to_lowercase(),
            self.message_id,
            &self.recipient.to_lowercase(),
        ];
        parts.map(|part| format!("{}:{part}", part.len())).concat()
    }

    fn indexes(&self, tx: &Tx) -> (Vec<u8>, Vec<u8>) {
        let blind = &tx.keys().blind;
        (
            blind.index("filed_message.key", &self.key()),
            blind.index("filed_message.inner", self.inner_sha256),
        )
    }
}

pub async fn find(tx: &mut Tx, filed: Filed<'_>) -> Result<Option<Known>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        message_id: MessageId,
        inner_index: Vec<u8>,
    }
    let (key, inner) = filed.indexes(tx);
    let row: Option<Row> = sql("select message_id, inner_index from filed_message where key_index = $1")
        .bind(key)
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|row| Known {
        has_same_content: row.inner_index == inner,
        first: row.message_id,
    }))
}

/// Gives false where something is known under this key already: the first stays.
pub async fn insert(tx: &mut Tx, filed: Filed<'_>, message: &MessageId) -> Result<bool> {
    let (key, inner) = filed.indexes(tx);
    let written = sql(
        "insert into filed_message (key_index, inner_index, message_id) values ($1, $2, $3)
                       on conflict (key_index) do nothing",
    )
    .bind(key)
    .bind(inner)
    .bind(message.clone())
    .execute(tx)
    .await?;
    Ok(written == 1)
}
