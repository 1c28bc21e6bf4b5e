//! The blind sample: referrals that would have gone straight through and were given to a reviewer instead. What is read
//! here must never reach a reviewer's screen or API, but for the fields that a person is asked to look at.

use super::{Result, Tx, sql};
use crate::domain::clinic::SamplePercent;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use std::collections::BTreeSet;

const PURPOSE: &str = "automation.sample";

/// What the draw decides about one referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    pub is_sampled: bool,
    /// The fields that the desk would ask a person to look at.
    pub asked: BTreeSet<FieldKey>,
}

/// The same for a referral however often it is asked, and unknown to who doesn't have the installation's key.
pub fn draw(tx: &Tx, percent: SamplePercent, referral: &ReferralId, critical: &[FieldKey]) -> Draw {
    let number = |about: &str| {
        let index = tx.keys().blind.index(PURPOSE, &format!("{referral} {about}"));
        let bytes = index.first_chunk::<8>().expect("an index is longer than 8 bytes");
        u64::from_be_bytes(*bytes)
    };
    let mut keys = critical.to_vec();
    keys.sort_by_key(|key| number(key.as_str()));
    // As many as are in doubt on most forms.
    keys.truncate(1 + (number("how many") % 3) as usize);
    Draw {
        is_sampled: percent.takes(number("whether")),
        asked: keys.into_iter().collect(),
    }
}

pub async fn insert(
    tx: &mut Tx,
    referral: &ReferralId,
    share: SamplePercent,
    asked: &BTreeSet<FieldKey>,
    now: DateTime<Utc>,
) -> Result<()> {
    sql("insert into blind_sample (referral_id, share, asked, drawn_at) values ($1, $2, $3, $4)")
        .bind(referral.clone())
        .bind(i64::from(share.hundredths()))
        .bind(Json(asked.clone()))
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The fields that a person is asked to look at, where the referral is of the sample.
pub async fn asked(tx: &mut Tx, referral: &ReferralId) -> Result<Option<BTreeSet<FieldKey>>> {
    let asked: Option<Json<BTreeSet<FieldKey>>> = sql("select asked from blind_sample where referral_id = $1")
        .bind(referral.clone())
        .fetch_optional_scalar(tx)
        .await?;
    Ok(asked.map(|Json(asked)| asked))
}
