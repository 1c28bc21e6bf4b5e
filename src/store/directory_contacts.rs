//! The numbers and addresses of the directory's entries, each with what has verified it.

use super::{Result, Tx, sql};
use crate::domain::contact::{ContactKind, ContactSource, Evidence};
use crate::domain::ids::DirectoryId;
use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, serde::Serialize, serde::Deserialize)]
pub struct Contact {
    #[sqlx(rename = "entry_id")]
    #[serde(rename = "entry_id")]
    pub entry: DirectoryId,
    pub kind: ContactKind,
    pub value: String,
    pub verified_at: Option<DateTime<Utc>>,
    /// Who did it, as in the audit log.
    pub verified_by: Option<String>,
    pub evidence: Option<Evidence>,
    pub source: ContactSource,
    pub created_at: DateTime<Utc>,
}

impl Contact {
    pub fn is_verified(&self) -> bool {
        self.verified_at.is_some()
    }

    /// Whether it is the same number or address, whosever it is.
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.value == other.value
    }
}

/// Adds a contact that is not verified yet; one that is known stays as it is. Says whether it is new.
pub async fn keep(
    tx: &mut Tx,
    entry: &DirectoryId,
    kind: ContactKind,
    value: &str,
    source: ContactSource,
    now: DateTime<Utc>,
) -> Result<bool> {
    let contact = Contact {
        entry: entry.clone(),
        kind,
        value: value.to_owned(),
        verified_at: None,
        verified_by: None,
        evidence: None,
        source,
        created_at: now,
    };
    insert(tx, &contact).await
}

/// Adds a contact as it is. Says whether it is new.
pub async fn insert(tx: &mut Tx, contact: &Contact) -> Result<bool> {
    let written = sql(
        "insert into directory_contact (entry_id, kind, value, verified_at, verified_by, evidence, source, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
    )
    .bind(contact.entry.clone())
    .bind(contact.kind)
    .bind(contact.value.clone())
    .bind(contact.verified_at)
    .bind(contact.verified_by.clone())
    .bind(contact.evidence)
    .bind(contact.source)
    .bind(contact.created_at)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

/// Writes by what a contact is verified, or that it is not.
pub async fn save(tx: &mut Tx, contact: &Contact) -> Result<()> {
    sql(
        "update directory_contact set verified_at = $4, verified_by = $5, evidence = $6
         where entry_id = $1 and kind = $2 and value = $3",
    )
    .bind(contact.entry.clone())
    .bind(contact.kind)
    .bind(contact.value.clone())
    .bind(contact.verified_at)
    .bind(contact.verified_by.clone())
    .bind(contact.evidence)
    .execute(tx)
    .await?;
    Ok(())
}

/// Says whether it was there.
pub async fn remove(tx: &mut Tx, entry: &DirectoryId, kind: ContactKind, value: &str) -> Result<bool> {
    let removed = sql("delete from directory_contact where entry_id = $1 and kind = $2 and value = $3")
        .bind(entry.clone())
        .bind(kind)
        .bind(value.to_owned())
        .execute(tx)
        .await?;
    Ok(removed == 1)
}

pub async fn find(tx: &mut Tx, entry: &DirectoryId, kind: ContactKind, value: &str) -> Result<Option<Contact>> {
    sql(
        "select entry_id, kind, value, verified_at, verified_by, evidence, source, created_at from directory_contact
         where entry_id = $1 and kind = $2 and value = $3",
    )
    .bind(entry.clone())
    .bind(kind)
    .bind(value.to_owned())
    .fetch_optional(tx)
    .await
}

/// By kind, the oldest first.
pub async fn of_entry(tx: &mut Tx, entry: &DirectoryId) -> Result<Vec<Contact>> {
    between(tx, entry, entry).await
}

/// Of all entries from one id to another, both included.
pub async fn between(tx: &mut Tx, first: &DirectoryId, last: &DirectoryId) -> Result<Vec<Contact>> {
    sql(
        "select entry_id, kind, value, verified_at, verified_by, evidence, source, created_at from directory_contact
         where entry_id >= $1 and entry_id <= $2 order by entry_id, kind, created_at, value",
    )
    .bind(first.clone())
    .bind(last.clone())
    .fetch_all(tx)
    .await
}

/// Direct addresses of standing entries that nobody verified.
pub async fn unverified_addresses(tx: &mut Tx, limit: u32) -> Result<Vec<Contact>> {
    sql(
        "select c.entry_id, c.kind, c.value, c.verified_at, c.verified_by, c.evidence, c.source, c.created_at
         from directory_contact c join directory_entry e on e.id = c.entry_id and e.merged_into is null
         where c.kind = 'direct' and c.verified_at is null order by c.entry_id, c.value limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await
}
