//! Which patient a referral is about, and every time that this was said.

use super::changes::Change;
use super::{Result, Tx, sql};
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::matching::Comparison;
use crate::domain::register::Basis;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// One time that a referral was linked.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Link {
    #[sqlx(rename = "patient_id")]
    pub patient: PatientId,
    pub basis: Basis,
    /// Log2 of the odds, where it was compared.
    pub weight: Option<f64>,
    pub linked_by: String,
    pub linked_at: DateTime<Utc>,
}

/// Links a referral, or links it anew.
pub async fn put(
    tx: &mut Tx,
    referral: &ReferralId,
    patient: &PatientId,
    basis: Basis,
    comparison: Option<&Comparison>,
    by: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    // Criteria, levels and weights: what fitted, not what it was.
    let evidence = comparison.map(|comparison| serde_json::json!(comparison).to_string());
    sql(
        "insert into patient_link (referral_id, sequence, patient_id, basis, weight, evidence, linked_by, linked_at)
         select $1, coalesce(max(sequence), 0) + 1, $2, $3, $4, $5, $6, $7 from patient_link where referral_id = $1",
    )
    .bind(referral.clone())
    .bind(patient.clone())
    .bind(basis)
    .bind(comparison.map(|comparison| comparison.weight))
    .bind(evidence)
    .bind(by.to_owned())
    .bind(now)
    .execute(tx)
    .await?;
    sql("update referral set patient_id = $2 where id = $1")
        .bind(referral.clone())
        .bind(patient.clone())
        .execute(tx)
        .await?;
    tx.changed(Change::Referral(referral.clone()));
    Ok(())
}

/// The patient that a referral is about, where that is settled.
pub async fn patient_of(tx: &mut Tx, referral: &ReferralId) -> Result<Option<PatientId>> {
    let found: Option<Option<PatientId>> = sql("select patient_id from referral where id = $1")
        .bind(referral.clone())
        .fetch_optional_scalar(tx)
        .await?;
    Ok(found.flatten())
}

/// The newest time that it was linked.
pub async fn latest(tx: &mut Tx, referral: &ReferralId) -> Result<Option<Link>> {
    sql(
        "select patient_id, basis, weight, linked_by, linked_at from patient_link
         where referral_id = $1 order by sequence desc limit 1",
    )
    .bind(referral.clone())
    .fetch_optional(tx)
    .await
}
