//! Anchors, added and removed one by one, each time with a row in the audit log.

use super::TrustError;
use crate::app::App;
use crate::direct::certificate::{Certificate, CertificateProblem};
use crate::direct::trust::anchors::{Direction, HoldsFor};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource, authorize};
use crate::store::anchors::{BY_PERSON, StoredAnchor};
use crate::store::audit::{self, Outcome};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// Which of our addresses, and for which messages.
#[derive(Clone, Debug)]
pub struct Holding {
    pub holds_for: HoldsFor,
    pub directions: Vec<Direction>,
}

impl Holding {
    /// `incoming`, `outgoing` or `both`.
    pub fn direction(&self) -> &'static str {
        match self.directions[..] {
            [one] => one.as_str(),
            _ => "both",
        }
    }
}

/// Adds an anchor. Gives it as it stands, and whether any of it is new.
pub async fn add(app: &App, actor: &Actor, certificate: &Certificate, holding: &Holding) -> Result<bool, TrustError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let now = app.clock.now();
    if certificate.not_after().is_none_or(|end| end < now) {
        return Err(CertificateProblem::Expired.into());
    }
    let mut tx = app.db.begin().await?;
    let mut is_new = false;
    for direction in &holding.directions {
        let anchor = stored(certificate, &holding.holds_for, *direction, BY_PERSON, actor, now)?;
        if store::anchors::insert(&mut tx, &anchor).await? {
            is_new = true;
            noted(&mut tx, actor, "add_anchor", &anchor, now).await?;
        }
    }
    tx.commit().await?;
    Ok(is_new)
}

/// Takes away what a person added. What came with a bundle goes with the bundle.
pub async fn remove(app: &App, actor: &Actor, fingerprint: &str, holding: &Holding) -> Result<(), TrustError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let now = app.clock.now();
    let key = holding.holds_for.key();
    let mut tx = app.db.begin().await?;
    let mut was_there = false;
    for anchor in store::anchors::list(&mut tx).await? {
        let meant = anchor.holds_for == key
            && anchor.fingerprint == fingerprint
            && anchor.source == BY_PERSON
            && holding
                .directions
                .iter()
                .any(|direction| direction.as_str() == anchor.direction);
        if meant && store::anchors::remove(&mut tx, &key, &anchor.direction, fingerprint, BY_PERSON).await? {
            was_there = true;
            noted(&mut tx, actor, "remove_anchor", &anchor, now).await?;
        }
    }
    tx.commit().await?;
    if was_there { Ok(()) } else { Err(TrustError::NoAnchor) }
}

pub(super) fn stored(
    certificate: &Certificate,
    holds_for: &HoldsFor,
    direction: Direction,
    source: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<StoredAnchor, CertificateProblem> {
    Ok(StoredAnchor {
        holds_for: holds_for.key(),
        direction: direction.as_str().to_owned(),
        fingerprint: certificate.fingerprint(),
        source: source.to_owned(),
        certificate: certificate.to_der(),
        not_after: certificate.not_after().ok_or(CertificateProblem::Malformed)?,
        added_by: actor.reference(),
        created_at: now,
    })
}

async fn noted(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    anchor: &StoredAnchor,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "direct_anchor",
        resource_id: &anchor.fingerprint,
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "holds_for": anchor.holds_for, "direction": anchor.direction }),
    };
    audit::insert(tx, &entry, now).await
}
