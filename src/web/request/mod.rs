//! Asking the referrer for what is missing: a checklist from the gaps, the letter made of it, and how it goes out.

mod letters;
mod sheet;

pub use letters::{draft_letter, letter, preview};

use super::AppState;
use super::claim::ClaimView;
use super::error::Result;
use super::fields::{Names, Reader};
use super::layout::{Frame, Place, Tag, When, filters, render};
use super::loaded::{Row, find_referral, referral_id};
use super::page_notices::{self, Packet};
use super::referral::{DeliveryView, delivery_view};
use super::seen;
use crate::auth::Caller;
use crate::domain::delivery::Purpose;
use crate::domain::referral::{Action, StatusName};
use crate::referrals::{self, ActRequest, request};
use crate::store::{deliveries, delivery_reports, requests};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use sheet::{Pairs, to_act_on};

#[derive(Template)]
#[template(path = "web/request/request.html")]
struct RequestPage {
    frame: Frame,
    id: String,
    version: u64,
    patient: String,
    status: Tag,
    claim: ClaimView,
    may_ask: bool,
    waits: bool,
    gaps: Vec<Gap>,
    /// What was asked before, the newest first.
    past: Vec<PastRequest>,
}

/// A line of the checklist.
struct Gap {
    text: String,
    why: &'static str,
    ticked: bool,
}

struct PastRequest {
    id: String,
    at: When,
    author: String,
    items: Vec<String>,
    note: String,
    deliveries: Vec<DeliveryView>,
    /// Nothing shows yet that the letter went out.
    undelivered: bool,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let now = app.clock.now();
    let claim = ClaimView::beside(&app, &caller, &id, &headers).await?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let names = Names::load(&mut tx).await?;
    let packet = Packet::load(&mut tx, &referral).await?;
    let row = Row::load(&mut tx, referral, &names).await?;
    let asked = requests::of_referral(&mut tx, &id).await?;
    let sent = deliveries::of_referral(&mut tx, &id).await?;
    let reports = delivery_reports::of_referral(&mut tx, &id).await?;
    drop(tx);
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now,
    };
    let status = row.referral.status.name();
    let possible = referrals::possible(&caller.actor, &row.referral);
    let may_ask = claim.is_free() && possible.contains(&Action::RequestInformation);
    let gaps = if may_ask {
        gaps(&reader, &row, page_notices::wanted(&app, &packet, &row.history).await)
    } else {
        Vec::new()
    };
    let past = asked.into_iter().rev().map(|request| {
        let mine: Vec<_> = sent
            .iter()
            .filter(|delivery| delivery.purpose == Purpose::Request(request.id.clone()))
            .collect();
        PastRequest {
            id: request.id.to_string(),
            at: When::ago(request.created_at, now),
            author: names.of(&request.author),
            items: request.asked.items,
            note: request.asked.note.unwrap_or_default(),
            undelivered: mine.iter().all(|delivery| delivery.state.needs_a_person()),
            deliveries: mine
                .into_iter()
                .map(|delivery| delivery_view(delivery, &reports, now))
                .collect(),
        }
    });
    render(&RequestPage {
        frame: Frame::new(&app, &caller, Place::Desk),
        id: id.to_string(),
        version: row.referral.version,
        status: row.status(),
        may_ask,
        waits: status == StatusName::InformationRequested,
        claim,
        gaps,
        past: past.collect(),
        patient: row.heading.patient,
    })
}

/// Fields that are missing or wrong, then what the packet lacks.
fn gaps(reader: &Reader<'_>, row: &Row, (needed, helps): (Vec<String>, Vec<String>)) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for field in reader
        .sections(&row.history, &row.asked)
        .iter()
        .flat_map(|section| &section.fields)
    {
        let why = match field.state.class {
            "missing" => "not on the pages",
            "problem" => "not readable, or not right",
            _ => continue,
        };
        gaps.push(Gap {
            text: field.label.clone(),
            why,
            ticked: true,
        });
    }
    let line = |why, ticked| move |text| Gap { text, why, ticked };
    gaps.extend(needed.into_iter().map(line("not in the packet", true)));
    gaps.extend(helps.into_iter().map(line("would help", false)));
    gaps
}

/// The referral waits for its referrer from here on.
pub async fn send(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Redirect> {
    let (id, version, sheet) = to_act_on(&id, pairs)?;
    let request = ActRequest::RequestInformation {
        items: sheet.asked.items,
        note: sheet.asked.note,
        direct: sheet.direct,
    };
    referrals::act(&app, &caller.actor, &id, Some(version), request).await?;
    Ok(Redirect::to(&format!("/desk/{id}/request")))
}

/// Somebody brought the letter.
pub async fn delivered(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Redirect> {
    let (id, version, sheet) = to_act_on(&id, pairs)?;
    request::deliver_by_hand(&app, &caller.actor, &id, Some(version), sheet.proof).await?;
    Ok(Redirect::to(&format!("/desk/{id}/request")))
}
