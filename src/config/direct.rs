//! The `direct` section: which forms of Direct messages are taken, how partners' certificates are judged and found, and how long a
//! partner's confirmation is waited for.

use crate::doors::outside::OutsideSettings;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DirectConfig {
    /// Take messages whose signature carries the content, an option of Outlook's.
    pub accept_opaque: bool,
    /// Take messages that are not wrapped, the form of before 2021: nobody has signed their To, Subject and Date.
    pub accept_unwrapped: bool,
    /// What to do when it can not be found out whether a certificate was revoked.
    pub revocation_unknown: RevocationUnknown,
    /// Look for the certificates of partners whom the directory does not know, by DNS and LDAP.
    pub discovery: bool,
    /// Networks that are not public, which revocation lists, certificates and bundles may be fetched from all the same.
    pub fetch_from: Vec<IpNet>,
    /// Asked in place of the system's.
    pub dns_servers: Vec<SocketAddr>,
    /// Counted from the sending, both. Whatever is not confirmed by then stands before a person.
    pub processed_within_minutes: u32,
    pub dispatched_within_minutes: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RevocationUnknown {
    #[default]
    Refuse,
    Accept,
}

impl Default for DirectConfig {
    fn default() -> Self {
        Self {
            accept_opaque: true,
            accept_unwrapped: false,
            revocation_unknown: RevocationUnknown::Refuse,
            discovery: true,
            fetch_from: Vec::new(),
            dns_servers: Vec::new(),
            processed_within_minutes: 60,
            dispatched_within_minutes: 60,
        }
    }
}

impl DirectConfig {
    /// How places are reached that strangers name.
    pub fn outside(&self) -> OutsideSettings {
        OutsideSettings {
            networks: self.fetch_from.clone(),
            dns_servers: self.dns_servers.clone(),
        }
    }
}
