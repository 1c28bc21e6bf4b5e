//! A letter enters its way: by Direct, or in somebody's hand.

use super::{SEND_NOTE, message_id};
use crate::app::App;
use crate::domain::delivery::{Channel, DeliveryState, Purpose};
use crate::domain::ids::DeliveryId;
use crate::domain::referral::Referral;
use crate::jobs;
use crate::referrals::act::{ActError, Obstacle};
use crate::referrals::referrer;
use crate::store::deliveries::Delivery;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// Commits the attempt before anything is sent, so that a crash can never send a letter that nobody knows of.
pub async fn queue(
    app: &App,
    tx: &mut Tx,
    referral: &Referral,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<DeliveryId, ActError> {
    let address = referrer::address_to_send_to(app, tx, referral, now).await?;
    let id = DeliveryId::new(now);
    let delivery = Delivery {
        message_id: Some(message_id(app, &id)),
        id: id.clone(),
        referral: referral.id.clone(),
        purpose,
        channel: Channel::Direct,
        state: DeliveryState::Queued,
        address: Some(address),
        error: None,
        proof: None,
        form: None,
        handed_over: None,
        created_at: now,
        submitted_at: None,
        processed_at: None,
        dispatched_at: None,
        ended_at: None,
    };
    store::deliveries::insert(tx, &delivery).await?;
    let job = jobs::NewJob {
        name: SEND_NOTE,
        lane: jobs::Lane::Quick,
        subject: id.as_str(),
        payload: serde_json::json!({}),
        due_at: now,
        priority: 0,
    };
    jobs::enqueue(tx, job, now).await?;
    Ok(id)
}

/// Records that a letter was handed over, with what proves it.
pub async fn by_hand(
    tx: &mut Tx,
    referral: &Referral,
    purpose: Purpose,
    proof: String,
    now: DateTime<Utc>,
) -> Result<DeliveryId, ActError> {
    if proof.trim().is_empty() {
        return Err(Obstacle::NoProof.into());
    }
    let delivery = Delivery {
        id: DeliveryId::new(now),
        referral: referral.id.clone(),
        purpose,
        channel: Channel::ByHand,
        state: DeliveryState::DeliveredByHand,
        address: None,
        message_id: None,
        error: None,
        proof: Some(proof),
        form: None,
        handed_over: None,
        created_at: now,
        submitted_at: None,
        processed_at: None,
        dispatched_at: None,
        ended_at: Some(now),
    };
    store::deliveries::insert(tx, &delivery).await?;
    Ok(delivery.id)
}
