//! What referrers were asked for.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::{ObjectId, ReferralId, RequestId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

const TABLE: &str = "information_request";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InformationRequest {
    pub id: RequestId,
    pub referral: ReferralId,
    pub author: String,
    pub asked: Asked,
    pub letter: Option<ObjectId>,
    pub created_at: DateTime<Utc>,
}

/// The checklist as it was ticked, and what stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub items: Vec<String>,
    pub note: Option<String>,
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    id: RequestId,
    referral_id: ReferralId,
    author: String,
    asked_sealed: Vec<u8>,
    letter_object: Option<ObjectId>,
    created_at: DateTime<Utc>,
}

impl RequestRow {
    fn request(self, tx: &Tx) -> Result<InformationRequest> {
        Ok(InformationRequest {
            asked: tx.unseal_json(Cell::new(TABLE, self.id.as_str(), "asked_sealed"), &self.asked_sealed)?,
            id: self.id,
            referral: self.referral_id,
            author: self.author,
            letter: self.letter_object,
            created_at: self.created_at,
        })
    }
}

pub async fn insert(tx: &mut Tx, request: &InformationRequest) -> Result<()> {
    let cell = Cell::new(TABLE, request.id.as_str(), "asked_sealed");
    sql(
        "insert into information_request (id, referral_id, author, asked_sealed, letter_object, created_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(request.id.clone())
    .bind(request.referral.clone())
    .bind(request.author.clone())
    .bind(tx.seal_json(cell, &request.asked))
    .bind(request.letter.clone())
    .bind(request.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_letter(tx: &mut Tx, id: &RequestId, letter: &ObjectId) -> Result<()> {
    sql("update information_request set letter_object = $2 where id = $1")
        .bind(id.clone())
        .bind(letter.clone())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &RequestId) -> Result<Option<InformationRequest>> {
    sql("select id, referral_id, author, asked_sealed, letter_object, created_at from information_request where id = $1")
        .bind(id.clone())
        .fetch_optional::<RequestRow>(tx)
        .await?
        .map(|row| row.request(tx))
        .transpose()
}

/// Oldest first.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<InformationRequest>> {
    sql("select id, referral_id, author, asked_sealed, letter_object, created_at
         from information_request where referral_id = $1 order by created_at, id")
    .bind(referral.clone())
    .fetch_all::<RequestRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.request(tx))
    .collect()
}
