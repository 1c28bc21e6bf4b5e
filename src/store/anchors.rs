//! Whom our addresses trust: anchors, added by people or with bundles.

use super::{Result, Tx, sql};
use crate::domain::ids::BundleId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// The source of what a person added.
pub const BY_PERSON: &str = "person";

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StoredAnchor {
    /// An address or a domain of ours, in lower case.
    pub holds_for: String,
    /// `incoming` or `outgoing`.
    pub direction: String,
    /// SHA-256 of the certificate, lower-case hex.
    pub fingerprint: String,
    /// [`BY_PERSON`], or the id of a bundle.
    pub source: String,
    /// DER.
    pub certificate: Vec<u8>,
    pub not_after: DateTime<Utc>,
    pub added_by: String,
    pub created_at: DateTime<Utc>,
}

/// Says whether it is new.
pub async fn insert(tx: &mut Tx, anchor: &StoredAnchor) -> Result<bool> {
    let rows = sql("insert into direct_anchor
            (holds_for, direction, fingerprint, source, certificate, not_after, added_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (holds_for, direction, fingerprint, source) do nothing")
    .bind(anchor.holds_for.clone())
    .bind(anchor.direction.clone())
    .bind(anchor.fingerprint.clone())
    .bind(anchor.source.clone())
    .bind(anchor.certificate.clone())
    .bind(anchor.not_after)
    .bind(anchor.added_by.clone())
    .bind(anchor.created_at)
    .execute(tx)
    .await?;
    Ok(rows > 0)
}

pub async fn list(tx: &mut Tx) -> Result<Vec<StoredAnchor>> {
    sql(
        "select holds_for, direction, fingerprint, source, certificate, not_after, added_by, created_at from direct_anchor
         order by holds_for, direction, source desc, created_at, fingerprint",
    )
    .fetch_all(tx)
    .await
}

/// Takes one away, as far as that source put it there. Says whether it was there.
pub async fn remove(tx: &mut Tx, holds_for: &str, direction: &str, fingerprint: &str, source: &str) -> Result<bool> {
    let rows =
        sql("delete from direct_anchor where holds_for = $1 and direction = $2 and fingerprint = $3 and source = $4")
            .bind(holds_for.to_owned())
            .bind(direction.to_owned())
            .bind(fingerprint.to_owned())
            .bind(source.to_owned())
            .execute(tx)
            .await?;
    Ok(rows > 0)
}

/// Those that came with a bundle.
pub async fn of_bundle(tx: &mut Tx, bundle: &BundleId) -> Result<Vec<StoredAnchor>> {
    sql(
        "select holds_for, direction, fingerprint, source, certificate, not_after, added_by, created_at from direct_anchor
         where source = $1 order by direction, fingerprint",
    )
    .bind(bundle.as_str().to_owned())
    .fetch_all(tx)
    .await
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StoredBundle {
    pub id: BundleId,
    /// A URL, or `file:` with the name of the file that it was read from once.
    pub source: String,
    /// An address or a domain of ours, in lower case.
    pub holds_for: String,
    /// `incoming`, `outgoing` or `both`.
    pub direction: String,
    /// Fingerprint of the certificate that must have signed it; none where nobody signs it.
    pub signed_by: Option<String>,
    pub metadata: Option<String>,
    pub added_by: String,
    pub created_at: DateTime<Utc>,
    pub tried_at: DateTime<Utc>,
    pub refreshed_at: DateTime<Utc>,
    /// Why the last try to refresh it failed.
    pub last_error: Option<String>,
}

impl StoredBundle {
    /// Whether it can be read anew.
    pub fn is_from_url(&self) -> bool {
        !self.source.starts_with("file:")
    }
}

/// Says whether it is new.
pub async fn insert_bundle(tx: &mut Tx, bundle: &StoredBundle) -> Result<bool> {
    let rows = sql(
        "insert into direct_bundle (id, source, holds_for, direction, signed_by, metadata, added_by, created_at, tried_at,
                                    refreshed_at, last_error)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (source, holds_for) do nothing",
    )
    .bind(bundle.id.clone())
    .bind(bundle.source.clone())
    .bind(bundle.holds_for.clone())
    .bind(bundle.direction.clone())
    .bind(bundle.signed_by.clone())
    .bind(bundle.metadata.clone())
    .bind(bundle.added_by.clone())
    .bind(bundle.created_at)
    .bind(bundle.tried_at)
    .bind(bundle.refreshed_at)
    .bind(bundle.last_error.clone())
    .execute(tx)
    .await?;
    Ok(rows > 0)
}

/// Writes what a try to refresh it came to.
pub async fn save_bundle(tx: &mut Tx, bundle: &StoredBundle) -> Result<()> {
    sql("update direct_bundle set metadata = $2, tried_at = $3, refreshed_at = $4, last_error = $5 where id = $1")
        .bind(bundle.id.clone())
        .bind(bundle.metadata.clone())
        .bind(bundle.tried_at)
        .bind(bundle.refreshed_at)
        .bind(bundle.last_error.clone())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn bundles(tx: &mut Tx) -> Result<Vec<StoredBundle>> {
    sql(
        "select id, source, holds_for, direction, signed_by, metadata, added_by, created_at, tried_at, refreshed_at,
                last_error
         from direct_bundle order by holds_for, source",
    )
    .fetch_all(tx)
    .await
}

pub async fn find_bundle(tx: &mut Tx, id: &BundleId) -> Result<Option<StoredBundle>> {
    sql(
        "select id, source, holds_for, direction, signed_by, metadata, added_by, created_at, tried_at, refreshed_at,
                last_error
         from direct_bundle where id = $1",
    )
    .bind(id.clone())
    .fetch_optional(tx)
    .await
}

/// Takes a bundle away with the anchors that came by it alone. Gives their number.
pub async fn remove_bundle(tx: &mut Tx, id: &BundleId) -> Result<u64> {
    let anchors = sql("delete from direct_anchor where source = $1")
        .bind(id.as_str().to_owned())
        .execute(tx)
        .await?;
    sql("delete from direct_bundle where id = $1")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(anchors)
}

/// Where an anchor holds, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AnchorPlace {
    pub holds_for: String,
    pub direction: String,
    pub fingerprint: String,
}

/// Each once, whatever number of sources put it there.
pub async fn places(tx: &mut Tx) -> Result<Vec<AnchorPlace>> {
    sql("select distinct holds_for, direction, fingerprint from direct_anchor order by holds_for, direction, fingerprint")
        .fetch_all(tx)
        .await
}

pub async fn certificate(tx: &mut Tx, fingerprint: &str) -> Result<Option<Vec<u8>>> {
    sql("select certificate from direct_anchor where fingerprint = $1 limit 1")
        .bind(fingerprint.to_owned())
        .fetch_optional_scalar(tx)
        .await
}
