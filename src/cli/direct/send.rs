//! `referloop direct send`: a partner, tried with a letter.

use crate::app::App;
use crate::cli::answer::Answer;
use crate::direct::address::Address;
use crate::direct::message::Attachment;
use crate::domain::people::Actor;
use crate::doors::mail::Outcome;
use crate::referrals::delivery::trial::{Trial, Tried, code, send_trial};
use anyhow::{Context, anyhow, ensure};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Send {
    /// The partner's address.
    address: Address,
    /// Which of our addresses writes. Without it, the one that notes are sent from.
    #[arg(long, value_name = "ADDRESS")]
    from: Option<Address>,
    /// Its subject; never about a patient.
    #[arg(long, default_value = "Test of secure mail")]
    subject: String,
    /// What it says; never about a patient.
    #[arg(
        long,
        default_value = "This is a test of secure mail. It is about no patient, and needs no answer."
    )]
    text: String,
    /// A PDF to go with it; may be given several times.
    #[arg(long, value_name = "PDF")]
    file: Vec<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, arguments: &Send, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let from = arguments.from.clone().or_else(|| app.config.mail.direct_address());
    let from = from.context("say which of our addresses writes with --from: mail.direct_domain is not set")?;
    let attachments = attachments(&arguments.file)?;
    let trial = Trial {
        from: &from,
        to: &arguments.address,
        subject: &arguments.subject,
        text: &arguments.text,
        attachments: &attachments,
    };
    let tried = send_trial(app, &Actor::Operator, &trial).await;
    let tried = tried.map_err(|error| {
        let address = &arguments.address;
        anyhow!("{error}. `referloop direct discover {address}` and `referloop direct doctor` show what is missing.")
    })?;
    let server = format!("{}:{}", app.config.mail.smtp_host, app.config.mail.smtp_port);
    let json = json!({
        "from": from.to_string(),
        "to": arguments.address.to_string(),
        "message_id": tried.message_id.as_str(),
        "signed_by": none_if_empty(&tried.signed_by),
        "encrypted_to": none_if_empty(&tried.encrypted_to),
        "server": server,
        "outcome": code(&tried.outcome),
    });
    Answer {
        json: &json,
        lines: &told(&tried, &server),
    }
    .write(arguments.json, out)?;
    Ok(match tried.outcome {
        Outcome::Accepted => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn attachments(files: &[PathBuf]) -> anyhow::Result<Vec<Attachment>> {
    let read = |(number, file): (usize, &PathBuf)| {
        let bytes = std::fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
        ensure!(bytes.starts_with(b"%PDF"), "{} is no PDF", file.display());
        // A file's own name may hold a patient's.
        let name = format!("test-{}.pdf", number + 1);
        Ok(Attachment {
            name,
            media_type: "application/pdf".to_owned(),
            bytes,
        })
    };
    files.iter().enumerate().map(read).collect()
}

fn none_if_empty(fingerprint: &str) -> Option<&str> {
    (!fingerprint.is_empty()).then_some(fingerprint)
}

fn told(tried: &Tried, server: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if tried.encrypted_to.is_empty() {
        lines.push("Our HISP signs and encrypts it.".to_owned());
    } else {
        let whence = if tried.is_known {
            "the directory holds it"
        } else {
            "found by its address"
        };
        lines.push(format!("Signed by our certificate {}.", tried.signed_by));
        lines.push(format!("Encrypted to {} ({whence}).", tried.encrypted_to));
    }
    lines.push(match tried.outcome {
        Outcome::Accepted => format!("{server} took {} over.", tried.message_id.as_str()),
        Outcome::Uncertain => format!("The connection to {server} broke after the last byte: it may have arrived."),
        Outcome::TemporaryRefusal(_) => format!(
            "{server} did not take it now ({}). Try again later.",
            code(&tried.outcome)
        ),
        Outcome::PermanentRefusal(_) => format!("{server} refused it ({}).", code(&tried.outcome)),
    });
    if tried.outcome == Outcome::Accepted {
        lines.push("What the partner answers stands at /direct, among the last messages.".to_owned());
    }
    lines
}
