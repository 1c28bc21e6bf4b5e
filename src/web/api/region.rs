//! A part of a page read again, for somebody who knows what should stand there.

use super::super::AppState;
use super::super::error::{Error, Result};
use super::extract::{Json, Path};
use super::pages::{open, page};
use crate::domain::alphabet::Alphabet;
use crate::domain::ids::ReferralId;
use crate::domain::page::PixelBox;
use crate::domain::region::Region;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(rename = "box")]
    bounds: PixelBox,
    #[serde(default)]
    expect: Alphabet,
}

/// The picture is decoded in a child, as when it was read first: it was made of pixels that anybody could send.
pub async fn read(
    State(app): State<AppState>,
    Path((id, number)): Path<(ReferralId, String)>,
    Json(wanted): Json<Wanted>,
) -> Result<axum::Json<Value>> {
    let page = page(&app, &id, &number).await?;
    let picture = open(&app, &page.image).await?;
    let region = Region {
        bounds: wanted.bounds,
        alphabet: wanted.expect,
    };
    let read = app
        .reading
        .regions(picture.into(), vec![region])
        .await
        .map_err(Error::internal)?;
    let text = read.into_iter().next().unwrap_or_default();
    Ok(axum::Json(
        json!({ "text": text.text, "confidence": text.confidence, "agreed": text.agreed }),
    ))
}
