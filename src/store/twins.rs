//! Referrals that resemble each other, and what people said of them.

use super::{Result, Tx, sql};
use crate::domain::decision::Verdict;
use crate::domain::ids::ReferralId;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Writes a verdict, or another in its place.
pub async fn put(
    tx: &mut Tx,
    referral: &ReferralId,
    twin: &ReferralId,
    verdict: Verdict,
    by: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sql(
        "insert into twin (referral_id, twin_id, verdict, decided_by, decided_at) values ($1, $2, $3, $4, $5)
         on conflict (referral_id, twin_id) do update set verdict = excluded.verdict, decided_by = excluded.decided_by,
             decided_at = excluded.decided_at",
    )
    .bind(referral.clone())
    .bind(twin.clone())
    .bind(verdict)
    .bind(by.to_owned())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// A referral that was opened again is no duplicate any more.
pub async fn forget_same(tx: &mut Tx, referral: &ReferralId) -> Result<()> {
    sql("delete from twin where referral_id = $1 and verdict = 'same'")
        .bind(referral.clone())
        .execute(tx)
        .await?;
    Ok(())
}

/// What was said of this referral and others, whichever of the two it was said on.
pub async fn verdicts(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeMap<ReferralId, Verdict>> {
    let rows: Vec<(ReferralId, Verdict)> = sql("select twin_id, verdict from twin where referral_id = $1
         union all select referral_id, verdict from twin where twin_id = $1")
    .bind(referral.clone())
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Earlier referrals whose document came as the very same bytes: the same place in a fax that came before.
pub async fn of_same_bytes(tx: &mut Tx, referral: &ReferralId, limit: u32) -> Result<Vec<ReferralId>> {
    sql("select twin.id from referral mine
         join document my_document on my_document.id = mine.document_id
         join transmission my_fax on my_fax.id = mine.transmission_id
         join transmission its_fax on its_fax.content_index = my_fax.content_index and its_fax.id <> my_fax.id
         join referral twin on twin.transmission_id = its_fax.id and twin.id < mine.id
         join document its_document on its_document.id = twin.document_id
             and its_document.position = my_document.position
         where mine.id = $1 order by twin.id limit $2")
    .bind(referral.clone())
    .bind(i64::from(limit))
    .fetch_scalars(tx)
    .await
}
