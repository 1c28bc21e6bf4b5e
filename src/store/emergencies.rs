//! Who saw what they were not granted, in an emergency, why, and what was said of it afterwards.

use super::changes::Change;
use super::{Cell, Result, Tx, sql};
use crate::domain::emergency::Verdict;
use crate::domain::ids::{EmergencyId, ReferralId, UserId};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

const TABLE: &str = "emergency";

#[derive(Clone, PartialEq, Eq)]
pub struct Emergency {
    pub id: EmergencyId,
    pub user: UserId,
    /// What was refused when the glass was broken.
    pub referral: Option<ReferralId>,
    /// In the person's own words. May name a patient: sealed.
    pub reason: String,
    pub started_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub review: Option<Review>,
}

/// What somebody else said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub by: String,
    pub at: DateTime<Utc>,
    pub verdict: Verdict,
}

#[derive(FromRow)]
struct EmergencyRow {
    id: EmergencyId,
    user_id: UserId,
    referral_id: Option<ReferralId>,
    reason_sealed: Vec<u8>,
    started_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    reviewed_by: Option<String>,
    reviewed_at: Option<DateTime<Utc>>,
    verdict: Option<Verdict>,
}

impl EmergencyRow {
    fn open(self, tx: &Tx) -> Result<Emergency> {
        let reason = tx.unseal_json(Cell::new(TABLE, self.id.as_str(), "reason_sealed"), &self.reason_sealed)?;
        let review = match (self.reviewed_by, self.reviewed_at, self.verdict) {
            (Some(by), Some(at), Some(verdict)) => Some(Review { by, at, verdict }),
            _ => None,
        };
        Ok(Emergency {
            id: self.id,
            user: self.user_id,
            referral: self.referral_id,
            reason,
            started_at: self.started_at,
            ends_at: self.ends_at,
            review,
        })
    }
}

pub async fn insert(tx: &mut Tx, emergency: &Emergency) -> Result<()> {
    let sealed = tx.seal_json(
        Cell::new(TABLE, emergency.id.as_str(), "reason_sealed"),
        &emergency.reason,
    );
    sql(
        "insert into emergency (id, user_id, referral_id, reason_sealed, started_at, ends_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(emergency.id.clone())
    .bind(emergency.user.clone())
    .bind(emergency.referral.clone())
    .bind(sealed)
    .bind(emergency.started_at)
    .bind(emergency.ends_at)
    .execute(tx)
    .await?;
    tx.changed(Change::Desk);
    Ok(())
}

/// Ends what still lasts of one person.
pub async fn end(tx: &mut Tx, user: &UserId, now: DateTime<Utc>) -> Result<u64> {
    sql("update emergency set ends_at = $2 where user_id = $1 and ends_at > $2")
        .bind(user.clone())
        .bind(now)
        .execute(tx)
        .await
}

/// Those that nobody has reviewed yet, the oldest first, then the latest that were.
pub async fn list(tx: &mut Tx, limit: u32) -> Result<Vec<Emergency>> {
    sql(
        "select id, user_id, referral_id, reason_sealed, started_at, ends_at, reviewed_by, reviewed_at, verdict
         from emergency
         order by (case when reviewed_at is null then 0 else 1 end),
                  (case when reviewed_at is null then started_at end), started_at desc, id
         limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all::<EmergencyRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.open(tx))
    .collect()
}

pub async fn count_unreviewed(tx: &mut Tx) -> Result<i64> {
    sql("select count(*) from emergency where reviewed_at is null")
        .fetch_scalar(tx)
        .await
}

/// Writes what was said of it. False where it was reviewed before, or where its own person reviews it.
pub async fn review(tx: &mut Tx, id: &EmergencyId, by: &str, verdict: Verdict, now: DateTime<Utc>) -> Result<bool> {
    let written = sql("update emergency set reviewed_by = $2, reviewed_at = $3, verdict = $4
         where id = $1 and reviewed_at is null and user_id <> $2")
    .bind(id.clone())
    .bind(by.to_owned())
    .bind(now)
    .bind(verdict)
    .execute(tx)
    .await?;
    tx.changed(Change::Desk);
    Ok(written == 1)
}
