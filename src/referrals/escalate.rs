//! The timer that nobody can forget: what is overdue goes to the lead of the role that owes it, and says so.

use super::record::{RecordError, Remark, remark};
use crate::app::App;
use crate::domain::ids::{ReferralId, UserId};
use crate::domain::people::Actor;
use crate::jobs::JobError;
use crate::store;

/// The name of the timer's job.
pub const ESCALATE: &str = "escalate_overdue";

/// How many a single run looks at; what is left is taken by the next.
const BATCH: u32 = 100;

/// Moves every overdue referral to its role's lead. Looks at the state anew each time, so that a missed run heals itself.
pub async fn escalate_overdue(app: App) -> Result<(), JobError> {
    let mut tx = app.db.read().await?;
    let overdue = store::referrals::overdue(&mut tx, app.clock.now(), BATCH).await?;
    drop(tx);
    for id in overdue {
        escalate(&app, &id).await?;
    }
    Ok(())
}

async fn escalate(app: &App, id: &ReferralId) -> Result<(), store::Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(mut referral) = store::referrals::find_to_change(&mut tx, id).await? else {
        return Ok(());
    };
    // Somebody may have moved it since the timer looked.
    let still_overdue = referral.deadline_at.is_some_and(|deadline| deadline < now);
    if !still_overdue || referral.status.name().is_ended() {
        return Ok(());
    }
    let lead = lead_of(app, &mut tx, referral.queue).await?;
    let reason = if lead.is_some() {
        "overdue"
    } else {
        "overdue_without_lead"
    };
    referral.owner = lead.or(referral.owner);
    referral.escalated_at = Some(now);
    referral.escalation_level += 1;
    let said = Remark {
        reason: Some(reason.to_owned()),
        ..Remark::default()
    };
    match remark(&mut tx, &Actor::System, &mut referral, "escalate", said, now).await {
        Ok(()) => {
            tx.commit().await?;
            metrics::counter!("referloop_sla_breaches_total").increment(1);
            tracing::warn!(referral.id = %id, reason, "referral `{id}` is overdue and was escalated");
            Ok(())
        }
        // The next run looks again.
        Err(RecordError::Overtaken | RecordError::Invalid(_)) => Ok(()),
        Err(RecordError::Store(error)) => Err(error),
    }
}

async fn lead_of(
    app: &App,
    tx: &mut store::Tx,
    role: crate::domain::people::Role,
) -> Result<Option<UserId>, store::Error> {
    let Some(name) = app.config.automation.leads.get(&role) else {
        return Ok(None);
    };
    let user = store::users::find_by_name(tx, name).await?;
    Ok(user.filter(|user| user.disabled_at.is_none()).map(|user| user.id))
}
