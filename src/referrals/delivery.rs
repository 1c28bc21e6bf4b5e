//! The note on its way back: made into a letter, sent by Direct, and watched until the partner confirms.
//!
//! A message is handed over at most once without an answer: where nobody can say whether the server took it, a person
//! decides, since a note sent twice is PHI sent twice.

use super::record::{RecordError, Remark, record};
use super::values::text;
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::certificate::{Certificate, Use};
use crate::direct::identity::Identity;
use crate::direct::mdn::{self, Report};
use crate::direct::message::{Attachment, Letter, MessageId, Report as Asked, compose};
use crate::domain::delivery::DeliveryState;
use crate::domain::ids::DeliveryId;
use crate::domain::object::ObjectKind;
use crate::domain::people::Actor;
use crate::domain::referral::{Event, NoteKind, Referral, Status};
use crate::doors::mail::Outcome;
use crate::jobs::{Claim, JobError};
use crate::letters::{self, ConsultLetter, Heading, Party};
use crate::store::deliveries::Delivery;
use crate::store::notes::Note;
use crate::store::{self, Tx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The name of the job that sends a note; its subject is the delivery.
pub const SEND_NOTE: &str = "send_note";
/// The name of the timer that looks for notes without an answer.
pub const WATCH_DELIVERIES: &str = "watch_deliveries";

/// Final delivery takes up to an hour as a rule; after a day somebody should call.
const ANSWER_AWAITED: TimeDelta = TimeDelta::hours(24);
const BATCH: u32 = 100;

/// Made from the delivery's id: the same however often the message is tried.
pub(super) fn message_id(app: &App, id: &DeliveryId) -> String {
    MessageId::new(id.as_str(), &app.config.mail.direct_domain)
        .as_str()
        .to_owned()
}

/// The best certificate that we hold for an address: bound to the address itself, else to its domain.
pub async fn certificate_for(tx: &mut Tx, address: &str, now: DateTime<Utc>) -> store::Result<Option<Certificate>> {
    let Ok(address) = address.parse::<Address>() else {
        return Ok(None);
    };
    for bound_to in [address.as_str(), address.domain()] {
        let found = store::partners::find_by_binding(tx, &bound_to.to_lowercase()).await?;
        let usable = found
            .iter()
            .filter_map(|row| Certificate::from_der(&row.der).ok())
            .find(|certificate| certificate.check(Use::Encrypting, now).is_ok() && certificate.binds(&address));
        if usable.is_some() {
            return Ok(usable);
        }
    }
    Ok(None)
}

/// Everything that one sending needs, read in one go.
struct Outgoing {
    delivery: Delivery,
    note: Note,
    referral: Referral,
    values: super::values::Values,
    referrer: Option<store::directory::Entry>,
    author: String,
    certificate: Certificate,
    identity: Identity,
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
    match mail.submit(Some(&outgoing.from), &outgoing.to, &sealed).await {
        Outcome::Accepted => settle(&app, &id, DeliveryState::Submitted, None, None).await,
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
    let note = store::notes::find(&mut tx, &delivery.note)
        .await?
        .ok_or_else(|| JobError::fail("no_note"))?;
    let referral = store::referrals::find(&mut tx, &delivery.referral)
        .await?
        .ok_or_else(|| JobError::fail("no_referral"))?;
    let values = store::fields::current(&mut tx, &referral.id).await?;
    let referrer = match &referral.referrer {
        Some(referrer) => store::directory::find(&mut tx, &referrer.entry).await?,
        None => None,
    };
    let to = delivery.address.as_deref().unwrap_or_default();
    let certificate = certificate_for(&mut tx, to, now)
        .await?
        .ok_or_else(|| JobError::fail("no_certificate"))?;
    let to: Address = to.parse().map_err(|_| JobError::fail("bad_address"))?;
    let from = app
        .config
        .mail
        .direct_address()
        .ok_or_else(|| JobError::fail("mail_off"))?;
    let identity = identity_for(&mut tx, &from)
        .await?
        .ok_or_else(|| JobError::fail("no_identity"))?;
    let author = author_name(&mut tx, &note.author).await?;
    Ok(Some(Outgoing {
        delivery,
        note,
        referral,
        values,
        referrer,
        author,
        certificate,
        identity,
        from,
        to,
    }))
}

/// Our certificate with its key, for one of our own addresses.
pub async fn identity_for(tx: &mut Tx, address: &Address) -> Result<Option<Identity>, JobError> {
    for bound_to in [address.as_str(), address.domain()] {
        if let Some(row) = store::identities::find(tx, &bound_to.to_lowercase()).await? {
            let identity = Identity::new(&row.certificate, &row.private_key)
                .map_err(|error| JobError::fail("bad_identity").because(error))?;
            return Ok(Some(identity));
        }
    }
    Ok(None)
}

async fn author_name(tx: &mut Tx, reference: &str) -> store::Result<String> {
    let Ok(id) = reference.parse() else {
        return Ok(String::new());
    };
    Ok(store::users::find(tx, &id)
        .await?
        .map(|user| user.name)
        .unwrap_or_default())
}

/// The sealed message. The letter is made once and kept: a retry sends the same.
async fn seal(app: &App, outgoing: &Outgoing) -> Result<Vec<u8>, JobError> {
    let letter = letter(app, outgoing).await?;
    let mut attachments = vec![pdf("consult-note.pdf", letter)];
    if let Some(attached) = attached_note(app, &outgoing.note).await? {
        attachments.push(pdf("attachment.pdf", attached));
    }
    let now = app.clock.now();
    let message_id = MessageId::new(outgoing.delivery.id.as_str(), &app.config.mail.direct_domain);
    let composed = compose(&Letter {
        from: &outgoing.from,
        to: &outgoing.to,
        subject: &format!("Consult note for referral {}", outgoing.referral.id),
        text: &format!(
            "The consult note for referral {} is attached as a PDF.\r\nPlease confirm its delivery.\r\n",
            outgoing.referral.id
        ),
        attachments: &attachments,
        message_id: &message_id,
        date: now,
        report: Asked::Delivery,
    });
    composed
        .seal(&outgoing.identity, &outgoing.certificate, now)
        .map_err(|error| JobError::fail(error.code()).because(error))
}

fn pdf(name: &str, bytes: Vec<u8>) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes,
    }
}

async fn attached_note(app: &App, note: &Note) -> Result<Option<Vec<u8>>, JobError> {
    let Some(id) = &note.attachment else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let object = store::objects::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_object"))?;
    drop(tx);
    let bytes = app
        .vault
        .get(&object)
        .await
        .map_err(|error| JobError::retry("vault").because(error))?;
    Ok(Some(bytes))
}

async fn letter(app: &App, outgoing: &Outgoing) -> Result<Vec<u8>, JobError> {
    let mut tx = app.db.read().await?;
    let kept = match &outgoing.note.letter {
        Some(id) => store::objects::find(&mut tx, id).await?,
        None => None,
    };
    drop(tx);
    let vault = |error| JobError::retry("vault").because(error);
    if let Some(object) = kept {
        return app.vault.get(&object).await.map_err(vault);
    }
    let now = app.clock.now();
    let bytes = render(
        app,
        &outgoing.note,
        &outgoing.referral,
        &outgoing.values,
        outgoing.referrer.as_ref(),
        &outgoing.author,
        now,
    )
    .map_err(|error| JobError::fail("letter").because(error))?;
    let object = app.vault.put(ObjectKind::Letter, &bytes, now).await.map_err(vault)?;
    let mut tx = app.db.begin().await?;
    store::objects::insert(&mut tx, &object).await?;
    store::notes::set_letter(&mut tx, &outgoing.note.id, &object.id).await?;
    tx.commit().await?;
    Ok(bytes)
}

/// The letter of a note, as it is sent and as it is printed.
pub async fn printed_letter(app: &App, note: &Note) -> anyhow::Result<Vec<u8>> {
    let mut tx = app.db.read().await?;
    let referral = store::referrals::find(&mut tx, &note.referral)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the note's referral is missing"))?;
    let values = store::fields::current(&mut tx, &referral.id).await?;
    let referrer = match &referral.referrer {
        Some(referrer) => store::directory::find(&mut tx, &referrer.entry).await?,
        None => None,
    };
    let author = author_name(&mut tx, &note.author).await?;
    drop(tx);
    Ok(render(
        app,
        note,
        &referral,
        &values,
        referrer.as_ref(),
        &author,
        app.clock.now(),
    )?)
}

fn render(
    app: &App,
    note: &Note,
    referral: &Referral,
    values: &super::values::Values,
    referrer: Option<&store::directory::Entry>,
    author: &str,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, letters::LetterError> {
    let shown = |key| text(values, key).unwrap_or_default();
    let known = |value: Option<&Option<String>>| value.cloned().flatten().unwrap_or_default();
    let clinic = &app.config.clinic;
    let address: Vec<&str> = clinic.address.iter().map(String::as_str).collect();
    let own = app.config.mail.direct_address();
    let (name, organization) = (
        known(referrer.map(|r| &r.name)),
        known(referrer.map(|r| &r.organization)),
    );
    let direct = known(referrer.map(|r| &r.direct_address));
    letters::render(&ConsultLetter {
        heading: match note.kind {
            NoteKind::Final => Heading::FinalNote,
            NoteKind::Interim => Heading::InterimNote,
        },
        clinic: Party {
            name: "",
            organization: &clinic.name,
            address: &address,
            phone: &clinic.phone,
            fax: &clinic.fax,
            direct_address: own.as_ref().map(Address::as_str).unwrap_or_default(),
        },
        referrer: Party {
            name: if name.is_empty() { shown("referrer.name") } else { &name },
            organization: if organization.is_empty() {
                shown("referrer.organization")
            } else {
                &organization
            },
            address: &[],
            phone: shown("referrer.phone"),
            fax: shown("referrer.fax"),
            direct_address: &direct,
        },
        date: now.date_naive(),
        referral_id: referral.id.as_str(),
        patient_name: shown("patient.name"),
        birth_date: NaiveDate::parse_from_str(shown("patient.birth_date"), "%Y-%m-%d").ok(),
        reason: shown("referral.reason"),
        text: note.text.as_deref().unwrap_or("The consult note is attached."),
        enclosure: if note.attachment.is_some() {
            "Attached: attachment.pdf"
        } else {
            ""
        },
        signature: (!author.is_empty()).then_some(letters::Signature {
            name: author,
            credentials: "",
            signed_at: note.created_at,
        }),
    })
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

async fn settle(
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
async fn change(
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
        DeliveryState::Dispatched => confirmed(app, tx, &delivery, now).await,
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
        note: None,
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
