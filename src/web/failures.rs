//! On the desk: work that failed for good or stands still, each with Retry. Documents that could not be read have a list of their
//! own.

use super::AppState;
use super::error::{Error, Result};
use super::layout::{When, words};
use crate::auth::Caller;
use crate::domain::ids::JobId;
use crate::domain::permission::{Permission, Resource, authorize};
use crate::pipeline::{bind, extract, message, read};
use crate::referrals::{delivery, retention};
use crate::store::audit::{self, Outcome};
use crate::store::jobs::{self, Job};
use crate::store::{self, Tx};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Redirect;
use chrono::{DateTime, TimeDelta, Utc};

/// Work that nobody finished for so long stands still.
const STUCK_AFTER: TimeDelta = TimeDelta::minutes(5);
const ROWS_MAX: usize = 20;

pub struct JobRow {
    pub id: String,
    pub what: String,
    pub state: &'static str,
    pub icon: &'static str,
    pub tone: &'static str,
    pub why: String,
    pub age: When,
}

pub async fn rows(tx: &mut Tx, now: DateTime<Utc>) -> store::Result<Vec<JobRow>> {
    let failed = jobs::list_quarantined(tx).await?;
    let failed = failed.into_iter().filter(|job| !has_own_list(&job.name)).take(ROWS_MAX);
    let mut rows: Vec<JobRow> = failed.map(|job| row(&job, now)).collect();
    let stuck = jobs::stuck(tx, now - STUCK_AFTER, ROWS_MAX as i64).await?;
    rows.extend(stuck.iter().map(|job| row(job, now)));
    Ok(rows)
}

/// What failed for good there is shown by what it was about: a document set aside, a note that did not arrive.
fn has_own_list(name: &str) -> bool {
    [read::JOB, extract::JOB, delivery::SEND_NOTE].contains(&name)
}

fn row(job: &Job, now: DateTime<Utc>) -> JobRow {
    let (state, icon, tone) = match job.quarantined_at {
        Some(_) => ("Failed", "problem", "bad"),
        None => ("Stuck", "clock", "warn"),
    };
    let tried = job.attempts + job.crashes;
    let why = match (&job.last_error, tried) {
        (Some(code), 1) => format!("{}, tried once", words(code)),
        (Some(code), tried) => format!("{}, tried {tried} times", words(code)),
        (None, _) => "Waits, and nothing takes it up. Is a worker running?".to_owned(),
    };
    JobRow {
        id: job.id.to_string(),
        what: what(&job.name),
        state,
        icon,
        tone,
        why,
        age: When::ago(job.quarantined_at.unwrap_or(job.created_at), now),
    }
}

fn what(name: &str) -> String {
    let known = match name {
        read::JOB => "Reading a document",
        extract::JOB => "Finding the fields of a document",
        bind::JOB => "Making a searchable PDF",
        message::OPEN => "Opening a Direct message",
        message::NOTIFY => "Confirming a Direct message",
        delivery::SEND_NOTE => "Sending a consult note",
        retention::ERASE => "Erasing a destroyed document",
        other => return words(other),
    };
    known.to_owned()
}

/// Tries it again at once.
pub async fn retry(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Redirect> {
    authorize(&caller.actor, Permission::RetryQuarantined, Resource::Installation).map_err(|_| Error::forbidden())?;
    let id: JobId = id.parse().map_err(|_| Error::not_found("job"))?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let again = jobs::retry(&mut tx, &id, now).await? || jobs::hurry(&mut tx, &id, now).await?;
    if again {
        let entry = audit::Entry {
            actor: &caller.actor,
            action: "retry",
            resource_kind: "job",
            resource_id: id.as_str(),
            outcome: Outcome::Allowed,
            detail: serde_json::json!({}),
        };
        audit::insert(&mut tx, &entry, now).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to("/desk"))
}
