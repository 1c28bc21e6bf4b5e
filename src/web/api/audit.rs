//! `/api/v1/audit-events`: who did what, as FHIR AuditEvents.

use super::super::AppState;
use super::super::error::Result;
use super::extract::Query;
use super::page::{Page, Paging};
use crate::audit::export::{self, Period};
use crate::auth::Caller;
use axum::Extension;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Wanted {
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

/// Each page that is taken leaves its own row.
pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(paging): Query<Paging>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Page<Value>>> {
    let limit = paging.limit()?;
    let after = paging.after()?;
    let period = Period::new(wanted.since, wanted.until, app.clock.now());
    export::begin(&app, &caller.actor, period).await?;
    let rows = export::page(&app, period, after.as_ref(), limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.id.to_string());
    Ok(axum::Json(page.map(|row| export::event(&app, &row))))
}
