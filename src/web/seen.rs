//! Who saw what: every look at patients' data leaves a row in the audit log, a list one row with its ids.

use super::AppState;
use crate::auth::Caller;
use crate::store::{
    self,
    audit::{self, Outcome},
};

pub async fn one(app: &AppState, caller: &Caller, kind: &str, id: &str) -> store::Result<()> {
    record(app, caller, kind, id, serde_json::json!({})).await
}

/// A list that refreshes itself shows the same person the same things: only its opening counts.
pub async fn list(app: &AppState, caller: &Caller, name: &str, ids: Vec<String>, refreshed: bool) -> store::Result<()> {
    if refreshed || ids.is_empty() {
        return Ok(());
    }
    record(app, caller, "list", name, serde_json::json!({ "referrals": ids })).await
}

async fn record(app: &AppState, caller: &Caller, kind: &str, id: &str, detail: serde_json::Value) -> store::Result<()> {
    let mut detail = detail;
    if let Some(emergency) = &caller.emergency {
        detail["emergency"] = serde_json::json!(emergency.id);
    }
    let entry = audit::Entry {
        actor: &caller.actor,
        action: "view",
        resource_kind: kind,
        resource_id: id,
        outcome: Outcome::Allowed,
        detail,
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await
}
