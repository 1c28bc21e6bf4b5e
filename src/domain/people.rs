//! Who acts: people with a role, programs with a token, and the house itself.

use super::access::Access;
use super::ids::{TokenId, UserId};
use super::site::{SiteKey, Sites};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    Reviewer,
    Coordinator,
    Clinician,
    Referrer,
    Auditor,
    Admin,
}

impl Role {
    pub const ALL: [Self; 6] = [
        Self::Reviewer,
        Self::Coordinator,
        Self::Clinician,
        Self::Referrer,
        Self::Auditor,
        Self::Admin,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Coordinator => "coordinator",
            Self::Clinician => "clinician",
            Self::Referrer => "referrer",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }
}

/// A text that names no role.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no role; the roles are reviewer, coordinator, clinician, referrer, auditor, admin")]
pub struct UnknownRole(pub String);

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// What an API token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Scope {
    Read,
    Intake,
    Act,
    Admin,
}

impl Scope {
    pub const ALL: [Self; 4] = [Self::Read, Self::Intake, Self::Act, Self::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Intake => "intake",
            Self::Act => "act",
            Self::Admin => "admin",
        }
    }
}

/// A text that names no scope.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no scope; the scopes are read, intake, act, admin")]
pub struct UnknownScope(pub String);

impl std::str::FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    User {
        id: UserId,
        name: String,
        access: Access,
    },
    Token {
        id: TokenId,
        name: String,
        scope: Scope,
        sites: Sites,
    },
    /// A door that brought a document in, by its name or channel.
    Door {
        name: String,
    },
    /// The pipeline and the timers.
    System,
    /// A person with access to the machine, at the command line.
    Operator,
}

impl Actor {
    /// How the actor stands in histories and in the audit log.
    pub fn reference(&self) -> String {
        match self {
            Self::User { id, .. } => id.to_string(),
            Self::Token { id, .. } => id.to_string(),
            Self::Door { name } => format!("door:{name}"),
            Self::System => "system".to_owned(),
            Self::Operator => "operator".to_owned(),
        }
    }

    /// The account, where a person has signed in.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::Token { .. } | Self::Door { .. } | Self::System | Self::Operator => None,
        }
    }

    /// The site to which belongs what this actor brings in by hand. None where several are as near: then it must be said.
    pub fn home(&self) -> Option<SiteKey> {
        match self {
            Self::User { access, .. } => Some(access.home()),
            Self::Token { sites, .. } => sites.home(),
            Self::Door { .. } | Self::System | Self::Operator => Some(SiteKey::main()),
        }
    }

    /// Whether this is a program that reaches some sites only. To it the others' referrals are not there.
    pub fn is_bound_program(&self) -> bool {
        match self {
            Self::Token { sites, .. } => sites.chosen().is_some(),
            Self::User { .. } | Self::Door { .. } | Self::System | Self::Operator => false,
        }
    }

    /// How the actor is called on a screen.
    pub fn display_name(&self) -> &str {
        match self {
            Self::User { name, .. } | Self::Token { name, .. } | Self::Door { name } => name,
            Self::System => "Referloop",
            Self::Operator => "operator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
