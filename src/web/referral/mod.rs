//! One referral: what it says, who owns it, what can be done now, where its notes went, and everything that happened.

mod forms;
mod history;
mod notes;
mod parts;
mod referrer;

pub use forms::{act, assign, choose_referrer, hand_over};
pub use notes::{add_note, certificate, letter};

use self::history::{EventView, event_view};
pub use self::parts::{DeliveryView, delivery_view};
use self::parts::{FactSection, NoteView, facts, note_view};
use self::referrer::{ReferrerView, Sender, referrer_view};
use super::AppState;
use super::action::{self, ActionForm, Choice, reason_label};
use super::assigning;
use super::banners::{self, Banner};
use super::desk::{door_name, door_names};
use super::error::Result;
use super::fields::{Names, Reader};
use super::layout::{Frame, Place, Tag, When, filters, render};
use super::loaded::{Row, find_referral, referral_id};
use super::memos::{self, MemoView};
use super::page_notices::{self, Packet};
use super::seen;
use crate::auth::Caller;
use crate::domain::order::ReferralOrder;
use crate::domain::permission::{Permission, Resource};
use crate::domain::referral::{Action, Referral, Status};
use crate::domain::site::SiteKey;
use crate::referrals;
use crate::store::deliveries::{self, Delivery};
use crate::store::delivery_reports::{self, DeliveryReport};
use crate::store::directory::{self, Entry};
use crate::store::events::{self, HistoryEntry};
use crate::store::notes::{self as stored_notes, Note};
use crate::store::sites::{self, Site};
use crate::store::{self, Tx, orders, transmissions};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;

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
    /// What is remarked of its pages, for as long as somebody may act on it.
    words: Option<String>,
    notices: Vec<String>,
    banners: Vec<Banner>,
    visit: Option<When>,
    may_review: bool,
    may_take: bool,
    /// Whom it may be given to.
    owners: Vec<Choice>,
    memos: Vec<MemoView>,
    may_write: bool,
    /// Where a team note leads back to.
    back: &'static str,
    sections: Vec<FactSection>,
    notes: Vec<NoteView>,
    deliveries: Vec<DeliveryView>,
    actions: Vec<ActionForm>,
    nothing_to_do: &'static str,
    /// Entries of the directory to choose the referrer from, for who may.
    practices: Vec<Choice>,
    referrer: ReferrerView,
    /// Where it is worked; nothing where there is one site only.
    site: String,
    /// Where it may be handed to.
    sites: Vec<Choice>,
    owner: String,
    door: String,
    /// How its initiator calls it, and until when it is needed; nothing where it came without an order.
    order: String,
    needed_by: String,
    arrived: When,
    timeline: Vec<EventView>,
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
    reports: Vec<DeliveryReport>,
    timeline: Vec<HistoryEntry>,
    owners: Vec<Choice>,
    sender: Sender,
    directory: Vec<Entry>,
    sites: Vec<Site>,
    order: Option<ReferralOrder>,
    door: String,
    arrived_at: DateTime<Utc>,
}

impl Beside {
    async fn load(tx: &mut Tx, caller: &Caller, referral: &Referral) -> store::Result<Self> {
        let names = door_names(tx).await?;
        let transmission = transmissions::find(tx, &referral.transmission).await?;
        Ok(Self {
            notes: stored_notes::of_referral(tx, &referral.id).await?,
            deliveries: deliveries::of_referral(tx, &referral.id).await?,
            reports: delivery_reports::of_referral(tx, &referral.id).await?,
            timeline: events::of_referral(tx, &referral.id).await?,
            owners: owners(tx, caller, referral).await?,
            directory: directory::list(tx, None, ENTRIES_MAX).await?,
            sites: sites::list(tx).await?,
            order: orders::of_referral(tx, &referral.id).await?,
            sender: Sender::load(tx, referral).await?,
            door: transmission
                .as_ref()
                .map(|found| door_name(&names, &found.door))
                .unwrap_or_default(),
            arrived_at: transmission.map_or(referral.created_at, |found| found.arrived_at),
        })
    }

    fn delivery_views(&self, now: DateTime<Utc>) -> Vec<DeliveryView> {
        let views = self.deliveries.iter();
        views
            .map(|delivery| delivery_view(delivery, &self.reports, now))
            .collect()
    }

    fn order_number(&self) -> String {
        self.order
            .as_ref()
            .map(|order| order.number.to_string())
            .unwrap_or_default()
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
    let beside = Beside::load(&mut tx, &caller, &referral).await?;
    let memos = memos::of_referral(&mut tx, &id, &names, now).await?;
    let packet = Packet::load(&mut tx, &referral).await?;
    let banners = banners::of(&mut tx, &caller.actor, &referral).await?;
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
    let may = |permission| caller.may(permission, &row.referral);
    let mut referrer = referrer_view(&row, &beside.sender);
    referrer.href = referrer
        .href
        .filter(|_| caller.may(Permission::ViewDirectory, Resource::Somewhere));
    let (deliveries, order) = (beside.delivery_views(now), beside.order_number());
    render(&ReferralPage {
        frame: Frame::new(&app, &caller, Place::Work),
        id: id.to_string(),
        transmission: row.referral.transmission.to_string(),
        version: row.referral.version,
        summary: format!("{}born {}", prefix(&row.specialty), row.birth_date),
        urgency: row.urgency(),
        status: row.status(),
        deadline: row.deadline(now),
        done: query.done.map(|action| action::done(action).to_owned()),
        waiting: waiting(&row.referral.status),
        words: packet.words(),
        notices: notices(&app, &packet, &row).await,
        banners,
        visit: visit(&row.referral.status, now),
        may_review: may(Permission::CorrectFields) && !status.is_ended(),
        may_take: assigning::may_take(&caller.actor, &row.referral) && !is_mine(&row.referral, &caller),
        owners: beside.owners,
        memos,
        may_write: memos::may_write(&caller, &row.referral),
        back: "referral",
        sections: facts(&reader, &row),
        notes: beside.notes.iter().map(|note| note_view(note, &names, now)).collect(),
        deliveries,
        nothing_to_do: nothing_to_do(status.is_ended()),
        actions,
        practices: if may(Permission::CorrectFields) && !status.is_ended() {
            practices(&beside.directory)
        } else {
            Vec::new()
        },
        referrer,
        site: site_name(&beside.sites, &row.referral.site),
        sites: other_sites(&beside.sites, &row.referral.site, may(Permission::Assign)),
        owner: owner_text(&row.owner),
        order,
        needed_by: beside.order.as_ref().and_then(needed_by).unwrap_or_default(),
        door: beside.door,
        arrived: When::ago(beside.arrived_at, now),
        timeline: timeline(&beside.timeline, &names, now),
        patient: row.heading.patient,
    })
}

fn owner_text(owner: &str) -> String {
    if owner.is_empty() { "nobody yet" } else { owner }.to_owned()
}

fn needed_by(order: &ReferralOrder) -> Option<String> {
    Some(order.needed_by?.format("%-d %b %Y").to_string())
}

/// Newest first.
fn timeline(events: &[HistoryEntry], names: &Names, now: DateTime<Utc>) -> Vec<EventView> {
    events.iter().rev().map(|entry| event_view(entry, names, now)).collect()
}

/// Nothing where there is only one.
fn site_name(sites: &[Site], here: &SiteKey) -> String {
    match sites.iter().find(|site| site.key == *here) {
        Some(site) if sites.len() > 1 => site.name.clone(),
        _ => String::new(),
    }
}

fn other_sites(sites: &[Site], here: &SiteKey, may: bool) -> Vec<Choice> {
    let others = sites
        .iter()
        .filter(|site| may && site.key != *here && site.closed_at.is_none());
    let choice = |site: &Site| Choice {
        value: site.key.to_string(),
        label: site.name.clone(),
    };
    others.map(choice).collect()
}

/// An ended referral is given to nobody.
async fn owners(tx: &mut Tx, caller: &Caller, referral: &Referral) -> store::Result<Vec<Choice>> {
    let status = referral.status.name();
    if status.is_ended() {
        return Ok(Vec::new());
    }
    assigning::owners(tx, &caller.actor, status, referral.into()).await
}

fn nothing_to_do(is_ended: bool) -> &'static str {
    if is_ended {
        "This referral has ended. Everything that happened stands in its history."
    } else {
        "Your role has nothing to do here now."
    }
}

/// Nobody acts on an ended referral's pages.
async fn notices(app: &AppState, packet: &Packet, row: &Row) -> Vec<String> {
    if row.referral.status.name().is_ended() {
        return Vec::new();
    }
    page_notices::of(app, packet, &row.history).await
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
    // Who releases looks at the pages, and that is the desk's part.
    allowed.retain(|action| *action != Action::Release);
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
