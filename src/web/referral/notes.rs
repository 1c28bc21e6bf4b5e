//! Notes: entered as text or as a PDF, and to print: their letters, and what proves that they arrived.

use crate::auth::Caller;
use crate::domain::ids::{DeliveryId, NoteId};
use crate::domain::referral::NoteKind;
use crate::referrals::delivery::{self, Matter};
use crate::referrals::{self, ActRequest};
use crate::store::notes;
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::loaded::referral_id;
use crate::web::{letter, seen};
use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::{Redirect, Response};

fn note_kind(text: &str) -> Result<NoteKind> {
    serde_json::from_value(text.into()).map_err(|_| Error::invalid("Choose whether the note is final or interim."))
}

/// A note, typed or as a PDF.
pub async fn add_note(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    mut form: Multipart,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let (mut version, mut kind, mut text, mut attachment) = (None, NoteKind::Final, None, None);
    let broken = |_| Error::malformed("The form ended before it was complete. Send it again.");
    while let Some(part) = form.next_field().await.map_err(broken)? {
        match part.name().unwrap_or_default().to_owned().as_str() {
            "version" => version = part.text().await.map_err(broken)?.parse().ok(),
            "kind" => kind = note_kind(&part.text().await.map_err(broken)?)?,
            "text" => text = Some(part.text().await.map_err(broken)?),
            // A browser sends an empty part for a file that was not chosen.
            "document" => attachment = Some(part.bytes().await.map_err(broken)?.to_vec()).filter(|pdf| !pdf.is_empty()),
            _ => {}
        }
    }
    let version = version.ok_or_else(Error::version_required)?;
    let request = ActRequest::AddNote { kind, text, attachment };
    referrals::act(&app, &caller.actor, &id, Some(version), request).await?;
    Ok(Redirect::to(&format!("/referrals/{id}?done=add_note")))
}

/// The letter of a note, to print: `…/notes/{note}.pdf`.
pub async fn letter(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let note: NoteId = letter::id_of(&name)?;
    let mut tx = app.db.read().await?;
    let note = notes::find(&mut tx, &note)
        .await?
        .filter(|note| note.referral == id)
        .ok_or_else(letter::missing)?;
    drop(tx);
    let shown = letter::shown(&app, &Matter::Note(note.clone()), note.id.as_str()).await?;
    seen::one(&app, &caller, "note", note.id.as_str()).await?;
    Ok(shown)
}

/// What proves a delivery, to print: `…/deliveries/{delivery}.pdf`.
pub async fn certificate(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let delivery: DeliveryId = letter::id_of(&name)?;
    let found = delivery::certificate(&app, &delivery).await.map_err(Error::internal)?;
    let (_, pdf) = found
        .filter(|(referral, _)| *referral == id)
        .ok_or_else(letter::missing)?;
    seen::one(&app, &caller, "delivery", delivery.as_str()).await?;
    Ok(letter::as_pdf(pdf, delivery.as_str()))
}
