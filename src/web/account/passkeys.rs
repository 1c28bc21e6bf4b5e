//! A person's passkeys: seen, added and removed. The gate asks for a step-up first, as for a phone.

use super::person;
use super::second_factor::{recovery_page, token};
use crate::auth::Caller;
use crate::auth::passkeys::{self, own};
use crate::domain::ids::PasskeyId;
use crate::store::passkeys::Passkey;
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::layout::When;
use crate::web::passkeys::needed;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form, Json};
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub struct PasskeyView {
    pub id: String,
    pub name: String,
    pub added: When,
    pub used: Option<When>,
}

impl PasskeyView {
    pub fn new(passkey: Passkey, now: DateTime<Utc>) -> Self {
        Self {
            id: passkey.id.to_string(),
            name: passkey.name,
            added: When::ago(passkey.added_at, now),
            used: passkey.last_used_at.map(|at| When::ago(at, now)),
        }
    }
}

/// What the browser must ask a device for, to add a passkey.
pub async fn ask(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response> {
    let (user, _) = person(&caller)?;
    let browser = token(&app, &headers)?;
    let asked = own::ask(&app.db, &needed(&app)?, user, browser, app.clock.now()).await?;
    Ok(Json(asked).into_response())
}

#[derive(Deserialize)]
pub struct Made {
    name: String,
    passkey: String,
}

pub async fn add(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(made): Form<Made>,
) -> Result<Response> {
    let (user, _) = person(&caller)?;
    let who = (user, token(&app, &headers)?);
    let made = (made.name.as_str(), made.passkey.as_str());
    match own::add(&app.db, &needed(&app)?, who, made, app.clock.now()).await? {
        Some(codes) => recovery_page(&app, &caller, codes),
        None => Ok(Redirect::to("/account?told=passkey").into_response()),
    }
}

#[derive(Deserialize)]
pub struct Which {
    passkey: String,
}

pub async fn remove(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(which): Form<Which>,
) -> Result<Response> {
    let (user, _) = person(&caller)?;
    let passkey: PasskeyId = which.passkey.parse().map_err(|_| Error::not_found("passkey"))?;
    let policy = app.config.auth.second_factor;
    own::remove(&app.db, user, &passkey, policy, app.clock.now()).await?;
    Ok(Redirect::to("/account?told=passkey-removed").into_response())
}

/// What the browser must ask a device for, to prove once more who it is.
pub async fn ask_again(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response> {
    let (user, _) = person(&caller)?;
    let browser = token(&app, &headers)?;
    let asked = passkeys::proof::ask(&app.db, &needed(&app)?, user, browser, app.clock.now()).await?;
    Ok(Json(asked.ok_or_else(|| Error::not_found("passkey"))?).into_response())
}
