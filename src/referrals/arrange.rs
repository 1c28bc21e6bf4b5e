//! People arrange pages: turn them, split and merge documents, put pages in order, say which are not ours. One function does it
//! all, in one transaction, and only before the release.

use super::act::{ActError, refused};
use super::claim::unclaimed;
use super::misdirected;
use super::record::{Remark, audit_denial, record, remark};
use crate::app::App;
use crate::domain::arrangement::{Arrangement, InvalidArrangement, Rearrangement};
use crate::domain::document::PageKind;
use crate::domain::ids::{DocumentId, ReferralId, TransmissionId};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource, authorize};
use crate::domain::referral::{Event, Referral, Status, StatusName};
use crate::jobs::{self, Lane, NewJob};
use crate::store::arrangements::{self, StoredArrangement};
use crate::store::audit::{self, Outcome};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Why a referral is rejected whose document became a part of another.
pub const MERGED: &str = "merged";
/// The job that reads the values of changed documents anew, by the name that `pipeline::extract` gives it.
const EXTRACT: &str = "extract";

#[derive(Debug, thiserror::Error)]
pub enum ArrangeError {
    #[error(transparent)]
    Act(#[from] ActError),
    #[error(transparent)]
    Invalid(#[from] InvalidArrangement),
    #[error("this referral is past its review; its pages stay as they are")]
    PastReview,
    #[error("another referral that holds these pages is past its review; its pages stay as they are")]
    OtherPastReview,
}

impl From<store::Error> for ArrangeError {
    fn from(error: store::Error) -> Self {
        Self::Act(error.into())
    }
}

/// What changes, all of it in one transaction.
struct Step<'a> {
    actor: &'a Actor,
    own: &'a Referral,
    change: &'a Rearrangement,
    before: &'a Arrangement,
    after: &'a Arrangement,
    version: u32,
    now: DateTime<Utc>,
}

/// Arranges the pages of a referral's document, or says why not. `expected` is the version of the arrangement that the caller saw:
/// what others write into fields meanwhile is no conflict.
pub async fn arrange(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u32>,
    change: &Rearrangement,
) -> Result<Referral, ArrangeError> {
    const ACTION: &str = "arrange";
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let found = store::referrals::find(&mut tx, id).await?;
    let resource = found.as_ref().map_or(Resource::Somewhere, Resource::from);
    if let Err(denied) = authorize(actor, Permission::CorrectFields, resource) {
        drop(tx);
        let denied = audit_denial(&app.db, actor, ACTION, id, denied, now).await?;
        return Err(ActError::from(denied).into());
    }
    let found = found.ok_or(ActError::NotFound)?;
    // First the transmission, then its referrals: two who arrange the same pages wait for each other in one order.
    arrangements::hold(&mut tx, &found.transmission).await?;
    let mut own = store::referrals::find_to_change(&mut tx, id)
        .await?
        .ok_or(ActError::NotFound)?;
    unclaimed(&mut tx, actor, &own, now).await?;
    let seen = own.version;
    if !own.status.name().is_before_release() {
        return Err(ArrangeError::PastReview);
    }
    let (version, before) = arrangements::in_force(&mut tx, &own.transmission).await?;
    if expected.is_some_and(|expected| expected != version) {
        return Err(ActError::Stale { current: seen }.into());
    }
    let after = arranged(&mut tx, &own, change, &before, now).await?;
    let step = Step {
        actor,
        own: &own.clone(),
        change,
        before: &before,
        after: &after,
        version: version + 1,
        now,
    };
    write(&mut tx, &step).await?;
    change_others(app, &mut tx, &step).await?;
    if after.pages_of(&own.document).is_empty() {
        // Only a revert takes all pages from a document that a split made.
        close_as_merged(app, &mut tx, &step, &mut own).await?;
        tx.commit().await?;
        return Ok(own);
    }
    let said = Remark {
        reason: Some(change.as_str().to_owned()),
        ..Remark::default()
    };
    remark(&mut tx, actor, &mut own, ACTION, said, now)
        .await
        .map_err(|error| refused(error, seen))?;
    tx.commit().await?;
    metrics::counter!("referloop_pages_arranged_total", "change" => change.as_str()).increment(1);
    Ok(own)
}

async fn arranged(
    tx: &mut Tx,
    own: &Referral,
    change: &Rearrangement,
    before: &Arrangement,
    now: DateTime<Utc>,
) -> Result<Arrangement, ArrangeError> {
    let pages = store::pages::of_transmission(tx, &own.transmission).await?;
    let is_blank = |page: &&store::pages::StoredPage| page.kind == PageKind::Blank;
    let blank: BTreeSet<u32> = pages.iter().filter(is_blank).map(|page| page.number).collect();
    if let Rearrangement::Ours { page } = change {
        let marked = store::misdirected::of_transmission(tx, &own.transmission).await?;
        if marked
            .iter()
            .any(|marked| marked.number == *page && marked.destroyed_at.is_some())
        {
            return Err(InvalidArrangement::Destroyed.into());
        }
    }
    let machine = arrangements::of_machine(tx, &own.transmission).await?;
    let fresh = DocumentId::new(now);
    Ok(before.after(&own.document, change, fresh, |number| blank.contains(&number), &machine)?)
}

/// The new arrangement, the document that a split made, what is to be read anew, and who did it.
async fn write(tx: &mut Tx, step: &Step<'_>) -> Result<(), ArrangeError> {
    let transmission = &step.own.transmission;
    let stored = StoredArrangement {
        version: step.version,
        change: step.change.as_str().to_owned(),
        arrangement: step.after.clone(),
        by: step.actor.reference(),
        at: step.now,
    };
    arrangements::put(tx, transmission, &stored).await?;
    for document in &step.after.documents {
        if step.before.document(&document.id).is_none() {
            arrangements::insert_split(tx, transmission, document, step.version, step.now).await?;
        } else if step.after.says_other_than(step.before, &document.id) {
            arrangements::set_changed(tx, &document.id, step.version).await?;
        }
    }
    match step.change {
        Rearrangement::NotOurs { page, reason } => {
            misdirected::mark(tx, step.actor, transmission, *page, *reason, step.now).await?;
        }
        Rearrangement::Ours { page } => store::misdirected::unmark(tx, transmission, *page).await?,
        _ => {}
    }
    if step
        .after
        .documents
        .iter()
        .any(|document| step.after.says_other_than(step.before, &document.id))
    {
        extract_soon(tx, transmission, step.now).await?;
    }
    let detail = serde_json::json!({
        "change": step.change.as_str(), "page": step.change.page(), "version": step.version, "referral": step.own.id,
    });
    let entry = audit::Entry {
        actor: step.actor,
        action: "arrange",
        resource_kind: "transmission",
        resource_id: transmission.as_str(),
        outcome: Outcome::Allowed,
        detail,
    };
    Ok(audit::insert(tx, &entry, step.now).await?)
}

async fn extract_soon(tx: &mut Tx, transmission: &TransmissionId, now: DateTime<Utc>) -> store::Result<()> {
    let job = NewJob {
        name: EXTRACT,
        lane: Lane::Quick,
        subject: transmission.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority: 0,
    };
    jobs::enqueue(tx, job, now).await
}

/// The other documents that gained or lost pages: their referrals must be before release too, close where nothing is left of them,
/// and come back where something is again.
async fn change_others(app: &App, tx: &mut Tx, step: &Step<'_>) -> Result<(), ArrangeError> {
    for document in &step.before.documents {
        if document.id == step.own.document {
            continue;
        }
        let now_empty = step.after.pages_of(&document.id).is_empty();
        let pages_moved = document.pages.is_empty() != now_empty;
        if !pages_moved && !step.after.says_other_than(step.before, &document.id) {
            continue;
        }
        match store::referrals::of_document(tx, &document.id).await? {
            Some(referral) => change_other(app, tx, step, &referral, now_empty).await?,
            // It was no referral, and is now a part of one: nobody needs to put it away.
            None if now_empty => {
                let by = step.actor.reference();
                store::documents::file(tx, &document.id, &by, step.now).await?;
            }
            None => {}
        }
    }
    Ok(())
}

async fn change_other(
    app: &App,
    tx: &mut Tx,
    step: &Step<'_>,
    id: &ReferralId,
    now_empty: bool,
) -> Result<(), ArrangeError> {
    const ACTION: &str = "arrange";
    let mut other = store::referrals::find_to_change(tx, id)
        .await?
        .ok_or(ActError::NotFound)?;
    unclaimed(tx, step.actor, &other, step.now).await?;
    let version = other.version;
    let was_merged = matches!(&other.status, Status::Rejected { reason } if reason == MERGED);
    if was_merged && !now_empty {
        // What was merged was not read any more.
        arrangements::set_changed(tx, &other.document, step.version).await?;
        extract_soon(tx, &other.transmission, step.now).await?;
        let said = Remark::default();
        let done = record(
            tx,
            &app.config.deadlines,
            step.actor,
            &mut other,
            &Event::Reopen,
            said,
            step.now,
        )
        .await;
        return Ok(done.map_err(|error| refused(error, version))?);
    }
    if other.status.name() == StatusName::Rejected {
        // Rejected by a person: its pages may go where they belong.
        return Ok(());
    }
    if !other.status.name().is_before_release() {
        return Err(ArrangeError::OtherPastReview);
    }
    if now_empty {
        return close_as_merged(app, tx, step, &mut other).await;
    }
    let said = Remark {
        reason: Some(step.change.as_str().to_owned()),
        ..Remark::default()
    };
    let done = remark(tx, step.actor, &mut other, ACTION, said, step.now).await;
    Ok(done.map_err(|error| refused(error, version))?)
}

/// Nothing is left of its document. Where its pages went is shown with it.
async fn close_as_merged(app: &App, tx: &mut Tx, step: &Step<'_>, referral: &mut Referral) -> Result<(), ArrangeError> {
    let version = referral.version;
    let event = Event::Reject {
        reason: MERGED.to_owned(),
    };
    let holder = step
        .before
        .pages_of(&referral.document)
        .first()
        .and_then(|page| step.after.holder(page.number));
    let into = match holder {
        Some(document) => store::referrals::of_document(tx, document).await?,
        None => None,
    };
    let said = Remark {
        reason: Some(MERGED.to_owned()),
        note: into.map(|into| format!("Its pages belong to {into} now.")),
        ..Remark::default()
    };
    record(tx, &app.config.deadlines, step.actor, referral, &event, said, step.now)
        .await
        .map_err(|error| refused(error, version))?;
    Ok(())
}
