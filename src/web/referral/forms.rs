//! What a person does with a referral: the next action, taking it, saying who sent it.

use crate::auth::Caller;
use crate::domain::fields::FieldKey;
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::Action;
use crate::domain::site::SiteKey;
use crate::referrals::assign::assign as give_to;
use crate::referrals::referrer::choose;
use crate::referrals::{self, ActRequest, site};
use crate::web::AppState;
use crate::web::assigning;
use crate::web::correction::PARTIAL;
use crate::web::error::{Error, Result};
use crate::web::loaded::referral_id;
use crate::web::next;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form, Json};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A form that does something with a referral. Which inputs matter depends on the action.
#[derive(Deserialize)]
pub struct ActForm {
    action: Action,
    version: Option<u64>,
    reason: Option<String>,
    note: Option<String>,
    items: Option<String>,
    appointment: Option<String>,
    proof: Option<String>,
    /// With a release: the keys of the fields that were in sight, a space between them.
    seen: Option<String>,
    /// `desk` or `work`: the list to go back to; `next`: to what is to be reviewed next; `review`: to the review page.
    back: Option<String>,
}

impl ActForm {
    fn request(&self) -> Result<ActRequest> {
        let note = self.note.clone().filter(|note| !note.trim().is_empty());
        Ok(match self.action {
            // Also from another page than the desk: who releases in a browser has looked.
            Action::Release => ActRequest::ReleaseSeen { seen: self.seen() },
            Action::Reject => ActRequest::Reject {
                reason: self.reason()?,
                note,
            },
            Action::RequestInformation => ActRequest::RequestInformation {
                items: self.items(),
                note,
                direct: false,
            },
            Action::Accept => ActRequest::Accept {},
            Action::Decline => ActRequest::Decline {
                reason: self.reason()?,
                note,
            },
            Action::Schedule => ActRequest::Schedule {
                appointment: self.appointment()?,
            },
            Action::CancelAppointment => ActRequest::CancelAppointment { note },
            Action::MarkSeen => ActRequest::MarkSeen {},
            Action::MarkNoShow => ActRequest::MarkNoShow {},
            Action::AddNote => return Err(Error::malformed("A note goes to the referral's notes.")),
            Action::SendNote => ActRequest::SendNote {},
            Action::DeliverByHand => ActRequest::DeliverByHand {
                proof: self.proof.clone().unwrap_or_default(),
            },
            Action::Cancel => ActRequest::Cancel {
                reason: self.reason()?,
                note,
            },
            Action::ConfirmCancel => ActRequest::ConfirmCancel {},
            Action::Reopen => ActRequest::Reopen { note },
        })
    }

    /// A code of the list that belongs to the action.
    fn reason<T: DeserializeOwned>(&self) -> Result<T> {
        let code = self.reason.clone().unwrap_or_default();
        serde_json::from_value(code.into()).map_err(|_| Error::invalid("Choose a reason from the list."))
    }

    fn seen(&self) -> Vec<FieldKey> {
        let keys = self.seen.as_deref().unwrap_or_default();
        keys.split_whitespace().map(FieldKey::new).collect()
    }

    fn items(&self) -> Vec<String> {
        let text = self.items.as_deref().unwrap_or_default();
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// RFC 3339 as our script sends it; without the script, the browser's local form, taken as UTC.
    fn appointment(&self) -> Result<DateTime<Utc>> {
        let text = self.appointment.as_deref().unwrap_or_default();
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").map(|at| at.and_utc()))
            .map_err(|_| Error::invalid("The visit's date and time could not be read. Choose them from the calendar."))
    }
}

pub async fn act(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<ActForm>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let referral = referrals::act(&app, &caller.actor, &id, Some(version), form.request()?).await?;
    let done = form.action.as_str();
    let to = match form.back.as_deref() {
        Some("desk") => format!("/desk?done={done}"),
        Some("next") => next::path(&app, &caller, Some(&id), Some(form.action)).await?,
        Some("review") => format!("/desk/{id}"),
        Some("work") => "/work".to_owned(),
        _ => format!("/referrals/{id}?done={done}"),
    };
    if headers.contains_key(PARTIAL) {
        // The script of the desk has the next page at hand, and keeps the version for an undo.
        return Ok(Json(serde_json::json!({ "next": to, "version": referral.version })).into_response());
    }
    Ok(Redirect::to(&to).into_response())
}

#[derive(Deserialize)]
pub struct AssignForm {
    version: Option<u64>,
    back: Option<String>,
    /// Whose it is to be; without it the caller takes it.
    owner: Option<String>,
}

/// The caller takes the referral, or gives it to somebody.
pub async fn assign(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<AssignForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let owner = match (&form.owner, &caller.actor) {
        (Some(chosen), _) => assigning::owner(chosen)?,
        (None, Actor::User { id: me, .. }) => Some(me.clone()),
        (None, _) => return Err(Error::invalid("Only a person can own a referral.")),
    };
    give_to(&app, &caller.actor, &id, Some(version), owner).await?;
    let back = if form.back.as_deref() == Some("work") {
        "/work".to_owned()
    } else {
        format!("/referrals/{id}")
    };
    Ok(Redirect::to(&back))
}

#[derive(Deserialize)]
pub struct SiteForm {
    version: Option<u64>,
    site: SiteKey,
}

/// Hands the referral to another site. Who does not work there sees it no more.
pub async fn hand_over(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<SiteForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let moved = site::hand_over(&app, &caller.actor, &id, Some(version), &form.site).await?;
    if caller.may(Permission::ViewReferrals, &moved) {
        Ok(Redirect::to(&format!("/referrals/{id}")))
    } else {
        Ok(Redirect::to("/work"))
    }
}

#[derive(Deserialize)]
pub struct ReferrerForm {
    version: Option<u64>,
    entry: String,
}

/// A person says who the referrer is.
pub async fn choose_referrer(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<ReferrerForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let entry = form
        .entry
        .parse()
        .map_err(|_| Error::invalid("Choose a practice from the list."))?;
    choose(&app, &caller.actor, &id, Some(version), &entry).await?;
    Ok(Redirect::to(&format!("/referrals/{id}")))
}
