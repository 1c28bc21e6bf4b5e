//! A letter as a browser shows it: `….pdf`, typeset anew each time.

use super::AppState;
use super::error::{Error, Result};
use crate::referrals::delivery::{Matter, printed_letter};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::str::FromStr;

pub fn missing() -> Error {
    Error::not_found("letter")
}

/// The id in `{id}.pdf`.
pub fn id_of<Id: FromStr>(name: &str) -> Result<Id> {
    name.strip_suffix(".pdf")
        .and_then(|id| id.parse().ok())
        .ok_or_else(missing)
}

/// `id` becomes the name under which a browser keeps it.
pub async fn shown(app: &AppState, matter: &Matter, id: &str) -> Result<Response> {
    let pdf = printed_letter(app, matter).await.map_err(Error::internal)?;
    Ok(as_pdf(pdf, id))
}

pub fn as_pdf(pdf: Vec<u8>, id: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{id}.pdf\"")),
    ];
    (headers, pdf).into_response()
}
