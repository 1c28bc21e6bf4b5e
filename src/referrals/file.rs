//! Documents that are no referrals: a person looks once and puts them away, or says that they are one after all.

use super::act::{ActError, Obstacle};
use super::claim::unclaimed;
use super::open::{NewReferral, open};
use super::permitted;
use crate::app::App;
use crate::domain::decision::Route;
use crate::domain::document::{DocumentKind, DocumentState};
use crate::domain::fields::ExtractedDocument;
use crate::domain::ids::{DocumentId, ReferralId};
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::{Action, Referral};
use crate::store::audit::{self, Outcome};
use crate::store::documents::StoredDocument;
use crate::store::routes::{self, Routed};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Puts a document away that is no referral.
pub async fn put_away(app: &App, actor: &Actor, id: &DocumentId) -> Result<(), ActError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    permitted::document(&mut tx, actor, Permission::Act(Action::Reject), id).await?;
    let document = store::documents::find(&mut tx, id).await?.ok_or(ActError::NotFound)?;
    free(&mut tx, actor, id, now).await?;
    if store::documents::file(&mut tx, id, &actor.reference(), now).await? {
        audited(&mut tx, actor, "put_away", &document, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A document that was opened as a referral since the list was loaded is the referral's, and may be under review.
async fn free(tx: &mut Tx, actor: &Actor, id: &DocumentId, now: DateTime<Utc>) -> Result<(), ActError> {
    let Some(referral) = store::referrals::of_document(tx, id).await? else {
        return Ok(());
    };
    let referral = store::referrals::find_to_change(tx, &referral).await?;
    let referral = referral.ok_or(ActError::NotFound)?;
    unclaimed(tx, actor, &referral, now).await
}

/// Puts a document away where it belongs. Opening it as a referral takes that back.
pub async fn route(
    app: &App,
    actor: &Actor,
    id: &DocumentId,
    route: Route,
    to: Option<&ReferralId>,
) -> Result<(), ActError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    permitted::document(&mut tx, actor, Permission::Act(Action::Reject), id).await?;
    let document = store::documents::find(&mut tx, id).await?.ok_or(ActError::NotFound)?;
    free(&mut tx, actor, id, now).await?;
    keep_route(&mut tx, actor, id, route, to, now).await?;
    store::documents::file(&mut tx, id, &actor.reference(), now).await?;
    audited(&mut tx, actor, "route_document", &document, now).await?;
    tx.commit().await?;
    Ok(())
}

/// What belongs to rejecting a referral that is none. Part of the act that rejects it.
pub(super) async fn route_away(
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    route: Route,
    to: Option<&ReferralId>,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if to == Some(&referral.id) {
        return Err(Obstacle::NoSuchReferral.into());
    }
    let document = store::documents::find(tx, &referral.document)
        .await?
        .ok_or(ActError::NotFound)?;
    keep_route(tx, actor, &referral.document, route, to, now).await?;
    audited(tx, actor, "route_document", &document, now).await?;
    Ok(())
}

/// A consult note belongs to a referral of ours; nothing else does.
async fn keep_route(
    tx: &mut Tx,
    actor: &Actor,
    document: &DocumentId,
    route: Route,
    to: Option<&ReferralId>,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let referral = match (route, to) {
        (Route::ConsultNote, Some(to)) => {
            let found = store::referrals::find(tx, to).await?;
            Some(found.ok_or(Obstacle::NoSuchReferral)?.id)
        }
        (Route::ConsultNote, None) => return Err(Obstacle::NoSuchReferral.into()),
        (Route::LabResult | Route::RecordsRequest | Route::Junk, _) => None,
    };
    let routed = Routed {
        document: document.clone(),
        route,
        referral,
        routed_by: actor.reference(),
        routed_at: now,
    };
    routes::put(tx, &routed).await?;
    Ok(())
}

/// Opens a referral on a document that was taken for something else. Its fields are for a person to type.
pub async fn treat_as_referral(app: &App, actor: &Actor, id: &DocumentId) -> Result<ReferralId, ActError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    permitted::document(&mut tx, actor, Permission::Act(Action::Reopen), id).await?;
    let document = store::documents::find(&mut tx, id).await?.ok_or(ActError::NotFound)?;
    let existing = store::referrals::of_document(&mut tx, id).await?;
    if let Some(referral) = existing {
        return Ok(referral);
    }
    let transmission = store::transmissions::find(&mut tx, &document.transmission)
        .await?
        .ok_or(ActError::NotFound)?;
    let extracted = ExtractedDocument {
        kind: DocumentKind::Referral,
        pages: document.pages,
        state: DocumentState::NeedsReview,
        template: None,
        fields: BTreeMap::new(),
        missing: Vec::new(),
        problems: Vec::new(),
        remarks: Vec::new(),
        doubtful: Vec::new(),
    };
    let new = NewReferral {
        document: &document.id,
        transmission: &document.transmission,
        site: &transmission.site,
        details: &transmission.details,
        extracted: &extracted,
        arrived_at: transmission.arrived_at,
    };
    let referral = open(app, &mut tx, &new, now).await?;
    routes::forget(&mut tx, &document.id).await?;
    audited(&mut tx, actor, "treat_as_referral", &document, now).await?;
    tx.commit().await?;
    Ok(referral)
}

async fn audited(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    document: &StoredDocument,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "document",
        resource_id: document.id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    audit::insert(tx, &entry, now).await
}
