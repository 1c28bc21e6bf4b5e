//! The two halves of a login at the provider: where the browser is sent, and what its code is worth.

use super::provider::{AskError, Provider, ask};
use super::refusal::{ProviderSaid, Refusal};
use super::token::{Expected, TokenFault};
use super::{Answer, Purpose};
use crate::store::oidc_attempts::LoginSecrets;
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreProviderMetadata, CoreRequestTokenError,
    CoreTokenResponse,
};
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, CsrfToken, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RequestTokenError, Scope, TokenResponse,
};
use std::time::Duration;
use tokio::time::timeout;

/// A person waits for it: all that is asked of the provider, together.
const PATIENCE: Duration = Duration::from_secs(9);

/// Somebody, as a provider knows them. Only both together say who it is (ASVS 6.8.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub issuer: String,
    pub id: String,
}

/// Where the browser goes.
pub(super) async fn address(
    provider: &Provider,
    purpose: &Purpose,
    secrets: &LoginSecrets,
    state: String,
    now: DateTime<Utc>,
) -> Result<String, Refusal> {
    let metadata = in_time(provider.metadata(now)).await?;
    let client = provider.client(&metadata);
    let nonce = Nonce::new(secrets.nonce.clone());
    let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state),
            || nonce,
        )
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_scopes(provider.config.scopes.iter().cloned().map(Scope::new));
    for context in &provider.config.required_acr {
        request = request.add_auth_context_value(AuthenticationContextClass::new(context.clone()));
    }
    if let Some(age) = provider.config.max_age().and_then(|age| age.to_std().ok()) {
        request = request.set_max_age(age);
    }
    // Whoever is signed in at the provider in this browser need not be who sits there.
    if matches!(purpose, Purpose::Link(_)) {
        request = request.add_prompt(CoreAuthPrompt::Login);
    }
    Ok(request.url().0.to_string())
}

/// Whom the provider names.
pub(super) async fn subject(
    provider: &Provider,
    answer: Answer,
    secrets: &LoginSecrets,
    now: DateTime<Utc>,
) -> Result<Subject, Refusal> {
    if answer.iss.is_some_and(|issuer| issuer != *provider.issuer) {
        return Err(Refusal::ForeignIssuer);
    }
    if let Some(error) = answer.error {
        return Err(Refusal::ProviderRefused(ProviderSaid::of(&error)));
    }
    let code = answer.code.ok_or(Refusal::ProviderNonsense)?;
    in_time(redeem(provider, AuthorizationCode::new(code), secrets, now)).await
}

async fn in_time<T>(asking: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    timeout(PATIENCE, asking).await.unwrap_or(Err(Refusal::ProviderAway))
}

async fn redeem(
    provider: &Provider,
    code: AuthorizationCode,
    secrets: &LoginSecrets,
    now: DateTime<Utc>,
) -> Result<Subject, Refusal> {
    let metadata = provider.metadata(now).await?;
    let client = provider.client(&metadata);
    let request = client.exchange_code(code).map_err(|_| Refusal::ProviderNonsense)?;
    let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
    let tokens = request.set_pkce_verifier(verifier).request_async(&ask).await;
    let tokens = tokens.map_err(|error| not_redeemed(&error))?;
    let nonce = Nonce::new(secrets.nonce.clone());
    let id = match named(provider, &metadata, &tokens, &nonce, now) {
        // Signed by a key that is newer than what we know.
        Err(TokenFault::UnknownKey) => named(provider, &*provider.read(now).await?, &tokens, &nonce, now),
        other => other,
    };
    Ok(Subject {
        issuer: provider.issuer.to_string(),
        id: id.map_err(Refusal::Token)?,
    })
}

fn named(
    provider: &Provider,
    metadata: &CoreProviderMetadata,
    tokens: &CoreTokenResponse,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> Result<String, TokenFault> {
    let expected = Expected {
        config: &provider.config,
        client: &provider.client_id,
        issuer: &provider.issuer,
        keys: metadata.jwks(),
        nonce,
        access_token: tokens.access_token(),
        now,
    };
    expected.subject(tokens.id_token().ok_or(TokenFault::Missing)?)
}

fn not_redeemed(error: &CoreRequestTokenError<AskError>) -> Refusal {
    match error {
        RequestTokenError::ServerResponse(said) => {
            // A used or foreign code is a login gone wrong; all else is a setting that an operator must see.
            if *said.error() != CoreErrorResponseType::InvalidGrant {
                tracing::error!(error.code = %said.error(), "the identity provider refuses this client: check the [oidc] section");
            }
            Refusal::CodeRefused
        }
        RequestTokenError::Request(error) => {
            tracing::warn!(error.cause = %error, "the identity provider can't be asked for a token");
            error.refusal()
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            tracing::warn!("the identity provider's token can't be read");
            Refusal::ProviderNonsense
        }
    }
}
