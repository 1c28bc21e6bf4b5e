//! Setting up another second factor, taking it away, and making recovery codes anew, signed in. The gate asks for a step-up
//! first: who finds a session open makes no phone of their own the owner's.

use super::person;
use crate::auth::Caller;
use crate::auth::own::{self, OwnError};
use crate::auth::second_factor::offered;
use crate::web::AppState;
use crate::web::cookies::session_token;
use crate::web::error::{Error, Result};
use crate::web::layout::{Frame, Place, filters, render};
use crate::web::login::with_status;
use crate::web::second_step::{Setup, Typed};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};

#[derive(Template)]
#[template(path = "web/account/second_factor.html")]
struct SetupPage {
    frame: Frame,
    setup: Setup,
    refused: bool,
}

#[derive(Template)]
#[template(path = "web/account/recovery.html")]
struct RecoveryPage {
    frame: Frame,
    codes: Vec<String>,
}

pub(super) fn token<'a>(app: &AppState, headers: &'a HeaderMap) -> Result<&'a str> {
    session_token(headers, app.config.is_https()).ok_or_else(Error::forbidden)
}

pub async fn offer(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response> {
    page(&app, &caller, token(&app, &headers)?, false).await
}

async fn page(app: &AppState, caller: &Caller, token: &str, refused: bool) -> Result<Response> {
    let (user, _) = person(caller)?;
    let secret = offered(&app.db, user, token).await?;
    render(&SetupPage {
        frame: Frame::new(app, caller, Place::Account),
        setup: Setup::new(app, &secret, caller.actor.display_name())?,
        refused,
    })
}

pub async fn enrol(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (user, _) = person(&caller)?;
    let token = token(&app, &headers)?;
    match own::enrol(&app.db, user, token, typed.code(), app.clock.now()).await {
        Ok(codes) => recovery_page(&app, &caller, codes),
        Err(OwnError::Code) => with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            page(&app, &caller, token, true).await?,
        ),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn recovery_page(app: &AppState, caller: &Caller, codes: Vec<String>) -> Result<Response> {
    render(&RecoveryPage {
        frame: Frame::new(app, caller, Place::Account),
        codes,
    })
}

pub async fn remove(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Response> {
    let (user, _) = person(&caller)?;
    own::remove(&app.db, user, app.config.auth.second_factor, app.clock.now()).await?;
    Ok(Redirect::to("/account?told=removed").into_response())
}

pub async fn renew_codes(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Response> {
    let (user, _) = person(&caller)?;
    let codes = own::renew_recovery_codes(&app.db, user, app.clock.now()).await?;
    recovery_page(&app, &caller, codes)
}
