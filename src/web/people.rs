//! People with an account, for who manages them: invite, close, open again, sign out, reset.

use super::AppState;
use super::error::{Error, Result};
use super::layout::{Frame, Place, Tag, When, filters, render, words};
use crate::auth::accounts::{self, AccountError};
use crate::auth::{Caller, links, step_up};
use crate::domain::identity::LinkPurpose;
use crate::domain::ids::UserId;
use crate::domain::people::Role;
use crate::domain::permission::{Permission, Resource};
use crate::store::users::User;
use crate::store::{account_links, grants, second_factors, users};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Template)]
#[template(path = "web/people/people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<PersonView>,
    roles: Vec<(&'static str, String)>,
    /// A link that was just made: shown this once.
    handed: Option<Handed>,
    /// Whether changes are taken without asking once more who it is.
    is_fresh: bool,
}

struct PersonView {
    id: String,
    name: String,
    role: String,
    factor: Tag,
    state: Tag,
    last_login: Option<When>,
    is_own: bool,
    acts: Vec<ActView>,
}

/// A button.
struct ActView {
    value: &'static str,
    label: &'static str,
    class: &'static str,
}

struct Handed {
    person: String,
    what: &'static str,
    link: String,
}

pub async fn list(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Response> {
    page(&app, &caller, None).await
}

async fn page(app: &AppState, caller: &Caller, handed: Option<Handed>) -> Result<Response> {
    // Accounts belong to no site.
    if !caller.may(Permission::ManageUsers, Resource::Installation) {
        return Err(Error::forbidden());
    }
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let people = users::list(&mut tx).await?;
    let holders: BTreeSet<UserId> = second_factors::holders(&mut tx).await?.into_iter().collect();
    let granted = grants::all(&mut tx).await?;
    let links: BTreeMap<UserId, DateTime<Utc>> = account_links::open(&mut tx, now).await?.into_iter().collect();
    drop(tx);
    let view = |user: User| {
        let has_factor = holders.contains(&user.id);
        let is_own = caller.actor.user() == Some(&user.id);
        PersonView {
            factor: if has_factor {
                Tag::new("Yes", "check", "good")
            } else {
                Tag::new("No", "problem", "warn")
            },
            state: state(&user, links.get(&user.id).copied()),
            last_login: user.last_login_at.map(|at| When::ago(at, now)),
            // One's own account is for another administrator.
            acts: if is_own { Vec::new() } else { acts(&user, has_factor) },
            is_own,
            id: user.id.to_string(),
            role: granted
                .get(&user.id)
                .map_or_else(String::new, |access| words(&access.role_names())),
            name: user.name,
        }
    };
    render(&PeoplePage {
        frame: Frame::new(app, caller, Place::People),
        people: people.into_iter().map(view).collect(),
        roles: Role::ALL
            .iter()
            .map(|role| (role.as_str(), words(role.as_str())))
            .collect(),
        handed,
        is_fresh: step_up::is_fresh(&caller.proof, app.config.auth.step_up_within(), now),
    })
}

fn state(user: &User, link_until: Option<DateTime<Utc>>) -> Tag {
    match (user.disabled_at, link_until) {
        (Some(_), _) => Tag::new("Closed", "no", "plain"),
        (None, Some(until)) => {
            let why = format!(
                "The link that was handed over is good until {}",
                super::layout::full_time(until)
            );
            Tag::new("Waits for the link", "clock", "warn").because(why)
        }
        (None, None) if user.password_hash.is_none() => Tag::new("Link is over", "problem", "warn"),
        (None, None) => Tag::new("Open", "check", "good"),
    }
}

/// What can be done to an account as it is.
fn acts(user: &User, has_factor: bool) -> Vec<ActView> {
    let button = |value, label| ActView {
        value,
        label,
        class: "small",
    };
    if user.disabled_at.is_some() {
        return vec![button("open", "Open the account again")];
    }
    let mut acts = vec![if user.password_hash.is_some() {
        button("reset_password", "Reset the password")
    } else {
        button("invite_again", "Make another link")
    }];
    if has_factor {
        acts.push(button("reset_second_factor", "Reset the second factor"));
    }
    acts.push(button("sign_out", "Sign out everywhere"));
    acts.push(ActView {
        class: "small danger",
        ..button("close", "Close the account")
    });
    acts
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    /// A new account.
    Invite,
    InviteAgain,
    Close,
    Open,
    SignOut,
    ResetPassword,
    ResetSecondFactor,
}

#[derive(Deserialize)]
pub struct Change {
    act: Act,
    /// Whose account.
    #[serde(default)]
    user: String,
    /// Of a new account.
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

/// One address for all, so that a person who is asked for a proof comes back to a page that is there.
pub async fn change(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(change): Form<Change>,
) -> Result<Response> {
    let (db, actor, now) = (&app.db, &caller.actor, app.clock.now());
    let id = || change.user.parse::<UserId>().map_err(|_| Error::not_found("account"));
    let (purpose, what) = match change.act {
        Act::Invite => return invite(&app, &caller, &headers, &change).await,
        Act::Close => return back(accounts::close(db, actor, &id()?, now).await),
        Act::Open => return back(accounts::reopen(db, actor, &id()?, now).await),
        Act::SignOut => return back(accounts::end_sessions(db, actor, &id()?, now).await.map(drop)),
        Act::InviteAgain => (LinkPurpose::Invitation, INVITED),
        Act::ResetPassword => (LinkPurpose::Password, "sets another password"),
        Act::ResetSecondFactor => (LinkPurpose::SecondFactor, "sets up another second factor"),
    };
    let (person, token) = accounts::reset(db, actor, &id()?, purpose, now).await?;
    let handed = Handed {
        person: person.name,
        what,
        link: link(&app, &headers, &token),
    };
    page(&app, &caller, Some(handed)).await
}

const INVITED: &str = "sets a password and a second factor";

async fn invite(app: &AppState, caller: &Caller, headers: &HeaderMap, change: &Change) -> Result<Response> {
    let role: Role = change.role.parse().map_err(Error::invalid_sentence)?;
    let (person, token) = accounts::invite(&app.db, &caller.actor, change.name.trim(), role, app.clock.now()).await?;
    let handed = Handed {
        person: person.name,
        what: INVITED,
        link: link(app, headers, &token),
    };
    page(app, caller, Some(handed)).await
}

fn back(done: Result<(), AccountError>) -> Result<Response> {
    done?;
    Ok(Redirect::to("/people").into_response())
}

/// The whole link, by the address under which people come.
fn link(app: &AppState, headers: &HeaderMap, token: &str) -> String {
    let path = links::path(token);
    if let Some(base) = &app.config.desk.public_url {
        return format!("{}{path}", base.trim_end_matches('/'));
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let scheme = if app.config.is_https() { "https" } else { "http" };
    host.map_or_else(|| path.clone(), |host| format!("{scheme}://{host}{path}"))
}

impl From<AccountError> for Error {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::Denied(_) => Self::forbidden(),
            AccountError::Unknown => Self::not_found("account"),
            AccountError::Own | AccountError::Closed => Self::conflict(Self::invalid_sentence(error).detail),
            AccountError::Password(_) | AccountError::Name | AccountError::Taken => Self::invalid_sentence(error),
        }
    }
}
