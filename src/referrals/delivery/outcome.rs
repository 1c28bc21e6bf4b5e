//! What becomes of a note that was sent: the one place where a delivery changes, and where its end moves the referral.

use super::ability::ability_of;
use crate::app::App;
use crate::direct::incoming::Message;
use crate::direct::mdn::{self, Report};
use crate::domain::ability::Confirms;
use crate::domain::delivery::{DeliveryState, Effect, Reported};
use crate::domain::ids::{DeliveryId, MessageId};
use crate::domain::people::Actor;
use crate::domain::referral::{Event, Status};
use crate::jobs::JobError;
use crate::referrals::directory::delivered;
use crate::referrals::record::{RecordError, Remark, record};
use crate::store::deliveries::Delivery;
use crate::store::delivery_reports::{self, DeliveryReport, ReportSaid};
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

    fn proven_by(self, proof: String) -> Self {
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

/// A report of the partner about a note of ours, already verified and bound to its sender; `id` is the message that brought
/// it. Gives the delivery that it was about; `None` where it is about nothing that we sent to this partner.
pub async fn report(
    app: &App,
    tx: &mut Tx,
    id: &MessageId,
    message: &Message,
    report: &Report,
) -> store::Result<Option<DeliveryId>> {
    for original in report.original_ids() {
        let Some(found) = store::deliveries::find_by_message_id(tx, original).await? else {
            continue;
        };
        let Some(recipient) = found.address.as_deref().and_then(|address| address.parse().ok()) else {
            continue;
        };
        let Some(said) = report.about(&recipient).filter(|_| message.may_report_on(&recipient)) else {
            continue;
        };
        let Some(delivery) = store::deliveries::find_to_change(tx, &found.id).await? else {
            continue;
        };
        let event = reported(&said.event);
        let written = DeliveryReport {
            message: id.clone(),
            delivery: delivery.id.clone(),
            event,
            effect: effect(&delivery, event),
            said: ReportSaid {
                sender: message.sender.to_string(),
                message_id: message.message_id.clone(),
                // None where our HISP has verified it.
                signer: message.signer.clone().unwrap_or_default(),
                word: event_word(&said.event).to_owned(),
                status: said.status.clone(),
                final_destination: report.final_destination,
            },
            received_at: app.clock.now(),
        };
        delivery_reports::insert(tx, &written).await?;
        if written.effect == Effect::Counted {
            count(app, tx, delivery, &written).await?;
        }
        return Ok(Some(found.id));
    }
    Ok(None)
}

fn reported(event: &mdn::Event) -> Reported {
    match event {
        mdn::Event::Processed => Reported::Processed,
        mdn::Event::Dispatched => Reported::Dispatched,
        mdn::Event::Failed => Reported::Failed,
        mdn::Event::Other(_) => Reported::Other,
    }
}

fn event_word(event: &mdn::Event) -> &str {
    match event {
        mdn::Event::Processed => "processed",
        mdn::Event::Dispatched => "dispatched",
        mdn::Event::Failed => "failed",
        mdn::Event::Other(word) => word,
    }
}

/// What a report does. The first final word counts: after it, all is late but what that word says anyway.
fn effect(delivery: &Delivery, event: Reported) -> Effect {
    let has_arrived = delivery.dispatched_at.is_some();
    let has_failed = delivery.error.as_deref() == Some(PARTNER_FAILED);
    let is_known = match event {
        // Two reports that come together are read in any order.
        Reported::Processed => delivery.processed_at.is_some() || has_arrived || has_failed,
        Reported::Dispatched => has_arrived,
        Reported::Failed => has_failed,
        Reported::Other => return Effect::Noted,
    };
    if is_known {
        Effect::Repeated
    } else if delivery.ended_at.is_some() {
        Effect::Late
    } else {
        Effect::Counted
    }
}

const PARTNER_FAILED: &str = "partner_reports_failure";

async fn count(app: &App, tx: &mut Tx, delivery: Delivery, report: &DeliveryReport) -> store::Result<()> {
    let said = &report.said;
    let proof = format!(
        "{} reported by {}, {}",
        report.event.as_str(),
        said.sender,
        said.message_id
    );
    let changed = match report.event {
        Reported::Processed => Change::to(DeliveryState::Processed),
        Reported::Dispatched => Change::to(DeliveryState::Dispatched),
        Reported::Failed => Change::to(DeliveryState::Failed).because(PARTNER_FAILED),
        Reported::Other => return Ok(()),
    };
    change(app, tx, delivery, changed.proven_by(proof)).await
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::{Channel, Purpose};
    use crate::domain::ids::{NoteId, ReferralId};

    fn delivery(state: DeliveryState) -> Delivery {
        use DeliveryState::{Dispatched, Failed, Processed, Uncertain};
        let now = DateTime::UNIX_EPOCH;
        let reached = |steps: &[DeliveryState]| steps.contains(&state).then_some(now);
        Delivery {
            id: DeliveryId::new(now),
            referral: ReferralId::new(now),
            purpose: Purpose::Note(NoteId::new(now)),
            channel: Channel::Direct,
            state,
            address: None,
            message_id: None,
            error: (state == Failed).then(|| PARTNER_FAILED.to_owned()),
            proof: None,
            form: None,
            handed_over: None,
            created_at: now,
            submitted_at: Some(now),
            processed_at: reached(&[Processed, Dispatched]),
            dispatched_at: reached(&[Dispatched]),
            ended_at: reached(&[Dispatched, Failed, Uncertain]),
        }
    }

    #[test]
    fn what_is_late_or_said_twice_changes_nothing() {
        use DeliveryState::{Dispatched, Failed, Processed, Submitted, Uncertain};
        use Effect::{Counted, Late, Noted, Repeated};
        for (state, expect) in [
            (Submitted, [Counted, Counted, Counted, Noted]),
            (Processed, [Repeated, Counted, Counted, Noted]),
            (Dispatched, [Repeated, Repeated, Late, Noted]),
            (Failed, [Repeated, Late, Repeated, Noted]),
            (Uncertain, [Late, Late, Late, Noted]),
        ] {
            let events = [
                Reported::Processed,
                Reported::Dispatched,
                Reported::Failed,
                Reported::Other,
            ];
            let effects = events.map(|event| effect(&delivery(state), event));
            assert_eq!(effects, expect, "{state:?}");
        }
    }
}
