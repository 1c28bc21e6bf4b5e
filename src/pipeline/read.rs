//! The second stage: the original becomes upright pages with words, in a sandboxed child.

use super::extract;
use crate::app::App;
use crate::domain::document::PageKind;
use crate::domain::ids::TransmissionId;
use crate::domain::object::{ObjectKind, StoredObject};
use crate::domain::transmission::{QuarantineReason, Stage};
use crate::jobs::{self, Claim, JobError};
use crate::reading::{ReadDocument, ReadError};
use crate::store;
use crate::store::pages::StoredPage;
use chrono::{DateTime, Utc};

/// The job's name; its subject is the transmission.
pub const JOB: &str = "read";

pub async fn run(app: App, claim: Claim) -> Result<(), JobError> {
    let id: TransmissionId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    let original = begin(&app, &id).await?;
    let bytes = app
        .vault
        .get(&original)
        .await
        .map_err(|error| JobError::retry("vault").because(error))?;
    let document = app.reading.read(&bytes).await.map_err(|error| failed(&error))?;
    drop(bytes);
    let media_type = document.media_type.mime();
    let pages = keep(&app, &id, document).await?;
    finish(&app, &claim, &id, media_type, &pages).await
}

async fn begin(app: &App, id: &TransmissionId) -> Result<StoredObject, JobError> {
    let mut tx = app.db.begin().await?;
    let transmission = store::transmissions::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_transmission"))?;
    let original = store::objects::find(&mut tx, &transmission.object)
        .await?
        .ok_or_else(|| JobError::fail("no_object"))?;
    store::transmissions::set_stage(&mut tx, id, Stage::Reading, None).await?;
    tx.commit().await?;
    Ok(original)
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

/// A page with the objects that hold its picture and its words.
type KeptPage = (StoredPage, StoredObject, StoredObject);

async fn keep(app: &App, id: &TransmissionId, document: ReadDocument) -> Result<Vec<KeptPage>, JobError> {
    let vault = |error| JobError::retry("vault").because(error);
    let now = app.clock.now();
    let mut kept = Vec::with_capacity(document.pages.len());
    for page in document.pages {
        let words = serde_json::to_vec(&page.text).map_err(|error| JobError::fail("words").because(error))?;
        let image = app
            .vault
            .put(ObjectKind::PageImage, &page.image_png, now)
            .await
            .map_err(vault)?;
        let words = app.vault.put(ObjectKind::PageWords, &words, now).await.map_err(vault)?;
        let stored = StoredPage {
            transmission: id.clone(),
            number: page.text.number,
            kind: if page.text.blank {
                PageKind::Blank
            } else {
                PageKind::Other
            },
            rotation: page.text.rotation,
            blank: page.text.blank,
            text_source: page.text.text_source,
            width: page.text.width,
            height: page.text.height,
            image: image.id.clone(),
            words: words.id.clone(),
        };
        kept.push((stored, image, words));
    }
    Ok(kept)
}

async fn finish(
    app: &App,
    claim: &Claim,
    id: &TransmissionId,
    media_type: &str,
    pages: &[KeptPage],
) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    jobs::finish(&mut tx, claim).await?;
    for (page, image, words) in pages {
        store::objects::insert(&mut tx, image).await?;
        store::objects::insert(&mut tx, words).await?;
        store::pages::put(&mut tx, page).await?;
    }
    store::transmissions::set_read(&mut tx, id, media_type, pages.len() as u32).await?;
    store::transmissions::set_stage(&mut tx, id, Stage::Extracting, None).await?;
    enqueue_extraction(&mut tx, id, now).await?;
    tx.commit().await?;
    metrics::counter!("referloop_pages_read_total").increment(pages.len() as u64);
    Ok(())
}

async fn enqueue_extraction(tx: &mut store::Tx, id: &TransmissionId, now: DateTime<Utc>) -> store::Result<()> {
    let job = jobs::NewJob {
        name: extract::JOB,
        lane: jobs::Lane::Quick,
        subject: id.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority: 0,
    };
    jobs::enqueue(tx, job, now).await
}
