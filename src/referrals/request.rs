//! What a referrer is asked for: kept with the checklist as it was ticked, sent or handed over, and looked after until it arrives.

use super::act::{ActError, Obstacle, refused};
use super::claim::unclaimed;
use super::delivery::{by_hand, queue};
use super::permitted::find_to_change;
use super::record::{Remark, remark};
use crate::app::App;
use crate::domain::delivery::Purpose;
use crate::domain::ids::{ReferralId, RequestId};
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::{Action, EventName, InvalidTransition, Referral, StatusName};
use crate::store::requests::{Asked, InformationRequest};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// A request as it would stand, before it is made: for its preview.
pub fn draft(actor: &Actor, referral: &ReferralId, asked: Asked, now: DateTime<Utc>) -> InformationRequest {
    InformationRequest {
        id: RequestId::new(now),
        referral: referral.clone(),
        author: actor.reference(),
        asked,
        letter: None,
        created_at: now,
    }
}

/// Keeps what is asked, and sends it where it may go by Direct. Part of the act that moves the referral.
pub(super) async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    asked: &Asked,
    direct: bool,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if asked.items.is_empty() {
        return Err(Obstacle::NothingRequested.into());
    }
    let request = draft(actor, &referral.id, asked.clone(), now);
    store::requests::insert(tx, &request).await?;
    if direct {
        queue(app, tx, referral, Purpose::Request(request.id), now).await?;
    }
    Ok(())
}

/// A person brought the letter, and says how.
pub async fn deliver_by_hand(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    proof: String,
) -> Result<Referral, ActError> {
    const ACTION: &str = "deliver_request_by_hand";
    let now = app.clock.now();
    let (mut tx, mut referral) =
        find_to_change(app, actor, Permission::Act(Action::RequestInformation), ACTION, id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    if expected.is_some_and(|expected| expected != referral.version) {
        return Err(ActError::Stale {
            current: referral.version,
        });
    }
    let from = referral.status.name();
    if from != StatusName::InformationRequested {
        return Err(ActError::Invalid(InvalidTransition {
            from,
            event: EventName::DeliverByHand,
        }));
    }
    let mut requests = store::requests::of_referral(&mut tx, id).await?;
    let request = requests.pop().ok_or(Obstacle::NothingRequested)?;
    by_hand(&mut tx, &referral, Purpose::Request(request.id), proof, now).await?;
    let version = referral.version;
    remark(&mut tx, actor, &mut referral, ACTION, Remark::default(), now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await?;
    Ok(referral)
}

/// Whether the letter of a request can go by Direct now; what stands in the way otherwise.
pub async fn way(app: &App, tx: &mut Tx, referral: &Referral) -> Result<Result<String, Obstacle>, ActError> {
    match super::referrer::address_to_send_to(app, tx, referral, app.clock.now()).await {
        Ok(address) => Ok(Ok(address)),
        Err(ActError::NotPossible(obstacle)) => Ok(Err(obstacle)),
        Err(error) => Err(error),
    }
}
