//! The event that a request stands for, with what belongs to it.

use super::{ActError, ActRequest, Obstacle};
use crate::app::App;
use crate::domain::delivery::Purpose;
use crate::domain::fields::FieldKey;
use crate::domain::ids::NoteId;
use crate::domain::object::{ObjectKind, StoredObject};
use crate::domain::people::Actor;
use crate::domain::referral::{Event, NoteKind, Referral, RejectReason, Status};
use crate::referrals::delivery::{by_hand, queue};
use crate::referrals::record::Remark;
use crate::referrals::{duplicate, file, request};
use crate::store::notes::Note;
use crate::store::requests::Asked;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

pub(super) async fn store_attachment(
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
pub(super) async fn prepare(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    request: ActRequest,
    attachment: Option<StoredObject>,
    now: DateTime<Utc>,
) -> Result<(Event, Remark), ActError> {
    let said = |note| Remark {
        note,
        ..Remark::default()
    };
    Ok(match request {
        ActRequest::Release {} => (Event::Release, Remark::default()),
        ActRequest::ReleaseSeen { seen } => (Event::Release, after_seeing(app, seen)?),
        ActRequest::Reject { reason, note } => rejected(reason, note),
        ActRequest::RequestInformation { items, note, direct } => {
            let asked = Asked { items, note };
            request::keep(app, tx, actor, referral, &asked, direct, now).await?;
            (Event::RequestInformation { items: asked.items }, said(asked.note))
        }
        ActRequest::RouteAway { route, to } => {
            file::route_away(tx, actor, referral, route, to.as_ref(), now).await?;
            rejected(RejectReason::NotAReferral, Some(route.label().to_owned()))
        }
        ActRequest::CloseAsDuplicate { twin } => {
            duplicate::close(tx, actor, referral, &twin, now).await?;
            rejected(RejectReason::Duplicate, Some(twin.to_string()))
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
            let delivery = queue(app, tx, referral, note_of(referral), now).await?;
            (Event::SendNote { delivery }, Remark::default())
        }
        ActRequest::DeliverByHand { proof } => {
            let delivery = by_hand(tx, referral, note_of(referral), proof, now).await?;
            (Event::DeliverByHand { delivery }, Remark::default())
        }
        ActRequest::Cancel { reason, note } => (
            Event::Cancel {
                reason: reason.as_str().to_owned(),
            },
            coded(reason.as_str(), note),
        ),
        ActRequest::ConfirmCancel {} => (Event::ConfirmCancel, Remark::default()),
        ActRequest::Reopen { note } => {
            // What was said of it when it was rejected holds no longer.
            store::routes::forget(tx, &referral.document).await?;
            store::twins::forget_same(tx, &referral.id).await?;
            (Event::Reopen, said(note))
        }
    })
}

/// A plausible value that nobody looked at is how wrong ones get through.
fn after_seeing(app: &App, mut seen: Vec<FieldKey>) -> Result<Remark, Obstacle> {
    let catalogue = app.rules.catalogue();
    seen.retain(|key| catalogue.field(key).is_some());
    seen.sort();
    seen.dedup();
    match catalogue.critical().filter(|field| !seen.contains(&field.key)).count() {
        0 => Ok(Remark {
            seen,
            ..Remark::default()
        }),
        unseen => Err(Obstacle::NotSeen(unseen)),
    }
}

fn coded(reason: &str, note: Option<String>) -> Remark {
    Remark {
        reason: Some(reason.to_owned()),
        note,
        ..Remark::default()
    }
}

fn rejected(reason: RejectReason, note: Option<String>) -> (Event, Remark) {
    let code = reason.as_str();
    let event = Event::Reject {
        reason: code.to_owned(),
    };
    (event, coded(code, note))
}

/// What there is to send or hand over.
fn note_of(referral: &Referral) -> Purpose {
    match &referral.status {
        Status::NoteReady { note } | Status::NoteSent { note, .. } => Purpose::Note(note.clone()),
        _ => unreachable!("the grid sends and hands over only what is ready or sent"),
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
