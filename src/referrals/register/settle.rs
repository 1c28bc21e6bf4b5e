//! At the release the referral gets its patient: the one who fits alone, or a new one where nobody does.

use super::{held_against, model};
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::matching::Verdict;
use crate::domain::people::Actor;
use crate::domain::register::{Basis, Record, verdict};
use crate::referrals::values::Values;
use crate::store::patients::{self, Patient};
use crate::store::{self, Tx, fields, patient_links};
use chrono::{DateTime, Utc};

/// How many of a patient's referrals the record is made of.
const REFERRALS_MAX: u32 = 30;

/// Each look behind the first follows a change that somebody else made meanwhile.
const LOOKS_MAX: usize = 4;

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
    let by = actor.reference();
    let mut is_register_ours = false;
    for _ in 0..LOOKS_MAX {
        let (description, candidates) = held_against(tx, referral, values).await?;
        match verdict(&candidates) {
            Verdict::Ask { .. } => return Ok(Settled::Ask),
            Verdict::Link { candidate } => {
                let found = &candidates[candidate];
                // Whoever was merged since the look is not linked to: what is theirs has moved on.
                if own(tx, &found.id).await?.is_some() {
                    let fit = Some(&found.comparison);
                    patient_links::put(tx, referral, &found.id, Basis::Matched, fit, &by, now).await?;
                    rebuild(tx, &found.id, now).await?;
                    return Ok(Settled::Patient(found.id.clone()));
                }
            }
            Verdict::New if is_register_ours => {
                let id = PatientId::new(now);
                patients::insert(tx, &id, &Record::of([description]), now).await?;
                patient_links::put(tx, referral, &id, Basis::New, None, &by, now).await?;
                return Ok(Settled::Patient(id));
            }
            // Two referrals of one newcomer, released at once, would make two patients: newcomers come in one by one.
            Verdict::New => {
                patients::lock_newcomers(tx).await?;
                is_register_ours = true;
            }
        }
    }
    Ok(Settled::Ask)
}

/// A patient of their own, locked.
pub(super) async fn own(tx: &mut Tx, id: &PatientId) -> store::Result<Option<Patient>> {
    let found = patients::find_to_change(tx, id).await?;
    Ok(found.filter(|patient| patient.merged_into.is_none()))
}

/// A patient's record anew, from the referrals that are linked to it now.
pub(super) async fn rebuild(tx: &mut Tx, id: &PatientId, now: DateTime<Utc>) -> store::Result<()> {
    // Two who link to it at once would each leave out what the other brings.
    patients::find_to_change(tx, id).await?;
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
    patient: &Patient,
) -> store::Result<Option<crate::domain::matching::Comparison>> {
    let values = fields::current(tx, referral).await?;
    let described = super::description(tx, referral, &values).await?;
    let model = model(tx).await?;
    Ok(patient.record.compare(&model, &described.person))
}
