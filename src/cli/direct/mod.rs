//! `referloop direct`: secure mail, looked at closely; our certificates, whom we trust, and how partners are found.

mod anchors;
mod bundle;
mod discover;
pub(super) mod doctor;
mod edge;
mod explained;
mod keys;
mod send;
mod verify;

use crate::app::App;
use crate::cli::answer::Answer;
use clap::Subcommand;
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum DirectCommand {
    /// Explain step by step why a received message is or is not accepted: its layers with their algorithms, its signer,
    /// and who trusts it.
    ///
    /// Files nothing and answers nobody; revocation lists and issuers' certificates that judging lacks are fetched and kept.
    /// Shows addresses, certificates and the Message-ID, never what the message says. Exit code 0 when the message is
    /// accepted, 1 when it is not.
    Verify(verify::Verify),
    /// Make a private key for an address or a domain of ours. It is sealed here and never shown.
    Keygen(keys::Keygen),
    /// Print a request for a certificate (PKCS#10) of the youngest key that waits for one.
    Request(keys::Request),
    /// Bring in a certificate: for a key that was made here, or with its key (PKCS#12).
    ///
    /// The newest valid one signs. Older ones stay, to read late mail.
    Import(keys::Import),
    /// Whom our addresses trust: list, add and remove anchors.
    #[command(subcommand)]
    Anchors(anchors::AnchorsCommand),
    /// The anchors of a community: trust bundles, read from a URL every day or from a file once.
    #[command(subcommand)]
    Bundle(bundle::BundleCommand),
    /// Look for a partner's certificate by its address, and show each step: DNS for the address, for its domain, then LDAP.
    ///
    /// What is found and may be used is kept. Exit code 0 when there is one, 1 when there is none.
    Discover(discover::Discover),
    /// Try a partner: sign, encrypt and hand over one letter, as notes are sent, and say how it went.
    ///
    /// It belongs to no referral. Exit code 0 when the mail server took it over, 1 when it did not.
    Send(send::Send),
    /// Check our certificates, whom we trust, bundles, revocation lists, and the way to the DNS and to the mail server.
    ///
    /// Exit code 0 when all is well, 1 when something is not.
    Doctor(doctor::Doctor),
    /// Accounts by which our HISP hands messages over, where it seals and opens for us (`mail.mode = "edge"`).
    #[command(subcommand)]
    Edge(edge::EdgeCommand),
}

pub async fn run(app: &App, command: DirectCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match command {
        DirectCommand::Verify(arguments) => return verify::run(app, &arguments, out).await,
        DirectCommand::Discover(arguments) => return discover::run(app, &arguments, out).await,
        DirectCommand::Send(arguments) => return send::run(app, &arguments, out).await,
        DirectCommand::Doctor(arguments) => return doctor::run(app, &arguments, out).await,
        DirectCommand::Keygen(arguments) => keys::keygen(app, &arguments, out).await?,
        DirectCommand::Request(arguments) => keys::request(app, &arguments, out).await?,
        DirectCommand::Import(arguments) => keys::import(app, &arguments, out).await?,
        DirectCommand::Anchors(command) => anchors::run(app, command, out).await?,
        DirectCommand::Bundle(command) => bundle::run(app, command, out).await?,
        DirectCommand::Edge(command) => edge::run(app, command, out).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A line for each, or what to say where there is none.
fn listed(
    items: &[Value],
    mut lines: Vec<String>,
    none: &str,
    as_json: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if lines.is_empty() {
        lines.push(none.to_owned());
    }
    Answer {
        json: &json!({ "items": items }),
        lines: &lines,
    }
    .write(as_json, out)
}
