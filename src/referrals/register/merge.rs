//! Two patients of the register that are one, and back.

use super::settle::{own, rebuild};
use crate::app::App;
use crate::domain::ids::{PatientId, PatientMergeId};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::register::{Basis, may_join};
use crate::store::audit::{self, Entry, Outcome};
use crate::store::patient_merges::{self, Merge};
use crate::store::patients::{self, Patient};
use crate::store::{self, Tx, patient_links};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("there is no such patient, or it was made one with another before; look at the patient again")]
    NoSuchPatient,
    #[error("a patient can't be made one with itself")]
    Same,
    #[error(
        "these two do not fit well enough to be one: if they are, correct what the referrals say of them first, then try again"
    )]
    DoesNotFit,
    #[error(
        "somebody said that these are two; whoever knows better takes the referrals to the right patient one by one"
    )]
    Apart,
    #[error("there is no such merge")]
    NoSuchMerge,
    #[error("it was taken back before")]
    UndoneBefore,
    #[error("the patient was made one with another since: take that back first")]
    MergedSince,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Makes two patients one: the loser's referrals go to the survivor. Refused where they would not even be offered to a person.
pub async fn merge(
    app: &App,
    actor: &Actor,
    survivor: &PatientId,
    loser: &PatientId,
) -> Result<PatientMergeId, MergeError> {
    authorize(actor, Permission::MergePatients, Resource::Installation)?;
    if survivor == loser {
        return Err(MergeError::Same);
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // In one order, so that two who merge the same two wait for each other.
    let (first, second) = if survivor < loser {
        (survivor, loser)
    } else {
        (loser, survivor)
    };
    let pair = (
        own(&mut tx, first).await?.ok_or(MergeError::NoSuchPatient)?,
        own(&mut tx, second).await?.ok_or(MergeError::NoSuchPatient)?,
    );
    if patient_merges::apart_from(&mut tx, survivor).await?.contains(loser) {
        return Err(MergeError::Apart);
    }
    if !fit(&mut tx, &pair.0, &pair.1).await? {
        return Err(MergeError::DoesNotFit);
    }
    let moved = patients::referrals_of(&mut tx, loser, u32::MAX >> 1).await?;
    let by = actor.reference();
    for referral in &moved {
        patient_links::put(&mut tx, referral, survivor, Basis::Merge, None, &by, now).await?;
    }
    patients::set_merged(&mut tx, loser, Some(survivor)).await?;
    let merge = Merge {
        id: PatientMergeId::new(now),
        survivor: survivor.clone(),
        loser: loser.clone(),
        moved,
        merged_by: by,
        merged_at: now,
        undone: None,
    };
    patient_merges::insert(&mut tx, &merge).await?;
    rebuild(&mut tx, survivor, now).await?;
    record(&mut tx, actor, "merge_patients", survivor, &merge, now).await?;
    tx.commit().await?;
    Ok(merge.id)
}

/// Takes a merge back: what was moved goes back, as far as it is still where it was moved to.
pub async fn undo(app: &App, actor: &Actor, id: &PatientMergeId) -> Result<(), MergeError> {
    authorize(actor, Permission::MergePatients, Resource::Installation)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let merge = patient_merges::find(&mut tx, id)
        .await?
        .ok_or(MergeError::NoSuchMerge)?;
    if merge.undone.is_some() {
        return Err(MergeError::UndoneBefore);
    }
    own(&mut tx, &merge.survivor).await?.ok_or(MergeError::MergedSince)?;
    let by = actor.reference();
    for referral in &merge.moved {
        // One that a person has given to somebody else since stays there.
        if patient_links::patient_of(&mut tx, referral).await?.as_ref() == Some(&merge.survivor) {
            patient_links::put(&mut tx, referral, &merge.loser, Basis::Undo, None, &by, now).await?;
        }
    }
    patients::set_merged(&mut tx, &merge.loser, None).await?;
    if !patient_merges::undo(&mut tx, id, &by, now).await? {
        return Err(MergeError::UndoneBefore);
    }
    rebuild(&mut tx, &merge.loser, now).await?;
    rebuild(&mut tx, &merge.survivor, now).await?;
    record(&mut tx, actor, "undo_merge", &merge.survivor, &merge, now).await?;
    tx.commit().await?;
    Ok(())
}

/// A person says that two patients are two. They are not offered as one again.
pub async fn apart(app: &App, actor: &Actor, one: &PatientId, other: &PatientId) -> Result<(), MergeError> {
    authorize(actor, Permission::MergePatients, Resource::Installation)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    for id in [one, other] {
        own(&mut tx, id).await?.ok_or(MergeError::NoSuchPatient)?;
    }
    patient_merges::set_apart(&mut tx, one, other, &actor.reference(), now).await?;
    let entry = Entry {
        actor,
        action: "tell_patients_apart",
        resource_kind: "patient",
        resource_id: one.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "other": other }),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether any description of the one fits the other's at least as well as one would be asked about.
async fn fit(tx: &mut Tx, one: &Patient, other: &Patient) -> store::Result<bool> {
    let model = super::model(tx).await?;
    let people = other.record.descriptions.iter();
    let mut compared = people.filter_map(|description| one.record.compare(&model, &description.person));
    Ok(compared.any(|comparison| may_join(&comparison)))
}

async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    patient: &PatientId,
    merge: &Merge,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = Entry {
        actor,
        action,
        resource_kind: "patient",
        resource_id: patient.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "merge": merge.id, "loser": merge.loser, "referrals": merge.moved }),
    };
    audit::insert(tx, &entry, now).await
}
