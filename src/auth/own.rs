//! What people do to their own account, signed in: another password, another second factor, new recovery codes.

use super::client::{Client, count_failure, waits};
use super::login::{fits, record_own};
use super::password::{self, PasswordError};
use super::second_factor;
use crate::config::SecondFactorPolicy;
use crate::domain::ids::{SessionId, UserId};
use crate::store::audit::Outcome;
use crate::store::users::{self, User};
use crate::store::{self, Db, Tx, passkeys, pending_logins, sessions};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    #[error("the password that you have now is another; after several failures the account waits a little")]
    Password,
    #[error(transparent)]
    New(#[from] PasswordError),
    #[error("the code does not fit: look whether the phone's clock is right, and type the one that the app shows now")]
    Code,
    #[error("this account must have a second factor: set another up in its place")]
    Required,
    #[error("there is no second factor: set one up first")]
    NoSecondFactor,
    #[error("there is no such account")]
    Unknown,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Sets another password for who knows the one of now, and ends all their other sessions. `names` are those of the clinic.
pub async fn change_password(
    db: &Db,
    (id, session): (&UserId, &SessionId),
    (now_used, new): (&str, &str),
    names: &[&str],
    from: &Client,
    now: DateTime<Utc>,
) -> Result<(), OwnError> {
    let user = find(&mut db.read().await?, id).await?;
    let names: Vec<&str> = names.iter().copied().chain([user.name.as_str()]).collect();
    password::check(new, &names)?;
    let right = fits(Some(&user), now_used).await;
    let new = Zeroizing::new(new.to_owned());
    let hash = tokio::task::spawn_blocking(move || password::hash(&new, &[]));
    let hash = hash.await.map_err(|_| PasswordError::Hashing)??;
    let mut tx = db.begin().await?;
    let known = from.known(&mut tx, &user).await?;
    if !right || waits(&user, known.as_ref(), now) {
        note(&mut tx, &user, "change_password", Outcome::Denied, now).await?;
        count_failure(&mut tx, &user, from, now).await?;
        tx.commit().await?;
        return Err(OwnError::Password);
    }
    users::set_password(&mut tx, id, &hash).await?;
    sessions::end_others(&mut tx, session, id, now).await?;
    pending_logins::end_all(&mut tx, id).await?;
    note(&mut tx, &user, "change_password", Outcome::Allowed, now).await?;
    Ok(tx.commit().await?)
}

/// Sets up what was offered to the session of this token, in place of what there was; gives the recovery codes, which are shown this once.
pub async fn enrol(
    db: &Db,
    id: &UserId,
    session_token: &str,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Vec<String>, OwnError> {
    let mut tx = db.begin().await?;
    let user = find(&mut tx, id).await?;
    let secret = second_factor::offered_in(&mut tx, id, session_token).await?;
    let codes = second_factor::set_up(&mut tx, &user, &secret, code, now).await?;
    let codes = codes.ok_or(OwnError::Code)?;
    tx.commit().await?;
    Ok(codes)
}

/// Takes the app away, where the account may go without or has a passkey.
pub async fn remove(db: &Db, id: &UserId, policy: SecondFactorPolicy, now: DateTime<Utc>) -> Result<(), OwnError> {
    let mut tx = db.begin().await?;
    let user = find(&mut tx, id).await?;
    let has_another = passkeys::count(&mut tx, id).await? > 0;
    if !has_another && !second_factor::is_optional(&user, policy) {
        return Err(OwnError::Required);
    }
    second_factor::remove(&mut tx, &user, now).await?;
    Ok(tx.commit().await?)
}

pub async fn renew_recovery_codes(db: &Db, id: &UserId, now: DateTime<Utc>) -> Result<Vec<String>, OwnError> {
    let mut tx = db.begin().await?;
    let user = find(&mut tx, id).await?;
    if !second_factor::held(&mut tx, id).await?.any() {
        return Err(OwnError::NoSecondFactor);
    }
    let codes = second_factor::renew_recovery_codes(&mut tx, &user, now).await?;
    tx.commit().await?;
    Ok(codes)
}

async fn find(tx: &mut Tx, id: &UserId) -> Result<User, OwnError> {
    users::find(tx, id).await?.ok_or(OwnError::Unknown)
}

async fn note(tx: &mut Tx, user: &User, action: &str, outcome: Outcome, now: DateTime<Utc>) -> store::Result<()> {
    let detail = serde_json::json!({});
    record_own(tx, user, action, outcome, detail, now).await
}
