//! What a gateway says it delivered, held against what is here. A webhook that never came leaves no trace of its own; this
//! finds it. What is missing becomes a gap that people see; where the carrier can be asked for the fax, it is fetched.

use super::receive::{ReceiveError, Received, receive};
use crate::app::App;
use crate::domain::gap::CloseReason;
use crate::domain::ids::{DoorId, GapId};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::site::SiteKey;
use crate::domain::transmission::TransmissionDetails;
use crate::doors;
use crate::doors::delivered::{Delivered, ListedFax};
use crate::doors::history::{Account, CarrierFax, History, HistoryError};
use crate::jobs::{self, JobError};
use crate::store::audit::{self, Outcome};
use crate::store::door_checks::ApiAccount;
use crate::store::doors::Door;
use crate::store::gaps::NewGap;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// The timer's name.
pub const ASK_CARRIERS: &str = "ask_carriers";

/// What holding a list against what is here has shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    pub listed: usize,
    pub held: usize,
    pub missing: usize,
    /// Of the missing, those that no list named before.
    pub new: usize,
    /// Entries without an id that could be looked for.
    pub unusable: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such gap")]
    NotFound,
    #[error("this gap was closed before")]
    Closed,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Notes what of the list is not here. A list that comes twice adds nothing.
pub async fn reconcile(
    app: &App,
    actor: &Actor,
    door: &DoorId,
    list: &Delivered,
) -> Result<Reconciled, ReconcileError> {
    authorize(actor, Permission::Intake, Resource::Somewhere)?;
    let mut found = Reconciled {
        listed: list.faxes.len() + list.unusable,
        unusable: list.unusable,
        ..Reconciled::default()
    };
    let missing = missing(app, door, list).await?;
    found.held = list.faxes.len() - missing.len();
    found.missing = missing.len();
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    for fax in missing {
        let new = NewGap {
            door,
            fax_id: &fax.fax_id,
            received_at: fax.received_at,
            due_at: due_at(app, fax, now),
        };
        if let Some(gap) = store::gaps::note(&mut tx, &new, now).await? {
            found.new += 1;
            tracing::warn!(door.id = %door, gap.id = %gap, due_at = %new.due_at, "a fax that the gateway says it delivered is not here");
        }
    }
    store::door_checks::set_checked(&mut tx, door, now).await?;
    audited(
        &mut tx,
        actor,
        "reconcile",
        ("door", door.as_str()),
        serde_json::json!(found),
        now,
    )
    .await?;
    tx.commit().await?;
    tracing::info!(door.id = %door, listed = found.listed, missing = found.missing, "a list of deliveries was checked");
    Ok(found)
}

async fn missing<'a>(app: &App, door: &DoorId, list: &'a Delivered) -> store::Result<Vec<&'a ListedFax>> {
    let mut missing = Vec::new();
    let mut tx = app.db.read().await?;
    for fax in &list.faxes {
        if !store::gaps::is_held(&mut tx, door, &fax.fax_id).await? {
            missing.push(fax);
        }
    }
    Ok(missing)
}

/// Until when the fax may be on its way. A gateway's clock that is ahead doesn't hide a gap for long.
fn due_at(app: &App, fax: &ListedFax, now: DateTime<Utc>) -> DateTime<Utc> {
    let delivered = fax.received_at.map_or(now, |at| at.min(now));
    (delivered + app.config.doors.grace()).max(now)
}

/// A person closes a gap, since its fax will not come by this door.
pub async fn close(app: &App, actor: &Actor, id: &GapId, reason: CloseReason) -> Result<(), ReconcileError> {
    authorize(actor, Permission::RetryQuarantined, Resource::Somewhere)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let gap = store::gaps::find(&mut tx, id).await?.ok_or(ReconcileError::NotFound)?;
    let site = store::sites::of_door(&mut tx, gap.door.as_str()).await?;
    authorize(actor, Permission::RetryQuarantined, Resource::Arrival { site: &site })?;
    if gap.transmission.is_some() || !store::gaps::close(&mut tx, id, &actor.reference(), reason, now).await? {
        return Err(ReconcileError::Closed);
    }
    let detail = serde_json::json!({ "reason": reason, "door": gap.door });
    audited(&mut tx, actor, "close_gap", ("delivery_gap", id.as_str()), detail, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn audited(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    (resource_kind, resource_id): (&str, &str),
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind,
        resource_id,
        outcome: Outcome::Allowed,
        detail,
    };
    audit::insert(tx, &entry, now).await
}

/// Has the carriers asked at once, as a service does that starts: it may have been away while webhooks came.
pub async fn ask_soon(app: &App) -> store::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let job = jobs::NewJob {
        name: ASK_CARRIERS,
        lane: jobs::Lane::Quick,
        subject: jobs::SCHEDULED,
        payload: serde_json::json!({}),
        due_at: now,
        priority: 0,
    };
    jobs::enqueue(&mut tx, job, now).await?;
    tx.commit().await
}

/// A door whose carrier can be asked, and how.
pub struct Askable {
    pub door: Door,
    history: &'static dyn History,
    /// None where nobody gave the carrier's API key: what this door loses is not seen.
    pub account: Option<ApiAccount>,
}

/// The open doors whose carriers have a list.
pub async fn askable(tx: &mut Tx) -> store::Result<Vec<Askable>> {
    let mut found = Vec::new();
    for door in store::doors::list(tx).await? {
        let history = doors::carrier(&door.kind).and_then(doors::Carrier::history);
        if let (Some(history), None) = (history, door.disabled_at) {
            let account = store::door_checks::account(tx, &door.id).await?;
            found.push(Askable { door, history, account });
        }
    }
    Ok(found)
}

/// Asks every carrier that can be asked. One that doesn't answer keeps no other from being asked.
pub async fn ask_carriers(app: App) -> Result<(), JobError> {
    let mut tx = app.db.read().await?;
    let doors = askable(&mut tx).await?;
    drop(tx);
    let mut outcome = Ok(());
    for one in doors {
        let Some(account) = &one.account else { continue };
        let account = Account {
            base: &account.base,
            key: &account.key,
        };
        if let Err(error) = ask(&app, &one.door, one.history, account).await {
            metrics::counter!("referloop_carrier_checks_failed_total").increment(1);
            tracing::error!(door.id = %one.door.id, error = &error as &dyn std::error::Error, "a carrier could not be asked what it delivered");
            outcome = Err(JobError::retry("carrier_not_asked").because(error));
        }
    }
    outcome
}

#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Holds the carrier's list against what is here, and fetches what should have come by now.
async fn ask(app: &App, door: &Door, history: &dyn History, account: Account<'_>) -> Result<(), AskError> {
    let since = app.clock.now() - app.config.doors.history();
    let delivered = history.delivered(account, since).await?;
    let list = Delivered {
        faxes: delivered.iter().map(|fax| fax.listed.clone()).collect(),
        unusable: 0,
    };
    if reconcile(app, &Actor::System, &door.id, &list).await?.missing == 0 {
        return Ok(());
    }
    for fax in delivered {
        let now = app.clock.now();
        let mut tx = app.db.read().await?;
        let held = store::gaps::is_held(&mut tx, &door.id, &fax.listed.fax_id).await?;
        drop(tx);
        // Its webhook may be on its way: the next turn looks again.
        if held || due_at(app, &fax.listed, now) > now {
            continue;
        }
        let document = history.document(account, &fax.listed.fax_id).await?;
        if let Some(received) = fetched(door, fax, document, now) {
            receive(app, received).await?;
            metrics::counter!("referloop_faxes_fetched_total").increment(1);
        }
    }
    Ok(())
}

/// The fax as its webhook would have brought it. A whole one whose file is gone stays a gap.
fn fetched(door: &Door, fax: CarrierFax, document: Option<Vec<u8>>, now: DateTime<Utc>) -> Option<Received> {
    if document.is_none() && fax.complete {
        return None;
    }
    Some(Received {
        site: SiteKey::main(),
        door: door.id.to_string(),
        actor: Actor::Door {
            name: door.name.clone(),
        },
        fax_id: fax.listed.fax_id,
        document: document.unwrap_or_default(),
        details: TransmissionDetails {
            partial: !fax.complete,
            ..TransmissionDetails::default()
        },
        partial: !fax.complete,
        malformed: false,
        received_at: fax.listed.received_at.unwrap_or(now),
    })
}
