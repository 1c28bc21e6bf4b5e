//! A person's correction of a field: checked like the machine's reading, kept beside it.

use super::act::{ActError, refused};
use super::automation::judge_correction;
use super::claim::unclaimed;
use super::permitted::find_to_change;
use super::record::{Remark, remark};
use super::referrer;
use super::register::described_anew;
use super::values::{URGENCY, patient, urgency};
use crate::app::App;
use crate::domain::fields::{FieldContent, FieldKey, FieldProblem};
use crate::domain::ids::ReferralId;
use crate::domain::page::PixelBox;
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::{Referral, ReferrerBasis};
use crate::store::fields::FieldValue;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// More words than any value has.
const BOXES_MAX: usize = 200;

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

/// What a person writes into a field.
#[derive(Clone, Debug, Default)]
pub struct Correction<'a> {
    /// Nothing clears the field.
    pub typed: Option<&'a str>,
    /// Where on the referral's pages it was taken from, if it was not typed.
    pub place: Option<Place>,
}

/// The part of a page that a value was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub page: u32,
    /// One box a word or line, in the order in which they were chosen.
    pub boxes: Vec<PixelBox>,
}

/// Writes a typed value, or clears the field with `None`.
pub async fn correct_field(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    key: &FieldKey,
    typed: Option<&str>,
) -> Result<(Referral, FieldValue), CorrectError> {
    let correction = Correction { typed, place: None };
    correct(app, actor, id, expected, key, correction).await
}

/// Writes a corrected value with its place. A person's value counts as certain.
pub async fn correct(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    key: &FieldKey,
    correction: Correction<'_>,
) -> Result<(Referral, FieldValue), CorrectError> {
    const ACTION: &str = "correct_field";
    let now = app.clock.now();
    let content = validated(app, key, correction.typed, now)?;
    let (mut tx, mut referral) = find_to_change(app, actor, Permission::CorrectFields, ACTION, id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    let version = referral.version;
    if expected.is_some_and(|expected| expected != version) {
        return Err(ActError::Stale { current: version }.into());
    }
    if referral.status.name().is_ended() {
        return Err(CorrectError::Ended);
    }
    if let Some(place) = &correction.place {
        on_own_page(&mut tx, &referral, key, place).await?;
    }
    let value = corrected(&mut tx, actor, &referral, key, content, correction.place, now).await?;
    store::fields::append(&mut tx, id, key, &value).await?;
    follow(app, &mut tx, &mut referral, Some(key)).await?;
    if describes_patient(key.as_str()) {
        described_anew(&mut tx, id, now).await?;
    }
    judge_correction(app, &mut tx, id, key, now).await?;
    let said = Remark {
        reason: Some(key.to_string()),
        ..Remark::default()
    };
    remark(&mut tx, actor, &mut referral, ACTION, said, now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await.map_err(ActError::from)?;
    metrics::counter!("referloop_field_corrections_total", "field" => key.to_string()).increment(1);
    Ok((referral, value))
}

/// Whether the register of patients knows people by this field.
fn describes_patient(key: &str) -> bool {
    key.starts_with("patient.") || key.starts_with("insurance.")
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

/// A place must lie on a page of the referral: a fax may hold another patient's.
async fn on_own_page(tx: &mut Tx, referral: &Referral, key: &FieldKey, place: &Place) -> Result<(), CorrectError> {
    let document = store::documents::find(tx, &referral.document).await?;
    let pages = store::pages::of_transmission(tx, &referral.transmission).await?;
    let own = document.is_some_and(|document| document.pages.contains(place.page));
    let page = pages.iter().find(|page| own && page.number == place.page);
    let inside = |page: &store::pages::StoredPage| {
        let fits = |b: &PixelBox| b.width > 0 && b.height > 0 && b.right() <= page.width && b.bottom() <= page.height;
        !place.boxes.is_empty() && place.boxes.len() <= BOXES_MAX && place.boxes.iter().all(fits)
    };
    if page.is_some_and(inside) {
        return Ok(());
    }
    Err(CorrectError::Invalid(FieldProblem {
        field: key.clone(),
        problem: "no_such_place".to_owned(),
        detail: "the box does not lie on a page of this referral".to_owned(),
    }))
}

/// Where no other is told, the place on the page stays that of the value before: it is still where the reviewer looked.
async fn corrected(
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    key: &FieldKey,
    content: Option<FieldContent>,
    place: Option<Place>,
    now: DateTime<Utc>,
) -> store::Result<FieldValue> {
    let before = store::fields::current_of(tx, &referral.id, key).await?;
    let (page, bounds, boxes) = match (place, before) {
        (Some(Place { page, boxes }), _) => {
            let hull = PixelBox::hull_of(boxes.iter().copied());
            (Some(page), hull, if boxes.len() > 1 { boxes } else { Vec::new() })
        }
        (None, Some(before)) => (before.page, before.bounds, before.boxes),
        (None, None) => (None, None, Vec::new()),
    };
    Ok(FieldValue {
        source: actor.reference(),
        value: content,
        raw: None,
        confidence: 1.0,
        page,
        bounds,
        boxes,
        rule: String::new(),
        passage: None,
        problem: None,
        created_at: now,
    })
}

/// Brings along what hangs on the field that changed, or on any of them: search keys, urgency with its deadline, and who the
/// referrer is.
pub(super) async fn follow(
    app: &App,
    tx: &mut Tx,
    referral: &mut Referral,
    changed: Option<&FieldKey>,
) -> store::Result<()> {
    let concerns = |uses: fn(&str) -> bool| changed.is_none_or(|key| uses(key.as_str()));
    let finds = concerns(store::search::uses);
    let hurries = concerns(|key| key == URGENCY);
    let chosen = referral
        .referrer
        .as_ref()
        .is_some_and(|referrer| referrer.basis == ReferrerBasis::Person);
    let sends = !chosen && concerns(|key| key.starts_with("referrer."));
    if !(finds || hurries || sends) {
        // Most fields: a save waits for nothing that it doesn't change.
        return Ok(());
    }
    let values = store::fields::current(tx, &referral.id).await?;
    if finds {
        store::search::put(tx, &referral.id, &patient(&values)).await?;
    }
    if hurries {
        referral.urgency = urgency(&values);
        let (status, since) = (referral.status.name(), referral.status_since);
        referral.deadline_at = app.config.deadlines.deadline(status, referral.urgency, since);
    }
    if sends {
        let transmission = store::transmissions::find(tx, &referral.transmission).await?;
        let details = transmission
            .map(|transmission| transmission.details)
            .unwrap_or_default();
        referral.referrer = referrer::resolve(tx, &values, &details).await?;
    }
    Ok(())
}
