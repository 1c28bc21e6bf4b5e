//! For operators and their machines: is it alive, is it ready, how much is there.

use super::super::AppState;
use super::super::error::Result;
use crate::domain::referral::StatusName;
use crate::domain::transmission::Stage;
use crate::pipeline::reconcile;
use crate::store::{self, Tx, referrals, transmissions};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Longer than this, and a check counts as failed: who asks must get an answer.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);
const ENDED_COUNTED_EVERY: TimeDelta = TimeDelta::minutes(1);

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

/// What is done and ended, as it was counted last. A million of them take a tenth of a second, and nobody acts on them.
#[derive(Clone, Debug, Default)]
pub struct CountedLast(Arc<Mutex<Option<Ended>>>);

#[derive(Clone, Debug)]
struct Ended {
    at: DateTime<Utc>,
    transmissions: i64,
    referrals: Vec<(StatusName, i64)>,
}

impl CountedLast {
    /// Who asks meanwhile waits for the same count.
    async fn as_of(&self, tx: &mut Tx, now: DateTime<Utc>) -> store::Result<Ended> {
        let mut last = self.0.lock().await;
        // Also anew where the clock was set back.
        if let Some(ended) = &*last
            && (now - ended.at).abs() < ENDED_COUNTED_EVERY
        {
            return Ok(ended.clone());
        }
        let ended = Ended {
            at: now,
            transmissions: transmissions::count_done(tx).await?,
            referrals: referrals::count_ended(tx).await?,
        };
        Ok(last.insert(ended).clone())
    }
}

/// Prometheus text: counts and times, nothing of a patient. What is open is counted now, the rest at most a minute ago.
pub async fn metrics(
    State(app): State<AppState>,
    Extension(counted_last): Extension<CountedLast>,
) -> Result<impl IntoResponse> {
    let mut tx = app.db.read().await?;
    let ended = counted_last.as_of(&mut tx, app.clock.now()).await?;
    let mut stages: BTreeMap<_, _> = Stage::ALL.map(|stage| (stage.as_str(), 0)).into();
    stages.insert(Stage::Done.as_str(), ended.transmissions);
    let open = transmissions::count_open(&mut tx).await?;
    stages.extend(open.into_iter().map(|(stage, count)| (stage.as_str(), count)));
    for (stage, count) in stages {
        metrics::gauge!("referloop_transmissions", "stage" => stage).set(count as f64);
    }
    // One that holds none any more is told as 0, not with its last number.
    let mut statuses: BTreeMap<_, _> = StatusName::ALL.map(|status| (status.as_str(), 0)).into();
    let counted = ended.referrals.into_iter().chain(referrals::count_open(&mut tx).await?);
    statuses.extend(counted.map(|(status, count)| (status.as_str(), count)));
    for (status, count) in statuses {
        metrics::gauge!("referloop_referrals", "status" => status).set(count as f64);
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
