//! `/api/v1/referrals/{id}/notes`: the consult note, typed or as a PDF; and how it went back.

use super::super::AppState;
use super::super::error::{Error, Result, if_match};
use super::super::webhooks::Intake;
use super::extract::Path;
use super::page::Page;
use super::referrals::versioned;
use super::view::referral_of;
use crate::auth::Caller;
use crate::domain::delivery::{Channel, DeliveryState, Purpose};
use crate::domain::ids::{DeliveryId, NoteId, ReferralId, RequestId};
use crate::domain::referral::NoteKind;
use crate::doors::multipart;
use crate::referrals::{self, ActRequest};
use crate::store;
use crate::store::deliveries::Delivery;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewNote {
    text: Option<String>,
    /// `final` unless told.
    kind: Option<NoteKind>,
    #[serde(skip)]
    attachment: Option<Vec<u8>>,
}

#[derive(Serialize)]
pub struct NoteView {
    id: NoteId,
    kind: NoteKind,
    author: String,
    created_at: DateTime<Utc>,
    has_text: bool,
    has_attachment: bool,
}

pub async fn add(
    State(app): State<AppState>,
    Extension(intake): Extension<Intake>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<ReferralId>,
    request: Request,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let expected = if_match(&parts.headers)?;
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let (body, _room) = intake.read(&parts.headers, body).await?;
    let note = new_note(content_type.unwrap_or_default(), &body)?;
    let request = ActRequest::AddNote {
        kind: note.kind.unwrap_or(NoteKind::Final),
        text: note.text,
        attachment: note.attachment,
    };
    let referral = referrals::act(&app, &caller.actor, &id, Some(expected), request).await?;
    let mut tx = app.db.read().await?;
    let notes = store::notes::of_referral(&mut tx, &id).await?;
    let note = notes
        .into_iter()
        .next_back()
        .ok_or_else(|| Error::internal("a note that was added is not there"))?;
    let view = NoteView {
        id: note.id,
        kind: note.kind,
        author: note.author,
        created_at: note.created_at,
        has_text: note.text.is_some(),
        has_attachment: note.attachment.is_some(),
    };
    Ok(versioned(referral.version, view).into_response())
}

/// JSON with `text`, or multipart with the file part `document`; `kind` in both.
fn new_note(content_type: &str, body: &[u8]) -> Result<NewNote> {
    let unusable = || {
        Error::invalid(
            "A note is JSON with `text`, or a form with the file part `document`; `kind` is `final` or `interim`.",
        )
    };
    if !content_type.starts_with("multipart/form-data") {
        return serde_json::from_slice(body).map_err(|_| unusable());
    }
    let mut note = NewNote {
        text: None,
        kind: None,
        attachment: None,
    };
    for part in multipart::parts(content_type, body).map_err(|_| unusable())? {
        match part.name.as_slice() {
            b"document" => note.attachment = Some(part.bytes.to_vec()),
            b"text" => note.text = Some(part.text().ok_or_else(unusable)?.to_owned()),
            b"kind" => note.kind = Some(kind(part.text().ok_or_else(unusable)?).ok_or_else(unusable)?),
            _ => {}
        }
    }
    Ok(note)
}

fn kind(text: &str) -> Option<NoteKind> {
    match text.trim() {
        "final" => Some(NoteKind::Final),
        "interim" => Some(NoteKind::Interim),
        _ => None,
    }
}

#[derive(Serialize)]
pub struct DeliveryView {
    id: DeliveryId,
    /// What it brings: a note, or a request for information.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<NoteId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    channel: Channel,
    state: DeliveryState,
    address: Option<String>,
    message_id: Option<String>,
    error: Option<String>,
    proof: Option<String>,
    created_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    processed_at: Option<DateTime<Utc>>,
    dispatched_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let (note, request) = match delivery.purpose {
            Purpose::Note(note) => (Some(note), None),
            Purpose::Request(request) => (None, Some(request)),
        };
        Self {
            id: delivery.id,
            note,
            request,
            channel: delivery.channel,
            state: delivery.state,
            address: delivery.address,
            message_id: delivery.message_id,
            error: delivery.error,
            proof: delivery.proof,
            created_at: delivery.created_at,
            submitted_at: delivery.submitted_at,
            processed_at: delivery.processed_at,
            dispatched_at: delivery.dispatched_at,
            ended_at: delivery.ended_at,
        }
    }
}

pub async fn deliveries(
    State(app): State<AppState>,
    Path(id): Path<ReferralId>,
) -> Result<axum::Json<Page<DeliveryView>>> {
    let mut tx = app.db.read().await?;
    referral_of(&mut tx, &id).await?;
    let deliveries = store::deliveries::of_referral(&mut tx, &id).await?;
    Ok(axum::Json(Page::all(
        deliveries.into_iter().map(DeliveryView::from).collect(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_comes_as_json_or_as_a_form() {
        let typed = new_note("application/json", br#"{"text":"Seen.","kind":"interim"}"#).unwrap();
        assert_eq!(
            (typed.text.as_deref(), typed.kind),
            (Some("Seen."), Some(NoteKind::Interim))
        );
        let body = b"--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nfinal\r\n--b\r\n\
            Content-Disposition: form-data; name=\"document\"; filename=\"n.pdf\"\r\n\r\n%PDF-1.7\r\n--b--";
        let attached = new_note("multipart/form-data; boundary=b", body).unwrap();
        assert_eq!(
            (attached.attachment.as_deref(), attached.kind),
            (Some(b"%PDF-1.7".as_slice()), Some(NoteKind::Final))
        );
        assert!(new_note("application/json", b"{\"text\":1}").is_err());
        assert!(new_note("application/json", b"{\"text\":\"a\",\"kind\":\"last\"}").is_err());
    }
}
