//! The `desk` section: how people reach the service, and when their sessions end.

use super::TimeZone;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskConfig {
    /// Under which address browsers come, as `https://referrals.clinic.example`. With `https:` the cookie is Secure and
    /// browsers are told to come by TLS only.
    pub public_url: Option<String>,
    /// Without a request for so long, a session ends.
    pub idle_minutes: u32,
    /// A session ends after so long, however busy it is.
    pub session_hours: u32,
    /// Where the clinic is: its day begins at midnight there.
    pub time_zone: TimeZone,
}

impl Default for DeskConfig {
    fn default() -> Self {
        Self {
            public_url: None,
            idle_minutes: 15,
            session_hours: 12,
            time_zone: TimeZone::default(),
        }
    }
}

impl DeskConfig {
    /// Whether browsers come by TLS, which a proxy in front of us ends.
    pub(super) fn has_https_url(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}
