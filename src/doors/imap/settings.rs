//! The `mail.imap` section: a mailbox that somebody else keeps for us.

use crate::doors::mail::Tls;
use crate::doors::password::Password;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Off until `host` is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImapConfig {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// Name that the server's certificate must carry, when it is not `host`.
    pub tls_name: Option<String>,
    /// PEM file of the authority to trust instead of the public ones.
    pub ca_file: Option<PathBuf>,
    pub user: String,
    pub password: Option<Password>,
    pub folder: String,
    pub afterwards: Afterwards,
    /// Where messages go by `afterwards = "move"`.
    pub moved_to: String,
    pub every_seconds: u32,
}

/// What becomes of a message in the mailbox once it is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Afterwards {
    /// It stays, marked as read.
    Seen,
    Move,
    Delete,
}

impl Default for ImapConfig {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 993,
            tls: Tls::Implicit,
            tls_name: None,
            ca_file: None,
            user: String::new(),
            password: None,
            folder: "INBOX".to_owned(),
            afterwards: Afterwards::Seen,
            moved_to: "Filed".to_owned(),
            every_seconds: 60,
        }
    }
}

impl ImapConfig {
    pub fn is_on(&self) -> bool {
        !self.host.is_empty()
    }

    /// By which its state is kept.
    pub fn name(&self) -> String {
        format!("{}@{}:{}/{}", self.user, self.host, self.port, self.folder)
    }
}
