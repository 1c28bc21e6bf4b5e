//! What the initiator of a closed-loop referral calls it, and what it said of it later.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::domain::order::{OrderMessageKind, OrderNumber, OrderWords, ReferralOrder};
use chrono::{DateTime, Utc};

const ORDER: &str = "referral_order";
const MESSAGE: &str = "order_message";

/// A later message about a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderMessage {
    pub transmission: TransmissionId,
    pub referral: ReferralId,
    pub kind: OrderMessageKind,
    pub words: OrderWords,
    pub arrived_at: DateTime<Utc>,
}

fn number_index(tx: &Tx, number: &OrderNumber) -> Vec<u8> {
    // Of the authority's length first: no two pairs share a text.
    let text = format!("{} {} {}", number.authority.len(), number.authority, number.id);
    tx.keys().blind.index("referral_order.number", &text)
}

/// Keeps a referral's order. Gives false where the number is another's already.
pub async fn insert(tx: &mut Tx, referral: &ReferralId, order: &ReferralOrder, now: DateTime<Utc>) -> Result<bool> {
    let index = number_index(tx, &order.number);
    let written = sql(
        "insert into referral_order (referral_id, number_index, order_sealed, created_at) values ($1, $2, $3, $4)
         on conflict do nothing",
    )
    .bind(referral.clone())
    .bind(index)
    .bind(tx.seal_json(Cell::new(ORDER, referral.as_str(), "order_sealed"), order))
    .bind(now)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

/// The order of a referral, where it came with one.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Option<ReferralOrder>> {
    let sealed: Option<Vec<u8>> = sql("select order_sealed from referral_order where referral_id = $1")
        .bind(referral.clone())
        .fetch_optional_scalar(tx)
        .await?;
    sealed
        .map(|sealed| tx.unseal_json(Cell::new(ORDER, referral.as_str(), "order_sealed"), &sealed))
        .transpose()
}

/// The referral that its initiator calls so.
pub async fn find(tx: &mut Tx, number: &OrderNumber) -> Result<Option<ReferralId>> {
    let index = number_index(tx, number);
    sql("select referral_id from referral_order where number_index = $1")
        .bind(index)
        .fetch_optional_scalar(tx)
        .await
}

/// Keeps a later message, once.
pub async fn add_message(tx: &mut Tx, message: &OrderMessage) -> Result<()> {
    let row = message.transmission.to_string();
    sql(
        "insert into order_message (transmission_id, referral_id, kind, said_sealed, arrived_at)
         values ($1, $2, $3, $4, $5) on conflict (transmission_id) do nothing",
    )
    .bind(message.transmission.clone())
    .bind(message.referral.clone())
    .bind(message.kind)
    .bind(tx.seal_json(Cell::new(MESSAGE, &row, "said_sealed"), &message.words))
    .bind(message.arrived_at)
    .execute(tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    transmission_id: TransmissionId,
    referral_id: ReferralId,
    kind: OrderMessageKind,
    said_sealed: Vec<u8>,
    arrived_at: DateTime<Utc>,
}

/// Oldest first.
pub async fn messages(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<OrderMessage>> {
    let rows: Vec<MessageRow> = sql(
        "select transmission_id, referral_id, kind, said_sealed, arrived_at from order_message
         where referral_id = $1 order by arrived_at, transmission_id",
    )
    .bind(referral.clone())
    .fetch_all(tx)
    .await?;
    let message = |row: MessageRow| -> Result<OrderMessage> {
        let cell = Cell::new(MESSAGE, row.transmission_id.as_str(), "said_sealed");
        Ok(OrderMessage {
            words: tx.unseal_json(cell, &row.said_sealed)?,
            transmission: row.transmission_id,
            referral: row.referral_id,
            kind: row.kind,
            arrived_at: row.arrived_at,
        })
    };
    rows.into_iter().map(message).collect()
}
