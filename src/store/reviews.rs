//! Referrals that wait for a reviewer: the most urgent first, then what is due first.
//!
//! The order stands in an index of its own, so that a list of any of them takes its first rows, however many wait behind. That
//! they wait is said as the index says it: by the plain status, SQLite would take the index of statuses, and sort.

use super::referrals::{ReferralRow, opened};
use super::{Result, Tx, sql};
use crate::domain::access::Reach;
use crate::domain::ids::{ReferralId, UserId};
use crate::domain::referral::Referral;
use chrono::{DateTime, Utc};

/// Which of those that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting<'a> {
    All,
    /// Of one person, or nobody's.
    OwnedBy(Option<&'a UserId>),
    Urgent,
}

/// The first of them.
pub async fn list(tx: &mut Tx, which: Waiting<'_>, reach: &Reach, limit: u32) -> Result<Vec<Referral>> {
    let (urgent, owned_by) = match which {
        Waiting::All => (false, None),
        Waiting::OwnedBy(owner) => (false, Some(owner.map_or("", UserId::as_str).to_owned())),
        Waiting::Urgent => (true, None),
    };
    let rows = sql(
        "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
         from referral
         where (case when status in ('in_review', 'ready') then 1 end) = 1
           and ($2 = 0 or (case urgency when 'stat' then 0 when 'urgent' then 1 else 2 end) < 2)
           and (cast($3 as text) is null or coalesce(owner, '') = $3)
           and ($4 = '*' or $4 like '%|' || site || '/' || queue || '|%'
                    or $4 like '%|' || site || '/*|%' or $4 like '%|*/' || queue || '|%')
         order by (case urgency when 'stat' then 0 when 'urgent' then 1 else 2 end),
                  coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id
         limit $1",
    )
    .bind(i64::from(limit))
    .bind(i64::from(urgent))
    .bind(owned_by)
    .bind(reach.pattern())
    .fetch_all::<ReferralRow>(tx)
    .await?;
    opened(tx, rows)
}

/// The first of those that nobody else owns or reviews just now.
pub async fn free(
    tx: &mut Tx,
    me: Option<&UserId>,
    reach: &Reach,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<ReferralId>> {
    sql("select id from referral
         where (case when status in ('in_review', 'ready') then 1 end) = 1 and coalesce(owner, $1) = $1
           and ($4 = '*' or $4 like '%|' || site || '/' || queue || '|%'
                    or $4 like '%|' || site || '/*|%' or $4 like '%|*/' || queue || '|%')
           and not exists (select 1 from claim
                           where claim.referral_id = referral.id and claim.until > $2 and claim.user_id <> $1)
         order by (case urgency when 'stat' then 0 when 'urgent' then 1 else 2 end),
                  coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id
         limit $3")
    .bind(me.map_or("", UserId::as_str).to_owned())
    .bind(now)
    .bind(i64::from(limit))
    .bind(reach.pattern())
    .fetch_scalars(tx)
    .await
}

/// How many wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    pub everything: i64,
    /// Of the person who asks.
    pub mine: i64,
    pub unowned: i64,
    pub urgent: i64,
    /// When the oldest of nobody's arrived.
    pub unowned_since: Option<DateTime<Utc>>,
}

pub async fn counts(tx: &mut Tx, me: Option<&UserId>, reach: &Reach) -> Result<Counts> {
    sql(
        "select count(*) as everything, count(case when owner = $1 then 1 end) as mine,
                count(case when owner is null then 1 end) as unowned,
                count(case when (case urgency when 'stat' then 0 when 'urgent' then 1 else 2 end) < 2 then 1 end) as urgent,
                min(case when owner is null then created_at end) as unowned_since
         from referral
         where (case when status in ('in_review', 'ready') then 1 end) = 1
           and ($2 = '*' or $2 like '%|' || site || '/' || queue || '|%'
                    or $2 like '%|' || site || '/*|%' or $2 like '%|*/' || queue || '|%')",
    )
    .bind(me.map_or("", UserId::as_str).to_owned())
    .bind(reach.pattern())
    .fetch_one(tx)
    .await
}
