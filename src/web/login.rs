//! Signing in and out, and the page that a person starts from.

use super::AppState;
use super::error::{Error, Result};
use super::gate::{cookie_name, session_limits, session_token};
use super::layout::{assets, filters, render};
use crate::auth::{Caller, login, session};
use crate::config::Brand;
use crate::domain::permission::{Permission, Resource};
use crate::referrals::claim::leave_all;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "web/login/login.html")]
struct LoginPage {
    assets: String,
    brand: Arc<Brand>,
    refused: bool,
    ended: bool,
    /// The identity provider's name, where there is one.
    sign_in_with: Option<String>,
}

fn sign_in_with(app: &AppState) -> Option<String> {
    app.config.oidc.is_on().then(|| app.config.oidc.label.clone())
}

#[derive(Deserialize)]
pub struct Shown {
    ended: Option<String>,
}

pub async fn show(State(app): State<AppState>, Query(shown): Query<Shown>) -> Result<Response> {
    render(&LoginPage {
        assets: assets(),
        sign_in_with: sign_in_with(&app),
        brand: app.brand,
        refused: false,
        ended: shown.ended.is_some(),
    })
}

#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    password: String,
}

/// A fresh session on success; what the browser had before is ended, so that no planted cookie survives.
pub async fn submit(
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Result<Response> {
    let (now, limits, https) = (app.clock.now(), session_limits(&app), app.config.is_https());
    if let Some(old) = session_token(&headers, https) {
        session::end(&app.db, old, now).await?;
    }
    let Some(token) = login::log_in(&app.db, given.name.trim(), &given.password, limits, now).await? else {
        let mut page = render(&LoginPage {
            assets: assets(),
            sign_in_with: sign_in_with(&app),
            brand: app.brand,
            refused: true,
            ended: false,
        })?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    };
    Ok(([(header::SET_COOKIE, cookie(&token, https)?)], Redirect::to("/")).into_response())
}

pub async fn leave(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response> {
    leave_all(&app, &caller.actor).await?;
    if let Some(token) = session_token(&headers, app.config.is_https()) {
        session::end(&app.db, token, app.clock.now()).await?;
    }
    let gone = format!(
        "{}; Max-Age=0",
        cookie("", app.config.is_https())?.to_str().map_err(Error::internal)?
    );
    let gone = HeaderValue::from_str(&gone).map_err(Error::internal)?;
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/login?ended")).into_response())
}

/// The session's cookie: never readable by scripts, never sent by a foreign page, gone when the browser closes.
pub(super) fn cookie(token: &str, https: bool) -> Result<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text = format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Strict{secure}",
        cookie_name(https)
    );
    HeaderValue::from_str(&text).map_err(Error::internal)
}

/// Everybody starts where their work is.
pub async fn start(Extension(caller): Extension<Caller>) -> Result<Redirect> {
    let may = |permission| caller.may(permission, Resource::Somewhere);
    if may(Permission::CorrectFields) {
        Ok(Redirect::to("/desk"))
    } else if may(Permission::ViewReferrals) {
        Ok(Redirect::to("/work"))
    } else if may(Permission::ViewOwnReferrals) {
        Ok(Redirect::to("/own"))
    } else if may(Permission::ViewAudit) {
        Ok(Redirect::to("/audit"))
    } else if may(Permission::ReviewEmergencies) {
        Ok(Redirect::to("/emergencies"))
    } else {
        Err(Error::forbidden())
    }
}
