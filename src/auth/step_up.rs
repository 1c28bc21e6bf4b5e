//! Proving once more who one is, before something that matters (ASVS 7.5.3): a session that somebody left open, or stole,
//! makes no accounts and takes no log away.

use super::client::{Client, count_failure, waits};
use super::login::{fits, record_own};
use super::passkeys::{self, RelyingParty};
use super::second_factor::Held;
use super::{Proof, second_factor};
use crate::domain::ids::{SessionId, UserId};
use crate::store::audit::Outcome;
use crate::store::users::{self, User};
use crate::store::{self, Db, Tx, sessions};
use chrono::{DateTime, TimeDelta, Utc};

/// Whether the caller proved it within `within`. A program's token is a proof each time.
pub fn is_fresh(proof: &Proof, within: TimeDelta, now: DateTime<Utc>) -> bool {
    match proof {
        Proof::Session { stepped_up_at, .. } => stepped_up_at.is_some_and(|at| now - at <= within),
        Proof::Token => true,
    }
}

/// What the person is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A code or a passkey, whichever there is.
    Factor(Held),
    /// There is no second factor.
    Password,
    /// There is nothing of ours to ask for: a new login counts.
    Login,
}

pub async fn asked(db: &Db, user: &UserId) -> store::Result<Asked> {
    let mut tx = db.read().await?;
    let held = second_factor::held(&mut tx, user).await?;
    if held.any() {
        return Ok(Asked::Factor(held));
    }
    let user = users::find(&mut tx, user).await?;
    Ok(if user.is_some_and(|user| user.password_hash.is_some()) {
        Asked::Password
    } else {
        Asked::Login
    })
}

/// Whether `given`, a code or a password as [`asked`], fits; if so the session is stepped up.
pub async fn confirm(
    db: &Db,
    (user, session): (&UserId, &SessionId),
    given: &str,
    from: &Client,
    now: DateTime<Utc>,
) -> store::Result<bool> {
    let asked = asked(db, user).await?;
    let mut tx = db.read().await?;
    let found = users::find(&mut tx, user).await?;
    drop(tx);
    let Some(user) = found else { return Ok(false) };
    // Before the transaction, since Argon2 takes its time.
    let password_fits = asked == Asked::Password && fits(Some(&user), given).await;
    let mut tx = db.begin().await?;
    let known = from.known(&mut tx, &user).await?;
    let fits = !waits(&user, known.as_ref(), now)
        && match asked {
            Asked::Factor(_) => second_factor::use_code(&mut tx, &user, given, now).await?,
            Asked::Password => password_fits,
            Asked::Login => false,
        };
    ended(&mut tx, &user, session, fits, from, now).await?;
    tx.commit().await?;
    Ok(fits)
}

/// The same with a passkey, in the session with this token.
pub async fn confirm_by_passkey(
    db: &Db,
    site: &RelyingParty,
    (user, session): (&UserId, &SessionId),
    (token, answer): (&str, &str),
    from: &Client,
    now: DateTime<Utc>,
) -> store::Result<bool> {
    let mut tx = db.begin().await?;
    let Some(user) = users::find(&mut tx, user).await? else {
        return Ok(false);
    };
    let known = from.known(&mut tx, &user).await?;
    let fits = !waits(&user, known.as_ref(), now)
        && passkeys::proof::fits(&mut tx, site, &user, (token, answer), from, now).await?;
    ended(&mut tx, &user, session, fits, from, now).await?;
    tx.commit().await?;
    Ok(fits)
}

async fn ended(
    tx: &mut Tx,
    user: &User,
    session: &SessionId,
    fits: bool,
    from: &Client,
    now: DateTime<Utc>,
) -> store::Result<()> {
    note(tx, user, from, fits, now).await?;
    if fits {
        sessions::step_up(tx, session, now).await
    } else {
        count_failure(tx, user, from, now).await
    }
}

async fn note(tx: &mut Tx, user: &User, from: &Client, fits: bool, now: DateTime<Utc>) -> store::Result<()> {
    let outcome = if fits { Outcome::Allowed } else { Outcome::Denied };
    record_own(tx, user, "step_up", outcome, from.noted(serde_json::json!({})), now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(stepped_up_at: Option<DateTime<Utc>>) -> Proof {
        Proof::Session {
            csrf: String::new(),
            id: SessionId::new(DateTime::UNIX_EPOCH),
            stepped_up_at,
        }
    }

    #[test]
    fn a_proof_grows_old_and_a_token_never_does() {
        let (start, within) = (DateTime::UNIX_EPOCH, TimeDelta::minutes(10));
        assert!(is_fresh(&session(Some(start)), within, start + within));
        assert!(!is_fresh(
            &session(Some(start)),
            within,
            start + within + TimeDelta::seconds(1)
        ));
        assert!(!is_fresh(&session(None), within, start));
        assert!(is_fresh(&Proof::Token, within, start));
    }
}
