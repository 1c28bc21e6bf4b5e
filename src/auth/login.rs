//! Signing in: the same answer, after the same work, whether a name is unknown, a password wrong or an account waiting
//! (ASVS 6.3.8). A right password opens a session, or the [second step](super::second_step).

use super::client::{Client, count_failure, waits};
use super::session::Limits;
use super::sources::Sources;
use super::{password, second_factor};
use crate::config::SecondFactorPolicy;
use crate::crypto::token::{hash_token, random_token};
use crate::domain::identity::{Enrolment, LoginStage, ProvenBy};
use crate::domain::ids::SessionId;
use crate::domain::people::Actor;
use crate::store::audit::{self, Outcome};
use crate::store::pending_logins::{self, PendingLogin};
use crate::store::sessions::{self, Session};
use crate::store::users::{self, User};
use crate::store::{self, Db, Tx, grants, known_browsers};
use chrono::{DateTime, TimeDelta, Utc};

/// The second step must follow within this.
const PENDING: TimeDelta = TimeDelta::minutes(5);
/// A browser that nobody used for so long is a stranger again.
const BROWSER_KNOWN: TimeDelta = TimeDelta::days(365);
/// What is kept of what a browser says it is.
const USER_AGENT_CHARS_MAX: usize = 120;

/// What holds for every login.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    pub limits: Limits,
    pub second_factor: SecondFactorPolicy,
}

/// Two fresh tokens for cookies: whatever the browser had before is worth nothing.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: String,
    /// By which this browser is known from now on.
    pub browser: String,
}

/// What a login comes to. Only who gave the right password is told more than [`Login::Refused`].
#[derive(Clone, Debug)]
pub enum Login {
    Done(SignedIn),
    /// With the token that binds the second step to this browser.
    Next(LoginStage, String),
    /// The second factor was reset, and goes on by the link that an administrator hands over.
    ByLink,
    Refused,
    /// Too many failures came from this address.
    Slowed(TimeDelta),
}

pub async fn log_in(
    db: &Db,
    (name, password): (&str, &str),
    from: &Client,
    sources: &Sources,
    rules: Rules,
    now: DateTime<Utc>,
) -> store::Result<Login> {
    let mut tx = db.read().await?;
    let user = users::find_by_name(&mut tx, name).await?;
    let known = match &user {
        Some(user) => from.known(&mut tx, user).await?,
        None => None,
    };
    drop(tx);
    if known.is_none()
        && let Some(wait) = sources.wait(from.address, now)
    {
        return Ok(Login::Slowed(wait));
    }
    let fits = fits(user.as_ref(), password).await;
    let checked = user.and_then(|user| user.password_hash);
    // Written on every way, since a commit takes time that could be measured.
    let mut tx = db.begin().await?;
    // Read anew: while Argon2 worked others may have failed too, and the account may have been closed.
    let user = users::find_by_name(&mut tx, name).await?;
    let login = match user {
        Some(user) if fits && user.password_hash == checked && may_come(&mut tx, &user, from, now).await? => {
            let opening = Opening {
                proven_by: ProvenBy::Password,
                from,
            };
            after_first_step(&mut tx, &user, opening, rules, now).await?
        }
        user => {
            refuse(&mut tx, user.as_ref(), from, now).await?;
            sources.note_failure(from.address, now);
            Login::Refused
        }
    };
    tx.commit().await?;
    Ok(login)
}

async fn may_come(tx: &mut Tx, user: &User, from: &Client, now: DateTime<Utc>) -> store::Result<bool> {
    let known = from.known(tx, user).await?;
    Ok(user.disabled_at.is_none() && !waits(user, known.as_ref(), now))
}

/// Argon2 is meant to keep a core busy: not one that answers others.
pub(super) async fn fits(user: Option<&User>, password: &str) -> bool {
    let stored = user.and_then(|user| user.password_hash.clone());
    let password = zeroize::Zeroizing::new(password.to_owned());
    tokio::task::spawn_blocking(move || password::verify(&password, stored.as_deref()))
        .await
        .unwrap_or(false)
}

/// A name that nobody has is not kept: people type their password there by mistake.
pub(super) async fn refuse(tx: &mut Tx, user: Option<&User>, from: &Client, now: DateTime<Utc>) -> store::Result<()> {
    let id = user.map_or("unknown", |user| user.id.as_str());
    record(
        tx,
        &Actor::System,
        "login",
        id,
        Outcome::Denied,
        from.noted(serde_json::json!({})),
        now,
    )
    .await?;
    match user {
        Some(user) => count_failure(tx, user, from, now).await,
        None => Ok(()),
    }
}

/// Whoever gave the right password, a link in its place, or the word of the identity provider: in, or on to the second step.
pub(super) async fn after_first_step(
    tx: &mut Tx,
    user: &User,
    opening: Opening<'_>,
    rules: Rules,
    now: DateTime<Utc>,
) -> store::Result<Login> {
    let stage = if second_factor::held(tx, &user.id).await?.any() {
        LoginStage::Code
    } else {
        match (user.enrolment, rules.second_factor) {
            (Enrolment::ByLink, _) => {
                record_step(tx, user, opening.from, "begin_login", Outcome::Denied, now).await?;
                return Ok(Login::ByLink);
            }
            (Enrolment::AtLogin, _) | (Enrolment::Optional, SecondFactorPolicy::All) => LoginStage::Enrol,
            (Enrolment::Optional, SecondFactorPolicy::Invited) => {
                return Ok(Login::Done(open_session(tx, user, rules.limits, now, opening).await?));
            }
        }
    };
    record_step(tx, user, opening.from, "begin_login", Outcome::Allowed, now).await?;
    let token = random_token();
    let pending = PendingLogin {
        token_hash: hash_token(&token),
        user_id: user.id.clone(),
        proven_by: opening.proven_by,
        stage,
        expires_at: now + PENDING,
    };
    pending_logins::insert(tx, &pending, now).await?;
    Ok(Login::Next(stage, token))
}

/// How a session came to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'a> {
    pub proven_by: ProvenBy,
    pub from: &'a Client,
}

/// Opens a session for who has proven who they are, whichever way, and writes the login into the audit log.
pub(super) async fn open_session(
    tx: &mut Tx,
    user: &User,
    limits: Limits,
    now: DateTime<Utc>,
    opening: Opening<'_>,
) -> store::Result<SignedIn> {
    let from = opening.from;
    // In a browser that was known the account's own count is not this person's: strangers made it.
    if from.known(tx, user).await?.is_none() {
        users::record_login(tx, &user.id, 0, None).await?;
    }
    users::signed_in(tx, &user.id, now).await?;
    let signed_in = SignedIn {
        session: random_token(),
        browser: random_token(),
    };
    let browser = hash_token(&signed_in.browser);
    if let Some(before) = from.browser_hash() {
        known_browsers::rename(tx, &before, &browser).await?;
    }
    known_browsers::remember(tx, &browser, &user.id, now, now - BROWSER_KNOWN).await?;
    let session = Session {
        id: SessionId::new(now),
        token_hash: hash_token(&signed_in.session),
        user_id: user.id.clone(),
        created_at: now,
        expires_at: now + limits.absolute,
        proven_by: opening.proven_by,
        user_agent: from.user_agent.as_deref().map(short),
    };
    sessions::insert(tx, &session).await?;
    let detail = from.noted(serde_json::json!({ "by": opening.proven_by.as_str() }));
    record_own(tx, user, "login", Outcome::Allowed, detail, now).await?;
    Ok(signed_in)
}

fn short(user_agent: &str) -> String {
    let printable = user_agent.chars().filter(|c| !c.is_control());
    printable.take(USER_AGENT_CHARS_MAX).collect()
}

/// What people do to their own account, in the audit log.
pub(super) async fn record_own(
    tx: &mut Tx,
    user: &User,
    action: &str,
    outcome: Outcome,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let actor = Actor::User {
        id: user.id.clone(),
        name: user.name.clone(),
        access: grants::of(tx, &user.id).await?,
    };
    record(tx, &actor, action, user.id.as_str(), outcome, detail, now).await
}

/// A step of a login in the audit log. Until all are done nobody is somebody.
pub(super) async fn record_step(
    tx: &mut Tx,
    user: &User,
    from: &Client,
    action: &str,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> store::Result<()> {
    record(
        tx,
        &Actor::System,
        action,
        user.id.as_str(),
        outcome,
        from.noted(serde_json::json!({})),
        now,
    )
    .await
}

/// What somebody does to an account, in the audit log.
pub(super) async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    user: &str,
    outcome: Outcome,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "user",
        resource_id: user,
        outcome,
        detail,
    };
    audit::insert(tx, &entry, now).await
}
