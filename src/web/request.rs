//! Asking the referrer for what is missing: a checklist from the gaps, the letter made of it, and how it goes out.

use super::AppState;
use super::claim::ClaimView;
use super::error::{Error, Result};
use super::fields::{Names, Reader};
use super::layout::{Frame, Place, Tag, When, filters, render};
use super::loaded::{Row, find_referral, referral_id};
use super::page_notices::{self, Packet};
use super::referral::{DeliveryView, delivery_view};
use super::seen;
use crate::auth::Caller;
use crate::domain::delivery::Purpose;
use crate::domain::ids::{ReferralId, RequestId};
use crate::domain::referral::{Action, StatusName};
use crate::referrals::delivery::{Matter, printed_letter};
use crate::referrals::{self, ActRequest, request};
use crate::store::requests::{Asked, InformationRequest};
use crate::store::{deliveries, requests};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};

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

#[derive(Template)]
#[template(path = "web/request/preview.html")]
struct PreviewPage {
    frame: Frame,
    id: String,
    version: u64,
    claim: ClaimView,
    patient: String,
    items: Vec<String>,
    note: String,
    /// The letter's body, line by line.
    lines: Vec<String>,
    /// Where it goes by Direct; nothing where it can't.
    address: String,
    obstacle: String,
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
            deliveries: mine.into_iter().map(|delivery| delivery_view(delivery, now)).collect(),
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

/// What was ticked and typed. A checklist sends one name many times.
struct Sheet {
    version: Option<u64>,
    asked: Asked,
    direct: bool,
    proof: String,
}

type Pairs = Vec<(String, String)>;

fn sheet(pairs: Pairs) -> Sheet {
    let mut sheet = Sheet {
        version: None,
        asked: Asked::default(),
        direct: false,
        proof: String::new(),
    };
    for (name, value) in pairs {
        let value = value.trim();
        match name.as_str() {
            "version" => sheet.version = value.parse().ok(),
            "item" if !value.is_empty() => sheet.asked.items.push(value.to_owned()),
            // One more a line.
            "more" => {
                let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
                sheet.asked.items.extend(lines.map(str::to_owned));
            }
            "note" if !value.is_empty() => sheet.asked.note = Some(value.to_owned()),
            "way" => sheet.direct = value == "direct",
            "proof" => value.clone_into(&mut sheet.proof),
            _ => {}
        }
    }
    sheet
}

/// The letter before it goes out, in words.
pub async fn preview(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let sheet = sheet(pairs);
    if sheet.asked.items.is_empty() {
        return Err(Error::invalid(
            "Nothing is ticked. Go back and tick or type at least one thing that the referrer should send.",
        ));
    }
    let claim = ClaimView::beside(&app, &caller, &id, &headers).await?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let names = Names::load(&mut tx).await?;
    let row = Row::load(&mut tx, referral, &names).await?;
    let way = request::way(&app, &mut tx, &row.referral).await?;
    drop(tx);
    let draft = request::draft(&caller.actor, &id, sheet.asked, app.clock.now());
    let text = Matter::Request(draft.clone()).text();
    render(&PreviewPage {
        frame: Frame::new(&app, &caller, Place::Desk),
        id: id.to_string(),
        version: sheet.version.unwrap_or(row.referral.version),
        claim,
        lines: text.lines().map(str::to_owned).collect(),
        items: draft.asked.items,
        note: draft.asked.note.unwrap_or_default(),
        address: way.as_ref().cloned().unwrap_or_default(),
        obstacle: way.err().map(|obstacle| obstacle.to_string()).unwrap_or_default(),
        patient: row.heading.patient,
    })
}

/// The letter before it goes out, as a PDF.
pub async fn draft_letter(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let draft = request::draft(&caller.actor, &id, sheet(pairs).asked, app.clock.now());
    pdf(&app, &caller, &id, draft).await
}

/// The letter of a request that was made: `…/requests/{request}.pdf`.
pub async fn letter(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let missing = || Error::not_found("letter");
    let request: RequestId = name
        .strip_suffix(".pdf")
        .and_then(|request| request.parse().ok())
        .ok_or_else(missing)?;
    let mut tx = app.db.read().await?;
    let request = requests::find(&mut tx, &request)
        .await?
        .filter(|request| request.referral == id)
        .ok_or_else(missing)?;
    drop(tx);
    pdf(&app, &caller, &id, request).await
}

async fn pdf(app: &AppState, caller: &Caller, id: &ReferralId, request: InformationRequest) -> Result<Response> {
    let mut tx = app.db.read().await?;
    find_referral(&mut tx, id).await?;
    drop(tx);
    let name = format!("inline; filename=\"{}.pdf\"", request.id);
    let pdf = printed_letter(app, &Matter::Request(request))
        .await
        .map_err(Error::internal)?;
    seen::one(app, caller, "referral", id.as_str()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, pdf).into_response())
}

/// The referral waits for its referrer from here on.
pub async fn send(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let sheet = sheet(pairs);
    let version = sheet.version.ok_or_else(Error::version_required)?;
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
    let id = referral_id(&id)?;
    let sheet = sheet(pairs);
    let version = sheet.version.ok_or_else(Error::version_required)?;
    request::deliver_by_hand(&app, &caller.actor, &id, Some(version), sheet.proof).await?;
    Ok(Redirect::to(&format!("/desk/{id}/request")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ticked_is_what_is_asked() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sheet = sheet(vec![
            pair("version", "4"),
            pair("item", "ECG"),
            pair("item", "Date of birth"),
            pair("more", " Lab results \n\n"),
            pair("note", "  "),
            pair("way", "direct"),
        ]);
        assert_eq!(sheet.asked.items, ["ECG", "Date of birth", "Lab results"]);
        assert_eq!((sheet.version, sheet.asked.note, sheet.direct), (Some(4), None, true));
    }
}
