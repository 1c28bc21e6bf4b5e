//! What becomes of a note that was sent: the one place where a delivery changes, and where its end moves the referral.

use crate::app::App;
use crate::direct::address::Address;
use crate::direct::mdn::{self, Report};
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

/// Final delivery takes up to an hour as a rule; after a day somebody should call.
const ANSWER_AWAITED: TimeDelta = TimeDelta::hours(24);

const BATCH: u32 = 100;

pub(super) async fn settle(
    app: &App,
    id: &DeliveryId,
    state: DeliveryState,
    error: Option<&str>,
    proof: Option<String>,
) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    if let Some(delivery) = store::deliveries::find(&mut tx, id).await? {
        change(app, &mut tx, delivery, state, error, proof).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A report of the partner about a note of ours, already verified and bound to its sender. Gives the delivery that it
/// was about; `None` where it is about nothing that we sent to this partner.
pub async fn report(
    app: &App,
    tx: &mut Tx,
    message: &crate::direct::incoming::Message,
    report: &Report,
) -> store::Result<Option<DeliveryId>> {
    for original in report.original_ids() {
        let Some(delivery) = store::deliveries::find_by_message_id(tx, original).await? else {
            continue;
        };
        let recipient: Option<Address> = delivery.address.as_deref().and_then(|address| address.parse().ok());
        if !recipient.is_some_and(|recipient| message.may_report_on(&recipient)) {
            continue;
        }
        let id = delivery.id.clone();
        let proof = format!(
            "{} reported by {}, {}",
            event_word(&report.event),
            message.sender,
            message.message_id
        );
        match &report.event {
            mdn::Event::Processed => {
                change(app, tx, delivery, DeliveryState::Processed, None, Some(proof)).await?;
            }
            mdn::Event::Dispatched => {
                change(app, tx, delivery, DeliveryState::Dispatched, None, Some(proof)).await?;
            }
            mdn::Event::Failed => {
                change(
                    app,
                    tx,
                    delivery,
                    DeliveryState::Failed,
                    Some("partner_reports_failure"),
                    Some(proof),
                )
                .await?;
            }
            mdn::Event::Other(_) => {}
        }
        return Ok(Some(id));
    }
    Ok(None)
}

fn event_word(event: &mdn::Event) -> &str {
    match event {
        mdn::Event::Processed => "processed",
        mdn::Event::Dispatched => "dispatched",
        mdn::Event::Failed => "failed",
        mdn::Event::Other(word) => word,
    }
}

/// The one place where a delivery changes, and where its end moves the referral.
pub(super) async fn change(
    app: &App,
    tx: &mut Tx,
    mut delivery: Delivery,
    state: DeliveryState,
    error: Option<&str>,
    proof: Option<String>,
) -> store::Result<()> {
    if delivery.state.is_ended() {
        // The first final word counts; a late or second one changes nothing.
        return Ok(());
    }
    let now = app.clock.now();
    let overtaken = state == DeliveryState::Submitted && delivery.state == DeliveryState::Processed;
    if !overtaken {
        delivery.state = state;
    }
    match state {
        DeliveryState::Submitted => delivery.submitted_at = Some(now),
        DeliveryState::Processed => delivery.processed_at = Some(now),
        DeliveryState::Dispatched => delivery.dispatched_at = Some(now),
        DeliveryState::Queued | DeliveryState::DeliveredByHand | DeliveryState::Failed | DeliveryState::Uncertain => {}
    }
    delivery.error = error.map(str::to_owned);
    delivery.proof = proof.or(delivery.proof);
    delivery.ended_at = delivery.state.is_ended().then_some(now);
    store::deliveries::save(tx, &delivery).await?;
    metrics::counter!("referloop_deliveries_total", "state" => delivery.state.as_str()).increment(1);
    tracing::info!(delivery.id = %delivery.id, state = delivery.state.as_str(), "delivery `{}` changed", delivery.id);
    match delivery.state {
        DeliveryState::Dispatched => {
            confirmed(app, tx, &delivery, now).await?;
            delivered(tx, &delivery, now).await
        }
        DeliveryState::Processed if processed_is_all(app, &delivery) => confirmed(app, tx, &delivery, now).await,
        DeliveryState::Failed => failed(app, tx, &delivery, now).await,
        DeliveryState::Queued
        | DeliveryState::Submitted
        | DeliveryState::Processed
        | DeliveryState::DeliveredByHand
        | DeliveryState::Uncertain => Ok(()),
    }
}

/// Whether this partner never sends more than `processed`.
fn processed_is_all(app: &App, delivery: &Delivery) -> bool {
    let domain = delivery
        .address
        .as_deref()
        .and_then(|address| address.rsplit_once('@'))
        .map(|(_, domain)| domain);
    domain.is_some_and(|domain| app.config.mail.processed_only.iter().any(|known| known == domain))
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

/// Notes that nobody confirmed in time go before a person. Runs as a timer.
pub async fn watch_deliveries(app: App) -> Result<(), JobError> {
    let before = app.clock.now() - ANSWER_AWAITED;
    let mut tx = app.db.read().await?;
    let silent = store::deliveries::unconfirmed_since(&mut tx, before, BATCH).await?;
    drop(tx);
    for id in silent {
        settle(&app, &id, DeliveryState::Failed, Some("no_confirmation"), None).await?;
    }
    Ok(())
}
