//! Giving and taking what people may do. Takes effect with their next request: grants are read with the session each time.

use crate::domain::access::Grant;
use crate::domain::ids::UserId;
use crate::domain::people::{Actor, Role};
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::roles;
use crate::store::audit::{self, Entry, Outcome};
use crate::store::grants::{self, ComposedRole};
use crate::store::{self, Db, Tx, directory, sites, users};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error("there is no account of this name")]
    Unknown,
    #[error("there is no role called `{0}`; `referloop role list` shows them")]
    UnknownRole(String),
    #[error("there is no site called `{0}`; `referloop site list` shows them")]
    UnknownSite(String),
    #[error("there is no such practice in the directory")]
    UnknownPractice,
    #[error("a referrer is granted for one practice: name its directory entry")]
    PracticeMissing,
    #[error("only the role referrer is bound to a practice")]
    PracticeNotBound,
    #[error("a role's name has 1 to 32 lower-case letters, digits, `_` or `-`, and is none of the built-in ones")]
    RoleName,
    #[error("this account does not have that grant")]
    NotGranted,
    #[error("nobody else could manage accounts then: grant the role admin to another account first")]
    LastAdministrator,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Grants a role. False where the account had it, bound the same way.
pub async fn add(db: &Db, actor: &Actor, name: &str, grant: &Grant, now: DateTime<Utc>) -> Result<bool, GrantError> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let mut tx = db.begin().await?;
    let user = users::find_by_name(&mut tx, name).await?.ok_or(GrantError::Unknown)?;
    check(&mut tx, grant).await?;
    let added = grants::add(&mut tx, &user.id, grant, &actor.reference(), now).await?;
    if added {
        record(&mut tx, actor, "grant", &user.id, grant, now).await?;
    }
    tx.commit().await?;
    Ok(added)
}

/// Takes a grant away.
pub async fn remove(db: &Db, actor: &Actor, name: &str, grant: &Grant, now: DateTime<Utc>) -> Result<(), GrantError> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let mut tx = db.begin().await?;
    let user = users::find_by_name(&mut tx, name).await?.ok_or(GrantError::Unknown)?;
    if !grants::remove(&mut tx, &user.id, grant).await? {
        return Err(GrantError::NotGranted);
    }
    // At the command line there is always a way back; on a screen there would be none.
    if *actor != Actor::Operator && !somebody_manages_accounts(&mut tx).await? {
        return Err(GrantError::LastAdministrator);
    }
    record(&mut tx, actor, "take_grant", &user.id, grant, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn somebody_manages_accounts(tx: &mut Tx) -> store::Result<bool> {
    let open = users::list(tx).await?;
    let granted = grants::all(tx).await?;
    let manages = |user: &users::User| {
        user.disabled_at.is_none()
            && granted
                .get(&user.id)
                .is_some_and(|access| access.has(Permission::ManageUsers, Resource::Installation))
    };
    Ok(open.iter().any(manages))
}

/// Nothing is granted that means nothing.
async fn check(tx: &mut Tx, grant: &Grant) -> Result<(), GrantError> {
    let built_in = grant.role.parse::<Role>();
    if built_in.is_err() && !grants::roles(tx).await?.iter().any(|role| role.name == grant.role) {
        return Err(GrantError::UnknownRole(grant.role.clone()));
    }
    if let Some(site) = &grant.site
        && sites::find(tx, site).await?.is_none()
    {
        return Err(GrantError::UnknownSite(site.to_string()));
    }
    match (built_in == Ok(Role::Referrer), &grant.practice) {
        (true, None) => Err(GrantError::PracticeMissing),
        (false, Some(_)) => Err(GrantError::PracticeNotBound),
        (true, Some(practice)) if directory::find(tx, practice).await?.is_none() => Err(GrantError::UnknownPractice),
        _ => Ok(()),
    }
}

/// Writes a composed role. Whoever has a role of this name is bound by the new permissions at once.
pub async fn compose(
    db: &Db,
    actor: &Actor,
    name: &str,
    permissions: Vec<Permission>,
    now: DateTime<Utc>,
) -> Result<ComposedRole, GrantError> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    if !(1..=32).contains(&name.len()) || !name.chars().all(plain) || roles::is_built_in(name) {
        return Err(GrantError::RoleName);
    }
    let role = ComposedRole {
        name: name.to_owned(),
        permissions,
    };
    let mut tx = db.begin().await?;
    grants::put_role(&mut tx, &role, now).await?;
    let names: Vec<&str> = role.permissions.iter().map(|permission| permission.as_str()).collect();
    let entry = Entry {
        actor,
        action: "compose_role",
        resource_kind: "role",
        resource_id: name,
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "permissions": names }),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(role)
}

async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    user: &UserId,
    grant: &Grant,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = Entry {
        actor,
        action,
        resource_kind: "user",
        resource_id: user.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({
            "role": grant.role,
            "site": grant.site,
            "queue": grant.queue,
            "practice": grant.practice,
        }),
    };
    audit::insert(tx, &entry, now).await
}
