//! `/api/v1/doors`: the ways in, and opening one. Secrets are shown once, by the answer that makes them.

use super::super::AppState;
use super::super::error::{Error, Result};
use super::extract::Json;
use super::page::Page;
use crate::auth::Caller;
use crate::auth::doors::{self, DoorError, NewDoor, OpenedDoor};
use crate::domain::ids::DoorId;
use crate::domain::permission::{Permission, Resource};
use crate::store;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;

#[derive(Serialize)]
pub struct DoorView {
    id: DoorId,
    name: String,
    kind: String,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
}

impl From<store::doors::Door> for DoorView {
    fn from(door: store::doors::Door) -> Self {
        Self {
            id: door.id,
            name: door.name,
            kind: door.kind,
            created_at: door.created_at,
            disabled_at: door.disabled_at,
        }
    }
}

/// Doors are the installation's, whatever site each brings in for.
fn may_manage(caller: &Caller) -> Result<()> {
    if caller.may(Permission::ManageDoors, Resource::Installation) {
        Ok(())
    } else {
        Err(Error::forbidden())
    }
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
) -> Result<axum::Json<Page<DoorView>>> {
    may_manage(&caller)?;
    let mut tx = app.db.read().await?;
    let doors = store::doors::list(&mut tx).await?;
    Ok(axum::Json(Page::all(doors.into_iter().map(DoorView::from).collect())))
}

pub async fn add(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewDoor>,
) -> Result<(StatusCode, axum::Json<OpenedDoor>)> {
    may_manage(&caller)?;
    let opened = doors::add(&app.db, &caller.actor, new, app.clock.now())
        .await
        .map_err(|error| match error {
            DoorError::Taken => Error::conflict(error.to_string()),
            DoorError::Name | DoorError::Kind(_) | DoorError::PublicBase | DoorError::Secret => {
                Error::invalid(error.to_string())
            }
            DoorError::Store(error) => error.into(),
        })?;
    Ok((StatusCode::CREATED, axum::Json(opened)))
}
