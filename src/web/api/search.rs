//! Looking for a patient's referrals. What is asked comes in the body: an address ends up in logs.

use super::super::AppState;
use super::super::error::{Error, Result};
use super::extract::{Json, Path};
use super::page::Page;
use super::view::{ReferralView, referral_of};
use crate::auth::Caller;
use crate::domain::codes::PhoneNumber;
use crate::domain::ids::ReferralId;
use crate::domain::patient::Patient;
use crate::referrals::search::{self, Found};
use crate::store::Tx;
use axum::Extension;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    name: Option<String>,
    birth_date: Option<NaiveDate>,
    phone: Option<String>,
    /// A record number or member id.
    identifier: Option<String>,
}

impl Wanted {
    fn patient(self) -> Result<Patient> {
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let phone = given(self.phone)
            .map(|phone| PhoneNumber::parse(&phone))
            .transpose()
            .map_err(|problem| Error::invalid(format!("`phone` is not a telephone number: {}.", problem.detail)))?;
        let patient = Patient {
            name: given(self.name),
            birth_date: self.birth_date.map(|date| date.to_string()),
            phones: phone.map(|phone| phone.as_str().to_owned()).into_iter().collect(),
            identifiers: given(self.identifier).into_iter().collect(),
        };
        if patient.can_be_found() {
            Ok(patient)
        } else {
            Err(Error::invalid(
                "Give `birth_date`, `phone` or `identifier`: names are stored sealed, and nobody is found by a name alone.",
            ))
        }
    }
}

#[derive(Serialize)]
pub struct FoundView {
    /// How much of what was asked fits, 0 to 1.
    fit: f64,
    referral: ReferralView,
}

pub async fn search(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Json(wanted): Json<Wanted>,
) -> Result<axum::Json<Page<FoundView>>> {
    let found = search::search(&app, &caller.actor, &wanted.patient()?).await?;
    let mut tx = app.db.read().await?;
    Ok(axum::Json(Page::all(shown(&app, &mut tx, found).await?)))
}

/// Other referrals that may be about the same patient.
pub async fn similar(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<ReferralId>,
) -> Result<axum::Json<Page<FoundView>>> {
    let mut tx = app.db.read().await?;
    let referral = referral_of(&mut tx, &id).await?;
    let found = search::similar(&mut tx, &caller.actor, &referral.id).await?;
    Ok(axum::Json(Page::all(shown(&app, &mut tx, found).await?)))
}

async fn shown(app: &AppState, tx: &mut Tx, found: Vec<Found>) -> Result<Vec<FoundView>> {
    let mut views = Vec::with_capacity(found.len());
    for Found { referral, fit } in found {
        views.push(FoundView {
            fit,
            referral: ReferralView::load(app, tx, referral).await?,
        });
    }
    Ok(views)
}
