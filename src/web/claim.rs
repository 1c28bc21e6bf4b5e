//! Who has the review page: claimed when it is opened, kept by its heartbeat, left when it is closed, taken over with a reason. The
//! pages beside it, for asking, comparing and routing, keep the same claim.

use super::AppState;
use super::error::Result;
use super::layout::span;
use super::loaded::{find_referral, referral_id};
use crate::auth::Caller;
use crate::domain::ids::{ClaimId, ReferralId};
use crate::domain::permission::{Permission, Resource};
use crate::domain::referral::Referral;
use crate::referrals::act::{ActError, Obstacle};
use crate::referrals::claim;
use crate::store::{self, Tx, claims};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form, Json};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

/// Says that nobody looks at the page yet, or that somebody has it already.
const PREFETCH: HeaderName = HeaderName::from_static("x-prefetch");

pub fn is_prefetch(headers: &HeaderMap) -> bool {
    headers.contains_key(PREFETCH)
}

/// Only people who may change a referral review it.
pub fn may_claim(caller: &Caller) -> bool {
    caller.actor.user().is_some() && caller.may(Permission::CorrectFields, Resource::Somewhere)
}

/// Claims it, and says whether it is the caller's now.
pub async fn is_mine_now(app: &AppState, caller: &Caller, id: &ReferralId, opening: &ClaimId) -> Result<bool> {
    match claim::claim(app, &caller.actor, id, opening).await {
        Ok(()) => Ok(true),
        // Somebody was faster, or it has been released, or may only be looked at.
        Err(ActError::Claimed { .. } | ActError::NotPossible(Obstacle::PastReview) | ActError::Denied(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// An opening of the page.
pub struct Opening {
    id: ClaimId,
    claimed: bool,
}

/// The page is opened: it is claimed where that is possible, unless it is only fetched ahead.
pub async fn open(app: &AppState, caller: &Caller, id: &ReferralId, headers: &HeaderMap) -> Result<Opening> {
    let opening = ClaimId::new(app.clock.now());
    let claimed = may_claim(caller) && !is_prefetch(headers) && is_mine_now(app, caller, id, &opening).await?;
    Ok(Opening { id: opening, claimed })
}

/// What a page says of its claim. Nothing on one that is about no referral.
#[derive(Default)]
pub struct ClaimView {
    pub referral: String,
    /// Nothing on a page that claims nothing.
    pub opening: String,
    /// Else it was fetched ahead, and claims when it comes on the screen.
    pub claimed: bool,
    /// Who else reviews it, or nothing, and how long already.
    pub holder: String,
    pub since: String,
    pub may_take_over: bool,
}

impl ClaimView {
    pub async fn load(
        tx: &mut Tx,
        caller: &Caller,
        referral: &Referral,
        opening: Opening,
        now: DateTime<Utc>,
    ) -> store::Result<Self> {
        let held = claim::held_by_other(tx, &caller.actor, &referral.id, now).await?;
        let may_claim = may_claim(caller)
            && caller.may(Permission::CorrectFields, referral)
            && referral.status.name().is_before_release();
        let is_free = held.is_none();
        let (holder, since) = held.map_or_else(Default::default, |held| (held.name, since(now - held.taken_at)));
        Ok(Self {
            referral: referral.id.to_string(),
            opening: if may_claim && is_free {
                opening.id.to_string()
            } else {
                String::new()
            },
            claimed: opening.claimed,
            holder,
            since,
            may_take_over: may_claim,
        })
    }

    /// The view of a page beside the review, which is opened as the review page is.
    pub async fn beside(app: &AppState, caller: &Caller, id: &ReferralId, headers: &HeaderMap) -> Result<Self> {
        let opening = open(app, caller, id, headers).await?;
        let mut tx = app.db.read().await?;
        let referral = find_referral(&mut tx, id).await?;
        Ok(Self::load(&mut tx, caller, &referral, opening, app.clock.now()).await?)
    }

    /// Nobody else has it.
    pub fn is_free(&self) -> bool {
        self.holder.is_empty()
    }
}

/// Behind "is reviewing this".
fn since(passed: TimeDelta) -> String {
    if passed < TimeDelta::minutes(1) {
        String::new()
    } else {
        format!(", for {} now", span(passed))
    }
}

#[derive(Deserialize)]
pub struct Beat {
    claim: ClaimId,
}

/// The page is still in use. Says who has the referral where it is no longer the caller.
pub async fn beat(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(beat): Form<Beat>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    match claim::claim(&app, &caller.actor, &id, &beat.claim).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(ActError::Claimed { holder, until }) => {
            let mut tx = app.db.read().await?;
            let held = claims::find(&mut tx, &id, app.clock.now()).await?;
            let reason = match &held {
                Some(held) => claim::reason(&mut tx, held).await?,
                None => None,
            };
            let told = serde_json::json!({ "holder": holder, "until": until, "reason": reason });
            Ok((StatusCode::CONFLICT, Json(told)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether it is free, for a page that is only read because another has it.
pub async fn holder(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let held = claim::held_by_other(&mut tx, &caller.actor, &id, app.clock.now()).await?;
    let told = serde_json::json!({
        "holder": held.map(|held| held.name),
        "reviewable": referral.status.name().is_before_release(),
    });
    Ok(Json(told).into_response())
}

/// The page was closed: sent as a beacon, which carries its token in the form.
pub async fn leave(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(beat): Form<Beat>,
) -> Result<StatusCode> {
    claim::leave(&app, &caller.actor, &referral_id(&id)?, &beat.claim).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub struct TakeOver {
    #[serde(default)]
    reason: String,
}

pub async fn take_over(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<TakeOver>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    claim::take_over(&app, &caller.actor, &id, &form.reason).await?;
    Ok(Redirect::to(&format!("/desk/{id}")))
}
