//! One entry: who it is, its numbers and addresses, and the merges that it had a part in.

use super::ability::{self, AbilityView};
use super::view::{ContactView, contact_view, entry_id, npi_tag};
use crate::auth::Caller;
use crate::domain::contact::{ContactAct, ContactKind};
use crate::domain::ids::MergeId;
use crate::domain::permission::{Permission, Resource};
use crate::referrals::directory::{self, Person, change_contact};
use crate::store::directory::Entry;
use crate::store::directory_merges::{self, Merge};
use crate::store::{self, Tx, directory_contacts};
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::fields::Names;
use crate::web::layout::{Frame, Place, Tag, When, filters, render};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/directory/entry.html")]
struct EntryPage {
    frame: Frame,
    id: String,
    version: i64,
    title: String,
    name: String,
    organization: String,
    specialty: String,
    npi: String,
    npi_tag: Tag,
    referrals: i64,
    changed: When,
    done: Option<&'static str>,
    /// The merge that led here, which can be undone at once.
    just_merged: Option<String>,
    merged_into: Option<Link>,
    /// The same person at other practices.
    elsewhere: Vec<Link>,
    contacts: Vec<ContactView>,
    kinds: Vec<(&'static str, &'static str)>,
    abilities: Vec<AbilityView>,
    merges: Vec<MergeView>,
    may_edit: bool,
}

struct Link {
    id: String,
    title: String,
}

struct MergeView {
    id: String,
    what: String,
    by: String,
    at: When,
    undone: Option<String>,
}

#[derive(Deserialize)]
pub struct Shown {
    merged: Option<String>,
    done: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<Shown>,
) -> Result<Response> {
    let (id, now) = (entry_id(&id)?, app.clock.now());
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let entry = store::directory::find(&mut tx, &id)
        .await?
        .ok_or_else(|| Error::not_found("entry of the directory"))?;
    let contacts = directory_contacts::of_entry(&mut tx, &id).await?;
    let merges = merges(&mut tx, &entry, &names, now).await?;
    let merged_into = match &entry.merged_into {
        Some(_) => store::directory::standing(&mut tx, &id)
            .await?
            .map(|entry| link(&entry)),
        None => None,
    };
    let just_merged = merges
        .iter()
        .find(|merge| query.merged.as_deref() == Some(merge.id.as_str()) && merge.undone.is_none());
    let may_edit = caller.may(Permission::EditDirectory, Resource::Installation);
    render(&EntryPage {
        frame: Frame::new(&app, &caller, Place::Directory),
        id: id.to_string(),
        version: entry.version,
        title: entry.title(),
        npi_tag: npi_tag(entry.npi.as_deref()),
        referrals: store::directory::count_referrals(&mut tx, &id).await?,
        changed: When::ago(entry.updated_at, now),
        done: query.done.as_deref().and_then(done),
        just_merged: just_merged.map(|merge| merge.id.clone()),
        elsewhere: elsewhere(&mut tx, &entry).await?,
        contacts: contacts
            .iter()
            .map(|contact| contact_view(contact, &entry, &names))
            .collect(),
        kinds: ContactKind::ALL
            .into_iter()
            .map(|kind| (kind.as_str(), kind.label()))
            .collect(),
        abilities: ability::views(&app, &mut tx, &contacts).await?,
        merges,
        may_edit: may_edit && merged_into.is_none(),
        merged_into,
        name: entry.name.unwrap_or_default(),
        organization: entry.organization.unwrap_or_default(),
        specialty: entry.specialty.unwrap_or_default(),
        npi: entry.npi.unwrap_or_default(),
    })
}

fn done(word: &str) -> Option<&'static str> {
    match word {
        "saved" => Some("Saved."),
        "undone" => Some("Undone: both entries are as they were, with their referrals."),
        _ => None,
    }
}

fn link(entry: &Entry) -> Link {
    Link {
        id: entry.id.to_string(),
        title: entry.title(),
    }
}

async fn elsewhere(tx: &mut Tx, entry: &Entry) -> store::Result<Vec<Link>> {
    let Some(npi) = &entry.npi else { return Ok(Vec::new()) };
    let mut same = store::directory::find_by_npi(tx, npi).await?;
    same.retain(|other| other.id != entry.id);
    Ok(same.iter().map(link).collect())
}

async fn merges(tx: &mut Tx, entry: &Entry, names: &Names, now: DateTime<Utc>) -> store::Result<Vec<MergeView>> {
    let mut views = Vec::new();
    for merge in directory_merges::of_entry(tx, &entry.id).await? {
        let other = if merge.survivor == entry.id {
            &merge.loser
        } else {
            &merge.survivor
        };
        let other = store::directory::find(tx, other).await?;
        let other = other.map(|other| other.title()).unwrap_or_default();
        views.push(merge_view(&merge, &other, entry, names, now));
    }
    Ok(views)
}

fn merge_view(merge: &Merge, other: &str, entry: &Entry, names: &Names, now: DateTime<Utc>) -> MergeView {
    MergeView {
        what: if merge.survivor == entry.id {
            format!("Took over {other}")
        } else {
            format!("Was merged into {other}")
        },
        by: names.of(&merge.merged_by),
        at: When::ago(merge.merged_at, now),
        undone: merge
            .undone_at
            .zip(merge.undone_by.as_ref())
            .map(|(at, by)| format!("Undone by {}, {}", names.of(by), When::ago(at, now).text)),
        id: merge.id.to_string(),
    }
}

#[derive(Deserialize)]
pub struct PersonForm {
    version: Option<i64>,
    name: Option<String>,
    organization: Option<String>,
    npi: Option<String>,
    specialty: Option<String>,
}

pub async fn edit(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<PersonForm>,
) -> Result<Redirect> {
    let id = entry_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let person = Person {
        name: form.name,
        organization: form.organization,
        npi: form.npi,
        specialty: form.specialty,
    };
    directory::edit(&app.db, &caller.actor, &id, version, person, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/directory/{id}?done=saved")))
}

#[derive(Deserialize)]
pub struct ContactForm {
    act: ContactAct,
    kind: ContactKind,
    value: String,
}

pub async fn contact(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<ContactForm>,
) -> Result<Redirect> {
    let id = entry_id(&id)?;
    let contact = (form.kind, form.value.as_str());
    change_contact(&app.db, &caller.actor, &id, form.act, contact, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/directory/{id}?done=saved")))
}

/// Two entries again.
pub async fn undo(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(merge): Path<String>,
) -> Result<Redirect> {
    let merge: MergeId = merge.parse().map_err(|_| Error::not_found("merge"))?;
    let undone = directory::undo(&app.db, &caller.actor, &merge, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/directory/{}?done=undone", undone.survivor)))
}
