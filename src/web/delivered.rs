//! `POST /intake/fax/{door}/delivered`: a gateway says what it delivered, and is told what of that is not here.

use super::AppState;
use super::error::{Error, Result};
use super::webhooks::{Intake, Judge, find_door};
use crate::domain::people::Actor;
use crate::doors::DoorRefusal;
use crate::pipeline::reconcile::{Reconciled, reconcile};
use axum::extract::{Path, Request, State};
use axum::{Extension, Json};

/// Proven as a fax is, and bounded as a fax is. A list is no document: one that can't be read is refused, not kept.
pub async fn list(
    State(app): State<AppState>,
    Extension(intake): Extension<Intake>,
    Path(path_key): Path<String>,
    request: Request,
) -> Result<Json<Reconciled>> {
    let door = find_door(&app, &path_key).await?;
    let (parts, body) = request.into_parts();
    let judge = Judge::new(door, parts.headers, app.clock.clone())?;
    judge.check_headers()?;
    let (body, _room) = intake.read(&judge.headers, body).await?;
    let (judge, outcome) = tokio::task::spawn_blocking(move || {
        let outcome = judge.delivered(&body);
        (judge, outcome)
    })
    .await
    .map_err(Error::internal)?;
    let delivered = outcome.map_err(|refusal| match refusal {
        DoorRefusal::Unauthenticated(_) => judge.refuse(refusal),
        DoorRefusal::Malformed(problem) | DoorRefusal::Ignored(problem) => {
            Error::invalid(format!("The list can't be used: {problem}."))
        }
    })?;
    let actor = Actor::Door {
        name: judge.door.name.clone(),
    };
    Ok(Json(reconcile(&app, &actor, &judge.door.id, &delivered).await?))
}
