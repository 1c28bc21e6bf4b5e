//! A letter on its way to the referrer, a note or a request: sent by Direct, and watched until the partner confirms.
//!
//! A message is handed over at most once without an answer: where nobody can say whether the server took it, a person
//! decides, since a note sent twice is PHI sent twice.

mod keys;
mod letter;
mod matter;
mod outcome;
mod queue;
mod sealing;

pub use keys::{certificate_for, certificate_of, certificate_to, identity_for, may_reach};
pub use letter::printed_letter;
pub use matter::Matter;
pub use outcome::{report, watch_deliveries};
pub(super) use queue::{by_hand, queue};
pub use sealing::{Sealing, sealing};

use self::letter::{attached_note, author_name, letter};
use self::outcome::{change, settle};
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::message::{Attachment, Letter, MessageId, Report as Asked, compose};
use crate::domain::delivery::DeliveryState;
use crate::domain::ids::DeliveryId;
use crate::domain::referral::Referral;
use crate::doors::mail::Outcome;
use crate::faults::{self, Point};
use crate::jobs::{Claim, JobError};
use crate::referrals::values::Values;
use crate::store::deliveries::Delivery;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// The name of the job that sends a note; its subject is the delivery.
pub const SEND_NOTE: &str = "send_note";

/// The name of the timer that looks for notes without an answer.
pub const WATCH_DELIVERIES: &str = "watch_deliveries";

/// Made from the delivery's id: the same however often the message is tried.
pub(super) fn message_id(app: &App, id: &DeliveryId) -> String {
    MessageId::new(id.as_str(), &app.config.mail.direct_domain)
        .as_str()
        .to_owned()
}

/// Everything that one sending needs, read in one go.
struct Outgoing {
    delivery: Delivery,
    matter: Matter,
    referral: Referral,
    values: Values,
    referrer: Option<store::directory::Entry>,
    author: String,
    sealing: Sealing,
    from: Address,
    to: Address,
}

/// Sends a note. Runs as a job.
pub async fn send_note(app: App, claim: Claim) -> Result<(), JobError> {
    let id: DeliveryId = claim.job.subject.parse().map_err(|_| JobError::fail("bad_subject"))?;
    let Some(outgoing) = gather(&app, &id).await? else {
        return Ok(());
    };
    if outgoing.delivery.submitted_at.is_some() {
        // An earlier run was cut off between handing over and hearing back.
        return settle(&app, &id, DeliveryState::Uncertain, Some("cut_off_while_sending"), None).await;
    }
    let sealed = seal(&app, &outgoing).await?;
    let Some(mail) = &app.mail else {
        return Err(JobError::fail("mail_off"));
    };
    mark_handing_over(&app, &id).await?;
    faults::reach(Point::NoteHandingOver);
    let outcome = mail.submit(Some(&outgoing.from), &outgoing.to, &sealed).await;
    faults::reach(Point::NoteSent);
    match outcome {
        Outcome::Accepted => {
            settle(&app, &id, DeliveryState::Submitted, None, None).await?;
            faults::reach(Point::NoteRecorded);
            Ok(())
        }
        Outcome::Uncertain => settle(&app, &id, DeliveryState::Uncertain, Some("connection_lost"), None).await,
        Outcome::PermanentRefusal(reason) => settle(&app, &id, DeliveryState::Failed, Some(&reason.code()), None).await,
        Outcome::TemporaryRefusal(reason) => {
            unmark_handing_over(&app, &id).await?;
            Err(JobError::retry(reason.code()))
        }
    }
}

/// The job gave up: the delivery failed, and the note stands before a person again.
pub async fn give_up(app: &App, tx: &mut Tx, subject: &str, code: &str) -> store::Result<()> {
    let Ok(id) = subject.parse::<DeliveryId>() else {
        return Ok(());
    };
    let Some(delivery) = store::deliveries::find(tx, &id).await? else {
        return Ok(());
    };
    change(app, tx, delivery, DeliveryState::Failed, Some(code), None).await
}

async fn gather(app: &App, id: &DeliveryId) -> Result<Option<Outgoing>, JobError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let delivery = store::deliveries::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_delivery"))?;
    if delivery.state != DeliveryState::Queued {
        return Ok(None);
    }
    let matter = Matter::load(&mut tx, &delivery.purpose)
        .await?
        .ok_or_else(|| JobError::fail("no_note"))?;
    let referral = store::referrals::find(&mut tx, &delivery.referral)
        .await?
        .ok_or_else(|| JobError::fail("no_referral"))?;
    let values = store::fields::current(&mut tx, &referral.id).await?;
    let referrer = match &referral.referrer {
        Some(referrer) => store::directory::standing(&mut tx, &referrer.entry).await?,
        None => None,
    };
    let to = delivery.address.as_deref().unwrap_or_default();
    let to: Address = to.parse().map_err(|_| JobError::fail("bad_address"))?;
    let from = app
        .config
        .mail
        .direct_address()
        .ok_or_else(|| JobError::fail("mail_off"))?;
    let author = author_name(&mut tx, matter.author()).await?;
    // The partner's servers may be asked for it.
    drop(tx);
    let sealing = sealing(app, &from, &to, now).await?;
    Ok(Some(Outgoing {
        delivery,
        matter,
        referral,
        values,
        referrer,
        author,
        sealing,
        from,
        to,
    }))
}

/// The sealed message. The letter is made once and kept: a retry sends the same.
async fn seal(app: &App, outgoing: &Outgoing) -> Result<Vec<u8>, JobError> {
    let letter = letter(app, outgoing).await?;
    let mut attachments = vec![pdf(outgoing.matter.file_name(), letter)];
    if let Some(attached) = attached_note(app, &outgoing.matter).await? {
        attachments.push(pdf("attachment.pdf", attached));
    }
    let now = app.clock.now();
    let message_id = MessageId::new(outgoing.delivery.id.as_str(), &app.config.mail.direct_domain);
    let composed = compose(&Letter {
        from: &outgoing.from,
        to: &outgoing.to,
        subject: &outgoing.matter.subject(&outgoing.referral.id),
        text: &outgoing.matter.covering_text(&outgoing.referral.id),
        attachments: &attachments,
        message_id: &message_id,
        date: now,
        report: Asked::Delivery,
        in_reply_to: "",
    });
    outgoing.sealing.close(&composed, now)
}

fn pdf(name: &str, bytes: Vec<u8>) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes,
    }
}

/// Written before the first byte goes out: whoever finds it set later knows that the outcome is unknown.
async fn mark_handing_over(app: &App, id: &DeliveryId) -> store::Result<()> {
    set_submitted_at(app, id, Some(app.clock.now())).await
}

async fn unmark_handing_over(app: &App, id: &DeliveryId) -> store::Result<()> {
    set_submitted_at(app, id, None).await
}

async fn set_submitted_at(app: &App, id: &DeliveryId, at: Option<DateTime<Utc>>) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    if let Some(mut delivery) = store::deliveries::find(&mut tx, id).await? {
        delivery.submitted_at = at;
        store::deliveries::save(&mut tx, &delivery).await?;
    }
    tx.commit().await
}
