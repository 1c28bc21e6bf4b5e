//! How people prove who they are.

/// What opened a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ProvenBy {
    Password,
    PasswordAndCode,
    PasswordAndRecoveryCode,
    PasswordAndPasskey,
    /// A passkey alone, which its device lets nobody use without a PIN, a finger or a face: two factors.
    Passkey,
    /// The clinic's own.
    IdentityProvider,
    IdentityProviderAndCode,
    IdentityProviderAndRecoveryCode,
    IdentityProviderAndPasskey,
}

impl ProvenBy {
    /// A code for the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndCode => "password_and_code",
            Self::PasswordAndRecoveryCode => "password_and_recovery_code",
            Self::PasswordAndPasskey => "password_and_passkey",
            Self::Passkey => "passkey",
            Self::IdentityProvider => "oidc",
            Self::IdentityProviderAndCode => "oidc_and_code",
            Self::IdentityProviderAndRecoveryCode => "oidc_and_recovery_code",
            Self::IdentityProviderAndPasskey => "oidc_and_passkey",
        }
    }

    /// Whether the first step was the identity provider's.
    fn is_by_provider(self) -> bool {
        match self {
            Self::IdentityProvider
            | Self::IdentityProviderAndCode
            | Self::IdentityProviderAndRecoveryCode
            | Self::IdentityProviderAndPasskey => true,
            Self::Password
            | Self::PasswordAndCode
            | Self::PasswordAndRecoveryCode
            | Self::PasswordAndPasskey
            | Self::Passkey => false,
        }
    }

    /// With a code besides what was proven first.
    #[must_use]
    pub fn with_code(self) -> Self {
        if self.is_by_provider() {
            Self::IdentityProviderAndCode
        } else {
            Self::PasswordAndCode
        }
    }

    /// With a recovery code in its place.
    #[must_use]
    pub fn with_recovery_code(self) -> Self {
        if self.is_by_provider() {
            Self::IdentityProviderAndRecoveryCode
        } else {
            Self::PasswordAndRecoveryCode
        }
    }

    /// With a passkey in its place.
    #[must_use]
    pub fn with_passkey(self) -> Self {
        if self.is_by_provider() {
            Self::IdentityProviderAndPasskey
        } else {
            Self::PasswordAndPasskey
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
    /// The second factor is asked for: a code, or a passkey.
    Code,
    /// A second factor is set up first.
    Enrol,
}

/// What a passkey is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PasskeyPurpose {
    /// It is made, and added to an account.
    Registration,
    /// Somebody whom we know by another proof, or a session, shows it.
    Proof,
    /// It alone says who comes.
    SignIn,
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
