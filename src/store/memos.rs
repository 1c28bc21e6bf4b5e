//! Team notes of referrals, sealed.

use super::changes::Change;
use super::{Cell, Error, Result, Tx, sql};
use crate::domain::ids::{MemoId, ReferralId};
use crate::domain::memo::MemoText;
use chrono::{DateTime, Utc};

const TABLE: &str = "memo";
const TEXT: &str = "text_sealed";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memo {
    pub id: MemoId,
    pub referral: ReferralId,
    /// As [`Actor::reference`](crate::domain::people::Actor::reference) writes it.
    pub author: String,
    pub text: MemoText,
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct MemoRow {
    id: MemoId,
    referral_id: ReferralId,
    author: String,
    text_sealed: Vec<u8>,
    created_at: DateTime<Utc>,
}

impl MemoRow {
    fn memo(self, tx: &Tx) -> Result<Memo> {
        let text = tx.unseal_text(Cell::new(TABLE, self.id.as_str(), TEXT), &self.text_sealed)?;
        Ok(Memo {
            text: MemoText::parse(&text).map_err(|_| Error::inconsistent(TABLE, self.id.as_str(), TEXT))?,
            id: self.id,
            referral: self.referral_id,
            author: self.author,
            created_at: self.created_at,
        })
    }
}

pub async fn insert(tx: &mut Tx, memo: &Memo) -> Result<()> {
    let sealed = tx.seal(Cell::new(TABLE, memo.id.as_str(), TEXT), memo.text.as_str().as_bytes());
    sql("insert into memo (id, referral_id, author, text_sealed, created_at) values ($1, $2, $3, $4, $5)")
        .bind(memo.id.clone())
        .bind(memo.referral.clone())
        .bind(memo.author.clone())
        .bind(sealed)
        .bind(memo.created_at)
        .execute(tx)
        .await?;
    // Lists that somebody looks at show it at once.
    tx.changed(Change::Referral(memo.referral.clone()));
    Ok(())
}

/// Newest first.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId, limit: u32) -> Result<Vec<Memo>> {
    let rows: Vec<MemoRow> = sql("select id, referral_id, author, text_sealed, created_at from memo
         where referral_id = $1 order by created_at desc, id desc limit $2")
    .bind(referral.clone())
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|row| row.memo(tx)).collect()
}
