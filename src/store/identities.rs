//! Our own Direct certificates with their private keys. A name may have several.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::DirectKeyId;
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

const TABLE: &str = "direct_identity";

pub struct StoredIdentity {
    /// The certificate's fingerprint; of what made itself at first use, the name.
    pub id: String,
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
    id: String,
    bound_to: String,
    certificate: Vec<u8>,
    private_key_sealed: Vec<u8>,
    not_after: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl IdentityRow {
    fn identity(self, tx: &Tx) -> Result<StoredIdentity> {
        let key = tx.unseal(
            Cell::new(TABLE, &self.id, "private_key_sealed"),
            &self.private_key_sealed,
        )?;
        Ok(StoredIdentity {
            id: self.id,
            bound_to: self.bound_to,
            certificate: self.certificate,
            private_key: Zeroizing::new(key),
            not_after: self.not_after,
            created_at: self.created_at,
        })
    }
}

/// Gives false where there is one with this id already: a key that is in use is never replaced.
pub async fn insert(tx: &mut Tx, identity: &StoredIdentity) -> Result<bool> {
    let sealed = tx.seal(
        Cell::new(TABLE, &identity.id, "private_key_sealed"),
        &identity.private_key,
    );
    let written = sql(
        "insert into direct_identity (id, bound_to, certificate, private_key_sealed, not_after, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing",
    )
    .bind(identity.id.clone())
    .bind(identity.bound_to.clone())
    .bind(identity.certificate.clone())
    .bind(sealed)
    .bind(identity.not_after)
    .bind(identity.created_at)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

/// The one of this name that came last.
pub async fn find(tx: &mut Tx, bound_to: &str) -> Result<Option<StoredIdentity>> {
    Ok(of_name(tx, bound_to).await?.into_iter().next())
}

/// All of this name, the one that came last first.
pub async fn of_name(tx: &mut Tx, bound_to: &str) -> Result<Vec<StoredIdentity>> {
    sql(
        "select id, bound_to, certificate, private_key_sealed, not_after, created_at from direct_identity
         where bound_to = $1 order by created_at desc, id",
    )
    .bind(bound_to.to_owned())
    .fetch_all::<IdentityRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.identity(tx))
    .collect()
}

pub async fn list(tx: &mut Tx) -> Result<Vec<StoredIdentity>> {
    sql(
        "select id, bound_to, certificate, private_key_sealed, not_after, created_at from direct_identity
         order by bound_to, created_at desc, id",
    )
    .fetch_all::<IdentityRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.identity(tx))
    .collect()
}

/// A key of ours that has no certificate yet.
pub struct WaitingKey {
    pub id: DirectKeyId,
    /// An address or a domain, in lower case.
    pub bound_to: String,
    /// PKCS#8, DER. Sealed at rest.
    pub private_key: Zeroizing<Vec<u8>>,
    pub created_at: DateTime<Utc>,
}

fn key_of(id: &DirectKeyId) -> Cell<'_> {
    Cell::new("direct_key", id.as_str(), "private_key_sealed")
}

pub async fn keep_key(tx: &mut Tx, key: &WaitingKey) -> Result<()> {
    let sealed = tx.seal(key_of(&key.id), &key.private_key);
    sql("insert into direct_key (id, bound_to, private_key_sealed, created_at) values ($1, $2, $3, $4)")
        .bind(key.id.clone())
        .bind(key.bound_to.clone())
        .bind(sealed)
        .bind(key.created_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// The keys that wait, the youngest first.
pub async fn waiting_keys(tx: &mut Tx) -> Result<Vec<WaitingKey>> {
    let rows: Vec<(DirectKeyId, String, Vec<u8>, DateTime<Utc>)> =
        sql("select id, bound_to, private_key_sealed, created_at from direct_key order by created_at desc, id")
            .fetch_all(tx)
            .await?;
    rows.into_iter()
        .map(|(id, bound_to, sealed, created_at)| {
            let private_key = Zeroizing::new(tx.unseal(key_of(&id), &sealed)?);
            Ok(WaitingKey {
                id,
                bound_to,
                private_key,
                created_at,
            })
        })
        .collect()
}

/// Its certificate has come: it waits no longer.
pub async fn forget_key(tx: &mut Tx, id: &DirectKeyId) -> Result<()> {
    sql("delete from direct_key where id = $1")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(())
}
