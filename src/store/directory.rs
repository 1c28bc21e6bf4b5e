//! The directory: referrers and partners, one entry for a person at a practice. Public facts of practices, no PHI.
//!
//! An entry's own columns hold the preferred number and address of each kind. Each of them stands among its
//! [contacts](super::directory_contacts), too, and those are what an entry is found by.

use super::{Result, Tx, directory_contacts, sql};
use crate::domain::contact::{ContactKind, ContactSource};
use crate::domain::ids::DirectoryId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// A referrer, or a practice.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    pub id: DirectoryId,
    pub name: Option<String>,
    pub organization: Option<String>,
    pub npi: Option<String>,
    pub phone: Option<String>,
    pub fax: Option<String>,
    pub station_id: Option<String>,
    pub direct_address: Option<String>,
    pub specialty: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// The entry that stands for this one since they were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<DirectoryId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Entry {
    pub fn preferred(&self, kind: ContactKind) -> Option<&str> {
        match kind {
            ContactKind::Direct => self.direct_address.as_deref(),
            ContactKind::Fax => self.fax.as_deref(),
            ContactKind::Phone => self.phone.as_deref(),
            ContactKind::Station => self.station_id.as_deref(),
        }
    }

    pub fn prefer(&mut self, kind: ContactKind, value: Option<String>) {
        match kind {
            ContactKind::Direct => self.direct_address = value,
            ContactKind::Fax => self.fax = value,
            ContactKind::Phone => self.phone = value,
            ContactKind::Station => self.station_id = value,
        }
    }

    /// As people call it: the person at the practice.
    pub fn title(&self) -> String {
        let names = [self.name.as_deref(), self.organization.as_deref()];
        names.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Writes a new entry with its contacts.
pub async fn insert(tx: &mut Tx, entry: &Entry, source: ContactSource) -> Result<()> {
    sql(
        "insert into directory_entry (id, name, organization, npi, phone, fax, station_id, direct_address, specialty,
             version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(entry.id.clone())
    .bind(entry.name.clone())
    .bind(entry.organization.clone())
    .bind(entry.npi.clone())
    .bind(entry.phone.clone())
    .bind(entry.fax.clone())
    .bind(entry.station_id.clone())
    .bind(entry.direct_address.clone())
    .bind(entry.specialty.clone())
    .bind(entry.version)
    .bind(entry.created_at)
    .bind(entry.updated_at)
    .execute(tx)
    .await?;
    for kind in ContactKind::ALL {
        if let Some(value) = entry.preferred(kind) {
            directory_contacts::keep(tx, &entry.id, kind, value, source, entry.updated_at).await?;
        }
    }
    Ok(())
}

/// Overwrites all but the id and the time of its making, under the next version. Its contacts stay as they are.
pub async fn save(tx: &mut Tx, entry: &mut Entry) -> Result<()> {
    entry.version += 1;
    sql(
        "update directory_entry set name = $2, organization = $3, npi = $4, phone = $5, fax = $6, station_id = $7,
             direct_address = $8, specialty = $9, version = $10, merged_into = $11, updated_at = $12
         where id = $1",
    )
    .bind(entry.id.clone())
    .bind(entry.name.clone())
    .bind(entry.organization.clone())
    .bind(entry.npi.clone())
    .bind(entry.phone.clone())
    .bind(entry.fax.clone())
    .bind(entry.station_id.clone())
    .bind(entry.direct_address.clone())
    .bind(entry.specialty.clone())
    .bind(entry.version)
    .bind(entry.merged_into.clone())
    .bind(entry.updated_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Brings an entry up to date: as [`save`], and a number or address that another takes the place of is forgotten.
pub async fn replace(tx: &mut Tx, known: &Entry, entry: &mut Entry, source: ContactSource) -> Result<()> {
    save(tx, entry).await?;
    for kind in ContactKind::ALL {
        let (before, after) = (known.preferred(kind), entry.preferred(kind));
        if before == after {
            continue;
        }
        if let Some(value) = before {
            directory_contacts::remove(tx, &entry.id, kind, value).await?;
        }
        if let Some(value) = after {
            directory_contacts::keep(tx, &entry.id, kind, value, source, entry.updated_at).await?;
        }
    }
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &DirectoryId) -> Result<Option<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, version, merged_into,
             created_at, updated_at
         from directory_entry where id = $1",
    )
    .bind(id.clone())
    .fetch_optional(tx)
    .await
}

/// As [`find`], and keeps others from changing it until the transaction ends. Of several the smaller id comes first.
pub async fn find_to_change(tx: &mut Tx, id: &DirectoryId) -> Result<Option<Entry>> {
    // An update that changes nothing locks the row on PostgreSQL; SQLite has one writer anyway.
    sql("update directory_entry set version = version where id = $1
         returning id, name, organization, npi, phone, fax, station_id, direct_address, specialty, version, merged_into,
             created_at, updated_at")
    .bind(id.clone())
    .fetch_optional(tx)
    .await
}

/// The entry that stands for this one: itself, or what it was merged into. A referral that was opened while somebody merged may
/// still name the other.
pub async fn standing(tx: &mut Tx, id: &DirectoryId) -> Result<Option<Entry>> {
    let mut found = find(tx, id).await?;
    while let Some(into) = found.as_ref().and_then(|entry| entry.merged_into.clone()) {
        found = find(tx, &into).await?;
    }
    Ok(found)
}

/// All entries with a number, an address or a machine's name, in its one spelling.
pub async fn find_by_contact(tx: &mut Tx, kind: ContactKind, value: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, version, merged_into,
             created_at, updated_at
         from directory_entry
         where merged_into is null
           and id in (select entry_id from directory_contact where kind = $1 and value = $2)
         order by id",
    )
    .bind(kind)
    .bind(value.to_owned())
    .fetch_all(tx)
    .await
}

pub async fn find_by_npi(tx: &mut Tx, npi: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, version, merged_into,
             created_at, updated_at
         from directory_entry where npi = $1 and merged_into is null order by id",
    )
    .bind(npi.to_owned())
    .fetch_all(tx)
    .await
}

/// Entries after `after` by id, which is the order of their making.
pub async fn list(tx: &mut Tx, after: Option<&DirectoryId>, limit: u32) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, version, merged_into,
             created_at, updated_at
         from directory_entry where id > $1 and merged_into is null order by id limit $2",
    )
    .bind(after.map_or("", DirectoryId::as_str).to_owned())
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await
}

/// Whoever has this name, whatever its case.
pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, version, merged_into,
             created_at, updated_at
         from directory_entry where lower(name) = $1 and merged_into is null order by id",
    )
    .bind(name.to_lowercase())
    .fetch_all(tx)
    .await
}

/// Which entries are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words of a name, a practice or an address in their order, or an NPI or a number.
    pub text: String,
    pub only: Only,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    #[default]
    All,
    /// With a fax number or a Direct address that nobody verified.
    Unverified,
    WithoutNpi,
    /// Without any Direct address.
    WithoutAddress,
}

impl Only {
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unverified => "unverified",
            Self::WithoutNpi => "without_npi",
            Self::WithoutAddress => "without_address",
        }
    }
}

/// A page of what is looked for, by name; `after` is the last entry of the page before.
pub async fn search(tx: &mut Tx, wanted: &Wanted, after: Option<&DirectoryId>, limit: u32) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, version, merged_into,
             created_at, updated_at
         from directory_entry e
         where merged_into is null
           and (cast($1 as text) is null
                or lower(coalesce(name, '') || ' ' || coalesce(organization, '') || ' ' || coalesce(specialty, ''))
                   like $1 escape '!'
                or npi like $1 escape '!'
                or exists (select 1 from directory_contact c
                           where c.entry_id = e.id
                             and (lower(c.value) like $1 escape '!' or c.value like cast($2 as text))))
           and ($3 <> 'unverified'
                or exists (select 1 from directory_contact c
                           where c.entry_id = e.id and c.kind in ('fax', 'direct') and c.verified_at is null))
           and ($3 <> 'without_npi' or npi is null)
           and ($3 <> 'without_address'
                or not exists (select 1 from directory_contact c where c.entry_id = e.id and c.kind = 'direct'))
           and (cast($4 as text) is null
                or (lower(coalesce(name, organization, '')), id)
                   > (select lower(coalesce(name, organization, '')), id from directory_entry where id = $4))
         order by lower(coalesce(name, organization, '')), id limit $5",
    )
    .bind(words_pattern(&wanted.text))
    .bind(digits_pattern(&wanted.text))
    .bind(wanted.only.word().to_owned())
    .bind(after.cloned())
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await
}

fn words_pattern(text: &str) -> Option<String> {
    let escaped = text
        .to_lowercase()
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    let words: Vec<&str> = escaped.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| format!("%{}%", words.join("%")))
}

/// A number as people write it finds the one that is kept.
fn digits_pattern(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 3 && !text.chars().any(char::is_alphabetic);
    is_number.then(|| format!("%{digits}%"))
}

/// How many referrals name this entry as their referrer.
pub async fn count_referrals(tx: &mut Tx, id: &DirectoryId) -> Result<i64> {
    sql("select count(*) from referral where referrer = $1")
        .bind(id.clone())
        .fetch_scalar(tx)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_looked_for_as_they_are_written() {
        assert_eq!(words_pattern(" Adeyemi,  Willow "), Some("%adeyemi%willow%".to_owned()));
        assert_eq!(words_pattern("100%_!"), Some("%100!%!_!!%".to_owned()));
        assert_eq!(words_pattern(" "), None);
        assert_eq!(digits_pattern("(412) 555-0123"), Some("%4125550123%".to_owned()));
        assert_eq!(digits_pattern("Route 66 Clinic 100"), None);
    }
}
