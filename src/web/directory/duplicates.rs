//! Entries that may be one, side by side: merged with one click, or told apart for good.

use super::view::entry_id;
use crate::auth::Caller;
use crate::domain::contact::ContactKind;
use crate::domain::permission::{Permission, Resource};
use crate::referrals::directory::{self, Pair};
use crate::store::directory::Entry;
use crate::store::{self, Tx, directory_contacts};
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::layout::{Frame, Place, filters, full_time, render};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

/// As many as are decided in one sitting; the rest moves up.
const PAIRS_MAX: usize = 20;

#[derive(Template)]
#[template(path = "web/directory/duplicates.html")]
struct DuplicatesPage {
    frame: Frame,
    pairs: Vec<PairView>,
    /// How many come after these.
    more: usize,
    apart: bool,
    may_edit: bool,
}

struct PairView {
    sides: [Side; 2],
    alike: String,
    two_practices: bool,
    rows: Vec<Compared>,
    /// Which one is offered to stay: that with more referrals.
    keep_other: bool,
}

struct Side {
    id: String,
    version: i64,
    title: String,
}

struct Compared {
    label: &'static str,
    one: String,
    other: String,
    differs: bool,
}

#[derive(Deserialize)]
pub struct Shown {
    done: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let mut found = directory::duplicates(&mut tx).await?;
    let more = found.len().saturating_sub(PAIRS_MAX);
    found.truncate(PAIRS_MAX);
    let mut pairs = Vec::with_capacity(found.len());
    for pair in found {
        pairs.push(pair_view(&mut tx, pair).await?);
    }
    drop(tx);
    render(&DuplicatesPage {
        frame: Frame::new(&app, &caller, Place::Directory),
        pairs,
        more,
        apart: shown.done.as_deref() == Some("apart"),
        may_edit: caller.may(Permission::EditDirectory, Resource::Installation),
    })
}

async fn pair_view(tx: &mut Tx, pair: Pair) -> store::Result<PairView> {
    let [one, other] = &pair.entries;
    let (referrals, others) = (
        store::directory::count_referrals(tx, &one.id).await?,
        store::directory::count_referrals(tx, &other.id).await?,
    );
    let (mut left, right) = (said(tx, one, referrals).await?, said(tx, other, others).await?);
    let rows = left.drain(..).zip(right).filter_map(|((label, one), (_, other))| {
        let shown = !one.is_empty() || !other.is_empty();
        shown.then(|| Compared {
            label,
            differs: one.to_lowercase() != other.to_lowercase(),
            one,
            other,
        })
    });
    let alike: Vec<_> = pair.alike.iter().map(|likeness| likeness.label()).collect();
    Ok(PairView {
        rows: rows.collect(),
        alike: alike.join(", "),
        two_practices: pair.two_practices,
        keep_other: others > referrals,
        sides: [side(one), side(other)],
    })
}

fn side(entry: &Entry) -> Side {
    Side {
        id: entry.id.to_string(),
        version: entry.version,
        title: entry.title(),
    }
}

/// Everything that an entry says, line by line.
async fn said(tx: &mut Tx, entry: &Entry, referrals: i64) -> store::Result<Vec<(&'static str, String)>> {
    let contacts = directory_contacts::of_entry(tx, &entry.id).await?;
    let of_kind = |kind: ContactKind| {
        let values = contacts.iter().filter(|contact| contact.kind == kind).map(|contact| {
            let doubt = if kind.is_sent_to() && !contact.is_verified() {
                " (not verified)"
            } else {
                ""
            };
            format!("{}{doubt}", contact.value)
        });
        (kind.label(), values.collect::<Vec<_>>().join(", "))
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut lines = vec![
        ("Name", text(&entry.name)),
        ("Practice", text(&entry.organization)),
        ("NPI", text(&entry.npi)),
        ("Specialty", text(&entry.specialty)),
    ];
    lines.extend(ContactKind::ALL.into_iter().map(of_kind));
    lines.push(("Referrals", referrals.to_string()));
    lines.push(("Here since", full_time(entry.created_at)));
    Ok(lines)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decided {
    KeepOne,
    KeepOther,
    Apart,
}

/// What was decided of the two that were compared, at the versions that were shown.
#[derive(Deserialize)]
pub struct Decision {
    decided: Decided,
    one: String,
    other: String,
    one_version: Option<i64>,
    other_version: Option<i64>,
}

pub async fn decide(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(decision): Form<Decision>,
) -> Result<Redirect> {
    let (one, other) = (entry_id(&decision.one)?, entry_id(&decision.other)?);
    let versions = decision.one_version.zip(decision.other_version);
    let (mine, theirs) = versions.ok_or_else(Error::version_required)?;
    let now = app.clock.now();
    let (two, expected) = match decision.decided {
        Decided::Apart => {
            directory::tell_apart(&app.db, &caller.actor, [&one, &other], now).await?;
            return Ok(Redirect::to("/directory/duplicates?done=apart"));
        }
        Decided::KeepOne => ((&one, &other), [mine, theirs]),
        Decided::KeepOther => ((&other, &one), [theirs, mine]),
    };
    let merged = directory::merge(&app.db, &caller.actor, two, Some(expected), now).await?;
    Ok(Redirect::to(&format!(
        "/directory/{}?merged={}",
        merged.survivor, merged.id
    )))
}
