//! What could not be processed stays visible with its reason, and can be tried again.

use super::beside::release_waiting;
use super::receive::enqueue_reading;
use crate::app::App;
use crate::domain::ids::TransmissionId;
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::transmission::{QuarantineReason, Stage};
use crate::jobs::Job;
use crate::store::audit::{self, Outcome};
use crate::store::{self, Tx};

#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    #[error("there is no such transmission")]
    NotFound,
    #[error("this transmission is not set aside")]
    NotSetAside,
    #[error("trying again would end the same way")]
    Hopeless(QuarantineReason),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Marks the transmission whose job was set aside. Runs in the transaction that sets the job aside.
pub(super) async fn set_aside(app: &App, tx: &mut Tx, job: &Job, code: &str) -> store::Result<()> {
    let Ok(id) = job.subject.parse::<TransmissionId>() else {
        return Ok(());
    };
    let reason = serde_json::from_value::<QuarantineReason>(serde_json::Value::String(code.to_owned()))
        .unwrap_or(QuarantineReason::ProcessingFailed);
    store::transmissions::set_stage(tx, &id, Stage::Quarantined, Some(reason)).await?;
    // It opens no referral: what waited for it goes on alone.
    release_waiting(tx, &id, app.clock.now()).await?;
    metrics::counter!("referloop_quarantined_total", "reason" => code.to_owned()).increment(1);
    tracing::warn!(transmission.id = %id, reason = code, "transmission `{id}` was set aside");
    if reason == QuarantineReason::ForbiddenCall {
        attacked(app, tx, &id).await?;
    }
    Ok(())
}

/// A document made its reader do what no document needs: somebody tried to break in.
async fn attacked(app: &App, tx: &mut Tx, id: &TransmissionId) -> store::Result<()> {
    metrics::counter!("referloop_security_events_total", "kind" => "forbidden_call").increment(1);
    tracing::error!(
        security.event = "forbidden_call",
        transmission.id = %id,
        "transmission `{id}` made its reading child attempt a forbidden system call; the kernel ended the child"
    );
    let entry = audit::Entry {
        actor: &Actor::System,
        action: "forbidden_call",
        resource_kind: "transmission",
        resource_id: id.as_str(),
        outcome: Outcome::Denied,
        detail: serde_json::json!({}),
    };
    audit::insert(tx, &entry, app.clock.now()).await
}

/// Tries a set-aside transmission again, from its reading on.
pub async fn retry(app: &App, actor: &Actor, id: &TransmissionId) -> Result<(), RetryError> {
    authorize(actor, Permission::RetryQuarantined, Resource::Somewhere)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let transmission = store::transmissions::find(&mut tx, id)
        .await?
        .ok_or(RetryError::NotFound)?;
    let arrived = Resource::Arrival {
        site: &transmission.site,
    };
    authorize(actor, Permission::RetryQuarantined, arrived)?;
    if transmission.stage != Stage::Quarantined {
        return Err(RetryError::NotSetAside);
    }
    if let Some(reason) = transmission.reason.filter(|reason| !reason.may_be_retried()) {
        return Err(RetryError::Hopeless(reason));
    }
    for name in [super::read::JOB, super::extract::JOB] {
        if let Some(job) = store::jobs::find_quarantined(&mut tx, name, id.as_str()).await? {
            store::jobs::discard(&mut tx, &job.id).await?;
        }
    }
    store::pages::forget_unreadable(&mut tx, id).await?;
    store::transmissions::set_stage(&mut tx, id, Stage::Stored, None).await?;
    enqueue_reading(&mut tx, id, &transmission.details, now).await?;
    let entry = audit::Entry {
        actor,
        action: "retry",
        resource_kind: "transmission",
        resource_id: id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(())
}
