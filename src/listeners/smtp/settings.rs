//! What the listener allows, and to whom.

use super::rates::RateLimits;
use crate::direct::incoming::MESSAGE_BYTES_MAX;
use crate::domain::mail_mode::MailMode;
use crate::doors::mail::MailConfig;
use std::net::IpAddr;
use std::time::Duration;

/// Whether a session must be encrypted before mail is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsPolicy {
    Required,
    /// Some partners' servers speak plain SMTP among themselves, since the message itself is encrypted.
    Offered,
}

#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// The name in the greeting.
    pub host: String,
    pub tls: TlsPolicy,
    /// Mail is taken from our HISP alone, which signs in; only ever under TLS.
    pub hisp_only: bool,
    /// Proxies that tell in the PROXY protocol who is connected. From nobody else is such a line believed.
    pub proxies: Vec<IpAddr>,
    pub message_bytes_max: usize,
    /// RFC 5321 4.5.3.1.8 asks for a hundred at least.
    pub recipients_max: usize,
    pub connections_max: usize,
    pub connections_an_address_max: usize,
    pub rates: RateLimits,
    /// RFC 5321 4.5.3.2 asks for five minutes between commands.
    pub command_timeout: Duration,
    /// Between two pieces of a message.
    pub data_timeout: Duration,
    /// For a whole message: who sends a byte a minute would never be idle.
    pub message_timeout: Duration,
    pub session_timeout: Duration,
}

impl SmtpSettings {
    /// As the configuration has it.
    pub fn of(mail: &MailConfig) -> Self {
        Self {
            hisp_only: mail.mode == MailMode::Edge,
            proxies: mail.proxies.clone(),
            ..Self::new(&mail.direct_domain)
        }
    }

    pub fn new(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            tls: TlsPolicy::Required,
            hisp_only: false,
            proxies: Vec::new(),
            message_bytes_max: MESSAGE_BYTES_MAX,
            recipients_max: 100,
            connections_max: 64,
            connections_an_address_max: 16,
            rates: RateLimits::default(),
            command_timeout: Duration::from_mins(5),
            data_timeout: Duration::from_mins(3),
            message_timeout: Duration::from_mins(10),
            session_timeout: Duration::from_mins(30),
        }
    }
}
