//! A field that is corrected on the review page: what is typed or taken from the page is saved by itself, and never
//! overwrites what somebody else wrote.

use super::AppState;
use super::error::{Error, Result, etag, if_match};
use super::fields::{Change, FieldView, History, Names, Reader, problem_text};
use super::layout::{filters, render};
use super::loaded::{asked, find_referral, referral_id};
use crate::auth::Caller;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::domain::page::PixelBox;
use crate::domain::referral::Referral;
use crate::referrals::ActError;
use crate::referrals::correct::{self, CorrectError, Correction, Place};
use crate::store;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

/// The answer to a saved change: what stands beside the input, never the input itself.
#[derive(Template)]
#[template(path = "web/review/answer.html")]
struct FieldAnswer {
    field: FieldView,
}

/// The answer when somebody else changed the field first.
#[derive(Template)]
#[template(path = "web/review/conflict.html")]
struct FieldConflict {
    field: FieldView,
    who: String,
    theirs: String,
    yours: String,
}

#[derive(Deserialize)]
pub struct Typed {
    value: String,
    /// For a browser without our script; with it, `If-Match` says it.
    version: Option<u64>,
    /// The page that the value was taken from, if it was not typed.
    page: Option<u32>,
    /// The boxes there: `x y width height`, `;` between them.
    boxes: Option<String>,
}

impl Typed {
    fn place(&self) -> Result<Option<Place>> {
        let (Some(page), Some(text)) = (self.page, &self.boxes) else {
            return Ok(None);
        };
        let boxes: Option<Vec<PixelBox>> = text.split(';').map(pixel_box).collect();
        let boxes = boxes.ok_or_else(|| Error::malformed("A place on a page is four whole numbers a box."))?;
        Ok(Some(Place { page, boxes }))
    }
}

fn pixel_box(text: &str) -> Option<PixelBox> {
    let numbers: Option<Vec<u32>> = text.split(' ').map(|number| number.parse().ok()).collect();
    <[u32; 4]>::try_from(numbers?).ok().map(PixelBox::from)
}

/// Says that only a part of the page is wanted back.
pub const PARTIAL: HeaderName = HeaderName::from_static("x-partial");
/// The number of the field's value that stands now: where it is the one that the caller read, only other fields changed.
const UNCHANGED: HeaderName = HeaderName::from_static("x-field-unchanged");

/// Saves one field. Answers with what stands beside the input; with 412 and both values when somebody was faster; with
/// 422 and the reason when the text can be no value of this field.
pub async fn save(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
    Form(change): Form<Typed>,
) -> Result<Response> {
    let (id, key) = (referral_id(&id)?, FieldKey::new(key));
    let version = match change.version {
        Some(version) if !headers.contains_key(header::IF_MATCH) => version,
        _ => if_match(&headers)?,
    };
    let correction = Correction {
        typed: Some(&change.value),
        place: change.place()?,
    };
    let outcome = correct::correct(&app, &caller.actor, &id, Some(version), &key, correction).await;
    if !headers.contains_key(PARTIAL) {
        outcome?;
        return Ok(Redirect::to(&format!("/desk/{id}")).into_response());
    }
    let (status, saved) = match outcome {
        Ok((referral, _)) => (StatusCode::OK, Some(referral)),
        Err(CorrectError::Act(ActError::Stale { .. })) => (StatusCode::PRECONDITION_FAILED, None),
        Err(CorrectError::Invalid(problem)) => {
            let message = problem_text(&problem.problem, &problem.detail);
            let said = Said {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                problem: Some(message),
                typed: &change.value,
            };
            return answer(&app, &id, &key, None, said).await;
        }
        Err(error) => return Err(error.into()),
    };
    let said = Said {
        status,
        problem: None,
        typed: &change.value,
    };
    answer(&app, &id, &key, saved, said).await
}

/// What became of the change that was asked for.
struct Said<'a> {
    status: StatusCode,
    problem: Option<String>,
    typed: &'a str,
}

/// The field as it stands now. A referral that was just saved is not asked for again: its version is the one that the page
/// goes on from, and whatever came after it is refused.
async fn answer(
    app: &AppState,
    id: &ReferralId,
    key: &FieldKey,
    saved: Option<Referral>,
    Said { status, problem, typed }: Said<'_>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let referral = match saved {
        Some(referral) => referral,
        None => find_referral(&mut tx, id).await?,
    };
    let names = Names::load(&mut tx).await?;
    let history: History = store::fields::history(&mut tx, id).await?;
    let asked = asked(&mut tx, &referral).await?;
    drop(tx);
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now: app.clock.now(),
    };
    let mut field = reader
        .one(key, &history, &asked)
        .ok_or_else(|| Error::not_found("field"))?;
    let sequence = field.sequence;
    let mut page = if status == StatusCode::PRECONDITION_FAILED {
        let who = history
            .get(key)
            .and_then(|past| past.last())
            .map(|last| names.of(&last.source))
            .unwrap_or_default();
        let theirs = field.value.clone();
        render(&FieldConflict {
            field,
            who,
            theirs,
            yours: typed.to_owned(),
        })?
    } else {
        if let Some(message) = problem {
            // What is stored did not change; the state speaks of what was typed.
            (field.message, field.reads) = (format!("{message} Not saved."), String::new());
        }
        render(&FieldAnswer { field })?
    };
    *page.status_mut() = status;
    page.headers_mut().insert(header::ETAG, etag(referral.version));
    page.headers_mut().insert(UNCHANGED, HeaderValue::from(sequence));
    Ok(page)
}
