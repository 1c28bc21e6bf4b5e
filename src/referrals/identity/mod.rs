//! Our own certificates for Direct: one made at first use and given to partners by hand, or those that an authority issued to
//! us ([`keys`]). Keys are kept sealed.

mod ends;
pub mod keys;

pub use ends::{End, RENEW_BEFORE, ends};

use crate::app::App;
use crate::direct::identity::{Identity, IdentityError};
use crate::store;
use crate::store::identities::StoredIdentity;
use chrono::TimeDelta;

/// A partner adds it by hand, so that nobody wants to do that every few months.
const VALID: TimeDelta = TimeDelta::days(2 * 365);

#[derive(Debug, thiserror::Error)]
pub enum EnsureError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The certificate of our Direct domain with its key, made if there is none; `None` where mail is not set up.
pub async fn ensure(app: &App) -> Result<Option<Identity>, EnsureError> {
    let domain = app.config.mail.direct_domain.to_lowercase();
    if domain.is_empty() {
        return Ok(None);
    }
    let mut tx = app.db.read().await?;
    let kept = store::identities::find(&mut tx, &domain).await?;
    drop(tx);
    if let Some(kept) = kept {
        return Ok(Some(Identity::new(&kept.certificate, &kept.private_key)?));
    }
    let now = app.clock.now();
    let made = Identity::self_signed(&domain, now, VALID)?;
    let row = StoredIdentity {
        // The same in every process: two that start together make one.
        id: domain.clone(),
        bound_to: domain.clone(),
        certificate: made.certificate().to_der(),
        private_key: made.private_key_der()?,
        not_after: made.certificate().not_after().unwrap_or(now + VALID),
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    let is_first = store::identities::insert(&mut tx, &row).await?;
    tx.commit().await?;
    if is_first {
        return Ok(Some(made));
    }
    // Another process was faster: its key counts.
    let mut tx = app.db.read().await?;
    let kept = store::identities::find(&mut tx, &domain).await?;
    Ok(match kept {
        Some(kept) => Some(Identity::new(&kept.certificate, &kept.private_key)?),
        None => None,
    })
}
