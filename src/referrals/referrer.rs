//! Who sent a referral: found in the directory by the strongest evidence there is, and confirmed by a person where that
//! is only a number that anybody can forge.

use super::act::{ActError, Obstacle, refused};
use super::claim::unclaimed;
use super::permitted::find_to_change;
use super::record::{Remark, remark};
use super::values::{Values, text};
use crate::app::App;
use crate::direct::agent;
use crate::domain::contact::ContactKind;
use crate::domain::ids::{DirectoryId, ReferralId};
use crate::domain::names::same_practice;
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::{Referral, Referrer, ReferrerBasis};
use crate::domain::transmission::TransmissionDetails;
use crate::store::directory::{self, Entry};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// More than these nobody compares: a number that a whole building shares names nobody.
const CANDIDATES_MAX: usize = 8;

/// What a referral shows of its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Contact(ContactKind, String, ReferrerBasis),
    Npi(String),
    Provider { name: String, practice: String },
}

impl Shown {
    fn basis(&self) -> ReferrerBasis {
        match self {
            Self::Contact(_, _, basis) => *basis,
            Self::Npi(_) => ReferrerBasis::Npi,
            Self::Provider { .. } => ReferrerBasis::PracticeAndProvider,
        }
    }

    async fn known(&self, tx: &mut Tx) -> store::Result<Vec<Entry>> {
        match self {
            Self::Contact(kind, value, _) => directory::find_by_contact(tx, *kind, value).await,
            Self::Npi(npi) => directory::find_by_npi(tx, npi).await,
            Self::Provider { name, practice } => {
                let mut found = directory::find_by_name(tx, name).await?;
                found.retain(|entry| {
                    let known = entry.organization.as_deref();
                    known.is_some_and(|known| same_practice(known, practice))
                });
                Ok(found)
            }
        }
    }
}

/// The strongest first: Direct address, NPI, practice and provider name, then number and station id.
fn evidence(values: &Values, details: &TransmissionDetails) -> Vec<Shown> {
    let text = |key| text(values, key);
    let mut shown = Vec::new();
    let addresses = details.direct_sender.as_deref().into_iter();
    for address in addresses.chain(text("referrer.direct_address")) {
        let address = address.to_lowercase();
        shown.push(Shown::Contact(
            ContactKind::Direct,
            address,
            ReferrerBasis::DirectAddress,
        ));
    }
    shown.extend(text("referrer.npi").map(|npi| Shown::Npi(npi.to_owned())));
    if let (Some(name), Some(practice)) = (text("referrer.name"), text("referrer.organization")) {
        shown.push(Shown::Provider {
            name: name.to_owned(),
            practice: practice.to_owned(),
        });
    }
    for number in text("referrer.fax").into_iter().chain(details.from.as_deref()) {
        let number = number.to_owned();
        shown.push(Shown::Contact(ContactKind::Fax, number, ReferrerBasis::FaxNumber));
    }
    if let Some(station) = details.station_id.clone() {
        shown.push(Shown::Contact(ContactKind::Station, station, ReferrerBasis::StationId));
    }
    shown
}

/// Looks for the sender by the strongest evidence that there is. What fits several entries decides nothing, and the next is asked.
pub(super) async fn resolve(
    tx: &mut Tx,
    values: &Values,
    details: &TransmissionDetails,
) -> store::Result<Option<Referrer>> {
    for shown in evidence(values, details) {
        if let Ok([entry]) = <[Entry; 1]>::try_from(shown.known(tx).await?) {
            return Ok(Some(Referrer {
                entry: entry.id,
                basis: shown.basis(),
            }));
        }
    }
    Ok(None)
}

/// An entry that may have sent a referral, with all that speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub entry: Entry,
    /// The strongest first.
    pub reasons: Vec<ReferrerBasis>,
}

/// Who may have sent a referral, by what it shows now: for a person to choose from. The strongest evidence stands first.
pub async fn candidates(tx: &mut Tx, referral: &Referral) -> store::Result<Vec<Candidate>> {
    let values = store::fields::current(tx, &referral.id).await?;
    let transmission = store::transmissions::find(tx, &referral.transmission).await?;
    let details = transmission.map(|found| found.details).unwrap_or_default();
    let mut candidates: Vec<Candidate> = Vec::new();
    for shown in evidence(&values, &details) {
        for entry in shown.known(tx).await? {
            let known = candidates.iter_mut().find(|known| known.entry.id == entry.id);
            match known {
                Some(known) if known.reasons.contains(&shown.basis()) => {}
                Some(known) => known.reasons.push(shown.basis()),
                None => candidates.push(Candidate {
                    entry,
                    reasons: vec![shown.basis()],
                }),
            }
        }
    }
    candidates.truncate(CANDIDATES_MAX);
    Ok(candidates)
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
    let entry = directory::standing(tx, &referrer.entry)
        .await?
        .ok_or(Obstacle::ReferrerUnknown)?;
    let address = entry.direct_address.ok_or(Obstacle::NoDirectAddress)?;
    let ours = app.config.mail.direct_address().ok_or(Obstacle::MailOff)?;
    let seals = agent::of(app.config.mail.mode).seals();
    if seals && !super::delivery::may_reach(app, tx, &ours, &address, now).await? {
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
    let entry = directory::standing(&mut tx, entry)
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
