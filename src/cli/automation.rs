//! `referloop automation`: what goes straight through, how often it is right, and which fields people check instead.

use super::answer::Answer;
use crate::app::App;
use crate::domain::fields::FieldKey;
use crate::domain::outcome::{Outcome, Way};
use crate::domain::people::Actor;
use crate::domain::precision::ALARM;
use crate::referrals::automation::hold::{self, FieldStatus};
use crate::store;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum AutomationCommand {
    /// Show whether referrals go straight through, and for each critical field what became of its certain values.
    Status(Status),
    /// Let values of a field be trusted again. What was released before no longer counts against it.
    Resume(Resume),
}

#[derive(Debug, Args)]
pub struct Status {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Resume {
    /// The field's key, as `patient.birth_date`.
    field: String,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: AutomationCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        AutomationCommand::Status(arguments) => status(app, &arguments, out).await,
        AutomationCommand::Resume(arguments) => resume(app, &arguments, out).await,
    }
}

async fn status(app: &App, arguments: &Status, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let fields = hold::status(app, &mut tx).await?;
    let waited = store::probation::count_referrals(&mut tx).await?;
    drop(tx);
    let held = fields.iter().any(|field| field.hold.is_some());
    let on = app.config.automation.straight_through;
    let share = f64::from(app.config.automation.sample_percent);
    let mut lines = vec![match (on, held) {
        (false, _) => "Straight through is off: a person releases every referral.".to_owned(),
        (true, true) => "Straight through is on, but nothing takes it while a field is held.".to_owned(),
        (true, false) => format!("Straight through is on; {share} % of it is checked by a person who doesn't know it."),
    }];
    let runs = app.config.automation.probation;
    lines.push(match (on, runs) {
        (false, _) | (true, 0) => "No sender is on probation.".to_owned(),
        (true, runs) => format!(
            "Of a new sender, and of a label new for it, a person looks first: {runs} right running. {waited} referral{} so far held such values.",
            if waited == 1 { "" } else { "s" }
        ),
    });
    for status in &fields {
        lines.extend(told(app, status));
    }
    let json = json!({
        "straight_through": on,
        "sample_percent": share,
        "probation": { "runs": runs, "referrals": waited },
        "held": held,
        "fields": fields.iter().map(in_json).collect::<Vec<_>>(),
    });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)
}

fn told(app: &App, status: &FieldStatus) -> Vec<String> {
    let count = |way, outcome| status.counts.get(&(way, outcome)).copied().unwrap_or_default();
    let ways = Way::ALL.into_iter().filter_map(|way| {
        let wrong = count(way, Outcome::Corrected);
        let all = wrong + count(way, Outcome::Confirmed) + count(way, Outcome::Unchecked);
        let name = match way {
            Way::Straight => "went straight through",
            Way::Sampled => "were sampled",
            Way::Reviewed => "were in review",
        };
        (all > 0).then(|| format!("{wrong} corrected of {all} that {name}"))
    });
    let mut ways: Vec<String> = ways.collect();
    if ways.is_empty() {
        ways.push("no certain value was released yet".to_owned());
    }
    let mut lines = vec![format!(
        "{:<24} target {:.1} %, suspicion {:.1} of {ALARM}: {}",
        status.key.as_str(),
        status.target * 100.0,
        status.score,
        ways.join(", "),
    )];
    let field = app.rules.catalogue().field(&status.key);
    if let (Some(field), Some(hold)) = (field, &status.hold) {
        lines.push(format!("    {}", hold::said(field, hold)));
        lines.push(format!(
            "    When the cause is mended: referloop automation resume {}",
            status.key
        ));
    }
    lines
}

fn in_json(status: &FieldStatus) -> Value {
    let counts = Way::ALL.map(|way| {
        let of = |outcome| status.counts.get(&(way, outcome)).copied().unwrap_or_default();
        json!({
            "way": way,
            "confirmed": of(Outcome::Confirmed),
            "corrected": of(Outcome::Corrected),
            "unchecked": of(Outcome::Unchecked),
        })
    });
    json!({
        "field": status.key,
        "target": status.target,
        "score": status.score,
        "alarm": ALARM,
        "held": status.hold.map(|hold| json!({
            "since": hold.since,
            "wrong": hold.run.wrong,
            "checked": hold.run.checked,
        })),
        "resumed_at": status.resumed_at,
        "counts": counts,
    })
}

async fn resume(app: &App, arguments: &Resume, out: &mut impl Write) -> anyhow::Result<()> {
    let key = FieldKey::new(arguments.field.clone());
    hold::resume(app, &Actor::Operator, &key).await?;
    let lines = [format!("Values of `{key}` are trusted again.")];
    Answer {
        json: &json!({ "field": key, "held": false }),
        lines: &lines,
    }
    .write(arguments.json, out)
}
