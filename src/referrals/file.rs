//! Documents that are no referrals: a person looks once and puts them away, or says that they are one after all.

use super::act::ActError;
use super::open::{NewReferral, open};
use crate::app::App;
use crate::domain::document::{DocumentKind, DocumentState};
use crate::domain::fields::ExtractedDocument;
use crate::domain::ids::{DocumentId, ReferralId};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Action;
use crate::store::audit::{self, Outcome};
use crate::store::documents::StoredDocument;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Puts a document away that is no referral.
pub async fn put_away(app: &App, actor: &Actor, id: &DocumentId) -> Result<(), ActError> {
    authorize(actor, Permission::Act(Action::Reject))?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let document = store::documents::find(&mut tx, id).await?.ok_or(ActError::NotFound)?;
    if store::documents::file(&mut tx, id, &actor.reference(), now).await? {
        audited(&mut tx, actor, "put_away", &document, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Opens a referral on a document that was taken for something else. Its fields are for a person to type.
pub async fn treat_as_referral(app: &App, actor: &Actor, id: &DocumentId) -> Result<ReferralId, ActError> {
    authorize(actor, Permission::Act(Action::Reopen))?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
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
    };
    let new = NewReferral {
        document: &document.id,
        transmission: &document.transmission,
        details: &transmission.details,
        extracted: &extracted,
        arrived_at: transmission.arrived_at,
    };
    let referral = open(app, &mut tx, &new, now).await?;
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
