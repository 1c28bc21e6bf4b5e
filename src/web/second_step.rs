//! The second step of signing in: a code, a passkey, a recovery code, or setting up a second factor.

use super::AppState;
use super::cookies::{self, Cookie};
use super::error::Result;
use super::layout::{assets, filters, render};
use super::login::{rules, slowed, with_status};
use super::passkeys::{needed, site};
use super::qr::Qr;
use crate::auth::client::Client;
use crate::auth::second_factor::Held;
use crate::auth::second_step::{self, Begun, Given, SecondStep};
use crate::auth::sources::Sources;
use crate::auth::{second_factor, totp};
use crate::config::Brand;
use crate::domain::identity::LoginStage;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "web/login/code.html")]
struct CodePage {
    assets: String,
    brand: Arc<Brand>,
    held: Held,
    offers_passkeys: bool,
    refused: bool,
}

impl CodePage {
    fn title(&self) -> &'static str {
        if self.held.code {
            "Enter your code"
        } else {
            "Use your passkey"
        }
    }
}

#[derive(Template)]
#[template(path = "web/login/enrol.html")]
struct EnrolPage {
    assets: String,
    brand: Arc<Brand>,
    setup: Setup,
    offers_passkeys: bool,
    refused: bool,
}

#[derive(Template)]
#[template(path = "web/login/codes.html")]
struct CodesPage {
    assets: String,
    brand: Arc<Brand>,
    codes: Vec<String>,
}

/// What an app on the phone needs.
pub struct Setup {
    pub qr: Qr,
    /// For who can't take a picture of it.
    pub secret: String,
}

impl Setup {
    pub fn new(app: &AppState, secret: &[u8], account: &str) -> Result<Self> {
        Ok(Self {
            qr: Qr::of(&totp::uri(secret, &app.brand.name, account))?,
            secret: totp::grouped(secret),
        })
    }
}

/// The login that has begun in this browser, with its token.
pub async fn begun(app: &AppState, headers: &HeaderMap, stage: LoginStage) -> Result<Option<(String, Begun)>> {
    let Some(token) = Cookie::Step.of(headers, app.config.is_https()) else {
        return Ok(None);
    };
    let begun = second_step::find(&app.db, token, app.clock.now()).await?;
    Ok(begun
        .filter(|begun| begun.stage == stage)
        .map(|begun| (token.to_owned(), begun)))
}

fn over() -> Response {
    Redirect::to("/login?over").into_response()
}

pub async fn ask(State(app): State<AppState>, headers: HeaderMap) -> Result<Response> {
    match begun(&app, &headers, LoginStage::Code).await? {
        Some((_, begun)) => code_page(&app, &begun, false),
        None => Ok(over()),
    }
}

fn code_page(app: &AppState, begun: &Begun, refused: bool) -> Result<Response> {
    render(&CodePage {
        assets: assets(),
        brand: Arc::clone(&app.brand),
        held: begun.held,
        offers_passkeys: site(app).is_some(),
        refused,
    })
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    recovery: String,
    /// What a device answered.
    #[serde(default)]
    passkey: String,
    /// What its person calls a new passkey.
    #[serde(default)]
    name: String,
}

impl Typed {
    pub fn code(&self) -> &str {
        &self.code
    }
}

pub async fn prove(
    State(app): State<AppState>,
    Extension(sources): Extension<Sources>,
    from: Client,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Some((token, begun)) = begun(&app, &headers, LoginStage::Code).await? else {
        return Ok(over());
    };
    let site;
    let given = if !typed.passkey.is_empty() {
        site = needed(&app)?;
        Given::Passkey(&site, &typed.passkey)
    } else if typed.recovery.trim().is_empty() {
        Given::Code(&typed.code)
    } else {
        Given::RecoveryCode(&typed.recovery)
    };
    let now = app.clock.now();
    match second_step::prove(&app.db, &token, given, &from, &sources, rules(&app), now).await? {
        SecondStep::Refused => with_status(StatusCode::UNPROCESSABLE_ENTITY, code_page(&app, &begun, true)?),
        other => ended(&app, other),
    }
}

fn ended(app: &AppState, step: SecondStep) -> Result<Response> {
    let https = app.config.is_https();
    match step {
        SecondStep::Done(signed_in) => cookies::signed_in(&signed_in, https, Redirect::to("/")),
        // Who has recovery codes from before is shown none.
        SecondStep::Enrolled(signed_in, codes) if codes.is_empty() => {
            cookies::signed_in(&signed_in, https, Redirect::to("/"))
        }
        SecondStep::Enrolled(signed_in, codes) => {
            let page = render(&CodesPage {
                assets: assets(),
                brand: Arc::clone(&app.brand),
                codes,
            })?;
            cookies::signed_in(&signed_in, https, page)
        }
        SecondStep::Slowed(wait) => slowed(app, wait),
        SecondStep::Over | SecondStep::Refused => Ok(over()),
    }
}

pub async fn offer(State(app): State<AppState>, headers: HeaderMap) -> Result<Response> {
    match begun(&app, &headers, LoginStage::Enrol).await? {
        Some((token, begun)) => enrol_page(&app, &token, &begun, false).await,
        None => Ok(over()),
    }
}

async fn enrol_page(app: &AppState, token: &str, begun: &Begun, refused: bool) -> Result<Response> {
    let secret = second_factor::offered(&app.db, &begun.user.id, token).await?;
    render(&EnrolPage {
        assets: assets(),
        brand: Arc::clone(&app.brand),
        setup: Setup::new(app, &secret, &begun.user.name)?,
        offers_passkeys: site(app).is_some(),
        refused,
    })
}

pub async fn enrol(
    State(app): State<AppState>,
    from: Client,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Some((token, begun)) = begun(&app, &headers, LoginStage::Enrol).await? else {
        return Ok(over());
    };
    let (rules, now) = (rules(&app), app.clock.now());
    let step = if typed.passkey.is_empty() {
        second_step::enrol(&app.db, &token, &typed.code, &from, rules, now).await?
    } else {
        let made = (typed.name.as_str(), typed.passkey.as_str());
        second_step::enrol_passkey(&app.db, &needed(&app)?, &token, made, &from, rules, now).await?
    };
    match step {
        SecondStep::Refused => {
            let page = enrol_page(&app, &token, &begun, true).await?;
            with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        other => ended(&app, other),
    }
}
