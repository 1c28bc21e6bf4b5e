//! Changing whom we trust.

use crate::auth::Caller;
use crate::direct::certificate::Certificate;
use crate::direct::trust::anchors::{Direction, HoldsFor};
use crate::domain::ids::BundleId;
use crate::referrals::identity::keys::{self, KeyError};
use crate::referrals::trust::anchors::{self, Holding};
use crate::referrals::trust::bundles::{self, Source};
use crate::referrals::trust::{TrustError, holder};
use crate::web::AppState;
use crate::web::error::{Error, Result};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

const PAGE: &str = "/direct";

#[derive(Deserialize)]
pub struct NewAnchor {
    #[serde(default)]
    certificate: String,
    #[serde(default)]
    holds_for: String,
    /// Empty for both.
    #[serde(default)]
    direction: String,
}

pub async fn add_anchor(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(form): Form<NewAnchor>,
) -> Result<Response> {
    let certificate = Certificate::from_pem(form.certificate.trim().as_bytes());
    let certificate = certificate.map_err(|_| Error::invalid("This is no certificate. Paste it whole, as PEM."))?;
    let holding = holding(&app, &form.holds_for, &form.direction).await?;
    anchors::add(&app, &caller.actor, &certificate, &holding).await?;
    Ok(Redirect::to(PAGE).into_response())
}

#[derive(Deserialize)]
pub struct OldAnchor {
    fingerprint: String,
    holds_for: String,
    direction: String,
}

pub async fn remove_anchor(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(form): Form<OldAnchor>,
) -> Result<Response> {
    // One that holds for what is no longer ours must go, too.
    let holding = Holding {
        holds_for: form.holds_for.parse().map_err(Error::invalid_sentence)?,
        directions: directions(&form.direction)?,
    };
    anchors::remove(&app, &caller.actor, &form.fingerprint, &holding).await?;
    Ok(Redirect::to(PAGE).into_response())
}

#[derive(Deserialize)]
pub struct NewBundle {
    #[serde(default)]
    url: String,
    #[serde(default)]
    holds_for: String,
    #[serde(default)]
    direction: String,
}

pub async fn add_bundle(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(form): Form<NewBundle>,
) -> Result<Response> {
    let holding = holding(&app, &form.holds_for, &form.direction).await?;
    let source = Source::Url(form.url.trim().to_owned());
    bundles::add(&app, &caller.actor, source, &holding, None).await?;
    Ok(Redirect::to(PAGE).into_response())
}

#[derive(Deserialize)]
pub struct BundleAct {
    act: String,
}

pub async fn change_bundle(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<BundleAct>,
) -> Result<Response> {
    let id: BundleId = id.parse().map_err(|_| Error::not_found("trust bundle"))?;
    match form.act.as_str() {
        "refresh" => bundles::refresh(&app, &caller.actor, &id).await?,
        "remove" => bundles::remove(&app, &caller.actor, &id).await?,
        _ => return Err(Error::invalid("Refresh it or remove it.")),
    };
    Ok(Redirect::to(PAGE).into_response())
}

#[derive(Deserialize)]
pub struct OurCertificate {
    #[serde(default)]
    certificate: String,
}

/// The certificate of a key that waits here.
pub async fn import(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(form): Form<OurCertificate>,
) -> Result<Response> {
    keys::import_certificate(&app, &caller.actor, form.certificate.trim().as_bytes()).await?;
    Ok(Redirect::to(PAGE).into_response())
}

async fn holding(app: &AppState, holds_for: &str, direction: &str) -> Result<Holding> {
    let named = match holds_for.trim() {
        "" => None,
        named => Some(named.parse::<HoldsFor>().map_err(Error::invalid_sentence)?),
    };
    Ok(Holding {
        holds_for: holder(app, named.as_ref()).await?,
        directions: directions(direction)?,
    })
}

fn directions(text: &str) -> Result<Vec<Direction>> {
    match text {
        "" | "both" => Ok(Direction::BOTH.to_vec()),
        one => Ok(vec![one.parse().map_err(Error::invalid_sentence)?]),
    }
}

impl From<TrustError> for Error {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::Store(error) => error.into(),
            TrustError::Denied(_) => Self::forbidden(),
            TrustError::NoAnchor => Self::not_found("anchor"),
            TrustError::NoBundle => Self::not_found("trust bundle"),
            other => Self::invalid_sentence(other),
        }
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            KeyError::Denied(_) => Self::forbidden(),
            other => Self::invalid_sentence(other),
        }
    }
}
