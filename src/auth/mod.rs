//! Who is calling: login with a local password, sessions of browsers, tokens of programs.
//!
//! Secrets are opaque, 256 bits long, and kept as a hash. Neither the text nor the time of an answer says whether a name
//! exists. What a caller may do is decided elsewhere, in `domain::permission`.

pub mod accounts;
pub mod bearer;
pub mod doors;
pub mod login;
pub mod password;
pub mod session;

use crate::domain::people::Actor;

/// Who makes a request, and how they proved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub actor: Actor,
    pub proof: Proof,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The cookie of a browser: every change must carry the session's CSRF token.
    Session { csrf: String },
    /// A bearer token, which no browser sends by itself.
    Token,
}

impl Caller {
    /// What a form must send back; nothing for a program.
    pub fn csrf(&self) -> &str {
        match &self.proof {
            Proof::Session { csrf } => csrf,
            Proof::Token => "",
        }
    }
}
