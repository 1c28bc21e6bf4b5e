//! What the strip shows: the pages in their order, those that are not ours, and the other documents of the same fax.

use crate::auth::Caller;
use crate::domain::arrangement::{ArrangedPage, Misdirected};
use crate::domain::document::PageKind;
use crate::domain::page::Rotation;
use crate::domain::permission::Permission;
use crate::domain::referral::{Referral, Status};
use crate::referrals::arrange::MERGED;
use crate::referrals::claim::held_by_other;
use crate::store::pages::StoredPage;
use crate::store::{self, Tx, arrangements, documents};
use crate::web::AppState;
use crate::web::desk;
use crate::web::error::Result;
use crate::web::layout::{filters, full_time, render};
use crate::web::loaded::{find_referral, referral_id};
use crate::web::page_notices::Packet;
use crate::web::turned::picture_transform;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

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
        let may_arrange = free && before_release && caller.may(Permission::CorrectFields, referral);
        let version = latest.as_ref().map_or(0, |latest| latest.version);
        let arranged = latest.map(|latest| format!("Arranged {}", full_time(latest.at)));
        let waiting = arrangements::to_extract(tx, &referral.transmission).await?;
        let reason = |page: &ArrangedPage| {
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
