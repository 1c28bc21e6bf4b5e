//! The SMTP listener: messages come in here.
//!
//! It takes mail for our own addresses alone, so that it can never be a relay, and says 250 only after the message is durable.
//! What a message is worth is decided later: from its signature, or from the HISP that vouches for it.

mod auth;
mod commands;
mod data;
mod lines;
mod listener;
mod proxy;
mod rates;
mod session;
mod settings;

pub use listener::SmtpListener;
pub use rates::RateLimits;
pub use settings::{SmtpSettings, TlsPolicy};

use crate::direct::address::Address;
use crate::direct::incoming::Envelope;

/// Where accepted messages go.
pub trait Intake: Send + Sync + 'static {
    /// Whose address it is. Not being able to tell is no reason to bounce it.
    fn whose(&self, address: &Address) -> impl Future<Output = Result<Whose, Refusal>> + Send;

    /// Whether this is an account of our HISP. Asked only under TLS, and only where accounts are asked for.
    fn knows(&self, account: &str, secret: &str) -> impl Future<Output = Result<bool, Refusal>> + Send;

    /// Makes the message durable and gives its id, for the reply. The sender hears 250 only after this returns.
    fn accept(&self, envelope: Envelope, raw: Vec<u8>) -> impl Future<Output = Result<String, Refusal>> + Send;
}

/// Whose mail would go to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Ours,
    /// It lies in a domain of ours, and there is no such address.
    Nobodys,
    /// Taking it would make us a relay.
    SomebodyElses,
}

/// Why a message was not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It could not be made durable now: the sender keeps it and tries again.
    Temporary,
    /// It never will be.
    Permanent,
}
