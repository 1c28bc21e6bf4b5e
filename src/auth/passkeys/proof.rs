//! A passkey of somebody whom we know already, by a right password or by a session.

use super::{RelyingParty, keep};
use crate::auth::client::Client;
use crate::auth::login::record;
use crate::crypto::token::hash_token;
use crate::domain::identity::PasskeyPurpose;
use crate::domain::ids::UserId;
use crate::domain::people::Actor;
use crate::store::audit::Outcome;
use crate::store::passkeys::Passkey;
use crate::store::users::User;
use crate::store::{self, Db, Tx, passkey_attempts, passkeys};
use chrono::{DateTime, Utc};
use webauthn_rs::prelude::{
    AuthenticationResult, PasskeyAuthentication, PublicKeyCredential, RequestChallengeResponse, WebauthnError,
    WebauthnResult,
};

/// What the browser with this token, a session's or a login's, must ask a device for; none for who has no passkey.
pub async fn ask(
    db: &Db,
    site: &RelyingParty,
    user: &UserId,
    browser: &str,
    now: DateTime<Utc>,
) -> store::Result<Option<RequestChallengeResponse>> {
    let mut tx = db.begin().await?;
    let has = passkeys::of_user(&mut tx, user).await?;
    let has: Vec<_> = has.into_iter().map(|passkey| passkey.credential).collect();
    // To an empty list any passkey of this address would be an answer.
    if has.is_empty() {
        return Ok(None);
    }
    let Ok((asked, state)) = site.0.start_passkey_authentication(&has) else {
        return Ok(None);
    };
    keep(&mut tx, browser, PasskeyPurpose::Proof, Some(user), &state, now).await?;
    tx.commit().await?;
    Ok(Some(asked))
}

/// Whether the answer is one of a passkey of this person to what this browser was asked. The challenge is used up either way:
/// the caller commits.
pub(in crate::auth) async fn fits(
    tx: &mut Tx,
    site: &RelyingParty,
    user: &User,
    (browser, answer): (&str, &str),
    from: &Client,
    now: DateTime<Utc>,
) -> store::Result<bool> {
    let asked: Option<(_, PasskeyAuthentication)> =
        passkey_attempts::take(tx, &hash_token(browser), PasskeyPurpose::Proof, now).await?;
    let answered = asked.filter(|(of, _)| of.as_ref() == Some(&user.id));
    let answered = answered.zip(serde_json::from_str::<PublicKeyCredential>(answer).ok());
    let Some(((_, state), answer)) = answered else {
        refuse(tx, user, Refused::Unfit, from, now).await?;
        return Ok(false);
    };
    let judged = site.0.finish_passkey_authentication(&answer, &state);
    // The state may be older than the account: what was removed meanwhile counts no more.
    let found = passkeys::find_by_credential(tx, &answer.raw_id).await?;
    let found = found.filter(|passkey| passkey.user_id == user.id);
    used(tx, user, found, judged, from, now).await
}

/// Why an answer is not taken.
enum Refused {
    Unfit,
    /// The device has counted back: there is a copy of its key (WebAuthn §6.1.1).
    CountedBack,
}

/// Notes the use of a passkey whose answer was judged right, or the refusal.
pub(super) async fn used(
    tx: &mut Tx,
    user: &User,
    found: Option<Passkey>,
    judged: WebauthnResult<AuthenticationResult>,
    from: &Client,
    now: DateTime<Utc>,
) -> store::Result<bool> {
    let refused = match (found, judged) {
        (Some(mut passkey), Ok(result)) if result.user_verified() => {
            passkey.credential.update_credential(&result);
            let (id, counter) = (&passkey.id, result.counter());
            // Two answers at once carry states of the same age: the row decides which was first.
            if passkeys::use_once(tx, id, &passkey.credential, counter, now).await? {
                return Ok(true);
            }
            Refused::CountedBack
        }
        (Some(_), Err(WebauthnError::CredentialPossibleCompromise)) => Refused::CountedBack,
        _ => Refused::Unfit,
    };
    refuse(tx, user, refused, from, now).await?;
    Ok(false)
}

async fn refuse(tx: &mut Tx, user: &User, why: Refused, from: &Client, now: DateTime<Utc>) -> store::Result<()> {
    let detail = match why {
        Refused::Unfit => serde_json::json!({}),
        Refused::CountedBack => serde_json::json!({ "problem": "counted_back" }),
    };
    let (id, detail) = (user.id.as_str(), from.noted(detail));
    record(tx, &Actor::System, "prove_passkey", id, Outcome::Denied, detail, now).await
}
