//! `/api/v1/directory`: referrers and partners.

use super::super::AppState;
use super::super::error::Result;
use super::extract::{Json, Query};
use super::page::{Page, Paging};
use crate::auth::Caller;
use crate::referrals::directory::{self, NewEntry};
use crate::store;
use crate::store::Tx;
use crate::store::directory::Entry;
use crate::store::directory_contacts::{self, Contact};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

/// An entry with all its numbers and addresses; its own are the preferred ones.
#[derive(Serialize)]
pub struct View {
    #[serde(flatten)]
    entry: Entry,
    contacts: Vec<Contact>,
}

impl View {
    async fn of(tx: &mut Tx, entry: Entry) -> store::Result<Self> {
        let contacts = directory_contacts::of_entry(tx, &entry.id).await?;
        Ok(Self { entry, contacts })
    }
}

pub async fn list(State(app): State<AppState>, Query(paging): Query<Paging>) -> Result<axum::Json<Page<View>>> {
    let limit = paging.limit()?;
    let mut tx = app.db.read().await?;
    let entries = store::directory::list(&mut tx, paging.after()?.as_ref(), limit + 1).await?;
    let mut views = Vec::with_capacity(entries.len());
    for entry in entries {
        views.push(View::of(&mut tx, entry).await?);
    }
    Ok(axum::Json(Page::cut(views, limit, |view| view.entry.id.to_string())))
}

pub async fn add(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewEntry>,
) -> Result<(StatusCode, axum::Json<View>)> {
    let added = directory::add(&app.db, &caller.actor, new, app.clock.now()).await?;
    let mut tx = app.db.read().await?;
    Ok((StatusCode::CREATED, axum::Json(View::of(&mut tx, added).await?)))
}
