//! The letter that asks: shown before it goes out, and afterwards as it went.

use super::sheet::{Pairs, sheet};
use crate::auth::Caller;
use crate::domain::ids::{ReferralId, RequestId};
use crate::referrals::delivery::Matter;
use crate::referrals::request;
use crate::store::requests::{self, InformationRequest};
use crate::web::claim::ClaimView;
use crate::web::error::{Error, Result};
use crate::web::fields::Names;
use crate::web::layout::{Frame, Place, filters, render};
use crate::web::loaded::{Row, find_referral, referral_id};
use crate::web::{AppState, letter, seen};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};

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
    let request: RequestId = letter::id_of(&name)?;
    let mut tx = app.db.read().await?;
    let request = requests::find(&mut tx, &request)
        .await?
        .filter(|request| request.referral == id)
        .ok_or_else(letter::missing)?;
    drop(tx);
    pdf(&app, &caller, &id, request).await
}

async fn pdf(app: &AppState, caller: &Caller, id: &ReferralId, request: InformationRequest) -> Result<Response> {
    let mut tx = app.db.read().await?;
    find_referral(&mut tx, id).await?;
    drop(tx);
    let name = request.id.to_string();
    let shown = letter::shown(app, &Matter::Request(request), &name).await?;
    seen::one(app, caller, "referral", id.as_str()).await?;
    Ok(shown)
}
