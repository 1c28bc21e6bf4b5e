//! The places of the clinic, and to which of them a thing belongs.

use super::{Result, Tx, sql};
use crate::domain::ids::{DirectoryId, DocumentId, ReferralId, TransmissionId};
use crate::domain::people::Role;
use crate::domain::permission::Resource;
use crate::domain::site::SiteKey;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct Site {
    pub key: SiteKey,
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// Fails with the constraint `site_pkey` when the key is taken.
pub async fn insert(tx: &mut Tx, site: &Site) -> Result<()> {
    sql("insert into site (key, name, created_at) values ($1, $2, $3)")
        .bind(site.key.clone())
        .bind(site.name.clone())
        .bind(site.created_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn list(tx: &mut Tx) -> Result<Vec<Site>> {
    sql("select key, name, created_at, closed_at from site order by created_at, key")
        .fetch_all(tx)
        .await
}

pub async fn find(tx: &mut Tx, key: &SiteKey) -> Result<Option<Site>> {
    sql("select key, name, created_at, closed_at from site where key = $1")
        .bind(key.clone())
        .fetch_optional(tx)
        .await
}

/// What comes to this Direct address, in lower case, belongs to the site from now on.
pub async fn put_address(tx: &mut Tx, address: &str, site: &SiteKey) -> Result<()> {
    sql("insert into site_address (address, site) values ($1, $2)
         on conflict (address) do update set site = excluded.site")
    .bind(address.to_owned())
    .bind(site.clone())
    .execute(tx)
    .await?;
    Ok(())
}

/// The site that a Direct address of ours was given.
pub async fn of_address(tx: &mut Tx, address: &str) -> Result<Option<SiteKey>> {
    sql("select site from site_address where address = $1")
        .bind(address.to_lowercase())
        .fetch_optional_scalar(tx)
        .await
}

/// The site of the door with this id. What came another way belongs to the main site.
pub async fn of_door(tx: &mut Tx, door: &str) -> Result<SiteKey> {
    let found: Option<SiteKey> = sql("select site from door where id = $1")
        .bind(door.to_owned())
        .fetch_optional_scalar(tx)
        .await?;
    Ok(found.unwrap_or_default())
}

pub async fn set_of_door(tx: &mut Tx, door: &str, site: &SiteKey) -> Result<()> {
    sql("update door set site = $2 where id = $1")
        .bind(door.to_owned())
        .bind(site.clone())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn of_transmission(tx: &mut Tx, id: &TransmissionId) -> Result<Option<SiteKey>> {
    sql("select site from transmission where id = $1")
        .bind(id.clone())
        .fetch_optional_scalar(tx)
        .await
}

pub async fn of_document(tx: &mut Tx, id: &DocumentId) -> Result<Option<SiteKey>> {
    sql("select t.site from document d join transmission t on t.id = d.transmission_id where d.id = $1")
        .bind(id.clone())
        .fetch_optional_scalar(tx)
        .await
}

/// What a grant's bounds are held against.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Place {
    pub site: SiteKey,
    pub queue: Role,
    pub referrer: Option<DirectoryId>,
}

impl<'a> From<&'a Place> for Resource<'a> {
    fn from(place: &'a Place) -> Self {
        Self::Referral {
            site: &place.site,
            queue: place.queue,
            referrer: place.referrer.as_ref(),
        }
    }
}

pub async fn of_referral(tx: &mut Tx, id: &ReferralId) -> Result<Option<Place>> {
    sql("select site, queue, referrer from referral where id = $1")
        .bind(id.clone())
        .fetch_optional(tx)
        .await
}
