//! A referral's document as pictures, words and a searchable PDF. Its own pages alone: a fax may hold another patient's.

use super::super::AppState;
use super::super::error::{Error, Result};
use super::extract::Path;
use super::view::referral_of;
use crate::domain::ids::{ObjectId, ReferralId};
use crate::domain::page::{PageText, Rotation};
use crate::letters::searchable::{self, SearchablePage};
use crate::store::pages::StoredPage;
use crate::store::{self, Tx};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

async fn pages(tx: &mut Tx, id: &ReferralId) -> Result<Vec<(StoredPage, Rotation)>> {
    let referral = referral_of(tx, id).await?;
    Ok(store::arrangements::pages_of(tx, &referral.transmission, &referral.document).await?)
}

pub async fn page(app: &AppState, id: &ReferralId, number: &str) -> Result<StoredPage> {
    let mut tx = app.db.read().await?;
    let number = number.parse::<u32>().map_err(|_| Error::not_found("page"))?;
    let pages = pages(&mut tx, id).await?;
    pages
        .into_iter()
        .map(|(page, _)| page)
        .find(|page| page.number == number)
        .ok_or_else(|| Error::not_found("page"))
}

pub async fn open(app: &AppState, id: &ObjectId) -> Result<Vec<u8>> {
    let mut tx = app.db.read().await?;
    let object = store::objects::find(&mut tx, id)
        .await?
        .ok_or_else(|| Error::not_found("object"))?;
    drop(tx);
    Ok(app.vault.get(&object).await?)
}

/// `pages/{n}.png`. axum takes whole segments, so that the name is cut here.
pub async fn picture(State(app): State<AppState>, Path((id, name)): Path<(ReferralId, String)>) -> Result<Response> {
    let number = name.strip_suffix(".png").ok_or_else(|| Error::not_found("page"))?;
    let page = page(&app, &id, number).await?;
    let png = open(&app, &page.image).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], Bytes::from(png)).into_response())
}

pub async fn words(
    State(app): State<AppState>,
    Path((id, number)): Path<(ReferralId, String)>,
) -> Result<axum::Json<Value>> {
    let page = page(&app, &id, &number).await?;
    let text = page_text(&open(&app, &page.words).await?)?;
    let words: Vec<Value> = text
        .words
        .iter()
        .map(|word| json!({ "text": word.text, "box": word.bounds, "confidence": word.confidence, "line": word.line }))
        .collect();
    Ok(axum::Json(
        json!({ "number": page.number, "width": page.width, "height": page.height, "unreadable": page.unreadable, "words": words }),
    ))
}

pub fn page_text(bytes: &[u8]) -> Result<PageText> {
    serde_json::from_slice(bytes).map_err(Error::internal)
}

pub async fn document(State(app): State<AppState>, Path(id): Path<ReferralId>) -> Result<Response> {
    pdf(&app, &id).await
}

/// The document as one searchable PDF: as it was bound, or made from the pages' pictures where it isn't yet, can't be, or where a
/// person arranged the pages since.
pub async fn pdf(app: &AppState, id: &ReferralId) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let referral = referral_of(&mut tx, id).await?;
    let bound = store::documents::find(&mut tx, &referral.document).await?;
    let bound = bound.and_then(|document| document.bound);
    let is_as_read = store::arrangements::is_as_read(&mut tx, &referral.transmission, &referral.document).await?;
    let stored = pages(&mut tx, id).await?;
    drop(tx);
    let pdf = match bound.filter(|_| is_as_read) {
        Some(object) => open(app, &object).await?,
        None => from_pictures(app, &stored).await?,
    };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{id}.pdf\"")),
    ];
    Ok((headers, Bytes::from(pdf)).into_response())
}

async fn from_pictures(app: &AppState, stored: &[(StoredPage, Rotation)]) -> Result<Vec<u8>> {
    let mut parts = Vec::with_capacity(stored.len());
    for (page, turn) in stored {
        let image = open(app, &page.image).await?;
        let text = page_text(&open(app, &page.words).await?)?;
        parts.push((image, text.words, *turn));
    }
    tokio::task::spawn_blocking(move || {
        let pages: Vec<SearchablePage<'_>> = parts
            .iter()
            .map(|(image, words, turn)| SearchablePage {
                image_png: image,
                words,
                turn: *turn,
            })
            .collect();
        searchable::render(&pages)
    })
    .await
    .map_err(Error::internal)?
    .map_err(Error::internal)
}
