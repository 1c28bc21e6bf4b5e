//! Why a login by the identity provider came to nothing.

use super::exchange::Subject;
use super::token::TokenFault;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] store::Error),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this browser has begun no login, or has used it, or too much time has passed")]
    NoAttempt,
    #[error("the answer belongs to another login than the one that this browser began")]
    ForeignState,
    #[error("the answer is of another identity provider")]
    ForeignIssuer,
    #[error("the identity provider can't be reached")]
    ProviderAway,
    #[error("the identity provider answered what can't be understood")]
    ProviderNonsense,
    #[error("the identity provider refused the login")]
    ProviderRefused(ProviderSaid),
    #[error("the identity provider refused the code that the browser brought")]
    CodeRefused,
    #[error("the identity provider's token can't be accepted")]
    Token(TokenFault),
    #[error("nobody here is linked to this identity")]
    UnknownSubject(Subject),
    #[error("the account of this identity is closed")]
    Disabled(Subject),
    #[error("this identity is linked to an account already")]
    Taken,
}

impl Refusal {
    /// For the audit log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAttempt => "no_attempt",
            Self::ForeignState => "foreign_state",
            Self::ForeignIssuer => "foreign_issuer",
            Self::ProviderAway => "provider_away",
            Self::ProviderNonsense => "provider_nonsense",
            Self::ProviderRefused(said) => said.code(),
            Self::CodeRefused => "code_refused",
            Self::Token(fault) => fault.code(),
            Self::UnknownSubject(_) => "unknown_subject",
            Self::Disabled(_) => "disabled",
            Self::Taken => "identity_taken",
        }
    }
}

/// The provider's `error`, as far as we know it (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6): anybody may write it into a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderSaid {
    AccessDenied,
    /// It needs the person, and didn't ask.
    LoginRequired,
    /// It can't at the moment.
    Unavailable,
    /// What we asked for, it doesn't do.
    BadRequest,
    Other,
}

impl ProviderSaid {
    pub fn of(error: &str) -> Self {
        match error {
            "access_denied" => Self::AccessDenied,
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
                Self::LoginRequired
            }
            "temporarily_unavailable" | "server_error" => Self::Unavailable,
            "invalid_request" | "unauthorized_client" | "unsupported_response_type" | "invalid_scope" => {
                Self::BadRequest
            }
            _ => Self::Other,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::Unavailable => "provider_unavailable",
            Self::BadRequest => "bad_request",
            Self::Other => "provider_refused",
        }
    }
}
