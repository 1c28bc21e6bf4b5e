//! The auditor's screen: who did what to which record, when, and whether it was allowed. Acts only: no document is shown here.

mod asked;
mod words;

use self::asked::{Asked, Link};
use self::words::{did, from_where, outcome_tag, record, seer_text, who};
use super::AppState;
use super::error::{Error, Result};
use super::fields::Names;
use super::layout::{Frame, Place, Tag, When, filters, render};
use crate::audit::question::{Group, Question};
use crate::audit::trace::{self, Found, Seer};
use crate::auth::Caller;
use crate::domain::ids::AuditId;
use crate::fhir::ACTS;
use crate::store::audit::Row;
use crate::store::users;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

const PAGE_ROWS: u32 = 50;
/// More than these nobody reads as a table; the whole log goes out by `referloop audit export`.
const EXPORT_ROWS: u32 = 10_000;

#[derive(Template)]
#[template(path = "web/audit/audit.html")]
struct AuditPage {
    frame: Frame,
    asked: Asked,
    whom: Vec<Choice>,
    groups: Vec<Choice>,
    acts: Vec<Choice>,
    /// How many referrals the question is about, where it is about a patient or a referral.
    about: Option<usize>,
    people: Vec<SeerRow>,
    rows: Vec<ActRow>,
    /// The last row of this page, where another follows.
    next: Option<String>,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct SeerRow {
    who: String,
    first: When,
    last: When,
    what: String,
}

struct ActRow {
    at: When,
    who: String,
    /// All acts of theirs.
    theirs: Link,
    did: String,
    /// The network address of a login.
    from: Option<String>,
    record: String,
    /// All acts on the referral.
    on_it: Option<Link>,
    outcome: Tag,
}

/// Without a patient, whose name and numbers must not stand in an address.
pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let asked = Asked {
        patient: String::new(),
        ..asked
    };
    page(&app, &caller, asked).await
}

/// A question about a patient is answered at once; any other gets an address that can be kept.
pub async fn search(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    if asked.patient.trim().is_empty() {
        return Ok(Redirect::to(&asked.address()).into_response());
    }
    page(&app, &caller, asked).await
}

async fn page(app: &AppState, caller: &Caller, asked: Asked) -> Result<Response> {
    let now = app.clock.now();
    let question = asked.question(app)?;
    let before = asked.before()?;
    let found = trace::ask(app, &caller.actor, &question, before.as_ref(), PAGE_ROWS).await?;
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let whom = whom(users::names(&mut tx).await?, &asked.who);
    drop(tx);
    render(&AuditPage {
        frame: Frame::new(app, caller, Place::Audit),
        whom,
        groups: Group::ALL
            .into_iter()
            .map(|group| choice(group.word(), group.label(), &asked.what))
            .collect(),
        acts: acts(&asked.what),
        about: question.is_of_somebody().then_some(found.referrals.len()),
        people: found.people.iter().map(|seer| seer_row(seer, &names, now)).collect(),
        next: next(&found),
        rows: found.rows.iter().map(|row| act_row(row, &names, now)).collect(),
        asked,
    })
}

fn next(found: &Found) -> Option<String> {
    let last: Option<&AuditId> = found.rows.last().map(|row| &row.id);
    last.filter(|_| found.more).map(ToString::to_string)
}

fn choice(value: &str, label: impl Into<String>, chosen: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.into(),
        chosen: value == chosen,
    }
}

/// People and programs by name, then the house itself.
fn whom(names: Vec<(String, String, String)>, chosen: &str) -> Vec<Choice> {
    let mut whom: Vec<Choice> = names
        .into_iter()
        .map(|(id, name, kind)| {
            let label = if kind == "program" {
                format!("{name} (program)")
            } else {
                name
            };
            choice(&id, label, chosen)
        })
        .collect();
    whom.sort_by(|one, other| one.label.cmp(&other.label));
    whom.push(choice("operator", "the command line", chosen));
    whom.push(choice("system", "Referloop itself", chosen));
    whom
}

fn acts(chosen: &str) -> Vec<Choice> {
    let mut acts: Vec<Choice> = ACTS.iter().map(|act| choice(act, did(act), chosen)).collect();
    acts.sort_by(|one, other| one.label.cmp(&other.label));
    acts
}

fn seer_row(seer: &Seer, names: &Names, now: DateTime<Utc>) -> SeerRow {
    SeerRow {
        who: words::actor(&seer.actor, names),
        first: When::ago(seer.first, now),
        last: When::ago(seer.last, now),
        what: seer_text(seer),
    }
}

fn act_row(row: &Row, names: &Names, now: DateTime<Utc>) -> ActRow {
    ActRow {
        at: When::ago(row.at, now),
        who: who(row, names),
        theirs: Link::to("who", &row.actor),
        did: did(&row.action),
        from: from_where(row),
        record: record(row, names),
        on_it: (row.resource_kind == "referral").then(|| Link::to("referral", &row.resource_id)),
        outcome: outcome_tag(row.outcome),
    }
}

/// What is shown, as a table for a spreadsheet. That it was taken away is written down first.
pub async fn export(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let now = app.clock.now();
    let question: Question = asked.question(&app)?;
    let rows = trace::take(&app, &caller.actor, &question, EXPORT_ROWS).await?;
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    drop(tx);
    let table = table(&rows, &names).map_err(Error::internal)?;
    let name = format!("attachment; filename=\"audit-{}.csv\"", now.format("%Y-%m-%d"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, table).into_response())
}

fn table(rows: &[Row], names: &Names) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "at", "who", "actor", "did", "act", "record", "kind", "id", "outcome", "detail",
    ])?;
    for row in rows {
        let at = row.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let cells = [
            &at,
            &who(row, names),
            &row.actor,
            &did(&row.action),
            &row.action,
            &record(row, names),
            &row.resource_kind,
            &row.resource_id,
            &row.outcome.as_str().to_owned(),
            &row.detail,
        ];
        table.write_record(cells.map(|cell| harmless(cell)))?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// A name that begins like a formula would be one in a spreadsheet.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("ana"), "ana");
    }
}
