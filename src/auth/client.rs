//! What stands at the other end of a login, and how its failures make it wait.
//!
//! A wait, never a lock-out for good: else anybody could lock out a clinic by typing its names. It is counted three ways: by
//! account, by [network address](super::sources), and apart from both in a browser where the person has signed in before, so
//! that a stranger's failures don't reach who works here.

use crate::crypto::token::hash_token;
use crate::store::known_browsers::{self, KnownBrowser};
use crate::store::users::{self, User};
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use std::net::IpAddr;

/// Failures that cost nothing: everybody mistypes.
const FREE_FAILURES: i64 = 3;
const LONGEST_WAIT_SECONDS: i64 = 60;

/// Who sends a login.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The token of a browser in which somebody has signed in before.
    pub browser: Option<String>,
    /// Where it comes from, as far as that is known.
    pub address: Option<IpAddr>,
    /// What it says it is.
    pub user_agent: Option<String>,
}

impl Client {
    pub(super) fn browser_hash(&self) -> Option<Vec<u8>> {
        self.browser.as_deref().map(hash_token)
    }

    /// What the audit log keeps of a step of a login, with where it came from.
    pub(in crate::auth) fn noted(&self, mut detail: serde_json::Value) -> serde_json::Value {
        if let Some(address) = self.address {
            detail["network"] = serde_json::json!(address.to_canonical().to_string());
        }
        detail
    }

    /// What is counted of this person in this browser, if they have signed in here before.
    pub(super) async fn known(&self, tx: &mut Tx, user: &User) -> store::Result<Option<KnownBrowser>> {
        match self.browser_hash() {
            Some(hash) => known_browsers::find(tx, &hash, &user.id).await,
            None => Ok(None),
        }
    }
}

/// How long an account waits after so many failures in a row: 2, 4, 8 … 60 seconds from the fourth.
pub fn wait_after(failures: i64) -> TimeDelta {
    let over = (failures - FREE_FAILURES).clamp(0, 6);
    let seconds = if over == 0 {
        0
    } else {
        (1_i64 << over).min(LONGEST_WAIT_SECONDS)
    };
    TimeDelta::seconds(seconds)
}

/// Whether tries for this account are not looked at just now.
pub(super) fn waits(user: &User, known: Option<&KnownBrowser>, now: DateTime<Utc>) -> bool {
    let until = known.map_or(user.locked_until, |known| known.locked_until);
    until.is_some_and(|until| until > now)
}

/// Counts a wrong password or code.
pub(super) async fn count_failure(tx: &mut Tx, user: &User, from: &Client, now: DateTime<Utc>) -> store::Result<()> {
    let known = from.known(tx, user).await?;
    // What is tried while the account waits doesn't count, or a loop of a stranger would keep it waiting for ever.
    if waits(user, known.as_ref(), now) {
        return Ok(());
    }
    let failures = known.map_or(user.failed_logins, |known| known.failed_logins) + 1;
    let wait = wait_after(failures);
    let until = (wait > TimeDelta::zero()).then(|| now + wait);
    match (known, from.browser_hash()) {
        (Some(_), Some(browser)) => known_browsers::record_failure(tx, &browser, &user.id, failures, until).await,
        _ => users::record_login(tx, &user.id, failures, until).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_login_comes_from_is_kept_as_far_as_it_is_known() {
        let from = |address: Option<&str>| Client {
            address: address.map(|address| address.parse().unwrap()),
            ..Client::default()
        };
        let noted = |address| from(address).noted(serde_json::json!({ "by": "password" })).to_string();
        assert_eq!(noted(None), r#"{"by":"password"}"#);
        assert_eq!(
            noted(Some("2001:db8::7")),
            r#"{"by":"password","network":"2001:db8::7"}"#
        );
        let mapped = r#"{"by":"password","network":"192.0.2.7"}"#;
        assert_eq!(noted(Some("::ffff:192.0.2.7")), mapped, "IPv4, written otherwise");
    }

    #[test]
    fn waits_grow_and_stay_bounded() {
        let waits: Vec<i64> = (1..=12).map(|failures| wait_after(failures).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    }
}
