//! What people were granted, and the roles that the clinic composed.

use super::changes::Change;
use super::{Error, Result, Tx, directory, sql};
use crate::domain::access::{Access, Grant};
use crate::domain::ids::{DirectoryId, UserId};
use crate::domain::people::Role;
use crate::domain::permission::Permission;
use crate::domain::roles;
use crate::domain::site::SiteKey;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use std::collections::BTreeMap;

const TABLE: &str = "user_grant";

/// A grant as a row, with the permissions of its role where that is a composed one. An empty text binds nothing.
#[derive(Clone, Debug, FromRow)]
pub(super) struct GrantRow {
    pub(super) role: String,
    pub(super) site: String,
    pub(super) queue: String,
    pub(super) practice: String,
    pub(super) permissions: Option<String>,
}

impl GrantRow {
    pub(super) fn grant(self) -> Result<Grant> {
        let wrong = |column| Error::inconsistent(TABLE, &self.role, column);
        let permissions = match self.role.parse::<Role>() {
            Ok(role) => roles::permissions(role).into(),
            // A role that was taken away grants nothing.
            Err(_) => named(self.permissions.as_deref().unwrap_or("[]")).into(),
        };
        Ok(Grant {
            permissions,
            site: bound(&self.site).map_err(|()| wrong("site"))?,
            queue: bound(&self.queue).map_err(|()| wrong("queue"))?,
            practice: bound(&self.practice).map_err(|()| wrong("practice"))?,
            role: self.role,
        })
    }
}

fn bound<T: std::str::FromStr>(text: &str) -> std::result::Result<Option<T>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| ())
}

/// A name that this version doesn't know grants nothing.
fn named(permissions: &str) -> Vec<Permission> {
    let names: Vec<String> = serde_json::from_str(permissions).unwrap_or_default();
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

/// What one person was granted.
pub async fn of(tx: &mut Tx, user: &UserId) -> Result<Access> {
    let rows = sql("select g.role, g.site, g.queue, g.practice, r.permissions
         from user_grant g left join composed_role r on r.name = g.role
         where g.user_id = $1 order by g.granted_at, g.role, g.site, g.queue, g.practice")
    .bind(user.clone())
    .fetch_all::<GrantRow>(tx)
    .await?;
    access(tx, rows).await
}

/// A practice whose entry was merged into another one is that one now, and its people see the same referrals as before.
pub(super) async fn access(tx: &mut Tx, rows: Vec<GrantRow>) -> Result<Access> {
    let mut grants = Vec::with_capacity(rows.len());
    for row in rows {
        let mut grant = row.grant()?;
        if let Some(practice) = &grant.practice {
            grant.practice = directory::standing(tx, practice)
                .await?
                .map(|entry| entry.id)
                .or(grant.practice);
        }
        grants.push(grant);
    }
    Ok(Access::new(grants))
}

/// What everybody was granted.
pub async fn all(tx: &mut Tx) -> Result<BTreeMap<UserId, Access>> {
    let rows: Vec<(UserId, String, String, String, String, Option<String>)> =
        sql("select g.user_id, g.role, g.site, g.queue, g.practice, r.permissions
         from user_grant g left join composed_role r on r.name = g.role
         order by g.granted_at, g.role, g.site, g.queue, g.practice")
        .fetch_all(tx)
        .await?;
    let mut by_user: BTreeMap<UserId, Vec<Grant>> = BTreeMap::new();
    for (user, role, site, queue, practice, permissions) in rows {
        let row = GrantRow {
            role,
            site,
            queue,
            practice,
            permissions,
        };
        by_user.entry(user).or_default().push(row.grant()?);
    }
    Ok(by_user
        .into_iter()
        .map(|(user, grants)| (user, Access::new(grants)))
        .collect())
}

/// Adds a grant. False where it was there.
pub async fn add(tx: &mut Tx, user: &UserId, grant: &Grant, by: &str, now: DateTime<Utc>) -> Result<bool> {
    let written = sql(
        "insert into user_grant (user_id, role, site, queue, practice, granted_by, granted_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
    )
    .bind(user.clone())
    .bind(grant.role.clone())
    .bind(text(grant.site.as_ref().map(SiteKey::as_str)))
    .bind(text(grant.queue.map(Role::as_str)))
    .bind(text(grant.practice.as_ref().map(DirectoryId::as_str)))
    .bind(by.to_owned())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

/// Takes a grant away. False where it was not there.
pub async fn remove(tx: &mut Tx, user: &UserId, grant: &Grant) -> Result<bool> {
    let gone = sql("delete from user_grant
         where user_id = $1 and role = $2 and site = $3 and queue = $4 and practice = $5")
    .bind(user.clone())
    .bind(grant.role.clone())
    .bind(text(grant.site.as_ref().map(SiteKey::as_str)))
    .bind(text(grant.queue.map(Role::as_str)))
    .bind(text(grant.practice.as_ref().map(DirectoryId::as_str)))
    .execute(tx)
    .await?;
    // Streams that stay open look at their session anew.
    tx.changed(Change::Session);
    Ok(gone == 1)
}

fn text(bound: Option<&str>) -> String {
    bound.unwrap_or_default().to_owned()
}

/// A role that the clinic composed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposedRole {
    pub name: String,
    pub permissions: Vec<Permission>,
}

/// Writes a composed role, in place of one of the same name. Whoever has it is bound by it at once.
pub async fn put_role(tx: &mut Tx, role: &ComposedRole, now: DateTime<Utc>) -> Result<()> {
    let names: Vec<&str> = role.permissions.iter().map(|permission| permission.as_str()).collect();
    sql(
        "insert into composed_role (name, permissions, created_at) values ($1, $2, $3)
         on conflict (name) do update set permissions = excluded.permissions",
    )
    .bind(role.name.clone())
    .bind(serde_json::json!(names).to_string())
    .bind(now)
    .execute(tx)
    .await?;
    tx.changed(Change::Session);
    Ok(())
}

pub async fn roles(tx: &mut Tx) -> Result<Vec<ComposedRole>> {
    let rows: Vec<(String, String)> = sql("select name, permissions from composed_role order by name")
        .fetch_all(tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(name, permissions)| ComposedRole {
            name,
            permissions: named(&permissions),
        })
        .collect())
}
