//! Who reviews which referral just now. A claim holds until its time is over; one that lies in the past is as good as none.

use super::changes::Change;
use super::{Result, Tx, sql};
use crate::domain::ids::{ClaimId, ReferralId, UserId};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Claim {
    /// The opening of the page that holds it.
    pub id: ClaimId,
    #[sqlx(rename = "referral_id")]
    pub referral: ReferralId,
    #[sqlx(rename = "user_id")]
    pub user: UserId,
    /// The user's.
    pub name: String,
    pub taken_at: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// Takes what nobody holds, and says whether it did. One statement: of two at once, the later one waits and then finds the other's.
pub async fn take(
    tx: &mut Tx,
    id: &ClaimId,
    referral: &ReferralId,
    user: &UserId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    let written = sql(
        "insert into claim (referral_id, id, user_id, taken_at, until) values ($1, $2, $3, $4, $5)
         on conflict (referral_id) do update set id = excluded.id, user_id = excluded.user_id,
             taken_at = excluded.taken_at, until = excluded.until
         where claim.until <= excluded.taken_at",
    )
    .bind(referral.clone())
    .bind(id.clone())
    .bind(user.clone())
    .bind(now)
    .bind(until)
    .execute(tx)
    .await?;
    if written == 1 {
        tx.changed(Change::Referral(referral.clone()));
    }
    Ok(written == 1)
}

/// Lets a person's own claim last longer, and says whether they had one. The latest opening of the page holds it from now on.
pub async fn extend(
    tx: &mut Tx,
    id: &ClaimId,
    referral: &ReferralId,
    user: &UserId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    let written = sql("update claim set id = $2, until = $5 where referral_id = $1 and user_id = $3 and until > $4")
        .bind(referral.clone())
        .bind(id.clone())
        .bind(user.clone())
        .bind(now)
        .bind(until)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Takes it from whoever holds it.
pub async fn take_over(
    tx: &mut Tx,
    id: &ClaimId,
    referral: &ReferralId,
    user: &UserId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    end(tx, referral).await?;
    take(tx, id, referral, user, now, until).await?;
    Ok(())
}

/// Whoever reviews the referral just now.
pub async fn find(tx: &mut Tx, referral: &ReferralId, now: DateTime<Utc>) -> Result<Option<Claim>> {
    sql(
        "select claim.id, claim.referral_id, claim.user_id, user_account.name, claim.taken_at, claim.until
         from claim join user_account on user_account.id = claim.user_id
         where claim.referral_id = $1 and claim.until > $2",
    )
    .bind(referral.clone())
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// All that is being reviewed just now: no more than people sit there.
pub async fn live(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<Claim>> {
    sql(
        "select claim.id, claim.referral_id, claim.user_id, user_account.name, claim.taken_at, claim.until
         from claim join user_account on user_account.id = claim.user_id
         where claim.until > $1 order by claim.referral_id",
    )
    .bind(now)
    .fetch_all(tx)
    .await
}

/// Ends it, whoever has it.
pub async fn end(tx: &mut Tx, referral: &ReferralId) -> Result<()> {
    let ended = sql("delete from claim where referral_id = $1")
        .bind(referral.clone())
        .execute(tx)
        .await?;
    if ended > 0 {
        tx.changed(Change::Referral(referral.clone()));
    }
    Ok(())
}

/// Ends what this opening of the page holds; a later one of the same person goes on.
pub async fn leave(tx: &mut Tx, id: &ClaimId, referral: &ReferralId, user: &UserId) -> Result<()> {
    let ended = sql("delete from claim where referral_id = $1 and id = $2 and user_id = $3")
        .bind(referral.clone())
        .bind(id.clone())
        .bind(user.clone())
        .execute(tx)
        .await?;
    if ended > 0 {
        tx.changed(Change::Referral(referral.clone()));
    }
    Ok(())
}

/// Ends all that one person holds.
pub async fn end_all(tx: &mut Tx, user: &UserId) -> Result<()> {
    let ended = sql("delete from claim where user_id = $1")
        .bind(user.clone())
        .execute(tx)
        .await?;
    if ended > 0 {
        tx.changed(Change::Desk);
    }
    Ok(())
}
