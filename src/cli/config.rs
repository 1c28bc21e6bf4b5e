//! `referloop config`: what is in force, and what could be said.

use crate::config::{Config, ConfigError, DEFAULT_FILE};
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the configuration in force: defaults, then the file, then the environment. Secrets show as ***.
    Show(Show),
    /// Print a configuration file with every key, its default and what it is for, all commented out.
    Default,
}

#[derive(Debug, Args)]
pub struct Show {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub fn run(
    command: &ConfigCommand,
    load: impl FnOnce() -> Result<Config, ConfigError>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Show(Show { json: true }) => writeln!(out, "{}", serde_json::to_string(&load()?)?)?,
        ConfigCommand::Show(Show { json: false }) => write!(out, "{}", toml::to_string(&load()?)?)?,
        ConfigCommand::Default => write!(out, "{DEFAULT_FILE}")?,
    }
    Ok(())
}
