//! The referrals of a practice, for the people of that practice.

use super::referrals::{ReferralRow, opened};
use super::{Result, Tx, sql};
use crate::domain::ids::{DirectoryId, ReferralId};
use crate::domain::referral::Referral;

/// The newest first, of all these practices together; `before` is the last id of the page before.
pub async fn list(
    tx: &mut Tx,
    practices: &[DirectoryId],
    before: Option<&ReferralId>,
    limit: u32,
) -> Result<Vec<Referral>> {
    let mut found = Vec::new();
    for practice in practices {
        let rows = sql(
            "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                    queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                    updated_at
             from referral where referrer = $1 and id < $2 order by id desc limit $3",
        )
        .bind(practice.clone())
        // Behind every id, in the order of any locale.
        .bind(before.map_or("ref_Z", ReferralId::as_str).to_owned())
        .bind(i64::from(limit))
        .fetch_all::<ReferralRow>(tx)
        .await?;
        found.extend(opened(tx, rows)?);
    }
    found.sort_by(|one, other| other.id.cmp(&one.id));
    found.truncate(limit as usize);
    Ok(found)
}
