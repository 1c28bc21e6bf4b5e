//! The second step of a login, in the browser that took the first: a code, a passkey, a recovery code, or setting up a second
//! factor.

use super::client::{Client, count_failure, waits};
use super::login::{Opening, Rules, SignedIn, open_session, record_step};
use super::passkeys::own::PasskeyError;
use super::passkeys::{self, RelyingParty};
use super::second_factor::Held;
use super::sources::Sources;
use super::{recovery, second_factor};
use crate::crypto::token::hash_token;
use crate::domain::identity::{LoginStage, ProvenBy};
use crate::store::audit::Outcome;
use crate::store::users::{self, User};
use crate::store::{self, Db, Tx, pending_logins, second_factors};
use chrono::{DateTime, TimeDelta, Utc};

/// A login that has begun here.
#[derive(Clone, Debug)]
pub struct Begun {
    pub user: User,
    pub stage: LoginStage,
    /// By what it was begun.
    pub proven_by: ProvenBy,
    /// What it may go on with.
    pub held: Held,
}

/// What somebody proves it with.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    Code(&'a str),
    RecoveryCode(&'a str),
    /// What a device answered.
    Passkey(&'a RelyingParty, &'a str),
}

#[derive(Debug)]
pub enum SecondStep {
    Done(SignedIn),
    /// The first session of who has just set up a second factor, with the recovery codes to be shown this once.
    Enrolled(SignedIn, Vec<String>),
    Refused,
    Slowed(TimeDelta),
    /// It took too long, or another browser has begun it.
    Over,
}

/// The login that has begun in the browser with this token.
pub async fn find(db: &Db, token: &str, now: DateTime<Utc>) -> store::Result<Option<Begun>> {
    let mut tx = db.read().await?;
    begun(&mut tx, token, now).await
}

async fn begun(tx: &mut Tx, token: &str, now: DateTime<Utc>) -> store::Result<Option<Begun>> {
    let Some(pending) = pending_logins::find_live(tx, &hash_token(token), now).await? else {
        return Ok(None);
    };
    let user = users::find(tx, &pending.user_id).await?;
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
        return Ok(None);
    };
    Ok(Some(Begun {
        held: second_factor::held(tx, &user.id).await?,
        user,
        stage: pending.stage,
        proven_by: pending.proven_by,
    }))
}

/// Ends a login with a code, or with a passkey or a recovery code in its place.
pub async fn prove(
    db: &Db,
    token: &str,
    given: Given<'_>,
    from: &Client,
    sources: &Sources,
    rules: Rules,
    now: DateTime<Utc>,
) -> store::Result<SecondStep> {
    let mut tx = db.begin().await?;
    let Some(Begun {
        user,
        stage: LoginStage::Code,
        proven_by,
        ..
    }) = begun(&mut tx, token, now).await?
    else {
        return Ok(SecondStep::Over);
    };
    let known = from.known(&mut tx, &user).await?;
    if known.is_none()
        && let Some(wait) = sources.wait(from.address, now)
    {
        return Ok(SecondStep::Slowed(wait));
    }
    let waits = waits(&user, known.as_ref(), now);
    let proven_by = if waits {
        None
    } else {
        proven(&mut tx, &user, from, (token, proven_by), given, now).await?
    };
    let step = match proven_by {
        Some(proven_by) if pending_logins::take(&mut tx, &hash_token(token)).await? => {
            let opening = Opening { proven_by, from };
            SecondStep::Done(open_session(&mut tx, &user, rules.limits, now, opening).await?)
        }
        Some(_) => SecondStep::Over,
        None => {
            match given {
                Given::Code(_) | Given::RecoveryCode(_) => {
                    record_step(&mut tx, &user, from, "prove_code", Outcome::Denied, now).await?;
                }
                Given::Passkey(..) if waits => {
                    record_step(&mut tx, &user, from, "prove_passkey", Outcome::Denied, now).await?;
                }
                // It was looked at, and has its row.
                Given::Passkey(..) => {}
            }
            count_failure(&mut tx, &user, from, now).await?;
            sources.note_failure(from.address, now);
            SecondStep::Refused
        }
    };
    tx.commit().await?;
    Ok(step)
}

/// Which of the three fits, used up at the same time.
async fn proven(
    tx: &mut Tx,
    user: &User,
    from: &Client,
    (token, first): (&str, ProvenBy),
    given: Given<'_>,
    now: DateTime<Utc>,
) -> store::Result<Option<ProvenBy>> {
    match given {
        Given::Code(code) => {
            let fits = second_factor::use_code(tx, user, code, now).await?;
            Ok(fits.then(|| first.with_code()))
        }
        Given::RecoveryCode(code) => {
            let used = second_factors::use_recovery_code(tx, &user.id, &recovery::hash(code), now).await?;
            if used {
                record_step(tx, user, from, "use_recovery_code", Outcome::Allowed, now).await?;
            }
            Ok(used.then(|| first.with_recovery_code()))
        }
        Given::Passkey(site, answer) => {
            let fits = passkeys::proof::fits(tx, site, user, (token, answer), from, now).await?;
            Ok(fits.then(|| first.with_passkey()))
        }
    }
}

/// Sets up the second factor that was offered to this browser, and ends the login.
pub async fn enrol(
    db: &Db,
    token: &str,
    code: &str,
    from: &Client,
    rules: Rules,
    now: DateTime<Utc>,
) -> store::Result<SecondStep> {
    let mut tx = db.begin().await?;
    let Some(Begun {
        user,
        stage: LoginStage::Enrol,
        proven_by,
        ..
    }) = begun(&mut tx, token, now).await?
    else {
        return Ok(SecondStep::Over);
    };
    let secret = second_factor::offered_in(&mut tx, &user.id, token).await?;
    // A wrong code gives nothing away here: the secret stands on the same page.
    let Some(codes) = second_factor::set_up(&mut tx, &user, &secret, code, now).await? else {
        return Ok(SecondStep::Refused);
    };
    if !pending_logins::take(&mut tx, &hash_token(token)).await? {
        return Ok(SecondStep::Over);
    }
    let opening = Opening {
        proven_by: proven_by.with_code(),
        from,
    };
    let signed_in = open_session(&mut tx, &user, rules.limits, now, opening).await?;
    tx.commit().await?;
    Ok(SecondStep::Enrolled(signed_in, codes))
}

/// Adds the passkey that this browser's device made, and ends the login.
pub async fn enrol_passkey(
    db: &Db,
    site: &RelyingParty,
    token: &str,
    (name, answer): (&str, &str),
    from: &Client,
    rules: Rules,
    now: DateTime<Utc>,
) -> Result<SecondStep, PasskeyError> {
    let mut tx = db.begin().await?;
    let Some(Begun {
        user,
        stage: LoginStage::Enrol,
        proven_by,
        ..
    }) = begun(&mut tx, token, now).await?
    else {
        return Ok(SecondStep::Over);
    };
    let Some(credential) = passkeys::own::made(&mut tx, site, &user.id, (token, answer), now).await? else {
        // The challenge stays used up.
        tx.commit().await?;
        return Ok(SecondStep::Refused);
    };
    let codes = passkeys::own::insert(&mut tx, &user, name, credential, now).await?;
    if !pending_logins::take(&mut tx, &hash_token(token)).await? {
        return Ok(SecondStep::Over);
    }
    let opening = Opening {
        proven_by: proven_by.with_passkey(),
        from,
    };
    let signed_in = open_session(&mut tx, &user, rules.limits, now, opening).await?;
    tx.commit().await?;
    Ok(SecondStep::Enrolled(signed_in, codes.unwrap_or_default()))
}
