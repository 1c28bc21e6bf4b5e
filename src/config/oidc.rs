//! The `oidc` section: signing in at the clinic's identity provider, by OpenID Connect.

use super::{Config, ConfigError};
use chrono::TimeDelta;
use reqwest::Url;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Where the provider sends the browser back to.
pub const CALLBACK_PATH: &str = "/login/oidc/callback";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OidcConfig {
    /// As the provider writes it in its tokens, letter by letter. Off without one.
    pub issuer: Option<String>,
    pub client_id: String,
    /// None for a public client, which proves itself by PKCE alone.
    pub client_secret: Option<ClientSecret>,
    /// How people call the provider: "Sign in with …".
    pub label: String,
    /// Asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The token's `acr` must be one of these.
    pub required_acr: Vec<String>,
    /// The token's `amr` must hold each of these.
    pub required_amr: Vec<String>,
    /// How long ago people may have signed in at the provider.
    pub max_age_minutes: Option<u32>,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: None,
            client_id: String::new(),
            client_secret: None,
            label: "your clinic's account".to_owned(),
            scopes: Vec::new(),
            required_acr: Vec::new(),
            required_amr: Vec::new(),
            max_age_minutes: None,
        }
    }
}

impl OidcConfig {
    pub fn is_on(&self) -> bool {
        self.issuer.is_some()
    }

    pub fn max_age(&self) -> Option<TimeDelta> {
        self.max_age_minutes
            .map(|minutes| TimeDelta::minutes(i64::from(minutes)))
    }

    /// Whether a login here proves more than a password would.
    pub fn proves_second_factor(&self) -> bool {
        !self.required_acr.is_empty() || !self.required_amr.is_empty()
    }
}

impl Config {
    /// Refuses a provider that can't be used, or only by telling others on the way.
    pub fn check_oidc(&self) -> Result<(), ConfigError> {
        let Some(issuer) = &self.oidc.issuer else { return Ok(()) };
        if !Url::parse(issuer).is_ok_and(|url| keeps_secrets(&url)) {
            return Err(ConfigError::value(
                "oidc.issuer",
                &"it must begin with https:// (or lead to this machine), or others on the way could sign in as anybody",
            ));
        }
        if self.oidc.client_id.is_empty() {
            return Err(ConfigError::value(
                "oidc.issuer",
                &"it needs `oidc.client_id`, by which the provider knows this service",
            ));
        }
        self.oidc_callback().map(drop)
    }

    /// To be registered at the provider, letter by letter.
    pub fn oidc_callback(&self) -> Result<String, ConfigError> {
        let base = self
            .desk
            .public_url
            .as_deref()
            .unwrap_or_default()
            .trim_end_matches('/');
        if Url::parse(base).is_ok() {
            Ok(format!("{base}{CALLBACK_PATH}"))
        } else {
            Err(ConfigError::value(
                "oidc.issuer",
                &"it needs `desk.public_url`, the address that people come by, as https://referrals.clinic.example: the \
                  provider sends browsers back there",
            ))
        }
    }
}

/// Whether what is sent there is read by nobody else.
pub fn keeps_secrets(url: &Url) -> bool {
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

/// What the provider knows this service by. Never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(String);

impl ClientSecret {
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// For the provider alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for ClientSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}
