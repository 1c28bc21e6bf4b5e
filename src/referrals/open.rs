//! A document becomes a referral.

use super::automation::{self, Course};
use super::record::{RecordError, Remark, record};
use super::referrer;
use super::register::settle;
use super::values::{Values, patient, urgency};
use crate::app::App;
use crate::domain::fields::ExtractedDocument;
use crate::domain::ids::{DocumentId, ReferralId, TransmissionId};
use crate::domain::people::Actor;
use crate::domain::referral::{Event, Referral, Status, StatusName};
use crate::domain::site::SiteKey;
use crate::domain::sla::Deadlines;
use crate::domain::transmission::TransmissionDetails;
use crate::store::fields::{FieldValue, MACHINE};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// What the pipeline hands over.
pub struct NewReferral<'a> {
    pub document: &'a DocumentId,
    pub transmission: &'a TransmissionId,
    /// Where it arrived, and so is worked until a person says otherwise.
    pub site: &'a SiteKey,
    pub details: &'a TransmissionDetails,
    pub extracted: &'a ExtractedDocument,
    /// When the document arrived: the clinic's promise runs from there, however long reading took.
    pub arrived_at: DateTime<Utc>,
}

/// Opens a referral with what was found, within the caller's transaction.
pub async fn open(app: &App, tx: &mut Tx, new: &NewReferral<'_>, now: DateTime<Utc>) -> store::Result<ReferralId> {
    let deadlines = &app.config.deadlines;
    let values = machine_values(new.extracted, now);
    let urgency = urgency(&values);
    let mut referral = Referral {
        id: ReferralId::new(now),
        document: new.document.clone(),
        transmission: new.transmission.clone(),
        site: new.site.clone(),
        status: Status::Received,
        status_since: new.arrived_at,
        urgency,
        owner: None,
        queue: StatusName::Received.queue(),
        deadline_at: deadlines.deadline(StatusName::Received, urgency, new.arrived_at),
        escalated_at: None,
        escalation_level: 0,
        referrer: referrer::resolve(tx, &values, new.details).await?,
        version: 1,
        created_at: new.arrived_at,
        updated_at: now,
    };
    store::referrals::insert(tx, &referral, &patient(&values)).await?;
    for (key, value) in &values {
        store::fields::append(tx, &referral.id, key, value).await?;
    }
    match automation::course(app, tx, &referral.id, new, now).await? {
        Course::Review => step(tx, deadlines, &mut referral, &Event::ReviewNeeded, now).await?,
        Course::Ready => step(tx, deadlines, &mut referral, &Event::FoundCertain, now).await?,
        Course::Straight => {
            step(tx, deadlines, &mut referral, &Event::FoundCertain, now).await?;
            step(tx, deadlines, &mut referral, &Event::Release, now).await?;
            settle(tx, &Actor::System, &referral.id, &values, now).await?;
            automation::left_unchecked(app, tx, &referral.id, now).await?;
        }
    }
    Ok(referral.id)
}

async fn step(
    tx: &mut Tx,
    deadlines: &Deadlines,
    referral: &mut Referral,
    event: &Event,
    now: DateTime<Utc>,
) -> store::Result<()> {
    match record(tx, deadlines, &Actor::System, referral, event, Remark::default(), now).await {
        Ok(()) => Ok(()),
        Err(RecordError::Store(error)) => Err(error),
        Err(RecordError::Invalid(_) | RecordError::Overtaken) => {
            unreachable!("a new referral is ours alone, and its first steps are in the grid")
        }
    }
}

/// The machine's reading as first values. What is on the page but malformed is kept with its problem, not dropped.
pub(super) fn machine_values(extracted: &ExtractedDocument, now: DateTime<Utc>) -> Values {
    let mut values: Values = extracted
        .fields
        .iter()
        .map(|(key, found)| {
            let value = FieldValue {
                source: MACHINE.to_owned(),
                value: Some(found.value.clone()),
                raw: Some(found.raw.clone()),
                confidence: found.confidence,
                page: Some(found.page),
                bounds: Some(found.bounds),
                boxes: found.boxes.clone(),
                rule: found.rule.clone(),
                passage: found.passage.clone(),
                problem: None,
                created_at: now,
            };
            (key.clone(), value)
        })
        .collect();
    for problem in &extracted.problems {
        let value = values.entry(problem.field.clone()).or_insert_with(|| FieldValue {
            source: MACHINE.to_owned(),
            value: None,
            raw: None,
            confidence: 0.0,
            page: None,
            bounds: None,
            boxes: Vec::new(),
            rule: String::new(),
            passage: None,
            problem: None,
            created_at: now,
        });
        value.problem = Some((problem.problem.clone(), problem.detail.clone()));
    }
    for doubtful in &extracted.doubtful {
        if let Some(value) = values.get_mut(&doubtful.field).filter(|value| value.value.is_none()) {
            value.raw.clone_from(&doubtful.raw);
            (value.page, value.bounds) = (doubtful.page, doubtful.bounds);
            value.rule.clone_from(&doubtful.rule);
            value.passage = Some(doubtful.passage.clone());
        }
    }
    values
}
