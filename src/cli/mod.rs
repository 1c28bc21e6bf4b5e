//! The commands, one file each. Administration opens the database itself and needs no running server.

mod answer;
mod audit;
mod automation;
mod backup;
mod certificate;
mod config;
mod deliveries;
mod demo;
mod direct;
mod directory;
mod doctor;
mod door;
mod extract;
mod forms;
mod identity;
mod ingest;
mod kept;
mod keys;
mod migrate;
mod partner;
mod read;
mod replay;
mod role;
mod rules;
mod seal;
mod secret;
mod serve;
mod service;
mod shred;
mod site;
mod token;
mod user;
mod user_identity;
mod user_links;
mod user_list;
mod vault;
mod work;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::telemetry::{self, LogConfig};
use anyhow::Context;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Takes medical referrals by fax and Direct secure mail, and closes the loop.
#[derive(Debug, Parser)]
#[command(name = "referloop", version, after_help = AFTER_HELP)]
struct Arguments {
    /// The configuration file. Variables named REFERLOOP_… come after it.
    #[arg(long, global = true, env = "REFERLOOP_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "To begin:
  export REFERLOOP_DATA=/var/lib/referloop   where everything is kept
  referloop doctor                           what is missing on this machine, and how to mend it
  referloop user add ana --role admin        the first account; the password is asked for
  referloop door add front-desk              a way in for a fax gateway; its secrets are shown this once
  referloop serve                            then open http://127.0.0.1:8080

Every setting with its default: referloop config default";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the desk, the API and the doors, listen for Direct messages if configured, and do the work.
    ///
    /// Ends within 10 seconds of SIGTERM or Ctrl-C; what was under way then is taken up at the next start.
    Serve(serve::Serve),
    /// Read documents and do all other waiting work, without serving anything. Ends within 10 seconds of SIGTERM.
    Work,
    /// Read documents and print what would be extracted, without storing anything.
    ///
    /// Exit code 0 when every file was read, 1 when some were not.
    Extract(extract::Extract),
    /// Read one document and print its words: as text, JSON, hOCR, or as a PDF that can be searched.
    ///
    /// Stores nothing, and works from any folder. Exit code 0 when the file was read, 1 when it was not.
    Read(read::Read),
    /// For people who write rules: test them, and see what they see.
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Known forms: list them, or learn one from corrected documents.
    #[command(subcommand)]
    Forms(forms::FormsCommand),
    /// Bring the database to this version's schema. An SQLite database is brought along by every command.
    Migrate,
    /// The accounts of people who work at the desk.
    #[command(subcommand)]
    User(user::UserCommand),
    /// What each role may do, and roles of the clinic's own.
    #[command(subcommand)]
    Role(role::RoleCommand),
    /// The places of the clinic: what arrives at one is seen by who was granted it.
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Who we are in Direct: our address, and the certificate that partners need.
    #[command(subcommand)]
    Identity(identity::IdentityCommand),
    /// The ways in for fax gateways.
    #[command(subcommand)]
    Door(door::DoorCommand),
    /// API tokens for programs.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Referrers and partners.
    #[command(subcommand)]
    Directory(directory::DirectoryCommand),
    /// Whom we exchange Direct messages with.
    #[command(subcommand)]
    Partner(partner::PartnerCommand),
    /// What went back to referrers, and what proves that it arrived.
    #[command(subcommand)]
    Deliveries(certificate::DeliveriesCommand),
    /// Direct messages, looked at closely.
    #[command(subcommand)]
    Direct(direct::DirectCommand),
    /// Take documents from files, as if they had come by fax. `serve` or `work` then reads them.
    Ingest(ingest::Ingest),
    /// The log of who did what to which thing.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// The store of encrypted documents.
    #[command(subcommand)]
    Vault(vault::VaultCommand),
    /// The master keys that wrap the documents' keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Destroy all documents and letters of a transmission for good, by destroying their keys.
    Shred(shred::Shred),
    /// Legal holds: what must be kept beyond its time.
    #[command(subcommand)]
    Hold(shred::HoldCommand),
    /// Copy database, documents and master key into a folder, the key under a passphrase. May run beside `serve`.
    ///
    /// For an installation that lies in a folder. Into the folder of an earlier backup only what is new is copied; if it
    /// breaks off, the earlier backup stays as it was. Exit code 1 when documents were missing or damaged.
    Backup(backup::Backup),
    /// Bring a backup back into an empty folder. Every document is checked and opened; a failure leaves the folder empty.
    Restore(backup::Restore),
    /// The keys of sealed columns and of patient search.
    #[command(subcommand)]
    Seal(seal::SealCommand),
    /// What goes straight through, how often it is right, and which fields people check instead.
    #[command(subcommand)]
    Automation(automation::AutomationCommand),
    /// Look around in a made-up clinic: fictional faxes are read, and the desk is served until Ctrl-C. Needs no settings
    /// and leaves nothing behind.
    Demo(demo::Demo),
    /// Check all that Referloop stands on, and print for each problem the command that mends it.
    ///
    /// Makes the data folder where it is missing, and changes nothing else. Exit code 0 when all is well, 1 when
    /// something is not.
    Doctor(doctor::Doctor),
    /// What is configured.
    #[command(subcommand)]
    Config(config::ConfigCommand),
}

/// Parses the command, runs it, and says in one line what went wrong.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match start(arguments) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "referloop: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("the runtime could not be started")?;
    runtime.block_on(run(arguments, &mut std::io::stdout()))
}

async fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let file = arguments.config.as_deref();
    if !matches!(arguments.command, Command::Serve(_) | Command::Work) {
        // A command's answer is what it prints; only what went wrong is logged besides.
        telemetry::start_logs(&LogConfig {
            level: "error".to_owned(),
        })?;
    }
    match arguments.command {
        Command::Serve(arguments) => serve::run(open_logged(file).await?, arguments).await?,
        Command::Work => work::run(open_logged(file).await?).await?,
        Command::Doctor(arguments) => {
            return Box::pin(doctor::run(Config::load_here(file), arguments, out)).await;
        }
        Command::Extract(arguments) => return extract::run(&Config::load_here(file)?, arguments, out).await,
        Command::Read(arguments) => return read::run(&Config::load_here(file)?, arguments, out).await,
        Command::Rules(command) => return rules::run(&Config::load_here(file)?, command, out).await,
        Command::Forms(command) => return forms::run(&Config::load_here(file)?, command, out).await,
        Command::Direct(command) => return direct::run(&open(file).await?, command, out).await,
        Command::Audit(command) => return audit::run(&open(file).await?, command, out).await,
        Command::Vault(command) => return vault::run(&open(file).await?, command, out).await,
        Command::Keys(command) => keys::run(&open(file).await?, command, out).await?,
        Command::Deliveries(command) => certificate::run(&open(file).await?, command, out).await?,
        Command::Shred(arguments) => shred::shred(&open(file).await?, arguments, out).await?,
        Command::Hold(command) => shred::hold(&open(file).await?, command, out).await?,
        Command::Backup(arguments) => return backup::back_up(&open(file).await?, arguments, out).await,
        Command::Restore(arguments) => backup::restore(arguments, out).await?,
        Command::Automation(command) => automation::run(&open(file).await?, command, out).await?,
        Command::Seal(command) => seal::run(&open(file).await?, command, out).await?,
        Command::Demo(arguments) => demo::run(arguments, out).await?,
        Command::Config(command) => config::run(&command, || Config::load_here(file), out)?,
        Command::Migrate => migrate::run(&Config::load_here(file)?, out).await?,
        Command::User(command) => user::run(&open(file).await?, command, out).await?,
        Command::Role(command) => role::run(&open(file).await?, command, out).await?,
        Command::Site(command) => site::run(&open(file).await?, command, out).await?,
        Command::Identity(command) => identity::run(&open(file).await?, command, out).await?,
        Command::Door(command) => door::run(&open(file).await?, command, out).await?,
        Command::Token(command) => token::run(&open(file).await?, command, out).await?,
        Command::Directory(command) => directory::run(&open(file).await?, command, out).await?,
        Command::Partner(command) => partner::run(&open(file).await?, command, out).await?,
        Command::Ingest(arguments) => ingest::run(&open(file).await?, arguments, out).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What administration works on.
async fn open(file: Option<&Path>) -> anyhow::Result<App> {
    Ok(App::build(Config::load_here(file)?, Clock::System).await?)
}

/// What a service works on: its log is configured.
async fn open_logged(file: Option<&Path>) -> anyhow::Result<App> {
    let config = Config::load_here(file)?;
    telemetry::start_logs(&config.log)?;
    Ok(App::build(config, Clock::System).await?)
}

/// An error with its causes, each said once.
fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = if text.is_empty() {
                cause
            } else {
                format!("{text}: {cause}")
            };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_well_formed_and_each_says_what_it_is_for() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{} has no help", command.get_name());
            for argument in command.get_arguments() {
                let id = argument.get_id();
                assert!(
                    argument.get_help().is_some() || id == "help",
                    "{} {id} has no help",
                    command.get_name()
                );
            }
            command.get_subcommands().for_each(check);
        }
        Arguments::command().debug_assert();
        check(&Arguments::command());
    }

    #[test]
    fn a_cause_is_said_once() {
        let error = anyhow::anyhow!("no such file")
            .context("the key could not be read")
            .context("not started");
        assert_eq!(told(&error), "not started: the key could not be read: no such file");
        let transparent = anyhow::anyhow!("gone").context("it is gone");
        assert_eq!(told(&transparent), "it is gone");
    }
}
