//! Entries of the directory that were made one, so that it can be undone; and what people said are two.

use super::{Result, Tx, sql};
use crate::domain::ids::{DirectoryId, MergeId};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Merge {
    pub id: MergeId,
    pub survivor: DirectoryId,
    pub loser: DirectoryId,
    /// The survivor's after it: what was merged later has a greater one.
    pub version: i64,
    /// Both entries with their contacts as they were, JSON.
    pub before: String,
    pub merged_by: String,
    pub merged_at: DateTime<Utc>,
    pub undone_by: Option<String>,
    pub undone_at: Option<DateTime<Utc>>,
}

pub async fn insert(tx: &mut Tx, merge: &Merge) -> Result<()> {
    sql(
        "insert into directory_merge (id, survivor, loser, version, before, merged_by, merged_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(merge.id.clone())
    .bind(merge.survivor.clone())
    .bind(merge.loser.clone())
    .bind(merge.version)
    .bind(merge.before.clone())
    .bind(merge.merged_by.clone())
    .bind(merge.merged_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &MergeId) -> Result<Option<Merge>> {
    sql(
        "select id, survivor, loser, version, before, merged_by, merged_at, undone_by, undone_at
         from directory_merge where id = $1",
    )
    .bind(id.clone())
    .fetch_optional(tx)
    .await
}

/// Merges that an entry had a part in, newest first.
pub async fn of_entry(tx: &mut Tx, entry: &DirectoryId) -> Result<Vec<Merge>> {
    sql(
        "select id, survivor, loser, version, before, merged_by, merged_at, undone_by, undone_at
         from directory_merge where survivor = $1 or loser = $1 order by merged_at desc, version desc",
    )
    .bind(entry.clone())
    .fetch_all(tx)
    .await
}

/// A merge that stands on top of this one: into the same survivor, after it.
pub async fn on_top_of(tx: &mut Tx, merge: &Merge) -> Result<Option<MergeId>> {
    sql("select id from directory_merge
         where survivor = $1 and version > $2 and undone_at is null order by version desc limit 1")
    .bind(merge.survivor.clone())
    .bind(merge.version)
    .fetch_optional_scalar(tx)
    .await
}

/// Says whether it still stood.
pub async fn set_undone(tx: &mut Tx, id: &MergeId, by: &str, now: DateTime<Utc>) -> Result<bool> {
    let written = sql("update directory_merge set undone_by = $2, undone_at = $3 where id = $1 and undone_at is null")
        .bind(id.clone())
        .bind(by.to_owned())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Referrals of the loser follow to the survivor, and it is written down which they are. Gives how many.
pub async fn move_referrals(tx: &mut Tx, merge: &Merge) -> Result<u64> {
    sql("insert into directory_merge_referral (merge_id, referral_id)
         select cast($1 as text), id from referral where referrer = $2")
    .bind(merge.id.clone())
    .bind(merge.loser.clone())
    .execute(tx)
    .await?;
    sql(
        "update referral set referrer = $3, version = version + 1, updated_at = $4
         where referrer = $2 and id in (select referral_id from directory_merge_referral where merge_id = $1)",
    )
    .bind(merge.id.clone())
    .bind(merge.loser.clone())
    .bind(merge.survivor.clone())
    .bind(merge.merged_at)
    .execute(tx)
    .await
}

/// What followed goes back, but for those that got another referrer meanwhile.
pub async fn move_back(tx: &mut Tx, merge: &Merge, now: DateTime<Utc>) -> Result<u64> {
    sql(
        "update referral set referrer = $2, version = version + 1, updated_at = $4
         where referrer = $3 and id in (select referral_id from directory_merge_referral where merge_id = $1)",
    )
    .bind(merge.id.clone())
    .bind(merge.loser.clone())
    .bind(merge.survivor.clone())
    .bind(now)
    .execute(tx)
    .await
}

/// Remembers that two entries are not the same.
pub async fn put_apart(tx: &mut Tx, pair: [&DirectoryId; 2], by: &str, now: DateTime<Utc>) -> Result<()> {
    let [one, other] = pair;
    sql(
        "insert into directory_apart (one, other, decided_by, decided_at) values ($1, $2, $3, $4)
         on conflict (one, other) do nothing",
    )
    .bind(one.min(other).clone())
    .bind(one.max(other).clone())
    .bind(by.to_owned())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// All pairs that somebody told apart, the smaller id first. Of an entry that was merged, the one that stands for it now: what
/// is not the same as a part is not the same as the whole, and after an undo each has its own again.
pub async fn apart(tx: &mut Tx) -> Result<BTreeSet<(DirectoryId, DirectoryId)>> {
    let said: Vec<(DirectoryId, DirectoryId)> = sql("select one, other from directory_apart").fetch_all(tx).await?;
    let merged: Vec<(DirectoryId, DirectoryId)> =
        sql("select id, merged_into from directory_entry where merged_into is not null")
            .fetch_all(tx)
            .await?;
    let merged: HashMap<_, _> = merged.into_iter().collect();
    let standing = |mut id: DirectoryId| {
        while let Some(into) = merged.get(&id) {
            id.clone_from(into);
        }
        id
    };
    let pairs = said.into_iter().map(|(one, other)| (standing(one), standing(other)));
    let pairs = pairs.filter(|(one, other)| one != other);
    Ok(pairs
        .map(|(one, other)| if one < other { (one, other) } else { (other, one) })
        .collect())
}
