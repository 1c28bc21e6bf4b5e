//! What a referrer sees of the own practice's referrals: whose they are and how far, never what the clinic says among itself.

use super::AppState;
use super::error::Result;
use super::fields::Names;
use super::layout::{Frame, Place, Tag, When, filters, full_time, render};
use super::loaded::{Heading, referral_id};
use super::seen;
use crate::auth::Caller;
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::{Status, StatusName};
use crate::store::own;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;

const PAGE_ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "web/own/list.html")]
struct OwnPage {
    frame: Frame,
    rows: Vec<OwnRow>,
    next: Option<String>,
}

struct OwnRow {
    patient: String,
    birth_date: String,
    specialty: String,
    status: Tag,
    visit: Option<When>,
    age: When,
    noted: bool,
}

#[derive(Deserialize)]
pub struct Shown {
    /// The last of the page before.
    before: Option<String>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let now = app.clock.now();
    let before = shown.before.as_deref().map(referral_id).transpose()?;
    let practices = match &caller.actor {
        Actor::User { access, .. } => access.practices().into_iter().cloned().collect(),
        _ => Vec::new(),
    };
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let mut found = own::list(&mut tx, &practices, before.as_ref(), PAGE_ROWS + 1).await?;
    let more = found.len() > PAGE_ROWS as usize;
    found.truncate(PAGE_ROWS as usize);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    let mut rows = Vec::with_capacity(found.len());
    let mut ids = Vec::with_capacity(found.len());
    for referral in found {
        // The list is cut to the practices; this is asked once more of each, since a site may bind the grant, too.
        if caller.may(Permission::ViewOwnReferrals, &referral) {
            ids.push(referral.id.to_string());
            rows.push(row(Heading::load(&mut tx, referral, &names).await?, now));
        }
    }
    drop(tx);
    seen::list(&app, &caller, "own", ids, false).await?;
    render(&OwnPage {
        frame: Frame::new(&app, &caller, Place::Own),
        rows,
        next,
    })
}

fn row(heading: Heading, now: DateTime<Utc>) -> OwnRow {
    let status = heading.referral.status.name();
    let visit = match &heading.referral.status {
        Status::Scheduled { appointment } => Some(When {
            text: full_time(*appointment),
            full: full_time(*appointment),
            iso: appointment.to_rfc3339(),
        }),
        _ => None,
    };
    OwnRow {
        status: told(status),
        noted: matches!(status, StatusName::NoteSent | StatusName::Closed),
        age: heading.age(now),
        visit,
        patient: heading.patient,
        birth_date: heading.birth_date,
        specialty: heading.specialty,
    }
}

/// How far it is, in words for somebody outside the clinic.
fn told(status: StatusName) -> Tag {
    use StatusName as S;
    match status {
        S::Received | S::InReview | S::Ready => Tag::new("Arrived, being looked at", "look", ""),
        S::InformationRequested => Tag::new("Waits for your answer", "question", "warn"),
        S::Released => Tag::new("With the clinic's coordinators", "clock", "accent"),
        S::Accepted => Tag::new("Accepted, visit not booked yet", "check", "accent"),
        S::Scheduled => Tag::new("Visit booked", "calendar", "accent"),
        S::NoShow => Tag::new("The patient did not come", "problem", "warn"),
        S::Seen | S::NoteReady => Tag::new("Seen, note on its way", "note", "accent"),
        S::NoteSent => Tag::new("Note sent", "send", "accent"),
        S::Closed => Tag::new("Note delivered", "check", "good"),
        S::CancelRequested | S::Cancelled => Tag::new("Cancelled", "no", ""),
        S::Rejected => Tag::new("Not taken", "no", ""),
        S::Declined => Tag::new("Declined", "no", ""),
    }
}
