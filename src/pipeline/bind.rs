//! The last stage: each document's pages become one searchable PDF, apart from those of other documents in the same fax.
//!
//! Faxes arrive as TIFF, and people want PDFs. Until it is there, or where the original can't be bound, the desk makes one
//! from the review images.

use super::{extract, original};
use crate::app::App;
use crate::domain::ids::{DocumentId, TransmissionId};
use crate::domain::object::{ObjectKind, StoredObject};
use crate::domain::page::{PageText, TextSource};
use crate::domain::transmission::QuarantineReason;
use crate::faults::{self, Point};
use crate::jobs::{self, Claim, JobError};
use crate::letters::searchable::{self, PageOfWords};
use crate::reading::binding::OrderedPage;
use crate::reading::{Pool, ReadError};
use crate::store;

/// The job's name; its subject is the transmission.
pub const JOB: &str = "bind";

pub async fn run(app: App, claim: Claim) -> Result<(), JobError> {
    let id: TransmissionId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    let mut tx = app.db.read().await?;
    let transmission = store::transmissions::find(&mut tx, &id).await?;
    let transmission = transmission.ok_or_else(|| JobError::fail("no_transmission"))?;
    let original = store::objects::find(&mut tx, &transmission.object).await?;
    let documents = store::documents::of_transmission(&mut tx, &id).await?;
    // What a person arranged is made from the pages when it is asked for: it may change again, and pages may be destroyed.
    let is_arranged = store::arrangements::latest(&mut tx, &id).await?.is_some();
    drop(tx);
    if is_arranged {
        return finish(&app, &claim, &[]).await;
    }
    let original = original.ok_or_else(|| JobError::fail("no_object"))?;
    let original = app.vault.get(&original).await?;
    let Ok(original) = original::readable(&app, original, transmission.arrived_at).await? else {
        // It was read before; its pages are there, and its PDF is made from them.
        return finish(&app, &claim, &[]).await;
    };
    let pages = extract::pages(&app, &id).await?;
    let mut bound = Vec::new();
    for document in documents.into_iter().filter(|document| document.bound.is_none()) {
        let own = pages.iter().filter(|page| document.pages.contains(page.number));
        let own: Vec<&PageText> = own.collect();
        match searchable_pdf(&app.reading, &original, pages.len() as u32, &own).await {
            Ok(pdf) => {
                let object = app.vault.put(ObjectKind::SearchablePdf, &pdf, app.clock.now()).await;
                bound.push((document.id, object?));
            }
            Err(error) if error.is_ours() => return Err(JobError::retry("reading_unavailable").because(error)),
            Err(error) => tracing::warn!(
                transmission.id = %id,
                reason = %error,
                "a document of `{id}` can't be bound from its original; its PDF is made from the page images instead"
            ),
        }
    }
    finish(&app, &claim, &bound).await
}

async fn finish(app: &App, claim: &Claim, bound: &[(DocumentId, StoredObject)]) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    jobs::finish(&mut tx, claim).await?;
    for (document, object) in bound {
        store::objects::insert(&mut tx, object).await?;
        store::documents::set_bound(&mut tx, document, &object.id).await?;
    }
    faults::reach(Point::BindCommitting);
    tx.commit().await?;
    faults::reach(Point::BindCommitted);
    Ok(())
}

/// These pages of an original as a PDF, the words laid over them. Done in the reading child, since it opens the original.
pub async fn searchable_pdf(
    pool: &Pool,
    original: &[u8],
    pages_of_original: u32,
    pages: &[&PageText],
) -> Result<Vec<u8>, ReadError> {
    let of_words: Vec<PageOfWords<'_>> = pages
        .iter()
        .map(|page| PageOfWords {
            width: page.width,
            height: page.height,
            words: &page.words,
        })
        .collect();
    let words = searchable::render_words(&of_words).map_err(|error| ReadError {
        reason: QuarantineReason::ProcessingFailed,
        detail: error.to_string(),
    })?;
    let ordered = pages.iter().map(|page| OrderedPage {
        number: page.number,
        rotation: page.rotation,
        with_words: page.text_source == TextSource::Ocr,
    });
    pool.bind(ordered.collect(), pages_of_original, &words, original).await
}
