//! Links that an administrator hands over: to a new account, to another password, to another second factor. Each is good once
//! and for three days; its token has 256 bits and is kept as a hash.

use super::client::{Client, count_failure, waits};
use super::login::{Login, Opening, Rules, after_first_step, fits, record_step};
use super::password::{self, PasswordError};
use super::sources::Sources;
use crate::crypto::token::{hash_token, random_token};
use crate::domain::identity::{Enrolment, LinkPurpose, ProvenBy};
use crate::domain::ids::UserId;
use crate::domain::people::Actor;
use crate::store::account_links::{self, AccountLink};
use crate::store::audit::Outcome;
use crate::store::users::{self, User};
use crate::store::{self, Db, Tx, pending_logins, sessions};
use chrono::{DateTime, TimeDelta, Utc};

/// How long a link is good.
pub const GOOD_FOR: TimeDelta = TimeDelta::hours(72);

/// Where a link leads, below the address that people open.
pub fn path(token: &str) -> String {
    format!("/welcome/{token}")
}

/// Makes one, in place of those that were handed out before.
pub(super) async fn make(
    tx: &mut Tx,
    actor: &Actor,
    user: &UserId,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> store::Result<String> {
    account_links::end_all(tx, user, now).await?;
    let token = random_token();
    let link = AccountLink {
        token_hash: hash_token(&token),
        user_id: user.clone(),
        purpose,
        made_by: actor.reference(),
        created_at: now,
        expires_at: now + GOOD_FOR,
    };
    account_links::insert(tx, &link).await?;
    Ok(token)
}

/// Whose link this is and what for, while it is good. Looking at it does not use it up: programs look at links before people do.
pub async fn find(db: &Db, token: &str, now: DateTime<Utc>) -> store::Result<Option<(User, LinkPurpose)>> {
    let mut tx = db.read().await?;
    let Some(link) = account_links::find_live(&mut tx, &hash_token(token), now).await? else {
        return Ok(None);
    };
    Ok(users::find(&mut tx, &link.user_id)
        .await?
        .map(|user| (user, link.purpose)))
}

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("this link is not good any more")]
    Over,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Uses a link: a new password is set, or, where the second factor was reset, the old one checked. Goes on as a login does.
/// `names` are those of the clinic.
pub async fn open(
    db: &Db,
    (token, password): (&str, &str),
    names: &[&str],
    from: &Client,
    sources: &Sources,
    rules: Rules,
    now: DateTime<Utc>,
) -> Result<Login, LinkError> {
    let (user, purpose) = find(db, token, now).await?.ok_or(LinkError::Over)?;
    match purpose {
        LinkPurpose::Invitation | LinkPurpose::Password => {
            let hash = hashed(password, &user, names).await?;
            let mut tx = taken(db, token, now).await?;
            users::set_password(&mut tx, &user.id, &hash).await?;
            sessions::end_all(&mut tx, &user.id, now).await?;
            pending_logins::end_all(&mut tx, &user.id).await?;
            record_step(&mut tx, &user, from, "open_link", Outcome::Allowed, now).await?;
            go_on(tx, &user.id, from, rules, now).await
        }
        LinkPurpose::SecondFactor => {
            if let Some(wait) = sources.wait(from.address, now) {
                return Ok(Login::Slowed(wait));
            }
            if !fits(Some(&user), password).await || waits(&user, None, now) {
                let mut tx = db.begin().await?;
                record_step(&mut tx, &user, from, "open_link", Outcome::Denied, now).await?;
                count_failure(&mut tx, &user, from, now).await?;
                tx.commit().await?;
                sources.note_failure(from.address, now);
                return Ok(Login::Refused);
            }
            let mut tx = taken(db, token, now).await?;
            users::set_enrolment(&mut tx, &user.id, Enrolment::AtLogin).await?;
            record_step(&mut tx, &user, from, "open_link", Outcome::Allowed, now).await?;
            go_on(tx, &user.id, from, rules, now).await
        }
    }
}

async fn hashed(password: &str, user: &User, names: &[&str]) -> Result<String, LinkError> {
    let password = zeroize::Zeroizing::new(password.to_owned());
    let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    names.push(user.name.clone());
    let hash = tokio::task::spawn_blocking(move || {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        password::hash(&password, &names)
    });
    Ok(hash.await.map_err(|_| PasswordError::Hashing)??)
}

/// The transaction in which the link was used up: of two who open it at once, one.
async fn taken(db: &Db, token: &str, now: DateTime<Utc>) -> Result<Tx, LinkError> {
    let mut tx = db.begin().await?;
    if account_links::take(&mut tx, &hash_token(token), now).await? {
        Ok(tx)
    } else {
        Err(LinkError::Over)
    }
}

async fn go_on(mut tx: Tx, user: &UserId, from: &Client, rules: Rules, now: DateTime<Utc>) -> Result<Login, LinkError> {
    let user = users::find(&mut tx, user).await?.ok_or(LinkError::Over)?;
    let opening = Opening {
        proven_by: ProvenBy::Password,
        from,
    };
    let login = after_first_step(&mut tx, &user, opening, rules, now).await?;
    tx.commit().await?;
    Ok(login)
}
