//! Documents that are no referrals: looked at once, then put away, or a referral after all.

use super::ROWS_MAX;
use super::senders::{door_name, door_names, sender};
use crate::auth::Caller;
use crate::domain::access::Reach;
use crate::domain::document::{DocumentKind, PageRange};
use crate::domain::ids::DocumentId;
use crate::referrals::file::{put_away, treat_as_referral};
use crate::store::{self, Tx, documents, transmissions};
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::layout::When;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Redirect;
use chrono::{DateTime, Utc};

pub struct OtherRow {
    /// The document's.
    pub id: String,
    pub transmission: String,
    pub kind: String,
    pub pages: String,
    pub from: String,
    pub door: String,
    pub age: When,
}

pub async fn rows(tx: &mut Tx, reach: &Reach, now: DateTime<Utc>) -> store::Result<Vec<OtherRow>> {
    let names = door_names(tx).await?;
    let mut rows = Vec::new();
    for document in documents::unfiled(tx, reach, ROWS_MAX).await? {
        let Some(arrived) = transmissions::find(tx, &document.transmission).await? else {
            continue;
        };
        let pages = match document.pages {
            PageRange { from, to } if from == to => format!("page {from}"),
            PageRange { from, to } => format!("pages {from}–{to}"),
        };
        rows.push(OtherRow {
            id: document.id.to_string(),
            transmission: document.transmission.to_string(),
            kind: kind_text(document.kind).to_owned(),
            pages,
            door: door_name(&names, &arrived.door),
            age: When::ago(arrived.arrived_at, now),
            from: sender(arrived.details),
        });
    }
    Ok(rows)
}

pub fn kind_text(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Referral => "Referral",
        DocumentKind::LabResult => "Lab result",
        DocumentKind::ConsultNote => "Consult note",
        DocumentKind::RecordsRequest => "Request for records",
        DocumentKind::Junk => "Junk",
        DocumentKind::Other => "Other document",
    }
}

fn document_id(text: &str) -> Result<DocumentId> {
    text.parse().map_err(|_| Error::not_found("document"))
}

/// A person has looked at a document that is no referral, and needs it no more.
pub async fn put_document_away(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Redirect> {
    put_away(&app, &caller.actor, &document_id(&id)?).await?;
    Ok(Redirect::to("/desk"))
}

/// It is a referral after all: a person types what the machine did not see.
pub async fn open_as_referral(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Redirect> {
    let referral = treat_as_referral(&app, &caller.actor, &document_id(&id)?).await?;
    Ok(Redirect::to(&format!("/desk/{referral}")))
}
