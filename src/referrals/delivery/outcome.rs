//! What becomes of a note that was sent: the one place where a delivery changes, and where its end moves the referral.

use super::ability::ability_of;
use crate::app::App;
use crate::domain::ability::Confirms;
use crate::domain::delivery::DeliveryState;
use crate::domain::ids::DeliveryId;
use crate::domain::people::Actor;
use crate::domain::referral::{Event, Status};
use crate::jobs::JobError;
use crate::referrals::directory::delivered;
use crate::referrals::record::{RecordError, Remark, record};
use crate::store::deliveries::Delivery;
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};

const BATCH: u32 = 100;

/// What becomes of a delivery.
pub(super) struct Change<'a> {
    state: DeliveryState,
    /// A code.
    error: Option<&'a str>,
    proof: Option<String>,
    /// Nobody waits for another word about it.
    given_up: bool,
}

impl<'a> Change<'a> {
    pub(super) fn to(state: DeliveryState) -> Self {
        Self {
            state,
            error: None,
            proof: None,
            given_up: false,
        }
    }

    pub(super) fn because(self, error: &'a str) -> Self {
        Self {
            error: Some(error),
            ..self
        }
    }

    pub(super) fn proven_by(self, proof: String) -> Self {
        Self {
            proof: Some(proof),
            ..self
        }
    }

    fn given_up(self) -> Self {
        Self { given_up: true, ..self }
    }
}

pub(super) async fn settle(app: &App, id: &DeliveryId, change_to: Change<'_>) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    if let Some(delivery) = store::deliveries::find_to_change(&mut tx, id).await? {
        change(app, &mut tx, delivery, change_to).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The one place where a delivery changes, and where its end moves the referral.
pub(super) async fn change(app: &App, tx: &mut Tx, mut delivery: Delivery, changed: Change<'_>) -> store::Result<()> {
    if delivery.ended_at.is_some() {
        // The first final word counts; a late or second one changes nothing.
        return Ok(());
    }
    let now = app.clock.now();
    // The partner's word came before our own server's: it was taken, whatever became of the connection.
    let of_the_sending = matches!(changed.state, DeliveryState::Submitted | DeliveryState::Uncertain);
    let overtaken = delivery.processed_at.is_some() && of_the_sending && !changed.given_up;
    if !overtaken {
        delivery.state = changed.state;
        delivery.error = changed.error.map(str::to_owned);
    }
    match changed.state {
        // Timers run from the send: from when it was taken, as far as we know.
        DeliveryState::Submitted => delivery.submitted_at = Some(now),
        DeliveryState::Processed => delivery.processed_at = Some(now),
        DeliveryState::Dispatched => delivery.dispatched_at = Some(now),
        DeliveryState::Queued | DeliveryState::DeliveredByHand | DeliveryState::Failed | DeliveryState::Uncertain => {}
    }
    delivery.proof = changed.proof.or(delivery.proof);
    let is_all = delivery.state == DeliveryState::Processed && processed_is_all(app, tx, &delivery).await?;
    let end = end(delivery.state, is_all || changed.given_up);
    delivery.ended_at = end.is_some().then_some(now);
    store::deliveries::save(tx, &delivery).await?;
    metrics::counter!("referloop_deliveries_total", "state" => delivery.state.as_str()).increment(1);
    tracing::info!(delivery.id = %delivery.id, state = delivery.state.as_str(), "delivery `{}` changed", delivery.id);
    match end {
        Some(End::Arrived) => {
            confirmed(app, tx, &delivery, now).await?;
            if delivery.state == DeliveryState::Dispatched {
                delivered(tx, &delivery, now).await?;
            }
            Ok(())
        }
        Some(End::Missed) => failed(app, tx, &delivery, now).await,
        None => Ok(()),
    }
}

/// How a delivery's wait is over.
enum End {
    Arrived,
    /// It failed, or nobody will ever say: a person has to do something.
    Missed,
}

/// `no_more` is said of what will not be followed by another word.
fn end(state: DeliveryState, no_more: bool) -> Option<End> {
    match state {
        DeliveryState::Dispatched | DeliveryState::DeliveredByHand => Some(End::Arrived),
        DeliveryState::Processed if no_more => Some(End::Arrived),
        DeliveryState::Failed => Some(End::Missed),
        DeliveryState::Uncertain if no_more => Some(End::Missed),
        DeliveryState::Queued | DeliveryState::Submitted | DeliveryState::Processed | DeliveryState::Uncertain => None,
    }
}

/// Whether this partner never sends more than `processed`.
async fn processed_is_all(app: &App, tx: &mut Tx, delivery: &Delivery) -> store::Result<bool> {
    let address = delivery.address.as_deref().unwrap_or_default();
    Ok(ability_of(app, tx, address).await?.confirms == Confirms::Processed)
}

async fn confirmed(app: &App, tx: &mut Tx, delivery: &Delivery, now: DateTime<Utc>) -> store::Result<()> {
    follow(
        app,
        tx,
        delivery,
        &Event::DeliveryConfirmed {
            delivery: delivery.id.clone(),
        },
        now,
    )
    .await
}

async fn failed(app: &App, tx: &mut Tx, delivery: &Delivery, now: DateTime<Utc>) -> store::Result<()> {
    follow(app, tx, delivery, &Event::DeliveryFailed, now).await
}

/// Moves the referral if it waits for this very delivery: a newer note or attempt is not touched by an older one's end.
async fn follow(app: &App, tx: &mut Tx, delivery: &Delivery, event: &Event, now: DateTime<Utc>) -> store::Result<()> {
    let Some(mut referral) = store::referrals::find_to_change(tx, &delivery.referral).await? else {
        return Ok(());
    };
    let waits = matches!(&referral.status, Status::NoteSent { delivery: awaited, .. } if *awaited == delivery.id);
    if !waits {
        return Ok(());
    }
    let said = Remark {
        reason: delivery.error.clone(),
        ..Remark::default()
    };
    match record(
        tx,
        &app.config.deadlines,
        &Actor::System,
        &mut referral,
        event,
        said,
        now,
    )
    .await
    {
        Ok(()) => Ok(()),
        Err(RecordError::Store(error)) => Err(error),
        Err(RecordError::Invalid(_) | RecordError::Overtaken) => {
            unreachable!("the referral is locked, and waits for this delivery")
        }
    }
}

/// Notes that nobody confirmed in time go before a person, each once. Runs as a timer.
pub async fn watch_deliveries(app: App) -> Result<(), JobError> {
    let now = app.clock.now();
    let waits = &app.config.direct;
    let within = |minutes: u32| now - TimeDelta::minutes(i64::from(minutes));
    let (processed, dispatched) = (
        within(waits.processed_within_minutes),
        within(waits.dispatched_within_minutes),
    );
    let mut tx = app.db.read().await?;
    let overdue = store::deliveries::overdue(&mut tx, processed, dispatched, BATCH).await?;
    drop(tx);
    for id in overdue {
        give_up_waiting(&app, &id).await?;
    }
    Ok(())
}

async fn give_up_waiting(app: &App, id: &DeliveryId) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    if let Some(delivery) = store::deliveries::find_to_change(&mut tx, id).await? {
        let silence = if delivery.processed_at.is_none() {
            "no_processed"
        } else {
            "no_dispatched"
        };
        // Where the connection broke, that stays the reason: nobody knows whether anything was sent at all.
        let error = delivery.error.clone().unwrap_or_else(|| silence.to_owned());
        let changed = Change::to(DeliveryState::Uncertain).because(&error).given_up();
        change(app, &mut tx, delivery, changed).await?;
    }
    tx.commit().await?;
    Ok(())
}
