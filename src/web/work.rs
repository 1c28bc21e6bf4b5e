//! The work queue: every referral on its way, with who owns it and what is left of its time.

use super::AppState;
use super::assigning::{self, Bar, Told};
use super::error::{Error, Result};
use super::fields::Names;
use super::layout::{Frame, Place, Tag, When, filters, render};
use super::loaded::Heading;
use super::memos::{Sticky, sticky};
use super::seen;
use crate::auth::Caller;
use crate::domain::ids::ReferralId;
use crate::domain::patient::Patient;
use crate::domain::people::Actor;
use crate::domain::referral::{Referral, StatusName};
use crate::referrals::search;
use crate::store::referrals::{self, Work, WorkCursor};
use crate::store::{self, Tx};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::Response;
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;

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

struct FilterLink {
    label: &'static str,
    query: String,
    current: bool,
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

/// What the list shows; the address keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Show {
    #[default]
    Open,
    Mine,
    Unowned,
    Overdue,
    Waiting,
    Ended,
}

impl Show {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Open, "", "Open"),
        (Self::Mine, "mine", "Mine"),
        (Self::Unowned, "unowned", "Nobody's"),
        (Self::Overdue, "overdue", "Overdue"),
        (Self::Waiting, "waiting", "Waiting for others"),
        (Self::Ended, "ended", "Ended"),
    ];

    fn word(self) -> &'static str {
        let (_, word, _) = Self::ALL
            .into_iter()
            .find(|(show, ..)| *show == self)
            .unwrap_or(Self::ALL[0]);
        word
    }

    fn query(self) -> String {
        let word = self.word();
        if word.is_empty() {
            String::new()
        } else {
            format!("?show={word}")
        }
    }

    fn empty(self) -> &'static str {
        match self {
            Self::Open => "Released referrals appear here.",
            Self::Mine => "You own no open referral. Take one from the list of all open ones.",
            Self::Unowned => "Every open referral has an owner.",
            Self::Overdue => "Every referral is in time.",
            Self::Waiting => "No referral waits for somebody else.",
            Self::Ended => "No referral has ended yet.",
        }
    }
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

/// The list as it was looked at, from the words of a form.
pub fn address(show: &str, after: &str) -> String {
    let shown = Show::ALL.into_iter().find(|(_, word, _)| *word == show);
    let query = shown.map(|(show, ..)| show.query()).unwrap_or_default();
    if cursor(after).is_err() {
        return format!("/work{query}");
    }
    let sign = if query.is_empty() { '?' } else { '&' };
    format!("/work{query}{sign}after={after}")
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
    let owners = assigning::owners(tx, &caller.actor, StatusName::Released).await?;
    Ok((!owners.is_empty()).then(|| Bar {
        owners,
        list: "work",
        show: show.word(),
        after: after.unwrap_or_default().to_owned(),
    }))
}

fn filter_links(current: Option<Show>) -> Vec<FilterLink> {
    Show::ALL
        .into_iter()
        .map(|(one, _, label)| FilterLink {
            label,
            query: one.query(),
            current: Some(one) == current,
        })
        .collect()
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

/// One row more than a page, so that it is known whether another follows.
async fn chosen(
    tx: &mut Tx,
    show: Show,
    actor: &Actor,
    after: Option<&WorkCursor>,
    now: DateTime<Utc>,
) -> store::Result<Vec<Referral>> {
    let me = match actor {
        Actor::User { id, .. } => Some(id.clone()),
        _ => None,
    };
    let work = match (show, me) {
        (Show::Ended, _) => return ended(tx, after).await,
        (Show::Waiting, _) => return waiting(tx, after).await,
        (Show::Open, _) => Work::All,
        (Show::Mine, Some(me)) => Work::OwnedBy(Some(me)),
        // Who is no person owns nothing.
        (Show::Mine, None) => return Ok(Vec::new()),
        (Show::Unowned, _) => Work::OwnedBy(None),
        (Show::Overdue, _) => Work::OverdueAt(now),
    };
    referrals::work_list(tx, &work, after, PAGE_ROWS + 1).await
}

/// What others have to answer first. Each status has its own order, from which the page is merged.
async fn waiting(tx: &mut Tx, after: Option<&WorkCursor>) -> store::Result<Vec<Referral>> {
    let mut waiting = Vec::new();
    for status in [
        StatusName::InformationRequested,
        StatusName::NoteSent,
        StatusName::Scheduled,
    ] {
        waiting.extend(referrals::work_list(tx, &Work::InStatus(status), after, PAGE_ROWS + 1).await?);
    }
    waiting.sort_by_key(|referral| {
        let WorkCursor { due, id } = WorkCursor::at(referral);
        (due, id)
    });
    waiting.truncate(PAGE_ROWS as usize + 1);
    Ok(waiting)
}

/// The newest first.
async fn ended(tx: &mut Tx, after: Option<&WorkCursor>) -> store::Result<Vec<Referral>> {
    let before = after.and_then(|after| after.id.parse::<ReferralId>().ok());
    referrals::ended(tx, before.as_ref(), PAGE_ROWS + 1).await
}

/// Seconds and id, as an address can hold them.
fn next_query(show: Show, last: &Referral) -> String {
    let WorkCursor { due, id } = WorkCursor::at(last);
    let sign = if show.query().is_empty() { '?' } else { '&' };
    format!("{}{sign}after={}.{id}", show.query(), due.timestamp_micros())
}

fn cursor(text: &str) -> Result<WorkCursor> {
    let wrong = || Error::malformed("`after` is not the end of a page of this list.");
    let (due, id) = text.split_once('.').ok_or_else(wrong)?;
    let due = due
        .parse()
        .ok()
        .and_then(DateTime::from_timestamp_micros)
        .ok_or_else(wrong)?;
    let id: ReferralId = id.parse().map_err(|_| wrong())?;
    Ok(WorkCursor {
        due,
        id: id.to_string(),
    })
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
