//! Whose referral it is: the patients that may be meant, each with what fits and what does not, or a new one.

use super::CandidateView;
use crate::auth::Caller;
use crate::domain::permission::Permission;
use crate::domain::register::{Basis, Candidate};
use crate::referrals::register::{self, Choice};
use crate::store::patient_links::{self, Link};
use crate::web::error::{Error, Result};
use crate::web::fields::Names;
use crate::web::layout::{Frame, Place, Tag, filters, render};
use crate::web::loaded::{Heading, find_referral, referral_id};
use crate::web::{AppState, seen};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/patients/choose.html")]
struct ChoosePage {
    frame: Frame,
    id: String,
    version: u64,
    patient: String,
    summary: String,
    /// Whether it is settled, in a word, and how that came.
    state: Tag,
    said: String,
    candidates: Vec<CandidateView>,
    may_choose: bool,
    /// Somebody said that it is a new patient.
    is_new: bool,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let names = Names::load(&mut tx).await?;
    let link = patient_links::latest(&mut tx, &id).await?;
    let candidates = register::candidates(&mut tx, &id).await?;
    let may_choose = !referral.status.name().is_ended() && caller.may(Permission::CorrectFields, &referral);
    let version = referral.version;
    let heading = Heading::load(&mut tx, referral, &names).await?;
    drop(tx);
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    let (state, said) = said(link.as_ref(), &candidates, &names);
    let linked = link.as_ref().map(|link| &link.patient);
    render(&ChoosePage {
        frame: Frame::new(&app, &caller, Place::Desk),
        id: id.to_string(),
        version,
        summary: heading.birth_date,
        patient: heading.patient,
        state,
        said,
        candidates: candidates
            .iter()
            .map(|candidate| CandidateView::of(candidate, linked == Some(&candidate.id)))
            .collect(),
        may_choose,
        is_new: link.is_some_and(|link| matches!(link.basis, Basis::New | Basis::PersonNew)),
    })
}

fn said(link: Option<&Link>, candidates: &[Candidate], names: &Names) -> (Tag, String) {
    use crate::domain::matching::Verdict;
    let settled = || Tag::new("Settled", "check", "good");
    let Some(link) = link else {
        return match crate::domain::register::verdict(candidates) {
            Verdict::Link { .. } => (
                Tag::new("Clear", "check", "good"),
                "One patient fits. The referral is linked to that patient when it is released.".to_owned(),
            ),
            Verdict::Ask { .. } => (
                Tag::new("Who is this?", "question", "warn"),
                "It is not clear who is meant. Choose before you release.".to_owned(),
            ),
            Verdict::New => (
                Tag::new("New", "plus", "accent"),
                "Nobody in the register fits. A new patient is made when it is released.".to_owned(),
            ),
        };
    };
    let by = names.of(&link.linked_by);
    let said = match link.basis {
        Basis::Matched => "Linked at the release: one patient alone fitted.".to_owned(),
        Basis::New => "A new patient was made at the release: nobody fitted.".to_owned(),
        Basis::Person => format!("{by} chose the patient."),
        Basis::PersonNew => format!("{by} said that this is a new patient."),
        Basis::Merge => format!("{by} made two patients one."),
        Basis::Undo => format!("{by} took back that two patients were one."),
    };
    (settled(), said)
}

#[derive(Deserialize)]
pub struct ChoiceForm {
    version: Option<u64>,
    /// A patient's id, or `new`.
    choose: String,
}

pub async fn choose(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<ChoiceForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let choice = match form.choose.as_str() {
        "new" => Choice::New,
        patient => Choice::Known(patient.parse().map_err(|_| Error::not_found("patient"))?),
    };
    register::choose(&app, &caller.actor, &id, Some(version), &choice).await?;
    Ok(Redirect::to(&format!("/desk/{id}")))
}
