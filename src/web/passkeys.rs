//! Passkeys where nobody is signed in yet: what the browser is told to ask a device for, and coming in with one alone. A script
//! of ours stands between the form and the device; the answer comes back as any form does.

use super::AppState;
use super::cookies::{Cookie, session_token};
use super::error::{Error, Result};
use super::login::{Notice, gone_on, page, rules, with_status};
use super::second_step::begun;
use crate::auth::client::Client;
use crate::auth::login::Login;
use crate::auth::passkeys::own::PasskeyError;
use crate::auth::passkeys::{self, RelyingParty};
use crate::auth::session;
use crate::auth::sources::Sources;
use crate::domain::identity::LoginStage;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form, Json};
use serde::Deserialize;

/// We, as devices know us; none where `desk.public_url` is no address for passkeys.
pub fn site(app: &AppState) -> Option<RelyingParty> {
    RelyingParty::of(app.config.desk.public_url.as_deref()?, &app.brand.name)
}

/// The same, for who asks for it anyway.
pub fn needed(app: &AppState) -> Result<RelyingParty> {
    site(app).ok_or_else(|| {
        Error::conflict(
            "Passkeys need `desk.public_url`: the https address that people come by, with a name and not a number.",
        )
    })
}

/// What a device answered, as our script writes it.
#[derive(Deserialize)]
pub struct Shown {
    passkey: String,
}

/// A browser wants to come in with a passkey alone.
pub async fn ask(State(app): State<AppState>) -> Result<Response> {
    let asked = passkeys::sign_in::ask(&app.db, &needed(&app)?, app.clock.now()).await?;
    let (token, asked) = asked.ok_or_else(|| Error::internal("no challenge could be made"))?;
    let kept = Cookie::Step.set(&token, app.config.is_https())?;
    Ok(([(header::SET_COOKIE, kept)], Json(asked)).into_response())
}

/// A fresh session on success; what the browser had before is ended, as with a password.
pub async fn come_in(
    State(app): State<AppState>,
    Extension(sources): Extension<Sources>,
    from: Client,
    headers: HeaderMap,
    Form(shown): Form<Shown>,
) -> Result<Response> {
    let (now, https) = (app.clock.now(), app.config.is_https());
    if let Some(old) = session_token(&headers, https) {
        session::end(&app.db, old, now).await?;
    }
    let token = Cookie::Step.of(&headers, https).unwrap_or_default();
    let answer = (token, shown.passkey.as_str());
    let login = passkeys::sign_in::come_in(&app.db, &needed(&app)?, answer, &from, &sources, rules(&app), now).await?;
    match login {
        Login::Refused => with_status(StatusCode::UNPROCESSABLE_ENTITY, page(&app, Notice::PasskeyRefused)?),
        other => gone_on(&app, other),
    }
}

/// Who gave the right password shows a passkey in place of a code.
pub async fn ask_second(State(app): State<AppState>, headers: HeaderMap) -> Result<Response> {
    let Some((token, begun)) = begun(&app, &headers, LoginStage::Code).await? else {
        return Err(Error::unauthenticated());
    };
    let asked = passkeys::proof::ask(&app.db, &needed(&app)?, &begun.user.id, &token, app.clock.now()).await?;
    Ok(Json(asked.ok_or_else(|| Error::not_found("passkey"))?).into_response())
}

/// Who must set up a second factor makes a passkey for it.
pub async fn ask_first(State(app): State<AppState>, headers: HeaderMap) -> Result<Response> {
    let Some((token, begun)) = begun(&app, &headers, LoginStage::Enrol).await? else {
        return Err(Error::unauthenticated());
    };
    let asked = passkeys::own::ask(&app.db, &needed(&app)?, &begun.user.id, &token, app.clock.now()).await?;
    Ok(Json(asked).into_response())
}

impl From<PasskeyError> for Error {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Store(error) => error.into(),
            PasskeyError::UnknownUser => Self::unauthenticated(),
            PasskeyError::NoSuch => Self::not_found("passkey"),
            PasskeyError::TooMany | PasskeyError::Taken | PasskeyError::Required => {
                Self::conflict(Self::invalid_sentence(error).detail)
            }
            PasskeyError::Name | PasskeyError::Refused => Self::invalid_sentence(error),
        }
    }
}
