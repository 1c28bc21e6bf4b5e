//! Who sent a referral: found in the directory by the strongest evidence there is, and confirmed by a person where that
//! is only a number that anybody can forge.

use super::act::{ActError, Obstacle, refused};
use super::claim::unclaimed;
use super::permitted::find_to_change;
use super::record::{Remark, remark};
use super::values::{Values, text};
use crate::app::App;
use crate::domain::ids::{DirectoryId, ReferralId};
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::{Referral, Referrer, ReferrerBasis};
use crate::domain::transmission::TransmissionDetails;
use crate::store::directory::{self, Entry};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// Looks for the sender: by Direct address, NPI, practice and provider name, then number or station id. Evidence that
/// fits several entries decides nothing, and the next is asked.
pub(super) async fn resolve(
    tx: &mut Tx,
    values: &Values,
    details: &TransmissionDetails,
) -> store::Result<Option<Referrer>> {
    let shown = |key| text(values, key);
    for address in details
        .direct_sender
        .as_deref()
        .into_iter()
        .chain(shown("referrer.direct_address"))
    {
        let found = directory::find_by_direct_address(tx, &address.to_lowercase()).await?;
        if let Some(referrer) = only(found, ReferrerBasis::DirectAddress) {
            return Ok(Some(referrer));
        }
    }
    if let Some(npi) = shown("referrer.npi")
        && let Some(referrer) = only(directory::find_by_npi(tx, npi).await?, ReferrerBasis::Npi)
    {
        return Ok(Some(referrer));
    }
    if let (Some(name), Some(practice)) = (shown("referrer.name"), shown("referrer.organization"))
        && let Some(referrer) = by_name(tx, name, practice).await?
    {
        return Ok(Some(referrer));
    }
    for number in shown("referrer.fax").into_iter().chain(details.from.as_deref()) {
        if let Some(referrer) = only(directory::find_by_fax(tx, number).await?, ReferrerBasis::FaxNumber) {
            return Ok(Some(referrer));
        }
    }
    if let Some(station) = details.station_id.as_deref() {
        let found = directory::find_by_station_id(tx, station).await?;
        return Ok(only(found, ReferrerBasis::StationId));
    }
    Ok(None)
}

async fn by_name(tx: &mut Tx, name: &str, practice: &str) -> store::Result<Option<Referrer>> {
    let found = directory::find_by_name(tx, name).await?;
    let same_practice = found
        .into_iter()
        .filter(|entry| {
            entry
                .organization
                .as_deref()
                .is_some_and(|known| same_words(known, practice))
        })
        .collect();
    Ok(only(same_practice, ReferrerBasis::PracticeAndProvider))
}

fn only(found: Vec<Entry>, basis: ReferrerBasis) -> Option<Referrer> {
    match <[Entry; 1]>::try_from(found) {
        Ok([entry]) => Some(Referrer { entry: entry.id, basis }),
        Err(_) => None,
    }
}

/// Case, punctuation and what a practice is in law ("PLLC") make no difference.
fn same_words(left: &str, right: &str) -> bool {
    const LEGAL_FORMS: [&str; 8] = ["llc", "pllc", "pc", "pa", "inc", "llp", "ltd", "the"];
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .replace('&', " and ")
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty() && !LEGAL_FORMS.contains(word))
            .map(str::to_owned)
            .collect()
    };
    words(left) == words(right)
}

/// Where the note may be sent by Direct, or what stands in the way.
pub(super) async fn address_to_send_to(
    app: &App,
    tx: &mut Tx,
    referral: &Referral,
    now: DateTime<Utc>,
) -> Result<String, ActError> {
    if !app.config.mail.can_send() {
        return Err(Obstacle::MailOff.into());
    }
    let referrer = referral.referrer.as_ref().ok_or(Obstacle::ReferrerUnknown)?;
    if !referrer.basis.is_enough_to_send() {
        return Err(Obstacle::ReferrerUnconfirmed.into());
    }
    let entry = directory::find(tx, &referrer.entry)
        .await?
        .ok_or(Obstacle::ReferrerUnknown)?;
    let address = entry.direct_address.ok_or(Obstacle::NoDirectAddress)?;
    if super::delivery::certificate_for(tx, &address, now).await?.is_none() {
        return Err(Obstacle::NoCertificate.into());
    }
    Ok(address)
}

/// A person says who the referrer is.
pub async fn choose(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    entry: &DirectoryId,
) -> Result<Referral, ActError> {
    const ACTION: &str = "choose_referrer";
    let now = app.clock.now();
    let (mut tx, mut referral) = find_to_change(app, actor, Permission::CorrectFields, ACTION, id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    if expected.is_some_and(|expected| expected != referral.version) {
        return Err(ActError::Stale {
            current: referral.version,
        });
    }
    let entry = directory::find(&mut tx, entry)
        .await?
        .ok_or(Obstacle::ReferrerUnknown)?;
    referral.referrer = Some(Referrer {
        entry: entry.id,
        basis: ReferrerBasis::Person,
    });
    let version = referral.version;
    remark(&mut tx, actor, &mut referral, ACTION, Remark::default(), now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await?;
    Ok(referral)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_practice_is_the_same_by_its_words() {
        assert!(same_words(
            "Northside Family Medicine, PLLC",
            "NORTHSIDE FAMILY MEDICINE"
        ));
        assert!(same_words("Lee & Ortiz", "Lee and Ortiz"));
        assert!(!same_words("Northside Family Medicine", "Northside Family Dental"));
    }
}
