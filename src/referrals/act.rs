//! Acts on a referral: the one path that the screens, the API and every other door end in.

use super::automation::judge_release;
use super::record::{RecordError, Remark, audit_denial, record};
use super::referrer;
use crate::app::App;
use crate::domain::delivery::{Channel, DeliveryState};
use crate::domain::fields::FieldKey;
use crate::domain::ids::{DeliveryId, NoteId, ReferralId};
use crate::domain::object::{ObjectKind, StoredObject};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, authorize};
use crate::domain::referral::{
    Action, CancelReason, DeclineReason, Event, InvalidTransition, NoteKind, Referral, RejectReason, Status,
};
use crate::jobs;
use crate::store::deliveries::Delivery;
use crate::store::notes::Note;
use crate::store::{self, Tx};
use crate::vault::VaultError;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// An act with what it needs, as the API takes it: `{"action": "release"}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum ActRequest {
    Release {},
    /// From the desk: a person says which fields were in sight. Programs and the straight way are not asked.
    #[serde(skip)]
    ReleaseSeen {
        seen: Vec<FieldKey>,
    },
    Reject {
        reason: RejectReason,
        note: Option<String>,
    },
    RequestInformation {
        /// Field keys or words: what the referrer is asked for.
        items: Vec<String>,
        note: Option<String>,
    },
    Accept {},
    Decline {
        reason: DeclineReason,
        note: Option<String>,
    },
    Schedule {
        appointment: DateTime<Utc>,
    },
    CancelAppointment {
        note: Option<String>,
    },
    MarkSeen {},
    MarkNoShow {},
    AddNote {
        kind: NoteKind,
        text: Option<String>,
        /// A PDF, where the note was not typed.
        #[serde(skip)]
        attachment: Option<Vec<u8>>,
    },
    SendNote {},
    DeliverByHand {
        /// What proves it: to whom the letter was handed, how, by whom.
        proof: String,
    },
    Cancel {
        reason: CancelReason,
        note: Option<String>,
    },
    ConfirmCancel {},
    Reopen {
        note: Option<String>,
    },
}

impl ActRequest {
    pub fn action(&self) -> Action {
        match self {
            Self::Release {} | Self::ReleaseSeen { .. } => Action::Release,
            Self::Reject { .. } => Action::Reject,
            Self::RequestInformation { .. } => Action::RequestInformation,
            Self::Accept {} => Action::Accept,
            Self::Decline { .. } => Action::Decline,
            Self::Schedule { .. } => Action::Schedule,
            Self::CancelAppointment { .. } => Action::CancelAppointment,
            Self::MarkSeen {} => Action::MarkSeen,
            Self::MarkNoShow {} => Action::MarkNoShow,
            Self::AddNote { .. } => Action::AddNote,
            Self::SendNote {} => Action::SendNote,
            Self::DeliverByHand { .. } => Action::DeliverByHand,
            Self::Cancel { .. } => Action::Cancel,
            Self::ConfirmCancel {} => Action::ConfirmCancel,
            Self::Reopen { .. } => Action::Reopen,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("there is no such referral")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Somebody changed the referral since the caller looked; `current` is its version now.
    #[error("somebody changed this referral meanwhile; look again before you go on")]
    Stale { current: u64 },
    #[error(transparent)]
    Invalid(#[from] InvalidTransition),
    /// Something that the act needs is not there; the text says what to do.
    #[error("{0}")]
    NotPossible(#[from] Obstacle),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// What stands in the way of an act, and what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    #[error("{0} critical fields not seen yet: look at each on the review desk, then release")]
    NotSeen(usize),
    #[error("the note is empty: type a text or attach a PDF")]
    EmptyNote,
    #[error("the attachment is not a PDF: attach the note as a PDF, or type it")]
    NotAPdf,
    #[error("say what proves the delivery: to whom the letter went, how and when")]
    NoProof,
    #[error("say at least one thing that the referrer should send")]
    NothingRequested,
    #[error("the appointment lies in the past")]
    AppointmentInThePast,
    #[error("the referrer is not known: choose the practice in the directory, or deliver by hand")]
    ReferrerUnknown,
    #[error("only a fax number or station id points to this referrer: confirm the practice, or deliver by hand")]
    ReferrerUnconfirmed,
    #[error("the referrer has no Direct address: deliver by hand")]
    NoDirectAddress,
    #[error("no certificate is known for the referrer's Direct address: add it, or deliver by hand")]
    NoCertificate,
    #[error("mail is not set up here: set `mail.smtp_host` and `mail.direct_domain`, or deliver by hand")]
    MailOff,
}

impl Obstacle {
    /// A code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSeen(_) => "not_seen",
            Self::EmptyNote => "empty_note",
            Self::NotAPdf => "not_a_pdf",
            Self::NoProof => "no_proof",
            Self::NothingRequested => "nothing_requested",
            Self::AppointmentInThePast => "appointment_in_the_past",
            Self::ReferrerUnknown => "referrer_unknown",
            Self::ReferrerUnconfirmed => "referrer_unconfirmed",
            Self::NoDirectAddress => "no_direct_address",
            Self::NoCertificate => "no_certificate",
            Self::MailOff => "mail_off",
        }
    }
}

/// What this actor may do with this referral now.
pub fn possible(actor: &Actor, referral: &Referral) -> Vec<Action> {
    Action::ALL
        .into_iter()
        .filter(|action| action.is_possible_in(referral.status.name()))
        .filter(|action| authorize(actor, Permission::Act(*action)).is_ok())
        .collect()
}

/// Does what is asked, or says why not. `expected` is the version that the caller saw.
pub async fn act(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    request: ActRequest,
) -> Result<Referral, ActError> {
    let now = app.clock.now();
    let action = request.action();
    if let Err(denied) = authorize(actor, Permission::Act(action)) {
        return Err(audit_denial(&app.db, actor, action.as_str(), id, denied, now)
            .await?
            .into());
    }
    // What the act brings is durable before the transaction: no disk or network is waited for inside it.
    let attachment = store_attachment(app, &request, now).await?;
    let mut tx = app.db.begin().await?;
    let mut referral = store::referrals::find_to_change(&mut tx, id)
        .await?
        .ok_or(ActError::NotFound)?;
    if expected.is_some_and(|expected| expected != referral.version) {
        return Err(ActError::Stale {
            current: referral.version,
        });
    }
    if !action.is_possible_in(referral.status.name()) {
        return Err(impossible(&referral, &request));
    }
    let (event, remark) = prepare(app, &mut tx, actor, &referral, request, attachment, now).await?;
    record(
        &mut tx,
        &app.config.deadlines,
        actor,
        &mut referral,
        &event,
        remark,
        now,
    )
    .await
    .map_err(|error| refused(error, referral.version))?;
    if event == Event::Release {
        judge_release(app, &mut tx, id, now).await?;
    }
    tx.commit().await?;
    Ok(referral)
}

pub(super) fn refused(error: RecordError, current: u64) -> ActError {
    match error {
        RecordError::Invalid(invalid) => invalid.into(),
        RecordError::Overtaken => ActError::Stale { current },
        RecordError::Store(error) => error.into(),
    }
}

/// The refusal of the grid, told before anything is written.
fn impossible(referral: &Referral, request: &ActRequest) -> ActError {
    use crate::domain::referral::EventName;
    let asked = request.action();
    let event = EventName::ALL
        .into_iter()
        .find(|event| event.action() == Some(asked))
        .expect("every action is the name of an event");
    ActError::Invalid(InvalidTransition {
        from: referral.status.name(),
        event,
    })
}

async fn store_attachment(
    app: &App,
    request: &ActRequest,
    now: DateTime<Utc>,
) -> Result<Option<StoredObject>, ActError> {
    let ActRequest::AddNote { text, attachment, .. } = request else {
        return Ok(None);
    };
    let Some(bytes) = attachment else {
        let empty = text.as_ref().is_none_or(|text| text.trim().is_empty());
        return if empty {
            Err(Obstacle::EmptyNote.into())
        } else {
            Ok(None)
        };
    };
    if !bytes.starts_with(b"%PDF-") {
        return Err(Obstacle::NotAPdf.into());
    }
    Ok(Some(app.vault.put(ObjectKind::NoteAttachment, bytes, now).await?))
}

/// Turns a request into the event that it stands for, writing what belongs to it.
async fn prepare(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    request: ActRequest,
    attachment: Option<StoredObject>,
    now: DateTime<Utc>,
) -> Result<(Event, Remark), ActError> {
    let coded = |reason: &str, note| Remark {
        reason: Some(reason.to_owned()),
        note,
        ..Remark::default()
    };
    let said = |note| Remark {
        note,
        ..Remark::default()
    };
    Ok(match request {
        ActRequest::Release {} => (Event::Release, Remark::default()),
        ActRequest::ReleaseSeen { seen } => {
            let seen = all_critical(app, seen)?;
            let remark = Remark {
                seen,
                ..Remark::default()
            };
            (Event::Release, remark)
        }
        ActRequest::Reject { reason, note } => (
            Event::Reject {
                reason: reason.as_str().to_owned(),
            },
            coded(reason.as_str(), note),
        ),
        ActRequest::RequestInformation { items, note } => {
            if items.is_empty() {
                return Err(Obstacle::NothingRequested.into());
            }
            (Event::RequestInformation { items }, said(note))
        }
        ActRequest::Accept {} => (Event::Accept, Remark::default()),
        ActRequest::Decline { reason, note } => (
            Event::Decline {
                reason: reason.as_str().to_owned(),
            },
            coded(reason.as_str(), note),
        ),
        ActRequest::Schedule { appointment } => {
            if appointment < now {
                return Err(Obstacle::AppointmentInThePast.into());
            }
            (Event::Schedule { appointment }, Remark::default())
        }
        ActRequest::CancelAppointment { note } => (Event::CancelAppointment, said(note)),
        ActRequest::MarkSeen {} => (Event::MarkSeen, Remark::default()),
        ActRequest::MarkNoShow {} => (Event::MarkNoShow, Remark::default()),
        ActRequest::AddNote { kind, text, .. } => {
            let note = add_note(tx, actor, referral, kind, text, attachment, now).await?;
            (Event::AddNote { note, kind }, Remark::default())
        }
        ActRequest::SendNote {} => {
            let delivery = queue_delivery(app, tx, referral, now).await?;
            (Event::SendNote { delivery }, Remark::default())
        }
        ActRequest::DeliverByHand { proof } => {
            let delivery = deliver_by_hand(tx, referral, proof, now).await?;
            (Event::DeliverByHand { delivery }, Remark::default())
        }
        ActRequest::Cancel { reason, note } => (
            Event::Cancel {
                reason: reason.as_str().to_owned(),
            },
            coded(reason.as_str(), note),
        ),
        ActRequest::ConfirmCancel {} => (Event::ConfirmCancel, Remark::default()),
        ActRequest::Reopen { note } => (Event::Reopen, said(note)),
    })
}

/// A plausible value that nobody looked at is how wrong ones get through.
fn all_critical(app: &App, mut seen: Vec<FieldKey>) -> Result<Vec<FieldKey>, Obstacle> {
    let catalogue = app.rules.catalogue();
    seen.retain(|key| catalogue.field(key).is_some());
    seen.sort();
    seen.dedup();
    match catalogue.critical().filter(|field| !seen.contains(&field.key)).count() {
        0 => Ok(seen),
        unseen => Err(Obstacle::NotSeen(unseen)),
    }
}

async fn add_note(
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    kind: NoteKind,
    text: Option<String>,
    attachment: Option<StoredObject>,
    now: DateTime<Utc>,
) -> Result<NoteId, ActError> {
    if let Some(object) = &attachment {
        store::objects::insert(tx, object).await?;
    }
    let note = Note {
        id: NoteId::new(now),
        referral: referral.id.clone(),
        kind,
        author: actor.reference(),
        text: text.filter(|text| !text.trim().is_empty()),
        attachment: attachment.map(|object| object.id),
        letter: None,
        created_at: now,
    };
    store::notes::insert(tx, &note).await?;
    Ok(note.id)
}

/// Commits the attempt before anything is sent, so that a crash can never send a note that nobody knows of.
async fn queue_delivery(
    app: &App,
    tx: &mut Tx,
    referral: &Referral,
    now: DateTime<Utc>,
) -> Result<DeliveryId, ActError> {
    let Status::NoteReady { note } = &referral.status else {
        unreachable!("the grid sends only what is ready");
    };
    let address = referrer::address_to_send_to(app, tx, referral, now).await?;
    let id = DeliveryId::new(now);
    let delivery = Delivery {
        message_id: Some(super::delivery::message_id(app, &id)),
        id: id.clone(),
        referral: referral.id.clone(),
        note: note.clone(),
        channel: Channel::Direct,
        state: DeliveryState::Queued,
        address: Some(address),
        error: None,
        proof: None,
        created_at: now,
        submitted_at: None,
        processed_at: None,
        dispatched_at: None,
        ended_at: None,
    };
    store::deliveries::insert(tx, &delivery).await?;
    let job = jobs::NewJob {
        name: super::delivery::SEND_NOTE,
        lane: jobs::Lane::Quick,
        subject: id.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority: 0,
    };
    jobs::enqueue(tx, job, now).await?;
    Ok(id)
}

async fn deliver_by_hand(
    tx: &mut Tx,
    referral: &Referral,
    proof: String,
    now: DateTime<Utc>,
) -> Result<DeliveryId, ActError> {
    if proof.trim().is_empty() {
        return Err(Obstacle::NoProof.into());
    }
    let note = match &referral.status {
        Status::NoteReady { note } | Status::NoteSent { note, .. } => note.clone(),
        _ => unreachable!("the grid hands over only what is ready or sent"),
    };
    let delivery = Delivery {
        id: DeliveryId::new(now),
        referral: referral.id.clone(),
        note,
        channel: Channel::ByHand,
        state: DeliveryState::DeliveredByHand,
        address: None,
        message_id: None,
        error: None,
        proof: Some(proof),
        created_at: now,
        submitted_at: None,
        processed_at: None,
        dispatched_at: None,
        ended_at: Some(now),
    };
    store::deliveries::insert(tx, &delivery).await?;
    Ok(delivery.id)
}
