//! The review desk: what needs a person. Referrals to review, notes that did not arrive, documents set aside.

use super::AppState;
use super::arriving::{self, ArrivingRow};
use super::assigning::{Bar, Told};
use super::banners::{self, Banner};
use super::desk_views::{Review, Today, View, ViewLink};
use super::error::{Error, Result};
use super::failures::{self, JobRow};
use super::fields::{Names, Reader, is_open};
use super::gaps::{self, GapRow};
use super::layout::{Frame, Place, Tag, When, filters, render, words};
use super::loaded::{Heading, Row, open_object};
use super::memos::Sticky;
use super::misdirected::{self, MisdirectedRow};
use super::seen;
use crate::auth::Caller;
use crate::domain::delivery::DeliveryState;
use crate::domain::document::{DocumentKind, PageRange};
use crate::domain::gap::CloseReason;
use crate::domain::ids::{DocumentId, TransmissionId};
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Action;
use crate::domain::transmission::{QuarantineReason, Stage, TransmissionDetails};
use crate::pipeline::quarantine;
use crate::referrals::automation::hold;
use crate::referrals::file::{put_away, treat_as_referral};
use crate::store::claims::{self, Claim};
use crate::store::deliveries::{self, Delivery};
use crate::store::referrals;
use crate::store::transmissions;
use crate::store::{self, Tx, documents, doors, watched_fields};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Longer lists are for filters, not for scrolling.
const ROWS_MAX: u32 = 50;

#[derive(Template)]
#[template(path = "web/desk/desk.html")]
struct DeskPage {
    frame: Frame,
    done: Option<String>,
    told: Option<Told>,
    views: Vec<ViewLink>,
    /// The query under which the desk refreshes itself.
    poll: String,
    empty: (&'static str, &'static str),
    today: Today,
    bar: Option<Bar>,
    /// Why nothing goes straight through, where that is so.
    holds: Vec<String>,
    /// Messages that may answer a request.
    banners: Vec<Banner>,
    reviews: Vec<ReviewRow>,
    failed: Vec<FailedRow>,
    /// What is being read just now.
    arriving: Vec<ArrivingRow>,
    /// `None` for who may not see what arrived.
    quarantined: Option<Vec<QuarantineRow>>,
    /// Faxes that a gateway delivered and that are not here; none for who may not see what arrived.
    gaps: Vec<GapRow>,
    close_reasons: [CloseReason; 4],
    may_close: bool,
    /// Pages that are not ours, and work that failed or stands still.
    misdirected: Vec<MisdirectedRow>,
    jobs: Vec<JobRow>,
    /// Documents that are no referrals.
    others: Vec<OtherRow>,
    may_file: bool,
}

struct OtherRow {
    /// The document's.
    id: String,
    transmission: String,
    kind: String,
    pages: String,
    from: String,
    door: String,
    age: When,
}

struct ReviewRow {
    id: String,
    version: u64,
    patient: String,
    birth_date: String,
    urgency: Tag,
    referrer: String,
    specialty: String,
    check: Tag,
    age: When,
    deadline: Tag,
    owner: String,
    /// Who else is at it just now, or nothing.
    reviewing: String,
    sticky: Option<Sticky>,
}

struct FailedRow {
    /// The referral's.
    id: String,
    patient: String,
    to: String,
    what: String,
}

struct QuarantineRow {
    /// The transmission's.
    id: String,
    title: &'static str,
    reason: &'static str,
    from: String,
    door: String,
    age: When,
    may_retry: bool,
}

#[derive(Deserialize)]
pub struct Shown {
    /// The action that led here.
    done: Option<Action>,
    poll: Option<String>,
    #[serde(default)]
    show: View,
    /// What became of those that were given to somebody.
    assigned: Option<Told>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now,
    };
    let zone = app.config.desk.time_zone;
    let review = Review::load(&mut tx, &caller, &names, shown.show, (now, zone)).await?;
    let claims = claims::live(&mut tx, now).await?;
    let failed = failed_deliveries(&mut tx, &names).await?;
    let (mut misdirected, mut jobs) = (Vec::new(), Vec::new());
    let (quarantined, gaps) = if authorize(&caller.actor, Permission::ViewTransmissions).is_ok() {
        let names = door_names(&mut tx).await?;
        let gaps = gaps::rows(&mut tx, &names, now, ROWS_MAX).await?;
        misdirected = misdirected::rows(&mut tx, &names, (now, zone), ROWS_MAX).await?;
        jobs = failures::rows(&mut tx, now).await?;
        (Some(set_aside(&mut tx, &caller, &names, now).await?), gaps)
    } else {
        (None, Vec::new())
    };
    let others = other_documents(&mut tx, now).await?;
    let arriving = arriving::rows(&mut tx, now).await?;
    let holds = held(&app, &mut tx).await?;
    let banners = banners::on_desk(&mut tx).await?;
    drop(tx);
    let ids = review.rows.iter().map(|(row, _)| row.referral.id.to_string()).collect();
    seen::list(&app, &caller, "desk", ids, shown.poll.is_some()).await?;
    render(&DeskPage {
        others,
        arriving,
        holds,
        banners,
        may_file: authorize(&caller.actor, Permission::Act(Action::Reject)).is_ok(),
        frame: Frame::new(&app, &caller, Place::Desk),
        done: shown.done.map(|action| super::action::done(action).to_owned()),
        told: shown.assigned,
        views: review.views,
        poll: shown.show.poll(),
        empty: shown.show.empty(),
        today: review.today,
        bar: review.bar,
        reviews: review
            .rows
            .into_iter()
            .map(|(row, sticky)| ReviewRow {
                reviewing: reviewing(&row, &claims, &caller),
                ..review_row(row, sticky, &reader)
            })
            .collect(),
        failed,
        quarantined,
        gaps,
        misdirected,
        jobs,
        close_reasons: CloseReason::ALL,
        may_close: authorize(&caller.actor, Permission::RetryQuarantined).is_ok(),
    })
}

/// Which fields people check just now, and why, in the order of the screen.
async fn held(app: &AppState, tx: &mut Tx) -> store::Result<Vec<String>> {
    let held = watched_fields::held(tx).await?;
    let fields = app.rules.catalogue().critical();
    Ok(fields
        .filter_map(|field| held.get(&field.key).map(|hold| hold::said(field, hold)))
        .collect())
}

fn review_row(row: Row, sticky: Option<Sticky>, reader: &Reader<'_>) -> ReviewRow {
    let sections = reader.sections(&row.history, &row.asked);
    let states: Vec<_> = sections
        .iter()
        .flat_map(|s| &s.fields)
        .map(|f| &f.state)
        .filter(|s| is_open(s))
        .collect();
    let missing = states.iter().filter(|state| state.class == "missing").count();
    let check = match (missing, states.len()) {
        (_, 0) => Tag::new("Nothing", "check", "good").because("All fields were read with certainty."),
        (0, count) => Tag::new(format!("{count} field{}", plural(count)), "look", "warn"),
        (missing, count) => Tag::new(format!("{count} field{}", plural(count)), "missing", "bad")
            .because(format!("{missing} missing, {} to check", count - missing)),
    };
    ReviewRow {
        id: row.referral.id.to_string(),
        version: row.referral.version,
        sticky,
        check,
        urgency: row.urgency(),
        age: row.age(reader.now),
        deadline: row.deadline(reader.now),
        patient: row.heading.patient,
        birth_date: row.heading.birth_date,
        referrer: row.heading.referrer,
        specialty: row.heading.specialty,
        owner: row.heading.owner,
        reviewing: String::new(),
    }
}

fn reviewing(row: &Row, claims: &[Claim], caller: &Caller) -> String {
    let claim = claims.iter().find(|claim| claim.referral == row.referral.id);
    claim
        .filter(|claim| Some(&claim.user) != caller.actor.user())
        .map(|claim| format!("{} is reviewing", claim.name))
        .unwrap_or_default()
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// A failed delivery puts its referral back to `note_ready`, where somebody must send it again.
async fn failed_deliveries(tx: &mut Tx, names: &Names) -> store::Result<Vec<FailedRow>> {
    let mut rows = Vec::new();
    for failed in deliveries::failed(tx, ROWS_MAX).await? {
        let Some(referral) = referrals::find(tx, &failed.referral).await? else {
            continue;
        };
        let row = Heading::load(tx, referral, names).await?;
        rows.push(FailedRow {
            id: row.referral.id.to_string(),
            patient: row.patient,
            what: failure_text(&failed),
            to: failed.address.unwrap_or_default(),
        });
    }
    Ok(rows)
}

/// What happened to a delivery, and what can be done.
pub fn failure_text(delivery: &Delivery) -> String {
    let cause = delivery
        .error
        .as_deref()
        .map(|code| format!(" ({})", words(code).to_lowercase()))
        .unwrap_or_default();
    match delivery.state {
        DeliveryState::Uncertain => {
            format!(
                "The connection broke while sending{cause}. Ask the referrer whether the note came before sending again."
            )
        }
        DeliveryState::Failed => format!("The note did not arrive{cause}. Send it again, or deliver it by hand."),
        _ => String::new(),
    }
}

pub type DoorNames = BTreeMap<String, String>;

pub async fn door_names(tx: &mut Tx) -> store::Result<DoorNames> {
    Ok(doors::list(tx)
        .await?
        .into_iter()
        .map(|door| (door.id.to_string(), door.name))
        .collect())
}

async fn other_documents(tx: &mut Tx, now: DateTime<Utc>) -> store::Result<Vec<OtherRow>> {
    let names = door_names(tx).await?;
    let mut rows = Vec::new();
    for document in documents::unfiled(tx, ROWS_MAX).await? {
        let Some(arrived) = transmissions::find(tx, &document.transmission).await? else {
            continue;
        };
        let pages = match document.pages {
            PageRange { from, to } if from == to => format!("page {from}"),
            PageRange { from, to } => format!("pages {from}–{to}"),
        };
        rows.push(OtherRow {
            id: document.id.to_string(),
            transmission: document.transmission.to_string(),
            kind: kind_text(document.kind).to_owned(),
            pages,
            door: door_name(&names, &arrived.door),
            age: When::ago(arrived.arrived_at, now),
            from: sender(arrived.details),
        });
    }
    Ok(rows)
}

pub fn kind_text(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Referral => "Referral",
        DocumentKind::LabResult => "Lab result",
        DocumentKind::ConsultNote => "Consult note",
        DocumentKind::RecordsRequest => "Request for records",
        DocumentKind::Junk => "Junk",
        DocumentKind::Other => "Other document",
    }
}

/// Who a document came from, as far as the door says.
pub fn sender(details: TransmissionDetails) -> String {
    [
        details.direct_sender,
        details.from,
        details.station_id,
        details.file_name,
    ]
    .into_iter()
    .flatten()
    .next()
    .unwrap_or_else(|| "unknown sender".to_owned())
}

async fn set_aside(
    tx: &mut Tx,
    caller: &Caller,
    names: &DoorNames,
    now: DateTime<Utc>,
) -> store::Result<Vec<QuarantineRow>> {
    let may_retry = authorize(&caller.actor, Permission::RetryQuarantined).is_ok();
    let items = transmissions::list(tx, Some(Stage::Quarantined), None, ROWS_MAX).await?;
    Ok(items
        .into_iter()
        .map(|item| QuarantineRow {
            id: item.id.to_string(),
            title: item.reason.map_or("Set aside", title),
            reason: item.reason.map_or("", QuarantineReason::explanation),
            door: door_name(names, &item.door),
            age: When::ago(item.arrived_at, now),
            may_retry: may_retry && item.reason.is_none_or(QuarantineReason::may_be_retried),
            from: sender(item.details),
        })
        .collect())
}

/// A reason in a few words; [`QuarantineReason::explanation`] says what to do.
fn title(reason: QuarantineReason) -> &'static str {
    use QuarantineReason as Q;
    match reason {
        Q::Encrypted => "Locked with a password",
        Q::Unreadable => "Damaged file",
        Q::NoPages => "No pages",
        Q::TooLarge => "File too large",
        Q::TooManyPages => "Too many pages",
        Q::PixelLimit => "Page too large",
        Q::Time => "Reading took too long",
        Q::Memory => "Reading needed too much memory",
        Q::Crash => "The reader crashed",
        Q::ForbiddenCall => "Suspicious file",
        Q::NotADocument => "Not a document",
        Q::Partial => "Broken off",
        Q::MalformedRequest => "Unreadable request",
        Q::Untrusted => "Sender not verified",
        Q::ProcessingFailed => "Processing failed",
    }
}

/// A door by its name; `upload`, `cli` and `direct` are no doors with a row.
pub fn door_name(doors: &DoorNames, door: &str) -> String {
    doors.get(door).cloned().unwrap_or_else(|| match door {
        "cli" => "brought in at the command line".to_owned(),
        "upload" => "uploaded".to_owned(),
        "direct" => "Direct mail".to_owned(),
        other => other.to_owned(),
    })
}

fn transmission_id(text: &str) -> Result<TransmissionId> {
    text.parse().map_err(|_| Error::not_found("document"))
}

/// The bytes as they were received. Never shown in the browser: they are the sender's, and may be anything.
pub async fn original(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = transmission_id(&id)?;
    let mut tx = app.db.read().await?;
    let found = transmissions::find(&mut tx, &id)
        .await?
        .ok_or_else(|| Error::not_found("document"))?;
    misdirected::may_have_original(&mut tx, &caller, &id).await?;
    drop(tx);
    let bytes = open_object(&app, &found.object).await?;
    seen::one(&app, &caller, "transmission", id.as_str()).await?;
    let kind = found
        .media_type
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    let extension = match kind.as_str() {
        "application/pdf" => "pdf",
        "image/tiff" => "tif",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        _ => "bin",
    };
    let name = format!("attachment; filename=\"{id}.{extension}\"");
    Ok((
        [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)],
        bytes,
    )
        .into_response())
}

/// Reads a document that was set aside once more.
pub async fn retry(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Redirect> {
    let id = transmission_id(&id)?;
    quarantine::retry(&app, &caller.actor, &id).await?;
    Ok(Redirect::to("/desk"))
}

fn document_id(text: &str) -> Result<DocumentId> {
    text.parse().map_err(|_| Error::not_found("document"))
}

/// A person has looked at a document that is no referral, and needs it no more.
pub async fn put_document_away(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Redirect> {
    put_away(&app, &caller.actor, &document_id(&id)?).await?;
    Ok(Redirect::to("/desk"))
}

/// It is a referral after all: a person types what the machine did not see.
pub async fn open_as_referral(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Redirect> {
    let referral = treat_as_referral(&app, &caller.actor, &document_id(&id)?).await?;
    Ok(Redirect::to(&format!("/desk/{referral}")))
}
