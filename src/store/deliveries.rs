//! Deliveries of notes and requests: each attempt with its channel, its state and its proof.

use super::{Cell, Error, Result, Tx, sql};
use crate::domain::delivery::{Channel, DeliveryState, Form, Purpose};
use crate::domain::ids::{DeliveryId, NoteId, ReferralId, RequestId};
use chrono::{DateTime, Utc};

const TABLE: &str = "delivery";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub id: DeliveryId,
    pub referral: ReferralId,
    pub purpose: Purpose,
    pub channel: Channel,
    pub state: DeliveryState,
    /// The Direct address that it goes to.
    pub address: Option<String>,
    /// Unique, and the same over all retries of this delivery.
    pub message_id: Option<String>,
    /// A code.
    pub error: Option<String>,
    /// What proves the arrival: a line of the MDN, or what the person wrote who handed it over.
    pub proof: Option<String>,
    pub form: Option<Form>,
    pub handed_over: Option<HandedOver>,
    pub created_at: DateTime<Utc>,
    /// When it began to be handed over, then when it was taken.
    pub submitted_at: Option<DateTime<Utc>>,
    pub processed_at: Option<DateTime<Utc>>,
    pub dispatched_at: Option<DateTime<Utc>>,
    /// Since it has its final word; nothing that comes later changes it.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What went out, told so that it can be proven. All three are SHA-256 in lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Of the whole sealed message.
    pub digest: String,
    /// Of the recipient's certificate.
    pub encrypted_to: String,
    /// Of our certificate.
    pub signed_by: String,
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    id: DeliveryId,
    referral_id: ReferralId,
    note_id: Option<NoteId>,
    request_id: Option<RequestId>,
    channel: Channel,
    state: DeliveryState,
    address: Option<String>,
    message_id: Option<String>,
    error: Option<String>,
    proof_sealed: Option<Vec<u8>>,
    form: Option<Form>,
    digest: Option<String>,
    encrypted_to: Option<String>,
    signed_by: Option<String>,
    created_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    processed_at: Option<DateTime<Utc>>,
    dispatched_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl DeliveryRow {
    fn delivery(self, tx: &Tx) -> Result<Delivery> {
        let purpose = match (self.note_id, self.request_id) {
            (Some(note), _) => Purpose::Note(note),
            (None, Some(request)) => Purpose::Request(request),
            (None, None) => return Err(Error::inconsistent(TABLE, self.id.as_str(), "note_id")),
        };
        Ok(Delivery {
            proof: match &self.proof_sealed {
                Some(sealed) => Some(tx.unseal_json(Cell::new(TABLE, self.id.as_str(), "proof_sealed"), sealed)?),
                None => None,
            },
            id: self.id,
            referral: self.referral_id,
            purpose,
            channel: self.channel,
            state: self.state,
            address: self.address,
            message_id: self.message_id,
            error: self.error,
            form: self.form,
            handed_over: match (self.digest, self.encrypted_to, self.signed_by) {
                (Some(digest), Some(encrypted_to), Some(signed_by)) => Some(HandedOver {
                    digest,
                    encrypted_to,
                    signed_by,
                }),
                _ => None,
            },
            created_at: self.created_at,
            submitted_at: self.submitted_at,
            processed_at: self.processed_at,
            dispatched_at: self.dispatched_at,
            ended_at: self.ended_at,
        })
    }
}

fn sealed_proof(tx: &Tx, delivery: &Delivery) -> Option<Vec<u8>> {
    let cell = Cell::new(TABLE, delivery.id.as_str(), "proof_sealed");
    delivery.proof.as_ref().map(|proof| tx.seal_json(cell, proof))
}

pub async fn insert(tx: &mut Tx, delivery: &Delivery) -> Result<()> {
    let (note, request) = match &delivery.purpose {
        Purpose::Note(note) => (Some(note.clone()), None),
        Purpose::Request(request) => (None, Some(request.clone())),
    };
    sql("insert into delivery
           (id, referral_id, note_id, request_id, channel, state, address, message_id, error, proof_sealed, created_at,
            submitted_at, processed_at, dispatched_at, ended_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
    .bind(delivery.id.clone())
    .bind(delivery.referral.clone())
    .bind(note)
    .bind(request)
    .bind(delivery.channel)
    .bind(delivery.state)
    .bind(delivery.address.clone())
    .bind(delivery.message_id.clone())
    .bind(delivery.error.clone())
    .bind(sealed_proof(tx, delivery))
    .bind(delivery.created_at)
    .bind(delivery.submitted_at)
    .bind(delivery.processed_at)
    .bind(delivery.dispatched_at)
    .bind(delivery.ended_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes state, error, proof and times; who, what and where to never change.
pub async fn save(tx: &mut Tx, delivery: &Delivery) -> Result<()> {
    let handed_over = delivery.handed_over.as_ref();
    sql(
        "update delivery set state = $2, error = $3, proof_sealed = $4, submitted_at = $5, processed_at = $6,
                dispatched_at = $7, ended_at = $8, form = $9, digest = $10, encrypted_to = $11, signed_by = $12
         where id = $1",
    )
    .bind(delivery.id.clone())
    .bind(delivery.state)
    .bind(delivery.error.clone())
    .bind(sealed_proof(tx, delivery))
    .bind(delivery.submitted_at)
    .bind(delivery.processed_at)
    .bind(delivery.dispatched_at)
    .bind(delivery.ended_at)
    .bind(delivery.form)
    .bind(handed_over.map(|handed| handed.digest.clone()))
    .bind(handed_over.map(|handed| handed.encrypted_to.clone()))
    .bind(handed_over.map(|handed| handed.signed_by.clone()))
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &DeliveryId) -> Result<Option<Delivery>> {
    sql(
        "select id, referral_id, note_id, request_id, channel, state, address, message_id, error, proof_sealed, form,
                digest, encrypted_to, signed_by, created_at, submitted_at, processed_at, dispatched_at, ended_at
         from delivery where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<DeliveryRow>(tx)
    .await?
    .map(|row| row.delivery(tx))
    .transpose()
}

/// As [`find`], and keeps others from changing it until the transaction ends: two reports may come at the same time.
pub async fn find_to_change(tx: &mut Tx, id: &DeliveryId) -> Result<Option<Delivery>> {
    // An update that changes nothing locks the row on PostgreSQL; SQLite has one writer anyway.
    sql("update delivery set state = state where id = $1
         returning id, referral_id, note_id, request_id, channel, state, address, message_id, error, proof_sealed, form,
                digest, encrypted_to, signed_by, created_at, submitted_at, processed_at, dispatched_at, ended_at")
    .bind(id.clone())
    .fetch_optional::<DeliveryRow>(tx)
    .await?
    .map(|row| row.delivery(tx))
    .transpose()
}

pub async fn find_by_message_id(tx: &mut Tx, message_id: &str) -> Result<Option<Delivery>> {
    sql(
        "select id, referral_id, note_id, request_id, channel, state, address, message_id, error, proof_sealed, form,
                digest, encrypted_to, signed_by, created_at, submitted_at, processed_at, dispatched_at, ended_at
         from delivery where message_id = $1",
    )
    .bind(message_id.to_owned())
    .fetch_optional::<DeliveryRow>(tx)
    .await?
    .map(|row| row.delivery(tx))
    .transpose()
}

/// Oldest first.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<Delivery>> {
    sql(
        "select id, referral_id, note_id, request_id, channel, state, address, message_id, error, proof_sealed, form,
                digest, encrypted_to, signed_by, created_at, submitted_at, processed_at, dispatched_at, ended_at
         from delivery where referral_id = $1 order by created_at, id",
    )
    .bind(referral.clone())
    .fetch_all::<DeliveryRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.delivery(tx))
    .collect()
}

/// Last attempts that failed, or of which nobody knows, of referrals whose note or request still has to arrive. Oldest first.
pub async fn failed(tx: &mut Tx, limit: u32) -> Result<Vec<Delivery>> {
    sql(
        "select id, referral_id, note_id, request_id, channel, state, address, message_id, error, proof_sealed, form,
                digest, encrypted_to, signed_by, created_at, submitted_at, processed_at, dispatched_at, ended_at
         from delivery
         where state in ('failed', 'uncertain')
           and not exists (select 1 from delivery later
                           where later.referral_id = delivery.referral_id
                             and (later.created_at > delivery.created_at
                                  or (later.created_at = delivery.created_at and later.id > delivery.id)))
           and exists (select 1 from referral
                       where referral.id = delivery.referral_id and referral.status in ('note_ready', 'note_sent', 'information_requested'))
         order by created_at, id limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all::<DeliveryRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.delivery(tx))
    .collect()
}

/// Direct deliveries without a final word whose time is over: handed over before `processed_before` and not processed, or
/// before `dispatched_before` at all. The oldest first.
pub async fn overdue(
    tx: &mut Tx,
    processed_before: DateTime<Utc>,
    dispatched_before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<DeliveryId>> {
    sql("select id from delivery
         where channel = 'direct' and ended_at is null and state <> 'queued'
           and ((processed_at is null and submitted_at < $1) or submitted_at < $2)
         order by submitted_at, id limit $3")
    .bind(processed_before)
    .bind(dispatched_before)
    .bind(i64::from(limit))
    .fetch_scalars(tx)
    .await
}
