//! What is to be reviewed next: the most urgent first, then what is due first; nothing that somebody else reviews or owns.

use super::AppState;
use super::claim::{is_mine_now, is_prefetch, may_claim};
use super::error::Result;
use super::loaded::referral_id;
use crate::auth::Caller;
use crate::domain::ids::{ClaimId, ReferralId};
use crate::domain::permission::Permission;
use crate::domain::referral::Action;
use crate::store::reviews;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use serde::Deserialize;

/// So many may be claimed by others between the look and the own claim.
const TRIED_MAX: u32 = 50;

#[derive(Deserialize)]
pub struct Asked {
    /// The referral that is on the screen now.
    after: Option<String>,
}

pub async fn go(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Redirect> {
    let after = asked.after.as_deref().map(referral_id).transpose()?;
    if is_prefetch(&headers) {
        let first = waiting(&app, &caller, after.as_ref()).await?.into_iter().next();
        return Ok(Redirect::to(&page_of(first.as_ref(), None)));
    }
    Ok(Redirect::to(&path(&app, &caller, after.as_ref(), None).await?))
}

/// The page of the next referral, claimed for the caller, or the list where nothing is left; that says what was `done` last.
pub async fn path(app: &AppState, caller: &Caller, after: Option<&ReferralId>, done: Option<Action>) -> Result<String> {
    for id in waiting(app, caller, after).await? {
        // Two who ask at once are given two referrals: the slower one goes on to the one behind.
        if !may_claim(caller) || is_mine_now(app, caller, &id, &ClaimId::new(app.clock.now())).await? {
            return Ok(page_of(Some(&id), done));
        }
    }
    Ok(page_of(None, done))
}

fn page_of(next: Option<&ReferralId>, done: Option<Action>) -> String {
    match (next, done) {
        (Some(id), _) => format!("/desk/{id}"),
        (None, Some(done)) => format!("/desk?done={}", done.as_str()),
        (None, None) => "/desk".to_owned(),
    }
}

/// What waits for the caller, in its order.
async fn waiting(app: &AppState, caller: &Caller, after: Option<&ReferralId>) -> Result<Vec<ReferralId>> {
    let reach = caller.reach(Permission::ViewReferrals);
    let mut tx = app.db.read_once().await?;
    let mut waiting = reviews::free(&mut tx, caller.actor.user(), &reach, app.clock.now(), TRIED_MAX).await?;
    waiting.retain(|id| Some(id) != after);
    Ok(waiting)
}
