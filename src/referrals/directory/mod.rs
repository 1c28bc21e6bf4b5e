//! The directory as people and files feed it: one entry from a form, or a whole file of them, its numbers and addresses with what
//! verified them, and entries that are one. Nothing malformed gets in, since this is where notes with patients' data are sent.

mod contacts;
mod duplicates;
mod merge;

pub(super) use contacts::delivered;
pub use contacts::{change_contact, verify_addresses};
pub use duplicates::{Likeness, Pair, duplicates, pairs};
pub use merge::{MergeError, Merged, merge, tell_apart, undo};

use crate::domain::codes::{Malformed, Npi};
use crate::domain::contact::{ContactKind, ContactSource};
use crate::domain::ids::DirectoryId;
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::store::audit::{self, Outcome};
use crate::store::directory::Entry;
use crate::store::{self, Db, Tx};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An entry as somebody wrote it. The names are the columns of the CSV file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewEntry {
    pub name: Option<String>,
    pub organization: Option<String>,
    pub npi: Option<String>,
    pub phone: Option<String>,
    pub fax: Option<String>,
    pub station_id: Option<String>,
    pub direct_address: Option<String>,
    pub specialty: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    #[error("{field}: {problem}")]
    Field { field: &'static str, problem: Malformed },
    #[error("an entry needs a name or an organization")]
    Nobody,
    #[error("there is no such entry")]
    NotFound,
    #[error("the entry has no such number or address any more; load it again")]
    NoSuchContact,
    #[error("somebody changed the entry in the meantime; load it again and repeat the change if it is still right")]
    Stale,
    #[error("the entry was merged into another one; change that one")]
    Merged,
    #[error("we hold no valid certificate for this very address; ask the practice, and say that you did")]
    NoCertificate,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub added: u32,
    pub updated: u32,
    pub unchanged: u32,
}

pub async fn add(db: &Db, actor: &Actor, new: NewEntry, now: DateTime<Utc>) -> Result<Entry, DirectoryError> {
    let entry = checked(new, now)?;
    let mut tx = db.begin().await?;
    store::directory::insert(&mut tx, &entry, ContactSource::of(actor)).await?;
    noted(
        &mut tx,
        actor,
        "add_directory_entry",
        &entry.id,
        serde_json::json!({}),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(entry)
}

/// Who an entry is, as somebody wrote it anew. Its numbers and addresses are changed [one by one](change_contact).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: Option<String>,
    pub organization: Option<String>,
    pub npi: Option<String>,
    pub specialty: Option<String>,
}

/// `expected` is the version that was looked at.
pub async fn edit(
    db: &Db,
    actor: &Actor,
    id: &DirectoryId,
    expected: i64,
    person: Person,
    now: DateTime<Utc>,
) -> Result<Entry, DirectoryError> {
    authorize(actor, Permission::EditDirectory, Resource::Installation)?;
    let written = checked(
        NewEntry {
            name: person.name,
            organization: person.organization,
            npi: person.npi,
            specialty: person.specialty,
            ..NewEntry::default()
        },
        now,
    )?;
    let mut tx = db.begin().await?;
    let mut entry = to_change(&mut tx, id).await?;
    if entry.version != expected {
        return Err(DirectoryError::Stale);
    }
    entry.name = written.name;
    entry.organization = written.organization;
    entry.npi = written.npi;
    entry.specialty = written.specialty;
    entry.updated_at = now;
    store::directory::save(&mut tx, &mut entry).await?;
    noted(&mut tx, actor, "change_directory_entry", id, serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(entry)
}

/// The entry, locked; not one that another stands for.
async fn to_change(tx: &mut Tx, id: &DirectoryId) -> Result<Entry, DirectoryError> {
    let entry = store::directory::find_to_change(tx, id)
        .await?
        .ok_or(DirectoryError::NotFound)?;
    if entry.merged_into.is_some() {
        return Err(DirectoryError::Merged);
    }
    Ok(entry)
}

/// All of them or none. An entry with the same NPI, else the same Direct address, is brought up to date.
pub async fn import(db: &Db, actor: &Actor, entries: Vec<Entry>, now: DateTime<Utc>) -> store::Result<Imported> {
    let mut imported = Imported::default();
    let mut tx = db.begin().await?;
    for entry in entries {
        match known(&mut tx, &entry).await? {
            None => {
                store::directory::insert(&mut tx, &entry, ContactSource::of(actor)).await?;
                noted(
                    &mut tx,
                    actor,
                    "add_directory_entry",
                    &entry.id,
                    serde_json::json!({}),
                    now,
                )
                .await?;
                imported.added += 1;
            }
            Some(known) => {
                let mut merged = brought_up_to_date(known.clone(), entry);
                if (Entry {
                    updated_at: known.updated_at,
                    ..merged.clone()
                }) == known
                {
                    imported.unchanged += 1;
                } else {
                    store::directory::replace(&mut tx, &known, &mut merged, ContactSource::of(actor)).await?;
                    noted(
                        &mut tx,
                        actor,
                        "change_directory_entry",
                        &merged.id,
                        serde_json::json!({}),
                        now,
                    )
                    .await?;
                    imported.updated += 1;
                }
            }
        }
    }
    tx.commit().await?;
    Ok(imported)
}

async fn known(tx: &mut Tx, entry: &Entry) -> store::Result<Option<Entry>> {
    let found = match (&entry.npi, &entry.direct_address) {
        (Some(npi), _) => store::directory::find_by_npi(tx, npi).await?,
        (None, Some(address)) => store::directory::find_by_contact(tx, ContactKind::Direct, address).await?,
        (None, None) => Vec::new(),
    };
    // One person may work at two practices: only the same practice is the same entry.
    Ok(found.into_iter().find(|known| {
        let other =
            |theirs: &Option<String>, ours: &Option<String>| theirs.is_some() && ours.is_some() && theirs != ours;
        !other(&known.organization, &entry.organization)
    }))
}

/// What the file says counts; what it leaves out stays.
fn brought_up_to_date(known: Entry, entry: Entry) -> Entry {
    Entry {
        id: known.id,
        name: entry.name.or(known.name),
        organization: entry.organization.or(known.organization),
        npi: entry.npi.or(known.npi),
        phone: entry.phone.or(known.phone),
        fax: entry.fax.or(known.fax),
        station_id: entry.station_id.or(known.station_id),
        direct_address: entry.direct_address.or(known.direct_address),
        specialty: entry.specialty.or(known.specialty),
        version: known.version,
        merged_into: known.merged_into,
        created_at: known.created_at,
        updated_at: entry.updated_at,
    }
}

async fn noted(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    id: &DirectoryId,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "directory_entry",
        resource_id: id.as_str(),
        outcome: Outcome::Allowed,
        detail,
    };
    audit::insert(tx, &entry, now).await
}

/// The entry with every number and address in its one spelling.
pub fn checked(new: NewEntry, now: DateTime<Utc>) -> Result<Entry, DirectoryError> {
    let text = |value: Option<String>| {
        value
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let entry = Entry {
        id: DirectoryId::new(now),
        name: text(new.name),
        organization: text(new.organization),
        npi: parsed("npi", text(new.npi), |value| Npi::parse(value).map(String::from))?,
        phone: parsed("phone", text(new.phone), |value| ContactKind::Phone.parse(value))?,
        fax: parsed("fax", text(new.fax), |value| ContactKind::Fax.parse(value))?,
        station_id: text(new.station_id),
        direct_address: parsed("direct_address", text(new.direct_address), |value| {
            ContactKind::Direct.parse(value)
        })?,
        specialty: text(new.specialty),
        version: 1,
        merged_into: None,
        created_at: now,
        updated_at: now,
    };
    if entry.name.is_none() && entry.organization.is_none() {
        return Err(DirectoryError::Nobody);
    }
    Ok(entry)
}

fn parsed(
    field: &'static str,
    value: Option<String>,
    parse: impl Fn(&str) -> Result<String, Malformed>,
) -> Result<Option<String>, DirectoryError> {
    value
        .map(|value| parse(&value))
        .transpose()
        .map_err(|problem| DirectoryError::Field { field, problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_in_one_spelling() {
        let new = NewEntry {
            name: Some(" Jane Example ".into()),
            npi: Some("1234567893".into()),
            fax: Some("(412) 555-0123".into()),
            direct_address: Some("Jane@Direct.Example.org".into()),
            specialty: Some(" ".into()),
            ..NewEntry::default()
        };
        let entry = checked(new, DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(entry.name.as_deref(), Some("Jane Example"));
        assert_eq!(entry.fax.as_deref(), Some("+14125550123"));
        assert_eq!(entry.direct_address.as_deref(), Some("jane@direct.example.org"));
        assert_eq!(entry.specialty, None);
    }

    #[test]
    fn what_is_malformed_is_named() {
        let bad = |new: NewEntry| checked(new, DateTime::UNIX_EPOCH).unwrap_err().to_string();
        let name = Some("Jane Example".to_owned());
        assert!(
            bad(NewEntry {
                name,
                npi: Some("1234567890".into()),
                ..NewEntry::default()
            })
            .starts_with("npi: ")
        );
        assert_eq!(bad(NewEntry::default()), "an entry needs a name or an organization");
    }
}
