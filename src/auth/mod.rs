//! Who is calling: login with a local password and a second factor, sessions of browsers, tokens of programs.
//!
//! | step | where |
//! |---|---|
//! | name and password, and what a session begins with | [`login`] |
//! | a code, a passkey, a recovery code, or setting up a second factor | [`second_step`] |
//! | with a passkey and no password | [`passkeys`] |
//! | once more, before something that matters | [`step_up`] |
//! | a link that an administrator hands over | [`links`] |
//!
//! Secrets are opaque, 256 bits long, and kept as a hash. Neither the text nor the time of an answer says whether a name
//! exists. What a caller may do is decided elsewhere, in `domain::permission`.

pub mod accounts;
pub mod bearer;
pub mod client;
pub mod doors;
pub mod edge;
pub mod emergency;
pub mod grants;
pub mod links;
pub mod login;
pub mod oidc;
pub mod own;
pub mod passkeys;
pub mod password;
mod recovery;
pub mod second_factor;
pub mod second_step;
pub mod session;
pub mod sites;
pub mod sources;
pub mod step_up;
pub mod totp;

use crate::domain::access::Reach;
use crate::domain::ids::SessionId;
use crate::domain::people::Actor;
use crate::domain::permission::{self, Permission, Resource, authorize};
use crate::store::sessions::Emergency;
use chrono::{DateTime, Utc};

/// Who makes a request, and how they proved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub actor: Actor,
    pub proof: Proof,
    /// While it lasts, this person sees what they were not granted.
    pub emergency: Option<Emergency>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The cookie of a browser: every change must carry the session's CSRF token.
    Session {
        csrf: String,
        id: SessionId,
        /// When the person last proved who they are: at login, or once more since.
        stepped_up_at: Option<DateTime<Utc>>,
    },
    /// A bearer token, which no browser sends by itself.
    Token,
}

impl Caller {
    /// Where this caller has a permission, for lists that are cut to it.
    pub fn reach(&self, permission: Permission) -> Reach {
        permission::reach(&self.actor, permission)
    }

    /// Whether this caller has a permission over something.
    pub fn may<'a>(&self, permission: Permission, resource: impl Into<Resource<'a>>) -> bool {
        authorize(&self.actor, permission, resource.into()).is_ok()
    }

    /// What a form must send back; nothing for a program.
    pub fn csrf(&self) -> &str {
        match &self.proof {
            Proof::Session { csrf, .. } => csrf,
            Proof::Token => "",
        }
    }
}
