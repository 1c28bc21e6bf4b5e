//! Whether an ID token may be believed: OpenID Connect Core §3.1.3.7, and what the configuration asks for.

use crate::config::OidcConfig;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm,
};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, IssuerUrl, Nonce, SignatureVerificationError,
};

/// Clocks that differ by less count as one.
const SKEW: TimeDelta = TimeDelta::minutes(1);
/// A token is made for the login that waits for it.
const ISSUED_WITHIN: TimeDelta = TimeDelta::minutes(10);
/// OpenID Connect Core §2: a subject has at most 255 characters.
const SUBJECT_BYTES_MAX: usize = 255;

/// Signatures by a key that only the provider has: never one by the client secret, never none (ASVS 6.8.2).
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    Missing,
    Unreadable,
    Signature,
    /// By a key that the provider has not published, as far as we know.
    UnknownKey,
    Issuer,
    Audience,
    /// Made for another client, though we may read it.
    Party,
    Nonce,
    Expired,
    /// Not as strong a login as is asked for.
    Context,
    Methods,
    /// The person signed in at the provider too long ago.
    Old,
    /// It came with another access token than the one it was made with.
    AccessToken,
}

impl TokenFault {
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "no_token",
            Self::Unreadable => "unreadable_token",
            Self::Signature => "wrong_signature",
            Self::UnknownKey => "unknown_key",
            Self::Issuer => "wrong_issuer",
            Self::Audience => "wrong_audience",
            Self::Party => "wrong_party",
            Self::Nonce => "wrong_nonce",
            Self::Expired => "expired",
            Self::Context => "weak_acr",
            Self::Methods => "weak_amr",
            Self::Old => "old_login",
            Self::AccessToken => "wrong_access_token",
        }
    }
}

impl From<ClaimsVerificationError> for TokenFault {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::Expired(_) => Self::Expired,
            ClaimsVerificationError::InvalidAudience(_) => Self::Audience,
            ClaimsVerificationError::InvalidAuthContext(_) => Self::Context,
            ClaimsVerificationError::InvalidAuthTime(_) => Self::Old,
            ClaimsVerificationError::InvalidIssuer(_) => Self::Issuer,
            ClaimsVerificationError::InvalidNonce(_) => Self::Nonce,
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
                Self::UnknownKey
            }
            ClaimsVerificationError::SignatureVerification(_) => Self::Signature,
            _ => Self::Unreadable,
        }
    }
}

/// What a token is held against.
pub struct Expected<'a> {
    pub config: &'a OidcConfig,
    pub client: &'a ClientId,
    pub issuer: &'a IssuerUrl,
    pub keys: &'a CoreJsonWebKeySet,
    pub nonce: &'a Nonce,
    /// What came with the token.
    pub access_token: &'a AccessToken,
    pub now: DateTime<Utc>,
}

impl Expected<'_> {
    /// Whom the token names, if it is in order.
    pub fn subject(&self, token: &CoreIdToken) -> Result<String, TokenFault> {
        let verifier = self.verifier();
        let claims = token.claims(&verifier, self.nonce)?;
        self.check_party(claims)?;
        self.check_methods(claims)?;
        self.check_access_token(token, &verifier, claims)?;
        let subject = claims.subject().as_str();
        if (1..=SUBJECT_BYTES_MAX).contains(&subject.len()) && !subject.chars().any(char::is_control) {
            Ok(subject.to_owned())
        } else {
            Err(TokenFault::Unreadable)
        }
    }

    fn verifier(&self) -> CoreIdTokenVerifier<'_> {
        let now = self.now;
        let max_age = self.config.max_age();
        // "Public": so no signature by the client secret is taken.
        CoreIdTokenVerifier::new_public_client(self.client.clone(), self.issuer.clone(), self.keys.clone())
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - SKEW)
            .set_issue_time_verifier_fn(move |at| {
                let fits = at <= now + SKEW && at >= now - ISSUED_WITHIN;
                fits.then_some(()).ok_or_else(String::new)
            })
            .set_auth_context_verifier_fn(|said| {
                let wanted = &self.config.required_acr;
                let fits = wanted.is_empty() || said.is_some_and(|said| wanted.contains(said));
                fits.then_some(()).ok_or_else(String::new)
            })
            .set_auth_time_verifier_fn(move |at| {
                let fits = max_age.is_none_or(|age| at.is_some_and(|at| now - at <= age + SKEW));
                fits.then_some(()).ok_or_else(String::new)
            })
    }

    /// The crate leaves `azp` to its callers.
    fn check_party(&self, claims: &CoreIdTokenClaims) -> Result<(), TokenFault> {
        let fits = claims.authorized_party().is_none_or(|party| party == self.client);
        fits.then_some(()).ok_or(TokenFault::Party)
    }

    fn check_methods(&self, claims: &CoreIdTokenClaims) -> Result<(), TokenFault> {
        let said = claims.auth_method_refs().map_or(&[][..], Vec::as_slice);
        let mut wanted = self.config.required_amr.iter();
        let fits = wanted.all(|wanted| said.iter().any(|said| said.as_str() == wanted));
        fits.then_some(()).ok_or(TokenFault::Methods)
    }

    fn check_access_token(
        &self,
        token: &CoreIdToken,
        verifier: &CoreIdTokenVerifier<'_>,
        claims: &CoreIdTokenClaims,
    ) -> Result<(), TokenFault> {
        let Some(said) = claims.access_token_hash() else {
            return Ok(());
        };
        let algorithm = token.signing_alg().map_err(|_| TokenFault::Signature)?;
        let key = token.signing_key(verifier).map_err(|_| TokenFault::Signature)?;
        let found = AccessTokenHash::from_token(self.access_token, algorithm, key);
        (found.as_ref() == Ok(said))
            .then_some(())
            .ok_or(TokenFault::AccessToken)
    }
}
