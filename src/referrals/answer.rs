//! A message that answers what a referrer was asked. One that replies to the message that we sent, from where we sent it to, is
//! filed by itself; every other is offered to a person, since a referral's id stands printed on paper and proves nothing.

use super::act::{ActError, refused};
use super::claim::unclaimed;
use super::delivery::authority;
use super::permitted::find_to_change;
use super::record::{RecordError, Remark, record, remark};
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::incoming::Message;
use crate::domain::decision::AnswerBasis;
use crate::domain::delivery::Purpose;
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::{Event, Referral, StatusName};
use crate::store::answers::{self, Answer};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// Which referral a message bears on, and why we think so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearing {
    pub referral: ReferralId,
    pub basis: AnswerBasis,
}

/// What a message, already verified and bound to its sender, answers.
pub async fn bearing(app: &App, tx: &mut Tx, message: &Message) -> store::Result<Option<Bearing>> {
    for id in &message.references {
        let Some(delivery) = store::deliveries::find_by_message_id(tx, id).await? else {
            continue;
        };
        if !matches!(delivery.purpose, Purpose::Request(_)) {
            continue;
        }
        let asked: Option<Address> = delivery.address.as_deref().and_then(|address| address.parse().ok());
        let basis = if asked.is_some_and(|asked| message.sender.same_domain(&asked)) {
            AnswerBasis::MessageId
        } else {
            AnswerBasis::OtherSender
        };
        return Ok(Some(Bearing {
            referral: delivery.referral,
            basis,
        }));
    }
    let quoted = quoted(&message.subject).map(|referral| (referral, AnswerBasis::Subject));
    let repeated = repeated(&authority(app), message).map(|referral| (referral, AnswerBasis::PatientNumber));
    for (referral, basis) in quoted.into_iter().chain(repeated) {
        if store::referrals::find(tx, &referral).await?.is_some() {
            return Ok(Some(Bearing { referral, basis }));
        }
    }
    Ok(None)
}

/// The referral whose number stood for its patient in a note of ours: whoever answers repeats it (Direct Context, `patient-id`).
fn repeated(ours: &str, message: &Message) -> Option<ReferralId> {
    let numbers = &message.context.as_ref()?.patient_ids;
    let mut of_ours = numbers.iter().filter(|(authority, _)| authority == ours);
    of_ours.find_map(|(_, number)| number.parse().ok())
}

/// A referral's id among the words of a subject.
fn quoted(subject: &str) -> Option<ReferralId> {
    let mut words = subject.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.find_map(|word| word.parse().ok())
}

/// Notes what a message bears on; where it is sure to be the answer, the referral goes back to its reviewer.
pub async fn take(
    app: &App,
    tx: &mut Tx,
    bearing: &Bearing,
    transmission: &TransmissionId,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let attached = bearing.basis.is_enough_to_attach();
    let answer = Answer {
        transmission: transmission.clone(),
        referral: bearing.referral.clone(),
        basis: bearing.basis,
        arrived_at: now,
        settled_at: attached.then_some(now),
        attached,
    };
    if !answers::insert(tx, &answer).await? || !attached {
        return Ok(());
    }
    let Some(mut referral) = store::referrals::find_to_change(tx, &bearing.referral).await? else {
        return Ok(());
    };
    let door = Actor::Door {
        name: "direct".to_owned(),
    };
    match received(app, tx, &door, &mut referral, now).await {
        Ok(()) => Ok(()),
        Err(RecordError::Store(error)) => Err(error),
        Err(RecordError::Invalid(_) | RecordError::Overtaken) => {
            unreachable!("the referral is locked, and waits for information")
        }
    }
}

/// Back to the desk where it waited for this; else only a line in its history.
async fn received(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    referral: &mut Referral,
    now: DateTime<Utc>,
) -> Result<(), RecordError> {
    if referral.status.name() == StatusName::InformationRequested {
        let event = Event::InformationReceived;
        record(
            tx,
            &app.config.deadlines,
            actor,
            referral,
            &event,
            Remark::default(),
            now,
        )
        .await
    } else {
        remark(tx, actor, referral, "information_received", Remark::default(), now).await
    }
}

/// A person says whether an offered message belongs to the referral.
pub async fn settle(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    transmission: &TransmissionId,
    attach: bool,
) -> Result<(), ActError> {
    const ACTION: &str = "dismiss_answer";
    let now = app.clock.now();
    let (mut tx, mut referral) = find_to_change(app, actor, Permission::CorrectFields, ACTION, id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    let offered = answers::of_referral(&mut tx, id).await?;
    let offered = offered.into_iter().find(|answer| answer.transmission == *transmission);
    let offered = offered.ok_or(ActError::NotFound)?;
    if !answers::settle(&mut tx, &offered, attach, &actor.reference(), now).await? {
        return Err(ActError::Stale {
            current: referral.version,
        });
    }
    let version = referral.version;
    let done = if attach {
        received(app, &mut tx, actor, &mut referral, now).await
    } else {
        remark(&mut tx, actor, &mut referral, ACTION, Remark::default(), now).await
    };
    done.map_err(|error| refused(error, version))?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_quotes_a_referral() {
        let id = ReferralId::new(DateTime::UNIX_EPOCH);
        assert_eq!(
            quoted(&format!("Re: Information needed for referral {id}")),
            Some(id.clone())
        );
        assert_eq!(quoted(&format!("[{id}]: records")), Some(id));
        assert_eq!(quoted("Re: referral ref_short"), None);
    }
}
