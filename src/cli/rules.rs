//! `referloop rules`: for people who write rules.

use super::extract::rules;
use super::kept::pages;
use super::replay::{self, ReplayRules};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::domain::document::{DocumentKind, PageKind, PageRange};
use crate::domain::fields::{ExtractedDocument, Extraction, FieldContent, FieldKey};
use crate::domain::page::PageText;
use crate::extraction::RuleSets;
use crate::reading::Pool;
use anyhow::Context;
use clap::Subcommand;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Do the rules still find what the samples show? Exit code 0 when they do.
    Test {
        /// The folder of samples: a folder a case, each with its document and `expected.json`.
        #[arg(default_value = "samples", value_name = "FOLDER")]
        samples: PathBuf,
    },
    /// Show a document as the rules see it: rows, labels with their sections, what each place proposes; then which
    /// attachments were looked for and where they were found. Holds what stands on its pages.
    Explain {
        /// A PDF, TIFF, PNG or JPEG file, or the words of one that `read --format json` kept.
        file: PathBuf,
        /// Only this field, in words: where it was looked for, what stood there, what was chosen and why.
        #[arg(long, value_name = "KEY")]
        field: Option<String>,
    },
    /// Read referrals again that people have released, by changed rules, and tell what would be better and what worse.
    ///
    /// Opens the words of their pages and their values: patients' data, so each referral is named in the audit log. Prints
    /// no values unless told to. Exit code 1 where a critical field gets worse in total, or where a referral would newly go
    /// straight through with a wrong critical value.
    Replay(ReplayRules),
    /// Look for slips in rules and known forms: labels that two fields claim, words that mean two values, specialties that
    /// don't exist, zones that lie on each other. Exit code 0 when there are none.
    Lint {
        /// A folder of rules; the ones in use unless given.
        #[arg(value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

pub async fn run(config: &Config, command: RulesCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match command {
        RulesCommand::Replay(arguments) => {
            let app = App::build(config.clone(), Clock::System).await?;
            return replay::run(&app, &arguments, out).await;
        }
        RulesCommand::Lint { folder: Some(folder) } => return lint(Some(&folder), None, out),
        RulesCommand::Lint { folder: None } => {
            return lint(config.rules.path.as_deref(), config.rules.forms.as_deref(), out);
        }
        RulesCommand::Test { samples } => {
            let rules = Arc::new(rules(config)?);
            let pool = config::reader(config.reading.clone(), &rules);
            return test(&samples, &rules, &pool, out).await;
        }
        RulesCommand::Explain { file, field } => {
            let rules = Arc::new(rules(config)?);
            let pool = config::reader(config.reading.clone(), &rules);
            let read = pages(&file, &pool).await?;
            let pages = read.map_err(|failure| anyhow::anyhow!("{}: {}", file.display(), failure.detail))?;
            explain(&pages, field.as_deref(), &rules, out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(pages: &[PageText], field: Option<&str>, rules: &RuleSets, out: &mut impl Write) -> anyhow::Result<()> {
    let Some(key) = field else {
        for page in pages {
            writeln!(out, "{}", rules.explain(page))?;
        }
        write!(out, "{}", rules.explain_packet(pages))?;
        return Ok(());
    };
    let explained = rules.explain_field(pages, &FieldKey::new(key));
    write!(
        out,
        "{}",
        explained.with_context(|| format!("the catalogue has no field `{key}`"))?
    )?;
    Ok(())
}

fn lint(folder: Option<&Path>, forms: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let slips = RuleSets::lint(folder, forms)?;
    for slip in &slips {
        writeln!(out, "{slip}")?;
    }
    writeln!(out, "{} slips", slips.len())?;
    Ok(if slips.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What a sample shows. `file` stands beside it.
#[derive(Debug, Deserialize)]
struct Expected {
    file: PathBuf,
    pages: Vec<ExpectedPage>,
    documents: Vec<ExpectedDocument>,
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ExpectedPage {
    kind: PageKind,
}

#[derive(Debug, Deserialize)]
struct ExpectedDocument {
    kind: DocumentKind,
    pages: PageRange,
    #[serde(default)]
    fields: BTreeMap<FieldKey, FieldContent>,
}

async fn test(samples: &Path, rules: &RuleSets, pool: &Pool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let entries = std::fs::read_dir(samples).with_context(|| format!("{} can't be read", samples.display()))?;
    let mut cases: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| folder.join("expected.json").is_file())
        .collect();
    cases.sort();
    let (mut right, mut wrong) = (0, 0);
    for case in &cases {
        let text = std::fs::read_to_string(case.join("expected.json"))?;
        let expected: Expected = serde_json::from_str(&text).with_context(|| case.display().to_string())?;
        let found = pages(&case.join(&expected.file), pool)
            .await?
            .map(|pages| rules.extract(&pages));
        let differences = match (&found, &expected.error) {
            (Ok(extraction), None) => compare(&expected, extraction, rules, &mut right),
            (Ok(_), Some(code)) => vec![format!("was read, though it should fail as {code}")],
            (Err(failure), Some(wanted)) if serde_json::to_value(failure.code)? == *wanted => Vec::new(),
            (Err(failure), _) => vec![format!("was not read: {}", failure.detail)],
        };
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        writeln!(
            out,
            "{name}: {}",
            if differences.is_empty() {
                "as expected"
            } else {
                "differs"
            }
        )?;
        for difference in &differences {
            writeln!(out, "    {difference}")?;
        }
        wrong += differences.len();
    }
    writeln!(
        out,
        "{} samples, {right} values right, {wrong} differences",
        cases.len()
    )?;
    Ok(if wrong == 0 && !cases.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn compare(expected: &Expected, found: &Extraction, rules: &RuleSets, right: &mut usize) -> Vec<String> {
    let mut differences = Vec::new();
    for (at, (wanted, page)) in expected.pages.iter().zip(&found.pages).enumerate() {
        if wanted.kind != page.kind {
            differences.push(format!("page {}: {:?} instead of {:?}", at + 1, page.kind, wanted.kind));
        }
    }
    if expected.documents.len() != found.documents.len() {
        differences.push(format!(
            "{} documents instead of {}",
            found.documents.len(),
            expected.documents.len()
        ));
    }
    for (wanted, document) in expected.documents.iter().zip(&found.documents) {
        if (wanted.kind, wanted.pages) != (document.kind, document.pages) {
            differences.push(format!(
                "{:?} {:?} instead of {:?} {:?}",
                document.kind, document.pages, wanted.kind, wanted.pages
            ));
        }
        if wanted.kind == DocumentKind::Referral {
            differences.extend(compare_fields(wanted, document, rules, right));
        }
    }
    differences
}

fn compare_fields(
    wanted: &ExpectedDocument,
    found: &ExtractedDocument,
    rules: &RuleSets,
    right: &mut usize,
) -> Vec<String> {
    let mut differences = Vec::new();
    for field in rules.catalogue().fields() {
        let (want, have) = (wanted.fields.get(&field.key), found.fields.get(&field.key));
        match (want, have) {
            (Some(want), Some(have)) if want.says_the_same(&have.value) => *right += 1,
            (Some(want), Some(have)) => {
                differences.push(format!("{}: “{}” instead of “{}”", field.key, have.value, want));
            }
            (Some(want), None) => differences.push(format!("{}: nothing instead of “{}”", field.key, want)),
            (None, Some(have)) if is_demanded(&field.key, wanted) => {
                differences.push(format!("{}: “{}”, but nothing is shown", field.key, have.value));
            }
            (None, _) => {}
        }
    }
    differences
}

/// Samples list the contract's fields; others that a rule finds besides are no mistake.
fn is_demanded(key: &FieldKey, wanted: &ExpectedDocument) -> bool {
    const FURTHER: [&str; 11] = [
        "patient.email",
        "patient.guardian",
        "insurance.subscriber",
        "insurance.subscriber_birth_date",
        "referrer.specialty",
        "recipient.phone",
        "recipient.fax",
        "recipient.npi",
        "referral.order_number",
        "referral.procedures",
        "referral.service",
    ];
    !wanted.fields.is_empty() && !FURTHER.contains(&key.as_str())
}
