//! A person says whose referral it is.

use super::settle::{fit, own, rebuild};
use crate::app::App;
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::Referral;
use crate::domain::register::{Basis, Record, may_join};
use crate::referrals::act::{ActError, Obstacle, refused};
use crate::referrals::claim::unclaimed;
use crate::referrals::permitted::find_to_change;
use crate::referrals::record::{Remark, remark};
use crate::store::{patient_links, patients};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Known(PatientId),
    New,
}

/// Links the referral as the person says. Never to a patient who fits less than one would be asked about.
pub async fn choose(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    choice: &Choice,
) -> Result<Referral, ActError> {
    const ACTION: &str = "choose_patient";
    let now = app.clock.now();
    let (mut tx, mut referral) = find_to_change(app, actor, Permission::CorrectFields, ACTION, id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    let version = referral.version;
    if expected.is_some_and(|expected| expected != version) {
        return Err(ActError::Stale { current: version });
    }
    let before = patient_links::patient_of(&mut tx, id).await?;
    let by = actor.reference();
    let chosen = match choice {
        Choice::Known(patient) => {
            let known = own(&mut tx, patient).await?.ok_or(Obstacle::NoSuchPatient)?;
            let fits = fit(&mut tx, id, &known).await?;
            if !fits.as_ref().is_some_and(may_join) {
                return Err(Obstacle::DoesNotFit.into());
            }
            patient_links::put(&mut tx, id, patient, Basis::Person, fits.as_ref(), &by, now).await?;
            patient.clone()
        }
        Choice::New => {
            let patient = PatientId::new(now);
            patients::insert(&mut tx, &patient, &Record::default(), now).await?;
            patient_links::put(&mut tx, id, &patient, Basis::PersonNew, None, &by, now).await?;
            patient
        }
    };
    for patient in before.iter().chain([&chosen]) {
        rebuild(&mut tx, patient, now).await?;
    }
    let said = Remark {
        reason: Some(chosen.to_string()),
        ..Remark::default()
    };
    remark(&mut tx, actor, &mut referral, ACTION, said, now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await?;
    Ok(referral)
}
