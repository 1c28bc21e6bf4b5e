//! What partners reported about deliveries: each report once, also one that changed nothing.

use super::{Cell, Result, Tx, sql};
use crate::domain::delivery::{Effect, Reported};
use crate::domain::ids::{DeliveryId, MessageId, ReferralId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

const TABLE: &str = "delivery_report";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The message that brought it.
    pub message: MessageId,
    pub delivery: DeliveryId,
    pub event: Reported,
    pub effect: Effect,
    pub said: ReportSaid,
    pub received_at: DateTime<Utc>,
}

/// Who said it, and in which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSaid {
    /// The address that signed for it.
    pub sender: String,
    /// Of the report itself.
    pub message_id: String,
    /// SHA-256 of the signer's certificate.
    pub signer: String,
    /// The partner's own word, where it is none that we know.
    pub word: String,
    /// As `5.1.1`, of a bounce.
    pub status: Option<String>,
    /// Whether it vouches for the final destination.
    pub final_destination: bool,
}

#[derive(sqlx::FromRow)]
struct ReportRow {
    message_id: MessageId,
    delivery_id: DeliveryId,
    event: Reported,
    effect: Effect,
    said_sealed: Vec<u8>,
    received_at: DateTime<Utc>,
}

impl ReportRow {
    fn report(self, tx: &Tx) -> Result<DeliveryReport> {
        let cell = Cell::new(TABLE, self.message_id.as_str(), "said_sealed");
        Ok(DeliveryReport {
            said: tx.unseal_json(cell, &self.said_sealed)?,
            message: self.message_id,
            delivery: self.delivery_id,
            event: self.event,
            effect: self.effect,
            received_at: self.received_at,
        })
    }
}

pub async fn insert(tx: &mut Tx, report: &DeliveryReport) -> Result<()> {
    let cell = Cell::new(TABLE, report.message.as_str(), "said_sealed");
    let said = tx.seal_json(cell, &report.said);
    sql(
        "insert into delivery_report (message_id, delivery_id, event, effect, said_sealed, received_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(report.message.clone())
    .bind(report.delivery.clone())
    .bind(report.event)
    .bind(report.effect)
    .bind(said)
    .bind(report.received_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The oldest first.
pub async fn of_delivery(tx: &mut Tx, delivery: &DeliveryId) -> Result<Vec<DeliveryReport>> {
    sql("select message_id, delivery_id, event, effect, said_sealed, received_at
         from delivery_report where delivery_id = $1 order by received_at, message_id")
    .bind(delivery.clone())
    .fetch_all::<ReportRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.report(tx))
    .collect()
}

/// Of all deliveries of a referral. The oldest first.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<DeliveryReport>> {
    sql("select message_id, delivery_id, event, effect, said_sealed, received_at
         from delivery_report
         where delivery_id in (select id from delivery where referral_id = $1) order by received_at, message_id")
    .bind(referral.clone())
    .fetch_all::<ReportRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.report(tx))
    .collect()
}
