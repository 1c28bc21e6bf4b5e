//! Whose referral it is: held against the register of patients, linked where there is no doubt, and left to a person where there
//! is. A patient's record is made of the referrals that are linked to it, so that every link can be taken back.

mod choose;
mod describe;
mod merge;
mod renew;
mod settle;

pub use choose::{Choice, choose};
pub use merge::{MergeError, apart, merge, undo};
pub(super) use renew::{enrol, rehash};
pub(super) use settle::{Settled, described_anew, settle};

use self::describe::describe;
use super::values::Values;
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::matching::{Model, Verdict};
use crate::domain::register::{Candidate, Description, ranked, verdict};
use crate::store::{self, Tx, fields, patient_keys, patients, transmissions};

/// As many as a person looks through.
const SHOWN_MAX: usize = 5;

/// All that may be this referral's patient, the best first, and what the referral says of its own.
pub(super) async fn held_against(
    tx: &mut Tx,
    referral: &ReferralId,
    values: &Values,
) -> store::Result<(Description, Vec<Candidate>)> {
    let description = description(tx, referral, values).await?;
    let model = model(tx).await?;
    let found = patient_keys::candidates(tx, &description.person).await?;
    let candidates = ranked(&model, &description.person, found);
    Ok((description, candidates))
}

/// Whether a person must say whose it is.
pub(super) async fn is_doubtful(tx: &mut Tx, referral: &ReferralId) -> store::Result<bool> {
    let values = fields::current(tx, referral).await?;
    let (_, candidates) = held_against(tx, referral, &values).await?;
    Ok(matches!(verdict(&candidates), Verdict::Ask { .. }))
}

/// The patients that a person chooses among, with how well each fits and why.
pub async fn candidates(tx: &mut Tx, referral: &ReferralId) -> store::Result<Vec<Candidate>> {
    let values = fields::current(tx, referral).await?;
    let (_, mut candidates) = held_against(tx, referral, &values).await?;
    candidates.truncate(SHOWN_MAX);
    Ok(candidates)
}

/// Other patients of the register that may be this one, without those of whom somebody said that they are another.
pub async fn similar(tx: &mut Tx, id: &PatientId) -> store::Result<Vec<Candidate>> {
    let Some(patient) = patients::find(tx, id).await? else {
        return Ok(Vec::new());
    };
    let Some(newest) = patient.record.descriptions.first() else {
        return Ok(Vec::new());
    };
    let apart = store::patient_merges::apart_from(tx, id).await?;
    let model = model(tx).await?;
    let mut found = patient_keys::candidates(tx, &newest.person).await?;
    found.retain(|(other, _)| other != id && !apart.contains(other));
    let mut candidates = ranked(&model, &newest.person, found);
    candidates.truncate(SHOWN_MAX);
    Ok(candidates)
}

pub(super) async fn model(tx: &mut Tx) -> store::Result<Model> {
    Ok(Model::of_register(patients::about_how_many(tx).await?))
}

/// What a referral says of its patient, without the numbers of whoever sent it.
async fn description(tx: &mut Tx, referral: &ReferralId, values: &Values) -> store::Result<Description> {
    let Some(referral) = store::referrals::find(tx, referral).await? else {
        return Ok(Description::default());
    };
    let transmission = transmissions::find(tx, &referral.transmission).await?;
    let sender = transmission.and_then(|transmission| transmission.details.from);
    let entry = match &referral.referrer {
        Some(referrer) => store::directory::find(tx, &referrer.entry).await?,
        None => None,
    };
    Ok(describe(values, sender.as_deref(), entry.as_ref()))
}
