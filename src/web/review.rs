//! The review page: the page picture with a box for every field, beside the form; every change is saved by itself.

use super::AppState;
use super::action::{self, ActionForm};
use super::arranging::Strip;
use super::banners::{self, Banner};
use super::claim::{self, ClaimView};
use super::error::{Error, Result};
use super::fields::{self, Change, History, Names, PageView, Reader, SectionView, is_open};
use super::layout::{Frame, Place, Tag, filters, render};
use super::loaded::{Row, find_referral, open_object, referral_id};
use super::page_notices::{self, Packet};
use super::seen;
use super::turned::{self, Turned};
use crate::auth::Caller;
use crate::domain::permission::Permission;
use crate::domain::referral::Action;
use crate::referrals;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "web/review/review.html")]
struct ReviewPage {
    frame: Frame,
    id: String,
    transmission: String,
    version: u64,
    patient: String,
    summary: String,
    urgency: Tag,
    deadline: Tag,
    left: usize,
    strip: Strip,
    pages: Vec<PageView>,
    words: Option<String>,
    notices: Vec<String>,
    banners: Vec<Banner>,
    sections: Vec<SectionView>,
    /// The keys of the critical fields, a space between them.
    critical: String,
    claim: ClaimView,
    may_correct: bool,
    may_release: bool,
    may_ask: bool,
    side_actions: Vec<ActionForm>,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let now = app.clock.now();
    let opening = claim::open(&app, &caller, &id, &headers).await?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let claim = ClaimView::load(&mut tx, &caller, &referral, opening, now).await?;
    let free = claim.is_free();
    let names = Names::load(&mut tx).await?;
    let packet = Packet::load(&mut tx, &referral).await?;
    let strip = Strip::load(&mut tx, &caller, &referral, &packet, free).await?;
    let banners = banners::of(&mut tx, &caller.actor, &referral).await?;
    let row = Row::load(&mut tx, referral, &names).await?;
    drop(tx);
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    let notices = page_notices::of(&app, &packet, &row.history).await;
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now,
    };
    let mut sections = reader.sections(&row.history, &row.asked);
    let pages = page_views(&packet, &sections, &row.history);
    turned::turn_crops(&mut sections, &row.history, &turned_pages(&packet));
    let status = row.referral.status.name();
    let possible = referrals::possible(&caller.actor, &row.referral);
    let may = |action: Action| free && possible.contains(&action);
    render(&ReviewPage {
        frame: Frame::new(&app, &caller, Place::Desk),
        id: id.to_string(),
        transmission: row.referral.transmission.to_string(),
        version: row.referral.version,
        summary: summary(&row),
        urgency: row.urgency(),
        deadline: row.deadline(now),
        left: sections
            .iter()
            .flat_map(|section| &section.fields)
            .filter(|field| is_open(&field.state))
            .count(),
        strip,
        pages,
        words: packet.words(),
        notices,
        banners,
        critical: critical(&sections),
        sections,
        claim,
        may_correct: free && !status.is_ended() && caller.may(Permission::CorrectFields, &row.referral),
        may_release: may(Action::Release),
        may_ask: may(Action::RequestInformation),
        side_actions: [Action::Reject]
            .into_iter()
            .filter(|action| may(*action))
            .map(|action| action::form(action, id.as_str()))
            .collect(),
        patient: row.heading.patient,
    })
}

fn critical(sections: &[SectionView]) -> String {
    let fields = sections.iter().flat_map(|section| &section.fields);
    let keys: Vec<&str> = fields
        .filter(|field| field.critical)
        .map(|field| field.key.as_str())
        .collect();
    keys.join(" ")
}

fn turned_pages(packet: &Packet) -> Vec<Turned> {
    let pages = packet.own_pages().into_iter().map(|page| Turned {
        number: page.number,
        turn: packet.turn(page.number),
        width: page.width,
        height: page.height,
    });
    pages.collect()
}

fn page_views(packet: &Packet, sections: &[SectionView], history: &History) -> Vec<PageView> {
    let view = |page: Turned| {
        let (shown_width, shown_height) = page.turn.turned_size(page.width, page.height);
        PageView {
            number: page.number,
            width: page.width,
            height: page.height,
            shown_width,
            shown_height,
            transform: turned::picture_transform(page.turn, page.width, page.height),
            marks: fields::marks(sections, history, page.number),
        }
    };
    turned_pages(packet).into_iter().map(view).collect()
}

fn summary(row: &Row) -> String {
    let from = if row.referrer.is_empty() {
        "sender not read".to_owned()
    } else {
        format!("from {}", row.referrer)
    };
    if row.specialty.is_empty() {
        from
    } else {
        format!("{}, {from}", row.specialty)
    }
}

/// A page's picture. Private and never kept: it is a patient's.
pub async fn picture(State(app): State<AppState>, Path((id, name)): Path<(String, String)>) -> Result<Response> {
    let id = referral_id(&id)?;
    let number: u32 = name
        .strip_suffix(".png")
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Error::not_found("page"))?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let packet = Packet::load(&mut tx, &referral).await?;
    drop(tx);
    let page = packet
        .own_pages()
        .into_iter()
        .find(|page| page.number == number)
        .ok_or_else(|| Error::not_found("page"))?;
    let png = open_object(&app, &page.image).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}
