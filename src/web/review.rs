//! The review page: the page picture with a box for every field, beside the form; every change is saved by itself.

use super::AppState;
use super::action::{self, ActionForm, Choice};
use super::error::{Error, Result, etag, if_match};
use super::fields::{self, History, Names, Reader, is_open, problem_text};
use super::layout::{Frame, Place, Tag, When, filters, render};
use super::loaded::{Row, asked, find_referral, open_object, referral_id};
use super::page_notices::{self, Packet};
use super::seen;
use crate::auth::Caller;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Action;
use crate::referrals::correct::{CorrectError, correct_field};
use crate::referrals::{self, ActError};
use crate::store;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/review/review.html")]
struct ReviewPage {
    frame: Frame,
    id: String,
    transmission: String,
    version: u64,
    patient: String,
    summary: String,
    urgency: Tag,
    deadline: Tag,
    left: usize,
    pages: Vec<PageView>,
    notices: Vec<String>,
    sections: Vec<SectionView>,
    may_correct: bool,
    may_release: bool,
    side_actions: Vec<ActionForm>,
}

pub struct PageView {
    pub number: u32,
    pub width: u32,
    pub height: u32,
    pub marks: Vec<Mark>,
}

/// A field's box on a page.
pub struct Mark {
    pub field: String,
    pub state: &'static str,
    pub label: String,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

pub struct SectionView {
    pub title: String,
    pub fields: Vec<FieldView>,
}

pub struct FieldView {
    pub key: String,
    /// The id of its input.
    pub dom: String,
    pub label: String,
    pub required: bool,
    pub value: String,
    pub choices: Vec<Choice>,
    pub long: bool,
    pub state: StateView,
    /// 0 where it stands on no page.
    pub page: u32,
    /// `x y width height`, or nothing.
    pub bounds: String,
    /// The part of the page that is shown above the input, or nothing.
    pub crop: String,
    /// Of which value of the field this is a view.
    pub sequence: i64,
    pub message: String,
    /// How the value reads, where its canonical form isn't how people write it.
    pub reads: String,
    pub history: Vec<PastValue>,
}

/// How a field stands, as icon, words and colour.
pub struct StateView {
    /// `machine`, `check`, `problem`, `missing`, `human` or `empty`.
    pub class: &'static str,
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
    pub why: String,
}

pub struct PastValue {
    pub value: String,
    pub who: String,
    pub how: String,
    pub human: bool,
    pub at: When,
}

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

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let names = Names::load(&mut tx).await?;
    let packet = Packet::load(&mut tx, &referral).await?;
    let row = Row::load(&mut tx, referral, &names).await?;
    drop(tx);
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    let notices = page_notices::of(&app, &packet, &row.history).await;
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now,
    };
    let sections = reader.sections(&row.history, &row.asked);
    let status = row.referral.status.name();
    let possible = referrals::possible(&caller.actor, &row.referral);
    let may = |action: Action| possible.contains(&action);
    let views = packet.own_pages().into_iter().map(|page| PageView {
        number: page.number,
        width: page.width,
        height: page.height,
        marks: fields::marks(&sections, &row.history, page.number),
    });
    render(&ReviewPage {
        frame: Frame::new(&caller, Place::Desk),
        id: id.to_string(),
        transmission: row.referral.transmission.to_string(),
        version: row.referral.version,
        summary: summary(&row),
        urgency: row.urgency(),
        deadline: row.deadline(now),
        left: sections
            .iter()
            .flat_map(|section| &section.fields)
            .filter(|field| is_open(&field.state))
            .count(),
        pages: views.collect(),
        notices,
        sections,
        may_correct: !status.is_ended() && authorize(&caller.actor, Permission::CorrectFields).is_ok(),
        may_release: may(Action::Release),
        side_actions: [Action::RequestInformation, Action::Reject]
            .into_iter()
            .filter(|action| may(*action))
            .map(|action| action::form(action, id.as_str()))
            .collect(),
        patient: row.heading.patient,
    })
}

fn summary(row: &Row) -> String {
    let from = if row.referrer.is_empty() {
        "sender not read".to_owned()
    } else {
        format!("from {}", row.referrer)
    };
    if row.specialty.is_empty() {
        from
    } else {
        format!("{}, {from}", row.specialty)
    }
}

#[derive(Deserialize)]
pub struct Change {
    value: String,
    /// For a browser without our script; with it, `If-Match` says it.
    version: Option<u64>,
}

/// Says that only a part of the page is wanted back.
const PARTIAL: HeaderName = HeaderName::from_static("x-partial");
/// The number of the field's value that stands now: where it is the one that the caller read, only other fields changed.
const UNCHANGED: HeaderName = HeaderName::from_static("x-field-unchanged");

/// Saves one field. Answers with what stands beside the input; with 412 and both values when somebody was faster; with
/// 422 and the reason when the text can be no value of this field.
pub async fn save(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
    Form(change): Form<Change>,
) -> Result<Response> {
    let (id, key) = (referral_id(&id)?, FieldKey::new(key));
    let version = match change.version {
        Some(version) if !headers.contains_key(header::IF_MATCH) => version,
        _ => if_match(&headers)?,
    };
    let outcome = correct_field(&app, &caller.actor, &id, Some(version), &key, Some(&change.value)).await;
    if !headers.contains_key(PARTIAL) {
        outcome?;
        return Ok(Redirect::to(&format!("/desk/{id}")).into_response());
    }
    let status = match outcome {
        Ok(_) => StatusCode::OK,
        Err(CorrectError::Act(ActError::Stale { .. })) => StatusCode::PRECONDITION_FAILED,
        Err(CorrectError::Invalid(problem)) => {
            let message = problem_text(&problem.problem, &problem.detail);
            return answer(
                &app,
                &id,
                &key,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(message),
                &change.value,
            )
            .await;
        }
        Err(error) => return Err(error.into()),
    };
    answer(&app, &id, &key, status, None, &change.value).await
}

/// The field as it stands now.
async fn answer(
    app: &AppState,
    id: &ReferralId,
    key: &FieldKey,
    status: StatusCode,
    problem: Option<String>,
    typed: &str,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, id).await?;
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

/// A page's picture. Private and never kept: it is a patient's.
pub async fn picture(State(app): State<AppState>, Path((id, name)): Path<(String, String)>) -> Result<Response> {
    let id = referral_id(&id)?;
    let number: u32 = name
        .strip_suffix(".png")
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Error::not_found("page"))?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let packet = Packet::load(&mut tx, &referral).await?;
    drop(tx);
    let page = packet
        .own_pages()
        .into_iter()
        .find(|page| page.number == number)
        .ok_or_else(|| Error::not_found("page"))?;
    let png = open_object(&app, &page.image).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}
