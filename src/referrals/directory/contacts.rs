//! An entry's numbers and addresses: added, preferred, removed, and verified by a person, a certificate or a delivery.

use super::{DirectoryError, noted, to_change};
use crate::domain::contact::{ContactAct, ContactKind, ContactSource, Evidence};
use crate::domain::ids::DirectoryId;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource, authorize};
use crate::referrals::delivery::certificate_of;
use crate::store::deliveries::Delivery;
use crate::store::directory::Entry;
use crate::store::directory_contacts::{self as contacts, Contact};
use crate::store::{self, Db, Tx};
use chrono::{DateTime, Utc};

/// How many addresses one check goes through.
const CHECKED_MAX: u32 = 10_000;

/// Does one thing with one value of an entry. The entry is locked meanwhile, so that two of these never mix.
pub async fn change_contact(
    db: &Db,
    actor: &Actor,
    id: &DirectoryId,
    act: ContactAct,
    (kind, value): (ContactKind, &str),
    now: DateTime<Utc>,
) -> Result<(), DirectoryError> {
    authorize(actor, Permission::EditDirectory, Resource::Installation)?;
    let problem = |problem| DirectoryError::Field {
        field: kind.as_str(),
        problem,
    };
    let value = kind.parse(value).map_err(problem)?;
    let mut tx = db.begin().await?;
    let entry = to_change(&mut tx, id).await?;
    match act {
        ContactAct::Add => add(&mut tx, entry, (kind, value), ContactSource::of(actor), now).await?,
        ContactAct::Prefer => prefer(&mut tx, entry, (kind, value), now).await?,
        ContactAct::Remove => remove(&mut tx, entry, (kind, value), now).await?,
        ContactAct::Verify => {
            let contact = found(&mut tx, id, kind, &value).await?;
            set_verified(&mut tx, contact, actor, Evidence::Person, now).await?;
        }
        ContactAct::Check => {
            let contact = found(&mut tx, id, kind, &value).await?;
            if kind != ContactKind::Direct || certificate_of(&mut tx, &value, now).await?.is_none() {
                return Err(DirectoryError::NoCertificate);
            }
            set_verified(&mut tx, contact, actor, Evidence::Certificate, now).await?;
        }
        ContactAct::Unverify => {
            let contact = Contact {
                verified_at: None,
                verified_by: None,
                evidence: None,
                ..found(&mut tx, id, kind, &value).await?
            };
            contacts::save(&mut tx, &contact).await?;
        }
    }
    noted(
        &mut tx,
        actor,
        act.as_str(),
        id,
        serde_json::json!({ "kind": kind }),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

async fn found(tx: &mut Tx, id: &DirectoryId, kind: ContactKind, value: &str) -> Result<Contact, DirectoryError> {
    contacts::find(tx, id, kind, value)
        .await?
        .ok_or(DirectoryError::NoSuchContact)
}

/// The first of its kind is the preferred one.
async fn add(
    tx: &mut Tx,
    mut entry: Entry,
    (kind, value): (ContactKind, String),
    source: ContactSource,
    now: DateTime<Utc>,
) -> Result<(), DirectoryError> {
    contacts::keep(tx, &entry.id, kind, &value, source, now).await?;
    if entry.preferred(kind).is_none() {
        entry.prefer(kind, Some(value));
    }
    entry.updated_at = now;
    Ok(store::directory::save(tx, &mut entry).await?)
}

async fn prefer(
    tx: &mut Tx,
    mut entry: Entry,
    (kind, value): (ContactKind, String),
    now: DateTime<Utc>,
) -> Result<(), DirectoryError> {
    found(tx, &entry.id, kind, &value).await?;
    entry.prefer(kind, Some(value));
    entry.updated_at = now;
    Ok(store::directory::save(tx, &mut entry).await?)
}

/// Another of its kind becomes the preferred one, a verified one if there is any.
async fn remove(
    tx: &mut Tx,
    mut entry: Entry,
    (kind, value): (ContactKind, String),
    now: DateTime<Utc>,
) -> Result<(), DirectoryError> {
    if !contacts::remove(tx, &entry.id, kind, &value).await? {
        return Err(DirectoryError::NoSuchContact);
    }
    if entry.preferred(kind) == Some(value.as_str()) {
        let mut left = contacts::of_entry(tx, &entry.id).await?;
        left.retain(|contact| contact.kind == kind);
        left.sort_by_key(|contact| !contact.is_verified());
        entry.prefer(kind, left.into_iter().next().map(|contact| contact.value));
    }
    entry.updated_at = now;
    Ok(store::directory::save(tx, &mut entry).await?)
}

async fn set_verified(
    tx: &mut Tx,
    contact: Contact,
    actor: &Actor,
    evidence: Evidence,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let contact = Contact {
        verified_at: Some(now),
        verified_by: Some(actor.reference()),
        evidence: Some(evidence),
        ..contact
    };
    contacts::save(tx, &contact).await
}

/// A message was delivered to the referrer's address, so it is theirs. What is verified already stays as it is.
pub(in crate::referrals) async fn delivered(tx: &mut Tx, delivery: &Delivery, now: DateTime<Utc>) -> store::Result<()> {
    let actor = &Actor::System;
    let Some(address) = &delivery.address else {
        return Ok(());
    };
    let Some(referral) = store::referrals::find(tx, &delivery.referral).await? else {
        return Ok(());
    };
    let Some(referrer) = referral.referrer else {
        return Ok(());
    };
    let Some(entry) = store::directory::standing(tx, &referrer.entry).await? else {
        return Ok(());
    };
    let address = address.to_lowercase();
    let contact = contacts::find(tx, &entry.id, ContactKind::Direct, &address).await?;
    let Some(contact) = contact.filter(|contact| !contact.is_verified()) else {
        return Ok(());
    };
    set_verified(tx, contact, actor, Evidence::Delivery, now).await?;
    let detail = serde_json::json!({ "kind": ContactKind::Direct, "delivery": delivery.id });
    noted(tx, actor, "verify_directory_contact", &entry.id, detail, now).await
}

/// Verifies every Direct address for which we hold a certificate of its own. Gives those that now are.
pub async fn verify_addresses(db: &Db, actor: &Actor, now: DateTime<Utc>) -> store::Result<Vec<Contact>> {
    let mut verified = Vec::new();
    let mut tx = db.begin().await?;
    for contact in contacts::unverified_addresses(&mut tx, CHECKED_MAX).await? {
        if certificate_of(&mut tx, &contact.value, now).await?.is_none() {
            continue;
        }
        set_verified(&mut tx, contact.clone(), actor, Evidence::Certificate, now).await?;
        let detail = serde_json::json!({ "kind": contact.kind, "by": Evidence::Certificate });
        noted(&mut tx, actor, "verify_directory_contact", &contact.entry, detail, now).await?;
        verified.push(contact);
    }
    tx.commit().await?;
    Ok(verified)
}
