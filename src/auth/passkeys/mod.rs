//! Passkeys (WebAuthn): a key pair that a person's device makes for this address alone, and uses only for who shows it a PIN, a
//! finger or a face. They stand in for a code, or for password and code together.
//!
//! | step | where |
//! |---|---|
//! | adding one to an account, and taking it away | [`own`] |
//! | showing one as a second factor, or once more | [`proof`] |
//! | coming in with one and no password | [`sign_in`] |
//!
//! A challenge and what is needed to judge its answer wait in the database, sealed, for the browser that asked, for five
//! minutes and for one answer. That is what `danger-allow-state-serialisation` of the library is for: requests of one person may
//! reach several processes. It never goes into a cookie or a page, where an old answer could be played back with it.

pub mod own;
pub mod proof;
pub mod sign_in;

use crate::crypto::mac::sha256;
use crate::crypto::token::hash_token;
use crate::domain::identity::PasskeyPurpose;
use crate::domain::ids::{PasskeyAttemptId, UserId};
use crate::store::passkey_attempts::{self, PasskeyAttempt};
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use std::time::Duration;
use webauthn_rs::prelude::{Url, Uuid};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// Within so long a challenge must be answered.
const ATTEMPT_LASTS: TimeDelta = TimeDelta::minutes(5);
/// The same, as the browser is told.
const BROWSER_WAITS: Duration = Duration::from_mins(5);

/// We, as browsers know us: passkeys are bound to the host's name, and a page elsewhere can't ask for them.
#[derive(Clone, Debug)]
pub struct RelyingParty(Webauthn);

impl RelyingParty {
    /// `name` is what devices show. None where browsers offer no passkeys: the address must be a host's name, not a number, and
    /// by TLS unless it is this very machine (WebAuthn §5.1.3, secure contexts).
    pub fn of(public_url: &str, name: &str) -> Option<Self> {
        let url = Url::parse(public_url.trim()).ok()?;
        let host = url.domain()?.to_owned();
        let is_here = host == "localhost" || host.ends_with(".localhost");
        if url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
            return None;
        }
        let origin = Url::parse(&url.origin().ascii_serialization()).ok()?;
        let builder = WebauthnBuilder::new(&host, &origin).ok()?;
        Some(Self(builder.rp_name(name).timeout(BROWSER_WAITS).build().ok()?))
    }
}

/// By which devices know an account: nothing that says who it is, and the same for all passkeys of one (WebAuthn §14.6.1).
fn handle(user: &UserId) -> Uuid {
    let hash = sha256(format!("referloop passkey user v1 {user}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(bytes)
}

/// Keeps what is needed to judge the answer, for the browser with this token.
async fn keep<T: Serialize>(
    tx: &mut Tx,
    browser: &str,
    purpose: PasskeyPurpose,
    user: Option<&UserId>,
    state: &T,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let attempt = PasskeyAttempt {
        id: PasskeyAttemptId::new(now),
        browser_hash: hash_token(browser),
        purpose,
        user_id: user.cloned(),
        expires_at: now + ATTEMPT_LASTS,
    };
    passkey_attempts::put(tx, &attempt, state, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_hosts_name_and_tls() {
        for good in [
            "https://referrals.clinic.example",
            "https://referrals.clinic.example:8443/",
            "http://localhost:8080",
        ] {
            assert!(RelyingParty::of(good, "Clinic").is_some(), "{good}");
        }
        for bad in [
            "",
            "referrals.clinic.example",
            "http://referrals.clinic.example",
            "https://192.0.2.7",
            "http://127.0.0.1:8080",
            "ftp://localhost",
        ] {
            assert!(RelyingParty::of(bad, "Clinic").is_none(), "{bad}");
        }
    }

    #[test]
    fn an_account_has_one_handle_which_is_not_its_id() {
        let (ana, bo) = (
            UserId::new(DateTime::UNIX_EPOCH),
            UserId::new(DateTime::UNIX_EPOCH + TimeDelta::seconds(1)),
        );
        assert_eq!(handle(&ana), handle(&ana));
        assert_ne!(handle(&ana), handle(&bo));
        assert!(!ana.as_str().contains(&handle(&ana).to_string()));
    }
}
