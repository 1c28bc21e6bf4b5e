//! Coming in with a passkey alone. Its device names the account and lets nobody use it without a PIN, a finger or a face, so that
//! it is two factors in one (NIST SP 800-63B §3.1.7): what the person has, and what they know or are.

use super::{RelyingParty, handle, keep, proof};
use crate::auth::client::{Client, waits};
use crate::auth::login::{Login, Opening, Rules, open_session, refuse};
use crate::auth::sources::Sources;
use crate::crypto::token::{hash_token, random_token};
use crate::domain::identity::{PasskeyPurpose, ProvenBy};
use crate::store::passkeys::Passkey;
use crate::store::users::{self, User};
use crate::store::{self, Db, Tx, passkey_attempts, passkeys};
use chrono::{DateTime, Utc};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential, RequestChallengeResponse};

/// What a browser must ask a device for, with the token for its cookie. None where the library can't make a challenge.
pub async fn ask(
    db: &Db,
    site: &RelyingParty,
    now: DateTime<Utc>,
) -> store::Result<Option<(String, RequestChallengeResponse)>> {
    let Ok((mut asked, state)) = site.0.start_discoverable_authentication() else {
        return Ok(None);
    };
    // By a button, not in the list under the name: nothing opens that the person did not ask for.
    asked.mediation = None;
    let token = random_token();
    let mut tx = db.begin().await?;
    keep(&mut tx, &token, PasskeyPurpose::SignIn, None, &state, now).await?;
    tx.commit().await?;
    Ok(Some((token, asked)))
}

/// Lets in whom the passkey names. An unknown one, a wrong answer, a closed account and one that waits are refused alike.
pub async fn come_in(
    db: &Db,
    site: &RelyingParty,
    (browser, answer): (&str, &str),
    from: &Client,
    sources: &Sources,
    rules: Rules,
    now: DateTime<Utc>,
) -> store::Result<Login> {
    let mut tx = db.begin().await?;
    let answer: Option<PublicKeyCredential> = serde_json::from_str(answer).ok();
    let named = match &answer {
        Some(answer) => named(&mut tx, site, answer).await?,
        None => None,
    };
    let known = match &named {
        Some((user, _)) => from.known(&mut tx, user).await?,
        None => None,
    };
    if known.is_none()
        && let Some(wait) = sources.wait(from.address, now)
    {
        return Ok(Login::Slowed(wait));
    }
    let asked: Option<(_, DiscoverableAuthentication)> =
        passkey_attempts::take(&mut tx, &hash_token(browser), PasskeyPurpose::SignIn, now).await?;
    let user = named.as_ref().map(|(user, _)| user.clone());
    let mut is_right = false;
    if let (Some(answer), Some((user, passkey)), Some((_, state))) = (answer, named, asked)
        && may_come_alone(&user)
        && !waits(&user, known.as_ref(), now)
    {
        let credential = passkey.credential.clone();
        let judged = site.0.finish_discoverable_authentication_v2(&answer, state, credential);
        is_right = proof::used(&mut tx, &user, Some(passkey), judged, from, now).await?;
    }
    let login = match user {
        Some(user) if is_right => {
            let opening = Opening {
                proven_by: ProvenBy::Passkey,
                from,
            };
            Login::Done(open_session(&mut tx, &user, rules.limits, now, opening).await?)
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

/// Whose passkey this is, where the account that the device names has it.
async fn named(
    tx: &mut Tx,
    site: &RelyingParty,
    answer: &PublicKeyCredential,
) -> store::Result<Option<(User, Passkey)>> {
    let Ok((account, credential_id)) = site.0.identify_discoverable_authentication(answer) else {
        return Ok(None);
    };
    let Some(passkey) = passkeys::find_by_credential(tx, credential_id).await? else {
        return Ok(None);
    };
    let user = users::find(tx, &passkey.user_id).await?;
    let user = user.filter(|user| handle(&user.id) == account);
    Ok(user.map(|user| (user, passkey)))
}

/// Who has no password here comes by the clinic's identity provider, or by a link: the provider's word that somebody left must
/// shut this door, too.
fn may_come_alone(user: &User) -> bool {
    user.disabled_at.is_none() && user.password_hash.is_some()
}
