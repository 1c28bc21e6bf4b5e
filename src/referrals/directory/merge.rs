//! Two entries become one, and can become two again: nothing of either is lost, and the referrals follow.

use super::noted;
use crate::domain::ids::{DirectoryId, MergeId};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::store::directory::Entry;
use crate::store::directory_contacts::{self as contacts, Contact};
use crate::store::directory_merges::{self as merges, Merge};
use crate::store::{self, Db, Tx};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("there is no such entry")]
    NotFound,
    #[error("an entry can't be merged with itself")]
    Same,
    #[error("one of the two was merged into another entry already; load the page again")]
    Gone,
    #[error("the two have different NPIs, so they are two people")]
    TwoNpis,
    #[error("somebody changed one of the two in the meantime; load the page again and compare anew")]
    Stale,
    #[error("there is no such merge")]
    NoSuchMerge,
    #[error("this merge was undone already")]
    Undone,
    #[error("a later merge (`{0}`) stands on top of this one; undo that one first")]
    OnTop(MergeId),
    #[error("the entry was itself merged into another one since; undo that first")]
    Further,
    #[error(
        "the entry was changed since, which undoing would lose; take that change back or change both entries by hand"
    )]
    Changed,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What a merge or its undoing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub id: MergeId,
    pub survivor: DirectoryId,
    pub loser: DirectoryId,
    /// How many referrals followed.
    pub referrals: u64,
}

/// Both entries as they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Before {
    survivor: Entry,
    survivor_contacts: Vec<Contact>,
    loser: Entry,
    loser_contacts: Vec<Contact>,
}

impl Before {
    /// The survivor with what it lacked.
    fn merged(&self) -> Entry {
        let (survivor, loser) = (self.survivor.clone(), &self.loser);
        Entry {
            name: survivor.name.or_else(|| loser.name.clone()),
            organization: survivor.organization.or_else(|| loser.organization.clone()),
            npi: survivor.npi.or_else(|| loser.npi.clone()),
            phone: survivor.phone.or_else(|| loser.phone.clone()),
            fax: survivor.fax.or_else(|| loser.fax.clone()),
            station_id: survivor.station_id.or_else(|| loser.station_id.clone()),
            direct_address: survivor.direct_address.or_else(|| loser.direct_address.clone()),
            specialty: survivor.specialty.or_else(|| loser.specialty.clone()),
            ..survivor
        }
    }

    /// The survivor's contacts with all of the loser's. What either has verified is verified.
    fn merged_contacts(&self) -> Vec<Contact> {
        let mut all = self.survivor_contacts.clone();
        for theirs in &self.loser_contacts {
            let taken = Contact {
                entry: self.survivor.id.clone(),
                ..theirs.clone()
            };
            match all.iter_mut().find(|ours| ours.is_same(theirs)) {
                Some(ours) if !ours.is_verified() => {
                    *ours = Contact {
                        source: ours.source,
                        created_at: ours.created_at,
                        ..taken
                    };
                }
                Some(_) => {}
                None => all.push(taken),
            }
        }
        all
    }
}

/// Merges `loser` into `survivor`. `expected` are the versions that were compared, in this order.
pub async fn merge(
    db: &Db,
    actor: &Actor,
    (survivor, loser): (&DirectoryId, &DirectoryId),
    expected: Option<[i64; 2]>,
    now: DateTime<Utc>,
) -> Result<Merged, MergeError> {
    authorize(actor, Permission::EditDirectory, Resource::Installation)?;
    if survivor == loser {
        return Err(MergeError::Same);
    }
    let mut tx = db.begin().await?;
    let before = both(&mut tx, survivor, loser).await?;
    if before.survivor.merged_into.is_some() || before.loser.merged_into.is_some() {
        return Err(MergeError::Gone);
    }
    if expected.is_some_and(|expected| expected != [before.survivor.version, before.loser.version]) {
        return Err(MergeError::Stale);
    }
    if matches!((&before.survivor.npi, &before.loser.npi), (Some(npi), Some(other)) if npi != other) {
        return Err(MergeError::TwoNpis);
    }
    let mut merged = before.merged();
    merged.updated_at = now;
    let record = Merge {
        id: MergeId::new(now),
        survivor: survivor.clone(),
        loser: loser.clone(),
        version: merged.version + 1,
        before: serde_json::to_string(&before).expect("entries are JSON"),
        merged_by: actor.reference(),
        merged_at: now,
        undone_by: None,
        undone_at: None,
    };
    merges::insert(&mut tx, &record).await?;
    // Referrals before contacts: a delivery that is confirmed meanwhile locks them in this order, too.
    let referrals = merges::move_referrals(&mut tx, &record).await?;
    store::directory::save(&mut tx, &mut merged).await?;
    for contact in before.merged_contacts() {
        if !contacts::insert(&mut tx, &contact).await? {
            contacts::save(&mut tx, &contact).await?;
        }
    }
    let mut gone = before.loser.clone();
    gone.merged_into = Some(survivor.clone());
    store::directory::save(&mut tx, &mut gone).await?;
    let detail = serde_json::json!({ "merge": record.id, "loser": loser, "referrals": referrals });
    noted(&mut tx, actor, "merge_directory_entries", survivor, detail, now).await?;
    tx.commit().await?;
    Ok(Merged {
        id: record.id,
        survivor: record.survivor,
        loser: record.loser,
        referrals,
    })
}

/// Locks both, the smaller id first, so that two who merge the same two never wait for each other.
async fn both(tx: &mut Tx, survivor: &DirectoryId, loser: &DirectoryId) -> Result<Before, MergeError> {
    for id in [survivor.min(loser), survivor.max(loser)] {
        store::directory::find_to_change(tx, id)
            .await?
            .ok_or(MergeError::NotFound)?;
    }
    Ok(Before {
        survivor: store::directory::find(tx, survivor)
            .await?
            .ok_or(MergeError::NotFound)?,
        survivor_contacts: contacts::of_entry(tx, survivor).await?,
        loser: store::directory::find(tx, loser).await?.ok_or(MergeError::NotFound)?,
        loser_contacts: contacts::of_entry(tx, loser).await?,
    })
}

/// Makes two of them again, both as they were. Referrals that came since, and numbers that were added since, stay with the
/// survivor. Refused where something else rests on the merge.
pub async fn undo(db: &Db, actor: &Actor, id: &MergeId, now: DateTime<Utc>) -> Result<Merged, MergeError> {
    authorize(actor, Permission::EditDirectory, Resource::Installation)?;
    let mut tx = db.begin().await?;
    let merge = merges::find(&mut tx, id).await?.ok_or(MergeError::NoSuchMerge)?;
    let current = both(&mut tx, &merge.survivor, &merge.loser).await?;
    let before: Before = serde_json::from_str(&merge.before)
        .map_err(|_| store::Error::inconsistent("directory_merge", id.as_str(), "before"))?;
    if current.survivor.merged_into.is_some() {
        return Err(MergeError::Further);
    }
    if let Some(later) = merges::on_top_of(&mut tx, &merge).await? {
        return Err(MergeError::OnTop(later));
    }
    if !merges::set_undone(&mut tx, id, &actor.reference(), now).await? {
        return Err(MergeError::Undone);
    }
    let mut restored = Entry {
        version: current.survivor.version,
        ..before.survivor.clone()
    };
    if !says_the_same(&current.survivor, &before.merged()) {
        return Err(MergeError::Changed);
    }
    let referrals = merges::move_back(&mut tx, &merge, now).await?;
    store::directory::save(&mut tx, &mut restored).await?;
    restore_contacts(&mut tx, &before, &current).await?;
    let mut back = Entry {
        merged_into: None,
        ..current.loser
    };
    store::directory::save(&mut tx, &mut back).await?;
    let detail = serde_json::json!({ "merge": id, "loser": merge.loser, "referrals": referrals });
    noted(&mut tx, actor, "undo_directory_merge", &merge.survivor, detail, now).await?;
    tx.commit().await?;
    Ok(Merged {
        id: merge.id,
        survivor: merge.survivor,
        loser: merge.loser,
        referrals,
    })
}

/// Whatever version and day they have.
fn says_the_same(one: &Entry, other: &Entry) -> bool {
    let like = Entry {
        version: one.version,
        updated_at: one.updated_at,
        ..other.clone()
    };
    *one == like
}

/// What the survivor took goes; what was verified or doubted since is kept with whoever has the contact now.
async fn restore_contacts(tx: &mut Tx, before: &Before, current: &Before) -> store::Result<()> {
    for merged in before.merged_contacts() {
        let Some(now) = current.survivor_contacts.iter().find(|now| now.is_same(&merged)) else {
            continue;
        };
        let judged_since = *now != merged;
        match before.survivor_contacts.iter().find(|ours| ours.is_same(&merged)) {
            Some(ours) if !judged_since => contacts::save(tx, ours).await?,
            Some(_) => {}
            None => {
                contacts::remove(tx, &now.entry, now.kind, &now.value).await?;
                if judged_since {
                    let theirs = Contact {
                        entry: before.loser.id.clone(),
                        ..now.clone()
                    };
                    contacts::save(tx, &theirs).await?;
                }
            }
        }
    }
    Ok(())
}

/// A person says that two entries are not the same; nobody is asked again.
pub async fn tell_apart(db: &Db, actor: &Actor, pair: [&DirectoryId; 2], now: DateTime<Utc>) -> Result<(), MergeError> {
    authorize(actor, Permission::EditDirectory, Resource::Installation)?;
    let [one, other] = pair;
    if one == other {
        return Err(MergeError::Same);
    }
    let mut tx = db.begin().await?;
    both(&mut tx, one, other).await?;
    merges::put_apart(&mut tx, pair, &actor.reference(), now).await?;
    let detail = serde_json::json!({ "other": other });
    noted(&mut tx, actor, "tell_directory_entries_apart", one, detail, now).await?;
    tx.commit().await?;
    Ok(())
}
