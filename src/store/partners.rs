//! Certificates of partners, filed under the address or domain that each is bound to.

use super::{Result, Tx, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PartnerCertificate {
    /// SHA-256 of the certificate, lower-case hex.
    pub fingerprint: String,
    /// Lower case.
    pub bound_to: String,
    pub der: Vec<u8>,
    pub not_after: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// Says whether it is new.
pub async fn insert(tx: &mut Tx, certificate: &PartnerCertificate) -> Result<bool> {
    let rows = sql(
        "insert into partner_certificate (fingerprint, bound_to, der, not_after, created_at)
         values ($1, $2, $3, $4, $5) on conflict (fingerprint) do nothing",
    )
    .bind(certificate.fingerprint.clone())
    .bind(certificate.bound_to.clone())
    .bind(certificate.der.clone())
    .bind(certificate.not_after)
    .bind(certificate.created_at)
    .execute(tx)
    .await?;
    Ok(rows > 0)
}

/// All certificates filed under an address or a domain, the one that lasts longest first.
pub async fn find_by_binding(tx: &mut Tx, bound_to: &str) -> Result<Vec<PartnerCertificate>> {
    sql(
        "select fingerprint, bound_to, der, not_after, created_at from partner_certificate
         where bound_to = $1 order by not_after desc, fingerprint",
    )
    .bind(bound_to.to_owned())
    .fetch_all(tx)
    .await
}

/// All that we trust.
pub async fn list(tx: &mut Tx) -> Result<Vec<PartnerCertificate>> {
    sql("select fingerprint, bound_to, der, not_after, created_at from partner_certificate order by bound_to")
        .fetch_all(tx)
        .await
}
