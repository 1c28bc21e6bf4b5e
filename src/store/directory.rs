//! The directory: referrers and partners, their fax numbers and Direct addresses. Public facts of practices, no PHI.

use super::{Result, Tx, sql};
use crate::domain::ids::DirectoryId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// A referrer, or a practice.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize)]
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
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub async fn insert(tx: &mut Tx, entry: &Entry) -> Result<()> {
    sql(
        "insert into directory_entry (id, name, organization, npi, phone, fax, station_id, direct_address, specialty,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
    .bind(entry.created_at)
    .bind(entry.updated_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Overwrites all but the id and the time of its making.
pub async fn update(tx: &mut Tx, entry: &Entry) -> Result<()> {
    sql(
        "update directory_entry set name = $2, organization = $3, npi = $4, phone = $5, fax = $6, station_id = $7,
             direct_address = $8, specialty = $9, updated_at = $10
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
    .bind(entry.updated_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &DirectoryId) -> Result<Option<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, created_at, updated_at
         from directory_entry where id = $1",
    )
    .bind(id.clone())
    .fetch_optional(tx)
    .await
}

/// All entries of a Direct address, written in lower case.
pub async fn find_by_direct_address(tx: &mut Tx, address: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, created_at, updated_at
         from directory_entry where direct_address = $1 order by id",
    )
    .bind(address.to_owned())
    .fetch_all(tx)
    .await
}

pub async fn find_by_npi(tx: &mut Tx, npi: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, created_at, updated_at
         from directory_entry where npi = $1 order by id",
    )
    .bind(npi.to_owned())
    .fetch_all(tx)
    .await
}

/// All entries with a fax number, E.164.
pub async fn find_by_fax(tx: &mut Tx, fax: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, created_at, updated_at
         from directory_entry where fax = $1 order by id",
    )
    .bind(fax.to_owned())
    .fetch_all(tx)
    .await
}

/// Entries after `after` by id, which is the order of their making.
pub async fn list(tx: &mut Tx, after: Option<&DirectoryId>, limit: u32) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, created_at, updated_at
         from directory_entry where id > $1 order by id limit $2",
    )
    .bind(after.map_or("", DirectoryId::as_str).to_owned())
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await
}

/// Whoever has this name, whatever its case.
pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, created_at, updated_at
         from directory_entry where lower(name) = $1 order by id",
    )
    .bind(name.to_lowercase())
    .fetch_all(tx)
    .await
}

pub async fn find_by_station_id(tx: &mut Tx, station_id: &str) -> Result<Vec<Entry>> {
    sql(
        "select id, name, organization, npi, phone, fax, station_id, direct_address, specialty, created_at, updated_at
         from directory_entry where station_id = $1 order by id",
    )
    .bind(station_id.to_owned())
    .fetch_all(tx)
    .await
}
