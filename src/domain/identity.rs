//! How people prove who they are.

/// What opened a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ProvenBy {
    Password,
    PasswordAndCode,
    PasswordAndRecoveryCode,
    /// The clinic's own.
    IdentityProvider,
    IdentityProviderAndCode,
    IdentityProviderAndRecoveryCode,
}

impl ProvenBy {
    /// A code for the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndCode => "password_and_code",
            Self::PasswordAndRecoveryCode => "password_and_recovery_code",
            Self::IdentityProvider => "oidc",
            Self::IdentityProviderAndCode => "oidc_and_code",
            Self::IdentityProviderAndRecoveryCode => "oidc_and_recovery_code",
        }
    }

    /// With a code besides what was proven first.
    #[must_use]
    pub fn with_code(self) -> Self {
        match self {
            Self::Password | Self::PasswordAndCode | Self::PasswordAndRecoveryCode => Self::PasswordAndCode,
            Self::IdentityProvider | Self::IdentityProviderAndCode | Self::IdentityProviderAndRecoveryCode => {
                Self::IdentityProviderAndCode
            }
        }
    }

    /// With a recovery code in its place.
    #[must_use]
    pub fn with_recovery_code(self) -> Self {
        match self.with_code() {
            Self::IdentityProviderAndCode => Self::IdentityProviderAndRecoveryCode,
            Self::Password
            | Self::PasswordAndCode
            | Self::PasswordAndRecoveryCode
            | Self::IdentityProvider
            | Self::IdentityProviderAndRecoveryCode => Self::PasswordAndRecoveryCode,
        }
    }
}

/// Whether an account must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Enrolment {
    /// As its person likes.
    Optional,
    /// Where it has none, one is set up at the next login.
    AtLogin,
    /// It was reset: the password alone leads no further, only the link that an administrator hands over.
    ByLink,
}

/// What is still to be done in a login that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LoginStage {
    /// A code of the second factor is asked for.
    Code,
    /// A second factor is set up first.
    Enrol,
}

/// What a link that is handed to a person is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LinkPurpose {
    /// A new account: its first password, then its second factor.
    Invitation,
    /// Another password for an account that exists.
    Password,
    /// Another second factor; the password stays.
    SecondFactor,
}

impl LinkPurpose {
    /// A code for the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Password => "password",
            Self::SecondFactor => "second_factor",
        }
    }
}
