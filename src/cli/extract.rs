//! `referloop extract`: reads documents without storing anything, and prints what would be extracted.

use super::kept::{self, Failure, Kept};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::domain::document::PageKind;
use crate::domain::fields::{ExtractedDocument, Extraction};
use crate::domain::page::{Rotation, TextSource, Unreadable};
use crate::domain::page_facts::PageFacts;
use crate::extraction::RuleSets;
use crate::pipeline::clinical::Prepared;
use crate::reading::{Pool, ReadingConfig};
use anyhow::Context;
use clap::Args;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Extract {
    /// PDF, TIFF, PNG or JPEG files, clinical documents, orders or packages of these, told apart by content, or words that `read
    /// --format json` kept.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one JSON object a file, one line each, in the order given.
    #[arg(long)]
    json: bool,
    /// Documents read at the same time; one a core unless given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

/// One line of `--json`.
#[derive(Debug, Serialize)]
struct Line {
    file: String,
    pages: Vec<Page>,
    documents: Vec<ExtractedDocument>,
    error: Option<Failure>,
}

#[derive(Debug, Serialize)]
struct Page {
    number: u32,
    kind: PageKind,
    rotation: Rotation,
    blank: bool,
    text_source: TextSource,
    width: u32,
    height: u32,
    /// Why the page could not be read; null for one that was.
    unreadable: Option<Unreadable>,
    #[serde(flatten)]
    facts: PageFacts,
}

/// 0 when every file was read, 1 when some were not.
pub async fn run(config: &Config, arguments: Extract, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let rules = Arc::new(rules(config)?);
    let jobs = arguments.jobs.map(usize::from).or(config.reading.jobs);
    let reading = ReadingConfig {
        jobs,
        // The last file needs nobody to stand by.
        standby: config.reading.standby.min(arguments.files.len() - 1),
        ..config.reading.clone()
    };
    let pool = config::reader(reading, &rules);
    let lines = stream::iter(arguments.files).map(|file| one(file, pool.clone(), Arc::clone(&rules)));
    // Twice as many as are read, so that extraction does not keep a child waiting.
    let mut lines = std::pin::pin!(lines.buffered(2 * pool.permits()));
    let mut code = ExitCode::SUCCESS;
    while let Some(line) = lines.next().await {
        for line in line? {
            if line.error.is_some() {
                code = ExitCode::FAILURE;
            }
            if arguments.json {
                writeln!(out, "{}", serde_json::to_string(&line)?)?;
            } else {
                print(&line, &rules, out)?;
            }
        }
        out.flush()?;
    }
    Ok(code)
}

pub(super) fn rules(config: &Config) -> anyhow::Result<RuleSets> {
    Ok(config.rules.load()?)
}

async fn one(file: PathBuf, pool: Pool, rules: Arc<RuleSets>) -> anyhow::Result<Vec<Line>> {
    if let Some(line) = data(&file, &pool, &rules).await {
        return Ok(vec![line]);
    }
    let all = kept::open(&file, &pool).await;
    let lines = move || all.into_iter().map(|kept| line(kept, &rules)).collect();
    tokio::task::spawn_blocking(lines).await.context("extraction failed")
}

/// What came as data and not as pages: its values, on the sheet that is drawn of it.
async fn data(file: &Path, pool: &Pool, rules: &RuleSets) -> Option<Line> {
    let bytes = tokio::fs::read(file).await.ok()?;
    let today = Clock::System.now().date_naive();
    let prepared = match Prepared::of(&bytes, rules, today)? {
        Ok(prepared) => prepared,
        Err(reason) => {
            return Some(told(
                Kept::failed(file, reason, reason.explanation().to_owned()),
                nothing(),
            ));
        }
    };
    let kept = Kept::of(file, &prepared.pdf, pool).await;
    let numbers: Vec<u32> = kept.pages.iter().map(|page| page.number).collect();
    let extraction = match kept.error {
        Some(_) => nothing(),
        None => prepared.extraction(rules, &numbers),
    };
    Some(told(kept, extraction))
}

fn nothing() -> Extraction {
    Extraction {
        pages: Vec::new(),
        documents: Vec::new(),
    }
}

fn line(kept: Kept, rules: &RuleSets) -> Line {
    let extraction = match kept.error {
        Some(_) => nothing(),
        None => rules.extract(&kept.pages),
    };
    told(kept, extraction)
}

fn told(kept: Kept, extraction: Extraction) -> Line {
    let pages = kept.pages.iter().zip(&extraction.pages).map(|(page, class)| Page {
        number: page.number,
        kind: class.kind,
        rotation: page.rotation,
        blank: page.blank,
        text_source: page.text_source,
        width: page.width,
        height: page.height,
        unreadable: page.unreadable,
        facts: page.facts.clone(),
    });
    Line {
        pages: pages.collect(),
        file: kept.file,
        documents: extraction.documents,
        error: kept.error,
    }
}

/// For people: a document a paragraph, its fields in the order of the screen.
fn print(line: &Line, rules: &RuleSets, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "{}", line.file)?;
    if let Some(failure) = &line.error {
        writeln!(out, "  not read: {}", failure.code.explanation())?;
    }
    for page in &line.pages {
        if let Some(why) = page.unreadable {
            let (number, count) = (page.number, line.pages.len());
            writeln!(out, "  page {number} of {count} is unreadable: {}", why.explanation())?;
        }
    }
    for document in &line.documents {
        let (from, to) = (document.pages.from, document.pages.to);
        writeln!(
            out,
            "  {} on pages {from} to {to}: {}",
            word(&document.kind)?,
            word(&document.state)?
        )?;
        for field in rules.catalogue().fields() {
            if let Some(found) = document.fields.get(&field.key) {
                let percent = found.confidence * 100.0;
                writeln!(
                    out,
                    "    {:<32} {:>3.0} %  {}",
                    field.key.as_str(),
                    percent,
                    found.value
                )?;
            }
        }
        for key in &document.missing {
            writeln!(out, "    {:<32} missing", key.as_str())?;
        }
        for problem in &document.problems {
            writeln!(
                out,
                "    {:<32} {}: {}",
                problem.field.as_str(),
                problem.problem,
                problem.detail
            )?;
        }
        for remark in &document.remarks {
            writeln!(out, "    remark: {remark}")?;
        }
    }
    Ok(())
}

/// A code as people read it: `needs_review` is "needs review".
fn word(code: &impl Serialize) -> anyhow::Result<String> {
    let value = serde_json::to_value(code)?;
    Ok(value.as_str().unwrap_or_default().replace('_', " "))
}
