//! The review list as the address says: all of it, mine, nobody's, urgent; and how far the team is today.

use crate::auth::Caller;
use crate::config::TimeZone;
use crate::domain::ids::UserId;
use crate::domain::people::Actor;
use crate::domain::referral::{Referral, StatusName};
use crate::domain::sla::Urgency;
use crate::store::referrals::Work;
use crate::store::{self, Tx, events, referrals};
use crate::web::assigning::{self, Bar};
use crate::web::fields::Names;
use crate::web::layout::span;
use crate::web::loaded::Row;
use crate::web::memos::{Sticky, sticky};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// As many as a page shows.
const REVIEWS_MAX: usize = 100;
/// So many of a status are looked through for a filter.
const FILTERED_MAX: u32 = 200;

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
    pub count: usize,
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

    pub fn shows(self, referral: &Referral, me: Option<&UserId>) -> bool {
        match self {
            Self::All => true,
            Self::Mine => me.is_some() && referral.owner.as_ref() == me,
            Self::Unowned => referral.owner.is_none(),
            Self::Urgent => referral.urgency != Urgency::Routine,
        }
    }
}

fn links(current: View, all: &[Referral], me: Option<&UserId>, now: DateTime<Utc>) -> Vec<ViewLink> {
    let link = |view: View| {
        let shown = || all.iter().filter(move |referral| view.shows(referral, me));
        let oldest = shown().map(|referral| referral.created_at).min();
        ViewLink {
            label: view.label(),
            query: view.query(),
            count: shown().count(),
            oldest: oldest
                .filter(|_| view == View::Unowned)
                .map(|since| span(now - since))
                .unwrap_or_default(),
            current: view == current,
        }
    };
    View::ALL.into_iter().map(link).collect()
}

fn person(actor: &Actor) -> Option<&UserId> {
    match actor {
        Actor::User { id, .. } => Some(id),
        _ => None,
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
        let me = person(&caller.actor);
        let mut all = Vec::new();
        for status in [StatusName::InReview, StatusName::Ready] {
            all.extend(referrals::work_list(tx, &Work::InStatus(status), None, FILTERED_MAX).await?);
        }
        let views = links(view, &all, me, now);
        all.retain(|referral| view.shows(referral, me));
        all.sort_by_key(|referral| (referral.urgency, referral.deadline_at, referral.id.clone()));
        all.truncate(REVIEWS_MAX);
        let mut rows = Vec::with_capacity(all.len());
        for referral in all {
            let sticky = sticky(tx, &referral.id, names).await?;
            rows.push((Row::load(tx, referral, names).await?, sticky));
        }
        let owners = assigning::owners(tx, &caller.actor, StatusName::InReview).await?;
        Ok(Self {
            rows,
            views,
            today: Today::load(tx, me, (now, zone)).await?,
            bar: (!owners.is_empty()).then(|| Bar {
                owners,
                list: "desk",
                show: view.word(),
                after: String::new(),
            }),
        })
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
    pub async fn load(tx: &mut Tx, me: Option<&UserId>, (now, zone): (DateTime<Utc>, TimeZone)) -> store::Result<Self> {
        let since = zone.day_start(now);
        let events::Decided { team, mine } = events::decided_since(tx, since, me).await?;
        Ok(Self {
            mine,
            team,
            left: referrals::count_to_review(tx).await?,
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
