//! One referral: what it says, who owns it, what can be done now, where its notes went, and everything that happened.

use super::AppState;
use super::action::{self, ActionForm, Choice, reason_label};
use super::desk::{door_name, door_names, failure_text};
use super::error::{Error, Result};
use super::fields::{Names, Reader, shown};
use super::layout::{Frame, Place, Tag, When, filters, full_time, render, words};
use super::loaded::{Row, find_referral, referral_id};
use super::seen;
use crate::auth::Caller;
use crate::domain::delivery::{Channel, DeliveryState};
use crate::domain::ids::NoteId;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::{Action, NoteKind, Referral, ReferrerBasis, Status, StatusName};
use crate::referrals::assign::assign as give_to;
use crate::referrals::delivery::printed_letter;
use crate::referrals::referrer::choose;
use crate::referrals::{self, ActRequest};
use crate::store::deliveries::{self, Delivery};
use crate::store::directory::{self, Entry};
use crate::store::events::{self, HistoryEntry};
use crate::store::notes::{self, Note};
use crate::store::{self, Tx, transmissions};
use askama::Template;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Template)]
#[template(path = "web/referral/referral.html")]
struct ReferralPage {
    frame: Frame,
    id: String,
    transmission: String,
    version: u64,
    patient: String,
    summary: String,
    urgency: Tag,
    status: Tag,
    deadline: Tag,
    done: Option<String>,
    /// On whom or what it waits, where that isn't this clinic.
    waiting: Option<String>,
    visit: Option<When>,
    may_review: bool,
    may_take: bool,
    sections: Vec<FactSection>,
    notes: Vec<NoteView>,
    deliveries: Vec<DeliveryView>,
    actions: Vec<ActionForm>,
    nothing_to_do: &'static str,
    /// Entries of the directory to choose the referrer from, for who may.
    practices: Vec<Choice>,
    referrer: ReferrerView,
    owner: String,
    door: String,
    arrived: When,
    timeline: Vec<EventView>,
}

struct FactSection {
    title: String,
    facts: Vec<Fact>,
}

struct Fact {
    label: String,
    value: String,
}

struct NoteView {
    id: String,
    kind: &'static str,
    author: String,
    at: When,
    text: String,
    letter: bool,
}

struct DeliveryView {
    channel: &'static str,
    state: Tag,
    address: String,
    steps: Vec<Step>,
    proof: String,
    error: String,
}

struct Step {
    label: &'static str,
    at: When,
}

struct ReferrerView {
    name: String,
    /// By what they were recognised.
    basis: &'static str,
    reply_to: String,
}

struct EventView {
    what: String,
    who: String,
    note: String,
    /// `good`, `bad` or nothing.
    tone: &'static str,
    at: When,
}

#[derive(Deserialize)]
pub struct Shown {
    /// The action that led here.
    done: Option<Action>,
}

/// A longer directory is searched through the API; a list of thousands helps nobody.
const ENTRIES_MAX: u32 = 500;

/// Everything beside the fields.
struct Beside {
    notes: Vec<Note>,
    deliveries: Vec<Delivery>,
    timeline: Vec<HistoryEntry>,
    entry: Option<Entry>,
    directory: Vec<Entry>,
    door: String,
    arrived_at: DateTime<Utc>,
}

impl Beside {
    async fn load(tx: &mut Tx, referral: &Referral) -> store::Result<Self> {
        let names = door_names(tx).await?;
        let transmission = transmissions::find(tx, &referral.transmission).await?;
        let entry = match &referral.referrer {
            Some(referrer) => directory::find(tx, &referrer.entry).await?,
            None => None,
        };
        Ok(Self {
            notes: notes::of_referral(tx, &referral.id).await?,
            deliveries: deliveries::of_referral(tx, &referral.id).await?,
            timeline: events::of_referral(tx, &referral.id).await?,
            directory: directory::list(tx, None, ENTRIES_MAX).await?,
            entry,
            door: transmission
                .as_ref()
                .map(|found| door_name(&names, &found.door))
                .unwrap_or_default(),
            arrived_at: transmission.map_or(referral.created_at, |found| found.arrived_at),
        })
    }
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<Shown>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let names = Names::load(&mut tx).await?;
    let beside = Beside::load(&mut tx, &referral).await?;
    let row = Row::load(&mut tx, referral, &names).await?;
    drop(tx);
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now,
    };
    let status = row.referral.status.name();
    let actions = actions(&row.referral, &caller);
    let may = |permission| authorize(&caller.actor, permission).is_ok();
    render(&ReferralPage {
        frame: Frame::new(&caller, Place::Work),
        id: id.to_string(),
        transmission: row.referral.transmission.to_string(),
        version: row.referral.version,
        summary: format!("{}born {}", prefix(&row.specialty), row.birth_date),
        urgency: row.urgency(),
        status: row.status(),
        deadline: row.deadline(now),
        done: query.done.map(|action| action::done(action).to_owned()),
        waiting: waiting(&row.referral.status),
        visit: visit(&row.referral.status, now),
        may_review: may(Permission::CorrectFields) && !status.is_ended(),
        may_take: may(Permission::Assign) && !status.is_ended() && !is_mine(&row.referral, &caller),
        sections: facts(&reader, &row),
        notes: beside.notes.iter().map(|note| note_view(note, &names, now)).collect(),
        deliveries: beside
            .deliveries
            .iter()
            .map(|delivery| delivery_view(delivery, now))
            .collect(),
        nothing_to_do: if status.is_ended() {
            "This referral has ended. Everything that happened stands in its history."
        } else {
            "Your role has nothing to do here now."
        },
        actions,
        practices: if may(Permission::CorrectFields) && !status.is_ended() {
            practices(&beside.directory)
        } else {
            Vec::new()
        },
        referrer: referrer_view(&row, beside.entry.as_ref()),
        owner: if row.owner.is_empty() {
            "nobody yet".to_owned()
        } else {
            row.owner.clone()
        },
        door: beside.door,
        arrived: When::ago(beside.arrived_at, now),
        timeline: beside
            .timeline
            .iter()
            .rev()
            .map(|entry| event_view(entry, &names, now))
            .collect(),
        patient: row.patient,
    })
}

fn prefix(specialty: &str) -> String {
    if specialty.is_empty() {
        String::new()
    } else {
        format!("{specialty}, ")
    }
}

fn is_mine(referral: &Referral, caller: &Caller) -> bool {
    referral
        .owner
        .as_ref()
        .is_some_and(|owner| owner.as_str() == caller.actor.reference())
}

/// What this caller may do now, the usual next step first.
fn actions(referral: &Referral, caller: &Caller) -> Vec<ActionForm> {
    let mut allowed = referrals::possible(&caller.actor, referral);
    let is_last = |action: &Action| matches!(action, Action::Reject | Action::Decline | Action::Cancel);
    allowed.sort_by_key(is_last);
    let mut forms: Vec<ActionForm> = allowed
        .into_iter()
        .map(|action| action::form(action, referral.id.as_str()))
        .collect();
    // One thing stands out, not three.
    let mut seen = false;
    for form in forms.iter_mut().filter(|form| form.class == "primary") {
        if std::mem::replace(&mut seen, true) {
            form.class = "";
        }
    }
    forms
}

fn waiting(status: &Status) -> Option<String> {
    match status {
        Status::InformationRequested { items } => {
            Some(format!("Waiting for the referrer's answer: {}.", items.join("; ")))
        }
        Status::NoteSent { .. } => Some("The note is on its way. Waiting for the partner's confirmation.".to_owned()),
        Status::CancelRequested { reason } => Some(format!(
            "A cancellation is asked for: {}. It must be confirmed.",
            reason_label(reason)
        )),
        _ => None,
    }
}

fn visit(status: &Status, now: DateTime<Utc>) -> Option<When> {
    match status {
        Status::Scheduled { appointment } => Some(When::ago(*appointment, now)),
        _ => None,
    }
}

fn facts(reader: &Reader<'_>, row: &Row) -> Vec<FactSection> {
    let mut sections = Vec::new();
    for section in reader.sections(&row.history) {
        let facts: Vec<Fact> = section
            .fields
            .iter()
            .filter_map(|field| {
                let key = crate::domain::fields::FieldKey::new(field.key.clone());
                let value = row.history.get(&key)?.last()?.value.as_ref()?;
                Some(Fact {
                    label: field.label.clone(),
                    value: shown(value),
                })
            })
            .collect();
        if !facts.is_empty() {
            sections.push(FactSection {
                title: section.title,
                facts,
            });
        }
    }
    sections
}

fn note_view(note: &Note, names: &Names, now: DateTime<Utc>) -> NoteView {
    NoteView {
        id: note.id.to_string(),
        kind: match note.kind {
            NoteKind::Final => "Final note",
            NoteKind::Interim => "Interim note",
        },
        author: names.of(&note.author),
        at: When::ago(note.created_at, now),
        text: note.text.clone().unwrap_or_else(|| "Attached as a PDF.".to_owned()),
        letter: note.letter.is_some() || note.attachment.is_some(),
    }
}

fn delivery_view(delivery: &Delivery, now: DateTime<Utc>) -> DeliveryView {
    let state = match delivery.state {
        DeliveryState::Queued => Tag::new("Waiting to be sent", "clock", ""),
        DeliveryState::Submitted => Tag::new("Sent, not confirmed yet", "send", "accent"),
        DeliveryState::Processed => Tag::new("Received by the partner's system", "check", "accent"),
        DeliveryState::Dispatched => Tag::new("Arrived", "check", "good"),
        DeliveryState::DeliveredByHand => Tag::new("Delivered", "check", "good"),
        DeliveryState::Failed => Tag::new("Did not arrive", "problem", "bad"),
        DeliveryState::Uncertain => Tag::new("Uncertain", "problem", "warn"),
    };
    let times = [
        ("queued", Some(delivery.created_at)),
        ("sent", delivery.submitted_at),
        ("received", delivery.processed_at),
        ("arrived", delivery.dispatched_at),
    ];
    DeliveryView {
        channel: match delivery.channel {
            Channel::Direct => "Direct",
            Channel::ByHand => "By hand",
        },
        state,
        address: delivery.address.clone().unwrap_or_default(),
        steps: times
            .into_iter()
            .filter_map(|(label, at)| {
                Some(Step {
                    label,
                    at: When::ago(at?, now),
                })
            })
            .collect(),
        proof: delivery.proof.clone().unwrap_or_default(),
        error: failure_text(delivery),
    }
}

/// Who sent it, by what we know, and whether that is enough to send a patient's data there.
fn referrer_view(row: &Row, entry: Option<&Entry>) -> ReferrerView {
    let Some((referrer, entry)) = row.referral.referrer.as_ref().zip(entry) else {
        let name = if row.referrer.is_empty() {
            "Not known".to_owned()
        } else {
            row.referrer.clone()
        };
        return ReferrerView {
            name,
            basis: "Not found in the directory by Direct address, NPI, name or fax number",
            reply_to: "By hand, until the directory knows a Direct address".to_owned(),
        };
    };
    let names = [entry.name.clone(), entry.organization.clone()];
    ReferrerView {
        name: names.into_iter().flatten().collect::<Vec<_>>().join(", "),
        basis: basis_text(referrer.basis),
        reply_to: match &entry.direct_address {
            Some(address) if referrer.basis.is_enough_to_send() => address.clone(),
            Some(_) => {
                "Nowhere yet: a fax number alone does not prove who sent it. Confirm the referrer first.".to_owned()
            }
            None => "By hand: the directory knows no Direct address".to_owned(),
        },
    }
}

fn practices(directory: &[Entry]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = directory
        .iter()
        .map(|entry| {
            let parts = [
                entry.organization.clone(),
                entry.name.clone(),
                entry.direct_address.clone(),
            ];
            Choice {
                value: entry.id.to_string(),
                label: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            }
        })
        .collect();
    choices.sort_by(|left, right| left.label.cmp(&right.label));
    choices
}

fn basis_text(basis: ReferrerBasis) -> &'static str {
    match basis {
        ReferrerBasis::Person => "Confirmed by a person",
        ReferrerBasis::DirectAddress => "Recognised by the Direct address",
        ReferrerBasis::Npi => "Recognised by NPI",
        ReferrerBasis::PracticeAndProvider => "Recognised by practice and provider",
        ReferrerBasis::FaxNumber => "Guessed by the fax number: anybody can forge it",
        ReferrerBasis::StationId => "Guessed by the fax machine's name: anybody can forge it",
    }
}

fn event_view(entry: &HistoryEntry, names: &Names, now: DateTime<Utc>) -> EventView {
    let reason = entry.reason.as_deref().map(reason_label);
    let said = [reason, entry.note.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(": ");
    let tone = match entry.to {
        _ if entry.from == entry.to => "",
        StatusName::Released | StatusName::Accepted | StatusName::Closed | StatusName::Seen => "good",
        StatusName::Rejected | StatusName::Declined | StatusName::NoShow | StatusName::Cancelled => "bad",
        _ => "",
    };
    EventView {
        what: event_text(entry),
        who: names.of(&entry.actor),
        note: said,
        tone,
        at: When {
            text: When::ago(entry.at, now).text,
            full: full_time(entry.at),
            iso: entry.at.to_rfc3339(),
        },
    }
}

fn event_text(entry: &HistoryEntry) -> String {
    match entry.action.as_str() {
        "review_needed" => "Read; a person must look".to_owned(),
        "found_certain" => "Read with certainty".to_owned(),
        "delivery_confirmed" => "Delivery confirmed".to_owned(),
        "delivery_failed" => "Delivery failed".to_owned(),
        "add_interim_note" => "Interim note added".to_owned(),
        "add_final_note" => "Final note added".to_owned(),
        "escalate" => "Overdue: moved to the lead".to_owned(),
        "assign" => "Owner changed".to_owned(),
        _ if entry.from != entry.to => words(entry.to.as_str()),
        other => words(other),
    }
}

/// A form that does something with a referral. Which inputs matter depends on the action.
#[derive(Deserialize)]
pub struct ActForm {
    action: Action,
    version: Option<u64>,
    reason: Option<String>,
    note: Option<String>,
    items: Option<String>,
    appointment: Option<String>,
    proof: Option<String>,
    /// `desk` or `work`: the list to go back to.
    back: Option<String>,
}

impl ActForm {
    fn request(&self) -> Result<ActRequest> {
        let note = self.note.clone().filter(|note| !note.trim().is_empty());
        Ok(match self.action {
            Action::Release => ActRequest::Release {},
            Action::Reject => ActRequest::Reject {
                reason: self.reason()?,
                note,
            },
            Action::RequestInformation => ActRequest::RequestInformation {
                items: self.items(),
                note,
            },
            Action::Accept => ActRequest::Accept {},
            Action::Decline => ActRequest::Decline {
                reason: self.reason()?,
                note,
            },
            Action::Schedule => ActRequest::Schedule {
                appointment: self.appointment()?,
            },
            Action::CancelAppointment => ActRequest::CancelAppointment { note },
            Action::MarkSeen => ActRequest::MarkSeen {},
            Action::MarkNoShow => ActRequest::MarkNoShow {},
            Action::AddNote => return Err(Error::malformed("A note goes to the referral's notes.")),
            Action::SendNote => ActRequest::SendNote {},
            Action::DeliverByHand => ActRequest::DeliverByHand {
                proof: self.proof.clone().unwrap_or_default(),
            },
            Action::Cancel => ActRequest::Cancel {
                reason: self.reason()?,
                note,
            },
            Action::ConfirmCancel => ActRequest::ConfirmCancel {},
            Action::Reopen => ActRequest::Reopen { note },
        })
    }

    /// A code of the list that belongs to the action.
    fn reason<T: DeserializeOwned>(&self) -> Result<T> {
        let code = self.reason.clone().unwrap_or_default();
        serde_json::from_value(code.into()).map_err(|_| Error::invalid("Choose a reason from the list."))
    }

    fn items(&self) -> Vec<String> {
        let text = self.items.as_deref().unwrap_or_default();
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// RFC 3339 as our script sends it; without the script, the browser's local form, taken as UTC.
    fn appointment(&self) -> Result<DateTime<Utc>> {
        let text = self.appointment.as_deref().unwrap_or_default();
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").map(|at| at.and_utc()))
            .map_err(|_| Error::invalid("The visit's date and time could not be read. Choose them from the calendar."))
    }
}

pub async fn act(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<ActForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    referrals::act(&app, &caller.actor, &id, Some(version), form.request()?).await?;
    let done = form.action.as_str();
    Ok(match form.back.as_deref() {
        Some("desk") => Redirect::to(&format!("/desk?done={done}")),
        Some("work") => Redirect::to("/work"),
        _ => Redirect::to(&format!("/referrals/{id}?done={done}")),
    })
}

#[derive(Deserialize)]
pub struct AssignForm {
    version: Option<u64>,
    back: Option<String>,
}

/// The caller takes the referral.
pub async fn assign(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<AssignForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let Actor::User { id: me, .. } = &caller.actor else {
        return Err(Error::invalid("Only a person can own a referral."));
    };
    give_to(&app, &caller.actor, &id, Some(version), Some(me.clone())).await?;
    let back = if form.back.as_deref() == Some("work") {
        "/work".to_owned()
    } else {
        format!("/referrals/{id}")
    };
    Ok(Redirect::to(&back))
}

fn note_kind(text: &str) -> Result<NoteKind> {
    serde_json::from_value(text.into()).map_err(|_| Error::invalid("Choose whether the note is final or interim."))
}

/// A note, typed or as a PDF.
pub async fn add_note(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    mut form: Multipart,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let (mut version, mut kind, mut text, mut attachment) = (None, NoteKind::Final, None, None);
    let broken = |_| Error::malformed("The form ended before it was complete. Send it again.");
    while let Some(part) = form.next_field().await.map_err(broken)? {
        match part.name().unwrap_or_default().to_owned().as_str() {
            "version" => version = part.text().await.map_err(broken)?.parse().ok(),
            "kind" => kind = note_kind(&part.text().await.map_err(broken)?)?,
            "text" => text = Some(part.text().await.map_err(broken)?),
            // A browser sends an empty part for a file that was not chosen.
            "document" => attachment = Some(part.bytes().await.map_err(broken)?.to_vec()).filter(|pdf| !pdf.is_empty()),
            _ => {}
        }
    }
    let version = version.ok_or_else(Error::version_required)?;
    let request = ActRequest::AddNote { kind, text, attachment };
    referrals::act(&app, &caller.actor, &id, Some(version), request).await?;
    Ok(Redirect::to(&format!("/referrals/{id}?done=add_note")))
}

/// The letter of a note, to print: `…/notes/{note}.pdf`.
pub async fn letter(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let missing = || Error::not_found("letter");
    let note: NoteId = name
        .strip_suffix(".pdf")
        .and_then(|note| note.parse().ok())
        .ok_or_else(missing)?;
    let mut tx = app.db.read().await?;
    let note = notes::find(&mut tx, &note)
        .await?
        .filter(|note| note.referral == id)
        .ok_or_else(missing)?;
    drop(tx);
    let pdf = printed_letter(&app, &note).await.map_err(Error::internal)?;
    seen::one(&app, &caller, "note", note.id.as_str()).await?;
    let name = format!("inline; filename=\"{}.pdf\"", note.id);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, pdf).into_response())
}

#[derive(Deserialize)]
pub struct ReferrerForm {
    version: Option<u64>,
    entry: String,
}

/// A person says who the referrer is.
pub async fn choose_referrer(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<ReferrerForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.version.ok_or_else(Error::version_required)?;
    let entry = form
        .entry
        .parse()
        .map_err(|_| Error::invalid("Choose a practice from the list."))?;
    choose(&app, &caller.actor, &id, Some(version), &entry).await?;
    Ok(Redirect::to(&format!("/referrals/{id}")))
}
