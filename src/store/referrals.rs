//! Referrals. Only `referrals::act` and its neighbours there write a status; here it is only stored.

use super::counts::count;
use super::{Cell, Error, Result, Tx, sql, sql_for};
use crate::domain::ids::{DirectoryId, DocumentId, ReferralId, TransmissionId, UserId};
use crate::domain::people::Role;
use crate::domain::referral::{Referral, Referrer, ReferrerBasis, Status, StatusName};
use crate::domain::sla::Urgency;
use chrono::{DateTime, Utc};

const TABLE: &str = "referral";

#[derive(sqlx::FromRow)]
struct ReferralRow {
    id: ReferralId,
    document_id: DocumentId,
    transmission_id: TransmissionId,
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

/// What a referral is found by without opening it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchKeys {
    /// The referrer's NPI.
    pub npi: Option<String>,
    /// The patient's birth date (ISO) and family name.
    pub patient: Option<(String, String)>,
}

impl SearchKeys {
    fn npi_index(&self, tx: &Tx) -> Option<Vec<u8>> {
        self.npi.as_ref().map(|npi| tx.keys().blind.index("referrer.npi", npi))
    }

    fn patient_index(&self, tx: &Tx) -> Option<Vec<u8>> {
        let (birth_date, family_name) = self.patient.as_ref()?;
        let normalised = format!("{birth_date} {}", family_name.to_lowercase());
        Some(tx.keys().blind.index("patient.birth_date+family_name", &normalised))
    }
}

pub async fn insert(tx: &mut Tx, referral: &Referral, keys: &SearchKeys) -> Result<()> {
    let row = referral.id.to_string();
    sql("insert into referral
           (id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner, queue,
            deadline_at, escalated_at, escalation_level, referrer, referrer_basis, npi_index, patient_index, version,
            created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)")
    .bind(referral.id.clone())
    .bind(referral.document.clone())
    .bind(referral.transmission.clone())
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
    .bind(keys.npi_index(tx))
    .bind(keys.patient_index(tx))
    .bind(referral.version as i64)
    .bind(referral.created_at)
    .bind(referral.updated_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Saves a changed referral under its next version. Gives false where another writer was faster.
pub async fn save(tx: &mut Tx, referral: &mut Referral, now: DateTime<Utc>) -> Result<bool> {
    let row = referral.id.to_string();
    let written = sql("update referral set
           status = $3, status_data_sealed = $4, status_since = $5, urgency = $6, owner = $7, queue = $8,
           deadline_at = $9, escalated_at = $10, escalation_level = $11, referrer = $12, referrer_basis = $13,
           version = version + 1, updated_at = $14
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
    .execute(tx)
    .await?;
    if written == 1 {
        referral.version += 1;
        referral.updated_at = now;
    }
    Ok(written == 1)
}

/// Renews what the referral is found by, after a correction.
pub async fn set_search_keys(tx: &mut Tx, id: &ReferralId, keys: &SearchKeys) -> Result<()> {
    sql("update referral set npi_index = $2, patient_index = $3 where id = $1")
        .bind(id.clone())
        .bind(keys.npi_index(tx))
        .bind(keys.patient_index(tx))
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &ReferralId) -> Result<Option<Referral>> {
    sql(
        "select id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner, queue,
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
        "select id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner, queue,
                deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at, updated_at
         from referral where id = $1",
        "select id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner, queue,
                deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at, updated_at
         from referral where id = $1 for update",
    )
    .bind(id.clone())
    .fetch_optional::<ReferralRow>(tx)
    .await?
    .map(|row| row.referral(tx))
    .transpose()
}

/// Newest first, of one status or of all; `before` is the last id of the page before.
pub async fn list(
    tx: &mut Tx,
    status: Option<StatusName>,
    before: Option<&ReferralId>,
    limit: u32,
) -> Result<Vec<Referral>> {
    let rows = sql(
        "select id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
         from referral
         where (cast($1 as text) is null or status = $1) and (cast($2 as text) is null or id < $2)
         order by id desc limit $3",
    )
    .bind(status)
    .bind(before.cloned())
    .bind(i64::from(limit))
    .fetch_all::<ReferralRow>(tx)
    .await?;
    opened(tx, rows)
}

/// Which part of the open work a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkFilter {
    pub queue: Option<Role>,
    pub status: Option<StatusName>,
    pub owner: Option<UserId>,
}

/// Open work: what is due first stands first, what nobody owes anything on stands last.
pub async fn work_list(tx: &mut Tx, filter: &WorkFilter, limit: u32) -> Result<Vec<Referral>> {
    let rows = sql(
        "select id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner,
                queue, deadline_at, escalated_at, escalation_level, referrer, referrer_basis, version, created_at,
                updated_at
         from referral
         where status not in ('rejected', 'declined', 'cancelled', 'closed')
           and (cast($1 as text) is null or queue = $1)
           and (cast($2 as text) is null or status = $2)
           and (cast($3 as text) is null or owner = $3)
         order by case when deadline_at is null then 1 else 0 end, deadline_at, id limit $4",
    )
    .bind(filter.queue)
    .bind(filter.status)
    .bind(filter.owner.clone())
    .bind(i64::from(limit))
    .fetch_all::<ReferralRow>(tx)
    .await?;
    opened(tx, rows)
}

/// Open referrals past their deadline that were not escalated since it passed.
pub async fn overdue(tx: &mut Tx, now: DateTime<Utc>, limit: u32) -> Result<Vec<ReferralId>> {
    sql("select id from referral
         where status not in ('rejected', 'declined', 'cancelled', 'closed')
           and deadline_at < $1 and (escalated_at is null or escalated_at < deadline_at)
         order by deadline_at, id limit $2")
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

pub async fn count_by_status(tx: &mut Tx) -> Result<Vec<(StatusName, i64)>> {
    sql("select status, count(*) from referral group by status")
        .fetch_all(tx)
        .await
}

fn opened(tx: &Tx, rows: Vec<ReferralRow>) -> Result<Vec<Referral>> {
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
        "select id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner,
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
