//! Which documents may go, and which must stay.

use super::sealed::Cell;
use super::{Result, Tx, sql};
use crate::domain::ids::{LegalHoldId, ObjectId, TransmissionId};
use crate::domain::object::ObjectKind;
use crate::domain::retention::RetentionClass;
use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalHold {
    pub id: LegalHoldId,
    pub transmission: TransmissionId,
    pub reason: String,
    pub placed_at: DateTime<Utc>,
}

/// What of this class arrived before `before` and may be destroyed: worked through, under no hold, its referrals ended. The oldest
/// first.
pub async fn expired(
    tx: &mut Tx,
    class: RetentionClass,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<TransmissionId>> {
    let [first, second, third, fourth] = kinds(class);
    sql("select transmission.id from transmission
         where arrived_at < $1 and stage in ('done', 'quarantined')
             and not exists (select 1 from legal_hold
                 where legal_hold.transmission_id = transmission.id and lifted_at is null)
             and not exists (select 1 from referral where referral.transmission_id = transmission.id
                 and status not in ('rejected', 'declined', 'cancelled', 'closed'))
             and exists (select 1 from object_of_transmission as part
                 join object on object.id = part.object_id
                 where part.transmission_id = transmission.id and object.shredded_at is null
                     and object.kind in ($2, $3, $4, $5))
         order by arrived_at, transmission.id limit $6")
    .bind(before)
    .bind(first)
    .bind(second)
    .bind(third)
    .bind(fourth)
    .bind(limit)
    .fetch_scalars(tx)
    .await
}

/// The objects of a transmission that still open, with their kinds.
pub async fn objects_of(tx: &mut Tx, id: &TransmissionId) -> Result<Vec<(ObjectId, ObjectKind)>> {
    #[derive(sqlx::FromRow)]
    struct Part {
        id: ObjectId,
        kind: ObjectKind,
    }
    let parts: Vec<Part> = sql(
        "select distinct object.id, object.kind from object_of_transmission as part
         join object on object.id = part.object_id
         where part.transmission_id = $1 and object.shredded_at is null order by object.id",
    )
    .bind(id)
    .fetch_all(tx)
    .await?;
    Ok(parts.into_iter().map(|part| (part.id, part.kind)).collect())
}

/// Whether a referral of it is still being worked on.
pub async fn is_open(tx: &mut Tx, id: &TransmissionId) -> Result<bool> {
    let open: i64 = sql("select count(*) from referral
         where transmission_id = $1 and status not in ('rejected', 'declined', 'cancelled', 'closed')")
    .bind(id)
    .fetch_scalar(tx)
    .await?;
    Ok(open > 0)
}

/// `false` where a hold stands already.
pub async fn place_hold(tx: &mut Tx, hold: &LegalHold) -> Result<bool> {
    let reason = tx.seal(
        Cell::new("legal_hold", hold.id.as_str(), "reason_sealed"),
        hold.reason.as_bytes(),
    );
    let placed = sql(
        "insert into legal_hold (id, transmission_id, reason_sealed, placed_at) values ($1, $2, $3, $4)
         on conflict do nothing",
    )
    .bind(&hold.id)
    .bind(&hold.transmission)
    .bind(reason)
    .bind(hold.placed_at)
    .execute(tx)
    .await?;
    Ok(placed == 1)
}

/// `false` where none stood.
pub async fn lift_hold(tx: &mut Tx, id: &TransmissionId, now: DateTime<Utc>) -> Result<bool> {
    let lifted = sql("update legal_hold set lifted_at = $2 where transmission_id = $1 and lifted_at is null")
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(lifted == 1)
}

#[derive(sqlx::FromRow)]
struct HoldRow {
    id: LegalHoldId,
    transmission_id: TransmissionId,
    reason_sealed: Vec<u8>,
    placed_at: DateTime<Utc>,
}

impl HoldRow {
    fn hold(self, tx: &Tx) -> Result<LegalHold> {
        let cell = Cell::new("legal_hold", self.id.as_str(), "reason_sealed");
        Ok(LegalHold {
            reason: tx.unseal_text(cell, &self.reason_sealed)?,
            id: self.id,
            transmission: self.transmission_id,
            placed_at: self.placed_at,
        })
    }
}

/// Those that stand, the oldest first.
pub async fn holds(tx: &mut Tx) -> Result<Vec<LegalHold>> {
    let rows: Vec<HoldRow> = sql("select id, transmission_id, reason_sealed, placed_at from legal_hold
         where lifted_at is null order by placed_at, id")
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|row| row.hold(tx)).collect()
}

pub async fn is_held(tx: &mut Tx, id: &TransmissionId) -> Result<bool> {
    let holds: i64 = sql("select count(*) from legal_hold where transmission_id = $1 and lifted_at is null")
        .bind(id)
        .fetch_scalar(tx)
        .await?;
    Ok(holds > 0)
}

/// The kinds of a class, the last one repeated: a statement has a fixed number of places.
fn kinds(class: RetentionClass) -> [ObjectKind; 4] {
    let of_class = |kind: &ObjectKind| RetentionClass::of(*kind) == class;
    let kinds: Vec<ObjectKind> = ObjectKind::ALL.into_iter().filter(of_class).collect();
    std::array::from_fn(|at| kinds[at.min(kinds.len() - 1)])
}
