//! The second stage: the original becomes upright pages with words, in sandboxed children.
//!
//! Each page is committed as it comes, so that the desk shows the first while the thirtieth is read, and so that a run that
//! was cut short is taken up where it stopped.

use super::{extract, original, receive, urgency};
use crate::app::App;
use crate::domain::document::PageKind;
use crate::domain::ids::TransmissionId;
use crate::domain::object::{ObjectKind, StoredObject};
use crate::domain::page::PageText;
use crate::domain::transmission::{QuarantineReason, Stage};
use crate::faults::{self, Point};
use crate::jobs::{self, Claim, JobError};
use crate::reading::{Event, ReadError, ReadPage, nothing_readable};
use crate::store;
use crate::store::pages::StoredPage;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// The job's name; its subject is the transmission.
pub const JOB: &str = "read";
/// After so many pages a document lets others go first, should any wait: a fax of 500 pages must not hold up one of two.
const TURN: u32 = 20;

pub async fn run(app: App, claim: Claim) -> Result<(), JobError> {
    let id: TransmissionId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    let Begun {
        original,
        arrived_at,
        done,
        mut place,
    } = begin(&app, &claim, &id).await?;
    let bytes = app.vault.get(&original).await?;
    let media_type = receive::media_type(&bytes).unwrap_or("application/octet-stream");
    let readable = original::readable(&app, bytes, arrived_at).await?;
    let bytes = readable.map_err(|reason| JobError::fail(reason_code(reason)))?;
    let done_before = done.len() as u32;
    let mut reading = app.reading.open(bytes.into(), done).map_err(|error| failed(&error))?;
    let (mut read, mut pages) = (0, 0);
    while let Some(event) = reading.next().await.map_err(|error| failed(&error))? {
        match event {
            Event::Opened { pages: found } => {
                pages = found;
                opened(&app, &claim, &id, media_type, pages).await?;
            }
            Event::Page(page) => {
                let text = page.text.clone();
                keep(&app, &claim, &id, *page).await?;
                read += 1;
                let rest = pages.saturating_sub(done_before + read);
                if place.after(&app, &claim, &text, rest).await?
                    || (read % TURN == 0 && let_others_go_first(&app, &claim).await?)
                {
                    return Ok(());
                }
            }
        }
    }
    finish(&app, &claim, &id).await
}

/// What a run starts from.
struct Begun {
    original: StoredObject,
    arrived_at: DateTime<Utc>,
    /// The pages that an earlier run has read.
    done: BTreeSet<u32>,
    place: Place,
}

async fn begin(app: &App, claim: &Claim, id: &TransmissionId) -> Result<Begun, JobError> {
    let mut tx = app.db.begin().await?;
    jobs::hold(&mut tx, claim).await?;
    let transmission = store::transmissions::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_transmission"))?;
    let original = store::objects::find(&mut tx, &transmission.object)
        .await?
        .ok_or_else(|| JobError::fail("no_object"))?;
    let done = store::pages::read_so_far(&mut tx, id).await?;
    store::transmissions::set_stage(&mut tx, id, Stage::Reading, None).await?;
    let priority = store::jobs::priority(&mut tx, claim).await?;
    tx.commit().await?;
    Ok(Begun {
        original,
        arrived_at: transmission.arrived_at,
        done: done.into_keys().collect(),
        place: Place { priority },
    })
}

/// The document's place among those that wait.
struct Place {
    priority: i64,
}

impl Place {
    /// Finds the place anew by what a page said. Tells whether the job was given back, since the rest of the pages can wait
    /// for the first pages of others.
    async fn after(&mut self, app: &App, claim: &Claim, page: &PageText, rest: u32) -> Result<bool, JobError> {
        if self.priority <= urgency::URGENT {
            return Ok(false);
        }
        if page.number <= urgency::PAGES_ASKED && urgency::is_said(app, page).await? {
            self.priority = urgency::URGENT;
            urgency::set(app, claim, self.priority).await?;
            metrics::counter!("referloop_urgent_documents_total", "seen" => "read").increment(1);
            return Ok(false);
        }
        if self.priority >= urgency::USUAL || rest == 0 {
            return Ok(false);
        }
        self.priority = urgency::USUAL;
        Ok(urgency::set(app, claim, self.priority).await? && give_back(app, claim).await?)
    }
}

async fn give_back(app: &App, claim: &Claim) -> Result<bool, JobError> {
    let mut tx = app.db.begin().await?;
    store::jobs::release(&mut tx, claim, app.clock.now()).await?;
    tx.commit().await?;
    Ok(true)
}

async fn opened(app: &App, claim: &Claim, id: &TransmissionId, media_type: &str, pages: u32) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    jobs::hold(&mut tx, claim).await?;
    store::transmissions::set_opened(&mut tx, id, media_type, pages).await?;
    tx.commit().await?;
    Ok(())
}

/// A child that died of the file may die of it again; what the file is will not change; what is ours may pass.
fn failed(error: &ReadError) -> JobError {
    let code = reason_code(error.reason);
    let cause = anyhow::anyhow!("{error}");
    if error.is_ours() {
        JobError::retry("reading_unavailable").because(cause)
    } else if error.is_crash() {
        JobError::crash(code).because(cause)
    } else {
        JobError::fail(code).because(cause)
    }
}

/// The reason as it stands in a job's row and comes back in the quarantine.
fn reason_code(reason: QuarantineReason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(code)) => code,
        _ => "processing_failed".to_owned(),
    }
}

/// Picture and words first, then the row that names them, if the job is still ours.
async fn keep(app: &App, claim: &Claim, id: &TransmissionId, page: ReadPage) -> Result<(), JobError> {
    let now = app.clock.now();
    let words = serde_json::to_vec(&page.text).map_err(|error| JobError::fail("words").because(error))?;
    let image = app.vault.put(ObjectKind::PageImage, &page.image_png, now).await;
    let image = image?;
    let words = app.vault.put(ObjectKind::PageWords, &words, now).await?;
    let text = page.text;
    let stored = StoredPage {
        transmission: id.clone(),
        number: text.number,
        kind: if text.blank { PageKind::Blank } else { PageKind::Other },
        rotation: text.rotation,
        blank: text.blank,
        text_source: text.text_source,
        width: text.width,
        height: text.height,
        image: image.id.clone(),
        words: words.id.clone(),
        unreadable: text.unreadable,
    };
    let mut tx = app.db.begin().await?;
    jobs::hold(&mut tx, claim).await?;
    store::objects::insert(&mut tx, &image).await?;
    store::objects::insert(&mut tx, &words).await?;
    store::pages::put(&mut tx, &stored).await?;
    faults::reach(Point::PageCommitting);
    tx.commit().await?;
    faults::reach(Point::PageCommitted);
    metrics::counter!("referloop_pages_read_total").increment(1);
    if stored.unreadable.is_some() {
        metrics::counter!("referloop_pages_unreadable_total").increment(1);
    }
    Ok(())
}

/// Gives the job back behind those that wait; it goes on with its next page when its turn comes.
async fn let_others_go_first(app: &App, claim: &Claim) -> Result<bool, JobError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let waited_for = store::jobs::is_waited_for(&mut tx, claim, now).await?;
    if waited_for {
        store::jobs::release(&mut tx, claim, now).await?;
        tx.commit().await?;
    }
    Ok(waited_for)
}

async fn finish(app: &App, claim: &Claim, id: &TransmissionId) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let pages = store::pages::read_so_far(&mut tx, id).await?;
    if let Some(error) = nothing_readable(pages.into_values()) {
        // Each page was tried as often as it is worth: no second run.
        return Err(JobError::fail(reason_code(error.reason)).because(error));
    }
    let priority = urgency::follow_up(store::jobs::priority(&mut tx, claim).await?);
    jobs::finish(&mut tx, claim).await?;
    store::transmissions::set_stage(&mut tx, id, Stage::Extracting, None).await?;
    enqueue_extraction(&mut tx, id, priority, now).await?;
    faults::reach(Point::ReadCommitting);
    tx.commit().await?;
    faults::reach(Point::ReadCommitted);
    Ok(())
}

async fn enqueue_extraction(
    tx: &mut store::Tx,
    id: &TransmissionId,
    priority: i64,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let job = jobs::NewJob {
        name: extract::JOB,
        lane: jobs::Lane::Quick,
        subject: id.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority,
    };
    jobs::enqueue(tx, job, now).await
}
