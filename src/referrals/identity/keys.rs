//! The way to a certificate of an authority's: we make a key, the authority gets a request, and the certificate is brought in.
//! The private key never leaves the store. One that was made elsewhere can be brought in with its certificate.

use crate::app::App;
use crate::direct::certificate::{Certificate, CertificateProblem};
use crate::direct::identity::{Identity, IdentityError, PrivateKey};
use crate::direct::trust::anchors::HoldsFor;
use crate::domain::ids::DirectKeyId;
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::referrals::trust::own;
use crate::store::audit::{self, Outcome};
use crate::store::identities::{StoredIdentity, WaitingKey};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("the certificate can't be used: {0}")]
    Certificate(#[from] CertificateProblem),
    #[error("no key waits for this certificate: it belongs to a key that was not made here")]
    NoKey,
    #[error("no key for {0} waits: make one with `referloop direct keygen`")]
    NothingWaits(String),
    #[error("the certificate has ended, or its end can't be read")]
    Ended,
    #[error("this certificate is here already")]
    Known,
}

/// Makes a key for an address or a domain of ours. It waits for its certificate.
pub async fn make(app: &App, actor: &Actor, bound_to: &HoldsFor) -> Result<WaitingKey, KeyError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let now = app.clock.now();
    let made = tokio::task::spawn_blocking(PrivateKey::generate).await;
    let made = made.map_err(|_| IdentityError::Key)??;
    let key = WaitingKey {
        id: DirectKeyId::new(now),
        bound_to: bound_to.key(),
        private_key: made.to_der()?,
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    store::identities::keep_key(&mut tx, &key).await?;
    noted(&mut tx, actor, "make_direct_key", &key.bound_to, now).await?;
    tx.commit().await?;
    Ok(key)
}

/// The request for a certificate (PKCS#10, PEM) of the youngest key that waits for this name.
pub async fn request(app: &App, bound_to: &HoldsFor) -> Result<String, KeyError> {
    let mut tx = app.db.read().await?;
    let waiting = store::identities::waiting_keys(&mut tx).await?;
    drop(tx);
    let key = waiting.iter().find(|key| key.bound_to == bound_to.key());
    let key = key.ok_or_else(|| KeyError::NothingWaits(bound_to.key()))?;
    Ok(PrivateKey::from_der(&key.private_key)?.request(&key.bound_to)?)
}

/// Brings in the certificate of a key that waits here. A PEM file may hold its issuers besides, as authorities hand them out.
pub async fn import_certificate(app: &App, actor: &Actor, certificate: &[u8]) -> Result<StoredIdentity, KeyError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let mut tx = app.db.read().await?;
    let waiting = store::identities::waiting_keys(&mut tx).await?;
    drop(tx);
    for key in waiting {
        match Identity::new(certificate, &key.private_key) {
            Ok(identity) => {
                let issuers = Certificate::parse_all(certificate)?.split_off(1);
                return import(app, actor, &identity.with_issuers(issuers), Some(&key.id)).await;
            }
            Err(IdentityError::Mismatch) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // One that can't be read is told as such, not as one without a key.
    Certificate::parse(certificate)?;
    Err(KeyError::NoKey)
}

/// Brings in a certificate with its key.
pub async fn import(
    app: &App,
    actor: &Actor,
    identity: &Identity,
    waited: Option<&DirectKeyId>,
) -> Result<StoredIdentity, KeyError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let now = app.clock.now();
    let certificate = identity.certificate();
    let not_after = certificate
        .not_after()
        .filter(|end| *end > now)
        .ok_or(KeyError::Ended)?;
    let row = StoredIdentity {
        id: certificate.fingerprint(),
        bound_to: certificate
            .bound_to()
            .ok_or(CertificateProblem::Unbound)?
            .to_lowercase(),
        certificate: certificate.to_der(),
        private_key: identity.private_key_der()?,
        not_after,
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    if !store::identities::insert(&mut tx, &row).await? {
        return Err(KeyError::Known);
    }
    if let Some(id) = waited {
        store::identities::forget_key(&mut tx, id).await?;
    }
    own::keep(&mut tx, identity.issuers(), now).await?;
    noted(&mut tx, actor, "add_identity", &row.bound_to, now).await?;
    tx.commit().await?;
    Ok(row)
}

async fn noted(tx: &mut Tx, actor: &Actor, action: &str, bound_to: &str, now: DateTime<Utc>) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "direct_identity",
        resource_id: bound_to,
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    audit::insert(tx, &entry, now).await
}
