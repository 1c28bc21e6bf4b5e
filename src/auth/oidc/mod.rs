//! Signing in at the clinic's identity provider: the authorization code flow of OpenID Connect, with PKCE.
//!
//! The browser leaves with a cookie and a `state`, and only who comes back with both goes on, once. Whom the provider names is
//! known here by issuer and subject alone, linked beforehand by an operator or by the person: no account is made by a login, and
//! none is found by an e-mail address.

mod exchange;
pub mod link;
mod provider;
mod refusal;
mod token;

use super::client::Client;
use super::login::{self, Login, Opening, Rules};
use crate::crypto::mac::constant_time_eq;
use crate::crypto::token::{hash_token, random_token};
use crate::domain::identity::ProvenBy;
use crate::domain::ids::{LoginAttemptId, UserId};
use crate::domain::people::Actor;
use crate::store::audit::{self, Entry, Outcome};
use crate::store::oidc_attempts::{self, LoginAttempt, LoginSecrets};
use crate::store::{self, Db, Tx, user_identities};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

pub use exchange::Subject;
pub use provider::Provider;
pub use refusal::{OidcError, ProviderSaid, Refusal};
pub use token::TokenFault;

/// Within so long the person must come back from the provider.
pub const ATTEMPT_LASTS: TimeDelta = TimeDelta::minutes(10);

/// What a login at the provider is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    /// The account of this person gets the identity.
    Link(UserId),
}

/// Where the browser goes, and what it must bring back.
pub struct Begun {
    /// For a cookie.
    pub token: String,
    /// Of the provider.
    pub url: String,
}

/// What the provider sends the browser back with (RFC 6749 §4.1.2, RFC 9207).
#[derive(Clone, Default, Deserialize)]
pub struct Answer {
    pub code: Option<String>,
    pub state: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// How a login at the provider ended well.
pub enum Completed {
    /// Where the login goes on: in, unless the provider vouched for less than two factors and this account has one here.
    Known(Login),
    Linked,
}

/// What the provider vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proved {
    /// Who it is, by whatever it asks of people.
    Identity,
    /// That they showed what the configuration requires by `acr` or `amr` besides: as good as our own second factor.
    TwoFactors,
}

pub async fn begin(
    db: &Db,
    provider: &Provider,
    purpose: Purpose,
    from: &Client,
    now: DateTime<Utc>,
) -> Result<Begun, OidcError> {
    let secrets = LoginSecrets {
        nonce: random_token(),
        verifier: random_token(),
    };
    let (token, state) = (random_token(), random_token());
    let url = match exchange::address(provider, &purpose, &secrets, state.clone(), now).await {
        Ok(url) => url,
        Err(refusal) => return Err(refused(db, refusal, from, now).await?),
    };
    let attempt = LoginAttempt {
        id: LoginAttemptId::new(now),
        token_hash: hash_token(&token),
        state_hash: hash_token(&state),
        secrets,
        user: match purpose {
            Purpose::SignIn => None,
            Purpose::Link(user) => Some(user),
        },
        created_at: now,
        expires_at: now + ATTEMPT_LASTS,
    };
    let mut tx = db.begin().await?;
    oidc_attempts::delete_expired(&mut tx, now).await?;
    oidc_attempts::insert(&mut tx, &attempt).await?;
    tx.commit().await?;
    Ok(Begun { token, url })
}

/// The browser is back, with the cookie's token and the provider's answer.
pub async fn complete(
    db: &Db,
    provider: &Provider,
    token: Option<&str>,
    answer: Answer,
    (from, rules): (&Client, Rules),
    now: DateTime<Utc>,
) -> Result<Completed, OidcError> {
    // A stranger's link alone writes no row into the audit log.
    let token = token.ok_or(OidcError::Refused(Refusal::NoAttempt))?;
    let attempt = match take(db, token, answer.state.as_deref(), now).await? {
        Ok(attempt) => attempt,
        Err(refusal) => return Err(refused(db, refusal, from, now).await?),
    };
    let subject = match exchange::subject(provider, answer, &attempt.secrets, now).await {
        Ok(subject) => subject,
        Err(refusal) => return Err(refused(db, refusal, from, now).await?),
    };
    match attempt.user {
        None => sign_in(db, subject, provider.proves(), (from, rules), now).await,
        Some(user) => link::complete(db, subject, &user, from, now).await,
    }
}

/// The attempt that the browser left with, which is over with this.
async fn take(
    db: &Db,
    token: &str,
    state: Option<&str>,
    now: DateTime<Utc>,
) -> store::Result<Result<LoginAttempt, Refusal>> {
    let mut tx = db.begin().await?;
    let Some(attempt) = oidc_attempts::find_live(&mut tx, &hash_token(token), now).await? else {
        return Ok(Err(Refusal::NoAttempt));
    };
    // It waits on: or any page could end a login by a link with a state made up.
    if !state.is_some_and(|state| constant_time_eq(&hash_token(state), &attempt.state_hash)) {
        return Ok(Err(Refusal::ForeignState));
    }
    let mine = oidc_attempts::delete(&mut tx, &attempt.id).await?;
    tx.commit().await?;
    Ok(if mine { Ok(attempt) } else { Err(Refusal::NoAttempt) })
}

async fn sign_in(
    db: &Db,
    subject: Subject,
    proved: Proved,
    (from, rules): (&Client, Rules),
    now: DateTime<Utc>,
) -> Result<Completed, OidcError> {
    let mut tx = db.begin().await?;
    let user = match user_identities::find_user(&mut tx, &subject.issuer, &subject.id).await? {
        Some(user) if user.disabled_at.is_none() => user,
        found => {
            let refusal = if found.is_some() {
                Refusal::Disabled(subject)
            } else {
                Refusal::UnknownSubject(subject)
            };
            record_refusal(&mut tx, &refusal, from, now).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
    };
    user_identities::record_use(&mut tx, &subject.issuer, &subject.id, now).await?;
    let opening = Opening {
        proven_by: ProvenBy::IdentityProvider,
        from,
    };
    let login = match proved {
        Proved::TwoFactors => Login::Done(login::open_session(&mut tx, &user, rules.limits, now, opening).await?),
        Proved::Identity => login::after_first_step(&mut tx, &user, opening, rules, now).await?,
    };
    tx.commit().await?;
    Ok(Completed::Known(login))
}

/// Writes down why, as a code and nothing of what was sent but where it came from.
async fn refused(db: &Db, refusal: Refusal, from: &Client, now: DateTime<Utc>) -> store::Result<OidcError> {
    let mut tx = db.begin().await?;
    record_refusal(&mut tx, &refusal, from, now).await?;
    tx.commit().await?;
    Ok(refusal.into())
}

async fn record_refusal(tx: &mut Tx, refusal: &Refusal, from: &Client, now: DateTime<Utc>) -> store::Result<()> {
    tracing::info!(
        login.refusal = refusal.code(),
        "a login by the identity provider was refused"
    );
    let entry = Entry {
        actor: &Actor::System,
        action: "login",
        resource_kind: "user",
        resource_id: "unknown",
        outcome: Outcome::Denied,
        detail: from.noted(serde_json::json!({ "by": "oidc", "code": refusal.code() })),
    };
    audit::insert(tx, &entry, now).await
}
