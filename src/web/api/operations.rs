//! For operators and their machines: is it alive, is it ready, how much is there.

use super::super::AppState;
use super::super::error::Result;
use crate::pipeline::reconcile;
use crate::store::{self, Tx};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

/// Longer than this, and a check counts as failed: who asks must get an answer.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);

/// The process answers. Says nothing of what it stands on, so that a broken database restarts no process.
pub async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

#[derive(Serialize)]
pub struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    ok: bool,
    reason: Option<String>,
}

impl Check {
    async fn of<E: std::fmt::Display>(name: &'static str, check: impl Future<Output = Result<(), E>>) -> Self {
        let reason = match tokio::time::timeout(CHECK_TIMEOUT, check).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("no answer in time".to_owned()),
        };
        if let Some(reason) = &reason {
            tracing::warn!(check = name, reason, "not ready");
        }
        Self {
            name,
            ok: reason.is_none(),
            reason,
        }
    }
}

/// Whether a fax could be made durable now, or why not.
pub async fn ready(State(app): State<AppState>) -> (StatusCode, Json<Value>) {
    let checks = [
        Check::of("database", app.db.check()).await,
        Check::of("vault", app.vault.check()).await,
        Check::of("disk", async { app.disks.check() }).await,
    ];
    let (status, word) = if checks.iter().all(|check| check.ok) {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
    };
    (status, Json(json!({ "status": word, "checks": checks })))
}

/// Prometheus text: counts and times, nothing of a patient.
pub async fn metrics(State(app): State<AppState>) -> Result<impl IntoResponse> {
    let mut tx = app.db.read().await?;
    for (stage, count) in store::transmissions::count_by_stage(&mut tx).await? {
        let stage = json!(stage).as_str().unwrap_or_default().to_owned();
        metrics::gauge!("referloop_transmissions", "stage" => stage).set(count as f64);
    }
    for (status, count) in store::referrals::count_by_status(&mut tx).await? {
        metrics::gauge!("referloop_referrals", "status" => status.as_str()).set(count as f64);
    }
    door_metrics(&mut tx, app.clock.now()).await?;
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        app.metrics.render(),
    ))
}

/// What the doors' gateways delivered and is not here, since when nobody checked, and which doors nobody can check.
async fn door_metrics(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    for door in store::gaps::standings(tx, now).await? {
        let id = door.door.to_string();
        metrics::gauge!("referloop_delivery_gaps", "door" => id.clone()).set(door.gaps as f64);
        if let Some(at) = door.checked_at {
            let seconds = (now - at).num_seconds().max(0);
            metrics::gauge!("referloop_delivery_check_age_seconds", "door" => id).set(seconds as f64);
        }
    }
    let unasked = reconcile::askable(tx).await?;
    let unasked = unasked.iter().filter(|door| door.account.is_none()).count();
    metrics::gauge!("referloop_carriers_without_api_key").set(unasked as f64);
    Ok(())
}
