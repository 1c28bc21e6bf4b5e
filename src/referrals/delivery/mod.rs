//! A letter on its way to the referrer, a note or a request: sent by Direct, and watched until the partner confirms.
//!
//! A message is handed over at most once without an answer: where nobody can say whether the server took it, a person
//! decides, since a note sent twice is PHI sent twice.

mod ability;
mod certificate;
mod closing;
mod keys;
mod letter;
mod matter;
mod numbers;
mod outcome;
mod package;
mod parcel;
mod queue;
mod reports;
pub mod trial;

pub use ability::{AbilityError, ability_of, set_ability};
pub use certificate::certificate;
pub use closing::{Closing, closing, closing_in_answer};
pub use keys::{certificate_for, certificate_of, certificate_to, identity_for, may_reach};
pub use letter::printed_letter;
pub use matter::Matter;
pub(super) use numbers::authority;
pub use outcome::watch_deliveries;
pub(super) use queue::{by_hand, queue};
pub use reports::report;

use self::letter::author_name;
use self::outcome::{Change, change, settle};
use self::parcel::pack;
use crate::app::App;
use crate::crypto::mac::sha256;
use crate::direct::address::Address;
use crate::direct::message::{Letter, MessageId, Report as Asked, compose_in_context};
use crate::domain::ability::Ability;
use crate::domain::delivery::{DeliveryState, Form};
use crate::domain::ids::DeliveryId;
use crate::domain::order::{PatientNumber, ReferralOrder};
use crate::domain::referral::{Action, Referral};
use crate::doors::mail::Outcome;
use crate::faults::{self, Point};
use crate::jobs::{Claim, JobError};
use crate::referrals::values::Values;
use crate::store::deliveries::{Delivery, HandedOver};
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
    /// As its initiator ordered it.
    order: Option<ReferralOrder>,
    /// The patient's numbers at the sender, as far as the sender said whose they are.
    patient_numbers: Vec<PatientNumber>,
    /// The visit that the note is about.
    seen_at: Option<DateTime<Utc>>,
    author: String,
    ability: Ability,
    closing: Closing,
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
        let cut_off = Change::to(DeliveryState::Uncertain).because("cut_off_while_sending");
        return settle(&app, &id, cut_off).await;
    }
    let (sealed, form) = seal(&app, &outgoing).await?;
    faults::reach(Point::NoteSealed);
    let Some(mail) = &app.mail else {
        return Err(JobError::fail("mail_off"));
    };
    if !mark_handing_over(&app, &outgoing, form, &sealed).await? {
        return Ok(());
    }
    faults::reach(Point::NoteHandingOver);
    let outcome = mail.submit(Some(&outgoing.from), &outgoing.to, &sealed).await;
    faults::reach(Point::NoteSent);
    match outcome {
        Outcome::Accepted => {
            settle(&app, &id, Change::to(DeliveryState::Submitted)).await?;
            faults::reach(Point::NoteRecorded);
            Ok(())
        }
        Outcome::Uncertain => {
            let broken = Change::to(DeliveryState::Uncertain).because("connection_lost");
            settle(&app, &id, broken).await
        }
        Outcome::PermanentRefusal(reason) => {
            let refused = reason.code();
            settle(&app, &id, Change::to(DeliveryState::Failed).because(&refused)).await
        }
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
    let Some(delivery) = store::deliveries::find_to_change(tx, &id).await? else {
        return Ok(());
    };
    change(app, tx, delivery, Change::to(DeliveryState::Failed).because(code)).await
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
    let ability = ability_of(app, &mut tx, to).await?;
    let to: Address = to.parse().map_err(|_| JobError::fail("bad_address"))?;
    let from = app
        .config
        .mail
        .direct_address()
        .ok_or_else(|| JobError::fail("mail_off"))?;
    let author = author_name(&mut tx, matter.author()).await?;
    let order = store::orders::of_referral(&mut tx, &referral.id).await?;
    let patient_numbers = numbers::told(&mut tx, &referral, order.as_ref()).await?;
    let seen_at = seen_at(&mut tx, &matter).await?;
    // The partner's servers may be asked for it.
    drop(tx);
    let closing = closing(app, &from, &to, now).await?;
    Ok(Some(Outgoing {
        delivery,
        matter,
        referral,
        values,
        referrer,
        order,
        patient_numbers,
        seen_at,
        author,
        ability,
        closing,
        from,
        to,
    }))
}

/// When the patient was last seen before the matter was written: the same for every retry.
async fn seen_at(tx: &mut Tx, matter: &Matter) -> store::Result<Option<DateTime<Utc>>> {
    let history = store::events::of_referral(tx, matter.referral()).await?;
    let seen = history
        .iter()
        .rev()
        .find(|entry| entry.action == Action::MarkSeen.as_str() && entry.at <= matter.created_at());
    Ok(seen.map(|entry| entry.at))
}

/// The sealed message, and the form that it has. The letter is made once and kept: a retry sends the same.
async fn seal(app: &App, outgoing: &Outgoing) -> Result<(Vec<u8>, Form), JobError> {
    let parcel = pack(app, outgoing).await?;
    let now = app.clock.now();
    let message_id = MessageId::new(outgoing.delivery.id.as_str(), &app.config.mail.direct_domain);
    let letter = Letter {
        from: &outgoing.from,
        to: &outgoing.to,
        subject: &parcel.subject,
        text: &parcel.text,
        attachments: &parcel.attachments,
        message_id: &message_id,
        date: now,
        report: Asked::Delivery,
        in_reply_to: "",
    };
    let composed = compose_in_context(&letter, parcel.context.as_ref());
    Ok((outgoing.closing.close(&composed, now)?, parcel.form))
}

/// Written before the first byte goes out: whoever finds it set later knows that the outcome is unknown. False where another worker,
/// whose claim came later than ours, was here first: it sends, and we don't.
async fn mark_handing_over(app: &App, outgoing: &Outgoing, form: Form, sealed: &[u8]) -> store::Result<bool> {
    let mut tx = app.db.begin().await?;
    let found = store::deliveries::find_to_change(&mut tx, &outgoing.delivery.id).await?;
    let is_ours = |delivery: &Delivery| delivery.state == DeliveryState::Queued && delivery.submitted_at.is_none();
    let marked = found.filter(is_ours);
    let is_marked = marked.is_some();
    if let Some(mut delivery) = marked {
        delivery.submitted_at = Some(app.clock.now());
        delivery.form = Some(form);
        delivery.handed_over = Some(HandedOver {
            digest: hex::encode(sha256(sealed)),
            encrypted_to: outgoing.closing.encrypted_to(),
            signed_by: outgoing.closing.signed_by(),
        });
        store::deliveries::save(&mut tx, &delivery).await?;
    }
    tx.commit().await?;
    Ok(is_marked)
}

async fn unmark_handing_over(app: &App, id: &DeliveryId) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    if let Some(mut delivery) = store::deliveries::find_to_change(&mut tx, id).await? {
        delivery.submitted_at = None;
        delivery.handed_over = None;
        store::deliveries::save(&mut tx, &delivery).await?;
    }
    tx.commit().await
}
