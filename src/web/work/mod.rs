//! The work queue: every referral on its way, with who owns it and what is left of its time.

mod show;

pub use show::address;

use super::AppState;
use super::assigning::{self, Bar, Told};
use super::error::Result;
use super::fields::Names;
use super::layout::{Frame, Place, Tag, When, filters, render};
use super::loaded::Heading;
use super::memos::{Sticky, sticky};
use super::seen;
use crate::auth::Caller;
use crate::domain::patient::Patient;
use crate::domain::people::Actor;
use crate::domain::permission::Resource;
use crate::domain::referral::{Referral, StatusName};
use crate::referrals::search;
use crate::store::{self, Tx};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::Response;
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use show::{FilterLink, Show, chosen, cursor, filter_links, next_query};

const PAGE_ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "web/work/work.html")]
struct WorkPage {
    frame: Frame,
    filters: Vec<FilterLink>,
    told: Option<Told>,
    bar: Option<Bar>,
    rows: Vec<WorkRow>,
    empty: &'static str,
    /// The query under which the list refreshes itself; nothing for what was searched.
    poll: Option<String>,
    /// The query of the next page.
    next: Option<String>,
    /// What was searched, shown again to be changed.
    searched: String,
}

struct WorkRow {
    id: String,
    version: u64,
    patient: String,
    birth_date: String,
    urgency: Tag,
    status: Tag,
    specialty: String,
    referrer: String,
    age: When,
    deadline: Tag,
    owner: String,
    escalated: bool,
    may_take: bool,
    sticky: Option<Sticky>,
}

#[derive(Deserialize)]
pub struct Shown {
    #[serde(default)]
    show: Show,
    /// Where the page before ended.
    after: Option<String>,
    poll: Option<String>,
    /// What became of those that were given to somebody.
    assigned: Option<Told>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let (now, show) = (app.clock.now(), shown.show);
    let after = shown.after.as_deref().map(cursor).transpose()?;
    let mut tx = app.db.read().await?;
    let mut referrals = chosen(&mut tx, show, &caller.actor, after.as_ref(), now).await?;
    let more = referrals.len() > PAGE_ROWS as usize;
    referrals.truncate(PAGE_ROWS as usize);
    let next = referrals.last().filter(|_| more).map(|last| next_query(show, last));
    let rows = rows(&mut tx, &caller, referrals, now).await?;
    let bar = bar(&mut tx, &caller, show, shown.after.as_deref()).await?;
    drop(tx);
    let ids = rows.iter().map(|row| row.id.clone()).collect();
    seen::list(&app, &caller, "work", ids, shown.poll.is_some()).await?;
    let mut poll = match show.query() {
        query if query.is_empty() => "?poll".to_owned(),
        query => format!("{query}&poll"),
    };
    if let Some(after) = &shown.after {
        poll = format!("{poll}&after={after}");
    }
    render(&WorkPage {
        frame: Frame::new(&app, &caller, Place::Work),
        filters: filter_links(Some(show)),
        told: shown.assigned,
        bar,
        rows,
        empty: show.empty(),
        poll: Some(poll),
        next,
        searched: String::new(),
    })
}

#[derive(Deserialize)]
pub struct Searched {
    #[serde(default)]
    patient: String,
}

/// What was asked comes in a form's body, never in an address, which ends up in histories and logs.
pub async fn search(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(searched): Form<Searched>,
) -> Result<Response> {
    let now = app.clock.now();
    let asked = Patient::from_words(&searched.patient, now.year());
    let (rows, empty) = if asked.can_be_found() {
        let found = search::search(&app, &caller.actor, &asked).await?;
        let referrals = found.into_iter().map(|found| found.referral).collect();
        let mut tx = app.db.read().await?;
        let rows = rows(&mut tx, &caller, referrals, now).await?;
        (
            rows,
            "No referral fits. A birth date alone finds more than a name that may be misspelt.",
        )
    } else {
        (
            Vec::new(),
            "Type a birth date, a phone number, a record number or a member id; a name only beside one of these.",
        )
    };
    render(&WorkPage {
        frame: Frame::new(&app, &caller, Place::Work),
        filters: filter_links(None),
        told: None,
        // A form that led back here would lose what was searched.
        bar: None,
        rows,
        empty,
        poll: None,
        next: None,
        searched: searched.patient,
    })
}

/// Nothing that has ended is given to anybody.
async fn bar(tx: &mut Tx, caller: &Caller, show: Show, after: Option<&str>) -> store::Result<Option<Bar>> {
    if show == Show::Ended {
        return Ok(None);
    }
    let owners = assigning::owners(tx, &caller.actor, StatusName::Released, Resource::Somewhere).await?;
    Ok((!owners.is_empty()).then(|| Bar {
        owners,
        list: "work",
        show: show.word(),
        after: after.unwrap_or_default().to_owned(),
    }))
}

async fn rows(
    tx: &mut Tx,
    caller: &Caller,
    referrals: Vec<Referral>,
    now: DateTime<Utc>,
) -> store::Result<Vec<WorkRow>> {
    let names = Names::load(tx).await?;
    let mut rows = Vec::with_capacity(referrals.len());
    for referral in referrals {
        let sticky = sticky(tx, &referral.id, &names).await?;
        let heading = Heading::load(tx, referral, &names).await?;
        rows.push(work_row(heading, sticky, &caller.actor, now));
    }
    Ok(rows)
}

fn work_row(row: Heading, sticky: Option<Sticky>, actor: &Actor, now: DateTime<Utc>) -> WorkRow {
    let ended = row.referral.status.name().is_ended();
    WorkRow {
        id: row.referral.id.to_string(),
        version: row.referral.version,
        urgency: row.urgency(),
        status: row.status(),
        age: row.age(now),
        deadline: row.deadline(now),
        escalated: row.referral.escalation_level > 0 && !ended,
        may_take: row.referral.owner.is_none() && assigning::may_take(actor, &row.referral),
        sticky,
        patient: row.patient,
        birth_date: row.birth_date,
        specialty: row.specialty,
        referrer: row.referrer,
        owner: row.owner,
    }
}
