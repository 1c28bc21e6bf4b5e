//! `referloop direct`: secure mail, looked at closely.

mod explained;
mod verify;

use crate::app::App;
use clap::Subcommand;
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum DirectCommand {
    /// Explain step by step why a received message is or is not accepted: its layers with their algorithms, its signer,
    /// and who trusts it.
    ///
    /// Stores nothing and answers nobody. Shows addresses, certificates and the Message-ID, never what the message says.
    /// Exit code 0 when the message is accepted, 1 when it is not.
    Verify(verify::Verify),
}

pub async fn run(app: &App, command: DirectCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match command {
        DirectCommand::Verify(arguments) => verify::run(app, &arguments, out).await,
    }
}
