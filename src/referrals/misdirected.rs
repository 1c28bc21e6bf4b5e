//! Pages that should not have come here: the sender is told by a person, and what they hold is destroyed after a time.

use super::act::ActError;
use super::permitted;
use super::retention::enqueue_erasing;
use crate::app::App;
use crate::domain::arrangement::Misdirected;
use crate::domain::ids::{ObjectId, TransmissionId};
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::jobs::JobError;
use crate::store::audit::{self, Outcome};
use crate::store::misdirected::MisdirectedPage;
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// How many pages one run destroys; the rest waits for the next.
const BATCH: i64 = 500;

pub(super) async fn mark(
    tx: &mut Tx,
    actor: &Actor,
    transmission: &TransmissionId,
    number: u32,
    reason: Misdirected,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let page = MisdirectedPage {
        transmission: transmission.clone(),
        number,
        reason,
        marked_by: actor.reference(),
        marked_at: now,
        told_at: None,
        destroyed_at: None,
    };
    store::misdirected::mark(tx, &page).await
}

/// A person has told the sender, on that day.
pub async fn told(app: &App, actor: &Actor, id: &TransmissionId, told_at: DateTime<Utc>) -> Result<(), ActError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    permitted::arrival(&mut tx, actor, Permission::CorrectFields, id).await??;
    let by = actor.reference();
    if store::misdirected::set_told(&mut tx, id, told_at.min(now), &by).await? == 0 {
        return Err(ActError::NotFound);
    }
    let entry = audit::Entry {
        actor,
        action: "tell_sender",
        resource_kind: "transmission",
        resource_id: id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "told_at": told_at.min(now) }),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Destroys what has been marked for longer than `[retention] misdirected_days`.
pub async fn expire(app: &App) -> Result<(), JobError> {
    let days = app.config.retention.misdirected_days;
    if days == 0 {
        return Ok(());
    }
    let before = app.clock.now() - TimeDelta::days(i64::from(days));
    let mut tx = app.db.read().await?;
    let expired = store::misdirected::expired(&mut tx, before, BATCH).await?;
    drop(tx);
    for page in expired {
        destroy(app, &page).await?;
    }
    // The original goes only where nothing of it is ours, and nobody works on it.
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    for (id, original) in store::misdirected::originals_left(&mut tx, BATCH).await? {
        shred(&mut tx, &id, &[original], "original".into(), now).await?;
    }
    Ok(tx.commit().await?)
}

/// The page's picture and words, and what was bound with it.
async fn destroy(app: &App, page: &MisdirectedPage) -> Result<(), JobError> {
    let now = app.clock.now();
    let id = &page.transmission;
    let mut tx = app.db.begin().await?;
    // Asked here once more: somebody may have placed a hold since.
    if store::retention::is_held(&mut tx, id).await? {
        return Ok(());
    }
    let mut objects = store::misdirected::bound_with(&mut tx, id, page.number).await?;
    let pages = store::pages::of_transmission(&mut tx, id).await?;
    if let Some(stored) = pages.into_iter().find(|stored| stored.number == page.number) {
        objects.extend([stored.image, stored.words]);
    }
    store::misdirected::set_destroyed(&mut tx, id, page.number, now).await?;
    let destroyed = shred(&mut tx, id, &objects, page.number.into(), now).await?;
    tx.commit().await?;
    tracing::info!(transmission.id = %id, page = page.number, objects = destroyed, "destroyed: not ours, and its time was over");
    Ok(())
}

/// What goes, with its row in the audit log. Says how many objects went.
async fn shred(
    tx: &mut Tx,
    id: &TransmissionId,
    objects: &[ObjectId],
    what: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<usize> {
    let mut destroyed = 0;
    for object in objects {
        if store::objects::shred(tx, object, now).await? {
            enqueue_erasing(tx, object, now).await?;
            destroyed += 1;
        }
    }
    let entry = audit::Entry {
        actor: &Actor::System,
        action: "shred",
        resource_kind: "transmission",
        resource_id: id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "reason": "not_ours", "page": what, "objects": destroyed }),
    };
    audit::insert(tx, &entry, now).await?;
    Ok(destroyed)
}
