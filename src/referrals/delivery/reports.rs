//! What the partner's system reports about a note of ours: each report is kept, and the first final word counts.

use super::outcome::{Change, change};
use crate::app::App;
use crate::direct::certificate::Certificate;
use crate::direct::incoming::Message;
use crate::direct::mdn::{self, Report};
use crate::domain::delivery::{DeliveryState, Effect, Reported};
use crate::domain::ids::{DeliveryId, MessageId};
use crate::store::deliveries::Delivery;
use crate::store::delivery_reports::{self, DeliveryReport, ReportSaid};
use crate::store::{self, Tx};

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
                signer: message
                    .signer
                    .as_ref()
                    .map_or_else(String::new, Certificate::fingerprint),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::{Channel, Purpose};
    use crate::domain::ids::{NoteId, ReferralId};
    use chrono::DateTime;

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
