//! `/api/v1/referrals`: the work, its fields and history, and what may be done with it.

use super::super::AppState;
use super::super::error::{Error, Result, etag, if_match};
use super::extract::{Json, Path, Query};
use super::page::{Page, Paging};
use super::view::{CorrectedField, ReferralView, referral_of};
use crate::auth::Caller;
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::ids::ReferralId;
use crate::domain::page::PixelBox;
use crate::domain::permission::Permission;
use crate::domain::referral::{Action, Referral, StatusName};
use crate::referrals::correct::{self as corrections, Place};
use crate::referrals::{self, ActRequest};
use crate::store;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An answer about a referral, with its version.
type Versioned<T> = ([(HeaderName, HeaderValue); 1], axum::Json<T>);

pub(super) fn versioned<T>(version: u64, body: T) -> Versioned<T> {
    ([(header::ETAG, etag(version))], axum::Json(body))
}

#[derive(Deserialize)]
pub struct Filter {
    status: Option<StatusName>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(paging): Query<Paging>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<Page<ReferralView>>> {
    let limit = paging.limit()?;
    let reach = caller.reach(Permission::ViewReferrals);
    let mut tx = app.db.read().await?;
    let found = store::referrals::list(&mut tx, filter.status, &reach, paging.after()?.as_ref(), limit + 1).await?;
    let page = Page::cut(found, limit, |referral| referral.id.to_string());
    let mut items = Vec::with_capacity(page.items.len());
    for referral in page.items {
        items.push(ReferralView::load(&app, &mut tx, referral).await?);
    }
    Ok(axum::Json(Page { items, next: page.next }))
}

pub async fn one(State(app): State<AppState>, Path(id): Path<ReferralId>) -> Result<Versioned<ReferralView>> {
    let mut tx = app.db.read().await?;
    let referral = referral_of(&mut tx, &id).await?;
    Ok(versioned(
        referral.version,
        ReferralView::load(&app, &mut tx, referral).await?,
    ))
}

#[derive(Serialize)]
pub struct Possible {
    actions: Vec<Action>,
}

pub async fn actions(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<ReferralId>,
) -> Result<Versioned<Possible>> {
    let mut tx = app.db.read().await?;
    let referral = referral_of(&mut tx, &id).await?;
    let actions = referrals::possible(&caller.actor, &referral);
    Ok(versioned(referral.version, Possible { actions }))
}

pub async fn act(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<ReferralId>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Versioned<ReferralView>> {
    let expected = if_match(&headers)?;
    let request = act_request(body)?;
    let referral = referrals::act(&app, &caller.actor, &id, Some(expected), request).await?;
    after(&app, referral).await
}

/// What was asked for. Two spellings are taken besides the canonical ones: `at` for an appointment, and plain words for
/// a coded reason, which become the reason `other` with these words as its note.
fn act_request(mut body: Value) -> Result<ActRequest> {
    let unusable = || {
        Error::invalid(
            "The action is unknown, or its data is missing or of the wrong form. \
             The API's description (`/api/openapi.json`) says what each action takes.",
        )
    };
    let object = body.as_object_mut().ok_or_else(unusable)?;
    if let Some(at) = object.remove("at") {
        object.entry("appointment").or_insert(at);
    }
    if let Ok(request) = serde_json::from_value(Value::Object(object.clone())) {
        return Ok(request);
    }
    let words = object
        .get("reason")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(unusable)?;
    let note = match object.get("note").and_then(Value::as_str) {
        Some(note) => format!("{words}\n{note}"),
        None => words,
    };
    object.insert("reason".to_owned(), json!("other"));
    object.insert("note".to_owned(), json!(note));
    serde_json::from_value(body).map_err(|_| unusable())
}

pub(super) async fn after(app: &AppState, referral: Referral) -> Result<Versioned<ReferralView>> {
    let mut tx = app.db.read().await?;
    Ok(versioned(
        referral.version,
        ReferralView::load(app, &mut tx, referral).await?,
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// A text, a list of texts, or null to clear the field.
    value: Option<FieldContent>,
    /// The page that it was taken from, with its box there: both or none.
    page: Option<u32>,
    r#box: Option<PixelBox>,
}

impl Correction {
    fn place(&self) -> Result<Option<Place>> {
        match (self.page, self.r#box) {
            (Some(page), Some(bounds)) => Ok(Some(Place {
                page,
                boxes: vec![bounds],
            })),
            (None, None) => Ok(None),
            _ => Err(Error::invalid("A place on a page is `page` and `box` together.")),
        }
    }
}

pub async fn correct(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, key)): Path<(ReferralId, String)>,
    headers: HeaderMap,
    Json(correction): Json<Correction>,
) -> Result<Versioned<CorrectedField>> {
    let expected = if_match(&headers)?;
    let key = FieldKey::new(key);
    let place = correction.place()?;
    let typed = correction.value.map(|content| content.to_string());
    let correction = corrections::Correction {
        typed: typed.as_deref(),
        place,
    };
    let (referral, _) = corrections::correct(&app, &caller.actor, &id, Some(expected), &key, correction).await?;
    let mut tx = app.db.read().await?;
    let history = store::fields::history(&mut tx, &id)
        .await?
        .remove(&key)
        .unwrap_or_default();
    Ok(versioned(referral.version, CorrectedField::new(key, history)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::referral::RejectReason;

    #[test]
    fn acts_are_read_in_their_canonical_and_their_easy_spelling() {
        assert_eq!(
            act_request(json!({ "action": "release" })).unwrap(),
            ActRequest::Release {}
        );
        let appointment = "2026-12-01T15:30:00Z";
        let expect = ActRequest::Schedule {
            appointment: appointment.parse().unwrap(),
        };
        assert_eq!(
            act_request(json!({ "action": "schedule", "at": appointment })).unwrap(),
            expect
        );
        assert_eq!(
            act_request(json!({ "action": "schedule", "appointment": appointment })).unwrap(),
            expect
        );
        let coded = ActRequest::Reject {
            reason: RejectReason::Duplicate,
            note: None,
        };
        assert_eq!(
            act_request(json!({ "action": "reject", "reason": "duplicate" })).unwrap(),
            coded
        );
        let words = ActRequest::Reject {
            reason: RejectReason::Other,
            note: Some("not our patient".into()),
        };
        assert_eq!(
            act_request(json!({ "action": "reject", "reason": "not our patient" })).unwrap(),
            words
        );
    }

    #[test]
    fn an_unusable_act_is_refused_without_repeating_it() {
        for body in [
            json!([]),
            json!({}),
            json!({ "action": "Quillfeather" }),
            json!({ "action": "reject" }),
        ] {
            let error = act_request(body).unwrap_err();
            assert_eq!(error.status.as_u16(), 422);
            assert!(!error.detail.contains("Quillfeather"));
        }
    }
}
