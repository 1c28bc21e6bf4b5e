//! A person's second factor: setting it up, using its codes, and what is left when the phone is gone. Passkeys, which are one
//! too, have a [place of their own](super::passkeys).

use super::login::record_own;
use super::{recovery, totp};
use crate::config::SecondFactorPolicy;
use crate::domain::identity::Enrolment;
use crate::domain::ids::UserId;
use crate::store::audit::Outcome;
use crate::store::users::{self, User};
use crate::store::{self, Db, Tx, passkeys, pending_logins, second_factors};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

/// What a person has beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// An authenticator app.
    pub code: bool,
    pub passkey: bool,
}

impl Held {
    pub fn any(self) -> bool {
        self.code || self.passkey
    }
}

pub async fn held(tx: &mut Tx, user: &UserId) -> store::Result<Held> {
    Ok(Held {
        code: second_factors::find(tx, user).await?.is_some(),
        passkey: passkeys::count(tx, user).await? > 0,
    })
}

/// The secret that the browser with this token is offered: see [`totp::offered_secret`].
pub async fn offered(db: &Db, user: &UserId, token: &str) -> store::Result<Zeroizing<Vec<u8>>> {
    offered_in(&mut db.read().await?, user, token).await
}

pub(super) async fn offered_in(tx: &mut Tx, user: &UserId, token: &str) -> store::Result<Zeroizing<Vec<u8>>> {
    Ok(totp::offered_secret(token, second_factors::changed_at(tx, user).await?))
}

/// Sets it up if `code` is one of `secret`, and gives the recovery codes, which are shown this once.
pub async fn set_up(
    tx: &mut Tx,
    user: &User,
    secret: &[u8],
    code: &str,
    now: DateTime<Utc>,
) -> store::Result<Option<Vec<String>>> {
    let Some(step) = totp::step_of(secret, code, 0, now) else {
        return Ok(None);
    };
    second_factors::set(tx, &user.id, secret, step, now).await?;
    if user.enrolment == Enrolment::ByLink {
        users::set_enrolment(tx, &user.id, Enrolment::AtLogin).await?;
    }
    note(tx, user, "enrol_second_factor", now).await?;
    Ok(Some(new_recovery_codes(tx, user).await?))
}

/// Ten others; those that there were are worth nothing any more.
pub async fn renew_recovery_codes(tx: &mut Tx, user: &User, now: DateTime<Utc>) -> store::Result<Vec<String>> {
    note(tx, user, "renew_recovery_codes", now).await?;
    new_recovery_codes(tx, user).await
}

pub(super) async fn new_recovery_codes(tx: &mut Tx, user: &User) -> store::Result<Vec<String>> {
    let codes = recovery::make();
    let hashes: Vec<_> = codes.iter().map(|code| recovery::hash(code)).collect();
    second_factors::replace_recovery_codes(tx, &user.id, &hashes).await?;
    Ok(codes)
}

/// Whether it may be taken away without another in its place.
pub fn is_optional(user: &User, policy: SecondFactorPolicy) -> bool {
    user.enrolment == Enrolment::Optional && policy == SecondFactorPolicy::Invited
}

/// Takes the app away, for who may go without or has a passkey besides.
pub async fn remove(tx: &mut Tx, user: &User, now: DateTime<Utc>) -> store::Result<()> {
    second_factors::remove(tx, &user.id, now).await?;
    if !held(tx, &user.id).await?.any() {
        second_factors::forget_recovery_codes(tx, &user.id).await?;
    }
    pending_logins::end_all(tx, &user.id).await?;
    note(tx, user, "remove_second_factor", now).await
}

/// Whether the code is one of now that was not used before; it is from here on.
pub(super) async fn use_code(tx: &mut Tx, user: &User, code: &str, now: DateTime<Utc>) -> store::Result<bool> {
    let Some(factor) = second_factors::find(tx, &user.id).await? else {
        return Ok(false);
    };
    match totp::step_of(&factor.secret, code, factor.last_step, now) {
        Some(step) => second_factors::use_step(tx, &user.id, step).await,
        None => Ok(false),
    }
}

async fn note(tx: &mut Tx, user: &User, action: &str, now: DateTime<Utc>) -> store::Result<()> {
    let detail = serde_json::json!({});
    record_own(tx, user, action, Outcome::Allowed, detail, now).await
}
