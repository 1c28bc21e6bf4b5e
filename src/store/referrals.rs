//! Referrals. Only `referrals::act` and its neighbours there write a status; here it is only stored.

use super::changes::Change;
use super::counts::count;
use super::{Cell, Error, Result, Tx, search, sql, sql_for};
use crate::domain::access::Reach;
use crate::domain::ids::{DirectoryId, DocumentId, ReferralId, TransmissionId, UserId};
use crate::domain::patient::Patient;
use crate::domain::people::Role;
use crate::domain::referral::{Referral, Referrer, ReferrerBasis, Status, StatusName};
use crate::domain::site::SiteKey;
use crate::domain::sla::Urgency;
use chrono::{DateTime, Utc};

const TABLE: &str = "referral";

#[derive(sqlx::FromRow)]
pub(super) struct ReferralRow {
    id: ReferralId,
    document_id: DocumentId,
    transmission_id: TransmissionId,
    site: SiteKey,
    status: StatusName,
    status_data_sealed: Vec<u8>,
    status_since: DateTime<Utc>,
    urgency: Urgency,
    owner: Option<UserId>,
    queue: Role,
    deadline_at: Option<DateTime<Utc>>,
    escalated_at: Option<DateTime<Utc>>,
    escalation_level: i64,
    referrer: Option<DirectoryId>,
    referrer_basis: Option<ReferrerBasis>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl ReferralRow {
    fn referral(self, tx: &Tx) -> Result<Referral> {
        let row = self.id.to_string();
        let wrong = |column| Error::inconsistent(TABLE, &row, column);
        let status: Status = tx.unseal_json(Cell::new(TABLE, &row, "status_data_sealed"), &self.status_data_sealed)?;
        if status.name() != self.status {
            return Err(wrong("status"));
        }
        let referrer = match (self.referrer, self.referrer_basis) {
            (Some(entry), Some(basis)) => Some(Referrer { entry, basis }),
            (None, None) => None,
            _ => return Err(wrong("referrer_basis")),
        };
        Ok(Referral {
            escalation_level: count(TABLE, &row, "escalation_level", self.escalation_level)?,
            version: count(TABLE, &row, "version", self.version)?,
            id: self.id,
            document: self.document_id,
            transmission: self.transmission_id,
            site: self.site,
            status,
            status_since: self.status_since,
            urgency: self.urgency,
            owner: self.owner,
            queue: self.queue,
            deadline_at: self.deadline_at,
            escalated_at: self.escalated_at,
            referrer,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// Writes a new referral, with what its patient is found by.
pub async fn insert(tx: &mut Tx, referral: &Referral, patient: &Patient) -> Result<()> {
    let row = referral.id.to_string();
    sql("insert into referral
           (id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner, queue,
            deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)")
    .bind(referral.id.clone())
    .bind(referral.document.clone())
    .bind(referral.transmission.clone())
    .bind(referral.site.clone())
    .bind(referral.status.name())
    .bind(tx.seal_json(Cell::new(TABLE, &row, "status_data_sealed"), &referral.status))
    .bind(referral.status_since)
    .bind(referral.urgency)
    .bind(referral.owner.clone())
    .bind(referral.queue)
    .bind(referral.deadline_at)
    .bind(referral.escalated_at)
    .bind(i64::from(referral.escalation_level))
    .bind(referral.referrer.as_ref().map(|referrer| referrer.entry.clone()))
    .bind(referral.referrer.as_ref().map(|referrer| referrer.basis))
    .bind(referral.version as i64)
    .bind(referral.created_at)
    .bind(referral.updated_at)
    .execute(tx)
    .await?;
    tx.changed(Change::Referral(referral.id.clone()));
    search::put(tx, &referral.id, patient).await
}

/// Saves a changed referral under its next version. Gives false where another writer was faster.
pub async fn save(tx: &mut Tx, referral: &mut Referral, now: DateTime<Utc>) -> Result<bool> {
    let row = referral.id.to_string();
    let written = sql("update referral set
           status = $3, status_data_sealed = $4, status_since = $5, urgency = $6, owner = $7, queue = $8,
           deadline_at = $9, escalated_at = $10, escalation_level = $11, referrer = $12, referrer_basis = $13,
           version = version + 1, updated_at = $14, site = $15
         where id = $1 and version = $2")
    .bind(referral.id.clone())
    .bind(referral.version as i64)
    .bind(referral.status.name())
    .bind(tx.seal_json(Cell::new(TABLE, &row, "status_data_sealed"), &referral.status))
    .bind(referral.status_since)
    .bind(referral.urgency)
    .bind(referral.owner.clone())
    .bind(referral.queue)
    .bind(referral.deadline_at)
    .bind(referral.escalated_at)
    .bind(i64::from(referral.escalation_level))
    .bind(referral.referrer.as_ref().map(|referrer| referrer.entry.clone()))
    .bind(referral.referrer.as_ref().map(|referrer| referrer.basis))
    .bind(now)
    .bind(referral.site.clone())
    .execute(tx)
    .await?;
    if written == 1 {
        tx.changed(Change::Referral(referral.id.clone()));
        referral.version += 1;
        referral.updated_at = now;
    }
    Ok(written == 1)
}

pub async fn find(tx: &mut Tx, id: &ReferralId) -> Result<Option<Referral>> {
    sql(
        "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner, queue,
                deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at, updated_at
         from referral where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<ReferralRow>(tx)
    .await?
    .map(|row| row.referral(tx))
    .transpose()
}

/// Finds a referral and keeps others from changing it until the transaction ends. SQLite has one writer anyway.
pub async fn find_to_change(tx: &mut Tx, id: &ReferralId) -> Result<Option<Referral>> {
    sql_for(
        "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner, queue,
                deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at, updated_at
         from referral where id = $1",
        "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner, queue,
                deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at, updated_at
         from referral where id = $1 for update",
    )
    .bind(id.clone())
    .fetch_optional::<ReferralRow>(tx)
    .await?
    .map(|row| row.referral(tx))
    .transpose()
}

/// Newest first, of one status or of all, within a reach; `before` is the last id of the page before.
pub async fn list(
    tx: &mut Tx,
    status: Option<StatusName>,
    reach: &Reach,
    before: Option<&ReferralId>,
    limit: u32,
) -> Result<Vec<Referral>> {
    let before = before.map_or(BEHIND_ALL, ReferralId::as_str).to_owned();
    // Two statements, since one with `or` reads every row to find a rare status.
    let statement = match status {
        None => sql(
            "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
             from referral
             where id < $1
               and ($3 = '*' or $3 like '%|' || site || '/' || queue || '|%'
                    or $3 like '%|' || site || '/*|%' or $3 like '%|*/' || queue || '|%')
             order by id desc limit $2",
        ),
        Some(_) => sql(
            "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
             from referral
             where id < $1 and status = $4
               and ($3 = '*' or $3 like '%|' || site || '/' || queue || '|%'
                    or $3 like '%|' || site || '/*|%' or $3 like '%|*/' || queue || '|%')
             order by id desc limit $2",
        ),
    };
    let statement = statement.bind(before).bind(i64::from(limit)).bind(reach.pattern());
    let statement = match status {
        Some(status) => statement.bind(status),
        None => statement,
    };
    let rows = statement.fetch_all::<ReferralRow>(tx).await?;
    opened(tx, rows)
}

/// Behind every id, in the order of any locale.
const BEHIND_ALL: &str = "ref_Z";

/// What needs nobody any more, newest first; `before` is the last id of the page before.
pub async fn ended(tx: &mut Tx, reach: &Reach, before: Option<&ReferralId>, limit: u32) -> Result<Vec<Referral>> {
    let rows = sql(
        "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
         from referral
         where status in ('rejected', 'declined', 'cancelled', 'closed') and id < $1
           and ($3 = '*' or $3 like '%|' || site || '/' || queue || '|%'
                    or $3 like '%|' || site || '/*|%' or $3 like '%|*/' || queue || '|%')
         order by id desc limit $2",
    )
    .bind(before.map_or(BEHIND_ALL, ReferralId::as_str).to_owned())
    .bind(i64::from(limit))
    .bind(reach.pattern())
    .fetch_all::<ReferralRow>(tx)
    .await?;
    opened(tx, rows)
}

/// Which part of the open work a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    All,
    /// Whose deadline has passed by then.
    OverdueAt(DateTime<Utc>),
    /// Of one person, or nobody's.
    OwnedBy(Option<UserId>),
    InStatus(StatusName),
}

/// Where a page of work ends: the next begins behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCursor {
    pub due: DateTime<Utc>,
    pub id: String,
}

impl WorkCursor {
    pub fn at(referral: &Referral) -> Self {
        Self {
            due: referral.deadline_at.unwrap_or(NEVER),
            id: referral.id.to_string(),
        }
    }

    fn start() -> Self {
        Self {
            due: DateTime::<Utc>::UNIX_EPOCH,
            id: String::new(),
        }
    }
}

/// What stands for the deadline of those that have none, here as in the indexes.
const NEVER: DateTime<Utc> = DateTime::from_timestamp(253_402_214_400, 0).expect("a day in the year 9999");

/// Open work: what is due first stands first, what nobody owes anything on stands last.
pub async fn work_list(
    tx: &mut Tx,
    work: &Work,
    reach: &Reach,
    after: Option<&WorkCursor>,
    limit: u32,
) -> Result<Vec<Referral>> {
    let start = WorkCursor::start();
    let after = after.unwrap_or(&start);
    // A text each, so that each has its index: one with optional conditions sorts all open work for every page. SQLite finds
    // the place in an index over an expression by the plain `>=`, not by the pair.
    let statement = match work {
        Work::All | Work::OverdueAt(_) => sql(
            "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
             from referral
             where status not in ('rejected', 'declined', 'cancelled', 'closed')
               and coalesce(deadline_at, '9999-12-31T00:00:00+00:00') >= $1
               and (coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id) > ($1, $2)
               and coalesce(deadline_at, '9999-12-31T00:00:00+00:00') <= $4
               and ($5 = '*' or $5 like '%|' || site || '/' || queue || '|%'
                    or $5 like '%|' || site || '/*|%' or $5 like '%|*/' || queue || '|%')
             order by coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id limit $3",
        ),
        Work::OwnedBy(_) => sql(
            "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
             from referral
             where status not in ('rejected', 'declined', 'cancelled', 'closed') and coalesce(owner, '') = $4
               and coalesce(deadline_at, '9999-12-31T00:00:00+00:00') >= $1
               and (coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id) > ($1, $2)
               and ($5 = '*' or $5 like '%|' || site || '/' || queue || '|%'
                    or $5 like '%|' || site || '/*|%' or $5 like '%|*/' || queue || '|%')
             order by coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id limit $3",
        ),
        Work::InStatus(_) => sql(
            "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
             from referral
             where status not in ('rejected', 'declined', 'cancelled', 'closed') and status = $4
               and coalesce(deadline_at, '9999-12-31T00:00:00+00:00') >= $1
               and (coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id) > ($1, $2)
               and ($5 = '*' or $5 like '%|' || site || '/' || queue || '|%'
                    or $5 like '%|' || site || '/*|%' or $5 like '%|*/' || queue || '|%')
             order by coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id limit $3",
        ),
    };
    let page = statement.bind(after.due).bind(after.id.clone()).bind(i64::from(limit));
    let statement = match work {
        Work::All => page.bind(NEVER),
        Work::OverdueAt(now) => page.bind(*now),
        Work::OwnedBy(owner) => page.bind(owner.as_ref().map_or("", UserId::as_str).to_owned()),
        Work::InStatus(status) => page.bind(*status),
    };
    let rows = statement.bind(reach.pattern()).fetch_all::<ReferralRow>(tx).await?;
    opened(tx, rows)
}

/// Open referrals past their deadline that were not escalated since it passed.
pub async fn overdue(tx: &mut Tx, now: DateTime<Utc>, limit: u32) -> Result<Vec<ReferralId>> {
    sql("select id from referral
         where status not in ('rejected', 'declined', 'cancelled', 'closed')
           and coalesce(deadline_at, '9999-12-31T00:00:00+00:00') < $1
           and (escalated_at is null or escalated_at < deadline_at)
         order by coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id limit $2")
    .bind(now)
    .bind(i64::from(limit))
    .fetch_scalars(tx)
    .await
}

pub async fn of_transmission(tx: &mut Tx, id: &TransmissionId) -> Result<Vec<ReferralId>> {
    sql("select id from referral where transmission_id = $1 order by id")
        .bind(id.clone())
        .fetch_scalars(tx)
        .await
}

/// How many are open, by status.
pub async fn count_open(tx: &mut Tx) -> Result<Vec<(StatusName, i64)>> {
    sql("select status, count(*) from referral
         where status not in ('rejected', 'declined', 'cancelled', 'closed') group by status")
    .fetch_all(tx)
    .await
}

/// How many have ended, by status. They only grow: over years of them this takes its time.
pub async fn count_ended(tx: &mut Tx) -> Result<Vec<(StatusName, i64)>> {
    sql("select status, count(*) from referral
         where status in ('rejected', 'declined', 'cancelled', 'closed') group by status")
    .fetch_all(tx)
    .await
}

pub(super) fn opened(tx: &Tx, rows: Vec<ReferralRow>) -> Result<Vec<Referral>> {
    rows.into_iter().map(|row| row.referral(tx)).collect()
}

pub async fn of_document(tx: &mut Tx, id: &DocumentId) -> Result<Option<ReferralId>> {
    sql("select id from referral where document_id = $1")
        .bind(id.clone())
        .fetch_optional_scalar(tx)
        .await
}

/// Referrals whose values a person has released, newest first. Those that stand before a person again are left out: what
/// they say may change yet.
pub async fn released_by_people(tx: &mut Tx, limit: u32) -> Result<Vec<Referral>> {
    let rows = sql(
        "select id, document_id, transmission_id, site, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
         from referral
         where status not in ('received', 'in_review', 'ready', 'information_requested', 'rejected')
           and exists (select 1 from referral_event
                       where referral_id = referral.id and action = 'release' and actor <> 'system')
         order by id desc limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all::<ReferralRow>(tx)
    .await?;
    opened(tx, rows)
}
