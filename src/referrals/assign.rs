//! Who works on a referral.

use super::act::{ActError, refused};
use super::record::{Remark, audit_denial, remark};
use crate::app::App;
use crate::domain::ids::{ReferralId, UserId};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Referral;
use crate::store;

/// Gives a referral to a person, or back to all.
pub async fn assign(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    owner: Option<UserId>,
) -> Result<Referral, ActError> {
    const ACTION: &str = "assign";
    let now = app.clock.now();
    if let Err(denied) = authorize(actor, Permission::Assign) {
        return Err(audit_denial(&app.db, actor, ACTION, id, denied, now).await?.into());
    }
    let mut tx = app.db.begin().await?;
    let mut referral = store::referrals::find_to_change(&mut tx, id)
        .await?
        .ok_or(ActError::NotFound)?;
    if expected.is_some_and(|expected| expected != referral.version) {
        return Err(ActError::Stale {
            current: referral.version,
        });
    }
    referral.owner = owner;
    let version = referral.version;
    remark(&mut tx, actor, &mut referral, ACTION, Remark::default(), now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await?;
    Ok(referral)
}
