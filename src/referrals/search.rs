//! Looking for patients: a person who asks, and referrals that may be about the same patient.

use crate::app::App;
use crate::domain::ids::ReferralId;
use crate::domain::patient::Patient;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Referral;
use crate::store::audit::{self, Outcome};
use crate::store::search::{self, Breadth};
use crate::store::{self, Tx};
use std::collections::BTreeMap;

/// Less than this, and somebody else is meant.
const FIT_MIN: f64 = 0.6;
/// More than these nobody looks through: they ask for more of the patient instead.
const FOUND_MAX: usize = 50;

/// A referral that may be the one that is looked for.
#[derive(Clone, Debug)]
pub struct Found {
    pub referral: Referral,
    /// How much of what was asked fits, 0 to 1.
    pub fit: f64,
}

/// The referrals of a patient, the best fit first, then the newest. Leaves one row in the audit log, with what was found and by
/// what kind of question. What the actor may not see is not found.
pub async fn search(app: &App, actor: &Actor, asked: &Patient) -> store::Result<Vec<Found>> {
    let mut tx = app.db.read().await?;
    let candidates = search::candidates(&mut tx, asked, Breadth::Wide).await?;
    let found = best(&mut tx, actor, asked, candidates).await?;
    drop(tx);
    let ids: Vec<_> = found.iter().map(|found| found.referral.id.as_str()).collect();
    let entry = audit::Entry {
        actor,
        action: "search",
        resource_kind: "list",
        resource_id: "referrals",
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "by": asked.kinds(), "referrals": ids }),
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    Ok(found)
}

/// Other referrals that may be about the same patient as this one, as far as the actor may see them.
pub async fn similar(tx: &mut Tx, actor: &Actor, id: &ReferralId) -> store::Result<Vec<Found>> {
    let values = store::fields::current(tx, id).await?;
    let patient = super::values::patient(&values);
    let mut candidates = search::candidates(tx, &patient, Breadth::Near).await?;
    candidates.remove(id);
    best(tx, actor, &patient, candidates).await
}

async fn best(
    tx: &mut Tx,
    actor: &Actor,
    asked: &Patient,
    candidates: BTreeMap<ReferralId, Patient>,
) -> store::Result<Vec<Found>> {
    let fits = candidates.into_iter().map(|(id, patient)| (asked.fits(&patient), id));
    let mut fitting: Vec<_> = fits.filter(|(fit, _)| *fit >= FIT_MIN).collect();
    fitting.sort_by(|(one, first), (other, second)| other.total_cmp(one).then_with(|| second.cmp(first)));
    fitting.truncate(FOUND_MAX);
    let mut found = Vec::with_capacity(fitting.len());
    for (fit, id) in fitting {
        if let Some(referral) = store::referrals::find(tx, &id).await?
            && authorize(actor, Permission::ViewReferrals, (&referral).into()).is_ok()
        {
            found.push(Found { referral, fit });
        }
    }
    Ok(found)
}
