//! The audit log: who did what to which thing, and whether it was allowed. Codes and ids only, never a patient's data.
//!
//! Each row carries a MAC under a key that lies outside the database, and is written in the act's own transaction. So a
//! changed or invented row is noticed. A deleted one is missed by its link: see [`super::audit_chain`].

use super::{Result, Tx, audit_search, sql};
use crate::domain::ids::AuditId;
use crate::domain::people::Actor;
use chrono::{DateTime, Utc};

const VERIFIED_AT_A_TIME: i64 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Outcome {
    Allowed,
    Denied,
    Failed,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub actor: &'a Actor,
    /// A code, as `release`.
    pub action: &'a str,
    /// As `referral`.
    pub resource_kind: &'a str,
    pub resource_id: &'a str,
    pub outcome: Outcome,
    /// Codes and ids.
    pub detail: serde_json::Value,
}

/// A row as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub id: AuditId,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub action: String,
    pub resource_kind: String,
    pub resource_id: String,
    pub outcome: Outcome,
    /// JSON, letter by letter as it was written.
    pub detail: String,
    pub(super) mac: Vec<u8>,
}

impl Row {
    /// Unambiguous, and the same whichever database kept it.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let at = self.at.timestamp_micros().to_string();
        let parts = [
            self.id.as_str(),
            &at,
            &self.actor,
            &self.action,
            &self.resource_kind,
            &self.resource_id,
            self.outcome.as_str(),
            &self.detail,
        ];
        serde_json::to_vec(&parts).expect("texts are JSON")
    }

    /// Whether the row is as it was written.
    pub fn is_genuine(&self, tx: &Tx) -> bool {
        tx.keys().audit.verify(&self.canonical(), &self.mac)
    }
}

/// Writes a row, in the transaction of what it tells of.
pub async fn insert(tx: &mut Tx, entry: &Entry<'_>, now: DateTime<Utc>) -> Result<()> {
    let mut row = Row {
        id: AuditId::new(now),
        at: now,
        actor: entry.actor.reference(),
        action: entry.action.to_owned(),
        resource_kind: entry.resource_kind.to_owned(),
        resource_id: entry.resource_id.to_owned(),
        outcome: entry.outcome,
        detail: entry.detail.to_string(),
        mac: Vec::new(),
    };
    row.mac = tx.keys().audit.mac(&row.canonical());
    sql(
        "insert into audit (id, at, actor, action, resource_kind, resource_id, outcome, detail, mac)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.id.clone())
    .bind(row.at)
    .bind(row.actor)
    .bind(row.action)
    .bind(row.resource_kind)
    .bind(row.resource_id)
    .bind(row.outcome)
    .bind(row.detail)
    .bind(row.mac)
    .execute(tx)
    .await?;
    sql("insert into audit_unlinked (audit_id) values ($1)")
        .bind(row.id)
        .execute(tx)
        .await?;
    let shown = &entry.detail["referrals"];
    if entry.resource_kind == "list" && shown.is_array() {
        audit_search::note_list(tx, shown, &entry.actor.reference(), now.date_naive()).await?;
    }
    Ok(())
}

/// All rows about one thing, oldest first.
pub async fn of_resource(tx: &mut Tx, kind: &str, id: &str) -> Result<Vec<Row>> {
    sql(
        "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
         where resource_kind = $1 and resource_id = $2 order by at, id",
    )
    .bind(kind)
    .bind(id)
    .fetch_all(tx)
    .await
}

/// A page of the log from its newest row back, or back from the row `before`.
pub async fn latest(tx: &mut Tx, before: Option<&AuditId>, limit: i64) -> Result<Vec<Row>> {
    sql(
        "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
         where cast($1 as text) is null or id < $1 order by id desc limit $2",
    )
    .bind(before.cloned())
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// A stretch of the log, the oldest row first.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    pub since: DateTime<Utc>,
    /// Rows of this moment are no longer in it.
    pub until: DateTime<Utc>,
    /// The last row of the page before.
    pub after: Option<&'a AuditId>,
}

pub async fn stretch(tx: &mut Tx, stretch: Stretch<'_>, limit: i64) -> Result<Vec<Row>> {
    sql(
        "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
         where at >= $1 and at < $2 and (cast($3 as text) is null or id > $3) order by id limit $4",
    )
    .bind(stretch.since)
    .bind(stretch.until)
    .bind(stretch.after.cloned())
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// What a look at the whole log found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    pub rows: u64,
    /// Rows that are not as they were written, the oldest first.
    pub wrong: Vec<AuditId>,
}

/// Reads every row and checks its MAC.
pub async fn verify(tx: &mut Tx) -> Result<Verification> {
    let mut found = Verification::default();
    let mut after = String::new();
    loop {
        let rows: Vec<Row> = sql(
            "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
             where id > $1 order by id limit $2",
        )
        .bind(&after)
        .bind(VERIFIED_AT_A_TIME)
        .fetch_all(tx)
        .await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.id.to_string();
        found.rows += rows.len() as u64;
        let wrong = rows.into_iter().filter(|row| !row.is_genuine(tx)).map(|row| row.id);
        found.wrong.extend(wrong);
    }
}
