//! The one write path: a transition with its history, its audit row and the times that follow from it.

use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::domain::people::Actor;
use crate::domain::permission::Denied;
use crate::domain::referral::{Event, InvalidTransition, Referral, StatusName, transition};
use crate::domain::sla::Deadlines;
use crate::store::audit::{self, Outcome};
use crate::store::events::HistoryEntry;
use crate::store::{self, Db, Tx};
use chrono::{DateTime, Utc};

/// What a person says beside an act.
#[derive(Clone, Debug, Default)]
pub(super) struct Remark {
    /// A code.
    pub reason: Option<String>,
    pub note: Option<String>,
    /// Fields that were in sight, for the audit log.
    pub seen: Vec<FieldKey>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum RecordError {
    #[error(transparent)]
    Invalid(#[from] InvalidTransition),
    #[error("somebody else changed the referral meanwhile")]
    Overtaken,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Moves a referral on and writes everything that belongs to it. The caller has authorized and commits.
pub(super) async fn record(
    tx: &mut Tx,
    deadlines: &Deadlines,
    actor: &Actor,
    referral: &mut Referral,
    event: &Event,
    remark: Remark,
    now: DateTime<Utc>,
) -> Result<(), RecordError> {
    let from = referral.status.name();
    let next = transition(&referral.status, event, now)?;
    let to = next.name();
    referral.status = next;
    // The clinic's promise runs from the arrival, however long reading took.
    if from != to && from != StatusName::Received {
        referral.status_since = now;
    }
    if referral.queue != to.queue() {
        // The next role's list: whoever had it is done with it.
        referral.queue = to.queue();
        referral.owner = None;
    }
    referral.deadline_at = deadlines.deadline(to, referral.urgency, referral.status_since);
    referral.escalated_at = None;
    referral.escalation_level = 0;
    if !store::referrals::save(tx, referral, now).await? {
        return Err(RecordError::Overtaken);
    }
    let entry = HistoryEntry {
        actor: actor.reference(),
        action: event.name().as_str().to_owned(),
        from,
        to,
        reason: remark.reason,
        note: remark.note,
        at: now,
    };
    store::events::append(tx, &referral.id, &entry).await?;
    if from.is_before_release() && !to.is_before_release() {
        // There is nothing left to review.
        store::claims::end(tx, &referral.id).await?;
    }
    let detail = if remark.seen.is_empty() {
        serde_json::json!({})
    } else {
        serde_json::json!({ "seen": remark.seen })
    };
    let act = event.name().as_str();
    audited(tx, actor, act, &referral.id, Outcome::Allowed, detail, now).await?;
    metrics::counter!("referloop_referral_events_total", "event" => event.name().as_str()).increment(1);
    Ok(())
}

/// An entry of the history that moves nothing: an assignment, a correction, an escalation.
pub(super) async fn remark(
    tx: &mut Tx,
    actor: &Actor,
    referral: &mut Referral,
    action: &'static str,
    remark: Remark,
    now: DateTime<Utc>,
) -> Result<(), RecordError> {
    if !store::referrals::save(tx, referral, now).await? {
        return Err(RecordError::Overtaken);
    }
    let status = referral.status.name();
    let entry = HistoryEntry {
        actor: actor.reference(),
        action: action.to_owned(),
        from: status,
        to: status,
        reason: remark.reason,
        note: remark.note,
        at: now,
    };
    store::events::append(tx, &referral.id, &entry).await?;
    audit_row(tx, actor, action, &referral.id, Outcome::Allowed, now).await?;
    Ok(())
}

pub(super) async fn audit_row(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    id: &ReferralId,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> store::Result<()> {
    audited(tx, actor, action, id, outcome, serde_json::json!({}), now).await
}

async fn audited(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    id: &ReferralId,
    outcome: Outcome,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "referral",
        resource_id: id.as_str(),
        outcome,
        detail,
    };
    audit::insert(tx, &entry, now).await
}

/// A refusal is written by itself, since the act's own transaction never comes to be.
pub(super) async fn audit_denial(
    db: &Db,
    actor: &Actor,
    action: &'static str,
    id: &ReferralId,
    denied: Denied,
    now: DateTime<Utc>,
) -> store::Result<Denied> {
    let mut tx = db.begin().await?;
    audit_row(&mut tx, actor, action, id, Outcome::Denied, now).await?;
    tx.commit().await?;
    Ok(denied)
}
