//! Secrets that a person gives: never as an argument, since other users of the machine can read those.

use anyhow::Context;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::Command;
use zeroize::Zeroizing;

/// The first line of standard input; on a terminal it does not show.
pub fn asked(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    let terminal = std::io::stdin().is_terminal();
    if terminal {
        write!(std::io::stderr(), "{prompt}: ")?;
        echo("-echo");
    }
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().read_line(&mut line);
    if terminal {
        echo("echo");
        writeln!(std::io::stderr())?;
    }
    read.with_context(|| format!("the {} could not be read from standard input", prompt.to_lowercase()))?;
    Ok(first_line(&line))
}

/// A passphrase from a file, or asked for.
pub fn passphrase(file: Option<&Path>) -> anyhow::Result<Zeroizing<String>> {
    let Some(path) = file else { return asked("Passphrase") };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the passphrase could not be read from {}", path.display()))?;
    Ok(first_line(&Zeroizing::new(text)))
}

/// The same for a new one: a slip of the finger would lock away what it guards, so a person types it twice.
pub fn new_passphrase(file: Option<&Path>) -> anyhow::Result<Zeroizing<String>> {
    let first = passphrase(file)?;
    if file.is_none() && std::io::stdin().is_terminal() && *asked("Passphrase once more")? != *first {
        anyhow::bail!("the two are not the same");
    }
    Ok(first)
}

fn first_line(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
}

/// Where the terminal can't be told, the secret shows: better than none.
fn echo(setting: &str) {
    let _ = Command::new("stty").arg(setting).status();
}
