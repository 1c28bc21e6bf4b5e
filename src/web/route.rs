//! A document that is no referral: where it goes. The same screen for one that was taken for a referral and for one that was not.

use super::AppState;
use super::claim::ClaimView;
use super::error::{Error, Result};
use super::fields::Names;
use super::layout::{Frame, Place, filters, full_time, render};
use super::loaded::{Heading, find_referral, referral_id};
use super::seen;
use crate::auth::Caller;
use crate::domain::decision::Route;
use crate::domain::ids::{DocumentId, ReferralId};
use crate::domain::patient::Patient;
use crate::referrals::{self, ActRequest, file, search};
use crate::store::{self, Tx};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use chrono::Datelike;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/route/route.html")]
struct RoutePage {
    frame: Frame,
    claim: ClaimView,
    /// The screen's own address, where the forms go.
    to: String,
    /// Where it was come from.
    back: String,
    /// The referral's version; nothing for a document.
    version: String,
    title: String,
    routes: [Route; 4],
    candidates: Vec<Candidate>,
    searched: String,
    nothing: &'static str,
}

/// A referral that the consult note may belong to.
struct Candidate {
    id: String,
    text: String,
}

/// What is put where it belongs.
enum Subject {
    Referral {
        id: ReferralId,
        version: u64,
        patient: String,
    },
    Document(DocumentId),
}

impl Subject {
    async fn referral(tx: &mut Tx, id: &str) -> Result<Self> {
        let id = referral_id(id)?;
        let referral = find_referral(tx, &id).await?;
        let names = Names::load(tx).await?;
        let version = referral.version;
        let patient = Heading::load(tx, referral, &names).await?.patient;
        Ok(Self::Referral { id, version, patient })
    }

    async fn document(tx: &mut Tx, id: &str) -> Result<Self> {
        let missing = || Error::not_found("document");
        let id: DocumentId = id.parse().map_err(|_| missing())?;
        store::documents::find(tx, &id).await?.ok_or_else(missing)?;
        Ok(Self::Document(id))
    }

    /// A document that is no referral is nobody's.
    async fn claim(&self, app: &AppState, caller: &Caller, headers: &HeaderMap) -> Result<ClaimView> {
        match self {
            Self::Referral { id, .. } => ClaimView::beside(app, caller, id, headers).await,
            Self::Document(_) => Ok(ClaimView::default()),
        }
    }

    fn page(
        self,
        frame: Frame,
        claim: ClaimView,
        candidates: Vec<Candidate>,
        searched: String,
        nothing: &'static str,
    ) -> RoutePage {
        let (to, back, version, title) = match self {
            Self::Referral { id, version, patient } => (
                format!("/desk/{id}/route"),
                format!("/desk/{id}"),
                version.to_string(),
                patient,
            ),
            Self::Document(id) => (
                format!("/documents/{id}/route"),
                "/desk".to_owned(),
                String::new(),
                "A document that is no referral".to_owned(),
            ),
        };
        RoutePage {
            frame,
            claim,
            to,
            back,
            version,
            title,
            routes: Route::ALL,
            candidates,
            searched,
            nothing,
        }
    }
}

pub async fn of_referral(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let subject = Subject::referral(&mut tx, &id).await?;
    // A note of our own patient most often names the patient right.
    let like = search::similar(&mut tx, &caller.actor, &referral_id(&id)?).await?;
    let candidates = candidates(&mut tx, like).await?;
    drop(tx);
    let claim = subject.claim(&app, &caller, &headers).await?;
    seen::one(&app, &caller, "referral", &id).await?;
    let frame = Frame::new(&app, &caller, Place::Desk);
    render(&subject.page(frame, claim, candidates, String::new(), ""))
}

pub async fn of_document(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let subject = Subject::document(&mut tx, &id).await?;
    drop(tx);
    let frame = Frame::new(&app, &caller, Place::Desk);
    render(&subject.page(frame, ClaimView::default(), Vec::new(), String::new(), ""))
}

async fn candidates(tx: &mut Tx, found: Vec<search::Found>) -> Result<Vec<Candidate>> {
    let names = Names::load(tx).await?;
    let mut candidates = Vec::new();
    for found in found {
        let came = full_time(found.referral.created_at);
        let heading = Heading::load(tx, found.referral, &names).await?;
        candidates.push(Candidate {
            id: heading.referral.id.to_string(),
            text: format!(
                "{}, {}, {}, came on {came}",
                heading.patient, heading.birth_date, heading.specialty
            ),
        });
    }
    Ok(candidates)
}

#[derive(Deserialize)]
pub struct RouteForm {
    route: Option<Route>,
    /// The referral that a consult note belongs to.
    referral: Option<String>,
    version: Option<String>,
    /// A search instead: by the patient, as on the work queue.
    search: Option<String>,
    #[serde(default)]
    patient: String,
}

impl RouteForm {
    fn decided(&self) -> Result<(Route, Option<ReferralId>)> {
        let route = self
            .route
            .ok_or_else(|| Error::invalid("Say what the document is: choose one of the list."))?;
        let to = self.referral.as_deref().filter(|id| !id.is_empty());
        Ok((route, to.map(referral_id).transpose()?))
    }
}

async fn searched(
    app: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    subject: Subject,
    patient: String,
) -> Result<Response> {
    let claim = subject.claim(app, caller, headers).await?;
    let asked = Patient::from_words(&patient, app.clock.now().year());
    let (candidates, nothing) = if asked.can_be_found() {
        let found = search::search(app, &caller.actor, &asked).await?;
        let mut tx = app.db.read().await?;
        (
            candidates(&mut tx, found).await?,
            "No referral fits. Look by birth date alone: a name may be misspelt. Or file it without one.",
        )
    } else {
        (
            Vec::new(),
            "Type a birth date, a phone number, a record number or a member id; a name only beside one of these.",
        )
    };
    let frame = Frame::new(app, caller, Place::Desk);
    render(&subject.page(frame, claim, candidates, patient, nothing))
}

pub async fn referral(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<RouteForm>,
) -> Result<Response> {
    if form.search.is_some() {
        let mut tx = app.db.read().await?;
        let subject = Subject::referral(&mut tx, &id).await?;
        drop(tx);
        return searched(&app, &caller, &headers, subject, form.patient).await;
    }
    let id = referral_id(&id)?;
    let (route, to) = form.decided()?;
    let version = form.version.as_deref().and_then(|version| version.parse().ok());
    let version = version.ok_or_else(Error::version_required)?;
    referrals::act(
        &app,
        &caller.actor,
        &id,
        Some(version),
        ActRequest::RouteAway { route, to },
    )
    .await?;
    Ok(Redirect::to("/desk?done=reject").into_response())
}

pub async fn document(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<RouteForm>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let subject = Subject::document(&mut tx, &id).await?;
    drop(tx);
    if form.search.is_some() {
        return searched(&app, &caller, &headers, subject, form.patient).await;
    }
    let (route, to) = form.decided()?;
    let id = id.parse().map_err(|_| Error::not_found("document"))?;
    file::route(&app, &caller.actor, &id, route, to.as_ref()).await?;
    Ok(Redirect::to("/desk").into_response())
}
