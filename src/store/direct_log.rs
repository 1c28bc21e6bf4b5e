//! The last Direct messages, in and out: for people who look whether mail goes, without what it says.

use super::messages::StoredEnvelope;
use super::{Cell, Result, Tx, sql};
use crate::domain::delivery::DeliveryState;
use crate::domain::ids::{MessageId, ReferralId, TransmissionId};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// A message that came.
pub struct Came {
    pub arrived_at: DateTime<Utc>,
    pub envelope: StoredEnvelope,
    /// `received`, `document`, `mdn` or `refused`.
    pub kind: String,
    pub transmission: Option<TransmissionId>,
}

/// The latest first.
pub async fn came(tx: &mut Tx, limit: i64) -> Result<Vec<Came>> {
    #[derive(FromRow)]
    struct Row {
        id: MessageId,
        kind: String,
        envelope_sealed: Vec<u8>,
        transmission_id: Option<TransmissionId>,
        arrived_at: DateTime<Utc>,
    }
    let rows: Vec<Row> = sql(
        "select id, kind, envelope_sealed, transmission_id, arrived_at from inbound_message
             order by arrived_at desc, id desc limit $1",
    )
    .bind(limit)
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let cell = Cell::new("inbound_message", row.id.as_str(), "envelope_sealed");
            Ok(Came {
                arrived_at: row.arrived_at,
                envelope: tx.unseal_json(cell, &row.envelope_sealed)?,
                kind: row.kind,
                transmission: row.transmission_id,
            })
        })
        .collect()
}

/// A letter that went, or is to go.
#[derive(FromRow)]
pub struct Went {
    pub created_at: DateTime<Utc>,
    pub address: Option<String>,
    pub state: DeliveryState,
    pub error: Option<String>,
    pub referral_id: ReferralId,
}

/// The latest first.
pub async fn went(tx: &mut Tx, limit: i64) -> Result<Vec<Went>> {
    sql(
        "select created_at, address, state, error, referral_id from delivery where channel = 'direct'
         order by created_at desc, id desc limit $1",
    )
    .bind(limit)
    .fetch_all(tx)
    .await
}
