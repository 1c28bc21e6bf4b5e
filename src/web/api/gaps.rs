//! `/api/v1/doors/{id}/gaps`: faxes that a gateway says it delivered and that are not here.

use super::super::AppState;
use super::super::error::{Error, Result};
use super::extract::{Json, Path, Query};
use super::page::{Page, Paging};
use crate::auth::Caller;
use crate::domain::gap::CloseReason;
use crate::domain::ids::{DoorId, GapId, TransmissionId};
use crate::domain::permission::Permission;
use crate::pipeline::reconcile;
use crate::store::gaps::{self, Gap, Wanted};
use axum::Extension;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum GapState {
    Open,
    /// The fax came late.
    Arrived,
    Closed,
}

#[derive(Serialize)]
pub struct GapView {
    id: GapId,
    door: DoorId,
    gateway_fax_id: String,
    /// By the gateway's clock.
    received_at: Option<DateTime<Utc>>,
    listed_at: DateTime<Utc>,
    state: GapState,
    transmission: Option<TransmissionId>,
    closed_at: Option<DateTime<Utc>>,
    closed_by: Option<String>,
    close_reason: Option<CloseReason>,
}

impl From<Gap> for GapView {
    fn from(gap: Gap) -> Self {
        let state = match (&gap.transmission, &gap.closed) {
            (Some(_), _) => GapState::Arrived,
            (None, Some(_)) => GapState::Closed,
            (None, None) => GapState::Open,
        };
        let (closed_at, closed_by, close_reason) = gap
            .closed
            .map_or((None, None, None), |c| (Some(c.at), Some(c.by), Some(c.reason)));
        Self {
            id: gap.id,
            door: gap.door,
            gateway_fax_id: gap.fax_id,
            received_at: gap.received_at,
            listed_at: gap.listed_at,
            state,
            transmission: gap.transmission,
            closed_at,
            closed_by,
            close_reason,
        }
    }
}

#[derive(Deserialize)]
pub struct Filter {
    /// Those too that were closed, or whose fax came since.
    #[serde(default)]
    ended: bool,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(door): Path<DoorId>,
    Query(paging): Query<Paging>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<Page<GapView>>> {
    let limit = paging.limit()?;
    let after = paging.after()?;
    let wanted = Wanted {
        door: Some(&door),
        ended: filter.ended,
        after: after.as_ref(),
    };
    let mut tx = app.db.read().await?;
    let found = gaps::list(
        &mut tx,
        wanted,
        &caller.reach(Permission::ViewTransmissions),
        app.clock.now(),
        limit + 1,
    )
    .await?;
    Ok(axum::Json(
        Page::cut(found, limit, |gap| gap.id.to_string()).map(GapView::from),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    reason: CloseReason,
}

pub async fn close(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((door, id)): Path<(DoorId, GapId)>,
    Json(closing): Json<Closing>,
) -> Result<axum::Json<GapView>> {
    let of_door = |gap: Option<Gap>| {
        gap.filter(|gap| gap.door == door)
            .ok_or_else(|| Error::not_found("gap"))
    };
    let mut tx = app.db.read().await?;
    of_door(gaps::find(&mut tx, &id).await?)?;
    drop(tx);
    reconcile::close(&app, &caller.actor, &id, closing.reason).await?;
    let mut tx = app.db.read().await?;
    Ok(axum::Json(of_door(gaps::find(&mut tx, &id).await?)?.into()))
}
