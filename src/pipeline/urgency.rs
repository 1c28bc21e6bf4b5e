//! What is urgent goes first, also where only the document says so.
//!
//! A gateway's own mark counts from the start. Else the first page tells: every document's first page is read before any
//! document's other pages, and as soon as its words say STAT or urgent, the rest of it and all that follows overtakes. Where
//! many wait, even their first pages are far; then a look at each, a fraction of a second, finds those that say so in a heading.

use crate::app::App;
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::ids::TransmissionId;
use crate::domain::page::PageText;
use crate::domain::sla::Urgency;
use crate::extraction::urgent_lines;
use crate::jobs::{Claim, JobError, Lane};
use crate::store;
use std::sync::Arc;

/// Before all that is usual.
pub const URGENT: i64 = -10;
/// The first page was looked at and says nothing of urgency. Before those that were not: these came later.
const LOOKED_AT: i64 = -6;
/// The first page is not read yet.
pub const FIRST_PAGE: i64 = -5;
pub const USUAL: i64 = 0;

/// A cover often comes first, and the form behind it says how urgent it is.
pub const PAGES_ASKED: u32 = 3;

/// The timer's name.
pub const LOOK_AHEAD: &str = "look_ahead";
/// So many documents are read soon enough without a look.
const BACKLOG: usize = 8;
/// Looked at in one turn; the next turn goes on.
const LOOKS_A_TURN: usize = 200;

/// The priority of what follows a job of this priority.
pub fn follow_up(priority: i64) -> i64 {
    if priority <= URGENT { URGENT } else { USUAL }
}

/// Whether the page says that its referral is urgent: by the rules that will read the field, or in a heading.
pub async fn is_said(app: &App, page: &PageText) -> Result<bool, JobError> {
    if urgent_lines::say_urgent(urgent_lines::lines(page).iter().map(String::as_str)) {
        return Ok(true);
    }
    let (rules, page) = (Arc::clone(&app.rules), page.clone());
    let extraction = tokio::task::spawn_blocking(move || rules.extract(&[page])).await;
    let extraction = extraction.map_err(|error| JobError::crash("extraction").because(error))?;
    let key = FieldKey::new("referral.urgency");
    let mut values = extraction
        .documents
        .iter()
        .filter_map(|document| document.fields.get(&key));
    Ok(values.any(|field| match &field.value {
        FieldContent::Text(text) => matches!(Urgency::from_value(text), Some(Urgency::Stat | Urgency::Urgent)),
        FieldContent::List(_) => false,
    }))
}

/// Gives a job that runs its place among those that wait. Tells whether one of them is more urgent.
pub async fn set(app: &App, claim: &Claim, priority: i64) -> Result<bool, JobError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    store::jobs::set_priority(&mut tx, claim, priority).await?;
    let waited_for = store::jobs::is_waited_for_before(&mut tx, claim.job.lane, priority, now).await?;
    tx.commit().await?;
    Ok(waited_for)
}

/// Where many wait, looks at their first pages, the oldest first, and lets what says that it is urgent overtake.
pub async fn look_ahead(app: App) -> Result<(), JobError> {
    for _ in 0..LOOKS_A_TURN {
        let now = app.clock.now();
        let mut tx = app.db.read().await?;
        if !store::jobs::is_longer_than(&mut tx, Lane::Read, BACKLOG, now).await? {
            return Ok(());
        }
        let next = store::jobs::first_waiting(&mut tx, Lane::Read, FIRST_PAGE, now).await?;
        drop(tx);
        let Some(job) = next else { return Ok(()) };
        let priority = if is_urgent_at_a_glance(&app, &job.subject).await? {
            tracing::info!(
                transmission.id = job.subject,
                "a document that waits says that it is urgent, and is read next"
            );
            metrics::counter!("referloop_urgent_documents_total", "seen" => "waiting").increment(1);
            URGENT
        } else {
            LOOKED_AT
        };
        let mut tx = app.db.begin().await?;
        store::jobs::move_waiting(&mut tx, &job.id, FIRST_PAGE, priority).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What can't be looked at is not urgent; its reading will say what is wrong with it.
async fn is_urgent_at_a_glance(app: &App, subject: &str) -> Result<bool, JobError> {
    let Ok(id) = subject.parse::<TransmissionId>() else {
        return Ok(false);
    };
    let mut tx = app.db.read().await?;
    let Some(transmission) = store::transmissions::find(&mut tx, &id).await? else {
        return Ok(false);
    };
    let Some(object) = store::objects::find(&mut tx, &transmission.object).await? else {
        return Ok(false);
    };
    drop(tx);
    let Ok(original) = app.vault.get(&object).await else {
        return Ok(false);
    };
    let Ok(original) = super::original::readable(app, original, transmission.arrived_at).await? else {
        return Ok(false);
    };
    match app.reading.glance(original.into()).await {
        Ok(lines) => Ok(urgent_lines::say_urgent(lines.iter().map(String::as_str))),
        Err(error) if error.is_ours() => Err(JobError::retry("reading_unavailable").because(error)),
        Err(_) => Ok(false),
    }
}
