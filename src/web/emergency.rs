//! Breaking the glass, and the list on which somebody else reviews it.

use super::AppState;
use super::error::{Error, Result};
use super::fields::Names;
use super::layout::{Frame, Place, When, filters, render};
use super::loaded::referral_id;
use crate::auth::Caller;
use crate::auth::emergency::{self, EmergencyError};
use crate::domain::emergency::Verdict;
use crate::domain::ids::EmergencyId;
use crate::domain::permission::{Permission, Resource};
use crate::store::emergencies;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

/// As many as a page shows: a clinic with more has another problem.
const ROWS_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "web/emergency/declare.html")]
struct DeclarePage {
    frame: Frame,
    referral: String,
}

#[derive(Template)]
#[template(path = "web/emergency/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    who: String,
    at: When,
    lasts: bool,
    reason: String,
    referral: String,
    /// What was said of it, or nothing yet.
    review: String,
    own: bool,
}

#[derive(Deserialize)]
pub struct Wanted {
    /// What was refused.
    #[serde(default)]
    referral: String,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let referral = if wanted.referral.is_empty() {
        String::new()
    } else {
        referral_id(&wanted.referral)?.to_string()
    };
    render(&DeclarePage {
        frame: Frame::new(&app, &caller, Place::Work),
        referral,
    })
}

#[derive(Deserialize)]
pub struct Declaration {
    #[serde(default)]
    referral: String,
    #[serde(default)]
    reason: String,
}

pub async fn declare(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(form): Form<Declaration>,
) -> Result<Redirect> {
    let referral = match form.referral.as_str() {
        "" => None,
        id => Some(referral_id(id)?),
    };
    let to = referral
        .as_ref()
        .map_or_else(|| "/work".to_owned(), |id| format!("/referrals/{id}"));
    emergency::declare(&app.db, &caller.actor, referral, &form.reason, app.clock.now()).await?;
    Ok(Redirect::to(&to))
}

pub async fn end(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Redirect> {
    emergency::end(&app.db, &caller.actor, app.clock.now()).await?;
    Ok(Redirect::to("/"))
}

pub async fn list(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Response> {
    if !caller.may(Permission::ReviewEmergencies, Resource::Installation) {
        return Err(Error::forbidden());
    }
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let found = emergencies::list(&mut tx, ROWS_MAX).await?;
    drop(tx);
    let me = caller.actor.user();
    let rows = found.into_iter().map(|one| Row {
        review: one.review.as_ref().map_or_else(String::new, |review| {
            let said = match review.verdict {
                Verdict::Justified => "It was one",
                Verdict::NotJustified => "It was none",
            };
            format!("{said}, says {}", names.of(&review.by))
        }),
        own: me == Some(&one.user),
        id: one.id.to_string(),
        who: names.of(one.user.as_str()),
        at: When::ago(one.started_at, now),
        lasts: one.ends_at > now,
        reason: one.reason,
        referral: one.referral.map(|id| id.to_string()).unwrap_or_default(),
    });
    render(&ListPage {
        frame: Frame::new(&app, &caller, Place::Emergencies),
        rows: rows.collect(),
    })
}

#[derive(Deserialize)]
pub struct Review {
    verdict: Verdict,
}

pub async fn review(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<Review>,
) -> Result<Redirect> {
    let id: EmergencyId = id.parse().map_err(|_| Error::not_found("emergency"))?;
    emergency::review(&app.db, &caller.actor, &id, form.verdict, app.clock.now()).await?;
    Ok(Redirect::to("/emergencies"))
}

impl From<EmergencyError> for Error {
    fn from(error: EmergencyError) -> Self {
        match error {
            EmergencyError::Reason => Self::invalid_sentence(error),
            EmergencyError::NotAPerson | EmergencyError::Denied(_) => Self::forbidden(),
            EmergencyError::NotYours => Self::conflict("Somebody reviewed it before, or it is your own."),
            EmergencyError::Store(error) => error.into(),
        }
    }
}
