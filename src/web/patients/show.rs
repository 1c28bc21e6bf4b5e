//! One patient of the register: referrals, what is known, who may be the same, and what was made one.

use super::CandidateView;
use crate::auth::Caller;
use crate::domain::ids::{PatientId, PatientMergeId, ReferralId};
use crate::domain::matching::{IdentifierKind, Sex};
use crate::domain::permission::{Permission, Resource};
use crate::domain::register::{Basis, Description};
use crate::referrals::register;
use crate::store::patient_merges::{self, Merge};
use crate::store::{Tx, patient_links, patients, referrals};
use crate::web::error::{Error, Result};
use crate::web::fields::Names;
use crate::web::layout::{Frame, Place, Tag, When, filters, full_time, render};
use crate::web::loaded::Heading;
use crate::web::{AppState, seen};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The newest; nobody was referred more often.
const REFERRALS_MAX: u32 = 50;

#[derive(Template)]
#[template(path = "web/patients/patient.html")]
struct PatientPage {
    frame: Frame,
    id: String,
    name: String,
    birth_date: String,
    merged_into: Option<String>,
    referrals: Vec<ReferralRow>,
    candidates: Vec<CandidateView>,
    descriptions: Vec<DescriptionView>,
    merges: Vec<MergeView>,
    may_merge: bool,
}

struct ReferralRow {
    id: String,
    specialty: String,
    status: Tag,
    referrer: String,
    age: When,
    linked: &'static str,
}

struct DescriptionView {
    facts: Vec<Fact>,
}

struct Fact {
    label: &'static str,
    value: String,
}

struct MergeView {
    id: String,
    what: &'static str,
    /// The record on the other side.
    other: String,
    with: String,
    who: String,
    at: When,
    undone: String,
    /// This patient took the other in: here it is taken back.
    mine: bool,
}

fn patient_id(text: &str) -> Result<PatientId> {
    text.parse().map_err(|_| Error::not_found("patient"))
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = patient_id(&id)?;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let found = patients::find(&mut tx, &id).await?;
    let patient = found.ok_or_else(|| Error::not_found("patient"))?;
    let names = Names::load(&mut tx).await?;
    let linked = patients::referrals_of(&mut tx, &id, REFERRALS_MAX).await?;
    let rows = rows(&mut tx, &caller, linked, &names, now).await?;
    let merges = patient_merges::of_patient(&mut tx, &id).await?;
    let similar = if patient.merged_into.is_none() {
        register::similar(&mut tx, &id).await?
    } else {
        Vec::new()
    };
    drop(tx);
    seen::one(&app, &caller, "patient", id.as_str()).await?;
    let born = patient.record.descriptions.iter().find_map(|one| one.person.birth_date);
    render(&PatientPage {
        frame: Frame::new(&app, &caller, Place::Work),
        name: patient.record.name().to_owned(),
        birth_date: born.map_or_else(|| "on a date not known".to_owned(), |date| date.to_string()),
        merged_into: patient.merged_into.map(|into| into.to_string()),
        referrals: rows,
        candidates: similar.iter().map(|one| CandidateView::of(one, false)).collect(),
        descriptions: patient.record.descriptions.iter().map(described).collect(),
        merges: merges.iter().map(|merge| merge_view(merge, &id, &names, now)).collect(),
        may_merge: caller.may(Permission::MergePatients, Resource::Installation),
        id: id.to_string(),
    })
}

async fn rows(
    tx: &mut Tx,
    caller: &Caller,
    linked: Vec<ReferralId>,
    names: &Names,
    now: DateTime<Utc>,
) -> Result<Vec<ReferralRow>> {
    let mut rows = Vec::new();
    for id in linked {
        let Some(referral) = referrals::find(tx, &id).await? else {
            continue;
        };
        if !caller.may(Permission::ViewReferrals, &referral) {
            continue;
        }
        let link = patient_links::latest(tx, &id).await?;
        let heading = Heading::load(tx, referral, names).await?;
        rows.push(ReferralRow {
            id: id.to_string(),
            status: heading.status(),
            age: heading.age(now),
            linked: link.map_or("", |link| basis_text(link.basis)),
            specialty: if heading.specialty.is_empty() {
                "Specialty not read".to_owned()
            } else {
                heading.specialty
            },
            referrer: heading.referrer,
        });
    }
    Ok(rows)
}

fn basis_text(basis: Basis) -> &'static str {
    match basis {
        Basis::Matched => "matched",
        Basis::New => "first of this patient",
        Basis::Person => "by a person",
        Basis::PersonNew => "by a person, as new",
        Basis::Merge => "with another patient",
        Basis::Undo => "taken back",
    }
}

fn described(description: &Description) -> DescriptionView {
    let person = &description.person;
    let sex = person.sex.map(|sex| match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    });
    let numbers = |kind| {
        let of_kind = person.identifiers.iter().filter(|number| number.kind == kind);
        of_kind
            .map(|number| number.value.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let facts = [
        ("Name", description.name.clone()),
        ("Sex", sex.unwrap_or_default().to_owned()),
        ("Phone", person.phones.join(", ")),
        ("Address", description.address.clone()),
        ("Record number", numbers(IdentifierKind::RecordNumber)),
        ("Member id", numbers(IdentifierKind::MemberId)),
    ];
    let shown = facts.into_iter().filter(|(_, value)| !value.is_empty());
    DescriptionView {
        facts: shown.map(|(label, value)| Fact { label, value }).collect(),
    }
}

fn merge_view(merge: &Merge, here: &PatientId, names: &Names, now: DateTime<Utc>) -> MergeView {
    let mine = merge.survivor == *here;
    MergeView {
        id: merge.id.to_string(),
        what: if mine { "Took in" } else { "Went into" },
        other: if mine { &merge.loser } else { &merge.survivor }.to_string(),
        with: match merge.moved.len() {
            1 => "1 referral".to_owned(),
            count => format!("{count} referrals"),
        },
        who: names.of(&merge.merged_by),
        at: When::ago(merge.merged_at, now),
        undone: merge.undone.as_ref().map_or_else(String::new, |(by, at)| {
            format!("Taken back by {}, {}", names.of(by), full_time(*at))
        }),
        mine,
    }
}

#[derive(Deserialize)]
pub struct OtherForm {
    other: String,
}

pub async fn merge(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<OtherForm>,
) -> Result<Redirect> {
    let (id, other) = (patient_id(&id)?, patient_id(&form.other)?);
    register::merge(&app, &caller.actor, &id, &other).await?;
    Ok(Redirect::to(&format!("/patients/{id}")))
}

pub async fn apart(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<OtherForm>,
) -> Result<Redirect> {
    let (id, other) = (patient_id(&id)?, patient_id(&form.other)?);
    register::apart(&app, &caller.actor, &id, &other).await?;
    Ok(Redirect::to(&format!("/patients/{id}")))
}

#[derive(Deserialize)]
pub struct UndoForm {
    merge: String,
}

pub async fn undo(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<UndoForm>,
) -> Result<Redirect> {
    let merge: PatientMergeId = form.merge.parse().map_err(|_| Error::not_found("merge"))?;
    register::undo(&app, &caller.actor, &merge).await?;
    Ok(Redirect::to(&format!("/patients/{}", patient_id(&id)?)))
}
