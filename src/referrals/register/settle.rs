//! At the release the referral gets its patient: the one who fits alone, or a new one where nobody does.

use super::{held_against, model};
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::matching::Verdict;
use crate::domain::people::Actor;
use crate::domain::register::{Basis, Record, verdict};
use crate::referrals::values::Values;
use crate::store::{self, Tx, fields, patient_links, patients};
use chrono::{DateTime, Utc};

/// How many of a patient's referrals the record is made of.
const REFERRALS_MAX: u32 = 30;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::referrals) enum Settled {
    Patient(PatientId),
    /// Several may be meant, or one who fits not quite: a person must say.
    Ask,
}

/// Links the referral where nobody needs to be asked. One that is linked already stays with its patient.
pub(in crate::referrals) async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    referral: &ReferralId,
    values: &Values,
    now: DateTime<Utc>,
) -> store::Result<Settled> {
    if let Some(known) = patient_links::patient_of(tx, referral).await? {
        rebuild(tx, &known, now).await?;
        return Ok(Settled::Patient(known));
    }
    let (description, candidates) = held_against(tx, referral, values).await?;
    let by = actor.reference();
    match verdict(&candidates) {
        Verdict::Ask { .. } => Ok(Settled::Ask),
        Verdict::Link { candidate } => {
            let found = &candidates[candidate];
            let fit = Some(&found.comparison);
            patient_links::put(tx, referral, &found.id, Basis::Matched, fit, &by, now).await?;
            rebuild(tx, &found.id, now).await?;
            Ok(Settled::Patient(found.id.clone()))
        }
        Verdict::New => {
            let id = PatientId::new(now);
            patients::insert(tx, &id, &Record::of([description]), now).await?;
            patient_links::put(tx, referral, &id, Basis::New, None, &by, now).await?;
            Ok(Settled::Patient(id))
        }
    }
}

/// A patient's record anew, from the referrals that are linked to it now.
pub(super) async fn rebuild(tx: &mut Tx, id: &PatientId, now: DateTime<Utc>) -> store::Result<()> {
    let mut descriptions = Vec::new();
    for referral in patients::referrals_of(tx, id, REFERRALS_MAX).await? {
        let values = fields::current(tx, &referral).await?;
        descriptions.push(super::description(tx, &referral, &values).await?);
    }
    patients::update(tx, id, &Record::of(descriptions), now).await
}

/// A field of a linked referral was changed: its patient is described anew.
pub(in crate::referrals) async fn described_anew(
    tx: &mut Tx,
    referral: &ReferralId,
    now: DateTime<Utc>,
) -> store::Result<()> {
    match patient_links::patient_of(tx, referral).await? {
        Some(id) => rebuild(tx, &id, now).await,
        None => Ok(()),
    }
}

/// How well a referral's description fits a patient, where it is compared at all.
pub(super) async fn fit(
    tx: &mut Tx,
    referral: &ReferralId,
    patient: &patients::Patient,
) -> store::Result<Option<crate::domain::matching::Comparison>> {
    let values = fields::current(tx, referral).await?;
    let described = super::description(tx, referral, &values).await?;
    let model = model(tx).await?;
    Ok(patient.record.compare(&model, &described.person))
}
