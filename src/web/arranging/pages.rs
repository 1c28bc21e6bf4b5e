//! The pages behind the strip: small pictures, the text of one, and the document as it is arranged.

use crate::auth::Caller;
use crate::domain::page::{PageText, Rotation};
use crate::store::arrangements;
use crate::store::pages::StoredPage;
use crate::web::error::{Error, Result};
use crate::web::layout::{Frame, Place, filters, render};
use crate::web::loaded::{find_referral, open_object, referral_id};
use crate::web::{AppState, api, seen};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// A page of the referral that is ours, by `1.png` or `1`.
async fn own_page(app: &AppState, id: &str, name: &str) -> Result<(StoredPage, Rotation)> {
    let id = referral_id(id)?;
    let number: u32 = name
        .strip_suffix(".png")
        .unwrap_or(name)
        .parse()
        .map_err(|_| Error::not_found("page"))?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let pages = arrangements::pages_of(&mut tx, &referral.transmission, &referral.document).await?;
    let found = pages.into_iter().find(|(page, _)| page.number == number);
    found.ok_or_else(|| Error::not_found("page"))
}

/// A small picture of a page. Like the large one it is never kept: not here, and not in the browser's cache.
pub async fn thumbnail(State(app): State<AppState>, Path((id, name)): Path<(String, String)>) -> Result<Response> {
    let (page, _) = own_page(&app, &id, &name).await?;
    let png = open_object(&app, &page.image).await?;
    let small = tokio::task::spawn_blocking(move || small(png))
        .await
        .map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], small).into_response())
}

const THUMBNAIL: (u32, u32) = (120, 160);
/// Of a page's picture: more than any review image has.
const SIDE_MAX: u32 = 20_000;
const BYTES_MAX: u64 = 256 << 20;

/// The picture is a PNG that we encoded ourselves and that the vault vouches for, so that it is decoded here. What is none is
/// shown as it is.
fn small(png: Vec<u8>) -> Vec<u8> {
    let shrunk = || {
        let mut reader = ImageReader::with_format(Cursor::new(&png), ImageFormat::Png);
        let mut limits = Limits::default();
        limits.max_image_width = Some(SIDE_MAX);
        limits.max_image_height = Some(SIDE_MAX);
        limits.max_alloc = Some(BYTES_MAX);
        reader.limits(limits);
        let picture = reader.decode().ok()?.thumbnail(THUMBNAIL.0, THUMBNAIL.1).to_luma8();
        let mut small = Vec::new();
        picture.write_to(&mut Cursor::new(&mut small), ImageFormat::Png).ok()?;
        Some(small)
    };
    shrunk().unwrap_or(png)
}

#[derive(Template)]
#[template(path = "web/review/text.html")]
struct TextPage {
    frame: Frame,
    id: String,
    number: u32,
    lines: Vec<String>,
}

/// What stands on a page, as text that can be selected.
pub async fn text(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response> {
    let (page, _) = own_page(&app, &id, &name).await?;
    let text = api::pages::page_text(&open_object(&app, &page.words).await?)?;
    seen::one(&app, &caller, "referral", &id).await?;
    render(&TextPage {
        frame: Frame::new(&app, &caller, Place::Desk),
        id,
        number: page.number,
        lines: lines(&text),
    })
}

fn lines(text: &PageText) -> Vec<String> {
    let lines = text.words.chunk_by(|a, b| a.line == b.line);
    lines
        .map(|line| line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "))
        .collect()
}

/// The document as it is arranged, to search in and to keep.
pub async fn document(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let pdf = api::pages::pdf(&app, &id).await?;
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    Ok(pdf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::GrayImage;

    #[test]
    fn a_thumbnail_is_small_and_what_is_no_picture_stays() {
        let mut png = Vec::new();
        let page = GrayImage::from_pixel(1700, 2200, image::Luma([255]));
        page.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        let thumbnail = image::load_from_memory(&small(png)).unwrap();
        assert!(thumbnail.width() <= THUMBNAIL.0 && thumbnail.height() <= THUMBNAIL.1);
        assert_eq!(small(b"none".to_vec()), b"none");
    }
}
