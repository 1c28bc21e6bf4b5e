//! Messages that are, or may be, the answer to what a referrer was asked.

use super::{Result, Tx, sql};
use crate::domain::decision::AnswerBasis;
use crate::domain::ids::{ReferralId, TransmissionId};
use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Answer {
    #[sqlx(rename = "transmission_id")]
    pub transmission: TransmissionId,
    #[sqlx(rename = "referral_id")]
    pub referral: ReferralId,
    pub basis: AnswerBasis,
    pub arrived_at: DateTime<Utc>,
    /// When it was attached, or a person said that it is something else.
    pub settled_at: Option<DateTime<Utc>>,
    pub attached: bool,
}

/// Notes a message. Gives false where it is known.
pub async fn insert(tx: &mut Tx, answer: &Answer) -> Result<bool> {
    let written = sql(
        "insert into answer (transmission_id, referral_id, basis, arrived_at, settled_at, attached)
         values ($1, $2, $3, $4, $5, $6) on conflict (transmission_id, referral_id) do nothing",
    )
    .bind(answer.transmission.clone())
    .bind(answer.referral.clone())
    .bind(answer.basis)
    .bind(answer.arrived_at)
    .bind(answer.settled_at)
    .bind(answer.attached)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

/// A person's word on an offered message. Gives false where somebody was faster.
pub async fn settle(tx: &mut Tx, answer: &Answer, attached: bool, by: &str, now: DateTime<Utc>) -> Result<bool> {
    let written = sql("update answer set attached = $3, settled_by = $4, settled_at = $5
         where transmission_id = $1 and referral_id = $2 and settled_at is null")
    .bind(answer.transmission.clone())
    .bind(answer.referral.clone())
    .bind(attached)
    .bind(by.to_owned())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

/// Oldest first.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<Answer>> {
    sql(
        "select transmission_id, referral_id, basis, arrived_at, settled_at, attached
         from answer where referral_id = $1 order by arrived_at, transmission_id",
    )
    .bind(referral.clone())
    .fetch_all(tx)
    .await
}

/// The referral that a transmission was attached to.
pub async fn attached_to(tx: &mut Tx, transmission: &TransmissionId) -> Result<Option<ReferralId>> {
    sql("select referral_id from answer where transmission_id = $1 and attached = $2 order by referral_id limit 1")
        .bind(transmission.clone())
        .bind(true)
        .fetch_optional_scalar(tx)
        .await
}

/// What waits for a person's word, oldest first.
pub async fn offered(tx: &mut Tx, limit: u32) -> Result<Vec<Answer>> {
    sql(
        "select transmission_id, referral_id, basis, arrived_at, settled_at, attached
         from answer where settled_at is null order by arrived_at, transmission_id limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await
}
