//! The first stage: bytes become durable, once each. Only when this has returned may anybody be told that they arrived.

use super::{clinical, read, urgency};
use crate::app::App;
use crate::crypto::mac::sha256;
use crate::direct::message::is_tnef;
use crate::disk::DiskError;
use crate::domain::ids::{ObjectId, TransmissionId};
use crate::domain::object::ObjectKind;
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::site::SiteKey;
use crate::domain::transmission::{QuarantineReason, Stage, TransmissionDetails};
use crate::faults::{self, Point};
use crate::jobs::{self, JobError};
use crate::reading::{MediaType, sniff};
use crate::store::audit::{self, Outcome};
use crate::store::transmissions::{Inserted, Transmission};
use crate::store::{self, Tx};
use crate::vault::VaultError;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::time::{Duration, Instant};

/// What a door hands over.
#[derive(Debug)]
pub struct Received {
    /// The door's id, or `upload`, `upload:SITE`, `cli`, `direct`.
    pub door: String,
    /// Where it belongs, unless its door says so.
    pub site: SiteKey,
    pub actor: Actor,
    /// Unique within the door: whatever comes twice under it is the same fax.
    pub fax_id: String,
    pub document: Vec<u8>,
    pub details: TransmissionDetails,
    /// The gateway says that the fax broke off, or that nothing came through.
    pub partial: bool,
    /// An authentic request that could not be parsed; `document` is its raw body.
    pub malformed: bool,
    pub received_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiveStatus {
    Accepted,
    /// The same bytes under the same id were here before.
    Duplicate,
    /// Other bytes under a known id: the first count, the others are kept as evidence.
    Conflict,
}

impl ReceiveStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiveOutcome {
    pub transmission: TransmissionId,
    pub status: ReceiveStatus,
}

/// How often, and with which pauses, the database is asked whether a commit happened, before the sender is told to try again.
const LOOKS: u32 = 3;
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// What becomes of a document that is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// It is read.
    Read,
    /// It waits until another one of its message has opened the referral that both belong to.
    Wait,
    /// A person looks at it first.
    Hold(QuarantineReason),
}

/// Nothing was acknowledged: the sender keeps its copy and tries again.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<ReceiveError> for JobError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Denied(_) => Self::fail("denied").because(error),
            ReceiveError::Disk(_) => Self::outage("disk").because(error),
            ReceiveError::Vault(error) => error.into(),
            ReceiveError::Store(error) => error.into(),
        }
    }
}

/// Tells operators where the time of an acknowledgement goes.
#[derive(Debug)]
pub struct Steps(Instant);

impl Steps {
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// The time since the step before.
    pub fn end(&mut self, step: &'static str) {
        let now = Instant::now();
        metrics::histogram!("referloop_receive_seconds", "step" => step).record(now - self.0);
        self.0 = now;
    }
}

/// Makes a document durable: bytes first, then row, first job and audit row in one commit.
pub async fn receive(app: &App, received: Received) -> Result<ReceiveOutcome, ReceiveError> {
    receive_for(app, received, Course::Read).await
}

/// As [`receive`], for one of several files of a message.
pub(super) async fn receive_for(app: &App, received: Received, course: Course) -> Result<ReceiveOutcome, ReceiveError> {
    authorize(&received.actor, Permission::Intake, Resource::Somewhere)?;
    let mut steps = Steps::begin();
    let sha256 = hex::encode(sha256(&received.document));
    // A gateway repeats itself for days: what is here already costs one look.
    let known = known(app, &received).await?;
    steps.end("look");
    if let Some(known) = known
        && known.sha256 == sha256
    {
        return Ok(ReceiveOutcome {
            transmission: known.id,
            status: ReceiveStatus::Duplicate,
        });
    }
    match write(app, &received, course, &sha256, &mut steps).await {
        Ok(outcome) => Ok(outcome),
        // The connection was lost at the commit: the key says whether it happened.
        Err(ReceiveError::Store(error @ store::Error::OutcomeUnknown)) => {
            match known_once_it_is_back(app, &received).await? {
                Some(known) if known.sha256 == sha256 => Ok(ReceiveOutcome {
                    transmission: known.id,
                    status: ReceiveStatus::Accepted,
                }),
                _ => Err(error.into()),
            }
        }
        Err(error) => Err(error),
    }
}

async fn known(app: &App, received: &Received) -> store::Result<Option<Transmission>> {
    let mut tx = app.db.read_once().await?;
    store::transmissions::find_by_fax_id(&mut tx, &received.door, &received.fax_id).await
}

/// As [`known`], while the database may still be on its way back.
async fn known_once_it_is_back(app: &App, received: &Received) -> store::Result<Option<Transmission>> {
    for _ in 1..LOOKS {
        match known(app, received).await {
            Err(error) if error.is_outage() => tokio::time::sleep(BETWEEN_LOOKS).await,
            found => return found,
        }
    }
    known(app, received).await
}

async fn write(
    app: &App,
    received: &Received,
    course: Course,
    sha256: &str,
    steps: &mut Steps,
) -> Result<ReceiveOutcome, ReceiveError> {
    app.disks.check()?;
    let now = app.clock.now();
    let kind = if received.malformed {
        ObjectKind::RawRequest
    } else {
        ObjectKind::Original
    };
    let object = app.vault.put(kind, &received.document, now).await?;
    steps.end("store");
    let mut tx = app.db.begin().await?;
    steps.end("turn");
    store::objects::insert(&mut tx, &object).await?;
    let new = transmission(received, course, sha256, &object.id, now);
    let reason = new.reason;
    let outcome = match store::transmissions::insert(&mut tx, &new).await? {
        Inserted::New => {
            if reason.is_none() && course != Course::Wait {
                enqueue_reading(&mut tx, &new.id, &new.details, now).await?;
            }
            ReceiveOutcome {
                transmission: new.id,
                status: ReceiveStatus::Accepted,
            }
        }
        Inserted::Known => {
            let first = store::transmissions::find_by_fax_id(&mut tx, &received.door, &received.fax_id)
                .await?
                .ok_or_else(|| store::Error::inconsistent("transmission", new.id.as_str(), "fax_id_index"))?;
            if first.sha256 == sha256 {
                return Ok(ReceiveOutcome {
                    transmission: first.id,
                    status: ReceiveStatus::Duplicate,
                });
            }
            store::transmissions::add_conflict(&mut tx, &first.id, sha256, &object.id, now).await?;
            tracing::warn!(transmission.id = %first.id, "other bytes came under the fax id of `{}`", first.id);
            ReceiveOutcome {
                transmission: first.id,
                status: ReceiveStatus::Conflict,
            }
        }
    };
    audited(&mut tx, &received.actor, &outcome, now).await?;
    faults::reach(Point::IntakeCommitting);
    steps.end("rows");
    tx.commit().await?;
    steps.end("commit");
    faults::reach(Point::IntakeCommitted);
    Ok(outcome)
}

/// The row of what was received, as it stands when nothing has been done with it.
fn transmission(
    received: &Received,
    course: Course,
    sha256: &str,
    object: &ObjectId,
    now: DateTime<Utc>,
) -> Transmission {
    let media_type = media_type(&received.document);
    let held = match course {
        Course::Hold(reason) => Some(reason),
        Course::Read | Course::Wait => None,
    };
    let reason = set_aside_at_once(received, media_type.is_some()).or(held);
    Transmission {
        id: TransmissionId::new(now),
        door: received.door.clone(),
        site: received.site.clone(),
        fax_id: received.fax_id.clone(),
        sha256: sha256.to_owned(),
        bytes: received.document.len() as u64,
        object: object.clone(),
        media_type: media_type.map(str::to_owned),
        details: received.details.clone(),
        pages: None,
        pages_read: 0,
        pages_unreadable: 0,
        stage: if reason.is_some() {
            Stage::Quarantined
        } else {
            Stage::Stored
        },
        reason,
        conflicts: 0,
        received_at: received.received_at,
        arrived_at: now,
    }
}

/// What the content is, of what can be read. Data before pages: a package may hold a PDF near its beginning.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let data = clinical::sniff(bytes).map(clinical::Form::mime);
    data.or_else(|| sniff(bytes).map(MediaType::mime))
}

/// What no reading can help.
fn set_aside_at_once(received: &Received, is_document: bool) -> Option<QuarantineReason> {
    if received.malformed {
        Some(QuarantineReason::MalformedRequest)
    } else if received.partial {
        Some(QuarantineReason::Partial)
    } else if received.document.is_empty() {
        Some(QuarantineReason::NoPages)
    } else if is_document {
        None
    } else if is_tnef(&received.document) {
        Some(QuarantineReason::WinmailDat)
    } else {
        Some(QuarantineReason::NotADocument)
    }
}

/// Asks for a transmission to be read.
pub(super) async fn enqueue_reading(
    tx: &mut Tx,
    id: &TransmissionId,
    details: &TransmissionDetails,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let job = jobs::NewJob {
        name: read::JOB,
        lane: jobs::Lane::Read,
        subject: id.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority: if details.urgent {
            urgency::URGENT
        } else {
            urgency::FIRST_PAGE
        },
    };
    jobs::enqueue(tx, job, now).await
}

async fn audited(tx: &mut Tx, actor: &Actor, outcome: &ReceiveOutcome, now: DateTime<Utc>) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action: "receive",
        resource_kind: "transmission",
        resource_id: outcome.transmission.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "status": outcome.status }),
    };
    audit::insert(tx, &entry, now).await
}
