//! `/api/v1/directory`: referrers and partners.

use super::super::AppState;
use super::super::error::{Error, Result};
use super::extract::{Json, Query};
use super::page::{Page, Paging};
use crate::auth::Caller;
use crate::referrals::directory::{self, DirectoryError, NewEntry};
use crate::store;
use crate::store::directory::Entry;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;

pub async fn list(State(app): State<AppState>, Query(paging): Query<Paging>) -> Result<axum::Json<Page<Entry>>> {
    let limit = paging.limit()?;
    let mut tx = app.db.read().await?;
    let entries = store::directory::list(&mut tx, paging.after()?.as_ref(), limit + 1).await?;
    Ok(axum::Json(Page::cut(entries, limit, |entry| entry.id.to_string())))
}

pub async fn add(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewEntry>,
) -> Result<(StatusCode, axum::Json<Entry>)> {
    let added = directory::add(&app.db, &caller.actor, new, app.clock.now())
        .await
        .map_err(|error| match error {
            DirectoryError::Field { .. } | DirectoryError::Nobody => Error::invalid(error.to_string()),
            DirectoryError::Store(error) => error.into(),
        })?;
    Ok((StatusCode::CREATED, axum::Json(added)))
}
