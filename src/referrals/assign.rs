//! Who works on a referral.

use super::act::{ActError, refused};
use super::permitted::find_to_change;
use super::record::{Remark, remark};
use crate::app::App;
use crate::domain::ids::{ReferralId, UserId};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, may_own};
use crate::domain::referral::Referral;
use crate::store::{self, Tx, grants, users};

#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    #[error(transparent)]
    Act(#[from] ActError),
    #[error("there is no such person here, or the account is closed: choose somebody from the list")]
    NoSuchPerson,
    #[error("this person's role has no part in the referral as it stands: choose somebody else")]
    NotTheirs,
}

impl From<store::Error> for AssignError {
    fn from(error: store::Error) -> Self {
        Self::Act(error.into())
    }
}

/// What became of many that were given at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    pub assigned: u32,
    /// Changed by somebody meanwhile, and left alone.
    pub stale: u32,
    /// The new owner's role has no part in them; left alone.
    pub not_theirs: u32,
}

/// Gives a referral to a person, or back to all.
pub async fn assign(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    owner: Option<UserId>,
) -> Result<Referral, AssignError> {
    const ACTION: &str = "assign";
    let now = app.clock.now();
    let (mut tx, mut referral) = find_to_change(app, actor, Permission::Assign, ACTION, id, now).await?;
    let version = referral.version;
    if expected.is_some_and(|expected| expected != version) {
        return Err(ActError::Stale { current: version }.into());
    }
    if let Some(owner) = &owner {
        can_own(&mut tx, owner, &referral).await?;
    }
    referral.owner = owner;
    remark(&mut tx, actor, &mut referral, ACTION, Remark::default(), now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await?;
    Ok(referral)
}

async fn can_own(tx: &mut Tx, owner: &UserId, referral: &Referral) -> Result<(), AssignError> {
    let user = users::find(tx, owner)
        .await?
        .filter(|user| user.disabled_at.is_none())
        .ok_or(AssignError::NoSuchPerson)?;
    let access = grants::of(tx, &user.id).await?;
    if may_own(&access, referral.status.name(), referral.into()) {
        Ok(())
    } else {
        Err(AssignError::NotTheirs)
    }
}

/// Gives many, each with the version that the caller saw. Each is its own transaction: one that changed holds up no other.
pub async fn assign_all(
    app: &App,
    actor: &Actor,
    chosen: &[(ReferralId, u64)],
    owner: Option<&UserId>,
) -> Result<Assigned, AssignError> {
    let mut told = Assigned::default();
    for (id, version) in chosen {
        match assign(app, actor, id, Some(*version), owner.cloned()).await {
            Ok(_) => told.assigned += 1,
            Err(AssignError::Act(ActError::Stale { .. })) => told.stale += 1,
            Err(AssignError::NotTheirs) => told.not_theirs += 1,
            Err(error) => return Err(error),
        }
    }
    // Nothing at all fits: that is a wrong choice, not a remark.
    if told.assigned == 0 && told.stale == 0 && told.not_theirs > 0 {
        return Err(AssignError::NotTheirs);
    }
    Ok(told)
}
