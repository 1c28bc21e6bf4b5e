//! The work queue: every referral on its way, with who owns it and what is left of its time.

use super::AppState;
use super::error::Result;
use super::fields::Names;
use super::layout::{Frame, Place, Tag, When, filters, render};
use super::loaded::Row;
use super::seen;
use crate::auth::Caller;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::{Referral, StatusName};
use crate::store::referrals::{self, WorkFilter};
use crate::store::{self, Tx};
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;

const ROWS_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "web/work/work.html")]
struct WorkPage {
    frame: Frame,
    filters: Vec<FilterLink>,
    rows: Vec<WorkRow>,
    empty: &'static str,
    /// The query under which the list refreshes itself.
    poll: String,
}

struct FilterLink {
    label: &'static str,
    query: String,
    current: bool,
}

struct WorkRow {
    id: String,
    version: u64,
    patient: String,
    birth_date: String,
    urgency: Tag,
    status: Tag,
    specialty: String,
    referrer: String,
    age: When,
    deadline: Tag,
    owner: String,
    escalated: bool,
    may_take: bool,
}

/// What the list shows; the address keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Show {
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

    fn query(self) -> String {
        let (_, word, _) = Self::ALL
            .into_iter()
            .find(|(show, ..)| *show == self)
            .unwrap_or(Self::ALL[0]);
        if word.is_empty() {
            String::new()
        } else {
            format!("?show={word}")
        }
    }

    fn empty(self) -> &'static str {
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

#[derive(Deserialize)]
pub struct Shown {
    #[serde(default)]
    show: Show,
    poll: Option<String>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let (now, show) = (app.clock.now(), shown.show);
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let may_assign = authorize(&caller.actor, Permission::Assign).is_ok();
    let mut rows = Vec::new();
    for referral in chosen(&mut tx, show, &caller.actor, now).await? {
        let row = Row::load(&mut tx, referral, &names).await?;
        rows.push(work_row(row, may_assign, now));
    }
    drop(tx);
    let ids = rows.iter().map(|row| row.id.clone()).collect();
    seen::list(&app, &caller, "work", ids, shown.poll.is_some()).await?;
    let query = show.query();
    let filters = Show::ALL
        .into_iter()
        .map(|(one, _, label)| FilterLink {
            label,
            query: one.query(),
            current: one == show,
        })
        .collect();
    render(&WorkPage {
        frame: Frame::new(&caller, Place::Work),
        filters,
        rows,
        empty: show.empty(),
        poll: if query.is_empty() {
            "?poll".to_owned()
        } else {
            format!("{query}&poll")
        },
    })
}

async fn chosen(tx: &mut Tx, show: Show, actor: &Actor, now: DateTime<Utc>) -> store::Result<Vec<Referral>> {
    if show == Show::Ended {
        let mut ended = Vec::new();
        for status in StatusName::ALL.into_iter().filter(|status| status.is_ended()) {
            ended.extend(referrals::list(tx, Some(status), None, ROWS_MAX).await?);
        }
        ended.sort_by_key(|referral| std::cmp::Reverse(referral.updated_at));
        ended.truncate(ROWS_MAX as usize);
        return Ok(ended);
    }
    let me = if let Actor::User { id, .. } = actor {
        Some(id.clone())
    } else {
        None
    };
    let filter = WorkFilter {
        owner: me.filter(|_| show == Show::Mine),
        ..WorkFilter::default()
    };
    let mut open = referrals::work_list(tx, &filter, ROWS_MAX).await?;
    open.retain(|referral| match show {
        Show::Unowned => referral.owner.is_none(),
        Show::Overdue => referral.deadline_at.is_some_and(|deadline| deadline < now),
        Show::Waiting => {
            matches!(
                referral.status.name(),
                StatusName::InformationRequested | StatusName::NoteSent | StatusName::Scheduled
            )
        }
        Show::Open | Show::Mine | Show::Ended => true,
    });
    Ok(open)
}

fn work_row(row: Row, may_assign: bool, now: DateTime<Utc>) -> WorkRow {
    let ended = row.referral.status.name().is_ended();
    WorkRow {
        id: row.referral.id.to_string(),
        version: row.referral.version,
        urgency: row.urgency(),
        status: row.status(),
        age: row.age(now),
        deadline: row.deadline(now),
        escalated: row.referral.escalation_level > 0 && !ended,
        may_take: may_assign && !ended && row.referral.owner.is_none(),
        patient: row.patient,
        birth_date: row.birth_date,
        specialty: row.specialty,
        referrer: row.referrer,
        owner: row.owner,
    }
}
