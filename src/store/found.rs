//! Certificates that were found for partners' addresses, with where they were found.

use super::{Result, Tx, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct FoundCertificate {
    /// Whom it was looked for, in lower case.
    pub address: String,
    /// SHA-256 of the certificate, lower-case hex.
    pub fingerprint: String,
    /// DER.
    pub certificate: Vec<u8>,
    /// `dns_address`, `dns_domain`, `ldap_address` or `ldap_domain`.
    pub step: String,
    /// The name or server that told.
    pub place: String,
    pub not_after: DateTime<Utc>,
    pub found_at: DateTime<Utc>,
}

/// Keeps what a search came to, in place of what an earlier one found.
pub async fn keep(tx: &mut Tx, found: &FoundCertificate) -> Result<()> {
    sql("delete from found_certificate where address = $1")
        .bind(found.address.clone())
        .execute(tx)
        .await?;
    sql(
        "insert into found_certificate (address, fingerprint, certificate, step, place, not_after, found_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (address, fingerprint) do update set step = excluded.step, place = excluded.place,
            found_at = excluded.found_at",
    )
    .bind(found.address.clone())
    .bind(found.fingerprint.clone())
    .bind(found.certificate.clone())
    .bind(found.step.clone())
    .bind(found.place.clone())
    .bind(found.not_after)
    .bind(found.found_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// What was found for an address, the latest first.
pub async fn of_address(tx: &mut Tx, address: &str) -> Result<Vec<FoundCertificate>> {
    sql(
        "select address, fingerprint, certificate, step, place, not_after, found_at from found_certificate
         where address = $1 order by found_at desc, fingerprint",
    )
    .bind(address.to_owned())
    .fetch_all(tx)
    .await
}

/// The latest finds.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<FoundCertificate>> {
    sql(
        "select address, fingerprint, certificate, step, place, not_after, found_at from found_certificate
         order by found_at desc, address limit $1",
    )
    .bind(limit)
    .fetch_all(tx)
    .await
}
