//! A referral as the API shows it: its fields as `extract` prints them, its status, and its history.

use super::super::AppState;
use super::super::error::{Error, Result};
use crate::domain::decision::AnswerBasis;
use crate::domain::document::PageRange;
use crate::domain::fields::{FieldContent, FieldKey, FieldProblem, Passage};
use crate::domain::ids::{DirectoryId, DocumentId, PatientId, ReferralId, TransmissionId, UserId};
use crate::domain::order::{OrderMessageKind, OrderWords, ReferralOrder};
use crate::domain::page::PixelBox;
use crate::domain::people::Role;
use crate::domain::referral::{Referral, ReferrerBasis, StatusName};
use crate::domain::site::SiteKey;
use crate::domain::sla::Urgency;
use crate::store::answers::Answer;
use crate::store::events::HistoryEntry;
use crate::store::fields::FieldValue;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

pub(super) async fn referral_of(tx: &mut Tx, id: &ReferralId) -> Result<Referral> {
    store::referrals::find(tx, id)
        .await?
        .ok_or_else(|| Error::not_found("referral"))
}

#[derive(Serialize)]
pub struct ReferralView {
    id: ReferralId,
    transmission: TransmissionId,
    document: DocumentId,
    pages: Option<PageRange>,
    /// Where it is worked.
    site: SiteKey,
    /// Of the register, once that is settled.
    patient: Option<PatientId>,
    status: StatusName,
    status_since: DateTime<Utc>,
    urgency: Urgency,
    owner: Option<UserId>,
    queue: Role,
    deadline: Option<DateTime<Utc>>,
    overdue: bool,
    escalation_level: u32,
    referrer: Option<ReferrerView>,
    fields: BTreeMap<FieldKey, FieldView>,
    missing: Vec<FieldKey>,
    problems: Vec<FieldProblem>,
    /// How its initiator calls it, where it came as an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<ReferralOrder>,
    /// What the initiator said of it later, and what else came in its message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beside: Vec<BesideView>,
    history: Vec<EventView>,
    version: u64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Who sent it, and by what they were recognised.
#[derive(Serialize)]
struct ReferrerView {
    entry: DirectoryId,
    basis: ReferrerBasis,
    /// Whether a note may go there without a person confirming it.
    confirmed: bool,
}

/// Something that belongs to the referral and came apart from it.
#[derive(Serialize)]
struct BesideView {
    transmission: TransmissionId,
    basis: AnswerBasis,
    /// Whether it belongs for sure; else a person has not said so.
    attached: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<OrderMessageKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<OrderWords>,
    arrived_at: DateTime<Utc>,
}

async fn beside(tx: &mut Tx, id: &ReferralId) -> store::Result<Vec<BesideView>> {
    let messages = store::orders::messages(tx, id).await?;
    let answers = store::answers::of_referral(tx, id).await?;
    let view = |answer: Answer| {
        let said = messages
            .iter()
            .find(|message| message.transmission == answer.transmission);
        BesideView {
            transmission: answer.transmission,
            basis: answer.basis,
            attached: answer.attached,
            kind: said.map(|message| message.kind),
            words: said.map(|message| message.words.clone()),
            arrived_at: answer.arrived_at,
        }
    };
    Ok(answers.into_iter().map(view).collect())
}

impl ReferralView {
    pub async fn load(app: &AppState, tx: &mut Tx, referral: Referral) -> Result<Self> {
        let document = store::documents::find(tx, &referral.document).await?;
        let arranged = store::arrangements::latest(tx, &referral.transmission).await?;
        let own = arranged
            .as_ref()
            .and_then(|latest| latest.arrangement.document(&referral.document));
        let arranged = own.and_then(store::arrangements::hull);
        let values = store::fields::current(tx, &referral.id).await?;
        let history = store::events::of_referral(tx, &referral.id).await?;
        let order = store::orders::of_referral(tx, &referral.id).await?;
        let beside = beside(tx, &referral.id).await?;
        let patient = store::patient_links::patient_of(tx, &referral.id).await?;
        let missing = app
            .rules
            .missing_by(|key| values.get(key).and_then(|value| value.value.as_ref()));
        let problems = values.iter().filter_map(|(key, value)| problem(key, value)).collect();
        let fields = values.into_iter().filter(|(_, value)| value.value.is_some());
        Ok(Self {
            pages: arranged.or(document.map(|document| document.pages)),
            status: referral.status.name(),
            overdue: referral.deadline_at.is_some_and(|deadline| deadline < app.clock.now()),
            referrer: referral.referrer.map(|referrer| ReferrerView {
                confirmed: referrer.basis.is_enough_to_send(),
                entry: referrer.entry,
                basis: referrer.basis,
            }),
            fields: fields.map(|(key, value)| (key, value.into())).collect(),
            missing,
            problems,
            order,
            beside,
            history: history.into_iter().map(EventView::from).collect(),
            id: referral.id,
            transmission: referral.transmission,
            document: referral.document,
            site: referral.site,
            patient,
            status_since: referral.status_since,
            urgency: referral.urgency,
            owner: referral.owner,
            queue: referral.queue,
            deadline: referral.deadline_at,
            escalation_level: referral.escalation_level,
            version: referral.version,
            created_at: referral.created_at,
            updated_at: referral.updated_at,
        })
    }
}

fn problem(key: &FieldKey, value: &FieldValue) -> Option<FieldProblem> {
    let (problem, detail) = value.problem.clone()?;
    Some(FieldProblem {
        field: key.clone(),
        problem,
        detail,
    })
}

/// One value with its evidence.
#[derive(Serialize)]
pub struct FieldView {
    value: Option<FieldContent>,
    confidence: f64,
    page: Option<u32>,
    r#box: Option<PixelBox>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    boxes: Vec<PixelBox>,
    raw: Option<String>,
    /// Where it stands in the data, where it came as data: the box is then on the sheet that was made of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    passage: Option<Passage>,
    /// `machine`, or who corrected it.
    source: String,
    at: DateTime<Utc>,
}

impl From<FieldValue> for FieldView {
    fn from(value: FieldValue) -> Self {
        Self {
            value: value.value,
            confidence: value.confidence,
            page: value.page,
            r#box: value.bounds,
            boxes: value.boxes,
            raw: value.raw,
            passage: value.passage,
            source: value.source,
            at: value.created_at,
        }
    }
}

#[derive(Serialize)]
pub struct CorrectedField {
    key: FieldKey,
    value: Option<FieldContent>,
    history: Vec<FieldView>,
}

impl CorrectedField {
    /// `history` ends with the value that counts.
    pub fn new(key: FieldKey, history: Vec<FieldValue>) -> Self {
        Self {
            key,
            value: history.last().and_then(|value| value.value.clone()),
            history: history.into_iter().map(FieldView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct EventView {
    at: DateTime<Utc>,
    actor: String,
    action: String,
    from: StatusName,
    to: StatusName,
    reason: Option<String>,
    note: Option<String>,
}

impl From<HistoryEntry> for EventView {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
            from: entry.from,
            to: entry.to,
            reason: entry.reason,
            note: entry.note,
        }
    }
}
