//! Which part of the queue is shown: its name in the address, its rows in the database, and where its pages end.

use super::PAGE_ROWS;
use crate::domain::access::Reach;
use crate::domain::ids::ReferralId;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, reach};
use crate::domain::referral::{Referral, StatusName};
use crate::store::referrals::{self, Work, WorkCursor};
use crate::store::{self, Tx};
use crate::web::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub struct FilterLink {
    pub label: &'static str,
    pub query: String,
    pub current: bool,
}

/// What the list shows; the address keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    #[default]
    Open,
    Mine,
    Unowned,
    Overdue,
    Waiting,
    Ended,
}

impl Show {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Open, "", "Open"),
        (Self::Mine, "mine", "Mine"),
        (Self::Unowned, "unowned", "Nobody's"),
        (Self::Overdue, "overdue", "Overdue"),
        (Self::Waiting, "waiting", "Waiting for others"),
        (Self::Ended, "ended", "Ended"),
    ];

    pub fn word(self) -> &'static str {
        let (_, word, _) = Self::ALL
            .into_iter()
            .find(|(show, ..)| *show == self)
            .unwrap_or(Self::ALL[0]);
        word
    }

    pub fn query(self) -> String {
        let word = self.word();
        if word.is_empty() {
            String::new()
        } else {
            format!("?show={word}")
        }
    }

    pub fn empty(self) -> &'static str {
        match self {
            Self::Open => "Released referrals appear here.",
            Self::Mine => "You own no open referral. Take one from the list of all open ones.",
            Self::Unowned => "Every open referral has an owner.",
            Self::Overdue => "Every referral is in time.",
            Self::Waiting => "No referral waits for somebody else.",
            Self::Ended => "No referral has ended yet.",
        }
    }
}

pub fn filter_links(current: Option<Show>) -> Vec<FilterLink> {
    Show::ALL
        .into_iter()
        .map(|(one, _, label)| FilterLink {
            label,
            query: one.query(),
            current: Some(one) == current,
        })
        .collect()
}

/// The list as it was looked at, from the words of a form.
pub fn address(show: &str, after: &str) -> String {
    let shown = Show::ALL.into_iter().find(|(_, word, _)| *word == show);
    let query = shown.map(|(show, ..)| show.query()).unwrap_or_default();
    if cursor(after).is_err() {
        return format!("/work{query}");
    }
    let sign = if query.is_empty() { '?' } else { '&' };
    format!("/work{query}{sign}after={after}")
}

/// One row more than a page, so that it is known whether another follows.
pub async fn chosen(
    tx: &mut Tx,
    show: Show,
    actor: &Actor,
    after: Option<&WorkCursor>,
    now: DateTime<Utc>,
) -> store::Result<Vec<Referral>> {
    let reach = reach(actor, Permission::ViewReferrals);
    let me = match actor {
        Actor::User { id, .. } => Some(id.clone()),
        _ => None,
    };
    let work = match (show, me) {
        (Show::Ended, _) => return ended(tx, &reach, after).await,
        (Show::Waiting, _) => return waiting(tx, &reach, after).await,
        (Show::Open, _) => Work::All,
        (Show::Mine, Some(me)) => Work::OwnedBy(Some(me)),
        // Who is no person owns nothing.
        (Show::Mine, None) => return Ok(Vec::new()),
        (Show::Unowned, _) => Work::OwnedBy(None),
        (Show::Overdue, _) => Work::OverdueAt(now),
    };
    referrals::work_list(tx, &work, &reach, after, PAGE_ROWS + 1).await
}

/// What others have to answer first. Each status has its own order, from which the page is merged.
async fn waiting(tx: &mut Tx, reach: &Reach, after: Option<&WorkCursor>) -> store::Result<Vec<Referral>> {
    let mut waiting = Vec::new();
    for status in [
        StatusName::InformationRequested,
        StatusName::NoteSent,
        StatusName::Scheduled,
    ] {
        waiting.extend(referrals::work_list(tx, &Work::InStatus(status), reach, after, PAGE_ROWS + 1).await?);
    }
    waiting.sort_by_key(|referral| {
        let WorkCursor { due, id } = WorkCursor::at(referral);
        (due, id)
    });
    waiting.truncate(PAGE_ROWS as usize + 1);
    Ok(waiting)
}

/// The newest first.
async fn ended(tx: &mut Tx, reach: &Reach, after: Option<&WorkCursor>) -> store::Result<Vec<Referral>> {
    let before = after.and_then(|after| after.id.parse::<ReferralId>().ok());
    referrals::ended(tx, reach, before.as_ref(), PAGE_ROWS + 1).await
}

/// Seconds and id, as an address can hold them.
pub fn next_query(show: Show, last: &Referral) -> String {
    let WorkCursor { due, id } = WorkCursor::at(last);
    let sign = if show.query().is_empty() { '?' } else { '&' };
    format!("{}{sign}after={}.{id}", show.query(), due.timestamp_micros())
}

pub fn cursor(text: &str) -> Result<WorkCursor> {
    let wrong = || Error::malformed("`after` is not the end of a page of this list.");
    let (due, id) = text.split_once('.').ok_or_else(wrong)?;
    let due = due
        .parse()
        .ok()
        .and_then(DateTime::from_timestamp_micros)
        .ok_or_else(wrong)?;
    let id: ReferralId = id.parse().map_err(|_| wrong())?;
    Ok(WorkCursor {
        due,
        id: id.to_string(),
    })
}
