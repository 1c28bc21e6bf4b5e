//! Certain values that a person is to look at, since too few of the same origin were found right so far.

use super::{Result, Tx, sql};
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use std::collections::BTreeSet;

pub async fn insert(tx: &mut Tx, referral: &ReferralId, keys: &BTreeSet<FieldKey>) -> Result<()> {
    for key in keys {
        sql("insert into value_on_probation (referral_id, key) values ($1, $2)")
            .bind(referral.clone())
            .bind(key.clone())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The fields of a referral that were on probation when it arrived.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeSet<FieldKey>> {
    let keys: Vec<FieldKey> = sql("select key from value_on_probation where referral_id = $1")
        .bind(referral.clone())
        .fetch_scalars(tx)
        .await?;
    Ok(keys.into_iter().collect())
}

/// These, with the fields that people check on every referral just now, in one way to the database.
pub async fn with_held(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeSet<FieldKey>> {
    let keys: Vec<FieldKey> = sql("select key from value_on_probation where referral_id = $1
         union select key from watched_field where held_at is not null")
    .bind(referral.clone())
    .fetch_scalars(tx)
    .await?;
    Ok(keys.into_iter().collect())
}

/// How many referrals waited for a person for no other reason.
pub async fn count_referrals(tx: &mut Tx) -> Result<i64> {
    sql("select count(distinct referral_id) from value_on_probation")
        .fetch_scalar(tx)
        .await
}
