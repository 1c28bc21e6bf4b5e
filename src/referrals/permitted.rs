//! The beginning of every change of one referral: found, locked, and allowed to whoever asks, at the place where it stands.

use super::act::ActError;
use super::record::audit_denial;
use crate::app::App;
use crate::domain::ids::{DocumentId, ReferralId, TransmissionId};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::referral::Referral;
use crate::store::{self, Tx, sites};
use chrono::{DateTime, Utc};

/// The change's transaction with the locked referral. A refusal is written to the audit log as one of `action`. Who has the
/// permission nowhere learns not even whether the referral exists, and to a program of other sites it does not.
pub(super) async fn find_to_change(
    app: &App,
    actor: &Actor,
    permission: Permission,
    action: &'static str,
    id: &ReferralId,
    now: DateTime<Utc>,
) -> Result<(Tx, Referral), ActError> {
    let mut tx = app.db.begin().await?;
    let found = store::referrals::find_to_change(&mut tx, id).await?;
    let resource = found.as_ref().map_or(Resource::Somewhere, Resource::from);
    if let Err(denied) = authorize(actor, permission, resource) {
        drop(tx);
        let denied = audit_denial(&app.db, actor, action, id, denied, now).await?;
        let hidden = actor.is_bound_program() && authorize(actor, permission, Resource::Somewhere).is_ok();
        return Err(if hidden { ActError::NotFound } else { denied.into() });
    }
    let referral = found.ok_or(ActError::NotFound)?;
    Ok((tx, referral))
}

/// Whether something that is no referral may be worked on at the site where it arrived.
pub(super) async fn arrival(
    tx: &mut Tx,
    actor: &Actor,
    permission: Permission,
    id: &TransmissionId,
) -> store::Result<Result<(), Denied>> {
    let site = sites::of_transmission(tx, id).await?;
    Ok(at(actor, permission, site.as_ref()))
}

/// As [`arrival`], of one document in it.
pub(super) async fn document(
    tx: &mut Tx,
    actor: &Actor,
    permission: Permission,
    id: &DocumentId,
) -> Result<(), ActError> {
    let site = sites::of_document(tx, id).await?;
    Ok(at(actor, permission, site.as_ref())?)
}

fn at(actor: &Actor, permission: Permission, site: Option<&crate::domain::site::SiteKey>) -> Result<(), Denied> {
    let resource = site.map_or(Resource::Somewhere, |site| Resource::Arrival { site });
    authorize(actor, permission, resource)
}
