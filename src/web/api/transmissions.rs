//! `/api/v1/transmissions`: what arrived and how far its reading has come; and another way in, by upload.

use super::super::AppState;
use super::super::error::{Error, Result};
use super::super::misdirected::may_have_original;
use super::super::webhooks::{self, Intake};
use super::extract::{Path, Query};
use super::page::{Page, Paging};
use crate::auth::Caller;
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::domain::permission::{Permission, Resource};
use crate::domain::site::SiteKey;
use crate::domain::transmission::{QuarantineReason, Stage, TransmissionDetails};
use crate::doors::upload::{self, Upload};
use crate::pipeline::receive::Received;
use crate::store::transmissions::Transmission;
use crate::store::{self, Tx};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How uploads stand in the place of a door.
const UPLOAD: &str = "upload";

#[derive(Serialize)]
pub struct TransmissionView {
    id: TransmissionId,
    door: String,
    gateway_fax_id: String,
    received_at: DateTime<Utc>,
    arrived_at: DateTime<Utc>,
    sha256: String,
    bytes: u64,
    media_type: Option<String>,
    pages: Option<u32>,
    pages_read: u32,
    pages_unreadable: u32,
    stage: Stage,
    reason: Option<QuarantineReason>,
    /// What to do about it, in one sentence.
    explanation: Option<&'static str>,
    conflicts: u32,
    details: TransmissionDetails,
    referrals: Vec<ReferralId>,
}

impl TransmissionView {
    async fn of(tx: &mut Tx, transmission: Transmission) -> Result<Self> {
        let referrals = store::referrals::of_transmission(tx, &transmission.id).await?;
        Ok(Self {
            id: transmission.id,
            door: transmission.door,
            gateway_fax_id: transmission.fax_id,
            received_at: transmission.received_at,
            arrived_at: transmission.arrived_at,
            sha256: transmission.sha256,
            bytes: transmission.bytes,
            media_type: transmission.media_type,
            pages: transmission.pages,
            pages_read: transmission.pages_read,
            pages_unreadable: transmission.pages_unreadable,
            stage: transmission.stage,
            reason: transmission.reason,
            explanation: transmission.reason.map(QuarantineReason::explanation),
            conflicts: transmission.conflicts,
            details: transmission.details,
            referrals,
        })
    }
}

#[derive(Deserialize)]
pub struct Filter {
    stage: Option<Stage>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(paging): Query<Paging>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<Page<TransmissionView>>> {
    let limit = paging.limit()?;
    let reach = caller.reach(Permission::ViewTransmissions);
    let mut tx = app.db.read().await?;
    let found = store::transmissions::list(&mut tx, filter.stage, &reach, paging.after()?.as_ref(), limit + 1).await?;
    let page = Page::cut(found, limit, |transmission| transmission.id.to_string());
    let mut items = Vec::with_capacity(page.items.len());
    for transmission in page.items {
        items.push(TransmissionView::of(&mut tx, transmission).await?);
    }
    Ok(axum::Json(Page { items, next: page.next }))
}

pub async fn one(State(app): State<AppState>, Path(id): Path<TransmissionId>) -> Result<axum::Json<TransmissionView>> {
    let mut tx = app.db.read().await?;
    let transmission = find(&mut tx, &id).await?;
    Ok(axum::Json(TransmissionView::of(&mut tx, transmission).await?))
}

/// The exact bytes received. Always an attachment of no type: nothing here is safe to show in a browser.
pub async fn original(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<TransmissionId>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let transmission = find(&mut tx, &id).await?;
    may_have_original(&mut tx, &caller, &id).await?;
    let object = store::objects::find(&mut tx, &transmission.object).await?;
    drop(tx);
    let object = object.ok_or_else(|| Error::internal("a transmission without its object"))?;
    let bytes = app.vault.get(&object).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}\"")),
    ];
    Ok((headers, Bytes::from(bytes)).into_response())
}

#[derive(Deserialize)]
pub struct Destination {
    /// The site that it belongs to. Without it, the caller's own.
    site: Option<SiteKey>,
}

/// Where an upload belongs. A site beyond the caller's reach is answered as one that does not exist.
async fn destination(app: &AppState, caller: &Caller, asked: Option<SiteKey>) -> Result<SiteKey> {
    let Some(site) = asked else {
        return caller.actor.home().ok_or_else(|| {
            Error::invalid("This token reaches several sites: say with `?site=` to which of them the document belongs.")
        });
    };
    let mut tx = app.db.read().await?;
    let known = store::sites::find(&mut tx, &site).await?;
    drop(tx);
    let open = known.is_some_and(|site| site.closed_at.is_none());
    if open && caller.may(Permission::Intake, Resource::Arrival { site: &site }) {
        Ok(site)
    } else {
        Err(Error::invalid(
            "`site` must be the short name of a site where you may bring documents in.",
        ))
    }
}

/// `upload`, as it were one door a site: the same id or the same bytes at two sites are two documents, and neither site
/// learns of the other's.
fn door(site: &SiteKey) -> String {
    if *site == SiteKey::main() {
        UPLOAD.to_owned()
    } else {
        format!("{UPLOAD}:{site}")
    }
}

/// A document by upload: multipart with the file part `document`, or JSON with `document_base64`. Without a `fax_id` its
/// bytes are its id, so that the same file again is a duplicate.
pub async fn upload(
    State(app): State<AppState>,
    Extension(intake): Extension<Intake>,
    Extension(caller): Extension<Caller>,
    Query(Destination { site }): Query<Destination>,
    request: Request,
) -> Result<Response> {
    let site = destination(&app, &caller, site).await?;
    let (parts, body) = request.into_parts();
    let (body, _room) = intake.read(&parts.headers, body).await?;
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    let Upload {
        fax_id,
        document,
        details,
    } = tokio::task::spawn_blocking(move || upload::read(&content_type, &body))
        .await
        .map_err(Error::internal)?
        .map_err(|problem| Error::invalid(format!("The upload can't be used: {problem}.")))?;
    let received = Received {
        door: door(&site),
        site,
        actor: caller.actor,
        fax_id,
        document,
        details: webhooks::details(details, false),
        partial: false,
        malformed: false,
        received_at: app.clock.now(),
    };
    webhooks::accept(&app, received).await
}

async fn find(tx: &mut Tx, id: &TransmissionId) -> Result<Transmission> {
    store::transmissions::find(tx, id)
        .await?
        .ok_or_else(|| Error::not_found("transmission"))
}
