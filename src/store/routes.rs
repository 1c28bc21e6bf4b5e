//! Where documents went that are no referrals.

use super::{Result, Tx, sql};
use crate::domain::decision::Route;
use crate::domain::ids::{DocumentId, ReferralId};
use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Routed {
    #[sqlx(rename = "document_id")]
    pub document: DocumentId,
    pub route: Route,
    /// The referral of ours that a consult note belongs to.
    #[sqlx(rename = "referral_id")]
    pub referral: Option<ReferralId>,
    pub routed_by: String,
    pub routed_at: DateTime<Utc>,
}

/// Writes a route, or another in its place.
pub async fn put(tx: &mut Tx, routed: &Routed) -> Result<()> {
    sql(
        "insert into document_route (document_id, route, referral_id, routed_by, routed_at) values ($1, $2, $3, $4, $5)
         on conflict (document_id) do update set route = excluded.route, referral_id = excluded.referral_id,
             routed_by = excluded.routed_by, routed_at = excluded.routed_at",
    )
    .bind(routed.document.clone())
    .bind(routed.route)
    .bind(routed.referral.clone())
    .bind(routed.routed_by.clone())
    .bind(routed.routed_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The document is a referral after all.
pub async fn forget(tx: &mut Tx, document: &DocumentId) -> Result<()> {
    sql("delete from document_route where document_id = $1")
        .bind(document.clone())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, document: &DocumentId) -> Result<Option<Routed>> {
    sql("select document_id, route, referral_id, routed_by, routed_at from document_route where document_id = $1")
        .bind(document.clone())
        .fetch_optional(tx)
        .await
}

/// Documents that were filed as notes of a referral, oldest first.
pub async fn to_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<Routed>> {
    sql(
        "select document_id, route, referral_id, routed_by, routed_at from document_route
         where referral_id = $1 order by routed_at, document_id",
    )
    .bind(referral.clone())
    .fetch_all(tx)
    .await
}
