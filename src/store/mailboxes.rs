//! How far hosted mailboxes were read.

use super::{Result, Tx, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// Every message up to `uid`, in the server's count of `uid_validity`, is here.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Mailbox {
    /// As `user@host:port/FOLDER`.
    pub name: String,
    pub uid_validity: i64,
    pub uid: i64,
    /// A message after it that could not be fetched, and in how many runs in a row; 0 where there is none.
    pub stuck_uid: i64,
    pub attempts: i32,
    pub read_at: DateTime<Utc>,
}

pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<Mailbox>> {
    sql("select name, uid_validity, uid, stuck_uid, attempts, read_at from mailbox where name = $1")
        .bind(name.to_owned())
        .fetch_optional(tx)
        .await
}

pub async fn save(tx: &mut Tx, mailbox: &Mailbox) -> Result<()> {
    sql(
        "insert into mailbox (name, uid_validity, uid, stuck_uid, attempts, read_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (name) do update
         set uid_validity = excluded.uid_validity, uid = excluded.uid, stuck_uid = excluded.stuck_uid,
             attempts = excluded.attempts, read_at = excluded.read_at",
    )
    .bind(mailbox.name.clone())
    .bind(mailbox.uid_validity)
    .bind(mailbox.uid)
    .bind(mailbox.stuck_uid)
    .bind(mailbox.attempts)
    .bind(mailbox.read_at)
    .execute(tx)
    .await?;
    Ok(())
}
