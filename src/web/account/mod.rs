//! A person's own account: password, second factor, passkeys, and where they are signed in.

pub mod confirm;
pub mod passkeys;
pub mod second_factor;

use super::AppState;
use super::cookies::session_token;
use super::error::{Error, Result};
use super::gate::session_limits;
use super::layout::{Frame, Place, When, filters, render};
use super::login::with_status;
use super::passkeys::site;
use super::welcome::clinic_names;
use crate::auth::client::Client;
use crate::auth::own::{self, OwnError};
use crate::auth::password::{ADVISED, SHORTEST};
use crate::auth::second_factor::is_optional;
use crate::auth::session::{self, Ended};
use crate::auth::{Caller, Proof};
use crate::domain::identity::ProvenBy;
use crate::domain::ids::{SessionId, UserId};
use crate::store::sessions::Live;
use crate::store::{passkeys as kept_passkeys, second_factors, sessions, users};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use chrono::{DateTime, Utc};
use passkeys::PasskeyView;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/account/account.html")]
struct AccountPage {
    frame: Frame,
    has_password: bool,
    problem: String,
    told: &'static str,
    shortest: usize,
    advised: usize,
    factor: Option<FactorView>,
    /// Whether passkeys work at the address that people come by.
    offers_passkeys: bool,
    passkeys: Vec<PasskeyView>,
    /// Who must have a second factor keeps the last one.
    may_remove_passkeys: bool,
    codes_left: i64,
    /// The identity provider's name, where there is one.
    sign_in_with: Option<String>,
    sessions: Vec<SessionView>,
}

struct FactorView {
    since: When,
    may_remove: bool,
}

struct SessionView {
    id: String,
    device: String,
    started: When,
    used: When,
    how: &'static str,
    is_this: bool,
}

/// A person who is signed in; a program has no account of its own.
pub(super) fn person(caller: &Caller) -> Result<(&UserId, &SessionId)> {
    match (caller.actor.user(), &caller.proof) {
        (Some(user), Proof::Session { id, .. }) => Ok((user, id)),
        _ => Err(Error::forbidden()),
    }
}

#[derive(Deserialize)]
pub struct Shown {
    told: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let told = match shown.told.as_deref() {
        Some("password") => "Your password was changed. All your other sessions have ended.",
        Some("passkey") => "The passkey was added.",
        Some("passkey-removed") => "The passkey was removed.",
        Some("removed") => "Your second factor was removed.",
        Some("ended") => "Signed out there.",
        _ => "",
    };
    page(&app, &caller, String::new(), told).await
}

async fn page(app: &AppState, caller: &Caller, problem: String, told: &'static str) -> Result<Response> {
    let (id, this) = person(caller)?;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let user = users::find(&mut tx, id).await?.ok_or_else(Error::unauthenticated)?;
    let may_go_without = is_optional(&user, app.config.auth.second_factor);
    let passkeys = kept_passkeys::of_user(&mut tx, id).await?;
    let factor = second_factors::find(&mut tx, id).await?.map(|factor| FactorView {
        since: When::ago(factor.changed_at, now),
        may_remove: may_go_without || !passkeys.is_empty(),
    });
    let codes_left = second_factors::count_recovery_codes(&mut tx, id).await?;
    let live = sessions::of_user(&mut tx, id, now - session_limits(app).idle, now).await?;
    drop(tx);
    render(&AccountPage {
        frame: Frame::new(app, caller, Place::Account),
        has_password: user.password_hash.is_some(),
        problem,
        told,
        sign_in_with: app.config.oidc.is_on().then(|| app.config.oidc.label.clone()),
        shortest: SHORTEST,
        advised: ADVISED,
        may_remove_passkeys: may_go_without || factor.is_some() || passkeys.len() > 1,
        factor,
        offers_passkeys: site(app).is_some(),
        passkeys: passkeys
            .into_iter()
            .map(|passkey| PasskeyView::new(passkey, now))
            .collect(),
        codes_left,
        sessions: live.iter().map(|live| view(live, this, now)).collect(),
    })
}

fn view(live: &Live, this: &SessionId, now: DateTime<Utc>) -> SessionView {
    SessionView {
        is_this: live.id == *this,
        id: live.id.to_string(),
        device: live.user_agent.as_deref().map_or_else(|| "Unknown".to_owned(), device),
        started: When::ago(live.created_at, now),
        used: When::ago(live.last_seen_at, now),
        how: match live.proven_by {
            ProvenBy::Password => "password",
            ProvenBy::PasswordAndCode => "password and code",
            ProvenBy::PasswordAndRecoveryCode => "password and recovery code",
            ProvenBy::PasswordAndPasskey => "password and passkey",
            ProvenBy::Passkey => "passkey",
            ProvenBy::IdentityProvider => "identity provider",
            ProvenBy::IdentityProviderAndCode => "identity provider and code",
            ProvenBy::IdentityProviderAndRecoveryCode => "identity provider and recovery code",
            ProvenBy::IdentityProviderAndPasskey => "identity provider and passkey",
        },
    }
}

/// "Firefox on Windows", as far as the browser says so; its own words otherwise.
fn device(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(word, _)| user_agent.contains(word));
        found.map(|(_, name)| *name)
    };
    // Chrome says that it is Safari, and Edge that it is Chrome, so that their order counts.
    let browser = named(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = named(&[
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "Mac"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => user_agent.chars().take(60).collect(),
    }
}

#[derive(Deserialize)]
pub struct NewPassword {
    current: String,
    password: String,
    again: String,
}

pub async fn change_password(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    from: Client,
    Form(given): Form<NewPassword>,
) -> Result<Response> {
    let problem = if given.password == given.again {
        let (who, passwords) = (person(&caller)?, (given.current.as_str(), given.password.as_str()));
        let changed = own::change_password(&app.db, who, passwords, &clinic_names(&app), &from, app.clock.now()).await;
        match changed {
            Ok(()) => return Ok(Redirect::to("/account?told=password").into_response()),
            Err(OwnError::Store(error)) => return Err(error.into()),
            Err(problem) => Error::invalid_sentence(problem).detail,
        }
    } else {
        "The two new passwords are not the same.".to_owned()
    };
    with_status(
        StatusCode::UNPROCESSABLE_ENTITY,
        page(&app, &caller, problem, "").await?,
    )
}

#[derive(Deserialize)]
pub struct Ending {
    /// One session; without it, all but this one.
    session: Option<String>,
}

pub async fn end_sessions(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Form(form): Form<Ending>,
) -> Result<Response> {
    let (user, this) = person(&caller)?;
    let one = form.session.map(|id| id.parse::<SessionId>());
    let one = one.transpose().map_err(|_| Error::not_found("session"))?;
    let which = one.as_ref().map_or(Ended::Others(this), Ended::One);
    session::end_own(&app.db, &caller.actor, user, which, app.clock.now()).await?;
    let is_this = one.as_ref() == Some(this) && session_token(&headers, app.config.is_https()).is_some();
    let to = if is_this { "/login?ended" } else { "/account?told=ended" };
    Ok(Redirect::to(to).into_response())
}

impl From<OwnError> for Error {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::Store(error) => error.into(),
            OwnError::Unknown => Self::unauthenticated(),
            OwnError::Required | OwnError::NoSecondFactor => Self::conflict(Self::invalid_sentence(error).detail),
            OwnError::Password | OwnError::Code | OwnError::New(_) => Self::invalid_sentence(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_short_name() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        for (user_agent, name) in [
            (windows.to_owned(), "Chrome on Windows"),
            (format!("{windows} Edg/140.0"), "Edge on Windows"),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                "Firefox on Linux",
            ),
            ("curl/8.5.0".to_owned(), "curl/8.5.0"),
        ] {
            assert_eq!(device(&user_agent), name);
        }
    }
}
