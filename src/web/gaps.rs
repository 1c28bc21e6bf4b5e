//! On the desk: faxes that a gateway says it delivered and that are not here.

use super::AppState;
use super::desk::{DoorNames, door_name};
use super::error::{Error, Result};
use super::layout::When;
use crate::auth::Caller;
use crate::domain::access::Reach;
use crate::domain::gap::CloseReason;
use crate::pipeline::reconcile;
use crate::store::gaps::{self, Wanted};
use crate::store::{self, Tx};
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::{Extension, Form};
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub struct GapRow {
    pub id: String,
    pub fax_id: String,
    pub door: String,
    pub age: When,
}

/// The oldest first.
pub async fn rows(
    tx: &mut Tx,
    reach: &Reach,
    names: &DoorNames,
    now: DateTime<Utc>,
    limit: u32,
) -> store::Result<Vec<GapRow>> {
    let gaps = gaps::list(tx, Wanted::default(), reach, now, limit).await?;
    Ok(gaps
        .into_iter()
        .map(|gap| GapRow {
            age: When::ago(gap.since(), now),
            id: gap.id.to_string(),
            door: door_name(names, gap.door.as_str()),
            fax_id: gap.fax_id,
        })
        .collect())
}

#[derive(Deserialize)]
pub struct Closing {
    reason: CloseReason,
}

pub async fn close(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(closing): Form<Closing>,
) -> Result<Redirect> {
    let id = id.parse().map_err(|_| Error::not_found("gap"))?;
    reconcile::close(&app, &caller.actor, &id, closing.reason).await?;
    Ok(Redirect::to("/desk"))
}
