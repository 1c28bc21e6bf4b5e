//! Breaking the glass: a person sees for an hour what they were not granted, says why, and somebody else reviews it
//! (HIPAA §164.312(a)(2)(ii), emergency access procedure).

use crate::domain::emergency::{self, LASTS, Verdict};
use crate::domain::ids::{EmergencyId, ReferralId};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::store::audit::{self, Entry, Outcome};
use crate::store::emergencies::{self, Emergency};
use crate::store::{self, Db};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum EmergencyError {
    #[error(
        "say in {min} to {max} characters what the emergency is: somebody else will read it",
        min = emergency::REASON_CHARACTERS_MIN,
        max = emergency::REASON_CHARACTERS_MAX
    )]
    Reason,
    #[error("only a person has an emergency: sign in with an account")]
    NotAPerson,
    #[error("somebody reviewed it before, or it is your own: another person must review it")]
    NotYours,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Breaks the glass for this person, from now on for an hour.
pub async fn declare(
    db: &Db,
    actor: &Actor,
    referral: Option<ReferralId>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Emergency, EmergencyError> {
    authorize(actor, Permission::BreakGlass, Resource::Somewhere)?;
    let user = actor.user().ok_or(EmergencyError::NotAPerson)?;
    let reason = emergency::reason(reason).ok_or(EmergencyError::Reason)?;
    let declared = Emergency {
        id: EmergencyId::new(now),
        user: user.clone(),
        referral,
        reason,
        started_at: now,
        ends_at: now + LASTS,
        review: None,
    };
    let mut tx = db.begin().await?;
    emergencies::end(&mut tx, user, now).await?;
    emergencies::insert(&mut tx, &declared).await?;
    let entry = Entry {
        actor,
        action: "break_glass",
        resource_kind: "emergency",
        resource_id: declared.id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "referral": declared.referral, "ends_at": declared.ends_at }),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    // What alerts are made of: see docs/guides/operator.md.
    metrics::counter!("referloop_emergencies_total").increment(1);
    tracing::warn!(emergency.id = %declared.id, user.id = %user, "somebody broke the glass");
    Ok(declared)
}

/// The emergency is over before its hour is.
pub async fn end(db: &Db, actor: &Actor, now: DateTime<Utc>) -> Result<(), EmergencyError> {
    let user = actor.user().ok_or(EmergencyError::NotAPerson)?;
    let mut tx = db.begin().await?;
    if emergencies::end(&mut tx, user, now).await? > 0 {
        let entry = Entry {
            actor,
            action: "end_emergency",
            resource_kind: "user",
            resource_id: user.as_str(),
            outcome: Outcome::Allowed,
            detail: serde_json::json!({}),
        };
        audit::insert(&mut tx, &entry, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Another person says whether it was one.
pub async fn review(
    db: &Db,
    actor: &Actor,
    id: &EmergencyId,
    verdict: Verdict,
    now: DateTime<Utc>,
) -> Result<(), EmergencyError> {
    authorize(actor, Permission::ReviewEmergencies, Resource::Installation)?;
    let mut tx = db.begin().await?;
    if !emergencies::review(&mut tx, id, &actor.reference(), verdict, now).await? {
        return Err(EmergencyError::NotYours);
    }
    let entry = Entry {
        actor,
        action: "review_emergency",
        resource_kind: "emergency",
        resource_id: id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "verdict": verdict }),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(())
}
