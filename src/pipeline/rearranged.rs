//! Extraction of documents whose pages a person arranged: only those that changed since their values were read.

use super::extract;
use crate::app::App;
use crate::domain::arrangement::ArrangedDocument;
use crate::domain::document::DocumentState;
use crate::domain::fields::ExtractedDocument;
use crate::domain::ids::{DocumentId, TransmissionId};
use crate::jobs::{self, Claim, JobError};
use crate::referrals::open::{NewReferral, open};
use crate::referrals::reread::reread;
use crate::store::arrangements::{self, StoredArrangement};
use crate::store::transmissions::Transmission;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;

pub async fn is_arranged(app: &App, id: &TransmissionId) -> Result<bool, JobError> {
    let mut tx = app.db.read().await?;
    Ok(arrangements::latest(&mut tx, id).await?.is_some())
}

pub async fn run(app: &App, claim: &Claim, id: &TransmissionId) -> Result<(), JobError> {
    let mut tx = app.db.read().await?;
    let latest = arrangements::latest(&mut tx, id).await?;
    let latest = latest.ok_or_else(|| JobError::fail("no_arrangement"))?;
    let changed = arrangements::to_extract(&mut tx, id).await?;
    drop(tx);
    let numbers: Vec<Vec<u32>> = changed.iter().map(|document| ours(&latest, document)).collect();
    let ours: BTreeSet<u32> = latest
        .arrangement
        .documents
        .iter()
        .flat_map(ArrangedDocument::ours)
        .collect();
    let pages = extract::pages_where(app, id, |number| ours.contains(&number)).await?;
    let rules = Arc::clone(&app.rules);
    let work = move || rules.extract_arranged(&pages, &numbers);
    let extracted = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| JobError::crash("extraction").because(error))?;
    finish(app, claim, id, &latest, changed.into_iter().zip(extracted).collect()).await
}

fn ours(latest: &StoredArrangement, document: &DocumentId) -> Vec<u32> {
    latest
        .arrangement
        .document(document)
        .map(ArrangedDocument::ours)
        .unwrap_or_default()
}

async fn finish(
    app: &App,
    claim: &Claim,
    id: &TransmissionId,
    seen: &StoredArrangement,
    extracted: Vec<(DocumentId, ExtractedDocument)>,
) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    arrangements::hold(&mut tx, id).await?;
    let latest = arrangements::latest(&mut tx, id).await?;
    let is_as_seen = |latest: &StoredArrangement| {
        let mut documents = extracted.iter().map(|(document, _)| document);
        documents.all(|document| ours(latest, document) == ours(seen, document))
    };
    let as_seen = latest.as_ref().is_some_and(is_as_seen);
    if !as_seen {
        // Other pages meanwhile, which asked for this job again.
        jobs::finish(&mut tx, claim).await?;
        return Ok(tx.commit().await?);
    }
    jobs::finish(&mut tx, claim).await?;
    let transmission = store::transmissions::find(&mut tx, id).await?;
    let transmission = transmission.ok_or_else(|| JobError::fail("no_transmission"))?;
    for (document, found) in &extracted {
        let is_empty = ours(seen, document).is_empty();
        write(
            app,
            &mut tx,
            &transmission,
            document,
            found,
            seen.version,
            is_empty,
            now,
        )
        .await?;
    }
    store::transmissions::set_stage(&mut tx, id, crate::domain::transmission::Stage::Done, None).await?;
    super::beside::release_waiting(&mut tx, id, now).await?;
    Ok(tx.commit().await?)
}

#[expect(clippy::too_many_arguments, reason = "one row with all that belongs to it")]
async fn write(
    app: &App,
    tx: &mut Tx,
    transmission: &Transmission,
    id: &DocumentId,
    found: &ExtractedDocument,
    version: u32,
    is_empty: bool,
    now: DateTime<Utc>,
) -> Result<(), JobError> {
    let stored = store::documents::find(tx, id).await?;
    let mut document = stored.ok_or_else(|| JobError::fail("no_document"))?;
    let referral = store::referrals::of_document(tx, id).await?;
    if !is_empty {
        document.kind = found.kind;
        document.template.clone_from(&found.template);
        document.rule_sets = Some(app.rules.version().to_owned());
        if referral.is_some() {
            document.state = DocumentState::NeedsReview;
        }
    }
    arrangements::set_extracted(tx, &document, version).await?;
    match referral {
        Some(referral) => reread(app, tx, &referral, found, now).await?,
        // A person made this document: it is theirs to look at, whatever it is.
        None if !is_empty && document.state == DocumentState::NeedsReview => {
            let new = NewReferral {
                document: id,
                transmission: &transmission.id,
                site: &transmission.site,
                details: &transmission.details,
                extracted: found,
                arrived_at: transmission.arrived_at,
            };
            open(app, tx, &new, now).await?;
        }
        None => {}
    }
    Ok(())
}
