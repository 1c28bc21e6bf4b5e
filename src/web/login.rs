//! Signing in and out.

use super::AppState;
use super::cookies::{self, Cookie, session_token};
use super::error::Result;
use super::gate::session_limits;
use super::layout::{assets, filters, render};
use super::passkeys::site;
use crate::auth::client::Client;
use crate::auth::login::{self, Login, Rules};
use crate::auth::sources::Sources;
use crate::auth::{Caller, session};
use crate::config::Brand;
use crate::domain::identity::LoginStage;
use crate::referrals::claim::leave_all;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use chrono::TimeDelta;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "web/login/login.html")]
struct LoginPage {
    assets: String,
    brand: Arc<Brand>,
    notice: Notice,
    /// The identity provider's name, where there is one.
    sign_in_with: Option<String>,
    offers_passkeys: bool,
}

/// What stands above the form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Nothing,
    SignedOut,
    /// The second step took too long.
    Over,
    Refused,
    PasskeyRefused,
    /// Too many failures came from the same address.
    Slowed(i64),
    /// The second factor was reset.
    ByLink,
}

#[derive(Deserialize)]
pub struct Shown {
    ended: Option<String>,
    over: Option<String>,
}

pub async fn show(State(app): State<AppState>, Query(shown): Query<Shown>) -> Result<Response> {
    let notice = match (shown.ended, shown.over) {
        (Some(_), _) => Notice::SignedOut,
        (None, Some(_)) => Notice::Over,
        (None, None) => Notice::Nothing,
    };
    page(&app, notice)
}

pub fn page(app: &AppState, notice: Notice) -> Result<Response> {
    render(&LoginPage {
        assets: assets(),
        brand: Arc::clone(&app.brand),
        notice,
        sign_in_with: app.config.oidc.is_on().then(|| app.config.oidc.label.clone()),
        offers_passkeys: site(app).is_some(),
    })
}

/// What holds for every login here.
pub fn rules(app: &AppState) -> Rules {
    Rules {
        limits: session_limits(app),
        second_factor: app.config.auth.second_factor,
    }
}

#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    password: String,
}

/// A fresh session on success; what the browser had before is ended, so that no planted cookie survives.
pub async fn submit(
    State(app): State<AppState>,
    Extension(sources): Extension<Sources>,
    from: Client,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Result<Response> {
    let now = app.clock.now();
    if let Some(old) = session_token(&headers, app.config.is_https()) {
        session::end(&app.db, old, now).await?;
    }
    let credentials = (given.name.trim(), given.password.as_str());
    let login = login::log_in(&app.db, credentials, &from, &sources, rules(&app), now).await?;
    match login {
        Login::Refused => with_status(StatusCode::UNPROCESSABLE_ENTITY, page(&app, Notice::Refused)?),
        other => gone_on(&app, other),
    }
}

/// Where the second step is.
pub fn step(stage: LoginStage) -> &'static str {
    match stage {
        LoginStage::Code => "/login/code",
        LoginStage::Enrol => "/login/enrol",
    }
}

/// Where a login goes on; what was refused is the caller's to say.
pub fn gone_on(app: &AppState, login: Login) -> Result<Response> {
    let https = app.config.is_https();
    match login {
        Login::Done(signed_in) => cookies::signed_in(&signed_in, https, Redirect::to("/")),
        Login::Next(stage, token) => {
            let to = step(stage);
            Ok((
                [(header::SET_COOKIE, Cookie::Step.set(&token, https)?)],
                Redirect::to(to),
            )
                .into_response())
        }
        Login::ByLink => with_status(StatusCode::FORBIDDEN, page(app, Notice::ByLink)?),
        Login::Slowed(wait) => slowed(app, wait),
        Login::Refused => with_status(StatusCode::UNPROCESSABLE_ENTITY, page(app, Notice::Refused)?),
    }
}

/// It says nothing of any account: only of where the tries came from.
pub fn slowed(app: &AppState, wait: TimeDelta) -> Result<Response> {
    let seconds = wait.num_seconds().max(1);
    let mut answer = page(app, Notice::Slowed(seconds))?;
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    with_status(StatusCode::TOO_MANY_REQUESTS, answer)
}

pub fn with_status(status: StatusCode, mut answer: Response) -> Result<Response> {
    *answer.status_mut() = status;
    Ok(answer)
}

pub async fn leave(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response> {
    let https = app.config.is_https();
    leave_all(&app, &caller.actor).await?;
    if let Some(token) = session_token(&headers, https) {
        session::end(&app.db, token, app.clock.now()).await?;
    }
    let gone = Cookie::Session.clear(https)?;
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/login?ended")).into_response())
}
