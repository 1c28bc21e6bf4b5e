//! On the desk: pages that are not ours, until somebody has told their sender.

use super::AppState;
use super::desk::{DoorNames, door_name, sender};
use super::error::{Error, Result};
use super::layout::When;
use crate::auth::Caller;
use crate::config::TimeZone;
use crate::domain::ids::TransmissionId;
use crate::domain::permission::{Permission, Resource};
use crate::referrals::misdirected::told;
use crate::store::misdirected::{self, MisdirectedPage};
use crate::store::{self, Tx, transmissions};
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::{Extension, Form};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

pub struct MisdirectedRow {
    /// The transmission's.
    pub id: String,
    pub pages: String,
    pub reason: &'static str,
    pub from: String,
    pub door: String,
    pub age: When,
    pub today: String,
}

pub async fn rows(
    tx: &mut Tx,
    caller: &Caller,
    names: &DoorNames,
    (now, zone): (DateTime<Utc>, TimeZone),
    limit: u32,
) -> store::Result<Vec<MisdirectedRow>> {
    let pages = misdirected::untold(tx, limit).await?;
    let mut rows = Vec::new();
    for together in pages.chunk_by(|a, b| a.transmission == b.transmission) {
        let Some(first) = together.first() else { continue };
        let Some(arrived) = transmissions::find(tx, &first.transmission).await? else {
            continue;
        };
        if !caller.may(Permission::ViewTransmissions, Resource::Arrival { site: &arrived.site }) {
            continue;
        }
        rows.push(MisdirectedRow {
            id: first.transmission.to_string(),
            pages: pages_text(together),
            reason: first.reason.label(),
            door: door_name(names, &arrived.door),
            from: sender(arrived.details),
            age: When::ago(first.marked_at, now),
            today: zone.today(now).to_string(),
        });
    }
    Ok(rows)
}

fn pages_text(pages: &[MisdirectedPage]) -> String {
    let numbers: Vec<String> = pages.iter().map(|page| page.number.to_string()).collect();
    format!(
        "{} {}",
        if numbers.len() == 1 { "Page" } else { "Pages" },
        numbers.join(", ")
    )
}

#[derive(Deserialize)]
pub struct Told {
    on: NaiveDate,
}

/// The original shows pages that are not ours, too: then only who may destroy them downloads it.
pub async fn may_have_original(tx: &mut Tx, caller: &Caller, id: &TransmissionId) -> Result<()> {
    let marked = misdirected::of_transmission(tx, id).await?;
    if marked.is_empty() || caller.may(Permission::DestroyDocuments, Resource::Installation) {
        return Ok(());
    }
    Err(Error::conflict(
        "Pages of this document are not ours. Take the PDF of the referral, or ask an administrator for the original.",
    ))
}

pub async fn tell(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<Told>,
) -> Result<Redirect> {
    let id: TransmissionId = id.parse().map_err(|_| Error::not_found("document"))?;
    told(&app, &caller.actor, &id, form.on.and_time(NaiveTime::MIN).and_utc()).await?;
    Ok(Redirect::to("/desk"))
}
