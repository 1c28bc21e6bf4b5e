//! The review list as the address says: all of it, mine, nobody's, urgent; and how far the team is today.

use crate::auth::Caller;
use crate::config::TimeZone;
use crate::domain::ids::UserId;
use crate::domain::permission::{Permission, Resource};
use crate::domain::referral::StatusName;
use crate::store::reviews::{self, Counts, Waiting};
use crate::store::{self, Tx, events};
use crate::web::assigning::{self, Bar};
use crate::web::fields::Names;
use crate::web::layout::span;
use crate::web::loaded::Row;
use crate::web::memos::{Sticky, sticky};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// As many as a page shows.
const REVIEWS_MAX: u32 = 100;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    #[default]
    All,
    Mine,
    Unowned,
    Urgent,
}

pub struct ViewLink {
    pub label: &'static str,
    pub query: String,
    pub count: i64,
    /// How long the oldest of nobody's waits.
    pub oldest: String,
    pub current: bool,
}

impl View {
    const ALL: [Self; 4] = [Self::All, Self::Mine, Self::Unowned, Self::Urgent];

    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::Unowned => "unowned",
            Self::Urgent => "urgent",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Mine => "Mine",
            Self::Unowned => "Nobody's",
            Self::Urgent => "Urgent",
        }
    }

    /// All of it for a word that is none.
    pub fn of_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|view| view.word() == word)
            .unwrap_or_default()
    }

    pub fn query(self) -> String {
        if self == Self::All {
            String::new()
        } else {
            format!("?show={}", self.word())
        }
    }

    /// Under which the list refreshes itself.
    pub fn poll(self) -> String {
        format!("?show={}&poll", self.word())
    }

    /// What is said of an empty list.
    pub fn empty(self) -> (&'static str, &'static str) {
        match self {
            Self::All => (
                "Nothing to review",
                "New referrals appear here by themselves, as soon as they are read.",
            ),
            Self::Mine => ("Nothing of yours", "You own no referral that waits for a review."),
            Self::Unowned => ("Nothing unowned", "Every referral to review has an owner."),
            Self::Urgent => ("Nothing urgent", "No urgent referral waits for a review."),
        }
    }

    /// What it shows, or nothing: a program owns no referral.
    fn waiting(self, me: Option<&UserId>) -> Option<Waiting<'_>> {
        Some(match self {
            Self::All => Waiting::All,
            Self::Mine => Waiting::OwnedBy(Some(me?)),
            Self::Unowned => Waiting::OwnedBy(None),
            Self::Urgent => Waiting::Urgent,
        })
    }

    fn link(self, current: Self, counts: &Counts, now: DateTime<Utc>) -> ViewLink {
        let (count, oldest) = match self {
            Self::All => (counts.everything, None),
            Self::Mine => (counts.mine, None),
            Self::Unowned => (counts.unowned, counts.unowned_since),
            Self::Urgent => (counts.urgent, None),
        };
        ViewLink {
            label: self.label(),
            query: self.query(),
            count,
            oldest: oldest.map(|since| span(now - since)).unwrap_or_default(),
            current: self == current,
        }
    }
}

/// The referrals to review as one person looks at them.
pub struct Review {
    pub rows: Vec<(Row, Option<Sticky>)>,
    pub views: Vec<ViewLink>,
    pub today: Today,
    pub bar: Option<Bar>,
}

impl Review {
    pub async fn load(
        tx: &mut Tx,
        caller: &Caller,
        names: &Names,
        view: View,
        (now, zone): (DateTime<Utc>, TimeZone),
    ) -> store::Result<Self> {
        let me = caller.actor.user();
        let reach = caller.reach(Permission::ViewReferrals);
        let counts = reviews::counts(tx, me, &reach).await?;
        let shown = match view.waiting(me) {
            Some(waiting) => reviews::list(tx, waiting, &reach, REVIEWS_MAX).await?,
            None => Vec::new(),
        };
        let mut rows = Vec::with_capacity(shown.len());
        for referral in shown {
            let sticky = sticky(tx, &referral.id, names).await?;
            rows.push((Row::load(tx, referral, names).await?, sticky));
        }
        let owners = assigning::owners(tx, &caller.actor, StatusName::InReview, Resource::Somewhere).await?;
        Ok(Self {
            rows,
            views: View::ALL.map(|other| other.link(view, &counts, now)).into(),
            today: Today::load(tx, me, counts.everything, (now, zone)).await?,
            bar: (!owners.is_empty()).then(|| Bar {
                owners,
                list: "desk",
                show: view.word(),
                after: String::new(),
            }),
        })
    }
}

impl Review {
    /// How many stand in the list, and of how many where those are more.
    pub fn shown(&self) -> String {
        let (rows, all) = (self.rows.len() as i64, self.views.iter().find(|view| view.current));
        match all.map_or(rows, |view| view.count) {
            all if all > rows => format!("first {rows} of {all}"),
            _ => rows.to_string(),
        }
    }
}

/// What was done today, and what is left.
pub struct Today {
    pub mine: i64,
    pub team: i64,
    pub left: i64,
    pub since: String,
}

impl Today {
    async fn load(
        tx: &mut Tx,
        me: Option<&UserId>,
        left: i64,
        (now, zone): (DateTime<Utc>, TimeZone),
    ) -> store::Result<Self> {
        let since = zone.day_start(now);
        let events::Decided { team, mine } = events::decided_since(tx, since, me).await?;
        Ok(Self {
            mine,
            team,
            left,
            since: zone.show(since),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown() {
        for view in View::ALL {
            assert_eq!(View::of_word(view.word()), view);
            let said: View = serde_json::from_value(view.word().into()).unwrap();
            assert_eq!(said, view);
        }
        assert_eq!(View::of_word("https://elsewhere.example"), View::All);
        assert_eq!(View::Mine.poll(), "?show=mine&poll");
    }
}
