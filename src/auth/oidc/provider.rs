//! What we know of the identity provider, and how it is asked: with bounds on time and size, and never in the clear.

use super::Proved;
use super::refusal::Refusal;
use crate::config::{Config, OidcConfig, keeps_secrets};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{CoreClient, CoreClientAuthMethod, CoreProviderMetadata};
use openidconnect::{
    AuthType, ClientId, ClientSecret, DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, RedirectUrl,
};
use reqwest::redirect::Policy;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One question; a login asks three at most.
const TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Descriptions, keys and tokens are a few kilobytes.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// After so long the provider's description and keys are read anew.
const KNOWN_FOR: TimeDelta = TimeDelta::hours(1);

/// A client with the addresses that a login needs.
pub type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The identity provider, with what it last said of itself. All who sign in share one.
pub struct Provider {
    pub(super) config: OidcConfig,
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: ClientId,
    callback: RedirectUrl,
    known: Mutex<Option<Known>>,
}

/// The provider's description, its keys within.
#[derive(Clone)]
struct Known {
    metadata: Arc<CoreProviderMetadata>,
    read_at: DateTime<Utc>,
}

impl Provider {
    /// None where it is off. What is wrong with its settings keeps `serve` from starting; here it is off then, too.
    pub fn of(config: &Config) -> Option<Self> {
        let issuer = IssuerUrl::new(config.oidc.issuer.clone()?).ok()?;
        config.check_oidc().ok()?;
        Some(Self {
            issuer,
            client_id: ClientId::new(config.oidc.client_id.clone()),
            callback: RedirectUrl::new(config.oidc_callback().ok()?).ok()?,
            config: config.oidc.clone(),
            known: Mutex::new(None),
        })
    }

    /// What a login here is worth.
    pub fn proves(&self) -> Proved {
        if self.config.proves_second_factor() {
            Proved::TwoFactors
        } else {
            Proved::Identity
        }
    }

    /// What the provider says of itself, at most an hour old.
    pub(super) async fn metadata(&self, now: DateTime<Utc>) -> Result<Arc<CoreProviderMetadata>, Refusal> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(known) if now - known.read_at < KNOWN_FOR => Ok(known.metadata),
            _ => self.read(now).await,
        }
    }

    /// Reads it anew, with the keys: a provider may change them at any time.
    pub(super) async fn read(&self, now: DateTime<Utc>) -> Result<Arc<CoreProviderMetadata>, Refusal> {
        let read = CoreProviderMetadata::discover_async(self.issuer.clone(), &ask).await;
        let metadata = Arc::new(read.map_err(|error| undiscovered(&error))?);
        // The browser goes there with a login that is worth something.
        if !keeps_secrets(metadata.authorization_endpoint().url()) {
            tracing::warn!("the identity provider's description names an address without https");
            return Err(Refusal::ProviderNonsense);
        }
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Known {
            metadata: Arc::clone(&metadata),
            read_at: now,
        });
        Ok(metadata)
    }

    pub(super) fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        let secret = self.config.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let client = CoreClient::from_provider_metadata(metadata.clone(), self.client_id.clone(), secret);
        client
            .set_auth_type(proof_of_client(metadata))
            .set_redirect_uri(self.callback.clone())
    }
}

/// Basic authentication unless the provider takes the secret in the body only (OpenID Connect Core §9).
fn proof_of_client(metadata: &CoreProviderMetadata) -> AuthType {
    match metadata.token_endpoint_auth_methods_supported() {
        Some(methods)
            if methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic) =>
        {
            AuthType::RequestBody
        }
        _ => AuthType::BasicAuth,
    }
}

fn undiscovered(error: &DiscoveryError<AskError>) -> Refusal {
    tracing::warn!(error.cause = %error, "the identity provider's description can't be read");
    match error {
        DiscoveryError::Request(error) => error.refusal(),
        _ => Refusal::ProviderNonsense,
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    #[error("the identity provider can't be asked")]
    Unreachable(#[source] reqwest::Error),
    #[error("the identity provider answered {0}")]
    Status(reqwest::StatusCode),
    #[error("an answer of the identity provider is too large")]
    TooLarge,
    #[error("the identity provider named an address without https")]
    InTheClear,
}

impl AskError {
    pub(super) fn refusal(&self) -> Refusal {
        match self {
            Self::Unreachable(_) | Self::Status(_) => Refusal::ProviderAway,
            Self::TooLarge | Self::InTheClear => Refusal::ProviderNonsense,
        }
    }
}

impl From<reqwest::Error> for AskError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(error.without_url())
    }
}

/// Asks once. A redirect is not followed: it would carry secrets elsewhere.
pub(super) async fn ask(question: HttpRequest) -> Result<HttpResponse, AskError> {
    let question = reqwest::Request::try_from(question)?;
    if !keeps_secrets(question.url()) {
        return Err(AskError::InTheClear);
    }
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(Policy::none())
        .no_proxy()
        .build()?;
    let mut answer = client.execute(question).await?;
    if answer.status().is_server_error() {
        return Err(AskError::Status(answer.status()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(AskError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    let mut response = HttpResponse::new(bytes);
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    Ok(response)
}
