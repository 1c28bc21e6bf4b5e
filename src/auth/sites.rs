//! The places of the clinic, and what belongs to each.

use crate::domain::codes::DirectAddress;
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::site::SiteKey;
use crate::store::audit::{self, Entry, Outcome};
use crate::store::sites::{self, Site};
use crate::store::{self, Db, ResultExt, doors};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("a site of this name exists already")]
    Taken,
    #[error("there is no site called `{0}`; `referloop site list` shows them")]
    Unknown(SiteKey),
    #[error("there is no door of this name; `referloop door list` shows them")]
    UnknownDoor,
    #[error("that is no Direct address")]
    Address,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

pub async fn add(db: &Db, actor: &Actor, key: SiteKey, name: &str, now: DateTime<Utc>) -> Result<Site, SiteError> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let site = Site {
        name: Some(name.trim())
            .filter(|name| !name.is_empty())
            .unwrap_or(key.as_str())
            .to_owned(),
        key,
        created_at: now,
        closed_at: None,
    };
    let mut tx = db.begin().await?;
    sites::insert(&mut tx, &site)
        .await
        .on_constraint("site_pkey", || SiteError::Taken)?;
    record(&mut tx, actor, "add_site", &site.key, serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(site)
}

/// What comes to this Direct address of ours belongs to the site from now on.
pub async fn put_address(
    db: &Db,
    actor: &Actor,
    site: &SiteKey,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), SiteError> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let address = DirectAddress::parse(address).map_err(|_| SiteError::Address)?;
    let address = String::from(address).to_lowercase();
    let mut tx = db.begin().await?;
    known(&mut tx, site).await?;
    sites::put_address(&mut tx, &address, site).await?;
    let detail = serde_json::json!({ "address": address });
    record(&mut tx, actor, "put_site_address", site, detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// What comes by this door belongs to the site from now on.
pub async fn put_door(db: &Db, actor: &Actor, site: &SiteKey, door: &str, now: DateTime<Utc>) -> Result<(), SiteError> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let mut tx = db.begin().await?;
    known(&mut tx, site).await?;
    let door = doors::find_by_name(&mut tx, door)
        .await?
        .ok_or(SiteError::UnknownDoor)?;
    sites::set_of_door(&mut tx, door.id.as_str(), site).await?;
    let detail = serde_json::json!({ "door": door.id });
    record(&mut tx, actor, "put_site_of_door", site, detail, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn known(tx: &mut store::Tx, site: &SiteKey) -> Result<(), SiteError> {
    match sites::find(tx, site).await? {
        Some(_) => Ok(()),
        None => Err(SiteError::Unknown(site.clone())),
    }
}

async fn record(
    tx: &mut store::Tx,
    actor: &Actor,
    action: &str,
    site: &SiteKey,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = Entry {
        actor,
        action,
        resource_kind: "site",
        resource_id: site.as_str(),
        outcome: Outcome::Allowed,
        detail,
    };
    audit::insert(tx, &entry, now).await
}
