//! Answers to questions about the audit log: its rows, and who saw a patient. Each question leaves a row of its own.

use super::export::ExportError;
use super::question::Question;
use crate::app::App;
use crate::domain::ids::{AuditId, ReferralId};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource, authorize};
use crate::store::audit::{self, Entry, Outcome, Row};
use crate::store::audit_search::{self, Listed, Span, Wanted};
use crate::store::search::{Breadth, candidates};
use crate::store::{self, Tx};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Less than this, and somebody else is meant.
const FIT_MIN: f64 = 0.6;
/// A patient with more referrals than these is more than one.
const REFERRALS_MAX: usize = 50;
/// Of one thing; the newest.
const ROWS_MAX: u32 = 5_000;
const DAYS_MAX: u32 = 20_000;

/// A page of the answer.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The newest first.
    pub rows: Vec<Row>,
    /// Whether older ones follow.
    pub more: bool,
    /// Who had to do with the patient, whoever did most recently first; nobody where the question is about nobody.
    pub people: Vec<Seer>,
    /// What the question is about.
    pub referrals: Vec<ReferralId>,
}

/// What somebody did with a patient's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Did {
    Viewed,
    /// Documents as they came, and notes.
    Pages,
    Corrected,
    Released,
    Sent,
    Other,
}

impl Did {
    fn of(row: &Row) -> Self {
        match (row.action.as_str(), row.resource_kind.as_str()) {
            ("view", "referral") => Self::Viewed,
            ("view", _) => Self::Pages,
            ("correct_field" | "arrange" | "choose_referrer", _) => Self::Corrected,
            ("release", _) => Self::Released,
            ("send_note" | "deliver_by_hand" | "request_information" | "deliver_request_by_hand", _) => Self::Sent,
            _ => Self::Other,
        }
    }
}

/// Somebody who had to do with a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seer {
    pub actor: String,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    /// How often, by what it was.
    pub did: BTreeMap<Did, usize>,
    /// On how many days the patient stood in a list that they were shown.
    pub listed_days: usize,
}

/// A page of the answer, from the newest row back or from the row `before`. Only the first page is written down.
pub async fn ask(
    app: &App,
    actor: &Actor,
    question: &Question,
    before: Option<&AuditId>,
    limit: u32,
) -> Result<Found, ExportError> {
    authorize(actor, Permission::ViewAudit, Resource::Installation)?;
    let mut tx = app.db.read().await?;
    let found = find(&mut tx, question, before, limit).await?;
    drop(tx);
    if before.is_none() {
        let entry = Entry {
            actor,
            action: "search_audit",
            resource_kind: "audit",
            resource_id: "log",
            outcome: Outcome::Allowed,
            detail: question.detail(&found.referrals),
        };
        let mut tx = app.db.begin().await?;
        audit::insert(&mut tx, &entry, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(found)
}

/// As many rows as may be taken away at once; that they are is written down before the first is handed over.
pub async fn take(app: &App, actor: &Actor, question: &Question, limit: u32) -> Result<Vec<Row>, ExportError> {
    authorize(actor, Permission::ViewAudit, Resource::Installation)?;
    let mut tx = app.db.read().await?;
    let found = find(&mut tx, question, None, limit).await?;
    drop(tx);
    let mut detail = question.detail(&found.referrals);
    detail["rows"] = found.rows.len().into();
    let entry = Entry {
        actor,
        action: "export_audit",
        resource_kind: "audit",
        resource_id: "log",
        outcome: Outcome::Allowed,
        detail,
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    Ok(found.rows)
}

async fn find(tx: &mut Tx, question: &Question, before: Option<&AuditId>, limit: u32) -> store::Result<Found> {
    let mut found = if question.is_of_somebody() {
        let referrals = referrals(tx, question).await?;
        of_referrals(tx, question, referrals, before, limit).await?
    } else {
        let wanted = Wanted {
            actor: question.who.as_deref(),
            acts: &question.what.acts,
            refused: question.what.refused,
            span: until(question.span(), before),
        };
        Found {
            rows: audit_search::newest(tx, &wanted, limit + 1).await?,
            ..Found::default()
        }
    };
    found.more = found.rows.len() > limit as usize;
    found.rows.truncate(limit as usize);
    Ok(found)
}

fn until(span: Span, before: Option<&AuditId>) -> Span {
    match before {
        Some(before) => span.before(before),
        None => span,
    }
}

/// The referrals that are asked about: the one that is named, else those that fit the patient.
async fn referrals(tx: &mut Tx, question: &Question) -> store::Result<Vec<ReferralId>> {
    if let Some(referral) = &question.referral {
        return Ok(vec![referral.clone()]);
    }
    let Some(asked) = &question.patient else {
        return Ok(Vec::new());
    };
    let candidates = candidates(tx, asked, Breadth::Wide).await?;
    let mut fitting: Vec<ReferralId> = candidates
        .into_iter()
        .filter(|(_, patient)| asked.fits(patient) >= FIT_MIN)
        .map(|(id, _)| id)
        .collect();
    fitting.reverse();
    fitting.truncate(REFERRALS_MAX);
    Ok(fitting)
}

async fn of_referrals(
    tx: &mut Tx,
    question: &Question,
    referrals: Vec<ReferralId>,
    before: Option<&AuditId>,
    limit: u32,
) -> store::Result<Found> {
    let all = rows_of(tx, &referrals, &question.span()).await?;
    let days = days_of(tx, &referrals, question).await?;
    let people = people(&all, &days);
    let asked = |row: &Row| {
        let is_older = before.is_none_or(|before| row.id < *before);
        is_older && question.what.covers(row) && question.who.as_ref().is_none_or(|who| row.actor == *who)
    };
    let mut rows: Vec<Row> = all.into_iter().filter(asked).collect();
    if question.what.covers_lists() {
        rows.extend(lists(tx, question, &days, before, limit).await?);
    }
    rows.sort_by(|one, other| other.id.cmp(&one.id));
    rows.dedup_by(|one, other| one.id == other.id);
    Ok(Found {
        rows,
        more: false,
        people,
        referrals,
    })
}

/// Everything that was done to the referrals, to the documents that they were read from, to their notes and deliveries.
async fn rows_of(tx: &mut Tx, referrals: &[ReferralId], span: &Span) -> store::Result<Vec<Row>> {
    let mut things: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for id in referrals {
        things.insert(("referral", id.to_string()));
        let Some(referral) = store::referrals::find(tx, id).await? else {
            continue;
        };
        things.insert(("document", referral.document.to_string()));
        things.insert(("transmission", referral.transmission.to_string()));
        for note in store::notes::of_referral(tx, id).await? {
            things.insert(("note", note.id.to_string()));
        }
        for delivery in store::deliveries::of_referral(tx, id).await? {
            things.insert(("delivery", delivery.id.to_string()));
        }
    }
    let mut rows = Vec::new();
    for (kind, id) in &things {
        rows.extend(audit_search::of_resource(tx, (kind, id), span, ROWS_MAX).await?);
    }
    Ok(rows)
}

type Days = BTreeSet<(std::cmp::Reverse<NaiveDate>, String, ReferralId)>;

/// When the referrals stood in lists, the newest day first.
async fn days_of(tx: &mut Tx, referrals: &[ReferralId], question: &Question) -> store::Result<Days> {
    let first = question.since.map_or(NaiveDate::MIN, |since| since.date_naive());
    let last = question.until.map(|until| until.date_naive());
    // Texts are compared: years of five digits or with a sign would stand in the wrong place.
    let first = first.max(DateTime::UNIX_EPOCH.date_naive());
    let last = last.unwrap_or(LAST_DAY);
    let mut days = Days::new();
    for referral in referrals {
        for Listed { day, actor } in audit_search::listed(tx, referral, (first, last), DAYS_MAX).await? {
            days.insert((std::cmp::Reverse(day), actor, referral.clone()));
        }
    }
    Ok(days)
}

const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day in the year 9999");

/// The lists themselves, day by day back, until a page is full.
async fn lists(
    tx: &mut Tx,
    question: &Question,
    days: &Days,
    before: Option<&AuditId>,
    limit: u32,
) -> store::Result<Vec<Row>> {
    let mut rows: BTreeMap<AuditId, Row> = BTreeMap::new();
    let mut full_at = None;
    for (std::cmp::Reverse(day), actor, referral) in days {
        if full_at.is_some_and(|full| *day < full) {
            break;
        }
        if question.who.as_ref().is_some_and(|who| who != actor) {
            continue;
        }
        let start = day.and_time(NaiveTime::MIN).and_utc();
        let end = start + TimeDelta::days(1);
        let span = Span::new(
            Some(question.since.map_or(start, |since| since.max(start))),
            Some(question.until.map_or(end, |until| until.min(end))),
        );
        for row in audit_search::lists_with(tx, actor, referral, &until(span, before)).await? {
            if question.what.covers(&row) {
                rows.insert(row.id.clone(), row);
            }
        }
        if rows.len() > limit as usize {
            full_at = Some(*day);
        }
    }
    Ok(rows.into_values().collect())
}

/// One line a person or program. What was refused showed them nothing, and the service itself looks at nobody.
fn people(rows: &[Row], days: &Days) -> Vec<Seer> {
    let mut people: BTreeMap<String, Seer> = BTreeMap::new();
    let mut meet = |actor: &str, from: DateTime<Utc>, to: DateTime<Utc>, did: Option<Did>| {
        if actor == "system" || actor.starts_with("door:") {
            return;
        }
        let seer = people.entry(actor.to_owned()).or_insert_with(|| Seer {
            actor: actor.to_owned(),
            first: from,
            last: to,
            did: BTreeMap::new(),
            listed_days: 0,
        });
        seer.first = seer.first.min(from);
        seer.last = seer.last.max(to);
        match did {
            Some(did) => *seer.did.entry(did).or_default() += 1,
            None => seer.listed_days += 1,
        }
    };
    for row in rows.iter().filter(|row| row.outcome == Outcome::Allowed) {
        meet(&row.actor, row.at, row.at, Some(Did::of(row)));
    }
    // Two referrals of one patient in one list are one look.
    let listed: BTreeSet<(NaiveDate, &str)> = days.iter().map(|(day, actor, _)| (day.0, actor.as_str())).collect();
    for (day, actor) in listed {
        let start = day.and_time(NaiveTime::MIN).and_utc();
        meet(actor, start, start, None);
    }
    let mut people: Vec<Seer> = people.into_values().collect();
    people.sort_by_key(|seer| std::cmp::Reverse(seer.last));
    people
}
