//! `referloop direct discover`: a partner's certificate, looked for step by step.

use crate::app::App;
use crate::cli::answer::Answer;
use crate::direct::address::Address;
use crate::direct::certificate::Certificate;
use crate::referrals::trust::search::{Looked, Outcome, search};
use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Discover {
    /// The partner's address.
    address: Address,
    /// Which of our addresses would write: each has its own anchors. Without it, the one that we send from.
    #[arg(long, value_name = "ADDRESS")]
    from: Option<Address>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, arguments: &Discover, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let ours = arguments.from.clone().or_else(|| app.config.mail.direct_address());
    let ours = ours.context("say which of our addresses would write with --from: mail.direct_domain is not set")?;
    let search = search(app, &ours, &arguments.address).await?;
    let mut lines: Vec<String> = search.steps.iter().flat_map(told).collect();
    lines.push(match &search.found {
        Some(certificate) => format!("{} is encrypted to {}.", arguments.address, certificate.fingerprint()),
        None if search.is_passing() => "Nothing found, and somebody did not answer: try again later.".to_owned(),
        None => "Nothing found that may be encrypted to.".to_owned(),
    });
    let json = json!({
        "address": arguments.address.to_string(),
        "from": ours.to_string(),
        "found": search.found.as_ref().map(described),
        "try_again": search.found.is_none() && search.is_passing(),
        "steps": search.steps.iter().map(step).collect::<Vec<_>>(),
    });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)?;
    Ok(if search.found.is_some() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn told(looked: &Looked) -> Vec<String> {
    let head = |outcome: &str| {
        format!(
            "{:<12} {:<40} {outcome}",
            looked.step.as_str(),
            printable(&looked.place)
        )
    };
    match &looked.outcome {
        Outcome::Failed(error) => vec![head(&error.to_string())],
        Outcome::Nothing => vec![head("nothing there")],
        Outcome::Servers(servers) => vec![head(
            &servers
                .iter()
                .map(|name| printable(name))
                .collect::<Vec<_>>()
                .join(", "),
        )],
        Outcome::Found { choice, unreadable } => {
            let found = if choice.chosen.is_some() {
                "found"
            } else {
                "nothing that may be used"
            };
            let mut lines = vec![head(found)];
            if let Some(chosen) = &choice.chosen {
                lines.push(format!("    taken  {}", line(&chosen.certificate)));
            }
            for passed in &choice.passed_over {
                let certificate = passed.certificate.as_ref().map_or_else(String::new, line);
                lines.push(format!("    passed over: {}  {certificate}", passed.reason));
            }
            lines.extend(unreadable.iter().map(|problem| format!("    passed over: {problem}")));
            lines
        }
    }
}

fn line(certificate: &Certificate) -> String {
    let end = certificate
        .not_after()
        .map_or_else(String::new, |end| end.format("%Y-%m-%d").to_string());
    let bound_to = printable(certificate.bound_to().unwrap_or("nobody"));
    format!("{}, bound to {bound_to}, until {end}", certificate.fingerprint())
}

fn step(looked: &Looked) -> Value {
    let (outcome, detail) = match &looked.outcome {
        Outcome::Failed(error) => ("failed", json!({ "code": error.code(), "reason": error.to_string() })),
        Outcome::Nothing => ("nothing", json!({})),
        Outcome::Servers(servers) => ("servers", json!({ "servers": servers })),
        Outcome::Found { choice, unreadable } => (
            if choice.chosen.is_some() { "found" } else { "unusable" },
            json!({
                "taken": choice.chosen.as_ref().map(|chosen| described(&chosen.certificate)),
                "passed_over": choice.passed_over.iter().map(|passed| json!({
                    "certificate": passed.certificate.as_ref().map(described),
                    "reason": passed.reason.to_string(),
                })).chain(unreadable.iter().map(|problem| json!({
                    "certificate": null,
                    "reason": problem.to_string(),
                }))).collect::<Vec<_>>(),
            }),
        ),
    };
    json!({ "step": looked.step.as_str(), "place": printable(&looked.place), "outcome": outcome, "detail": detail })
}

fn described(certificate: &Certificate) -> Value {
    json!({
        "fingerprint": certificate.fingerprint(),
        "bound_to": certificate.bound_to().map(printable),
        "not_after": certificate.not_after(),
    })
}

/// Others chose these texts: a control character in one could take over the terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}
