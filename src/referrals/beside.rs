//! What came with a referral or about it, and is no referral of its own: kept with it, or offered where it is not sure that it belongs.

use super::record::{RecordError, Remark, remark};
use crate::domain::decision::AnswerBasis;
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::domain::people::Actor;
use crate::store::answers::{self, Answer};
use crate::store::orders::OrderMessage;
use crate::store::{self, Tx, orders};
use chrono::{DateTime, Utc};

/// What arrived, and why it is thought to belong.
pub struct Arrived<'a> {
    pub transmission: &'a TransmissionId,
    pub basis: AnswerBasis,
    /// What the referral's initiator says of it.
    pub message: Option<&'a OrderMessage>,
}

/// Keeps it with the referral, once, within the caller's transaction. No status changes: a cancellation is a person's to confirm.
pub async fn take(tx: &mut Tx, id: &ReferralId, arrived: &Arrived<'_>, now: DateTime<Utc>) -> store::Result<()> {
    let attached = arrived.basis.is_enough_to_attach();
    let answer = Answer {
        transmission: arrived.transmission.clone(),
        referral: id.clone(),
        basis: arrived.basis,
        arrived_at: now,
        settled_at: attached.then_some(now),
        attached,
    };
    if !answers::insert(tx, &answer).await? || !attached {
        return Ok(());
    }
    if let Some(message) = arrived.message {
        orders::add_message(tx, message).await?;
    }
    let Some(mut referral) = store::referrals::find_to_change(tx, id).await? else {
        return Ok(());
    };
    let actor = &Actor::Door {
        name: "direct".to_owned(),
    };
    let written = match arrived.message {
        Some(_) => {
            remark(
                tx,
                actor,
                &mut referral,
                "receive_order_message",
                Remark::default(),
                now,
            )
            .await
        }
        None => remark(tx, actor, &mut referral, "attach_file", Remark::default(), now).await,
    };
    match written {
        Ok(()) => Ok(()),
        Err(RecordError::Store(error)) => Err(error),
        Err(RecordError::Invalid(_) | RecordError::Overtaken) => {
            unreachable!("the referral is held until the transaction ends, and nothing moves")
        }
    }
}
