//! Documents that could not be read, each with its reason, its bytes as they came, and another try.

use super::ROWS_MAX;
use super::senders::{DoorNames, door_name, sender};
use crate::auth::Caller;
use crate::domain::ids::TransmissionId;
use crate::domain::permission::{Permission, Resource};
use crate::domain::transmission::{QuarantineReason, Stage};
use crate::pipeline::quarantine;
use crate::store::{self, Tx, transmissions};
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::layout::When;
use crate::web::loaded::open_object;
use crate::web::{misdirected, seen};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

pub struct QuarantineRow {
    /// The transmission's.
    pub id: String,
    pub title: &'static str,
    pub reason: &'static str,
    pub from: String,
    pub door: String,
    pub age: When,
    pub may_retry: bool,
}

pub async fn rows(
    tx: &mut Tx,
    caller: &Caller,
    names: &DoorNames,
    now: DateTime<Utc>,
) -> store::Result<Vec<QuarantineRow>> {
    let may_retry = caller.may(Permission::RetryQuarantined, Resource::Somewhere);
    let reach = caller.reach(Permission::ViewTransmissions);
    let items = transmissions::list(tx, Some(Stage::Quarantined), &reach, None, ROWS_MAX).await?;
    Ok(items
        .into_iter()
        .map(|item| QuarantineRow {
            id: item.id.to_string(),
            title: item.reason.map_or("Set aside", title),
            reason: item.reason.map_or("", QuarantineReason::explanation),
            door: door_name(names, &item.door),
            age: When::ago(item.arrived_at, now),
            may_retry: may_retry && item.reason.is_none_or(QuarantineReason::may_be_retried),
            from: sender(item.details),
        })
        .collect())
}

/// A reason in a few words; [`QuarantineReason::explanation`] says what to do.
fn title(reason: QuarantineReason) -> &'static str {
    use QuarantineReason as Q;
    match reason {
        Q::Encrypted => "Locked with a password",
        Q::Unreadable => "Damaged file",
        Q::NoPages => "No pages",
        Q::TooLarge => "File too large",
        Q::TooManyPages => "Too many pages",
        Q::PixelLimit => "Page too large",
        Q::Time => "Reading took too long",
        Q::Memory => "Reading needed too much memory",
        Q::Crash => "The reader crashed",
        Q::ForbiddenCall => "Suspicious file",
        Q::NotADocument => "Not a document",
        Q::Partial => "Broken off",
        Q::WinmailDat => "Attachments in winmail.dat",
        Q::SeveralPatients => "Several patients",
        Q::MalformedRequest => "Unreadable request",
        Q::Untrusted => "Sender not verified",
        Q::OtherContent => "Other message, same number",
        Q::LeftInMailbox => "Stuck in the mailbox",
        Q::ProcessingFailed => "Processing failed",
    }
}

fn transmission_id(text: &str) -> Result<TransmissionId> {
    text.parse().map_err(|_| Error::not_found("document"))
}

/// The bytes as they were received. Never shown in the browser: they are the sender's, and may be anything.
pub async fn original(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = transmission_id(&id)?;
    let mut tx = app.db.read().await?;
    let found = transmissions::find(&mut tx, &id)
        .await?
        .ok_or_else(|| Error::not_found("document"))?;
    misdirected::may_have_original(&mut tx, &caller, &id).await?;
    drop(tx);
    let bytes = open_object(&app, &found.object).await?;
    seen::one(&app, &caller, "transmission", id.as_str()).await?;
    let kind = found
        .media_type
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    let extension = match kind.as_str() {
        "application/pdf" => "pdf",
        "image/tiff" => "tif",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "text/xml" => "xml",
        "application/zip" => "zip",
        "x-application/hl7-v2+er7" => "hl7",
        _ => "bin",
    };
    let name = format!("attachment; filename=\"{id}.{extension}\"");
    Ok((
        [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)],
        bytes,
    )
        .into_response())
}

/// Reads a document that was set aside once more.
pub async fn retry(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Redirect> {
    let id = transmission_id(&id)?;
    quarantine::retry(&app, &caller.actor, &id).await?;
    Ok(Redirect::to("/desk"))
}
