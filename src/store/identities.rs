//! Our own Direct certificates with their private keys.

use super::{Cell, Result, Tx, sql};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

const TABLE: &str = "direct_identity";

pub struct StoredIdentity {
    /// An address or a domain, in lower case.
    pub bound_to: String,
    /// DER.
    pub certificate: Vec<u8>,
    /// PKCS#8, DER. Sealed at rest.
    pub private_key: Zeroizing<Vec<u8>>,
    pub not_after: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct IdentityRow {
    bound_to: String,
    certificate: Vec<u8>,
    private_key_sealed: Vec<u8>,
    not_after: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl IdentityRow {
    fn identity(self, tx: &Tx) -> Result<StoredIdentity> {
        let key = tx.unseal(
            Cell::new(TABLE, &self.bound_to, "private_key_sealed"),
            &self.private_key_sealed,
        )?;
        Ok(StoredIdentity {
            bound_to: self.bound_to,
            certificate: self.certificate,
            private_key: Zeroizing::new(key),
            not_after: self.not_after,
            created_at: self.created_at,
        })
    }
}

/// Gives false where there is one for this name already: a key that is in use is never replaced by accident.
pub async fn insert(tx: &mut Tx, identity: &StoredIdentity) -> Result<bool> {
    let sealed = tx.seal(
        Cell::new(TABLE, &identity.bound_to, "private_key_sealed"),
        &identity.private_key,
    );
    let written = sql(
        "insert into direct_identity (bound_to, certificate, private_key_sealed, not_after, created_at)
         values ($1, $2, $3, $4, $5) on conflict (bound_to) do nothing",
    )
    .bind(identity.bound_to.clone())
    .bind(identity.certificate.clone())
    .bind(sealed)
    .bind(identity.not_after)
    .bind(identity.created_at)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

pub async fn find(tx: &mut Tx, bound_to: &str) -> Result<Option<StoredIdentity>> {
    sql("select bound_to, certificate, private_key_sealed, not_after, created_at from direct_identity where bound_to = $1")
        .bind(bound_to.to_owned())
        .fetch_optional::<IdentityRow>(tx)
        .await?
        .map(|row| row.identity(tx))
        .transpose()
}

pub async fn list(tx: &mut Tx) -> Result<Vec<StoredIdentity>> {
    sql("select bound_to, certificate, private_key_sealed, not_after, created_at from direct_identity order by bound_to")
        .fetch_all::<IdentityRow>(tx)
        .await?
        .into_iter()
        .map(|row| row.identity(tx))
        .collect()
}
