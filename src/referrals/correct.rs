//! A person's correction of a field: checked like the machine's reading, kept beside it.

use super::act::{ActError, refused};
use super::automation::judge_correction;
use super::record::{Remark, audit_denial, remark};
use super::referrer;
use super::values::{patient, urgency};
use crate::app::App;
use crate::domain::fields::{FieldContent, FieldKey, FieldProblem};
use crate::domain::ids::ReferralId;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::{Referral, ReferrerBasis};
use crate::store::fields::FieldValue;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    #[error(transparent)]
    Act(#[from] ActError),
    /// The text is no value of this field.
    #[error("{}: {}", .0.problem, .0.detail)]
    Invalid(FieldProblem),
    #[error("this referral has ended; its fields stay as they are")]
    Ended,
}

impl From<store::Error> for CorrectError {
    fn from(error: store::Error) -> Self {
        Self::Act(error.into())
    }
}

/// Writes a corrected value, or clears the field with `None`. A person's value counts as certain.
pub async fn correct_field(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    key: &FieldKey,
    typed: Option<&str>,
) -> Result<(Referral, FieldValue), CorrectError> {
    const ACTION: &str = "correct_field";
    let now = app.clock.now();
    if let Err(denied) = authorize(actor, Permission::CorrectFields) {
        let denied = audit_denial(&app.db, actor, ACTION, id, denied, now).await?;
        return Err(ActError::from(denied).into());
    }
    let content = validated(app, key, typed, now)?;
    let mut tx = app.db.begin().await?;
    let mut referral = store::referrals::find_to_change(&mut tx, id)
        .await?
        .ok_or(ActError::NotFound)?;
    let version = referral.version;
    if expected.is_some_and(|expected| expected != version) {
        return Err(ActError::Stale { current: version }.into());
    }
    if referral.status.name().is_ended() {
        return Err(CorrectError::Ended);
    }
    let value = corrected(&mut tx, actor, &referral, key, content, now).await?;
    store::fields::append(&mut tx, id, key, &value).await?;
    follow(app, &mut tx, &mut referral, key).await?;
    judge_correction(app, &mut tx, id, key, now).await?;
    let said = Remark {
        reason: Some(key.to_string()),
        note: None,
    };
    remark(&mut tx, actor, &mut referral, ACTION, said, now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await.map_err(ActError::from)?;
    metrics::counter!("referloop_field_corrections_total", "field" => key.to_string()).increment(1);
    Ok((referral, value))
}

fn validated(
    app: &App,
    key: &FieldKey,
    typed: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<FieldContent>, CorrectError> {
    match typed.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => {
            let checked = app.rules.validate_on(key, text, now.date_naive());
            checked.map(Some).map_err(CorrectError::Invalid)
        }
        None if app.rules.catalogue().field(key).is_some() => Ok(None),
        None => Err(CorrectError::Invalid(FieldProblem {
            field: key.clone(),
            problem: "unknown_field".to_owned(),
            detail: "not in the catalogue".to_owned(),
        })),
    }
}

/// The place on the page stays that of the value before: it is still where the reviewer looked.
async fn corrected(
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    key: &FieldKey,
    content: Option<FieldContent>,
    now: DateTime<Utc>,
) -> store::Result<FieldValue> {
    let before = store::fields::current_of(tx, &referral.id, key).await?;
    Ok(FieldValue {
        source: actor.reference(),
        value: content,
        raw: None,
        confidence: 1.0,
        page: before.as_ref().and_then(|value| value.page),
        bounds: before.as_ref().and_then(|value| value.bounds),
        boxes: before.map(|value| value.boxes).unwrap_or_default(),
        rule: String::new(),
        problem: None,
        created_at: now,
    })
}

/// Brings along what hangs on the fields: search keys, urgency with its deadline, and who the referrer is.
async fn follow(app: &App, tx: &mut Tx, referral: &mut Referral, key: &FieldKey) -> store::Result<()> {
    let values = store::fields::current(tx, &referral.id).await?;
    store::search::put(tx, &referral.id, &patient(&values)).await?;
    referral.urgency = urgency(&values);
    referral.deadline_at =
        app.config
            .deadlines
            .deadline(referral.status.name(), referral.urgency, referral.status_since);
    let chosen = referral
        .referrer
        .as_ref()
        .is_some_and(|referrer| referrer.basis == ReferrerBasis::Person);
    if key.as_str().starts_with("referrer.") && !chosen {
        let transmission = store::transmissions::find(tx, &referral.transmission).await?;
        let details = transmission
            .map(|transmission| transmission.details)
            .unwrap_or_default();
        referral.referrer = referrer::resolve(tx, &values, &details).await?;
    }
    Ok(())
}
