//! What is to be reviewed next: the most urgent first, then what is due first.

use super::AppState;
use super::error::Result;
use super::loaded::referral_id;
use crate::domain::ids::ReferralId;
use crate::domain::referral::{Action, StatusName};
use crate::store::referrals::{Work, work_list};
use axum::extract::{Query, State};
use axum::response::Redirect;
use serde::Deserialize;

/// As many as the list shows.
const ROWS_MAX: u32 = 50;

#[derive(Deserialize)]
pub struct Asked {
    /// The referral that is on the screen now.
    after: Option<String>,
}

pub async fn go(State(app): State<AppState>, Query(asked): Query<Asked>) -> Result<Redirect> {
    let after = asked.after.as_deref().map(referral_id).transpose()?;
    Ok(Redirect::to(&path(&app, after.as_ref(), None).await?))
}

/// The page of the next referral, or the list where nothing is left; that says what was `done` last.
pub async fn path(app: &AppState, after: Option<&ReferralId>, done: Option<Action>) -> Result<String> {
    let mut tx = app.db.read().await?;
    let mut waiting = Vec::new();
    for status in [StatusName::InReview, StatusName::Ready] {
        waiting.extend(work_list(&mut tx, &Work::InStatus(status), None, ROWS_MAX).await?);
    }
    waiting.retain(|referral| Some(&referral.id) != after);
    let next = waiting
        .into_iter()
        .min_by_key(|referral| (referral.urgency, referral.deadline_at, referral.id.clone()));
    Ok(match (next, done) {
        (Some(referral), _) => format!("/desk/{}", referral.id),
        (None, Some(done)) => format!("/desk?done={}", done.as_str()),
        (None, None) => "/desk".to_owned(),
    })
}
