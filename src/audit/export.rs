//! The audit log for those outside: FHIR AuditEvents. Whoever takes it away leaves a row in it.

use crate::app::App;
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::fhir::audit_event::{Act, Outcome, Source, audit_event};
use crate::store;
use crate::store::audit::{self, Entry, Row, Stretch};
use chrono::{DateTime, Utc};
use serde_json::Value;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// From when until when, `until` not included.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub since: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

impl Period {
    /// All until now, where nothing is said.
    pub fn new(since: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        Self {
            since: since.unwrap_or(DateTime::UNIX_EPOCH),
            until: until.unwrap_or(now),
        }
    }
}

/// Notes that `actor` takes a stretch of the log away. Comes before the first row is handed over.
pub async fn begin(app: &App, actor: &Actor, period: Period) -> Result<(), ExportError> {
    authorize(actor, Permission::ViewAudit, Resource::Installation)?;
    let entry = Entry {
        actor,
        action: "export_audit",
        resource_kind: "audit",
        resource_id: "log",
        outcome: audit::Outcome::Allowed,
        detail: serde_json::json!({ "since": period.since, "until": period.until }),
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// A page of the log, the oldest first.
pub async fn page(
    app: &App,
    period: Period,
    after: Option<&crate::domain::ids::AuditId>,
    limit: u32,
) -> store::Result<Vec<Row>> {
    let stretch = Stretch {
        since: period.since,
        until: period.until,
        after,
    };
    let mut tx = app.db.read().await?;
    audit::stretch(&mut tx, stretch, i64::from(limit)).await
}

/// A row as FHIR has it.
pub fn event(app: &App, row: &Row) -> Value {
    let detail = serde_json::from_str(&row.detail).unwrap_or_default();
    let act = Act {
        id: row.id.as_str(),
        at: row.at,
        actor: &row.actor,
        action: &row.action,
        resource_kind: &row.resource_kind,
        resource_id: &row.resource_id,
        outcome: match row.outcome {
            audit::Outcome::Allowed => Outcome::Allowed,
            audit::Outcome::Denied => Outcome::Denied,
            audit::Outcome::Failed => Outcome::Failed,
        },
        detail: &detail,
    };
    let host = app.config.desk.public_url.as_deref().and_then(host_of);
    let source = Source {
        tenant: app.keys.tenant.as_str(),
        host,
    };
    audit_event(&act, source)
}

fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}
