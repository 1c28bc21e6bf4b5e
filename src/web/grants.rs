//! What one person was granted, for who manages accounts: roles with their bounds, given and taken.

use super::AppState;
use super::action::Choice;
use super::error::{Error, Result, sentence};
use super::layout::{Frame, Place, filters, render, words};
use crate::auth::Caller;
use crate::auth::grants::{self, GrantError};
use crate::domain::access::Grant;
use crate::domain::ids::{DirectoryId, UserId};
use crate::domain::people::Role;
use crate::domain::permission::{Permission, Resource};
use crate::domain::roles;
use crate::domain::site::SiteKey;
use crate::store::directory::Entry;
use crate::store::grants::ComposedRole;
use crate::store::sites::Site;
use crate::store::{Tx, directory, grants as stored, sites, users};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use std::str::FromStr;

/// A longer directory is granted from at the command line.
const PRACTICES_MAX: u32 = 500;

#[derive(Template)]
#[template(path = "web/people/grants.html")]
struct GrantsPage {
    frame: Frame,
    user: String,
    name: String,
    granted: Vec<GrantView>,
    roles: Vec<Choice>,
    sites: Vec<Choice>,
    queues: Vec<Choice>,
    practices: Vec<Choice>,
}

struct GrantView {
    role: String,
    label: String,
    /// Where it holds, in words.
    bounds: String,
    /// What it allows.
    may: String,
    site: String,
    queue: String,
    practice: String,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    if !caller.may(Permission::ManageUsers, Resource::Installation) {
        return Err(Error::forbidden());
    }
    let mut tx = app.db.read().await?;
    let user = find(&mut tx, &id).await?;
    let access = stored::of(&mut tx, &user.id).await?;
    let (places, composed) = (sites::list(&mut tx).await?, stored::roles(&mut tx).await?);
    let entries = directory::list(&mut tx, None, PRACTICES_MAX).await?;
    drop(tx);
    render(&GrantsPage {
        frame: Frame::new(&app, &caller, Place::People),
        user: user.id.to_string(),
        name: user.name,
        granted: access
            .grants()
            .iter()
            .map(|grant| grant_view(grant, &places, &entries))
            .collect(),
        roles: role_choices(&composed),
        sites: places.iter().map(site_choice).collect(),
        queues: [Role::Reviewer, Role::Coordinator, Role::Clinician]
            .map(role_choice)
            .into(),
        practices: entries.iter().map(practice_choice).collect(),
    })
}

async fn find(tx: &mut Tx, id: &str) -> Result<users::User> {
    let missing = || Error::not_found("account");
    let id: UserId = id.parse().map_err(|_| missing())?;
    users::find(tx, &id).await?.ok_or_else(missing)
}

fn grant_view(grant: &Grant, places: &[Site], entries: &[Entry]) -> GrantView {
    let text = |bound: Option<&str>| bound.unwrap_or_default().to_owned();
    let site = grant.site.as_ref().map(|key| {
        let known = places.iter().find(|site| site.key == *key);
        format!("at {}", known.map_or(key.as_str(), |site| &site.name))
    });
    let queue = grant.queue.map(|queue| format!("on the {queue}s' list"));
    let practice = grant.practice.as_ref().map(|id| {
        let known = entries.iter().find(|entry| entry.id == *id);
        format!("for {}", known.map_or_else(|| id.to_string(), practice_name))
    });
    let bounds: Vec<String> = [site, queue, practice].into_iter().flatten().collect();
    let may: Vec<String> = grant
        .permissions
        .iter()
        .map(|permission| words(permission.as_str()).to_lowercase())
        .collect();
    GrantView {
        label: words(&grant.role),
        bounds: if bounds.is_empty() {
            "everywhere".to_owned()
        } else {
            bounds.join(", ")
        },
        may: may.join(", "),
        site: text(grant.site.as_ref().map(SiteKey::as_str)),
        queue: text(grant.queue.map(Role::as_str)),
        practice: text(grant.practice.as_ref().map(DirectoryId::as_str)),
        role: grant.role.clone(),
    }
}

fn role_choices(composed: &[ComposedRole]) -> Vec<Choice> {
    let built_in = Role::ALL.map(role_choice).into_iter();
    let own = composed.iter().filter(|role| !roles::is_built_in(&role.name));
    let own = own.map(|role| Choice {
        value: role.name.clone(),
        label: words(&role.name),
    });
    built_in.chain(own).collect()
}

fn role_choice(role: Role) -> Choice {
    Choice {
        value: role.to_string(),
        label: words(role.as_str()),
    }
}

fn site_choice(site: &Site) -> Choice {
    Choice {
        value: site.key.to_string(),
        label: site.name.clone(),
    }
}

fn practice_choice(entry: &Entry) -> Choice {
    Choice {
        value: entry.id.to_string(),
        label: practice_name(entry),
    }
}

fn practice_name(entry: &Entry) -> String {
    let names = [entry.name.as_deref(), entry.organization.as_deref()];
    names.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// An empty bound binds nothing.
#[derive(Deserialize)]
pub struct GrantForm {
    act: Act,
    role: String,
    #[serde(default)]
    site: String,
    #[serde(default)]
    queue: String,
    #[serde(default)]
    practice: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Grant,
    Take,
}

impl GrantForm {
    fn grant(&self) -> Result<Grant> {
        let invalid = || Error::invalid("Choose role, site, queue and practice from the lists.");
        let site: Option<SiteKey> = given(&self.site).map_err(|_| invalid())?;
        let queue: Option<Role> = given(&self.queue).map_err(|_| invalid())?;
        let practice: Option<DirectoryId> = given(&self.practice).map_err(|_| invalid())?;
        Ok(Grant {
            role: self.role.clone(),
            // What a role may do is looked up where it is used.
            permissions: Vec::new().into(),
            site,
            queue,
            practice,
        })
    }
}

fn given<T: FromStr>(text: &str) -> std::result::Result<Option<T>, T::Err> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

pub async fn change(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<GrantForm>,
) -> Result<Redirect> {
    let mut tx = app.db.read().await?;
    let user = find(&mut tx, &id).await?;
    drop(tx);
    let (grant, now) = (form.grant()?, app.clock.now());
    match form.act {
        Act::Grant => {
            grants::add(&app.db, &caller.actor, &user.name, &grant, now).await?;
        }
        Act::Take => grants::remove(&app.db, &caller.actor, &user.name, &grant, now).await?,
    }
    Ok(Redirect::to(&format!("/people/{}", user.id)))
}

impl From<GrantError> for Error {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Denied(_) => Self::forbidden(),
            GrantError::Unknown => Self::not_found("account"),
            GrantError::LastAdministrator | GrantError::NotGranted => Self::conflict(sentence(&error)),
            GrantError::UnknownRole(_)
            | GrantError::UnknownSite(_)
            | GrantError::UnknownPractice
            | GrantError::PracticeMissing
            | GrantError::PracticeNotBound
            | GrantError::RoleName => Self::invalid_sentence(error),
            GrantError::Store(error) => error.into(),
        }
    }
}
