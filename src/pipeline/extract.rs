//! The third stage: words become documents with fields, and documents that are referrals become tracked ones.

use super::beside::{Belonging, belonging, release_waiting};
use super::clinical::Clinical;
use super::{bind, original, rearranged, said, urgency};
use crate::app::App;
use crate::domain::document::DocumentState;
use crate::domain::fields::Extraction;
use crate::domain::ids::{DocumentId, TransmissionId};
use crate::domain::page::PageText;
use crate::domain::people::Actor;
use crate::domain::transmission::{SaidOfPatient, Stage};
use crate::faults::{self, Point};
use crate::jobs::{self, Claim, JobError};
use crate::referrals::open::{NewReferral, open};
use crate::store::documents::StoredDocument;
use crate::store::transmissions::Transmission;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// The job's name; its subject is the transmission.
pub const JOB: &str = "extract";

pub async fn run(app: App, claim: Claim) -> Result<(), JobError> {
    let id: TransmissionId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    if rearranged::is_arranged(&app, &id).await? {
        return rearranged::run(&app, &claim, &id).await;
    }
    let pages = pages(&app, &id).await?;
    let said = said_of_patient(&app, &id).await?;
    let prepared = original::prepared(&app, &id).await?;
    let rules = Arc::clone(&app.rules);
    // Pure, but a hundred dense pages keep a core busy for a moment.
    let work = move || {
        let Some(prepared) = prepared else {
            return (rules.extract(&pages), None);
        };
        let numbers: Vec<u32> = pages.iter().map(|page| page.number).collect();
        (prepared.extraction(&rules, &numbers), Some(prepared.clinical))
    };
    let (mut extraction, clinical) = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| JobError::crash("extraction").because(error))?;
    if let Some(said) = &said {
        said::hold_against(said, &mut extraction);
    }
    finish(&app, &claim, &id, &extraction, clinical.as_ref()).await
}

/// What the message that brought a transmission says of its patient.
async fn said_of_patient(app: &App, id: &TransmissionId) -> Result<Option<SaidOfPatient>, JobError> {
    let mut tx = app.db.read().await?;
    let transmission = store::transmissions::find(&mut tx, id).await?;
    Ok(transmission.and_then(|transmission| transmission.details.said))
}

/// The words of all pages that were read.
pub async fn pages(app: &App, id: &TransmissionId) -> Result<Vec<PageText>, JobError> {
    pages_where(app, id, |_| true).await
}

/// The words of those pages that are wanted.
pub(super) async fn pages_where(
    app: &App,
    id: &TransmissionId,
    wanted: impl Fn(u32) -> bool,
) -> Result<Vec<PageText>, JobError> {
    let mut objects = Vec::new();
    let mut tx = app.db.read().await?;
    let stored = store::pages::of_transmission(&mut tx, id).await?;
    for page in stored.into_iter().filter(|page| wanted(page.number)) {
        let object = store::objects::find(&mut tx, &page.words)
            .await?
            .ok_or_else(|| JobError::fail("no_object"))?;
        objects.push(object);
    }
    drop(tx);
    let mut pages = Vec::with_capacity(objects.len());
    for object in objects {
        let bytes = app.vault.get(&object).await?;
        let page = serde_json::from_slice(&bytes).map_err(|_| JobError::fail("page_words"))?;
        pages.push(page);
    }
    Ok(pages)
}

async fn finish(
    app: &App,
    claim: &Claim,
    id: &TransmissionId,
    extraction: &Extraction,
    clinical: Option<&Clinical>,
) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let priority = urgency::follow_up(store::jobs::priority(&mut tx, claim).await?);
    jobs::finish(&mut tx, claim).await?;
    let transmission = store::transmissions::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_transmission"))?;
    for page in &extraction.pages {
        store::pages::set_kind(&mut tx, id, page.number, page.kind).await?;
    }
    write_documents(app, &mut tx, &transmission, extraction, clinical, now).await?;
    store::transmissions::set_stage(&mut tx, id, Stage::Done, None).await?;
    release_waiting(&mut tx, id, now).await?;
    let job = jobs::NewJob {
        name: bind::JOB,
        lane: jobs::Lane::Quick,
        subject: id.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority,
    };
    jobs::enqueue(&mut tx, job, now).await?;
    faults::reach(Point::ExtractCommitting);
    tx.commit().await?;
    faults::reach(Point::ExtractCommitted);
    Ok(())
}

async fn write_documents(
    app: &App,
    tx: &mut Tx,
    transmission: &Transmission,
    extraction: &Extraction,
    clinical: Option<&Clinical>,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let belonging = belonging(tx, transmission, clinical, extraction, now).await?;
    let belongs = transmission.details.answers.is_some() || belonging.as_ref().is_some_and(Belonging::is_filed);
    let mut any_new = false;
    for (position, extracted) in (1..).zip(&extraction.documents) {
        let document = StoredDocument {
            id: DocumentId::new(now),
            transmission: transmission.id.clone(),
            position,
            kind: extracted.kind,
            pages: extracted.pages,
            state: extracted.state,
            template: extracted.template.clone(),
            rule_sets: Some(app.rules.version().to_owned()),
            bound: None,
            filed: None,
            created_at: now,
        };
        // A document that was made before has its referral, and a person may have worked on it.
        let is_new = store::documents::insert(tx, &document).await?;
        any_new |= is_new;
        if is_new && belongs {
            // It belongs to a referral that there is: nobody has to look for its place.
            store::documents::file(tx, &document.id, &Actor::System.reference(), now).await?;
        } else if is_new && extracted.state != DocumentState::NotAReferral {
            let new = NewReferral {
                document: &document.id,
                transmission: &transmission.id,
                site: &transmission.site,
                details: &transmission.details,
                extracted,
                arrived_at: transmission.arrived_at,
            };
            let referral = open(app, tx, &new, now).await?;
            if let Some(order) = clinical.and_then(Clinical::order) {
                // Where another referral has the number, the message is offered there besides.
                store::orders::insert(tx, &referral, &order, now).await?;
            }
        }
    }
    if let Some(belonging) = belonging.filter(|_| any_new) {
        belonging.keep(tx, transmission, now).await?;
    }
    Ok(())
}
