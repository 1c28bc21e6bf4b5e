//! A referral with everything that screens show of it, loaded in one read transaction.

use super::AppState;
use super::error::{Error, Result};
use super::fields::{History, Names, current, patient, referrer};
use super::layout::{Tag, When, deadline_tag, urgency_tag, words};
use crate::domain::fields::FieldKey;
use crate::domain::ids::{ObjectId, ReferralId};
use crate::domain::referral::{Referral, StatusName};
use crate::store::{self, Tx, fields, objects, probation, referrals, samples};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::ops::Deref;

/// What every list shows of a referral.
pub struct Heading {
    pub referral: Referral,
    pub patient: String,
    pub birth_date: String,
    pub referrer: String,
    pub specialty: String,
    pub owner: String,
}

/// A heading with all values that the fields ever had.
pub struct Row {
    pub heading: Heading,
    pub history: History,
    /// Fields that a person is asked to look at, however certain the machine was.
    pub asked: BTreeSet<FieldKey>,
}

impl Deref for Row {
    type Target = Heading;

    fn deref(&self) -> &Heading {
        &self.heading
    }
}

impl Row {
    pub async fn load(tx: &mut Tx, referral: Referral, names: &Names) -> store::Result<Self> {
        let history = fields::history(tx, &referral.id).await?;
        let asked = asked(tx, &referral).await?;
        Ok(Self {
            heading: Heading::of(referral, &history, names),
            history,
            asked,
        })
    }
}

impl Heading {
    /// Opens no more than it shows: a page of work has fifty of them.
    pub async fn load(tx: &mut Tx, referral: Referral, names: &Names) -> store::Result<Self> {
        let shown = fields::heading(tx, &referral.id).await?;
        let history = shown.into_iter().map(|(key, value)| (key, vec![value])).collect();
        Ok(Self::of(referral, &history, names))
    }

    fn of(referral: Referral, history: &History, names: &Names) -> Self {
        let born = current(history, "patient.birth_date");
        Self {
            patient: patient(history),
            birth_date: if born.is_empty() {
                "birth date not read".to_owned()
            } else {
                born
            },
            referrer: referrer(history),
            specialty: current(history, "referral.specialty"),
            owner: referral
                .owner
                .as_ref()
                .map(|owner| names.of(owner.as_str()))
                .unwrap_or_default(),
            referral,
        }
    }

    pub fn urgency(&self) -> Tag {
        urgency_tag(self.referral.urgency.as_str())
    }

    pub fn deadline(&self, now: DateTime<Utc>) -> Tag {
        deadline_tag(self.referral.status_since, self.referral.deadline_at, now)
    }

    pub fn age(&self, now: DateTime<Utc>) -> When {
        When::ago(self.referral.created_at, now)
    }

    pub fn status(&self) -> Tag {
        status_tag(self.referral.status.name())
    }
}

/// Fields whose values people check just now, and those that this referral is asked about besides. Nothing that is shown
/// may tell the one from the other, or from a field of which the machine was in doubt.
pub async fn asked(tx: &mut Tx, referral: &Referral) -> store::Result<BTreeSet<FieldKey>> {
    let mut asked = samples::asked(tx, &referral.id).await?.unwrap_or_default();
    asked.extend(if referral.status.name().is_before_release() {
        probation::with_held(tx, &referral.id).await?
    } else {
        probation::of_referral(tx, &referral.id).await?
    });
    Ok(asked)
}

pub fn status_tag(status: StatusName) -> Tag {
    use StatusName as S;
    let (icon, tone) = match status {
        S::Received | S::Ready | S::Released => ("", ""),
        S::InReview => ("look", "warn"),
        S::InformationRequested => ("question", "warn"),
        S::Accepted | S::Seen => ("check", "accent"),
        S::Scheduled => ("calendar", "accent"),
        S::NoShow | S::CancelRequested => ("problem", "warn"),
        S::NoteReady => ("note", "accent"),
        S::NoteSent => ("send", "accent"),
        S::Closed => ("check", "good"),
        S::Rejected | S::Declined | S::Cancelled => ("no", ""),
    };
    Tag::new(words(status.as_str()), icon, tone)
}

/// The id in a path; what is none is simply not there.
pub fn referral_id(text: &str) -> Result<ReferralId> {
    text.parse().map_err(|_| Error::not_found("referral"))
}

pub async fn find_referral(tx: &mut Tx, id: &ReferralId) -> Result<Referral> {
    referrals::find(tx, id)
        .await?
        .ok_or_else(|| Error::not_found("referral"))
}

/// The plaintext of an object. The transaction is over before the disk is touched.
pub async fn open_object(app: &AppState, id: &ObjectId) -> Result<Vec<u8>> {
    let mut tx = app.db.read().await?;
    let object = objects::find(&mut tx, id)
        .await?
        .ok_or_else(|| Error::not_found("document"))?;
    drop(tx);
    Ok(app.vault.get(&object).await?)
}
