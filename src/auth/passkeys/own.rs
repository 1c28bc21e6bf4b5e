//! Adding a passkey to one's own account, and taking one away.

use super::{RelyingParty, handle, keep};
use crate::auth::login::record_own;
use crate::auth::second_factor;
use crate::config::SecondFactorPolicy;
use crate::crypto::token::hash_token;
use crate::domain::identity::{Enrolment, PasskeyPurpose};
use crate::domain::ids::{PasskeyId, UserId};
use crate::store::audit::Outcome;
use crate::store::passkeys::{self, Passkey};
use crate::store::users::{self, User};
use crate::store::{self, Db, ResultExt, Tx, passkey_attempts, pending_logins, second_factors};
use chrono::{DateTime, Utc};
use webauthn_rs::prelude::{CreationChallengeResponse, Passkey as Credential, PasskeyRegistration};
use webauthn_rs_proto::ResidentKeyRequirement;

/// More are a sign that nobody looks after them.
pub const MOST: usize = 10;
pub const NAME_CHARS_MAX: usize = 40;

#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    #[error("an account has at most {MOST} passkeys: remove one first")]
    TooMany,
    #[error("a passkey's name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    #[error("the passkey does not fit, or it took longer than five minutes: try again")]
    Refused,
    #[error("this passkey belongs to an account already")]
    Taken,
    #[error("there is no such passkey")]
    NoSuch,
    #[error("this account must have a second factor: set up a phone or another passkey first")]
    Required,
    #[error("there is no such account")]
    UnknownUser,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What the browser with this token, a session's or a login's, must ask a device for.
pub async fn ask(
    db: &Db,
    site: &RelyingParty,
    user: &UserId,
    browser: &str,
    now: DateTime<Utc>,
) -> Result<CreationChallengeResponse, PasskeyError> {
    let mut tx = db.begin().await?;
    let user = users::find(&mut tx, user).await?.ok_or(PasskeyError::UnknownUser)?;
    let has = passkeys::of_user(&mut tx, &user.id).await?;
    if has.len() >= MOST {
        return Err(PasskeyError::TooMany);
    }
    // A device that has one already makes no second.
    let has = has.into_iter().map(|passkey| passkey.credential.cred_id().clone());
    let (mut asked, state) = site
        .0
        .start_passkey_registration(handle(&user.id), &user.name, &user.name, Some(has.collect()))
        .map_err(|_| PasskeyError::Refused)?;
    // Where the device can, it keeps whose the passkey is, so that its person need not say it: see `sign_in`.
    if let Some(wanted) = &mut asked.public_key.authenticator_selection {
        wanted.resident_key = Some(ResidentKeyRequirement::Preferred);
    }
    keep(
        &mut tx,
        browser,
        PasskeyPurpose::Registration,
        Some(&user.id),
        &state,
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(asked)
}

/// The passkey that answers what this browser was asked, if it does. The challenge is used up either way.
pub(in crate::auth) async fn made(
    tx: &mut Tx,
    site: &RelyingParty,
    user: &UserId,
    (browser, answer): (&str, &str),
    now: DateTime<Utc>,
) -> store::Result<Option<Credential>> {
    let asked: Option<(_, PasskeyRegistration)> =
        passkey_attempts::take(tx, &hash_token(browser), PasskeyPurpose::Registration, now).await?;
    let Some((_, state)) = asked.filter(|(of, _)| of.as_ref() == Some(user)) else {
        return Ok(None);
    };
    let Ok(answer) = serde_json::from_str(answer) else {
        return Ok(None);
    };
    Ok(site.0.finish_passkey_registration(&answer, &state).ok())
}

/// Adds it, and gives recovery codes where the account has none left: they are shown this once.
pub(in crate::auth) async fn insert(
    tx: &mut Tx,
    user: &User,
    name: &str,
    credential: Credential,
    now: DateTime<Utc>,
) -> Result<Option<Vec<String>>, PasskeyError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(PasskeyError::Name);
    }
    // Asked once more: several challenges may have been made before the tenth was added.
    if passkeys::count(tx, &user.id).await? >= MOST as i64 {
        return Err(PasskeyError::TooMany);
    }
    let passkey = Passkey {
        id: PasskeyId::new(now),
        user_id: user.id.clone(),
        name: name.to_owned(),
        credential,
        added_at: now,
        last_used_at: None,
    };
    passkeys::insert(tx, &passkey)
        .await
        .on_constraint("passkey_credential_hash_key", || PasskeyError::Taken)?;
    if user.enrolment == Enrolment::ByLink {
        users::set_enrolment(tx, &user.id, Enrolment::AtLogin).await?;
    }
    note(tx, user, "add_passkey", &passkey.id, now).await?;
    if second_factors::count_recovery_codes(tx, &user.id).await? > 0 {
        return Ok(None);
    }
    Ok(Some(second_factor::new_recovery_codes(tx, user).await?))
}

/// Adds what the browser's device made, to who is signed in there.
pub async fn add(
    db: &Db,
    site: &RelyingParty,
    (user, session_token): (&UserId, &str),
    (name, answer): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Option<Vec<String>>, PasskeyError> {
    let mut tx = db.begin().await?;
    let user = users::find(&mut tx, user).await?.ok_or(PasskeyError::UnknownUser)?;
    let Some(credential) = made(&mut tx, site, &user.id, (session_token, answer), now).await? else {
        // The challenge stays used up.
        tx.commit().await?;
        return Err(PasskeyError::Refused);
    };
    let codes = insert(&mut tx, &user, name, credential, now).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Takes one away. Who must have a second factor keeps the last one.
pub async fn remove(
    db: &Db,
    user: &UserId,
    passkey: &PasskeyId,
    policy: SecondFactorPolicy,
    now: DateTime<Utc>,
) -> Result<(), PasskeyError> {
    let mut tx = db.begin().await?;
    let user = users::find(&mut tx, user).await?.ok_or(PasskeyError::UnknownUser)?;
    if !passkeys::delete(&mut tx, passkey, &user.id).await? {
        return Err(PasskeyError::NoSuch);
    }
    if !second_factor::held(&mut tx, &user.id).await?.any() {
        if !second_factor::is_optional(&user, policy) {
            return Err(PasskeyError::Required);
        }
        second_factors::forget_recovery_codes(&mut tx, &user.id).await?;
    }
    pending_logins::end_all(&mut tx, &user.id).await?;
    note(&mut tx, &user, "remove_passkey", passkey, now).await?;
    Ok(tx.commit().await?)
}

async fn note(tx: &mut Tx, user: &User, action: &str, passkey: &PasskeyId, now: DateTime<Utc>) -> store::Result<()> {
    let detail = serde_json::json!({ "passkey": passkey });
    record_own(tx, user, action, Outcome::Allowed, detail, now).await
}
