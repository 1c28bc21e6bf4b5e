//! Destroying documents: when their time is over, or by hand. What goes is the data key; without it the bytes are noise, on every
//! disk and in every backup of the object store.

use crate::app::App;
use crate::domain::ids::{LegalHoldId, ObjectId, TransmissionId};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::retention::RetentionClass;
use crate::jobs::{JobError, Lane, NewJob};
use crate::store::audit::{self, Outcome};
use crate::store::jobs::{self, Claim};
use crate::store::retention::LegalHold;
use crate::store::{self, Tx, retention};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// The timer that destroys what has had its time.
pub const EXPIRE: &str = "expire_documents";
/// The job that makes room where a key was destroyed.
pub const ERASE: &str = "erase_object";
/// How many transmissions one run takes; the rest waits for the next.
const BATCH: i64 = 500;

#[derive(Debug, thiserror::Error)]
pub enum ShredError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no transmission {0}")]
    Missing(TransmissionId),
    #[error("{0} is under a legal hold; `referloop hold lift {0}` ends it")]
    Held(TransmissionId),
    #[error("a referral of {0} is still open: reject, decline, cancel or close it first")]
    Open(TransmissionId),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Destroys the documents of one transmission, of these classes, and says how many objects went.
pub async fn shred(
    app: &App,
    actor: &Actor,
    id: &TransmissionId,
    classes: &BTreeSet<RetentionClass>,
    reason: &str,
) -> Result<usize, ShredError> {
    authorize(actor, Permission::DestroyDocuments, Resource::Installation)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if store::transmissions::find(&mut tx, id).await?.is_none() {
        return Err(ShredError::Missing(id.clone()));
    }
    // Asked here once more: somebody may have placed a hold or opened a referral since the timer looked.
    if retention::is_held(&mut tx, id).await? {
        return Err(ShredError::Held(id.clone()));
    }
    if retention::is_open(&mut tx, id).await? {
        return Err(ShredError::Open(id.clone()));
    }
    let mut destroyed = 0;
    for (object, kind) in retention::objects_of(&mut tx, id).await? {
        if classes.contains(&RetentionClass::of(kind)) && store::objects::shred(&mut tx, &object, now).await? {
            enqueue_erasing(&mut tx, &object, now).await?;
            destroyed += 1;
        }
    }
    let detail = serde_json::json!({ "reason": reason, "classes": classes, "objects": destroyed });
    audited(&mut tx, actor, "shred", id, detail, now).await?;
    tx.commit().await?;
    Ok(destroyed)
}

pub(super) async fn enqueue_erasing(tx: &mut Tx, object: &ObjectId, now: DateTime<Utc>) -> store::Result<()> {
    let job = NewJob {
        name: ERASE,
        lane: Lane::Quick,
        subject: object.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority: 10,
    };
    jobs::enqueue(tx, job, now).await
}

/// Removes the bytes of an object whose key was destroyed, and of no other.
pub async fn erase(app: App, claim: Claim) -> Result<(), JobError> {
    let parsed = claim.job.subject.parse::<ObjectId>();
    let id = parsed.map_err(|_| JobError::fail("no_object_id"))?;
    let mut tx = app.db.read().await?;
    let object = store::objects::find(&mut tx, &id).await?;
    drop(tx);
    match object {
        Some(object) if object.shredded_at.is_some() => Ok(app.vault.delete(&id).await?),
        _ => Err(JobError::fail("object_not_shredded")),
    }
}

/// Destroys what is older than its class may be.
pub async fn expire(app: App) -> Result<(), JobError> {
    super::misdirected::expire(&app).await?;
    for class in RetentionClass::ALL {
        let Some(age) = app.config.retention.age(class) else {
            continue;
        };
        let before = app.clock.now() - age;
        let mut tx = app.db.read().await?;
        let expired = retention::expired(&mut tx, class, before, BATCH).await?;
        drop(tx);
        for id in expired {
            match shred(&app, &Actor::System, &id, &BTreeSet::from([class]), "retention").await {
                Ok(objects) => {
                    tracing::info!(transmission.id = %id, class = class.as_str(), objects, "destroyed: its time was over");
                }
                Err(ShredError::Held(_) | ShredError::Open(_)) => {}
                Err(ShredError::Store(error)) => return Err(error.into()),
                Err(error) => return Err(JobError::fail("shred").because(error)),
            }
        }
    }
    Ok(())
}

/// Keeps a transmission's documents beyond their time. `false` where a hold stands already.
pub async fn place_hold(app: &App, actor: &Actor, id: &TransmissionId, reason: &str) -> Result<bool, ShredError> {
    authorize(actor, Permission::DestroyDocuments, Resource::Installation)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if store::transmissions::find(&mut tx, id).await?.is_none() {
        return Err(ShredError::Missing(id.clone()));
    }
    let hold = LegalHold {
        id: LegalHoldId::new(now),
        transmission: id.clone(),
        reason: reason.to_owned(),
        placed_at: now,
    };
    let placed = retention::place_hold(&mut tx, &hold).await?;
    if placed {
        let detail = serde_json::json!({ "hold": hold.id });
        audited(&mut tx, actor, "place_legal_hold", id, detail, now).await?;
    }
    tx.commit().await?;
    Ok(placed)
}

/// `false` where no hold stood.
pub async fn lift_hold(app: &App, actor: &Actor, id: &TransmissionId) -> Result<bool, ShredError> {
    authorize(actor, Permission::DestroyDocuments, Resource::Installation)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let lifted = retention::lift_hold(&mut tx, id, now).await?;
    if lifted {
        audited(&mut tx, actor, "lift_legal_hold", id, serde_json::json!({}), now).await?;
    }
    tx.commit().await?;
    Ok(lifted)
}

async fn audited(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    id: &TransmissionId,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "transmission",
        resource_id: id.as_str(),
        outcome: Outcome::Allowed,
        detail,
    };
    audit::insert(tx, &entry, now).await
}
