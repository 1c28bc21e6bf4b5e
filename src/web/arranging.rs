//! The strip of pages on the review page, and what it does: turn, split, merge, put in order, "not ours", and back.

use super::AppState;
use super::api;
use super::desk;
use super::error::{Error, Result};
use super::layout::{Frame, Place, filters, full_time, render};
use super::loaded::{find_referral, open_object, referral_id};
use super::page_notices::Packet;
use super::seen;
use super::turned::picture_transform;
use crate::auth::Caller;
use crate::domain::arrangement::{Misdirected, Rearrangement};
use crate::domain::document::PageKind;
use crate::domain::page::{PageText, Rotation};
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::{Referral, Status};
use crate::referrals::arrange::{MERGED, arrange};
use crate::referrals::claim::held_by_other;
use crate::store::pages::StoredPage;
use crate::store::{self, Tx, arrangements, documents};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use image::{ImageFormat, ImageReader, Limits};
use serde::Deserialize;
use std::io::Cursor;

/// What the strip shows.
#[derive(Template)]
#[template(path = "web/review/pages.html")]
pub struct Strip {
    pub id: String,
    pub csrf: String,
    /// Of the arrangement.
    pub version: u32,
    pub pages: Vec<StripPage>,
    pub not_ours: Vec<NotOursView>,
    pub siblings: Vec<Sibling>,
    pub reasons: [Misdirected; 4],
    pub may_arrange: bool,
    /// Who arranged the pages last, and when; nothing where they stand as they were read.
    pub arranged: String,
    pub transmission: String,
    /// The fields are not of these pages yet.
    pub rereading: bool,
    pub merged: bool,
}

pub struct StripPage {
    pub number: u32,
    pub kind: String,
    pub width: u32,
    pub height: u32,
    pub shown_width: u32,
    pub shown_height: u32,
    pub transform: String,
}

pub struct NotOursView {
    pub number: u32,
    pub reason: &'static str,
}

/// Another document of the same transmission.
pub struct Sibling {
    pub document: String,
    /// Where it is looked at, or nothing.
    pub href: String,
    pub kind: String,
    pub pages: String,
    pub may_merge: bool,
}

impl Strip {
    /// `free`: nobody else reviews it just now.
    pub async fn load(
        tx: &mut Tx,
        caller: &Caller,
        referral: &Referral,
        packet: &Packet,
        free: bool,
    ) -> store::Result<Self> {
        let latest = arrangements::latest(tx, &referral.transmission).await?;
        let before_release = referral.status.name().is_before_release();
        let may_arrange = free && before_release && authorize(&caller.actor, Permission::CorrectFields).is_ok();
        let version = latest.as_ref().map_or(0, |latest| latest.version);
        let arranged = latest.map(|latest| format!("Arranged {}", full_time(latest.at)));
        let waiting = arrangements::to_extract(tx, &referral.transmission).await?;
        let reason = |page: &crate::domain::arrangement::ArrangedPage| {
            page.not_ours.map(|reason| NotOursView {
                number: page.number,
                reason: reason.label(),
            })
        };
        Ok(Self {
            id: referral.id.to_string(),
            csrf: caller.csrf().to_owned(),
            version,
            pages: packet
                .own_pages()
                .into_iter()
                .map(|page| strip_page(page, packet.turn(page.number)))
                .collect(),
            not_ours: packet.not_ours().iter().filter_map(reason).collect(),
            siblings: siblings(tx, referral, may_arrange).await?,
            reasons: Misdirected::ALL,
            may_arrange,
            arranged: arranged.unwrap_or_default(),
            transmission: referral.transmission.to_string(),
            rereading: waiting.contains(&referral.document),
            merged: matches!(&referral.status, Status::Rejected { reason } if reason == MERGED),
        })
    }
}

fn strip_page(page: &StoredPage, turn: Rotation) -> StripPage {
    let (shown_width, shown_height) = turn.turned_size(page.width, page.height);
    StripPage {
        number: page.number,
        kind: kind_text(page.kind).to_owned(),
        width: page.width,
        height: page.height,
        shown_width,
        shown_height,
        transform: picture_transform(turn, page.width, page.height),
    }
}

fn kind_text(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Cover => "Cover",
        PageKind::Referral => "Form",
        PageKind::ClinicalNote => "Note",
        PageKind::Lab => "Lab",
        PageKind::Imaging => "Imaging",
        PageKind::InsuranceCard => "Card",
        PageKind::Other => "Other",
        PageKind::Blank => "Blank",
    }
}

async fn siblings(tx: &mut Tx, referral: &Referral, may_arrange: bool) -> store::Result<Vec<Sibling>> {
    let (_, arrangement) = arrangements::in_force(tx, &referral.transmission).await?;
    let mut siblings = Vec::new();
    for document in documents::of_transmission(tx, &referral.transmission).await? {
        let pages = arrangement.pages_of(&document.id);
        if document.id == referral.document || pages.is_empty() {
            continue;
        }
        let numbers: Vec<String> = pages.iter().map(|page| page.number.to_string()).collect();
        let other = match store::referrals::of_document(tx, &document.id).await? {
            Some(id) => store::referrals::find(tx, &id).await?,
            None => None,
        };
        let is_open = |other: &Referral| other.status.name().is_before_release();
        siblings.push(Sibling {
            href: other
                .as_ref()
                .map(|other| format!("/desk/{}", other.id))
                .unwrap_or_default(),
            may_merge: may_arrange && other.as_ref().is_none_or(is_open),
            document: document.id.to_string(),
            kind: desk::kind_text(document.kind).to_owned(),
            pages: format!(
                "{} {}",
                if numbers.len() == 1 { "page" } else { "pages" },
                numbers.join(", ")
            ),
        });
    }
    Ok(siblings)
}

/// The strip alone, for a page that shows another one already.
pub async fn strip(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let packet = Packet::load(&mut tx, &referral).await?;
    let held = held_by_other(&mut tx, &caller.actor, &id, app.clock.now()).await?;
    let strip = Strip::load(&mut tx, &caller, &referral, &packet, held.is_none()).await?;
    drop(tx);
    render(&strip)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Turn,
    Split,
    Merge,
    Earlier,
    Later,
    NotOurs,
    Ours,
    Revert,
}

#[derive(Deserialize)]
pub struct ArrangeForm {
    act: Act,
    /// The version of the arrangement that the person saw.
    arranged: Option<u32>,
    page: Option<u32>,
    document: Option<String>,
    reason: Option<Misdirected>,
}

impl ArrangeForm {
    fn change(&self) -> Result<Rearrangement> {
        let page = || self.page.ok_or_else(|| Error::invalid("Choose a page first."));
        Ok(match self.act {
            Act::Turn => Rearrangement::Turn {
                page: page()?,
                by: Rotation::Quarter,
            },
            Act::Split => Rearrangement::Split { before: page()? },
            Act::Earlier => Rearrangement::Earlier { page: page()? },
            Act::Later => Rearrangement::Later { page: page()? },
            Act::Ours => Rearrangement::Ours { page: page()? },
            Act::Revert => Rearrangement::Revert,
            Act::NotOurs => Rearrangement::NotOurs {
                page: page()?,
                reason: self
                    .reason
                    .ok_or_else(|| Error::invalid("Say why the page is not ours."))?,
            },
            Act::Merge => {
                let document = self.document.as_deref().and_then(|text| text.parse().ok());
                Rearrangement::Merge {
                    other: document.ok_or_else(|| Error::not_found("document"))?,
                }
            }
        })
    }
}

pub async fn change(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<ArrangeForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.arranged.ok_or_else(Error::version_required)?;
    let change = form.change()?;
    arrange(&app, &caller.actor, &id, Some(version), &change).await?;
    let shown = match change {
        Rearrangement::Turn { page, .. } | Rearrangement::Earlier { page } | Rearrangement::Later { page } => {
            format!("#page-{page}")
        }
        _ => String::new(),
    };
    Ok(Redirect::to(&format!("/desk/{id}{shown}")))
}

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
